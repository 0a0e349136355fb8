"""Drawings as JSON lines, and folders of pictures."""

import gzip

import numpy as np
import pytest

from digitrec.datasets import (
    Drawing,
    labelled_pictures,
    load_drawings,
    pictures_in,
    write_drawings,
)
from digitrec.datasets.sources import teaches_no
from digitrec.errors import DatasetError, DatasetNotFoundError

GOOD = '{"label": "7", "writer": 12, "strokes": [[[1, 2], [3, 24.5]], [[5, 6]]]}'


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_written_drawings_come_back(tmp_path, name):
    strokes = (np.array([[1, 2], [3, 24.5]], np.float32), np.array([[5, 6], [9, 36]], np.float32))
    drawings = [Drawing("7", "12", strokes), Drawing("k", "", strokes[1:])]
    assert write_drawings(tmp_path / name, drawings) == 2
    back = load_drawings(tmp_path / name)
    assert [(d.label, d.writer, d.digit) for d in back] == [("7", "12", 7), ("k", "", None)]
    for mine, theirs in zip(drawings, back, strict=True):
        for a, b in zip(mine.strokes, theirs.strokes, strict=True):
            assert np.array_equal(a, b)
    first = (tmp_path / name).read_bytes()
    write_drawings(tmp_path / name, drawings)
    assert (tmp_path / name).read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_empty_lines_are_passed_over(tmp_path):
    (tmp_path / "a.jsonl").write_text(f"\n{GOOD}\n\n{GOOD}\n")
    assert len(load_drawings(tmp_path / "a.jsonl")) == 2


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        "[" * 100_000,
        '{"label": "7"}',
        '{"label": "", "strokes": [[[0, 0]]]}',
        '{"label": "10", "strokes": [[[0, 0]]]}',
        '{"label": "7", "strokes": []}',
        '{"label": "7", "strokes": 5}',
        '{"label": "7", "strokes": [[[0, "x"]]]}',
        '{"label": "7", "strokes": [[[0, 1, 2]]]}',
        '{"label": "7", "strokes": [[[0, NaN]]]}',
    ],
)
def test_malformed_line_is_told_with_its_number(tmp_path, line):
    file = tmp_path / "a.jsonl"
    file.write_text(f"{GOOD}\n{GOOD}\n{line}\n{GOOD}\n")
    with pytest.raises(DatasetError, match=r"(?s)Expected .*line 3") as error:
        load_drawings(file)
    assert len(str(error.value)) < 600


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xff\xfe\x00", gzip.compress(b"x", mtime=0)[:12]]
)
def test_file_without_drawings_is_told(tmp_path, content):
    for name in ("a.jsonl", "a.jsonl.gz"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DatasetError, match="Expected"):
            load_drawings(tmp_path / name)
    with pytest.raises(DatasetNotFoundError, match="no such file"):
        load_drawings(tmp_path / "b.jsonl")
    with pytest.raises(DatasetNotFoundError, match="a folder"):
        load_drawings(tmp_path)


def test_pictures_are_found_by_class(tmp_path):
    for name in ("3/ann_1.png", "3/ann_2.JPG", "7/bo_1.webp", "7/notes.txt", "7/x.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    pictures = labelled_pictures(tmp_path)
    found = [(p.path.name, p.label, p.group) for p in pictures]
    assert found == [
        ("ann_1.png", 3, "ann"),
        ("ann_2.JPG", 3, "ann"),
        ("bo_1.webp", 7, "bo"),
        ("x.png", 7, ""),
    ]
    assert {p.label for p in pictures_in(tmp_path)} == {None}
    assert len(pictures_in(tmp_path)) == 4


def test_wrong_folders_are_told(tmp_path):
    with pytest.raises(DatasetNotFoundError, match="not there"):
        labelled_pictures(tmp_path / "x")
    with pytest.raises(DatasetError, match="no folder at all"):
        labelled_pictures(tmp_path)
    with pytest.raises(DatasetError, match="none"):
        pictures_in(tmp_path)
    (tmp_path / "5").mkdir()
    with pytest.raises(DatasetError, match="Fill or remove"):
        labelled_pictures(tmp_path)
    (tmp_path / "five").mkdir()
    with pytest.raises(DatasetError, match="five"):
        labelled_pictures(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetNotFoundError, match="a file"):
        pictures_in(tmp_path / "file")


def test_judging_alphabets_and_look_alikes_do_not_teach():
    assert not teaches_no("Balinese_character02_00031.png")
    assert not teaches_no("Early_Aramaic_character20_00860.png")
    assert not teaches_no("Korean_character33_0001_01.png")  # a ring
    assert teaches_no("Korean_character01_0001_01.png")
    assert teaches_no("scribble.png")


@pytest.mark.real_data
def test_all_stroke_sets_load(data_folder):
    for name, count in (
        ("pendigits_30_writers", 7_494),
        ("chars74k_62_characters", 3_410),
        ("numberpad_digits_and_signs", 1_142),
    ):
        drawings = load_drawings(data_folder / "strokes" / f"{name}.jsonl.gz")
        assert len(drawings) == count
        assert all(d.strokes for d in drawings)


def test_drawings_in_tiny_units_are_told(tmp_path):
    file = tmp_path / "unit.jsonl"
    file.write_text('{"label": "1", "writer": null, "strokes": [[[0.1, 0], [0.2, 0.9]]]}\n')
    with pytest.raises(DatasetError, match=r"8 units.*0\.9.*Multiply"):
        load_drawings(file)
    file.write_text('{"label": "1", "writer": null, "strokes": [[[1, 0], [2, 9]]]}\n')
    (drawing,) = load_drawings(file)
    assert drawing.writer == ""
