"""Page "Data": filters, means and the game, through Streamlit's own test runner."""

import base64
import json
import re
import shutil

import cv2
import numpy as np
import pytest
from drawn_page import shown
from mirror import packed
from streamlit.testing.v1 import AppTest

from digitrec import Recognizer
from digitrec.datasets import LabelledDigits
from digitrec.datasets.sources import MNIST
from digitrec.web.data import sorting
from digitrec.web.data.about import about_html
from digitrec.web.data.averages import count_chart, of_each_class
from digitrec.web.data.download import downloads
from digitrec.web.data.rounds import Round


@pytest.fixture(autouse=True)
def nothing_at_hand(monkeypatch, tmp_path):
    """No data but what a test names; no download of another test."""
    monkeypatch.delenv("DIGITREC_MNIST", raising=False)
    monkeypatch.setenv("DIGITREC_CACHE", str(tmp_path / "cache"))
    downloads.clear()


@pytest.fixture
def place(monkeypatch, template_mnist):
    monkeypatch.setenv("DIGITREC_MNIST", str(template_mnist))
    return template_mnist


def script():
    from digitrec.web import data_page

    data_page.show()


def page_with(**choices):
    page = AppTest.from_function(script, default_timeout=60)
    for key, value in choices.items():
        page.session_state[f"data_{key}"] = value
    return settled(page.run())


def settled(page):
    assert not page.exception
    return page


def words(page):
    return " ".join(element.proto.body for element in page.get("html")[1:])


def tiles(page):
    found = page.get("bidi_component")
    return json.loads(found[0].proto.json)["tiles"] if found else []


def picture(tile):
    content = base64.b64decode(tile["picture"].partition(",")[2])
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)


def told(page, key):
    """What a row of choices says of each: names to counts."""
    pairs = (option.rsplit(" · ", 1) for option in page.pills(key=f"data_{key}").options)
    return {name: int(count.replace(",", "")) for name, count in pairs}


@pytest.fixture(scope="module")
def read(template_mnist):
    """The test digits, read one by one as everywhere else, and the truth."""
    with np.load(template_mnist) as arrays:
        return Recognizer().read_digits(arrays["x_test"]), arrays["y_test"]


def test_counts_of_every_choice_are_numpys_own(place, read):
    digits, truth = read
    answers = np.array([digit.label for digit in digits])
    refused = np.array([digit.status == "not a digit" for digit in digits])
    sure = np.array([digit.confidence for digit in digits])
    page = page_with()
    assert told(page, "label") == {"all": 300} | {
        str(label): int((truth == label).sum()) for label in range(10)
    }
    assert told(page, "outcome") == {
        "all": 300,
        "right": int((~refused & (answers == truth)).sum()),
        "wrong": int((~refused & (answers != truth)).sum()),
        "refused": int(refused.sum()),
    }
    assert told(page, "sureness") == {
        "all": 300,
        "unsure": int((sure < 0.8).sum()),
        "fairly sure": int(((sure >= 0.8) & (sure < 0.99)).sum()),
        "sure": int((sure >= 0.99).sum()),
    }
    settled(page.pills(key="data_label").select(4).run())
    assert told(page, "outcome")["refused"] == int((refused & (truth == 4)).sum())
    assert told(page, "label")["all"] == 300
    assert {tile["title"] for tile in tiles(page)} == {"4"}


def test_tiles_show_what_they_say(place, read):
    known = {digit.image.tobytes(): (digit, label) for digit, label in zip(*read, strict=True)}
    assert len(known) == len(read[1])
    for outcome in range(3):
        page = page_with(outcome=outcome)
        shown = tiles(page)
        assert len(shown) == min(60, told(page, "outcome")[sorting.OUTCOMES[outcome]])
        for tile in shown:
            digit, label = known[picture(tile).tobytes()]
            assert tile["title"] == str(label)
            assert tile["kind"] == sorting.OUTCOMES[outcome]
            expected = "refused" if outcome == 2 else f"read as {digit.label}"
            assert tile["words"] == expected
            assert tile["told"].startswith(f"A {label}, {expected}")
            assert (digit.label == label) == (outcome == 0) or outcome == 2


