"""A retraining from a store of corrections to a new version, or to the reason why there is none."""

import shutil

import numpy as np
import pytest
from conftest import fingerprint, run_in_own_process, train
from teaching import correction, corrections_by, own_hand, sevens_as_ones, stored, wrong_at_random

from digitrec.errors import ArtifactNotFoundError, DatasetError
from digitrec.models import load_artifact
from digitrec.recognizer import Recognizer
from digitrec.retraining_state import (
    read_state,
)
from digitrec.versions import PREDECESSORS, rollback, versions

pytestmark = pytest.mark.usefixtures("own_places")


@pytest.fixture
def artifact(tiny_artifact, tmp_path):
    return shutil.copytree(tiny_artifact, tmp_path / "artifact")


@pytest.fixture
def learn(artifact, template_mnist, tmp_path):
    """Retrain on these corrections, as a user does."""

    def run(corrections, *options, how=train):
        place = stored(tmp_path, corrections)
        options = ["--unchecked", "--mnist", template_mnist, "--quiet", *options]
        return how("--corrections", place, "--output", artifact, *options)

    return run


def read_rightly(artifact, corrections):
    recognizer = Recognizer(artifact)
    digits = [recognizer.read_strokes(c.strokes).digits for c in corrections]
    return sum(
        len(found) == 1 and found[0].status != "not a digit" and found[0].label == c.label
        for found, c in zip(digits, corrections, strict=True)
    )


