"""The page Model, section by section, through Streamlit's own test runner."""

import json
import shutil

import numpy as np
import pytest
from drawn_page import shown
from modelling import told
from streamlit.testing.v1 import AppTest

from digitrec.datasets import load_mnist
from digitrec.models import load_artifact
from digitrec.recognizer import Recognizer
from digitrec.retraining_state import RetrainingState, state_folder, write_state
from digitrec.versions import new_artifact

SECTIONS = ["Test set", "Confidence", "Other hands", "Training", "Compared", "Card", "Learn"]


@pytest.fixture(autouse=True)
def no_data(monkeypatch, tmp_path):
    """MNIST is on this machine only where a test says so."""
    monkeypatch.setenv("DIGITREC_MNIST", str(tmp_path / "nowhere.npz"))


@pytest.fixture
def artifact(tiny_artifact, tmp_path, monkeypatch):
    """A copy of the tiny artifact, which the page shows."""
    folder = shutil.copytree(tiny_artifact, tmp_path / "artifact")
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(folder))
    return folder


@pytest.fixture
def full(tiny_artifact, tmp_path, monkeypatch):
    """The same with an evaluation and the classic networks."""
    folder = told(tmp_path / "full", tiny_artifact)
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(folder))
    return folder


def model_page():
    from digitrec.web import model_page

    model_page.show()


def opened(section, **state):
    page = AppTest.from_function(model_page, default_timeout=60)
    page.session_state["part"] = section
    for key, value in state.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception
    return page


def words(page):
    parts = [element.proto.body for element in page.get("html")]
    parts += [element.value for element in (*page.caption, *page.info, *page.markdown)]
    return " ".join(parts)


def charts(page):
    """What each chart says to a screen reader."""
    return [chart.proto.alt for chart in page.get("vega_lite_chart")]


def rewrite(folder, name, change):
    """Change a JSON file of an artifact."""
    path = folder / name
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_shipped_network_is_shown_in_every_section(monkeypatch):
    monkeypatch.delenv("DIGITREC_ARTIFACT", raising=False)
    drawn = {}
    for section in SECTIONS:
        page = opened(section)
        drawn[section] = len(charts(page))
        assert all(len(alt) > 30 for alt in charts(page))
        assert not page.info
        assert ">322,139<" in words(page)
        assert "of the test set right" in words(page)
        assert "Pen-Based Recognition of Handwritten Digits" in words(page)
    assert list(drawn.values()) == [1, 2, 1, 3, 1, 0, 0]


def test_full_artifact_has_a_chart_or_a_table_of_each_fact(full):
    page = opened("Confidence")
    assert len(charts(page)) == 2
    assert "94.0 %" in words(page)
    page = opened("Other hands")
    (chart,) = charts(page)
    assert "3 sets of digits" in chart
    assert "98.00 % right (MNIST, blurred)" in chart
    for fact in ("own pictures", "person04", ">97.90<", ">50.00<", ">36.70<"):
        assert fact in words(page)
    page = opened("Compared")
    assert "tiny_cnn (this one)" in words(page)
    assert "dense: MNIST's test set 97.5 %, own pictures 84.3 %" in charts(page)[0]
    head = words(opened("Card"))
    assert "other people&#x27;s digits right" in head
    assert "points off when it says how sure it is" in head


def test_tiny_artifact_has_words_instead_of_what_it_lacks(artifact):
    assert "has not been evaluated" in opened("Confidence").info[0].value
    assert "has not been evaluated" in opened("Other hands").info[0].value
    assert "has not been compared" in opened("Compared").info[0].value
    shutil.rmtree(artifact / "report")
    (artifact / "history.csv").unlink()
    assert "has no report on a test set" in opened("Test set").info[0].value
    assert "has no history" in opened("Training").info[0].value
    rewrite(artifact, "card.json", lambda card: [card.pop(k) for k in ("recipe", "data")])
    assert [info.value for info in opened("Training").info][1:] == [
        "The card of this artifact does not say what it learned from.",
        "The card of this artifact holds no recipe.",
    ]


def test_older_evaluation_has_words_instead_of_its_diagrams(full):
    def older(content):
        for name in ("confusions", "reliability"):
            del content[name]
        del content["rejection"]["curve"]

    rewrite(full, "report/evaluation.json", older)
    page = opened("Confidence")
    assert charts(page) == []
    assert "94.0 %" in words(page)
    assert words(page).count("an older one") == 2
    assert [box.key for box in opened("Test set").selectbox] == ["model_truth", "model_answer"]


@pytest.mark.parametrize("created", [None, "2020-01-01T10:00:00", "yesterday", 5, ["x"]])
def test_foreign_card_is_shown_as_far_as_it_makes_sense(artifact, monkeypatch, tmp_path, created):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    state_folder().mkdir(parents=True)
    begun = "2026-01-01T00:00:00+00:00"
    write_state(state_folder(), RetrainingState("promoted", "", 1.0, begun, 1, "Better."))
    junk = {"figures": [1], "parameters": "many", "data": "mine", "recipe": 7, "versions": []}
    junk |= {"duration_seconds": "1 h", "exported": "no", "promotion": {"rows": [3]}}

    def change(card):
        card.update(junk, created=created)
        if created is None:
            del card["created"]

    rewrite(artifact, "card.json", change)
    for section in SECTIONS if created is None else SECTIONS[-2:]:
        page = opened(section)
        assert "of an unknown kind" in words(page)
    # Only a network that is older than the training was surely taken up again.
    assert [b.key for b in page.button] == ["retraining_start"] + (
        ["retraining_back"] if created != "2020-01-01T10:00:00" else []
    )


