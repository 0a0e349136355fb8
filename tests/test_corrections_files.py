"""Corrections as files: JSON lines and folders of pictures, out and in again."""

import gzip
import json
import re

import cv2
import numpy as np
import pytest
from correcting import content, everything, run
from harmful import png_bomb
from PIL import Image

from digitrec import Recognizer
from digitrec.corrections import NOT_A_DIGIT
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_json_lines_carry_everything(store, tmp_path, capsys, name):
    file = tmp_path / name
    assert run(capsys, "export", file) == (0, f"12 corrections in {file}\n", "")
    before = everything(store)
    store.delete(before)
    assert run(capsys, "import", file) == (0, "12 new, 0 changed, 0 skipped\n", "")
    assert everything(store) == before
    assert run(capsys, "import", file) == (0, "0 new, 0 changed, 12 skipped\n", "")


def test_pictures_are_those_that_were_kept_bit_for_bit(store, tmp_path, capsys):
    folder = tmp_path / "pictures"
    assert run(capsys, "export", "--to", folder, "--form", "png")[0] == 0
    names = {path.name for path in folder.iterdir()}
    assert names == {*"01234567", "not-a-digit"}
    for kept in store.all():
        name = "not-a-digit" if kept.label == NOT_A_DIGIT else str(kept.label)
        with Image.open(folder / name / f"{kept.key[:16]}.png") as picture:
            assert np.array_equal(np.asarray(picture), kept.image)
    assert run(capsys, "import", folder)[1] == "0 new, 0 changed, 12 skipped\n"
    before = everything(store)
    store.delete(before)
    assert run(capsys, "import", folder)[1] == "12 new, 0 changed, 0 skipped\n"
    assert {key: row["label"] for key, row in everything(store).items()} == {
        key: row["label"] for key, row in before.items()
    }


def test_export_writes_over_nothing(store, tmp_path, capsys):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "letter.txt").write_text("mine")
    (tmp_path / "file.jsonl").write_text("mine")
    for target in ("folder", "file.jsonl"):
        status, out, err = run(capsys, "export", tmp_path / target)
        assert (status, out) == (1, "")
        assert "there already" in err
    assert (tmp_path / "folder" / "letter.txt").read_text() == "mine"
    assert (tmp_path / "file.jsonl").read_text() == "mine"
    assert run(capsys, "export", tmp_path / "folder", "--form", "jsonl")[0] == 0
    assert (tmp_path / "folder" / "corrections.jsonl").is_file()
    assert run(capsys, "export", tmp_path / "nowhere" / "folder")[0] == 1
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"folder", "file.jsonl", "corrections.sqlite"}


def test_pictures_get_what_the_network_makes_of_them(store, tmp_path, capsys, templates):
    store.delete(store.keys())
    folder = tmp_path / "pictures"
    for name in ("7", "not-a-digit", "2"):
        (folder / name).mkdir(parents=True)
    cv2.imwrite(str(folder / "7" / "in form.png"), templates[7])
    Image.fromarray(templates[1]).convert("RGB").save(folder / "7" / "colour.png")
    photo = cv2.copyMakeBorder(
        255 - ink_from_strokes(digit_strokes(2, height=150)), *[40] * 4, 0, value=255
    )
    cv2.imwrite(str(folder / "2" / "photo.jpg"), photo)
    assert run(capsys, "import", folder) == (0, "3 new, 0 changed, 0 skipped\n", "")
    recognizer = Recognizer()
    (seven,) = recognizer.read_digits(templates[7:8])
    kept = {c.key: c for c in store.all()}
    found = next(c for c in kept.values() if np.array_equal(c.image, templates[7]))
    assert (found.label, found.predicted, found.strokes) == (7, 7, ())
    assert np.allclose(found.probabilities, seven.probabilities, atol=1e-3)
    assert {c.model for c in kept.values()} == {recognizer.model}
    assert sorted((c.label, c.predicted) for c in kept.values()) == [(2, 2), (7, 1), (7, 7)]


