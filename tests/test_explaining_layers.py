"""Every layer of a network, looked at in its float32 file: against Keras and the classifier."""

import shutil

import numpy as np
import pytest

from digitrec.classifier import Classifier
from digitrec.errors import ArtifactError, DigitsError
from digitrec.explaining.graph import WHOLE, View
from digitrec.explaining.layers import FLOAT32, Network
from digitrec.logits import sigmoid, softmax
from digitrec.models import DEFAULT_ARTIFACT, load_artifact
from digitrec.versions import write_card
from digitrec.web.inside import layer_words

SHAPES = {
    "tiny_cnn": [(8, 14, 14), (16, 7, 7)],
    "dense": [(128, 1, 1), (64, 1, 1)],
    "simple_cnn": [(32, 26, 26), (32, 13, 13), (100, 1, 1)],
    "dropout_cnn": [(64, 28, 28), (64, 14, 14), (32, 14, 14), (32, 7, 7), (256, 1, 1)],
    "keras_convnet": [(32, 26, 26), (32, 13, 13), (64, 11, 11), (64, 5, 5)],
}


def artifact_of(folder, content):
    """An artifact of that float32 network alone."""
    (folder / FLOAT32).write_bytes(content)
    write_card(folder, {"runtime": {"file": FLOAT32}, "temperature": 1.0})
    return load_artifact(folder)


@pytest.fixture(scope="module")
def shipped():
    return Network(load_artifact())


def test_scores_are_the_sums_that_the_classifier_answers_with(shipped, templates):
    artifact = load_artifact()
    classifier = Classifier(artifact.folder / FLOAT32, temperature=artifact.temperature)
    probabilities, scores = classifier.judge(templates)
    for digit, wanted, score in zip(templates, probabilities, scores, strict=True):
        inside = shipped.look(digit)
        assert inside.scores.contributions.shape == (11, 128)
        sums = inside.scores.contributions.sum(axis=1) + inside.scores.bias
        np.testing.assert_allclose(sums, inside.logits, atol=1e-4)
        np.testing.assert_allclose(inside.scores.sums, inside.logits, atol=1e-4)
        found = softmax(inside.logits[None, :10] / np.float32(artifact.temperature))[0]
        np.testing.assert_allclose(found, wanted, atol=1e-4)
        # The logits themselves, which one constant might move without changing a probability.
        np.testing.assert_allclose(sigmoid(inside.logits[10:]), score, atol=1e-4)


def test_shipped_layers_are_as_trained(shipped, templates):
    inside = shipped.look(templates[4])
    assert [layer.maps.shape for layer in inside.layers] == [
        *[(16, 26, 26), (32, 24, 24), (32, 12, 12), (64, 10, 10)],
        *[(64, 8, 8), (64, 4, 4), (128, 1, 1)],
    ]
    assert [layer.name for layer in inside.layers] == [f"convolution {n}" for n in range(1, 8)]
    assert all((layer.maps >= 0).all() and layer.maps.any() for layer in inside.layers)
    assert all(layer.filters is None for layer in inside.layers[1:])


def test_first_layer_is_its_filters_moved_over_the_drawing(shipped, templates):
    layer = shipped.look(templates[2]).layers[0]
    drawing = templates[2].astype(np.float32) / 255
    patches = np.lib.stride_tricks.sliding_window_view(drawing, (3, 3))
    sums = np.einsum("yxij,cij->cyx", patches, layer.filters) + layer.bias[:, None, None]
    np.testing.assert_allclose(np.maximum(sums, 0), layer.maps, atol=1e-4)


def test_a_unit_answers_to_what_it_looks_at_and_to_nothing_else(shipped, templates):
    """Noise outside of a unit's part leaves it as it was; inside it does not."""
    rng = np.random.default_rng(0)
    digit = templates[8]
    before = shipped.look(digit).layers
    for number, place in ((0, 12), (1, 3), (2, 5), (3, 0), (4, 4), (5, 1)):
        view = before[number].view
        rows, columns = (
            slice(max(0, start + place * step), start + place * step + size)
            for start, step, size in zip(view.start, view.step, view.size, strict=True)
        )
        outside = rng.integers(0, 256, (28, 28)).astype(np.uint8)
        inside = outside.copy()
        outside[rows, columns] = digit[rows, columns]
        inside[: rows.start], inside[rows.stop :] = digit[: rows.start], digit[rows.stop :]
        here = before[number].maps[:, place, place]
        after = shipped.look(outside).layers[number].maps[:, place, place]
        np.testing.assert_allclose(after, here, atol=1e-4)
        changed = shipped.look(inside).layers[number].maps[:, place, place]
        assert np.abs(changed - here).max() > 0.1