def test_another_handful_is_another_and_more_are_more(place):
    page = page_with()
    first = [tile["picture"] for tile in tiles(page)]
    assert "<b>60 of 300 digits</b>" in words(page)
    settled(page.run())
    assert [tile["picture"] for tile in tiles(page)] == first
    settled(page.button("data_more").click().run())
    assert [tile["picture"] for tile in tiles(page)][:60] == first
    assert len(tiles(page)) == 120
    settled(page.button("data_another").click().run())
    second = [tile["picture"] for tile in tiles(page)]
    assert len(second) == 60
    assert second != first
    for _ in range(4):
        page.button("data_more").click().run()
    assert len({tile["picture"] for tile in tiles(settled(page))}) == 300
    assert "<b>300 digits</b>" in words(page)
    assert "data_more" not in [button.key for button in page.button]


def test_nothing_that_matches_is_told(place, read):
    refused = [
        truth
        for digit, truth in zip(*read, strict=True)
        if digit.status == "not a digit" and digit.confidence >= 0.99
    ]
    label = min(set(range(10)) - set(refused))
    page = page_with(label=label, outcome=2, sureness=2)
    assert tiles(page) == []
    assert "No digit is all of that." in words(page)
    assert page.button("data_another").disabled


def test_choices_stay_while_another_view_is_open(place):
    page = page_with()
    page.pills(key="data_label").select(3).run()
    page.segmented_control(key="data_part").select("train").run()
    counts = told(page, "outcome")
    page.segmented_control(key="data_view").select("Guess first").run()
    settled(page.segmented_control(key="data_view").select("Samples").run())
    assert page.pills(key="data_label").value == 3
    assert page.segmented_control(key="data_part").value == "train"
    assert told(page, "outcome") == counts
    assert counts["all"] == 120


def test_means_and_counts_are_numpys_own(place):
    with np.load(place) as arrays:
        digits, labels = arrays["x_train"], arrays["y_train"]
    means, spreads, counts = of_each_class(LabelledDigits(digits, labels))
    assert counts == np.bincount(labels, minlength=10).tolist()
    for label in range(10):
        of_it = digits[labels == label] / 255
        assert np.abs(means[label] / 255 - of_it.mean(axis=0)).max() <= 0.5 / 255 + 1e-6
        assert np.abs(spreads[label] / 255 - 4 * of_it.var(axis=0)).max() <= 0.5 / 255 + 1e-5
    page = page_with(view="Averages", part="train")
    assert words(page).count("data:image/png") == 20
    assert "The mean of 120 digits 7" in words(page)
    (chart,) = page.get("vega_lite_chart")
    assert "120 of 7" in chart.proto.alt
    rows = count_chart(counts).to_dict()["data"]["values"]
    assert [(row["digit"], row["digits"]) for row in rows] == [(str(c), 120) for c in range(10)]


def play(page, guess):
    """The rest of a round; `guess` gives what is guessed of a digit's place in the test part."""
    number = len(page.session_state["data_round"][1].guesses)
    while "data_again" not in [button.key for button in page.button]:
        round_ = page.session_state["data_round"][1]
        assert (round_.number, round_.shown) == (number, False)
        page.button(f"data-guess-{guess(round_.digits[number])}").click().run()
        settled(page.button("data_on").click().run())
        number += 1
    return page


def test_game_counts_what_you_and_the_network_see(place, read):
    digits, truth = read
    page = page_with(view="Guess first")
    asked = page.session_state["data_round"][1].digits
    assert len(set(asked)) == 10
    page = play(page, lambda index: (truth[index] + (index == asked[4])) % 10)
    right = sum(digits[index].text == str(truth[index]) for index in asked)
    text = words(page)
    assert f"<b>You 9, the network {right}.</b>" in text
    assert text.count("✓") == 9 + right
    assert text.count("✗") == 1 + 10 - right
    settled(page.button("data_again").click().run())
    assert page.session_state["data_round"][1].digits != asked
    assert "Digit 1 of 10." in words(page)


def test_verdict_says_who_saw_it(place, read):
    digits, truth = read
    index = next(i for i, digit in enumerate(digits) if digit.text == str(truth[i]))
    page = page_with(view="Guess first")
    of, _ = page.session_state["data_round"]
    for off, sentence in ((0, "You both saw it."), (1, "The network saw it, you said")):
        page.session_state["data_round"] = (of, Round((index,)))
        page.run()
        settled(page.button(f"data-guess-{(truth[index] + off) % 10}").click().run())
        assert f"<b>It is a {truth[index]}.</b> {sentence}" in words(page)
        assert page.button("data_on").label == "See the score"
        assert all(page.button(f"data-guess-{label}").disabled for label in range(10))


