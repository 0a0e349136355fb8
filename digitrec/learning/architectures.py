"""The networks: digits (N, 28, 28) uint8 in, logits out.

Scaling to 0-1 is the first layer, so that nothing outside a network ever handles a
float pixel. Ten logits are of the classes; an eleventh, which our own networks have, is of
"this is a digit" against "this is none".
"""

from __future__ import annotations

from collections.abc import Callable

import keras
from keras import layers

from digitrec.errors import RecipeError

CLASSES = 10
OUTPUTS = CLASSES + 1  # the classes, and whether it is a digit


def build(architecture: str) -> keras.Model:
    """A new, untrained network.

    Args:
        architecture: a key of `ARCHITECTURES`.

    Returns:
        A model from (N, 28, 28) uint8 to float32 logits, (N, 11) or (N, 10).

    Raises:
        RecipeError: the name is unknown.
    """
    check(architecture)
    digits = keras.Input((28, 28), dtype="uint8", name="digits")
    scaled = layers.Rescaling(1 / 255, name="scale")(digits)
    planes = keras.ops.expand_dims(scaled, -1)  # (N, 28, 28, 1)
    logits = ARCHITECTURES[architecture](planes)
    return keras.Model(digits, logits, name=architecture)


def check(architecture: str) -> None:
    """Refuse a name that is no key of `ARCHITECTURES`.

    Raises:
        RecipeError: it is none.
    """
    if architecture not in ARCHITECTURES:
        raise RecipeError(
            f"Expected an architecture out of {', '.join(sorted(ARCHITECTURES))}. "
            f"Received: {architecture!r}."
        )


def _convolution(
    x: keras.KerasTensor, filters: int, size: int, *, strides: int = 1
) -> keras.KerasTensor:
    """Convolution, batch normalisation, ReLU: the order in which an exporter can fold all three.

    A strided convolution pads (so that no edge is lost), the others do not.
    """
    padding = "same" if strides > 1 else "valid"
    x = layers.Conv2D(filters, size, strides=strides, padding=padding, use_bias=False)(x)
    # Keras' momentum of 0.99 still remembers the start after a short training.
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def _strided_cnn(x: keras.KerasTensor) -> keras.KerasTensor:
    """Learned 5×5 strided convolutions instead of pooling; 322,139 parameters.

    The layout is that of C. Deotte's "25 million images! MNIST" (Kaggle, 2018), with a
    16-channel stem (a third less time for the first two layers, which work on the largest
    maps) and normalisation before the activation.
    """
    x = _convolution(x, 16, 3)  # (N, 26, 26, 16)
    x = _convolution(x, 32, 3)  # (N, 24, 24, 32)
    x = _convolution(x, 32, 5, strides=2)  # (N, 12, 12, 32)
    x = layers.Dropout(0.1)(x)
    x = _convolution(x, 64, 3)  # (N, 10, 10, 64)
    x = _convolution(x, 64, 3)  # (N, 8, 8, 64)
    x = _convolution(x, 64, 5, strides=2)  # (N, 4, 4, 64)
    x = layers.Dropout(0.1)(x)
    x = layers.Flatten()(_convolution(x, 128, 4))  # (N, 128)
    x = layers.Dropout(0.2)(x)
    return layers.Dense(OUTPUTS, dtype="float32", name="logits")(x)


def _tiny_cnn(x: keras.KerasTensor) -> keras.KerasTensor:
    """A network that trains in seconds, for tests and first tries; about 10,000 parameters."""
    x = _convolution(x, 8, 5, strides=2)  # (N, 14, 14, 8)
    x = _convolution(x, 16, 5, strides=2)  # (N, 7, 7, 16)
    x = layers.Dropout(0.05)(layers.Flatten()(x))
    return layers.Dense(OUTPUTS, dtype="float32", name="logits")(x)


def _dense(x: keras.KerasTensor) -> keras.KerasTensor:
    """The first network of most courses: two hidden layers on 784 pixels; 109,386 parameters."""
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="relu")(x)
    x = layers.Dense(64, activation="relu")(x)
    return layers.Dense(CLASSES, name="logits")(x)


def _simple_cnn(x: keras.KerasTensor) -> keras.KerasTensor:
    """The first convolutional network of most courses."""
    x = layers.Conv2D(32, 3, activation="relu")(x)  # (N, 26, 26, 32)
    x = layers.MaxPooling2D()(x)  # (N, 13, 13, 32)
    x = layers.Flatten()(x)
    x = layers.Dense(100, activation="relu")(x)
    return layers.Dense(CLASSES, name="logits")(x)


def _dropout_cnn(x: keras.KerasTensor) -> keras.KerasTensor:
    """Two 2×2 convolutions with much dropout, as many drawing demos have them."""
    for filters in (64, 32):
        x = layers.Conv2D(filters, 2, padding="same", activation="relu")(x)
        x = layers.Dropout(0.3)(layers.MaxPooling2D()(x))  # (N, 14, 14, 64), (N, 7, 7, 32)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.5)(layers.Dense(256, activation="relu")(x))
    return layers.Dense(CLASSES, name="logits")(x)


def _keras_convnet(x: keras.KerasTensor) -> keras.KerasTensor:
    """Keras' own "Simple MNIST convnet" (F. Chollet, keras.io, 2015); 34,826 parameters."""
    for filters in (32, 64):
        x = layers.MaxPooling2D()(layers.Conv2D(filters, 3, activation="relu")(x))
    x = layers.Dropout(0.5)(layers.Flatten()(x))
    return layers.Dense(CLASSES, name="logits")(x)


ARCHITECTURES: dict[str, Callable[[keras.KerasTensor], keras.KerasTensor]] = {
    "strided_cnn": _strided_cnn,
    "tiny_cnn": _tiny_cnn,
    "dense": _dense,
    "simple_cnn": _simple_cnn,
    "dropout_cnn": _dropout_cnn,
    "keras_convnet": _keras_convnet,
}
