"""Arrays, tables, URIs and endless files, as the plain `digitrec read` takes them."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from bulk_inputs import digits, picture, png, run, write_mixture
from pyarrow import parquet

from digitrec import Recognizer
from digitrec.bulk import pieces
from digitrec.bulk.parts import Digest, Part, parts_of
from digitrec.bulk.places import Place, files_of
from digitrec.bulk.tables import TableWriter
from digitrec.imaging import contents
from digitrec.reading import Reading
from digitrec.records import columns, rows


def test_array_is_read_as_read_digits_does(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pieces, "DIGITS_AT_ONCE", 7)
    np.save(tmp_path / "some.npy", digits(20))
    output = tmp_path / "out" / "rows.parquet"
    output.parent.mkdir()
    status, _, err = run(capsys, tmp_path / "some.npy", "--format", "parquet", "--output", output)
    assert (status, err) == (0, "")
    rows = parquet.read_table(output).to_pylist()
    assert [row["page"] for row in rows] == list(range(1, 21))
    assert {row["file"] for row in rows} == {str(tmp_path / "some.npy")}
    for row, digit in zip(rows, Recognizer().read_digits(digits(20)), strict=True):
        assert (row["label"], row["status"]) == (digit.label, digit.status)
        assert np.allclose(row["probabilities"], digit.probabilities, atol=1e-6)
    assert run(capsys, tmp_path / "some.npy")[1].startswith(f"{tmp_path}/some.npy, digit 1: 0\n")


def test_table_is_read_row_by_row(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pieces, "PICTURES_AT_ONCE", 2)
    monkeypatch.chdir(tmp_path)
    content = [png(3), png(1), None, b"no picture", png(4)]
    for name, values in (
        ("image", content),
        ("bytes", pa.array(content, pa.large_binary())),
        ("image", [{"bytes": value, "path": "x"} for value in content]),
    ):
        parquet.write_table(
            pa.table({"label": range(5), name: values}), "t.parquet", row_group_size=3
        )
        status, out, err = run(capsys, "t.parquet")
        assert status == 1
        assert out == "t.parquet, row 1: 3\nt.parquet, row 2: 1\nt.parquet, row 5: 4\n"
        assert "a picture in t.parquet, row 3. Received: nothing (null)" in err
        assert "in t.parquet, row 4. Received: something else" in err


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def claims_a_billion(path):
    head = path.read_bytes()[:128].replace(b"(3, 28, 28), }", b"(9999999999, 28, 28), }")
    path.write_bytes(head.replace(b" " * 9, b"", 1) + bytes(3 * 784))


def head_of(shape):
    """Spoils an array's file with another shape in its head."""

    def spoil(path):
        content = path.read_bytes()
        path.write_bytes(content[:128].replace(b"(3, 28, 28)", shape) + content[128:])

    return spoil


@pytest.mark.parametrize(
    ("array", "spoil", "told"),
    [
        (digits(3), head_of(b"((((((((((("), "a damaged head"),
        (digits(3), head_of(b"{]({[)(]})["), "a damaged head"),
        (digits(3), head_of(b"(-1, 28, 28"), "a damaged head"),
        (digits(3), head_of(b"(-1,28, 28)"), "(-1, 28, 28) of uint8"),
        (digits(3)[0], None, "(28, 28) of uint8"),
        (digits(3).astype(np.float32), None, "(3, 28, 28) of float32"),
        (np.asfortranarray(digits(3)), None, "by columns"),
        (np.array([{}, {}]), None, "(2,) of object"),
        (digits(3), cut, "not all their bytes"),
        (digits(3), claims_a_billion, "9,999,999,999 digits, but not all"),
        (digits(3), lambda path: path.write_bytes(b""), "Received: "),
        (digits(3), lambda path: path.write_bytes(b"PK\3\4 zip"), "magic string"),
    ],
)
def test_bad_array_is_one_sentence(array, spoil, told, tmp_path, capsys):
    path = tmp_path / "bad.npy"
    np.save(path, array)
    if spoil:
        spoil(path)
    status, out, err = run(capsys, path)
    assert (status, out) == (1, "")
    assert err.startswith("digitrec: Expected digits as an array (N, 28, 28) of uint8 in ")
    assert told in err
    assert err.count("\n") == 1


def test_bad_table_is_one_sentence(tmp_path, capsys, monkeypatch):
    path = tmp_path / "bad.parquet"
    parquet.write_table(pa.table({"text": ["7"], "image": [7]}), path)
    status, out, err = run(capsys, path)
    assert (status, out) == (1, "")
    assert "Received: columns text (string), image (int64)" in err
    path.write_bytes(b"PAR1 nothing")
    assert "Expected a table of pictures in" in run(capsys, path)[2]
    parquet.write_table(pa.table({"image": [png(3)] * 9}), path)
    monkeypatch.setattr(pieces, "_LARGEST_GROUP", 100)
    assert "write it with smaller ones" in run(capsys, path)[2]


def test_damage_inside_a_table_costs_its_slice_alone(tmp_path, capsys):
    path = tmp_path / "half.parquet"
    table = pa.table({"image": [os.urandom(4000) + bytes([n]) for n in range(8)]})
    parquet.write_table(table, path, row_group_size=4, compression="zstd", use_dictionary=False)
    group = parquet.read_metadata(path).row_group(0).column(0)
    spoilt = bytearray(path.read_bytes())
    start = group.data_page_offset
    spoilt[start : start + group.total_compressed_size] = bytes(group.total_compressed_size)
    path.write_bytes(spoilt)
    _, _, err = run(capsys, path)
    assert "Rows 1 to 4 are not read." in err
    assert err.count("Received: something else") == 4  # rows 5 to 8


