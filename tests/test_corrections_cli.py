"""`python -m digitrec corrections`: listing, deleting, and what it says."""

import io
import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from conftest import ROOT
from correcting import correction, everything, run

from digitrec.cli import main
from digitrec.corrections import NOT_A_DIGIT, CorrectionStore
from digitrec.corrections.exchange import write_json_lines


def test_list_counts_labels_and_tells_where_they_are(store, capsys):
    status, out, err = run(capsys, "list")
    lines = [line.split() for line in out.splitlines()]
    assert lines[:-3] == [
        ["0", "1"],
        ["1", "1"],
        ["2", "1"],
        ["3", "2"],
        ["4", "1"],
        ["5", "1"],
        ["6", "1"],
        ["7", "3"],
    ]
    assert lines[-3:] == [["not-a-digit", "1"], ["all", "12"], ["kept", "in", store.place]]
    assert (status, err) == (0, "")


def test_list_all_prints_a_line_each_the_newest_first(store, capsys):
    lines = run(capsys, "list", "--all")[1].splitlines()[-12:]
    for line, kept in zip(lines, store.all(), strict=True):
        key, label, answered, sure, _, time = line.split()
        assert kept.key.startswith(key)
        assert len(key) == 16
        assert label == ("not-a-digit" if kept.label == NOT_A_DIGIT else str(kept.label))
        assert answered == "1"
        assert abs(float(sure) - 100 * kept.probabilities.max()) < 0.06
        assert datetime.fromisoformat(time) == kept.time.replace(microsecond=0)


def test_list_label_prints_its_lines_alone(store, capsys):
    assert len(re.findall(r"^[0-9a-f]{16} ", run(capsys, "list", "--label", "7")[1], re.M)) == 3
    out = run(capsys, "list", "--label", "not-a-digit")[1]
    assert len(re.findall(r"^[0-9a-f]{16} ", out, re.M)) == 1


def test_wrong_command_lines_exit_with_2(store):
    for arguments in (
        ["list", "--label", "x"],
        ["export"],
        ["import"],
        ["delete"],
        [],
        ["delete", "a", "--all"],
    ):
        assert main(["corrections", *arguments]) == 2
    assert len(store) == 12


def test_store_that_cannot_be_used_is_told(tmp_path, capsys):
    status, out, err = run(capsys, "list", "--url", tmp_path / "nowhere" / "a.sqlite")
    assert (status, out) == (1, "")
    assert err.startswith("digitrec: Expected to reach the corrections in ")


def test_delete_asks_unless_told_not_to(store, capsys, monkeypatch):
    keys = store.keys()
    for answer, left in (("", 12), ("n\n", 12), ("y\n", 11)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
        status, out, err = run(capsys, "delete", keys[0][:10])
        assert err.startswith(f"Shall 1 correction in {store.place} be deleted for good? [y/N] ")
        assert (status, out) == ((0, "1 correction deleted\n") if left == 11 else (1, ""))
        assert len(store) == left
    assert run(capsys, "delete", "--yes", keys[1], keys[2].upper()) == (
        0,
        "2 corrections deleted\n",
        "",
    )
    assert run(capsys, "delete", "--all", "--yes") == (0, "9 corrections deleted\n", "")
    assert run(capsys, "delete", "--all") == (0, "0 corrections deleted\n", "")


def test_delete_of_an_unknown_or_ambiguous_key_deletes_nothing(store, capsys):
    first = store.keys()[0]
    many = next(c for c in "0123456789abcdef" if len(store.keys(c)) > 1)
    for wrong in ("f" * 64, many, "", "%"):
        status, out, err = run(capsys, "delete", "--yes", first, wrong)
        assert (status, out) == (1, "")
        assert "Expected one key that begins with" in err
    assert len(store) == 12


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("names", [("old", "new"), ("new", "old"), ("both",)])
def test_of_several_of_one_drawing_the_latest_is_imported(store, tmp_path, capsys, names, known):
    years = {2029: 1, 2031: 3, 2030: 2}  # labels, the latest neither first nor last
    said = [correction(99, label, time=datetime(y, 1, 1, tzinfo=UTC)) for y, label in years.items()]
    for name, some in (("old", said[::2]), ("new", said[1:2]), ("both", said)):
        write_json_lines(tmp_path / f"{name}.jsonl", some)
    if known:
        store.save(said[2])
    status, _, err = run(capsys, "import", *(tmp_path / f"{name}.jsonl" for name in names))
    assert (status, err) == (0, "")
    assert store.get(said[0].key).label == 3
    assert len(store) == 13


@pytest.mark.parametrize("names", [("all.jsonl", "pictures"), ("pictures", "all.jsonl")])
def test_pictures_take_nothing_from_what_lines_tell_of_them(store, tmp_path, capsys, names):
    for name in names:
        run(capsys, "export", tmp_path / name)
    before = everything(store)
    moved = next(c for c in store.all() if c.label == 0)
    name = f"{moved.key[:16]}.png"
    (tmp_path / "pictures" / "0" / name).rename(tmp_path / "pictures" / "6" / name)
    store.delete(before)
    assert run(capsys, "import", *(tmp_path / name for name in names))[0] == 0
    after = everything(store)
    assert after[moved.key].pop("time") > before[moved.key].pop("time")
    assert after == before | {moved.key: before[moved.key] | {"label": 6}}


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell's pipe")
def test_reader_that_has_seen_enough_is_no_failure(store):
    command = f"{sys.executable} -m digitrec corrections list --all | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr == ""


def test_commands_work_on_a_server(postgres, tmp_path, capsys):
    url = postgres.new_database()
    file = tmp_path / "all.jsonl"
    with CorrectionStore(tmp_path / "a.sqlite") as store:
        store.save_all(correction(n) for n in range(3))
        before = everything(store)
    run(capsys, "export", file, "--url", tmp_path / "a.sqlite")
    assert run(capsys, "import", file, "--url", url)[1] == "3 new, 0 changed, 0 skipped\n"
    assert f"on localhost:{postgres.port}" in run(capsys, "list", "--url", url)[1]
    with CorrectionStore(url) as store:
        assert everything(store) == before
