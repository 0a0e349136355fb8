"""What the page Teach says where it cannot do its work."""

import numpy as np
import pytest
from conftest import exported
from drawn_page import path_objects, put, shown
from streamlit.testing.v1 import AppTest

from digitrec import Handwriting
from digitrec.handwriting import digit_from_strokes
from digitrec.shapes import digit_strokes
from digitrec.versions import write_card


@pytest.fixture
def older(tmp_path, monkeypatch):
    """An artifact as it was before networks had features, in use."""
    import keras

    network = exported(tmp_path, keras.layers.Dense(10))
    write_card(tmp_path, {"runtime": {"file": network.name}, "temperature": 1.0})
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(tmp_path))
    return tmp_path


def teach():
    from digitrec.web import teach_page

    teach_page.show()


def draw():
    from digitrec.web import draw_page

    draw_page.show()


def test_network_without_features_is_told_on_teach_and_read_with_on_draw(older):
    hand = Handwriting().with_strokes(digit_strokes(7), 7)
    for script in (teach, draw):
        page = AppTest.from_function(script, default_timeout=30)
        page.session_state["own_hand"] = hand
        page.run()
        assert not page.exception
        assert not page.error
        told = [info.value for info in page.info]
        assert (len(told), "cannot adapt" in "".join(told)) == (
            (1, True) if script is teach else (0, False)
        )


def test_missing_artifact_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(tmp_path / "nothing"))
    page = AppTest.from_function(teach, default_timeout=30).run()
    assert not page.exception
    assert "Expected an artifact folder" in shown(page.error[0])


@pytest.mark.parametrize("button", ["teach-4", "teach_undo", "teach_clear"])
def test_button_counts_the_stroke_that_came_with_it(button):
    """Streamlit answers a button first, whatever else the browser has sent."""
    strokes = digit_strokes(4)
    assert len(strokes) > 1
    objects = path_objects(strokes)
    page = AppTest.from_function(teach, default_timeout=30)
    put(page, objects[:1], "teaching_canvas")
    page.run()
    put(page, objects, "teaching_canvas")
    page.button(button).click().run()
    assert not page.exception
    left = len(objects) - 1 if button == "teach_undo" else 0
    assert page.session_state["teaching_objects"] == objects[:left]
    if button == "teach-4":
        (kept,) = page.session_state["own_hand"].digits
        assert np.array_equal(kept, digit_from_strokes(strokes))


def test_full_class_takes_no_more():
    hand = Handwriting()
    for height in range(1, 6):
        hand = hand.with_strokes([s * [1, 1 + height / 10] for s in digit_strokes(7)], 7)
    page = AppTest.from_function(teach, default_timeout=30)
    page.session_state["own_hand"] = hand
    put(page, path_objects(digit_strokes(7)), "teaching_canvas")
    page.run()
    assert not page.exception
    assert page.button("teach-7").disabled
    assert not page.button("teach-1").disabled
    page.button("teach-1").click().run()
    assert np.array_equal(page.session_state["own_hand"].labels, [7, 7, 7, 7, 7, 1])
    page.button("teach_back").click().run()
    assert len(page.session_state["own_hand"]) == 5
