"""Every state of the page by its words, through Streamlit's own test runner."""

import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest
from drawn_page import page_with, path_objects, send, shown, told, words

from digitrec import Box, Digit, Reading
from digitrec.shapes import digit_strokes
from digitrec.web.answer import answer_html, spoken
from digitrec.web.views import boxes_html

ROOT = Path(__file__).parent.parent


def test_page_empty_asks_for_a_digit():
    page = page_with()
    assert "Draw a digit" in words(page)
    assert "Nothing drawn yet." in words(page)
    assert told(page, "tools") == {"empty": True, "pen": 18}


@pytest.mark.parametrize("label", range(10))
def test_page_drawn_says_the_digit_and_ten_probabilities(label):
    page = page_with(path_objects(digit_strokes(label)))
    text = words(page)
    assert f'data-testid="label">{label}<' in text
    assert f"This is a {label}, " in text
    assert text.count('class="number"') == 10
    assert text.count(" %</td>") == 10
    assert text.count('class="winner"') == 1
    assert "image/png;base64" in text


def test_page_scribble_says_that_it_is_no_digit():
    corners = np.random.default_rng(4).uniform(0, 200, (30, 2))
    page = page_with(path_objects([corners]))
    text = words(page)
    assert 'data-testid="label">?<' in text
    assert "Not a digit</b><br>This does not look like a digit." in text
    assert "Not a digit. This does not look like a digit." in text  # for screen readers
    assert 'class="winner"' not in text
    assert text.count('class="number"') == 10


def test_page_ambiguous_digit_names_the_alternatives():
    shares = np.array([0, 0.4, 0, 0, 0, 0, 0, 0.55, 0, 0.05], np.float32)
    ink = np.full((28, 28), 255, np.uint8)
    seven = Digit(shares, Box(0, 0, 9, 9), ink, 0.9, 0.3)
    text = answer_html(Reading("read", (((seven,),),), ink))
    assert 'data-testid="label">7<' in text
    assert "or maybe 1" in text
    assert text.count('class="winner"') == 2
    assert "but not surely" in spoken(Reading("read", (((seven,),),), ink))


def box_of(x):
    return Box(x, 10, 20, 80)


def read_as(*lines):
    """A reading of (label, confidence, score) triples."""
    ink, place = np.full((28, 28), 255, np.uint8), 0
    read = []
    for line in lines:
        digits = []
        for label, confidence, score in line:
            shares = np.full(10, (1 - confidence) / 9, np.float32)
            shares[label] = confidence
            digits.append(Digit(shares, box_of(place), ink, score, 0.5))
            place += 40
        read.append((tuple(digits),))
    return Reading("read", tuple(read), ink)


def test_page_number_says_each_digit_with_bars_boxes_and_images():
    strokes = [
        s
        for i, c in enumerate("2026")
        for s in digit_strokes(int(c), height=120, left=100 + 90 * i, top=80)
    ]
    page = page_with(path_objects(strokes))
    text = words(page)
    assert ">2026</div>" in text
    assert "<b>4 digits</b>" in text
    assert "These are 4 characters: 2 0 2 6." in text
    assert text.count('class="box digit') == 4
    assert text.count('<td class="winner"') == 4
    assert text.count("the 28×28 of the ") == 4


def test_page_number_has_words_for_every_state():
    sure, unsure, none = (7, 0.9999, 0.9), (4, 0.75, 0.9), (3, 0.3, 0.1)
    between = (1, 0.41, 0.9)
    assert "sure of each of them" in answer_html(read_as([sure, sure]))
    assert "least sure: 4, 75.0 %" in answer_html(read_as([sure, unsure]))
    assert "and 1 that looks like none." in answer_html(read_as([sure, none]))
    assert "and 2 that look like none." in answer_html(read_as([sure, none, none]))
    assert "<b>1 digit</b>" in answer_html(read_as([sure, none]))
    assert "None of the 2 looks like a digit." in answer_html(read_as([none, none]))
    assert "the 1 may be " in answer_html(read_as([sure, between]))
    assert ", 1 more not sure." in answer_html(read_as([between, sure, between]))
    two_lines = read_as([sure, none], [unsure])
    assert "7<i>?</i><br>4</div>" in answer_html(two_lines)
    assert "7 something that is no digit. Next line: 4." in spoken(two_lines)