def test_second_click_does_not_bring_back_what_was_gone_back_from(artifact, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    state_folder().mkdir(parents=True)
    begun = "2026-01-01T00:00:00+00:00"
    write_state(state_folder(), RetrainingState("promoted", "", 1.0, begun, 1, "Better."))
    with new_artifact(artifact) as fresh:
        shutil.copytree(artifact, fresh, dirs_exist_ok=True)
        rewrite(fresh, "card.json", lambda card: card.update(created="2026-02-01T00:00:00+00:00"))
    first, second = opened("Learn"), opened("Learn")
    for page in (first, second):
        page.button("retraining_back").click().run()
        assert not page.exception
        assert load_artifact(artifact).card["created"] != "2026-02-01T00:00:00+00:00"
    assert not first.error
    assert "another one in use by now" in shown(second.error[0])


def test_history_of_one_epoch_and_one_value_is_shown(artifact):
    (artifact / "history.csv").write_text("epoch,validation_accuracy\n1,0.9\n")
    assert "In the end: validation 90." in " ".join(charts(opened("Training")))


def test_history_tells_of_exports_and_of_what_it_took_the_place_of(artifact):
    def learned(card):
        card["exported"] = {"created": "2026-02-03T04:05:06", "command": "python export.py"}
        card["corrections"] = {"learned": 5, "labels": {"7": 6}}
        card["predecessor"] = {"name": "2026-01-01-abcdef01"}
        rows = [{"name": "held out", "before": 1, "after": 2, "number": 3, "verdict": "better"}]
        card["promotion"] = {"rows": rows, "forced": True}
        card["created"] = "2030-01-01T00:00:00+00:00"

    first = load_artifact(artifact).card["files"]["model.int8.tflite"]["sha256"]
    with new_artifact(artifact) as fresh:
        shutil.copytree(artifact, fresh, dirs_exist_ok=True)
        rewrite(fresh, "card.json", learned)
    page = opened("Card")
    for fact in ("Exported again</b>, 2026-02-03 04:05 UTC", "Taught corrections", "by force"):
        assert fact in words(page)
    assert [code.value for code in page.code][-1] == "python export.py"
    assert words(page).count(first) >= 2  # its own file, and the version before
    assert "2026-01-01-abcdef01" in words(page)


def test_mistakes_are_a_table_where_the_digits_are_not_at_hand(artifact):
    report = json.loads((artifact / "report" / "report.json").read_text())
    worst = report["mistakes"][0]
    page = opened("Test set")
    assert f"<b>{len(report['mistakes'])} mistakes</b>" in words(page)
    assert "fetch_data.py" in words(page)
    page.selectbox("model_truth").select(str(worst["truth"])).run()
    page.selectbox("model_answer").select(str(worst["answer"])).run()
    number = report["confusion"][worst["truth"]][worst["answer"]]
    table = words(page).partition("<caption>Mistakes</caption>")[2].partition("</table>")[0]
    assert table.count('<th scope="row">') == number
    page.selectbox("model_answer").select(str(worst["truth"])).run()
    assert "is no mistake" in words(page)
    page.button("model_all").click().run()
    assert f"<b>{len(report['mistakes'])} mistakes</b>" in words(page)


def test_mistakes_at_hand_are_shown_by_truth_and_answer(artifact, monkeypatch, template_mnist):
    monkeypatch.setenv("DIGITREC_MNIST", str(template_mnist))
    test = load_mnist(template_mnist, check=False).test
    answers = Recognizer(artifact).classify(test.digits).argmax(axis=1)
    wrong = np.flatnonzero(answers != test.labels)
    assert len(wrong) > 1
    page = opened("Test set")
    assert f"<b>{len(wrong)} of 300 digits</b>" in words(page)
    assert words(page).count("<li ") == min(len(wrong), 48)
    truth, answer = int(test.labels[wrong[0]]), int(answers[wrong[0]])
    page.selectbox("model_truth").select(str(truth)).run()
    same_truth = test.labels[wrong] == truth
    assert words(page).count(f'alt="a {truth}, read as') == same_truth.sum()
    page.selectbox("model_answer").select(str(answer)).run()
    number = int((same_truth & (answers[wrong] == answer)).sum())
    assert words(page).count("<li ") == number
    assert words(page).count(f'alt="a {truth}, read as {answer},') == number
    page.selectbox("model_answer").select(str(truth)).run()
    assert "The least sure come first." in words(page)
    # Nobody's MNIST: its own report stays a choice of its own.
    assert page.selectbox("model_set").options == ["the digits on this machine", "its own test set"]


def test_set_that_is_gone_gives_way_to_the_first(full):
    page = opened("Test set", model_set="own_digits")
    assert "6 of 986 digits" in words(page)
    assert "its digits are not kept" in words(page)
    shutil.rmtree(full / "report")
    page.run()
    assert not page.exception
    assert "has no report" in page.info[0].value


def test_damaged_digits_are_told_and_the_report_is_shown(artifact, monkeypatch, tmp_path):
    (tmp_path / "bad.npz").write_bytes(b"PK nothing")
    monkeypatch.setenv("DIGITREC_MNIST", str(tmp_path / "bad.npz"))
    page = opened("Test set")
    assert "Expected" in page.warning[0].value
    assert len(charts(page)) == 1


def test_running_training_opens_its_own_section(artifact, monkeypatch):
    monkeypatch.setattr("digitrec.web.model_page.is_running", lambda: True)
    page = AppTest.from_function(model_page, default_timeout=60).run()
    assert not page.exception
    assert "Learn from corrections" in words(page)
