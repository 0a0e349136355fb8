"""Page "Paper": every state by its words, through Streamlit's own test runner; what it exports."""

import csv
import io
import json
import time

import cv2
import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from test_files import LOCKED, pdf, saved

from digitrec import Box, Digit, Reading, Recognizer
from digitrec.web.paper import export
from digitrec.web.paper.desk import Desk
from digitrec.web.paper.example import EXAMPLE_LINES, as_png, compose_page, example_page
from digitrec.web.paper.pile import MAX_FILES, Entry, Place
from digitrec.web.paper.sheets import make_sheet, turned_box, turned_upright
from digitrec.web.paper.table import crop, in_order

LINES = ("31 415", "9265")


@pytest.fixture(scope="module")
def page_file():
    return as_png(compose_page(LINES, np.random.default_rng(3)))


@pytest.fixture(scope="module")
def example():
    """The example's page as a finished job."""
    job = Desk().put("example.png", example_page(), Recognizer())
    wait_for([job])
    return job


def wait_for(jobs, seconds=60):
    until = time.monotonic() + seconds
    while not all(job.done for job in jobs):
        assert time.monotonic() < until, "reading takes too long"
        time.sleep(0.02)


def entries_of(job):
    return [
        Entry(Place(job.key, s.page, n.line, n.place), job, s, n)
        for s in job.sheets
        for n in s.numbers
    ]


def paper():
    from digitrec.web import paper_page

    paper_page.show()


def page_with(*files):
    """The page after these files, (name, content) each, were uploaded and read."""
    page = AppTest.from_function(paper, default_timeout=60).run()
    assert not page.exception
    if files:
        page.file_uploader[0].set_value([(*file, "application/octet-stream") for file in files])
        settle(page.run())
    return page


def settle(page):
    assert not page.exception
    wait_for(list(page.session_state["paper_jobs"].values()))
    page.run()
    assert not page.exception
    return page


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))


def png(array):
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()


def cat():
    """A cat, as far as anyone could tell from across the street."""
    rng = np.random.default_rng(0)
    photo = cv2.GaussianBlur(rng.integers(90, 200, (500, 600, 3), np.uint8), (0, 0), 3)
    fur = (70, 60, 50)
    cv2.ellipse(photo, (300, 300), (150, 130), 0, 0, 360, fur, -1)
    for ear in ([[170, 230], [190, 90], [270, 185]], [[430, 230], [410, 90], [330, 185]]):
        cv2.fillPoly(photo, [np.array(ear)], fur)
    for x in (240, 360):
        cv2.ellipse(photo, (x, 270), (26, 18), 0, 0, 360, (180, 220, 90), -1)
        cv2.ellipse(photo, (x, 270), (5, 17), 0, 0, 360, (10, 10, 10), -1)
    for side in (-1, 1):
        for rise in (-20, 0, 20):
            cv2.line(photo, (300 + side * 40, 340), (300 + side * 190, 340 + rise), (230,) * 3, 2)
    return photo


def specks(count, side=700):
    paper = np.full((side, side), 255, np.uint8)
    for y, x in np.random.default_rng(0).integers(5, side - 5, (count, 2)):
        paper[y : y + 3, x : x + 3] = 0
    return paper


def test_page_empty_explains_itself_and_offers_an_example():
    page = page_with()
    assert "Read a page of digits" in words(page)
    assert "50 MB and 20" in words(page)
    page.button("paper_example").click().run()
    settle(page)
    assert "<b>11 numbers</b> · 1 to check" in words(page)
    assert "Any paper." not in words(page)
    assert [button.key for button in page.button] == ["paper_remove"]


def test_page_reads_several_files_and_loses_none_for_a_broken_one(page_file):
    page = page_with(
        ("page.png", page_file), ("broken.png", b"no picture"), ("scan.pdf", saved("PDF"))
    )
    assert "<b>broken.png</b>. Received: something else." in words(page)
    assert "<b>3 numbers</b>" in words(page)
    assert page.selectbox[0].options == ["page.png", "scan.pdf"]
    page.button("paper_dismiss").click().run()
    assert "broken.png" not in words(page)
    page.button("paper_remove").click().run()
    assert "<b>0 numbers</b>" in words(page)
    page.button("paper_remove").click().run()
    assert "Read a page of digits" in words(page)