def test_page_number_marks_boxes_by_state_and_one_digit_has_none():
    sure, none, between = (7, 0.9999, 0.9), (3, 0.3, 0.1), (1, 0.41, 0.9)
    text = boxes_html(read_as([sure, none, between]), 18)
    for kind in ("digit", "not-a-digit", "ambiguous"):
        assert f'class="box {kind} ' in text
    assert 'class="box' not in boxes_html(read_as([sure]), 18).replace('class="boxes"', "")


def test_page_example_number_is_read():
    page = page_with()
    send(page, "examples", "taken", "2026")
    assert "2 0 2 6." in words(page)
    send(page, "tools", "used", "undo")
    assert "2 0 2." in words(page)


def test_page_dot_says_too_little_ink():
    page = page_with([{"type": "Path", "path": [["M", 50, 50], ["L", 51, 50]]}])
    assert "Too little ink" in words(page)


def test_page_example_draws_and_clear_clears():
    page = page_with()
    send(page, "examples", "taken", "4")
    assert "This is a 4, " in words(page)
    send(page, "tools", "used", "undo")
    assert "This is a 4, " not in words(page)  # one of its two strokes is gone
    send(page, "tools", "used", "clear")
    assert "Draw a digit" in words(page)


def test_page_pen_width_keeps_the_answer():
    page = page_with(path_objects(digit_strokes(5)))
    before = words(page)
    send(page, "tools", "used", 50)
    assert words(page) == before
    assert told(page, "tools")["pen"] == 50


@pytest.mark.parametrize("width", [1, 61, 7.5, True, "12", None, [3]])
def test_page_pen_that_is_none_changes_nothing(width):
    page = page_with(path_objects(digit_strokes(5)))
    send(page, "tools", "used", width)
    assert told(page, "tools")["pen"] == 18


@pytest.mark.parametrize("text", [7, "20", "", None, ["7"], {}])
def test_page_example_that_is_none_changes_nothing(text):
    page = page_with(path_objects(digit_strokes(5)))
    before = words(page)
    send(page, "examples", "taken", text)
    assert words(page) == before


def test_page_drawing_survives_another_page():
    page = page_with(path_objects(digit_strokes(3)))
    before = words(page)
    page.session_state["page"] = "Model"  # where the visitor comes from
    page.run()
    assert words(page) == before
    assert page.session_state["drawing_initial"]["objects"] == page.session_state["drawing_objects"]


def test_page_nonsense_from_the_browser_shows_a_sentence_and_goes_on():
    page = page_with([{"type": "Path", "path": [["M", "x", None]]}])
    assert "Expected a canvas' JSON" in shown(page.error[0])
    assert "Draw a digit" in words(page)


def test_page_missing_artifact_shows_a_sentence_and_goes_on(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(tmp_path / "nowhere"))
    page = page_with(path_objects(digit_strokes(3)))
    assert "Expected an artifact folder" in shown(page.error[0])
    assert "Draw a digit" in words(page)


def test_page_retrained_artifact_is_picked_up(monkeypatch, tmp_path, tiny_artifact):
    folder = tmp_path / "artifact"
    shutil.copytree(ROOT / "digitrec" / "models" / "default", folder)
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(folder))
    page = page_with(path_objects(digit_strokes(3)))
    before = words(page)
    shutil.rmtree(folder)
    shutil.copytree(tiny_artifact, folder)
    page.run()
    assert not page.exception
    assert words(page) != before


def test_settings_keep_everything_on_this_machine():
    inside = (ROOT / "digitrec" / "web" / ".streamlit" / "config.toml").read_bytes()
    assert inside == (ROOT / ".streamlit" / "config.toml").read_bytes()
    settings = tomllib.loads(inside.decode())
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["maxUploadSize"] == 50
    assert settings["server"]["address"] == "localhost"
    assert settings["client"]["showErrorDetails"] == "none"
