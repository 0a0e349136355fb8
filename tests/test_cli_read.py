"""`digitrec read`: what it takes, what it writes, and what it says when something is wrong."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from PIL import Image
from pyarrow import parquet

from digitrec import Recognizer
from digitrec.annotating import COLOURS
from digitrec.cli import main
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes


def picture(label):
    ink = ink_from_strokes(digit_strokes(label, height=200))
    return Image.fromarray(np.pad(255 - ink, 40, constant_values=255))


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """A folder, the working directory's `scans`, with pictures at several depths and others."""
    folder = tmp_path / "scans"
    (folder / "deep" / "er").mkdir(parents=True)
    picture(7).save(folder / "b.png")
    picture(3).save(folder / "A.JPG")
    picture(2).save(folder / "deep" / "er" / "two.pdf", save_all=True, append_images=[picture(5)])
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden.png").write_bytes(b"no picture")
    monkeypatch.chdir(tmp_path)
    return folder


def run(capsysbinary, *arguments):
    status = main(["read", *map(str, arguments)])
    out, err = capsysbinary.readouterr()
    return status, out, err.decode()


def test_folder_is_read_with_all_below_it(pictures, capsysbinary):
    status, out, _ = run(capsysbinary, "scans")
    assert status == 0
    assert out.decode().splitlines() == [
        "scans/A.JPG: 3",
        "scans/b.png: 7",
        "scans/deep/er/two.pdf, page 1: 2",
        "scans/deep/er/two.pdf, page 2: 5",
    ]


def test_links_lead_neither_out_nor_in_circles(pictures, tmp_path, capsysbinary):
    (tmp_path / "outside").mkdir()
    picture(4).save(tmp_path / "outside" / "four.png")
    (pictures / "deep" / "out").symlink_to(tmp_path / "outside")
    (pictures / "deep" / "circle").symlink_to(pictures)
    (pictures / "gone.png").symlink_to(tmp_path / "nowhere.png")
    status, out, err = run(capsysbinary, "scans")
    assert (status, len(out.splitlines())) == (1, 4)
    assert "scans/gone.png. Received: no such file" in err


def test_json_has_the_reading_s_own_names_and_numbers(pictures, capsysbinary):
    status, out, _ = run(capsysbinary, "scans/b.png", "--format", "json")
    (page,) = json.loads(out)
    assert status == 0
    reading = Recognizer().read(pictures / "b.png")
    (digit,) = reading.digits
    assert {name: page[name] for name in ("file", "page", "status", "text", "turned")} == {
        "file": "scans/b.png",
        "page": 1,
        "status": reading.status,
        "text": reading.text,
        "turned": 0,
    }
    (told,) = page["digits"]
    for name in ("label", "status", "confidence", "digit_score"):
        assert told[name] == pytest.approx(getattr(digit, name), abs=1e-6)
    assert told["box"] == digit.box._asdict()
    assert told["alternatives"] == list(digit.alternatives)
    assert np.allclose(told["probabilities"], digit.probabilities, atol=1e-6)


def test_csv_has_a_row_a_digit_and_one_for_what_holds_none(pictures, capsysbinary):
    Image.new("L", (90, 90), 255).save(pictures / "c.png")
    (pictures / "d.png").write_bytes(b"no picture")
    status, out, err = run(capsysbinary, "scans", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out.decode())))
    assert status == 1
    assert "scans/d.png" in err
    assert [(row["file"], row["page"], row["status"], row["text"]) for row in rows] == [
        ("scans/A.JPG", "1", "digit", "3"),
        ("scans/b.png", "1", "digit", "7"),
        ("scans/c.png", "1", "empty", ""),
        ("scans/d.png", "1", "error", ""),
        ("scans/deep/er/two.pdf", "1", "digit", "2"),
        ("scans/deep/er/two.pdf", "2", "digit", "5"),
    ]
    assert sum(float(rows[0][f"p{label}"]) for label in range(10)) == pytest.approx(1, abs=1e-4)
    assert rows[2]["p0"] == ""
    assert "Expected a picture" in rows[3]["error"]


def test_parquet_holds_what_csv_does(pictures, tmp_path, capsysbinary):
    run(capsysbinary, "scans", "--format", "parquet", "--output", "all.parquet")
    table = parquet.read_table(tmp_path / "all.parquet").to_pylist()
    rows = csv.DictReader(io.StringIO(run(capsysbinary, "scans", "--format", "csv")[1].decode()))
    for mine, theirs in zip(table, rows, strict=True):
        for name in ("file", "status", "text", "page", "label", "x", "y", "width", "height"):
            assert str(mine[name]) == theirs[name]
        shares = [float(theirs[f"p{label}"]) for label in range(10)]
        assert np.allclose(mine["probabilities"], shares, atol=1e-6)


