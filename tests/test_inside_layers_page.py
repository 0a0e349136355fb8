"""The panel "Layers": what it says and adds up, in every state of the network."""

import re
import shutil

import numpy as np
import pytest
from conftest import exported
from drawn_page import panel, shown, words

from digitrec import Recognizer
from digitrec.errors import ArtifactError
from digitrec.explaining.layers import FLOAT32, Network
from digitrec.models import DEFAULT_ARTIFACT, load_artifact
from digitrec.shapes import digit_strokes
from digitrec.versions import write_card
from digitrec.web.inside import layer_words, sums


@pytest.fixture(scope="module")
def shipped():
    return Network(load_artifact())


@pytest.fixture
def older(tmp_path, monkeypatch):
    """An artifact as it was before networks had features, its one network in float32, in use."""
    import keras

    network = exported(tmp_path, keras.layers.Dense(10))
    network = network.rename(tmp_path / FLOAT32)
    write_card(tmp_path, {"runtime": {"file": network.name}, "temperature": 1.0})
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(tmp_path))
    return tmp_path


def test_networks_without_features_or_hidden_layers_say_what_cannot_be_shown(older):
    with pytest.raises(ArtifactError, match="single output"):
        Recognizer().features(np.zeros((1, 28, 28), np.uint8))
    page = panel("Look-alikes", digit_strokes(3))
    assert "gives its answers alone" in page.info[0].value
    assert "Most alike" not in words(page)
    page = panel("Layers", digit_strokes(3))
    assert [info.value for info in page.info] == [
        "This network has no layers between the drawing and its scores."
    ]
    text = words(page)
    assert text.count("<section>") == 2
    assert 'alt="likes' not in text
    assert "The pictures show" not in text
    assert "whether it is a digit at all" not in text  # it has ten scores
    assert any("the very one that answers" in caption.value for caption in page.caption)


def test_missing_float32_network_is_told_on_the_page(tmp_path, monkeypatch):
    shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact")
    (tmp_path / "artifact" / FLOAT32).unlink()
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(tmp_path / "artifact"))
    page = panel("Layers", digit_strokes(3))
    assert "Received: a folder without it" in shown(page.info[0])
    assert "Draw a digit" in words(page)


def test_name_of_a_network_is_no_markdown(tmp_path, monkeypatch):
    folder, name = shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact"), "**n** [x](y).tflite"
    card = dict(load_artifact(folder).card)
    (folder / card["runtime"]["file"]).rename(folder / name)
    write_card(folder, card | {"runtime": {"file": name}})
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(folder))
    caption = panel("Layers", digit_strokes(3)).caption[-1]
    assert name not in caption.value
    assert f"What answers is {name}, the same in whole numbers" in shown(caption)


def numbers(text):
    return [float(found.replace("\N{MINUS SIGN}", "-")) for found in text]


def test_page_adds_up_the_scores_of_the_answer_and_of_the_runner_up():
    page = panel("Layers", digit_strokes(7))
    text = words(page)
    sections = re.findall("<section>(.*?)</section>", text)
    assert [re.findall("Score of the (.): ", section) for section in sections] == [["7"], ["1"]]
    for section in sections:
        *parts, total = numbers(re.findall('class="number">[= ]*([^<]+)<', section))
        assert len(parts) == sums.SHOWN + 3
        assert sum(parts) == pytest.approx(total, abs=0.005 * (len(parts) + 1))
        assert section.count('alt="likes: ') > 15
    scores = numbers(re.findall("Score of the .: ([^<]+)<", text))
    ahead = re.search("7 is ([0-9.]+) ahead of 1", text)
    assert float(ahead[1]) == pytest.approx(scores[0] - scores[1], abs=0.02)
    shares = re.findall(r"([0-9.]+) %</td></tr>", text.split('testid="softmax"')[1])
    assert len(shares) == 10
    assert sum(map(float, shares)) == pytest.approx(100, abs=0.1)
    assert "no probability differs by a tenth of a point" in page.caption[-1].value


def test_page_adds_up_any_other_score_that_is_chosen():
    page = panel("Layers", digit_strokes(7), kept_inside_beside=10)
    assert "Score of being a digit at all: " in words(page)
    scribble = [np.random.default_rng(4).uniform(0, 200, (30, 2))]
    text = words(panel("Layers", scribble))
    first, second = re.findall("Score of (.*?): ([^<]+)<", text)
    assert first[0] == "being a digit at all"
    assert numbers([first[1]])[0] < 0
    assert re.fullmatch("the [0-9]", second[0])
    assert "class=winner" not in text


def test_softmax_rows_are_the_probabilities():
    logits = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 30], np.float32)
    html = sums.softmax_html(logits, 0.5, [9])
    assert html.count("class=winner") == 1
    assert "1.1 × 10<sup>26</sup>" in html  # e to the 60th
    assert "&gt; 99.999999 %" in html
    assert "&lt; 0.000001 %" in html
    sharp = sums.softmax_html(logits, 1e-3, [9])  # of a card from elsewhere
    assert "inf" not in sharp
    assert "nan" not in sharp
    assert sharp.count("&gt; 99.999999 %") == 1
    assert sums.exact_percent(0.5) == "50.0 %"
    assert sums.exact_percent(0.99992) == "99.992 %"
    assert sums.counted(3.14) == "3.1"
    assert sums.counted(296_558.6) == "300,000"
    assert sums.counted(2e9) == "2.0 × 10<sup>9</sup>"


@pytest.mark.parametrize("temperature", [1e-3, 1e-30, 1e-310, 5e-324])
def test_softmax_rows_can_be_told_at_any_temperature(temperature):
    logits = np.zeros(10, np.float32)
    logits[[1, 9]] = -0.74402, 60  # e to -744.02 is the smallest of floats: nothing divides by it
    html = sums.softmax_html(logits, temperature, [9])
    assert "nan" not in html
    assert html.count("&gt; 99.999999 %") == 1
    assert html.count("&lt; 0.000001 %") == 9


def test_words_are_true_of_the_layers(shipped, templates):
    layers = shipped.look(templates[3]).layers
    said = [layer_words.words(layers, place) for place in range(len(layers))]
    assert said[0].startswith(
        "<b>Layer 1 of 8, a convolution: 16 maps of 26×26.</b> Each map moves"
    )
    assert (
        "A point looks at 3×3 pixels of the drawing: enough for ink, paper, or an edge" in said[0]
    )
    assert "over all maps of layer 3 at once. A point looks at 13×13 pixels" in said[3]
    assert "128 units" in said[6]
    assert "It sees the whole drawing." in said[6]
    assert said[6].endswith("all that the scores are made of.")
    answering = sum(bool(units.any()) for units in layers[6].maps)
    assert f"{answering} of the 128 units answer to this drawing." in said[6]
    empty = shipped.look(np.zeros((28, 28), np.uint8)).layers
    assert all(layer_words.words(empty, place) for place in range(len(empty)))