def rows(text):
    """The table's rows: before, after and number by name."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {cells[0]: [int(c.replace(",", "")) for c in cells[1:4]] for cells in lines[2:]}


def test_new_hand_is_learned_and_promoted_and_can_be_taken_back(artifact, learn):
    before, old = fingerprint(artifact), versions(artifact)[0]
    corrections = corrections_by(own_hand, 48)
    unseen = corrections_by(own_hand, 40, seed=9)
    misread = len(unseen) - read_rightly(artifact, unseen)
    done = learn(corrections)
    assert done.returncode == 0, done.stderr
    shown = rows(done.stdout)
    had, has, number = shown["all corrections"]
    assert number == 48
    assert has >= had + 10
    assert shown["corrections held out"][1] > shown["corrections held out"][0]
    assert "The new network is in use" in done.stdout
    assert len(unseen) - read_rightly(artifact, unseen) < misread - 5

    new, kept = versions(artifact)
    assert (kept.name, kept.sha256) == (old.name, old.sha256)
    card = load_artifact(artifact).card
    held_out = sum(c.held_out for c in corrections)
    assert card["corrections"] == {
        "learned": 48 - held_out,
        "held out": held_out,
        "confirmed": 0,
        "labels": {"1": 24, "6": 24},
    }
    assert card["predecessor"] == {"name": old.name, "sha256": old.sha256}
    assert card["promotion"]["promoted"] is True
    assert [row["after"] for row in card["promotion"]["rows"]] == [r[1] for r in shown.values()]
    assert card["figures"]["test_digits"] == 300
    assert card["command"] == "python -m digitrec train --corrections"
    assert new.created > old.created
    names = {name for name in fingerprint(artifact) if not name.startswith(PREDECESSORS)}
    assert names >= {"model.keras", "model.tflite", "model.int8.tflite", "history.csv"}
    assert names >= {"report/report.json", "report/curves.png", "report/shapes.png"}
    state = read_state()
    assert (state.outcome, state.share) == ("promoted", 1)
    assert [row["name"] for row in state.rows] == list(shown)
    assert f"--artifact {artifact}" in state.message

    rollback(artifact)
    again = fingerprint(artifact)
    assert {name: again[name] for name in before} == before

    # What the new network learned once, it need not learn again.
    rollback(artifact)
    right = [c for c in corrections if read_rightly(artifact, [c])]
    done = learn_again(artifact, right, learn)
    assert "nothing to gain" in done.stdout


def learn_again(artifact, corrections, learn):
    shutil.rmtree(artifact.parent / "again", ignore_errors=True)
    place = artifact.parent / "corrections.sqlite"
    place.unlink()
    before = fingerprint(artifact)
    done = learn(corrections)
    assert done.returncode == 0, done.stderr
    assert fingerprint(artifact) == before
    return done


def test_wrong_labels_by_system_are_refused(artifact, learn):
    before = fingerprint(artifact)
    corrections = corrections_by(sevens_as_ones, 48)
    done = learn(corrections)
    assert done.returncode == 0, done.stderr
    assert "The old network stays." in done.stdout
    assert "corrections labelled 1 look like 7" in done.stdout
    assert fingerprint(artifact) == before
    state = read_state()
    assert state.outcome == "refused"
    assert state.message in done.stdout
    assert set(state.suspicious) <= {c.key for c in corrections}
    assert len(state.suspicious) > 24


def test_wrong_labels_at_random_are_refused_and_force_says_what_it_overrides(artifact, learn):
    old = versions(artifact)[0]
    done = learn(corrections_by(wrong_at_random, 48), "--force")
    assert done.returncode == 0, done.stderr
    assert "is in use by force, although: " in done.stdout
    assert "of the 12 corrections that were held out have labels that neither" in done.stdout
    assert versions(artifact)[1].name == old.name
    card = load_artifact(artifact).card
    assert (card["promotion"]["forced"], card["promotion"]["promoted"]) == (True, False)
    assert card["command"] == "python -m digitrec train --corrections --force"
    assert len(read_state().suspicious) > 8


def test_few_corrections_are_held_out_in_turn_and_a_try_changes_nothing(artifact, learn):
    before = fingerprint(artifact.parent)
    done = learn(corrections_by(own_hand, 2), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert rows(done.stdout)["corrections, each held out in turn"][2] == 2
    assert "There are only 2 corrections" in done.stdout
    assert read_state().outcome in {"tried", "refused"}
    after = fingerprint(artifact.parent)
    assert {name: after[name] for name in before} == before
    assert not list(artifact.parent.glob(".artifact*"))


@pytest.mark.parametrize("options", [(), ("--force",), ("--dry-run",)])
def test_empty_store_is_told(artifact, learn, options):
    before = fingerprint(artifact)
    done = learn([], *options)
    assert done.returncode == 1
    assert "Received: none in" in done.stderr
    assert "corrections.sqlite" in done.stderr
    assert "Traceback" not in done.stderr
    assert fingerprint(artifact) == before
    assert read_state().outcome == "failed"


def test_store_that_cannot_be_opened_is_told(artifact, tmp_path):
    (tmp_path / "broken.sqlite").write_bytes(b"no database" * 100)
    done = train("--corrections", tmp_path / "broken.sqlite", "--output", artifact)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "broken.sqlite" in done.stderr


def test_missing_mnist_names_what_fetches_it(artifact, tmp_path):
    place = stored(tmp_path, corrections_by(own_hand, 3))
    done = train("--corrections", place, "--output", artifact)
    assert done.returncode == 1
    assert "scripts/fetch_data.py" in done.stderr
    assert "DIGITREC_MNIST" in done.stderr


def test_other_digits_than_the_training_s_are_refused(artifact, template_mnist, tmp_path):
    from digitrec.learning.retraining import Request, retrain

    with np.load(template_mnist) as arrays:
        other = dict(arrays)
    other["x_train"] = other["x_train"][::-1]
    np.savez(tmp_path / "other.npz", **other)
    place = stored(tmp_path, corrections_by(own_hand, 3))
    request = Request(artifact, place, mnist=str(tmp_path / "other.npz"), check=False)
    with pytest.raises(DatasetError, match="was trained on"):
        retrain(request, tmp_path / "state")


def test_corrections_that_are_judges_of_mnist_teach_nothing(artifact, template_mnist, tmp_path):
    from digitrec.learning.retraining import Request, retrain

    with np.load(template_mnist) as arrays:
        place = stored(tmp_path, [correction(image, 1) for image in arrays["x_test"][:3]])
    request = Request(artifact, place, mnist=str(template_mnist), check=False)
    with pytest.raises(DatasetError, match="that judge"):
        retrain(request, tmp_path / "state")
    assert read_state(tmp_path / "state").outcome == "failed"


def test_missing_artifact_is_told(tmp_path, template_mnist):
    from digitrec.learning.retraining import Request, retrain

    place = stored(tmp_path, corrections_by(own_hand, 3))
    request = Request(tmp_path / "nowhere", place, mnist=str(template_mnist), check=False)
    with pytest.raises(ArtifactNotFoundError):
        retrain(request, tmp_path / "state")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--corrections", "--epochs=3"], "--epochs"),
        (["--corrections", "--resume"], "--resume"),
        (["--force"], "--corrections"),
        (["--dry-run"], "--corrections"),
    ],
)
def test_options_of_another_kind_of_training_are_refused(arguments, word):
    done = run_in_own_process("train.py", *arguments)
    assert done.returncode == 2
    assert word in done.stderr