def test_folder_leaves_out_what_is_written_and_what_has_no_end(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    np.save("some.npy", digits(2))
    os.mkfifo("pipe.png")
    for _ in range(2):
        arguments = (".", "--format", "parquet", "--output", "rows.parquet")
        status, _, err = run(capsys, *arguments)
        assert status == 1
        assert err.count("\n") == 1
        assert "a pipe or a device" in err
    assert len(parquet.read_table("rows.parquet")) == 2


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a device without end")
def test_endless_device_is_read_as_far_as_a_picture_may_go(capsys):
    status, _, err = run(capsys, "/dev/zero")
    assert status == 1
    assert "Expected at most 50 MB in /dev/zero. Received: more." in err


def test_endless_pipe_and_endless_input_are_bounded(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(contents, "MAX_BYTES", 100_000)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def pour():
        with pipe.open("wb") as file:
            for _ in range(100):
                try:
                    file.write(bytes(65_536))
                except BrokenPipeError:
                    return

    pouring = threading.Thread(target=pour)
    pouring.start()
    status, _, err = run(capsys, pipe)
    pouring.join()
    assert status == 1
    assert f"in {pipe}. Received: more" in err
    script = "import digitrec.imaging.contents as c; c.MAX_BYTES = 10\n"
    script += "from digitrec.cli import main; raise SystemExit(main(['read', '-']))"
    done = subprocess.run(
        [sys.executable, "-c", script], input=bytes(99), capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"in standard input. Received: more" in done.stderr


def test_links_in_circles_are_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("loop.png").symlink_to("loop.png")
    Path("round").symlink_to("round")
    for arguments in (
        ["loop.png"],
        [".", "--annotate", "round"],
        ["loop.png", "--output", "round"],
    ):
        status, _, err = run(capsys, *arguments)
        assert status == 1
        assert "Too many levels of symbolic links" in err
        assert "Traceback" not in err


def test_uri_is_read_as_its_folder_is(tmp_path, capsys):
    write_mixture(tmp_path / "in")
    written = []
    for given in (tmp_path / "in", (tmp_path / "in").as_uri()):
        output = tmp_path / f"{len(written)}.csv"
        status, _, err = run(capsys, given, "--format", "csv", "--output", output)
        assert status == 1
        written.append((output.read_text(), err))
    here, there = written
    assert there[0].replace("file://", "") == here[0]
    assert there[1].replace("file://", "") == here[1]
    assert here[0].count("\n") == 1 + 4 + 2 + 1 + 1 + 2 + 70 + 1 + 11 + 2 + 1
    for wrong in ("nonsense://x/y", "file:///no/such/file.png"):
        status, _, err = run(capsys, wrong)
        assert status == 1
        assert err.startswith("digitrec: Expected a ")


def test_uri_keeps_its_secrets():
    problems = []
    assert list(files_of(["nonsense://user:secret@host/x?key=secret"], problems)) == []
    assert "secret" not in problems[0]
    assert "nonsense://host/x" in problems[0]


def test_name_that_is_no_text_is_told_and_read(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    picture(7).save(os.fsencode("caf").decode() + "e.png")
    Path("cafe.png").rename(os.fsdecode(b"caf\xe9.png"))
    assert run(capsys, ".") == (0, "caf\N{REPLACEMENT CHARACTER}.png: 7\n", "")


def test_parts_are_all_of_the_input_once_and_always_the_same(tmp_path):
    write_mixture(tmp_path)
    np.save(tmp_path / "more.npy", np.zeros((100_000, 28, 28), np.uint8))

    def parts():
        digest = Digest()
        found = list(parts_of(files_of([str(tmp_path)], []), digest))
        return found, digest.hexdigest()

    (first, known), again = parts(), parts()
    assert (first, known) == again
    assert [part.number for part in first] == list(range(len(first)))
    assert len(first) > 3
    assert [Part.unpacked(part.packed()) for part in first] == first
    rows = sorted(
        piece.first + n
        for part in first
        for piece in part.pieces
        if piece.place.name.endswith("more.npy")
        for n in range(piece.count)
    )
    assert rows == list(range(100_000))
    os.utime(tmp_path / "1.png", (1, 1))
    assert parts()[1] != known
    assert list(parts_of([], Digest())) == [Part(0, ())]


def test_file_that_shrinks_meanwhile_is_told(tmp_path):
    path = tmp_path / "some.npy"
    np.save(path, digits(9))
    (piece,) = pieces.pieces_of(Place("some.npy", str(path)))
    cut(path)
    with pytest.raises(ValueError, match="Expected digits as an array"):
        pieces.digits_of(piece)
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"at some\.npy\. Received: no such file"):
        pieces.digits_of(piece)


def test_columns_are_the_rows_bit_for_bit(tmp_path):
    """Digits, doubtful ones and what is none."""
    noise = np.random.default_rng(0).integers(0, 256, (40, 28, 28), np.uint8)
    halves = np.maximum(digits(40), digits(43)[3:])
    found = Recognizer().read_digits(np.concatenate([digits(40), halves, noise]))
    assert {digit.status for digit in found} == {"digit", "ambiguous", "not a digit"}
    for write in ("rows", "columns"):
        with TableWriter(str(tmp_path / write)) as table:
            if write == "columns":
                table.columns(columns("some.npy", 5, found))
                continue
            for number, digit in enumerate(found, 5):
                table.rows(rows("some.npy", number, Reading("read", (((digit,),),), digit.image)))
    one, other = (parquet.read_table(tmp_path / name) for name in ("rows", "columns"))
    assert one.equals(other)
