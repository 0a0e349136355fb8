"""From pools of examples and a recipe to a trained network."""

from __future__ import annotations

import contextlib
import logging
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController
from tqdm import tqdm

from digitrec.errors import RecipeError
from digitrec.learning.architectures import CLASSES, build
from digitrec.learning.batches import Batches
from digitrec.learning.checkpoints import Checkpoint, History, load_checkpoint, save_checkpoint
from digitrec.learning.evaluation import evaluate
from digitrec.learning.losses import DigitAccuracy, DigitLoss
from digitrec.learning.mixture import Pools, Validation
from digitrec.learning.recipe import Recipe
from digitrec.logits import softmax

logger = logging.getLogger(__name__)

_EVALUATION_BATCH = 500
_ACCEPTED = 0.99  # share of validation digits at which the history states what is refused


@dataclass(frozen=True)
class Trained:
    """What a training gives.

    Attributes:
        model: with its last epoch's weights.
        history: a row of figures an epoch.
        seconds: how long all the epochs took, those before a resumption too.
    """

    model: keras.Model
    history: History
    seconds: float = 0


@dataclass(frozen=True)
class Run:
    """How a training is run; nothing here changes its result.

    Attributes:
        command: the command line that asked for it, for the card.
        checkpoints: a folder that keeps the last whole epoch, and the last one before pen
            strokes joined; without it nothing is kept.
        begin_with: `LAST` or `BEFORE_STROKES`, to go on from that one; "" for a new network.
        keep: whether this run writes checkpoints too.
        progress: show progress bars with the time left on stderr.
        told: called after every batch with the share of all batches that are done, 0-1.
    """

    command: Sequence[str] = ()
    checkpoints: Path | None = None
    begin_with: str = ""
    keep: bool = True
    progress: bool = True
    told: Callable[[float], None] = lambda share: None


def train(
    pools: Pools, recipe: Recipe, run: Run, trained_before: keras.Model | None = None
) -> Trained:
    """Train a network.

    With TensorFlow the same data, recipe and versions give the same weights on one machine.

    Args:
        pools: see `mixture.prepare`.
        recipe: everything else.
        run: checkpoints and progress.
        trained_before: a network of the recipe's architecture to go on from, see `finetuning`;
            None for a new one.

    Returns:
        The network with the last epoch's weights; nothing is chosen by validation.

    Raises:
        CheckpointError: nothing to resume, or it is of another recipe or other data.
        RecipeError: the loss became infinite.
    """
    started = time.monotonic()
    _make_repeatable(recipe.seed)
    steps = [len(Batches(pools, recipe, epoch)) for epoch in range(recipe.epochs)]
    history: History = []
    model = _compiled(recipe, steps)
    if trained_before is not None:
        model.set_weights(trained_before.get_weights())
    if run.begin_with:
        kept = load_checkpoint(run.checkpoints, recipe, pools.sha256, run.begin_with)
        _restore(model, kept.model)
        history = kept.history
        started -= kept.seconds
    bar = tqdm(
        total=sum(steps), unit="step", desc="training", disable=not run.progress, smoothing=0.02
    )
    bar.update(sum(steps[: len(history)]))
    for epoch in range(len(history), recipe.epochs):
        _seed_dropout(model, recipe, epoch)
        with _stops_after_a_batch() as asked, numpy_on_one_core():
            before = sum(steps[:epoch])

            def after(batch: int, before: int = before) -> None:
                bar.update()
                run.told((before + batch + 1) / sum(steps))

            figures = _one_epoch(model, Batches(pools, recipe, epoch), after, asked)
        row = {"epoch": epoch + 1, **figures, **watch(model, pools.validation)}
        _check_finite(row)
        history.append(row)
        logger.info("epoch %d: %s", epoch + 1, row)
        if run.checkpoints is not None and run.keep:
            reached = Checkpoint(model, history, time.monotonic() - started)
            save_checkpoint(run.checkpoints, reached, recipe, pools.sha256)
        bar.set_postfix_str(
            f"epoch {epoch + 1}, loss {row['loss']:.4f}, "
            f"validation {100 * row['validation_accuracy']:.2f} %"
        )
    bar.close()
    return Trained(_in_float32(model, recipe), history, time.monotonic() - started)


def _make_repeatable(seed: int) -> None:
    keras.backend.clear_session()  # else layers' names would tell of what was trained before
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


def _compiled(recipe: Recipe, steps: list[int]) -> keras.Model:
    keras.mixed_precision.set_dtype_policy(recipe.precision)
    model = build(recipe.architecture)
    rate: Any = recipe.learning_rate
    if recipe.schedule == "cosine":
        rate = _schedule(recipe.learning_rate, steps[0], sum(steps))
    if recipe.optimizer == "adamw":
        optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)
        optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
    else:
        optimizer = keras.optimizers.Adam(rate)
    loss = DigitLoss(
        label_smoothing=recipe.label_smoothing,
        outlier_weight=recipe.outlier_weight,
        score_weight=recipe.score_weight,
    )
    # XLA is not bound by op determinism.
    model.compile(optimizer=optimizer, loss=loss, metrics=[DigitAccuracy()], jit_compile=False)
    return model