def test_truth_is_not_sent_before_the_guess(place, read):
    """What the browser gets is the same whatever the digit is, but for its picture."""
    page = page_with(view="Guess first")
    of, _ = page.session_state["data_round"]
    sent = set()
    for index in range(20):
        page.session_state["data_round"] = (of, Round((index,)))
        text = words(settled(page.run()))
        content = re.search(r'src="data:image/png;base64,([^"]+)"', text).group(1)
        assert np.array_equal(picture({"picture": f",{content}"}), read[0][index].image)
        sent.add(text.replace(content, ""))
        assert page.button("data_on").disabled
    assert len(sent) == 1
    assert "winner" not in sent.pop()


def test_other_digits_begin_another_round(place):
    page = page_with(view="Guess first")
    before = page.session_state["data_round"]
    page.button("data-guess-1").click().run()
    settled(page.segmented_control(key="data_kind").select("Hard ones").run())
    assert page.session_state["data_round"][0] != before[0]
    assert page.session_state["data_round"][1].guesses == ()


def test_other_data_than_mnist_is_shown_and_told(place):
    page = page_with()
    assert "not MNIST’s own content" in page.info[0].value
    assert "Whoever made these data" in words(page)
    assert "Census" not in words(page)


@pytest.mark.real_data
def test_mnist_itself_is_told_with_its_authors(mnist, data_folder, monkeypatch):
    monkeypatch.setenv("DIGITREC_MNIST", str(data_folder / "mnist.npz"))
    page = page_with()
    assert not page.info
    assert "Yann LeCun, Corinna Cortes, Christopher J. C. Burges; CC BY-SA 3.0" in words(page)
    assert "US Census Bureau" in words(page)
    assert "learned from 57,000 of the first" in words(page)
    assert told(page, "label") == {"all": 10_000} | {
        str(label): int((mnist.test.labels == label).sum()) for label in range(10)
    }


def test_without_data_the_page_says_how_it_comes_and_fetches_nothing():
    page = page_with()
    text = words(page)
    assert "MNIST is not on this machine yet." in text
    assert "four files, 11.6 MB in all" in text
    assert "https://ossci-datasets.s3.amazonaws.com/mnist/" in text
    assert "python scripts/fetch_data.py" in text
    assert "DIGITREC_MNIST" in text
    assert page.button("data_download").label == "Download 11.6 MB"
    assert downloads().latest is None


def test_mirror_is_named_before_the_click(monkeypatch):
    monkeypatch.setenv("DIGITREC_MIRROR", "http://mirror.example/<mnist>")
    assert "<code>http://mirror.example/&lt;mnist&gt;</code>" in words(page_with())


def test_name_that_leads_nowhere_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITREC_MNIST", str(tmp_path / "nowhere.npz"))
    page = page_with()
    assert "nowhere.npz, which DIGITREC_MNIST names" in shown(page.error[0])
    assert not page.button


def test_damaged_file_is_told_with_the_way_out(monkeypatch, tmp_path, template_mnist):
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(template_mnist.read_bytes()[:50_000])
    monkeypatch.setenv("DIGITREC_MNIST", str(damaged))
    page = page_with()
    assert "Expected an .npz archive" in shown(page.error[0])
    assert "`DIGITREC_MNIST` names it" in page.markdown[0].value
    assert not page.button
    shutil.copy(template_mnist, damaged)
    assert len(tiles(settled(page.run()))) == 60


def test_damaged_download_can_be_fetched_again(template_mnist, tmp_path):
    folder = tmp_path / "cache" / "mnist"
    folder.mkdir(parents=True)
    for name, content in packed(template_mnist).items():
        (folder / name).write_bytes(content[:-9])
    page = page_with()
    assert "Expected an IDX file" in shown(page.error[0])
    assert page.button("data_anew").label == "Delete it and download 11.6 MB again"


def test_missing_network_is_told(place, monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(tmp_path / "nothing"))
    page = page_with()
    assert "Expected an artifact folder" in shown(page.error[0])


@pytest.mark.parametrize(
    "data", [None, "mine", [None], [{"name": MNIST["name"], "digits": {"training": "many"}}]]
)
def test_card_from_elsewhere_tells_no_more_than_it_can(data):
    told = about_html(None, {"data": data})
    assert MNIST["authors"] in told
    assert "learned from" not in told
