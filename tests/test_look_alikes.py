"""Look-alikes: which drawings are near, and what the panel says of them in every state."""

import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from correcting import correction
from drawn_page import panel, words

from digitrec.corrections import NOT_A_DIGIT, URL_VARIABLE, CorrectionStore
from digitrec.corrections.places import SWITCH
from digitrec.errors import DigitsError
from digitrec.explaining.look_alikes import HANDS, Bank, nearest, nearest_of_each, own_drawings
from digitrec.handwriting import digit_from_strokes
from digitrec.shapes import VARIANTS, digit_strokes
from digitrec.web.inside.kinds import _IN_WORDS, in_words, named

BETWEEN = [np.array([[256, 112], [288, 94], [320, 80], [310, 150], [300, 220], [290, 270]], float)]
SCRIBBLE = [
    np.array([[190, 210], [230, 90], [260, 250], [300, 80], [325, 240], [370, 100], [400, 230]])
]


@pytest.fixture(scope="module")
def drawings():
    return own_drawings()


@pytest.fixture(scope="module")
def bank(recognizer, drawings):
    return Bank(recognizer, drawings.digits)


def test_drawings_hold_every_way_and_are_always_the_same(drawings):
    ways = {(label, kind) for label, kinds in VARIANTS.items() for kind in kinds}
    kinds = list(zip(drawings.labels.tolist(), drawings.kinds, strict=True))
    assert set(kinds) == ways
    assert len(kinds) == HANDS * len(ways)
    assert drawings.digits.shape == (len(kinds), 28, 28)
    assert drawings.digits.any(axis=(1, 2)).all()
    assert (own_drawings().digits == drawings.digits).all()
    assert len(np.unique(drawings.digits, axis=0)) > 0.95 * len(kinds)  # no hand twice


def test_network_knows_its_own_drawings(recognizer, drawings):
    answers = recognizer.classify(drawings.digits).argmax(axis=1)
    assert (answers == drawings.labels).mean() > 0.99


def test_a_drawing_is_most_alike_to_itself_and_to_its_kind(bank, drawings):
    for place in range(0, len(drawings.labels), 41):
        likeness = bank.likeness(drawings.digits[place])
        assert likeness.shape == (len(drawings.labels),)
        assert likeness.dtype == np.float32
        assert likeness.min() >= 0
        assert likeness[place] == pytest.approx(1, abs=1e-4)
        assert likeness.max() <= 1
        near = nearest(likeness, drawings.kinds, 10)
        assert near[0] == place
        assert (drawings.labels[near] == drawings.labels[place]).mean() > 0.75


def test_likeness_goes_both_ways(bank, drawings):
    assert bank.likeness(drawings.digits[3])[300] == pytest.approx(
        float(bank.likeness(drawings.digits[300])[3]), abs=1e-5
    )


def test_drawings_of_one_digit_are_as_a_rule_more_alike(bank, drawings):
    same, different = bank.likeness_among(drawings.labels)
    assert 0 < different < 0.6
    assert 0.8 < same < 1


def test_seven_comes_near_to_one_and_to_no_zero(bank, drawings):
    seven = digit_from_strokes(digit_strokes(7))
    likeness = bank.likeness(seven)
    each = nearest_of_each(likeness, drawings.labels)
    assert sorted(each) == list(range(10))
    assert all(drawings.labels[place] == label for label, place in each.items())
    assert all(likeness[each[c]] == likeness[drawings.labels == c].max() for c in range(10))
    order = sorted(each, key=lambda label: -likeness[each[label]])
    assert order[:2] == [7, 1]
    assert likeness[each[0]] < 0.6


def test_nearest_are_of_several_kinds_unless_no_other_comes_near():
    close = np.array([0.99, 0.98, 0.97, 0.96, 0.955, 0.95], np.float32)
    assert nearest(close, "aaaabc", 4) == [0, 1, 4, 5]
    far = np.array([0.99, 0.98, 0.97, 0.96, 0.5, 0.4], np.float32)
    assert nearest(far, "aaaabc", 4) == [0, 1, 2, 3]
    assert nearest(close, "aaaabc", 99) == [0, 1, 2, 3, 4, 5]
    assert nearest(np.zeros(0, np.float32), "", 3) == []


def test_bank_of_nothing_and_of_no_digits(recognizer):
    empty = Bank(recognizer, np.zeros((0, 28, 28), np.uint8))
    assert empty.likeness(np.full((28, 28), 9, np.uint8)).shape == (0,)
    with pytest.raises(DigitsError):
        Bank(recognizer, np.zeros((3, 20, 20), np.uint8))