def test_looks_do_not_disturb_each_other(shipped, templates):
    first = shipped.look(templates[3])
    kept = [layer.maps.copy() for layer in first.layers]
    shipped.look(templates[7])
    assert all((a == b.maps).all() for a, b in zip(kept, first.layers, strict=True))


@pytest.mark.parametrize("architecture", SHAPES)
def test_other_architectures_show_what_keras_computes(architecture, templates, tmp_path):
    import keras

    from digitrec.learning.architectures import build
    from digitrec.learning.exporting import export_float32

    keras.utils.set_random_seed(1)
    model = build(architecture)
    inside = Network(artifact_of(tmp_path, export_float32(model))).look(templates[6])
    assert [layer.maps.shape for layer in inside.layers] == SHAPES[architecture]
    kinds = [keras.layers.ReLU, keras.layers.MaxPooling2D, keras.layers.Dense]
    if architecture != "tiny_cnn":  # whose convolutions have their ReLU in a layer of its own
        kinds.append(keras.layers.Conv2D)
    kept = [layer for layer in model.layers[:-1] if isinstance(layer, tuple(kinds))]
    computed = keras.Model(model.inputs[0], [layer.output for layer in kept])(templates[6:7])
    for layer, output in zip(inside.layers, computed, strict=True):
        wanted = keras.ops.convert_to_numpy(output)[0]  # (H, W, C) or (C,)
        found = np.moveaxis(layer.maps, 0, -1).reshape(wanted.shape)
        np.testing.assert_allclose(found, wanted, atol=1e-4)
    logits = keras.ops.convert_to_numpy(model(templates[6:7]))[0]
    np.testing.assert_allclose(inside.logits, logits, atol=1e-4)
    np.testing.assert_allclose(inside.scores.sums, logits, atol=1e-4)
    weights, bias = (keras.ops.convert_to_numpy(w) for w in model.layers[-1].weights)
    np.testing.assert_allclose(inside.scores.bias, bias, atol=1e-6)
    assert inside.scores.contributions.shape == weights.T.shape
    first = inside.layers[0]
    said = [layer_words.words(inside.layers, place) for place in range(len(inside.layers))]
    made_smaller = ["made smaller" in words_of_it for words_of_it in said]
    assert made_smaller == [layer.kind == "pooling" for layer in inside.layers]
    if architecture == "dense":
        assert "with weights of its own, shown above its answer" in said[0]
        assert first.filters.shape == (128, 28, 28)
        assert first.view == WHOLE
        sums = first.filters.reshape(128, -1) @ (templates[6].reshape(-1) / 255) + first.bias
        np.testing.assert_allclose(np.maximum(sums, 0), first.maps[:, 0, 0], atol=1e-4)
    if architecture == "keras_convnet":
        assert [layer.kind for layer in inside.layers] == ["convolution", "pooling"] * 2
        assert inside.layers[3].view == View((10, 10), (4, 4), (0, 0))
    if architecture == "dropout_cnn":  # an even filter pads at the end alone
        assert first.view == View((2, 2), (1, 1), (0, 0))


def test_last_layer_that_is_no_sum_is_left_out(templates, tmp_path):
    import keras
    import tensorflow as tf

    inputs = keras.Input((28, 28), dtype="uint8")
    x = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(inputs))
    x = keras.layers.Dense(20, activation="relu")(x)
    outputs = keras.layers.Dense(10, activation="tanh")(x)
    converter = tf.lite.TFLiteConverter.from_keras_model(keras.Model(inputs, outputs))
    inside = Network(artifact_of(tmp_path, converter.convert())).look(templates[0])
    assert inside.scores is None
    assert [layer.maps.shape for layer in inside.layers] == [(20, 1, 1)]
    assert inside.logits.shape == (10,)


def test_missing_damaged_and_foreign_files_are_told(tmp_path):
    folder = tmp_path / "artifact"
    shutil.copytree(DEFAULT_ARTIFACT, folder)
    artifact = load_artifact(folder)
    (folder / FLOAT32).write_bytes(b"half a file")
    with pytest.raises(ArtifactError, match="another content"):
        Network(artifact)
    (folder / FLOAT32).unlink()
    with pytest.raises(ArtifactError, match="a folder without it"):
        Network(artifact)
    with pytest.raises(ArtifactError, match="cannot be loaded"):
        Network(artifact_of(tmp_path, b"no network at all"))


def test_what_is_no_digit_is_refused(shipped):
    with pytest.raises(DigitsError, match="Expected one digit"):
        shipped.look(np.zeros((28, 28), np.float32))
    with pytest.raises(DigitsError, match="Expected one digit"):
        shipped.look(np.zeros((1, 28, 28), np.uint8))
