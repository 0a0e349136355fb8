"""`digitrec read --ray` on a cluster of two nodes, with workers killed and runs broken off."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import psutil
import pytest
from bulk_inputs import digits, run, write_mixture
from pyarrow import parquet
from waiting import wait_until

from digitrec.bulk import parts, pieces
from digitrec.bulk.cluster import _Worker
from digitrec.bulk.reading import BulkReading
from digitrec.bulk.results import Results
from digitrec.cli import main

# The same cuts, here and in programs of their own: many parts of little.
CUTS = {(parts, "PART_SIZE"): 500, (pieces, "DIGITS_AT_ONCE"): 500, (pieces, "PICTURES_AT_ONCE"): 3}
PRELUDE = "import sys; from digitrec.bulk import parts, pieces; from digitrec.cli import main\n"
PRELUDE += "".join(
    f"{module.__name__.rpartition('.')[2]}.{name} = {value}\n"
    for (module, name), value in CUTS.items()
)


@pytest.fixture
def many(tmp_path, monkeypatch):
    """The working directory; `many.npy` has 10,000 digits in 20 parts."""
    for (module, name), value in CUTS.items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.chdir(tmp_path)
    np.save("many.npy", np.tile(digits(500), (20, 1, 1)))
    return tmp_path


def begun(*arguments):
    """`digitrec read` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{PRELUDE}sys.exit(main(sys.argv[1:]))", "read", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def plain(*inputs):
    """What the plain command makes of it, as a table."""
    main(["read", *inputs, "--format", "parquet", "--output", "plain.parquet"])
    return parquet.read_table("plain.parquet")


def workers():
    """The processes of Ray that read."""
    found = []
    for process in psutil.process_iter():
        try:
            name = process.cmdline()[:1]
            if name and name[0].startswith("ray::MapWorker"):
                found.append(process)
        except psutil.Error:
            continue
    return found


def until_written(process, folder, known=()):
    """Wait for a part's file that is new."""

    def more():
        assert process.poll() is None, process.communicate()[1]
        return written(folder).items() - known

    wait_until(more, 400, pause=0.01, why=lambda: "nothing is written")


def written(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("part-*.parquet")}


def told(process, seconds=300):
    """What it says at last, but for LiteRT's note on itself."""
    out, err = process.communicate(timeout=seconds)
    assert out == ""
    return [line for line in err.splitlines() if line and not line.startswith("INFO: ")]


def test_stopped_and_killed_it_loses_doubles_and_repeats_nothing(ray_cluster, many, capsys):
    write_mixture(many / "in")
    (many / "in" / "nothing").mkdir()
    inputs = ["many.npy", "in", "in/nothing"]
    table = plain(*inputs)
    sentences = [line for line in capsys.readouterr().err.splitlines() if "INFO:" not in line]
    arguments = [*inputs, "--ray", "--address", ray_cluster, "--output", "out"]

    # Ctrl-C after the first parts.
    with begun(*arguments) as process:
        until_written(process, many / "out")
        process.send_signal(signal.SIGINT)
        last = told(process)[-1]
    assert process.returncode == 130, last
    assert re.fullmatch(r"digitrec: stopped. out has \d+ of \d+ parts; the same .* goes on.", last)
    before = written(many / "out")
    assert 0 < len(before) < 20
    # As a machine that loses its power may leave it.
    torn = min(before)
    (many / "out" / torn).write_bytes(b"PAR1")
    (many / "out" / ".half-part-000019.parquet-1").write_bytes(b"PAR1")
    left = written(many / "out")

    # The same command, and every worker killed once something new is written.
    with begun(*arguments) as process:
        until_written(process, many / "out", known=left.items())
        killed = workers()
        for worker in killed:
            worker.kill()
        *problems, last = told(process)
    assert 1 <= len(killed) <= 2
    assert process.returncode == 1
    assert set(problems) <= set(sentences)  # a part that was finished has told its own before
    parts_in_all = len(written(many / "out"))
    there = f", {len(before) - 1:,} of which were there" if len(before) > 1 else ""
    rows = f"digitrec: out has {len(table):,} rows in {parts_in_all} parts{there}; 7 are errors."
    assert last == rows
    # Bit for bit what the plain command writes, in its order.
    assert parquet.read_table("out").equals(table)
    after = written(many / "out")
    assert {name for name in before if before[name] != after[name]} == {torn}
    names = {"_digitrec.json", *(f"part-{number:06d}.parquet" for number in range(parts_in_all))}
    assert {path.name for path in (many / "out").iterdir()} == names

    # All is there: the same command needs no cluster to say so, and reads nothing.
    status, _, err = run(capsys, *inputs, "--ray", "--address", "127.0.0.1:1", "--output", "out")
    assert status == 1
    assert f"{parts_in_all} of which were there" in err
    assert written(many / "out") == after


def test_folder_of_another_reading_is_refused(many, capsys):
    before = {"_digitrec.json": json.dumps({"program": "another"})}
    (many / "out").mkdir()
    for name, content in before.items():
        (many / "out" / name).write_text(content)
    common = ["--ray", "--output", "out"]
    status, _, err = run(capsys, "many.npy", *common)
    assert status == 1
    assert "begun with another program, network, handwriting, input, parts. Give" in err
    (many / "out" / "_digitrec.json").rename(many / "out" / "other.txt")
    status, _, err = run(capsys, "many.npy", *common)
    assert status == 1
    assert "Received: 1 other files" in err
    assert [path.name for path in (many / "out").iterdir()] == ["other.txt"]
    status, _, err = run(capsys, "many.npy", "--ray", "--output", "many.npy")
    assert (status, "Expected to write" in err) == (1, True)


def test_worker_looks_at_its_network_and_tells_what_it_cannot_write(many):
    """What a cluster's worker does, here."""
    reading = BulkReading.of(["many.npy"], "out")
    item = {"part": reading.parts[0]}

    def done(task):
        return json.loads(_Worker(task)(item)["done"])

    other = replace(reading.task, version="0" * 64)
    assert "Expected the same artifact in" in done(other)["failure"]
    gone = replace(reading.task, results=Results(str(many / "no" / "folder")))
    assert "Expected to write" in done(gone)["failure"]
    assert done(reading.task) == {
        **{"number": 0, "rows": 500, "errors": 0, "told": [], "failure": ""},
    }


def test_without_ray_its_extra_is_named(many, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    status, _, err = run(capsys, "many.npy", "--ray", "--output", "out")
    assert status == 1
    assert 'pip install "digitrec[bulk]"' in err
    assert os.listdir("out") == ["_digitrec.json"]  # noqa: PTH208


@pytest.mark.parametrize(
    ("address", "reason"), [("127.0.0.1:1", "refused"), ("nonsense", "Received: no port.")]
)
def test_cluster_that_is_not_there_is_told(address, reason, many, capsys):
    status, _, err = run(capsys, "many.npy", "--ray", "--address", address, "--output", "out")
    assert status == 1
    assert f"Expected a Ray cluster at {address}." in err
    assert reason in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["x.png", "--ray"],
        ["x.png", "--address", "auto"],
        ["-", "--ray", "--output", "out"],
        ["x.png", "--ray", "--output", "out", "--annotate", "seen"],
        ["x.png", "--ray", "--output", "out", "--format", "csv"],
    ],
)
def test_wrong_command_line_exits_with_2(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(capsys, *arguments)[0] == 2
    assert not (tmp_path / "out").exists()