def test_every_way_to_write_a_digit_has_words():
    kinds = {kind for variants in VARIANTS.values() for kind in variants}
    assert set(_IN_WORDS) <= kinds
    assert all(re.fullmatch("[A-Za-z, ]{4,25}", in_words(kind)) for kind in kinds)
    assert named(7, "crossed") == "7 with a bar"
    assert named(2, "round") == "2, round"
    assert named(0, "open at the top") == "0 open at the top"


def test_panel_shows_ten_near_ones_and_the_nearest_of_each_digit(store):
    text = words(panel("Look-alikes", digit_strokes(7)))
    most, each = text.split('data-testid="alike"')[1].split('data-testid="each"')
    assert most.count("<img") == each.count("<img") == 10
    assert re.findall("<b>(.)</b>", each) == list("0123456789")
    assert [c for c in re.findall("<b>(.)</b>", most) if c == "7"] == ["7"] * 10
    assert each.count('class="answered"') == 1
    assert "The nearest of another digit is a 1, alike by " in text
    assert "hesitates" not in text
    assert 'alt="7 ' in most or 'alt="7, ' in most


def test_panel_says_why_the_network_hesitates_and_when_nothing_is_near(monkeypatch):
    monkeypatch.setenv(SWITCH, "off")
    text = words(panel("Look-alikes", BETWEEN))
    assert re.search("The nearest of another digit is a [17], alike by [89].", text)
    assert "the network hesitates, too" in text
    assert text.split('data-testid="each"')[1].count('class="answered"') == 2
    scribble = words(panel("Look-alikes", SCRIBBLE))
    assert "None of them is much like this: the nearest is a" in scribble
    assert 'class="answered"' not in scribble


def test_panel_shows_what_was_kept_with_its_day_and_follows_changes(store):
    """One that is nearly the drawing, one that is the very drawing, one of another year."""
    drawn = digit_from_strokes(digit_strokes(5))
    near = np.minimum(drawn, 250).astype(np.uint8)
    now = datetime.now(UTC)
    long_ago = now - timedelta(days=800)
    assert "kept on" not in words(panel("Look-alikes", digit_strokes(5)))  # noise is like nothing
    assert "and with 12 digits that were kept here" in words(panel("Look-alikes", digit_strokes(5)))
    store.save_all([correction(image=drawn, label=5), correction(image=near, label=5)])
    text = words(panel("Look-alikes", digit_strokes(5)))
    assert "14 digits that were kept here" in text
    most = text.split('data-testid="alike"')[1]
    assert most.split("</ol>")[0].count('class="own"') == 1
    assert f"kept on {now.astimezone().day} {now.astimezone():%B}<" in most
    store.save(correction(image=near, label=NOT_A_DIGIT, time=long_ago))
    most = words(panel("Look-alikes", digit_strokes(5))).split('data-testid="alike"')[1]
    assert "<b>no digit</b>" in most
    assert f"{long_ago.astimezone():%B %Y}<" in most


def test_panel_goes_on_without_the_store(tmp_path, monkeypatch):
    (tmp_path / "no_folder").write_text("a file")
    monkeypatch.setenv(URL_VARIABLE, str(tmp_path / "no_folder" / "kept.sqlite"))
    page = panel("Look-alikes", digit_strokes(3))
    assert "The nearest of another digit" in words(page)
    said = [caption.value for caption in page.caption]
    assert any("left out just now" in caption for caption in said)
    monkeypatch.setenv(URL_VARIABLE, str(tmp_path / "kept.sqlite"))
    page.session_state["inside_store_away"] = (-1e9, "long ago")  # it is asked again after a while
    page.run()
    assert not any("left out just now" in caption.value for caption in page.caption)


def test_panel_opens_no_store_where_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv(SWITCH, "off")
    monkeypatch.setenv(URL_VARIABLE, str(tmp_path / "kept.sqlite"))
    page = panel("Look-alikes", digit_strokes(3))
    assert "kept here" not in words(page)
    assert "The nearest of another digit" in words(page)
    assert not list(tmp_path.iterdir())


def test_empty_store_is_not_spoken_of(tmp_path, monkeypatch):
    monkeypatch.setenv(URL_VARIABLE, str(tmp_path / "kept.sqlite"))
    CorrectionStore().close()
    page = panel("Look-alikes", digit_strokes(3))
    assert "kept here" not in words(page)