def test_picture_moved_to_another_folder_changes_the_label_alone(store, tmp_path, capsys):
    folder = tmp_path / "pictures"
    run(capsys, "export", folder)
    moved = next(c for c in store.all() if c.label == 0)
    name = f"{moved.key[:16]}.png"
    (folder / "0" / name).rename(folder / "6" / name)
    assert run(capsys, "import", folder)[1] == "0 new, 1 changed, 11 skipped\n"
    after = store.get(moved.key)
    assert content(after) == content(moved) | {"label": 6, "time": content(after)["time"]}
    assert after.time > moved.time


def test_what_cannot_be_imported_is_named_and_the_rest_goes_on(store, tmp_path, capsys, templates):
    folder = tmp_path / "pictures"
    for name in ("5", "6", "five"):
        (folder / name).mkdir(parents=True)
        cv2.imwrite(str(folder / name / "digit.png"), templates[5])
    (folder / "5" / "bad.png").write_bytes(b"no picture")
    Image.new("L", (100, 100), 255).save(folder / "5" / "empty.png")
    two = np.hstack([255 - cv2.copyMakeBorder(t, *[30] * 4, 0) for t in templates[:2]])
    cv2.imwrite(str(folder / "5" / "two.png"), two)
    (folder / "5" / ".hidden").write_bytes(b"")
    status, out, err = run(capsys, "import", folder, tmp_path / "nowhere.jsonl")
    assert (status, out) == (1, "1 new, 0 changed, 6 skipped\n")
    for name in (
        "5/bad.png",
        "5/empty.png",
        "5/two.png",
        "6/digit.png",
        "five/digit.png",
        "nowhere.jsonl",
    ):
        assert sum(name in line for line in err.splitlines()) == 1, name
    assert len(err.splitlines()) == 6


def test_bad_lines_are_named_and_the_rest_is_taken(store, tmp_path, capsys):
    file = tmp_path / "all.jsonl"
    run(capsys, "export", file)
    good = [json.loads(line) for line in file.read_text().splitlines()]
    changes = [
        {"label": 11},
        {"image": good[0]["image"][:-8]},
        {"image": "?"},
        {"image": good[1]["image"]},
        {"time": "once"},
        {"time": None},
        {"strokes": [[1]]},
        {"probabilities": "x"},
        {"digit_score": float("nan")},
    ]
    bad = [json.dumps(good[0] | change) for change in changes]
    bad += ["{", "[]", "7", "[" * 100_000, json.dumps({"label": 7}), "\xff"]
    lines = [*bad, "", *(json.dumps(item) for item in good)]
    file.write_bytes("\n".join(lines).encode("latin-1"))
    store.delete(store.keys())
    status, out, err = run(capsys, "import", file)
    assert (status, out) == (1, f"12 new, 0 changed, {len(bad)} skipped\n")
    told = err.splitlines()
    assert [re.findall(r"in line (\d+) of", line) for line in told] == [
        [str(n + 1)] for n in range(len(bad))
    ]
    assert all(len(line) < 1000 for line in told)


def test_damaged_archive_is_told(store, tmp_path, capsys):
    file = tmp_path / "all.jsonl.gz"
    file.write_bytes(gzip.compress(b"{}" * 1000)[:-5])
    status, _, err = run(capsys, "import", file)
    assert status == 1
    assert "a file that cannot be read" in err


@pytest.mark.filterwarnings("error")
def test_picture_that_claims_to_be_huge_takes_no_other_along(store, tmp_path, capsys):
    folder = tmp_path / "pictures"
    run(capsys, "export", "--to", folder, "--form", "png")
    (folder / "3" / "huge.png").write_bytes(png_bomb())
    (folder / "3" / "large.png").write_bytes(png_bomb(11_000))
    status, out, err = run(capsys, "import", folder)
    assert (status, out) == (1, "0 new, 0 changed, 14 skipped\n")
    assert err.count("Expected a picture of at most 50,000,000 pixels") == 2


def test_later_correction_stands_against_an_older_export(store, tmp_path, capsys):
    file = tmp_path / "all.jsonl"
    run(capsys, "export", file)
    key = store.keys()[0]
    store.relabel(key, 9)
    assert run(capsys, "import", file)[1] == "0 new, 0 changed, 12 skipped\n"
    assert store.get(key).label == 9
