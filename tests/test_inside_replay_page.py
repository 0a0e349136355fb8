"""The panels Replay and Squeezed by their words and data, through Streamlit's own test runner."""

import json

import pytest
from drawn_page import panel, path_objects, put, words

from digitrec.handwriting import Handwriting
from digitrec.shapes import digit_strokes

NUMBER = [
    stroke
    for place, label in enumerate("20")
    for stroke in digit_strokes(int(label), height=100, left=150 + 90 * place, top=90)
]


def draw(page, strokes):
    put(page, path_objects(strokes))
    page.session_state["drawing_objects"] = path_objects(strokes)
    page.run()
    assert not page.exception


def replay_of(page):
    return page.session_state["kept_replay"][2]


def test_replay_is_worked_out_once_for_a_drawing_and_a_hand():
    page = panel("Replay", digit_strokes(2, height=230))
    first = replay_of(page)
    page.run()
    assert replay_of(page) is first
    page.session_state["own_hand"] = Handwriting().with_strokes(digit_strokes(7), 7)
    page.run()
    taught = replay_of(page)
    assert taught["drawing"] > first["drawing"]
    draw(page, digit_strokes(4, height=230))
    assert replay_of(page)["drawing"] > taught["drawing"]
    assert replay_of(page)["stretches"][-1]["text"] == "4"


def test_replay_says_every_step_in_words():
    page = panel("Replay", digit_strokes(7, height=230))
    data = replay_of(page)
    assert data["steps"][0]["told"] == "too little ink"
    assert "shares" not in data["steps"][0]
    last = data["steps"][-1]
    assert last["told"].startswith("7, ")
    assert last["answered"] == [7]
    assert "sure that it is a 7" in last["words"]
    assert last["label"] == '<b class="digit">7</b>'
    assert last["box"] is None
    assert data["stretches"][0]["told"] == "too little ink, step 1"
    assert data["stretches"][-1]["last"] == len(data["steps"]) - 1
    assert len(json.dumps(data)) < 80_000


def test_replay_of_a_number_marks_the_digit_at_the_pen():
    page = panel("Replay", NUMBER)
    data = replay_of(page)
    last = data["steps"][-1]
    assert last["label"] == '2<b class="digit">0</b>'
    assert last["told"].startswith("2 0; at the pen 0, ")
    assert last["box"][0] > 200
    assert data["chars"] >= 2
    # All of the drawing is replayed: there is no digit to choose.
    assert "kept_inside_digit" not in page.session_state


@pytest.mark.parametrize("name", ["Replay", "Squeezed"])
def test_panel_of_nothing_asks_for_a_drawing(name):
    page = panel(name, [])
    assert any("Draw something first" in caption.value for caption in page.caption)
    assert "kept_replay" not in page.session_state


def test_squeezed_shows_both_answers():
    page = panel("Squeezed", digit_strokes(5, height=60, left=440, top=20))
    text = words(page)
    assert "The whole canvas, squeezed" in text
    assert "Brought into form" in text
    assert "off the middle" in text
    assert text.count("28×28 pixels") == 2
    assert "Only you know what it is." in text


def test_squeezed_number_has_one_answer_for_all_of_it():
    text = words(panel("Squeezed", NUMBER))
    assert "The 2, brought into form" in text
    assert "one answer for all of it" in text
    assert "each of the 2 has its own: 20." in text