def test_page_survives_another_page(page_file):
    page = page_with(("page.png", page_file))
    place = Place(next(iter(page.session_state["paper_jobs"])), 0, 1, 1)
    page.session_state["paper_corrections"] = {place: "37"}
    page.run()
    assert "1 corrected" in words(page)
    before = words(page)
    page.session_state["paper_files"] = []  # as a widget forgets when its page is left
    page.run()
    assert words(page) == before


def test_page_same_content_is_there_once(page_file):
    page = page_with(("page.png", page_file), ("copy.png", page_file))
    assert "<b>3 numbers</b>" in words(page)
    assert len(page.session_state["paper_jobs"]) == 1


def test_page_more_files_than_fit_are_told(page_file):
    files = [(f"{i}.png", b"%d" % i) for i in range(MAX_FILES)]
    page = page_with(*files, ("last.png", page_file))
    assert "Received: one more, last.png." in page.warning[0].value


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("blank.png", png(np.full((900, 700), 255, np.uint8)), "It is blank"),
        ("black.png", png(np.zeros((900, 700), np.uint8)), "It is black all over."),
        ("dot.png", png(np.zeros((1, 1), np.uint8)), "It is only 1×1 pixels large"),
        ("long.png", png(np.full((200, 20_000), 255, np.uint8)), "It is blank"),
        ("cat.png", png(cat()), "No digits were found"),
        ("specks.png", png(specks(60)), "Only specks were found"),
        ("book.pdf", pdf(100), "Only the first 20 of its 100 pages are read."),
        ("locked.pdf", LOCKED, "locked by a password"),
        ("moving.gif", saved("GIF", [np.full((90, 90), v, np.uint8) for v in (0, 99)]), "2 frames"),
        ("cut.jpg", saved("JPEG")[:-80], "damaged or truncated"),
        ("empty.png", b"", "an empty file"),
    ],
)
def test_bad_file_gets_a_sentence_and_the_others_are_read(name, content, sentence, page_file):
    page = page_with((name, content), ("page.png", page_file))
    if name in (page.selectbox[0].options if page.selectbox else ()):
        page.selectbox[0].set_value(page.selectbox[0].options[0])
        page.run()
    assert sentence in words(page)
    assert "<b>3 numbers</b>" in words(page)


def test_page_name_with_markup_stays_text():
    page = page_with(("<img src=x onerror=alert(1)>.png", b"no picture"))
    assert "<img src=x" not in words(page)
    assert "&lt;img src=x" in words(page)


def test_page_missing_artifact_shows_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(tmp_path / "nowhere"))
    page = AppTest.from_function(paper, default_timeout=30).run()
    assert "Expected an artifact folder" in page.error[0].value


def test_page_shows_each_step_when_asked():
    page = page_with()
    page.button("paper_example").click().run()
    settle(page)
    toggle = next(toggle for toggle in page.toggle if toggle.key == "paper_how")
    toggle.set_value(True).run()
    text = words(page)
    for step in ("1. Flattened", "2. Ink", "3. Lines removed", "4. Boxes"):
        assert f"<b>{step}</b>" in text
    assert text.count("data:image/png") == 4


def test_desk_reads_a_content_once(page_file):
    desk, recognizer = Desk(), Recognizer()
    job = desk.put("page.png", page_file, recognizer)
    assert desk.put("page.png", page_file, recognizer) is job
    wait_for([job])
    assert desk.put("page.png", page_file, recognizer) is job
    assert desk.put("page.png", page_file, Recognizer()) is not job  # another network


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
    sheet = make_sheet("page.png", 0, paper, Reading("read", ((tuple(digits),),), paper))
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
    sheet = make_sheet("page.png", 0, picture, reading)
    assert (sheet.width, sheet.height, sheet.turned) == (70, 120, 90)
    assert sheet.numbers[0].box == Box(35, 10, 15, 30)
    assert Image.open(io.BytesIO(sheet.preview)).size == (70, 120)
    assert crop(sheet, sheet.numbers[0]).startswith("data:image/jpeg;base64,")
