"""How corrections are shown to a network, and what it keeps of what it knew."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from teaching import correction, corrections_by, own_hand, sevens_as_ones

from digitrec.corrections import NOT_A_DIGIT
from digitrec.datasets import LabelledDigits, load_mnist
from digitrec.errors import ArtifactError
from digitrec.learning.material import Material, split
from digitrec.learning.mixture import compose, epoch_size, prepare
from digitrec.models import load_artifact


@pytest.fixture(scope="module")
def artifact(tiny_artifact):
    return load_artifact(tiny_artifact)


@pytest.fixture(scope="module")
def recipe(artifact):
    from digitrec.learning.finetuning import FineTuning, recipe_of, shortened

    return shortened(recipe_of(artifact), FineTuning(epochs=2, replayed=200))


@pytest.fixture(scope="module")
def pools(template_mnist, recipe):
    material = Material(load_mnist(template_mnist, check=False).train)
    return prepare(material, recipe, progress=False)


def test_what_a_training_held_out_stays_held_out(artifact, template_mnist, recipe):
    from digitrec.learning.finetuning import recipe_of

    digits = load_mnist(template_mnist, check=False).train
    whole, short = (split(digits, one) for one in (recipe_of(artifact), recipe))
    assert np.array_equal(whole[1].digits, short[1].digits)
    assert len(short[0]) == 200
    assert recipe.learning_rate < recipe_of(artifact).learning_rate / 2


@pytest.mark.parametrize("count", [1, 7, 60, 2_000])
def test_corrections_are_a_small_part_of_an_epoch(pools, recipe, count):
    from digitrec.learning.finetuning import SHIPPED, with_corrections

    shown = with_corrections(pools, corrections_by(own_hand, count), recipe)
    added = epoch_size(shown, recipe, 1) - epoch_size(pools, recipe, 1)
    assert 0 < added <= 1.01 * SHIPPED.corrections_share * epoch_size(shown, recipe, 1)
    assert added <= SHIPPED.repeats * count
    epoch = compose(shown, recipe, 1)
    assert len(epoch) == epoch_size(shown, recipe, 1)
    labels = np.bincount(epoch.labels + 1, minlength=11)
    before = np.bincount(compose(pools, recipe, 1).labels + 1, minlength=11)
    if count == 7:
        assert ((labels - before)[[2, 7]] > 10).all()  # ones and sixes


def test_strokes_are_drawn_by_other_pens_and_pictures_stay(pools, recipe):
    from digitrec.learning.finetuning import with_corrections

    (drawn,) = corrections_by(own_hand, 1)
    picture = correction(drawn.image, NOT_A_DIGIT)
    for given, kinds in ((drawn, 8), (picture, 1)):
        shown = with_corrections(pools, [given], recipe).corrections
        assert set(shown.labels.tolist()) == {given.label}
        seen = {digit.tobytes() for digit in shown.digits}
        assert given.image.tobytes() in seen
        assert len(seen) >= kinds
        assert len(seen) == 1 or kinds > 1


def test_no_corrections_leave_the_pools_as_they_are(pools, recipe):
    from digitrec.learning.finetuning import with_corrections

    assert with_corrections(pools, [], recipe) is pools


def test_network_learns_a_new_hand_and_keeps_what_it_knew(artifact, pools, recipe):
    from digitrec.learning.finetuning import FineTuning, School, load_network
    from digitrec.learning.training import Run, predict_logits

    network = load_network(artifact)
    before = network.get_weights()
    taught, unseen = corrections_by(own_hand, 24), corrections_by(own_hand, 24, seed=4)
    shares = []
    run = Run(keep=False, progress=False, told=shares.append)
    school = School(network, pools, replace(recipe, epochs=4), FineTuning(repeats=30))
    learned = school.teach(taught, run)
    for old, new in zip(before, network.get_weights(), strict=True):
        assert np.array_equal(old, new)
    assert shares == sorted(shares)
    assert shares[-1] == 1

    def reads(model, digits, labels):
        return int((predict_logits(model, digits)[:, :10].argmax(axis=1) == labels).sum())

    images = np.stack([c.image for c in unseen])
    labels = np.array([c.label for c in unseen])
    assert reads(learned.model, images, labels) >= reads(network, images, labels) + 5
    known = pools.validation.mnist
    kept = reads(learned.model, known.digits, known.labels)
    assert kept >= reads(network, known.digits, known.labels) - 10
    again = school.teach(taught, Run(keep=False, progress=False))
    for one, other in zip(learned.model.get_weights(), again.model.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_what_is_no_digit_is_learned_as_such(artifact, pools, recipe):
    from digitrec.learning.finetuning import School, load_network
    from digitrec.learning.training import Run, predict_logits

    network = load_network(artifact)
    nones = [correction(c.image, NOT_A_DIGIT, strokes=c.strokes) for c in no_digits(20)]
    images = np.stack([c.image for c in nones])
    learned = School(network, pools, replace(recipe, epochs=3)).teach(
        nones, Run(keep=False, progress=False)
    )
    before, after = (predict_logits(m, images)[:, 10].mean() for m in (network, learned.model))
    assert after < before - 0.5


def no_digits(count):
    """Crossed boxes, which a network of ten shapes takes for digits as often as not."""
    box = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], [[0, 0], [1, 1]]]
    shape = [np.array(stroke, float) for stroke in box]
    return corrections_by(lambda number, rng: (0, shape), count)


def test_card_without_recipe_or_network_is_told(tiny_artifact, tmp_path):
    from digitrec.learning.finetuning import load_network, recipe_of

    copy = shutil.copytree(tiny_artifact, tmp_path / "copy")
    card = json.loads((copy / "card.json").read_text())
    (copy / "card.json").write_text(json.dumps(card | {"recipe": {}}))
    with pytest.raises(ArtifactError, match=r"Expected .*recipe.*Received"):
        recipe_of(load_artifact(copy))
    (copy / "model.keras").write_bytes(b"half")
    with pytest.raises(ArtifactError, match="sha256"):
        load_network(load_artifact(copy))
    (copy / "model.keras").unlink()
    with pytest.raises(ArtifactError, match="a folder without it"):
        load_network(load_artifact(copy))


def test_network_of_another_architecture_is_told(artifact, pools, recipe):
    from digitrec.learning.finetuning import School, load_network
    from digitrec.learning.training import Run

    school = School(load_network(artifact), pools, replace(recipe, architecture="dense"))
    with pytest.raises(ArtifactError, match="dense"):
        school.teach(corrections_by(own_hand, 2), Run(keep=False, progress=False))


def test_unlabelled_is_never_shown_as_a_digit(pools, recipe):
    from digitrec.learning.batches import Batches
    from digitrec.learning.finetuning import with_corrections

    none = correction(np.full((28, 28), 200, np.uint8), NOT_A_DIGIT)
    emptied = replace(pools, outliers=LabelledDigits(pools.outliers.digits[:0], np.zeros(0, int)))
    shown = with_corrections(emptied, [none], recipe)
    targets = np.concatenate(
        [batch[1] for batch in map(Batches(shown, recipe, 0).__getitem__, [0])]
    )
    assert (targets.sum(axis=1) == 0).any()


def test_network_goes_no_further_than_it_forgets_nothing(artifact, pools, recipe):
    """Harmless lessons are taken whole; of one that unlearns its 7s little is left."""
    from digitrec.learning.finetuning import School, load_network
    from digitrec.learning.finishing import exam_of
    from digitrec.learning.promotion import Bench, judge_validation
    from digitrec.learning.stepping import STEPS, step_back
    from digitrec.learning.strangers import answering, in_keras
    from digitrec.learning.training import Run

    network = load_network(artifact)
    exam = exam_of(pools, recipe, pools.validation.mnist)
    known = (("MNIST", pools.validation.mnist), ("varied", exam.varied))
    bench = Bench(known, pools.validation)
    school = School(network, pools, recipe)
    steps = {}
    for name, lesson in (("none", []), ("wrong", corrections_by(sevens_as_ones, 60))):
        learned = school.teach(lesson, Run(keep=False, progress=False))
        stepped, steps[name] = step_back(network, learned, artifact.card, exam, bench)
        ends = zip(network.get_weights(), learned.model.get_weights(), strict=True)
        for weight, (old, new) in zip(stepped.model.get_weights(), ends, strict=True):
            assert np.allclose(weight, old + steps[name] * (new - old), atol=1e-6)
        before = answering(in_keras(network, artifact.temperature), artifact.digit_threshold)
        after = answering(in_keras(learned.model, artifact.temperature), artifact.digit_threshold)
        whole = judge_validation(before, after, bench)
        assert whole.promoted or steps[name] < 1
    assert STEPS[0] == steps["none"] > steps["wrong"]