def _restore(model: keras.Model, kept: keras.Model) -> None:
    """The kept weights and optimizer state in a freshly compiled network.

    The optimizer itself is not taken over: Keras does not save which variables it spares from
    weight decay.
    """
    model.optimizer.build(model.trainable_variables)
    pairs = [(model.variables, kept.variables)]
    pairs.append((model.optimizer.variables, kept.optimizer.variables))
    for mine, theirs in pairs:
        for variable, value in zip(mine, theirs, strict=True):
            variable.assign(value)


def _seed_dropout(model: keras.Model, recipe: Recipe, epoch: int) -> None:
    """Each epoch's masks depend on the seed and the epoch: Keras keeps no generator's state."""
    for place, layer in enumerate(model.layers):
        generator = getattr(layer, "seed_generator", None)
        if generator is not None:
            rng = np.random.default_rng((recipe.seed, 5, epoch, place))
            low_and_high = rng.integers(0, 2**31, 2)
            generator.state.assign(keras.ops.convert_to_tensor(low_and_high, generator.state.dtype))


def _in_float32(model: keras.Model, recipe: Recipe) -> keras.Model:
    """The same weights in a network that computes in float32, as it will run."""
    if recipe.precision == "float32":
        return model
    keras.mixed_precision.set_dtype_policy("float32")
    plain = build(recipe.architecture)
    plain.set_weights(model.get_weights())
    return plain


def _schedule(peak: float, warm_up: int, total: int) -> keras.optimizers.schedules.CosineDecay:
    """Linear from a tenth of the peak over one epoch, then a cosine to 0."""
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=peak / 10,
        decay_steps=max(1, total - warm_up),
        warmup_target=peak,
        warmup_steps=min(warm_up, total - 1),
    )


@contextlib.contextmanager
def _stops_after_a_batch() -> Iterator[threading.Event]:
    """Ctrl-C sets the event instead of raising, wherever TensorFlow happens to be.

    Raised inside one of its callbacks, KeyboardInterrupt may be swallowed.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked  # only the main thread may handle signals
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: asked.set())
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def numpy_on_one_core() -> Iterator[None]:
    """NumPy's threads wait for work in loops, on the cores that the network needs."""
    with ThreadpoolController().select(internal_api="openblas").limit(limits=1):
        yield


def _one_epoch(
    model: keras.Model, batches: Batches, after: Callable[[int], None], asked: threading.Event
) -> dict[str, float]:
    def after_a_batch(batch: int, logs: Any) -> None:
        after(batch)
        if asked.is_set():
            raise KeyboardInterrupt

    # The examples are in random order already, by their own seed.
    step = keras.callbacks.LambdaCallback(on_train_batch_end=after_a_batch)
    fitted = model.fit(batches, epochs=1, shuffle=False, verbose=0, callbacks=[step])
    if asked.is_set():
        raise KeyboardInterrupt
    return {name: float(fitted.history[name][-1]) for name in ("loss", "accuracy")}


def watch(model: keras.Model, validation: Validation) -> dict[str, float]:
    """The validation's columns of the history: shares 0-1, the loss in nats."""
    logits = predict_logits(model, validation.mnist.digits)
    on_mnist = evaluate(softmax(logits[:, :CLASSES]), validation.mnist.labels)
    figures = {
        "validation_loss": on_mnist.negative_log_likelihood,
        "validation_accuracy": on_mnist.accuracy,
    }
    strokes = predict_logits(model, validation.strokes.digits)
    if len(strokes):
        answers = strokes[:, :CLASSES].argmax(axis=1)
        figures["strokes_accuracy"] = float((answers == validation.strokes.labels).mean())
    if len(validation.outliers) and logits.shape[1] > CLASSES:
        threshold = np.quantile(np.concatenate([logits, strokes])[:, CLASSES], 1 - _ACCEPTED)
        scores = predict_logits(model, validation.outliers)[:, CLASSES]
        figures["refused"] = float((scores < threshold).mean())
    return figures


def predict_logits(model: keras.Model, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What Keras itself answers: logits (N, 11) or (N, 10) float32."""
    if not len(digits):
        return np.zeros((0, model.output_shape[-1]), np.float32)
    logits: NDArray[np.float32] = model.predict(digits, batch_size=_EVALUATION_BATCH, verbose=0)
    return logits


def _check_finite(row: dict[str, float]) -> None:
    if not math.isfinite(row["loss"]):
        raise RecipeError(
            f"Expected the loss to stay finite. Received: {row['loss']} in epoch "
            f"{row['epoch']:.0f}. Lower --learning-rate."
        )
