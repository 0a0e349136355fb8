"""The row under the answer: what a click keeps, through Streamlit's own test runner."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from drawn_page import asked, page_with, path_objects, say, send, shown, words
from postgres import PASSWORD
from streamlit.testing.v1 import AppTest

from digitrec.corrections import NOT_A_DIGIT, CorrectionStore
from digitrec.retraining_state import RetrainingState, state_folder, write_state
from digitrec.shapes import digit_strokes


@pytest.fixture
def store(tmp_path, monkeypatch):
    """An empty store that the page uses."""
    url = f"sqlite:///{tmp_path / 'corrections.sqlite'}"
    monkeypatch.setenv("DIGITREC_DATABASE_URL", url)
    with CorrectionStore(url) as store:
        yield store


def seven():
    return page_with(path_objects(digit_strokes(7)))


def number(text="2046"):
    strokes = [
        s
        for i, c in enumerate(text)
        for s in digit_strokes(int(c), height=120, left=100 + 90 * i, top=80)
    ]
    return page_with(path_objects(strokes))


def test_row_is_there_before_anything_is_drawn_and_keeps_nothing(store):
    page = page_with()
    assert asked(page)["digits"] == 0
    assert len(store) == 0


def test_drawing_alone_keeps_nothing(store):
    seven()
    assert len(store) == 0


def test_correction_keeps_the_drawing_and_what_was_answered(store):
    page = seven()
    say(page, "1")
    (kept,) = store.all()
    assert (kept.label, kept.predicted, kept.confirmed) == (1, 7, False)
    assert kept.probabilities.argmax() == 7
    assert len(kept.model) == 64
    assert len(kept.strokes) == len(digit_strokes(7))
    np.testing.assert_allclose(kept.strokes[0], digit_strokes(7)[0], atol=0.5)
    assert asked(page)["kept"] == "1"


def test_right_keeps_what_was_answered(store):
    page = seven()
    say(page, asked(page)["answered"])
    (kept,) = store.all()
    assert (kept.label, kept.confirmed) == (7, True)
    assert asked(page)["kept"] == "7"


def test_no_digit_is_kept_as_none(store):
    page = seven()
    say(page, "?")
    assert [kept.label for kept in store.all()] == [NOT_A_DIGIT]
    assert asked(page)["kept"] == "?"


def test_correcting_again_changes_it_and_undo_takes_it_back(store):
    page = seven()
    for label in ("1", "2"):
        say(page, label)
    assert [kept.label for kept in store.all()] == [2]
    say(page, "")
    assert len(store) == 0
    assert asked(page)["kept"] is None


def test_what_is_said_of_a_drawing_that_has_changed_since_is_not_kept(store):
    page = seven()
    before = asked(page)["of"]
    send(page, "examples", "taken", "5")
    say(page, "7", of=before)
    assert len(store) == 0
    assert asked(page)["trouble"].startswith("The drawing has changed")
    say(page, "5")
    assert [kept.label for kept in store.all()] == [5]
    assert asked(page)["trouble"] == ""


def test_undo_of_another_visit_goes_back_to_what_was_kept_before(store):
    say(seven(), "3")
    again = seven()
    say(again, "4")
    say(again, "")
    assert [kept.label for kept in store.all()] == [3]


def test_nobody_takes_back_what_another_visitor_said_since(store):
    mine, theirs = seven(), seven()
    say(mine, "3")
    say(theirs, "4")
    say(mine, "")
    assert [kept.label for kept in store.all()] == [4]
    assert asked(mine)["trouble"].startswith("It was corrected again since, in another window")
    assert asked(mine)["kept"] is None
    say(mine, "5")
    say(theirs, "6")
    say(mine, "7")
    say(mine, "")
    assert [kept.label for kept in store.all()] == [6]
    assert asked(mine)["trouble"] == ""


def test_answer_is_kept_with_the_network_that_gave_it(
    store, monkeypatch, recognizer, tiny_artifact
):
    page = seven()
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(tiny_artifact))  # a new one, before the click
    say(page, "1")
    (kept,) = store.all()
    assert (kept.model, kept.predicted) == (recognizer.model, 7)


def test_number_is_corrected_in_words_with_each_digits_own_strokes(store):
    page = number()
    say(page, " 20? 7")
    labels = {kept.label: kept for kept in store.all()}
    assert sorted(labels) == [NOT_A_DIGIT, 0, 2, 7]
    assert {label: len(kept.strokes) for label, kept in labels.items()} == {
        NOT_A_DIGIT: 2,
        0: 1,
        2: 1,
        7: 1,
    }
    assert (labels[7].predicted, labels[0].predicted) == (6, 0)
    say(page, "")
    assert len(store) == 0


@pytest.mark.parametrize("typed", ["202", "20266", "2o26"])
def test_number_of_another_length_or_with_letters_is_told(store, typed):
    page = number()
    say(page, typed)
    assert asked(page)["trouble"].startswith("Type 4 characters")
    assert len(store) == 0


def test_number_right_keeps_each_digit(store):
    page = number()
    say(page, asked(page)["answered"])
    assert store.counts() == {0: 1, 2: 1, 4: 1, 6: 1}


def test_server_that_keeps_nothing_has_neither_row_nor_page(store, monkeypatch):
    monkeypatch.setenv("DIGITREC_CORRECTIONS", "off")
    page = seven()
    assert asked(page) is None
    assert "This is a 7" in words(page)
    assert len(store) == 0


def test_store_that_cannot_be_used_is_told_and_the_answer_stays(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("DIGITREC_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'x.sqlite'}")
    page = seven()
    say(page, "1")
    assert "Expected" in asked(page)["trouble"]
    assert "This is a 7" in words(page)


def corrections_page():
    from digitrec.web import corrections_page

    corrections_page.show()


def test_corrections_page_without_any_says_how_they_come(store):
    page = AppTest.from_function(corrections_page).run()
    assert not page.exception
    assert "Nothing is kept yet." in words(page)
    assert "0 digits are kept" in words(page)


def test_corrections_page_without_a_store_says_why(monkeypatch, tmp_path):
    (tmp_path / "corrections.sqlite").write_bytes(b"no database at all" * 100)
    monkeypatch.setenv("DIGITREC_DATABASE_URL", str(tmp_path / "corrections.sqlite"))
    page = AppTest.from_function(corrections_page).run()
    assert not page.exception
    assert "Expected" in shown(page.error[0])
    monkeypatch.setenv("DIGITREC_DATABASE_URL", str(tmp_path / "other.sqlite"))
    page.button("corrections_again").click().run()
    assert "Nothing is kept yet." in words(page)


def test_database_that_goes_away_and_returns_loses_nothing(postgres, monkeypatch):
    monkeypatch.setenv("DIGITREC_DATABASE_URL", postgres.new_database())
    page = seven()
    assert "in the database of this page" in asked(page)["sentence"]
    say(page, "1")
    assert asked(page)["kept"] == "1"
    postgres.stop()
    try:
        say(page, "2")
        assert not page.exception
        assert "a server that cannot be used now" in asked(page)["trouble"]
        assert "This is a 7" in words(page)
        send(page, "tools", "used", "undo")  # drawing goes on
        assert not page.exception
    finally:
        postgres.start()
    send(page, "examples", "taken", "5")
    say(page, "3")
    assert asked(page)["kept"] == "3"
    assert PASSWORD not in f"{words(page)} {asked(page)}"
    say(page, "")
    with CorrectionStore() as store:
        assert [kept.label for kept in store.all()] == [1]


def test_corrections_page_shows_what_the_last_training_doubted(store, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    page = seven()
    say(page, "3")
    (kept,) = store.all()
    send(page, "examples", "taken", "5")
    say(page, asked(page)["answered"])
    begun = (kept.time + timedelta(minutes=1)).isoformat()
    state_folder().mkdir(parents=True)
    state = RetrainingState("refused", "", 1.0, begun, 1, suspicious=(kept.key, "0" * 64))
    write_state(state_folder(), state)
    page = AppTest.from_function(corrections_page).run()
    assert not page.exception
    options = page.get("button_group")[0].proto.options
    assert options[-1].content == "in doubt · 1"
    store.relabel(kept.key, 7)  # mended before that training began, or after it: no more doubt
    mended = store.get(kept.key)
    write_state(state_folder(), replace(state, started=mended.time.isoformat()))
    page.run()
    assert len(page.get("button_group")[0].proto.options) == 12


def model_page():
    from digitrec.web import model_page

    model_page.show()


def sections_and_buttons(section="Learn"):
    """The sections of the page Model, and the buttons there that begin or end a training."""
    page = AppTest.from_function(model_page, default_timeout=30)
    page.session_state["part"] = section
    page.run()
    assert not page.exception
    buttons = {b.key: b.disabled for b in page.button if b.key.startswith("retraining")}
    return page.button_group[0].options, buttons


def test_model_page_offers_a_training_where_there_is_something_to_learn(
    store, monkeypatch, tmp_path
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    sections, buttons = sections_and_buttons()
    assert "Learn" in sections
    assert buttons == {"retraining_start": True}
    say(seven(), "1")
    assert sections_and_buttons()[1] == {"retraining_start": False}
    monkeypatch.setenv("DIGITREC_CORRECTIONS", "off")
    sections, buttons = sections_and_buttons("Card")
    assert "Card" in sections
    assert "Learn" not in sections
    assert buttons == {}