def test_nothing_to_write_is_still_the_form_that_was_asked_for(tmp_path, capsysbinary):
    (tmp_path / "bad").mkdir()
    status, out, err = run(capsysbinary, tmp_path / "bad", "--format", "json")
    assert (status, json.loads(out)) == (1, [])
    assert "Expected pictures or PDFs" in err


def test_output_appears_when_all_is_written(pictures, tmp_path, capsysbinary):
    file = tmp_path / "out.txt"
    file.write_text("older")
    assert run(capsysbinary, "scans/b.png", "--output", file) == (0, b"", "")
    assert file.read_text() == "7\n"
    assert {path.name for path in tmp_path.iterdir()} == {"scans", "out.txt"}
    status, _, err = run(capsysbinary, "scans/b.png", "--output", tmp_path / "no" / "x.txt")
    assert status == 1
    assert err.startswith("digitrec: Expected to write ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux' disk without room")
@pytest.mark.parametrize(
    "arguments",
    [
        *(["read", "scans/b.png", "--format", form] for form in ("text", "json", "csv", "parquet")),
        ["completion", "bash"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_standard_output_without_room_is_told(pictures, arguments):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "digitrec", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("digitrec: Expected ")
    assert "Received: [Errno 28] No space left on device. " in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_was_printed_before_a_fault_of_the_system_stays(monkeypatch, capsysbinary):
    def refused(*arguments):
        raise PermissionError(13, "Permission denied", "digitrec")

    monkeypatch.setattr("digitrec.versions.versions", refused)
    assert main(["models", "list"]) == 1
    out, err = capsysbinary.readouterr()
    assert out.startswith(b"name ")
    assert b"Received: [Errno 13] Permission denied: 'digitrec'. " in err
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux' disk without room")
def test_full_disk_is_told_and_a_device_stays_one(pictures, capsysbinary):
    status, _, err = run(capsysbinary, "scans/b.png", "--output", "/dev/full")
    assert status == 1
    assert "Give another --output" in err
    assert not Path("/dev/full").is_file()
    assert run(capsysbinary, "scans/b.png", "--output", "/dev/null")[0] == 0
    assert not Path("/dev/null").is_file()


def test_standard_input_is_read(pictures):
    command = [sys.executable, "-m", "digitrec", "read", "-"]
    with (pictures / "deep" / "er" / "two.pdf").open("rb") as file:
        done = subprocess.run(command, stdin=file, capture_output=True, check=True)
    assert done.stdout.decode() == "standard input, page 1: 2\nstandard input, page 2: 5\n"
    done = subprocess.run(command, input=b"", capture_output=True, check=False)
    assert done.returncode == 1
    assert b"standard input. Received: an empty file" in done.stderr


def test_annotated_pages_have_boxes_and_lie_as_their_files_do(pictures, capsysbinary):
    for _ in range(2):  # the second time the folder is there, and is left out
        assert run(capsysbinary, "scans", "--annotate", "scans/seen")[0] == 0
    seen = pictures / "seen"
    assert sorted(str(path.relative_to(seen)) for path in seen.rglob("*.png")) == [
        "A.JPG.png",
        "b.png.png",
        "deep/er/two.pdf-page-2.png",
        "deep/er/two.pdf.png",
    ]
    with Image.open(seen / "b.png.png") as image:
        drawn = np.asarray(image)
    blue = [int(COLOURS["digit"][i : i + 2], 16) for i in (1, 3, 5)]
    seen = (drawn == blue).all(axis=2)
    (digit,) = Recognizer().read(pictures / "b.png").digits
    x, y, width, height = digit.box
    # Above the box stands its label.
    level = np.flatnonzero(seen.sum(axis=1) > width / 2)
    upright = np.flatnonzero(seen.sum(axis=0) > height / 2)
    found = (upright[0], level[0], upright[-1], level[-1])
    assert found == pytest.approx((x, y, x + width, y + height), abs=2)
    assert drawn.shape == (*np.asarray(picture(7)).shape, 3)


def test_annotating_writes_over_no_picture_that_is_read(pictures, capsysbinary):
    picture(9).save(pictures / "b.png.png")
    before = (pictures / "b.png.png").read_bytes()
    files = ["scans/b.png", "scans/b.png.png"]
    status, out, err = run(capsysbinary, *files, "--annotate", "scans")
    assert (status, out) == (1, b"scans/b.png: 7\nscans/b.png.png: 9\n")
    assert "Give another --annotate" in err
    assert (pictures / "b.png.png").read_bytes() == before


def test_annotated_pages_of_files_of_one_name_take_no_other_s_place(
    pictures, tmp_path, capsysbinary
):
    """What an earlier run wrote gives way; pages of a file keep one name together."""
    for folder, labels in (("a", (1, 2)), ("b", (3, 4, 5)), ("c", (6,))):
        (tmp_path / folder).mkdir()
        picture(labels[0]).save(tmp_path / folder / "1.png")
        first, *rest = map(picture, labels)
        first.save(tmp_path / folder / "2.pdf", save_all=True, append_images=rest)
    files = [f"{folder}/{name}" for folder in "abc" for name in ("1.png", "2.pdf")]
    for given in (files, ["a", "b", "c"]):
        for _ in range(2):
            assert run(capsysbinary, *given, "--annotate", "seen")[0] == 0
            assert sorted(path.name for path in (tmp_path / "seen").iterdir()) == [
                "1.png-2.png",
                "1.png-3.png",
                "1.png.png",
                "2.pdf-2-page-2.png",
                "2.pdf-2-page-3.png",
                "2.pdf-2.png",
                "2.pdf-3.png",
                "2.pdf-page-2.png",
                "2.pdf.png",
            ]
    recognizer = Recognizer()
    for name, label in (("1.png", 1), ("1.png-2", 3), ("1.png-3", 6)):
        with Image.open(tmp_path / "seen" / f"{name}.png") as image:
            x, y, width, height = recognizer.read(picture(label)).digits[0].box
            box = (x + 6, y + 6, x + width - 6, y + height - 6)
            inside = np.asarray(image.convert("L").crop(box))
        assert np.array_equal(inside, np.asarray(picture(label).crop(box))), name


def test_annotated_pages_stay_apart_whatever_their_files_are_called(
    pictures, tmp_path, capsysbinary
):
    (tmp_path / "a").mkdir()
    for name in ("a/1.png", "1.png", "1.png-2"):
        picture(7).save(tmp_path / name, "PNG")
    given = ["a/1.png", "1.png", "1.png-2", "1.png"]
    assert run(capsysbinary, *given, "--annotate", "seen")[0] == 0
    names = sorted(path.name for path in (tmp_path / "seen").iterdir())
    assert names == ["1.png-2-2.png", "1.png-2.png", "1.png.png"]


def test_page_on_its_side_is_annotated_upright(tmp_path, capsysbinary):
    from digitrec.web.paper.example import compose_page

    page = compose_page(("31 415", "9265 3589"), np.random.default_rng(3))
    Image.fromarray(page).rotate(90, expand=True).save(tmp_path / "side.png")
    run(capsysbinary, tmp_path / "side.png", "--annotate", tmp_path / "seen")
    with Image.open(tmp_path / "seen" / "side.png.png") as image:
        assert image.size == page.shape[1::-1]


@pytest.mark.skipif(os.name != "posix", reason="a POSIX terminal")
def test_progress_is_shown_on_a_terminal(pictures):
    mine, theirs = os.openpty()
    command = [sys.executable, "-m", "digitrec", "read", "scans"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(mine, 100_000).decode()
    os.close(mine)
    assert "reading" in shown
    assert "3/3" in shown
    assert len(done.stdout.splitlines()) == 4


@pytest.mark.parametrize(
    "arguments", [[], ["a.png", "--format", "xml"], ["--nonsense", "a.png"], ["--output"]]
)
def test_wrong_command_line_exits_with_2(arguments, capsysbinary):
    assert run(capsysbinary, *arguments)[0] == 2


def test_help_loads_nothing_that_takes_time():
    script = (
        "import sys\n"
        "from digitrec.cli import main\n"
        "for words in ([], ['read'], ['serve'], ['corrections', 'list'], ['models', 'use']):\n"
        "    assert main([*words, '--help']) == 0\n"
        "bad = {'numpy', 'cv2', 'PIL', 'ai_edge_litert', 'streamlit', 'sqlalchemy'}\n"
        "assert not bad & set(sys.modules), bad & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    for name in ("read", "serve", "corrections", "models", "handwriting", "completion"):
        assert f"\n  {name} " in done.stdout


@pytest.mark.parametrize(
    ("words", "place", "expected"),
    [
        ("digitrec rea", 1, "read"),
        ("digitrec read --fo", 2, "--format"),
        ("digitrec models r", 2, "rollback"),
    ],
)
def test_shell_is_told_how_words_go_on(words, place, expected):
    environment = os.environ | {
        "_DIGITREC_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(place),
    }
    script = "from digitrec.cli import commands; commands(prog_name='digitrec')"
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert f"plain,{expected}" in done.stdout.splitlines()


def test_completion_script_names_the_program(capsys):
    for shell in ("bash", "zsh", "fish"):
        assert main(["completion", shell]) == 0
        assert "_DIGITREC_COMPLETE" in capsys.readouterr().out
