"""A trained network learns corrections, and forgets nothing.

Corrections alone would make it forget the rest: they are a small part of short epochs, which
replay what the network was trained on. The learning rate is a fraction of the training's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import keras
import numpy as np

from digitrec.corrections import Correction
from digitrec.datasets import LabelledDigits
from digitrec.errors import ArtifactError, DigitrecError
from digitrec.learning import networks
from digitrec.learning.material import NONE, take
from digitrec.learning.mixture import Pools, epoch_size
from digitrec.learning.recipe import Recipe, recipe_from
from digitrec.learning.rendering import render
from digitrec.learning.training import Run, Trained, train
from digitrec.models import Artifact

_NETWORK = "model.keras"


@dataclass(frozen=True)
class FineTuning:
    """How corrections are learned.

    Attributes:
        epochs: passes over what is replayed.
        replayed: MNIST's training digits in an epoch; the rest of the recipe's mixture joins them
            in its own shares.
        learning_rate: its peak, relative to the recipe's.
        corrections_share: of an epoch's examples, at most, 0-1.
        repeats: how often an epoch shows a correction at most, varied anew each time.
    """

    epochs: int = 3
    replayed: int = 6_000
    learning_rate: float = 0.2
    corrections_share: float = 0.15
    repeats: int = 30


SHIPPED = FineTuning()


def recipe_of(artifact: Artifact) -> Recipe:
    """The recipe that an artifact was trained with.

    Raises:
        ArtifactError: its card tells none.
    """
    try:
        return recipe_from(artifact.card["recipe"])
    except (KeyError, TypeError, AttributeError, DigitrecError) as error:
        raise ArtifactError(
            f"Expected an artifact whose card tells the recipe of its training. Received: "
            f"{artifact.folder}, whose card does not ({error!r}). Train one with `digitrec train`."
        ) from error


def shortened(recipe: Recipe, settings: FineTuning = SHIPPED) -> Recipe:
    """The same recipe with fewer, gentler epochs; what it holds out stays held out."""
    limit = min(recipe.limit, settings.replayed) if recipe.limit else settings.replayed
    return replace(
        recipe,
        epochs=settings.epochs,
        limit=limit,
        schedule="cosine",
        learning_rate=settings.learning_rate * recipe.learning_rate,
        stroke_epochs=settings.epochs,
        stroke_renderings=1,
    )


def with_corrections(
    pools: Pools, corrections: Sequence[Correction], recipe: Recipe, settings: FineTuning = SHIPPED
) -> Pools:
    """The pools with corrections added: each many times, as its image and as drawn by other pens.

    Args:
        pools: what is replayed.
        corrections: what to learn; of more than fit an epoch, a random sample.
        recipe: see `shortened`.
        settings: the corrections' share.
    """
    if not corrections:
        return pools
    rng = np.random.default_rng((recipe.seed, 8))
    replayed = epoch_size(replace(pools, corrections=NONE), recipe, recipe.epochs - 1)
    share = settings.corrections_share
    room = max(1, round(replayed * share / (1 - share)))
    chosen = rng.permutation(len(corrections))[:room]
    repeats = min(settings.repeats, max(1, room // len(chosen)))
    images, labels = [], []
    for correction in (corrections[index] for index in chosen):
        for turn in range(repeats):
            # Half are as they were drawn: augmentation varies those enough.
            redrawn = bool(correction.strokes) and turn % 2 == 1
            drawn = render(correction.strokes, recipe.hand, rng) if redrawn else correction.image
            images.append(drawn)
            labels.append(correction.label)
    examples = LabelledDigits(np.stack(images), np.array(labels, np.int64))
    return replace(pools, corrections=examples)


def _fewer(pools: Pools, share: float) -> Pools:
    """With a share of MNIST's digits, to which the other shares are relative."""
    count = max(1, round(share * len(pools.mnist)))
    return replace(pools, mnist=take(pools.mnist, np.arange(count)))


def load_network(artifact: Artifact) -> keras.Model:
    """The artifact's network in Keras' form, from which it can learn on.

    Raises:
        ArtifactError: missing, damaged, or not of the card.
    """
    return networks.load_network(artifact.file(_NETWORK))


@dataclass(frozen=True)
class School:
    """All that corrections are learned with.

    Attributes:
        network: what learns on; it stays as it is.
        pools: what is shown again.
        recipe: see `shortened`; the network is of its architecture.
        settings: the corrections' share.
    """

    network: keras.Model
    pools: Pools
    recipe: Recipe
    settings: FineTuning = SHIPPED

    def teach(
        self, corrections: Sequence[Correction], run: Run, *, replayed: float = 1.0
    ) -> Trained:
        """The network after it has learned corrections.

        Args:
            corrections: what to learn.
            run: progress.
            replayed: how much of what is shown again an epoch shows, 0-1.

        Raises:
            ArtifactError: the network is of another architecture than its recipe says.
            RecipeError: the loss became infinite.
        """
        pools = self.pools if replayed == 1 else _fewer(self.pools, replayed)
        shown = with_corrections(pools, corrections, self.recipe, self.settings)
        try:
            return train(shown, self.recipe, run, trained_before=self.network)
        except ValueError as error:
            if "weight" not in str(error) or isinstance(error, DigitrecError):
                raise
            raise ArtifactError(
                f"Expected a network of the architecture {self.recipe.architecture}, which its "
                f"card names. Received: another one ({error}). Train again."
            ) from error
