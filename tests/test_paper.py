"""Page "Paper": every state by its words, through Streamlit's own test runner."""

import io
import threading
import weakref

import cv2
import numpy as np
import pytest
from drawn_page import shown
from PIL import Image
from streamlit.testing.v1 import AppTest
from test_files import LOCKED, pdf, saved
from waiting import wait_until

from digitrec import Recognizer
from digitrec.errors import PictureError
from digitrec.imaging import contents
from digitrec.web.paper import pile
from digitrec.web.paper.desk import Desk
from digitrec.web.paper.example import as_png, compose_page
from digitrec.web.paper.pile import MAX_FILES, Place

LINES = ("31 415", "9265")


@pytest.fixture(scope="module")
def page_file():
    return as_png(compose_page(LINES, np.random.default_rng(3)))


def wait_for(jobs):
    wait_until(lambda: all(job.done for job in jobs), 60)


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
    learn = ["paper_keep_corrected", "paper_keep_right"]
    assert [button.key for button in page.button] == ["paper_remove", *learn]


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
    assert "Received: one more, last.png." in words(page)


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
    assert "Expected an artifact folder" in shown(page.error[0])


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
    assert pile.STEPS in page.session_state
    next(button for button in page.button if button.key == "paper_remove").click().run()
    assert not page.exception
    assert pile.STEPS not in page.session_state  # nothing of it is left


def test_desk_reads_a_content_once(page_file):
    desk, recognizer = Desk(), Recognizer()
    job = desk.put("page.png", page_file, recognizer)
    assert desk.put("page.png", page_file, recognizer) is job
    wait_for([job])
    assert desk.put("page.png", page_file, recognizer) is job
    assert desk.put("page.png", page_file, Recognizer()) is not job  # another network


class Counting:
    """A recognizer that tells how many pages it was asked to read."""

    model = "0" * 64

    def __init__(self, *, then=lambda: None):
        self.read_pages, self._recognizer, self._then = 0, Recognizer(), then

    def read(self, image):
        self.read_pages += 1
        self._then()
        return self._recognizer.read(image)


def test_file_that_is_taken_off_before_its_turn_is_never_read(page_file):
    desk, recognizer = Desk(), Counting()
    with desk._free, desk._free:  # both readers are busy
        before = threading.active_count()
        job = desk.put("gone.png", page_file, recognizer)
        gone = weakref.ref(job)
        assert threading.active_count() == before + 1
        del job
        assert gone() is None  # nor are its bytes kept,
        wait_until(lambda: threading.active_count() == before)  # nor anybody who waits for it
        kept = desk.put("kept.png", page_file, recognizer)
    wait_for([kept])
    assert recognizer.read_pages == 1
    assert len(kept.sheets) == 1


def test_file_that_is_taken_off_meanwhile_is_read_no_further(page_file):
    first = Image.open(io.BytesIO(page_file))
    file = io.BytesIO()
    first.save(file, "TIFF", save_all=True, append_images=[first] * 4)
    at_work, go_on = threading.Event(), threading.Event()

    def stop():
        at_work.set()
        go_on.wait(20)

    desk, recognizer = Desk(), Counting(then=stop)
    job = desk.put("long.tiff", file.getvalue(), recognizer)
    assert at_work.wait(20)
    del job
    go_on.set()
    with desk._free, desk._free:  # its reader has ended
        assert recognizer.read_pages == 1


def test_file_that_is_too_large_is_not_laid_on_the_pile(monkeypatch):
    monkeypatch.setattr(contents, "MAX_BYTES", 1_000_000)
    with pytest.raises(PictureError, match=r"Expected at most 1 MB in large\.png"):
        pile.add("large.png", bytes(1_000_001), None)
    assert pile.jobs() == []
