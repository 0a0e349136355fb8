"""Pages that judge: the figures count what was read, and the script prints them."""

import json
import shutil

import cv2
import numpy as np
import pytest
from conftest import missing, run_command
from test_pages import page

from digitrec import Recognizer
from digitrec.errors import DatasetError, DatasetNotFoundError
from digitrec.learning.judged_pages import (
    edit_distance,
    load_pages,
    pages_table,
    read_pages,
    read_with_tesseract,
)


@pytest.fixture
def folder(tmp_path):
    """A form as it lies, a photo on its side, and one whose text is not what it shows."""
    pictures = {
        "my_form.png": page("2026\n5807"),
        "photo.png": np.rot90(page("24735\n93474"), 1),
        "other.png": page("314"),
    }
    for name, picture in pictures.items():
        cv2.imwrite(str(tmp_path / name), picture)
    rows = ["file,text,rotate_clockwise", "my_form.png,2026|5807,0"]
    rows += ["photo.png,24735|93474,90", "other.png,3147,"]
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [("", "", 0), ("123", "123", 0), ("123", "", 3), ("2026", "226", 1), ("17", "71", 2)],
)
def test_edit_distance(first, second, distance):
    assert edit_distance(first, second) == edit_distance(second, first) == distance


def test_figures_are_a_row_a_kind_and_one_for_all(folder):
    pages = load_pages(folder)
    assert [p.kind for p in pages] == ["forms", "photos", "others"]
    rows = {row.name: row for row in read_pages(Recognizer(), pages, progress=False)}
    assert list(rows) == ["forms", "others", "photos", "all pages"]
    assert (rows["forms"].characters, rows["forms"].whole, rows["forms"].upright) == (1, 1, 1)
    assert rows["others"].characters == pytest.approx(3 / 4)
    assert rows["others"].whole == 0
    assert rows["all pages"].pages == 3
    assert rows["all pages"].characters == pytest.approx(1 - 1 / 22)


def test_a_page_that_cannot_be_read_counts_as_wrong(folder):
    (folder / "other.png").write_bytes(b"no picture")
    rows = read_pages(Recognizer(), load_pages(folder), progress=False)
    assert [r.characters for r in rows if r.name == "others"] == [0]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("missing.png,12,0", "line 2"),
        ("other.png,no digits,0", "line 2"),
        ("other.png,12,45", "rotate_clockwise"),
    ],
)
def test_a_wrong_line_is_named(folder, line, told):
    (folder / "labels.csv").write_text(f"file,text,rotate_clockwise\n{line}\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=told):
        load_pages(folder)


def test_a_folder_without_labels_is_told(tmp_path):
    with pytest.raises(DatasetNotFoundError, match=r"labels\.csv"):
        load_pages(tmp_path)


def test_tesseract_reads_the_same_pages(folder):
    if shutil.which("tesseract") is None:
        missing("Tesseract is not installed (Debian's package tesseract-ocr)")
    pages = load_pages(folder)[:1]
    theirs = read_with_tesseract(pages, progress=False)
    ours = read_pages(Recognizer(), pages, progress=False)
    assert [row.name for row in theirs] == [row.name for row in ours]
    assert theirs[-1].characters >= 0.25  # drawn digits are not what it was made for
    assert pages_table(ours, theirs).count("|") > pages_table(ours).count("|")


def test_missing_tesseract_is_told(folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(DatasetError, match="apt install tesseract-ocr"):
        read_with_tesseract(load_pages(folder)[:1], progress=False)


def test_the_script_prints_and_writes_the_figures(folder, tmp_path):
    report = tmp_path / "report"
    done = run_command(
        "evaluate",
        "--no-mnist",
        "--scribbles=0",
        f"--pages={folder}",
        f"--output={report}",
        "--quiet",
    )
    assert "| forms | 1 | 100.0 | 100.0 | 100.0 |" in done.stdout
    written = json.loads((report / "evaluation.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in written["pages"]] == ["forms", "others", "photos", "all pages"]
    assert "all pages" in (report / "evaluation.md").read_text(encoding="utf-8")
