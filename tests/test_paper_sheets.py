"""What is kept of a page that was read: its order, its table, what is taken home."""

import csv
import io
import json

import numpy as np
import pytest
from PIL import Image
from test_paper import wait_for

from digitrec import Box, Digit, Reading, Recognizer
from digitrec.annotating import turned_box, turned_upright
from digitrec.web.paper import export
from digitrec.web.paper.desk import Desk
from digitrec.web.paper.example import EXAMPLE_LINES, example_page
from digitrec.web.paper.pile import Entry, Place
from digitrec.web.paper.sheets import make_sheet
from digitrec.web.paper.table import cut_out, in_order


@pytest.fixture(scope="module")
def example():
    """The example's page as a finished job."""
    job = Desk().put("example.png", example_page(), Recognizer())
    wait_for([job])
    return job


def entries_of(job):
    return [
        Entry(Place(job.key, s.page, n.line, n.place), job, s, n)
        for s in job.sheets
        for n in s.numbers
    ]


def test_numbers_that_need_a_look_come_first(example):
    rows = in_order(entries_of(example))
    assert rows[0].number.text == "00?5"
    assert [entry.number.text for entry in rows[1:4]] == ["1902", "45", "318"]
    assert "".join(EXAMPLE_LINES).replace(" ", "") == "".join(
        entry.number.text for entry in entries_of(example)
    ).replace("?", "#")


def test_csv_has_a_row_a_number_with_corrections(example):
    entries = entries_of(example)
    rows = list(csv.DictReader(io.StringIO(export.as_csv(entries, {entries[-1].at: "0095"}))))
    assert [row["text"] for row in rows] == [
        *["1902", "45", "318", "67", "2024", "5531", "80", "914", "36", "7412"],
        "0095",
    ]
    last = rows[-1]
    assert (last["read"], last["corrected"], last["status"]) == ("00?5", "yes", "doubtful")
    assert (last["file"], last["page"], last["line"], last["place"]) == ("example.png", *"142")
    assert rows[0]["corrected"] == "no"
    assert int(rows[0]["x"]) < int(rows[1]["x"]) < int(rows[2]["x"])


def test_json_holds_every_digit(example):
    entries = entries_of(example)
    (page,) = json.loads(export.as_json(entries, {entries[0].at: "1908"}))["pages"]
    assert (page["file"], page["width"], page["height"]) == ("example.png", 1_100, 760)
    first = page["numbers"][0]
    assert (first["text"], first["read"], first["corrected"]) == ("1908", "1902", True)
    assert [digit["text"] for digit in first["digits"]] == list("1902")
    assert all(0 <= digit["confidence"] <= 1 for digit in first["digits"])


def test_annotated_page_is_coloured_by_what_is_sure(example):
    (sheet,) = example.sheets
    picture = np.asarray(Image.open(io.BytesIO(export.annotated(sheet, {}))))
    assert picture.shape == (760, 1_100, 3)
    assert has_colour(picture, export.COLOURS["sure"])
    assert has_colour(picture, export.COLOURS["not a digit"])
    assert not has_colour(picture, export.CORRECTED)
    mended = np.asarray(Image.open(io.BytesIO(export.annotated(sheet, {(4, 2): "0095"}))))
    assert has_colour(mended, export.CORRECTED)


def has_colour(picture, colour):
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return bool((picture == rgb).all(axis=2).any())


def test_correction_of_another_length_is_shown_once(example):
    (sheet,) = example.sheets
    shown = export.corrected_marks(sheet, {(1, 2): "451"})
    assert [text for _, text, by_hand in shown if by_hand] == ["451", ""]
    shown = export.corrected_marks(sheet, {(1, 2): "46"})
    assert [(text, by_hand) for _, text, by_hand in shown][4:6] == [("4", True), ("6", True)]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_box_turns_with_its_picture(degrees):
    picture = np.zeros((70, 120), np.uint8)
    box = Box(10, 20, 30, 15)
    picture[20:35, 10:40] = 255
    turned = turned_upright(picture, degrees)
    x, y, width, height = turned_box(box, (120, 70), degrees)
    assert turned[y : y + height, x : x + width].min() == 255
    assert turned.sum() == 255 * width * height


@pytest.mark.parametrize(
    ("kinds", "sentence"),
    [
        (["doubtful"], "No digit on it is sure."),
        (["doubtful", "doubtful", "not a digit"], "No digit on it is sure."),
        (["sure", "doubtful"], ""),
        (["not a digit"], "the one mark there is hardly looks like one."),
        (["not a digit"] * 5 + ["sure"], "Few digits were found: 1 of 6 marks"),
        (["sure"] * 1_950, "There are more marks on it than are looked at"),
    ],
)
def test_page_says_what_is_odd_about_it(kinds, sentence):
    digits = [digit_of(kind) for kind in kinds]
    paper = np.zeros((70, 120), np.uint8)
    sheet = make_sheet("page.png", 0, paper, Reading("read", ((tuple(digits),),), paper), "")
    assert sentence in sheet.trouble
    assert bool(sentence) == bool(sheet.trouble)


def digit_of(kind):
    shares = np.eye(10, dtype=np.float32)[4]
    if kind == "doubtful":
        shares[[4, 9]] = 0.55, 0.45
    score = 0.1 if kind == "not a digit" else 0.99
    return Digit(shares, Box(10, 20, 30, 15), np.zeros((28, 28), np.uint8), score, 0.3)


def test_turned_page_is_shown_upright():
    shares = np.eye(10, dtype=np.float32)[7]
    digit = Digit(shares, Box(10, 20, 30, 15), np.zeros((28, 28), np.uint8), 0.9, 0.3)
    picture = np.zeros((70, 120), np.uint8)
    reading = Reading("read", (((digit,),),), picture, 90)
    sheet = make_sheet("page.png", 0, picture, reading, "")
    assert (sheet.width, sheet.height, sheet.turned) == (70, 120, 90)
    assert sheet.numbers[0].box == Box(35, 10, 15, 30)
    assert Image.open(io.BytesIO(sheet.preview)).size == (70, 120)
    entry = Entry(Place("key", 0, 1, 1), None, sheet, sheet.numbers[0])
    cut_out([entry])
    (kept,) = sheet.crops.values()
    assert kept.startswith("data:image/jpeg;base64,")
    sheet.crops[entry.number.box] = "kept"
    cut_out([entry])
    assert sheet.crops == {entry.number.box: "kept"}  # and not made once more
