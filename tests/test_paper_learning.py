"""Page "Paper": what its numbers teach, through Streamlit's own test runner."""

import numpy as np
import pytest
from test_paper import page_with, words

from digitrec.corrections import NOT_A_DIGIT, CorrectionStore
from digitrec.web.paper.example import as_png, compose_page


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITREC_DATABASE_URL", str(tmp_path / "corrections.sqlite"))
    with CorrectionStore() as store:
        yield store


@pytest.fixture
def page():
    """Two numbers, 31 and 4275, in the order in which the table shows them."""
    return page_with(("page.png", as_png(compose_page(("31", "4275"), np.random.default_rng(0)))))


def write(page, *texts):
    """What the visitor wrote into the table instead of what was read, number by number."""
    from digitrec.web.paper.pile import Place

    (job,) = page.session_state["paper_jobs"].values()
    numbers = [number for sheet in job.sheets for number in sheet.numbers]
    page.session_state["paper_corrections"] = {
        Place(job.key, 0, number.line, number.place): text
        for number, text in zip(numbers, texts, strict=True)
        if text
    }
    return page.run()


def test_what_is_kept_of_a_page_is_told_and_nothing_that_is_not(store, page):
    (told,) = [text.value for text in page.markdown if "Nothing is kept without" in text.value]
    assert store.place in told
    assert "28×28 pixels, what you say it is" in told
    assert "stroke" not in told
    assert " key" not in told


def test_reading_a_page_keeps_nothing(page, store):
    assert "A click keeps the digits on the machine that serves this page" in words(page)
    assert page.button("paper_keep_corrected").disabled
    assert len(store) == 0


def test_all_right_keeps_every_digit(page, store):
    assert page.button("paper_keep_right").label == "All digits are right (6 digits)"
    page.button("paper_keep_right").click().run()
    assert store.counts() == dict.fromkeys((1, 2, 3, 4, 5, 7), 1)
    kept = store.all()[0]
    assert (kept.confirmed, kept.strokes, len(kept.model)) == (True, (), 64)
    assert "Kept 6 digits" in words(page)
    assert page.button("paper_keep_right").disabled
    page.button("paper_unkeep").click().run()
    assert len(store) == 0


def test_corrected_number_keeps_what_was_written(page, store):
    write(page, "", "42?6")
    assert page.button("paper_keep_corrected").label == "Keep what I corrected (4 digits)"
    assert page.button("paper_keep_right").label == "The rest is right (2 digits)"
    page.button("paper_keep_corrected").click().run()
    made = {kept.label: kept.predicted for kept in store.all()}
    assert made == {4: 4, 2: 2, NOT_A_DIGIT: 7, 6: 5}


def test_number_of_another_length_is_told_and_not_kept(page, store):
    write(page, "", "427")
    assert page.button("paper_keep_corrected").disabled
    assert "1 corrected number has another length than what was read" in words(page)


def test_server_that_keeps_nothing_has_no_such_buttons(page, store, monkeypatch):
    monkeypatch.setenv("DIGITREC_CORRECTIONS", "off")
    page.run()
    assert not [b for b in page.button if str(b.key).startswith("paper_keep")]
