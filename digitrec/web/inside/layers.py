"""Panel "Layers": what every layer makes of the digit, and how the last one adds up its scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.engine import shared_recognizer
from digitrec.errors import DigitrecError
from digitrec.explaining.layers import FLOAT32, Inside, Scores
from digitrec.explaining.look_alikes import nearest
from digitrec.logits import CLASSES, sigmoid, softmax
from digitrec.models import Artifact
from digitrec.reading import Digit
from digitrec.web import own_hand
from digitrec.web.inside import known, maps, sums
from digitrec.web.inside.kinds import named
from digitrec.web.inside.subject import Subject
from digitrec.web.markdown import literal

_BESIDE, _KEPT_BESIDE = "inside_beside", "kept_inside_beside"
_RUNNER_UP, _AT_ALL = -1, CLASSES  # beside the classes 0-9
_PICTURES = " The pictures show which of the project's own drawings excite a unit most."
_LIKED = 3  # drawings beside a unit


def show(subject: Subject) -> None:
    """The panel."""
    try:
        inside = known.network().look(subject.digit.image)
        artifact = shared_recognizer().artifact
        note = _which_network(inside, artifact, subject.digit)
    except DigitrecError as error:
        st.info(literal(error))
        return
    st.html(f"<style>{sums.STYLE}</style>")
    if inside.layers:
        maps.show(inside, subject.digit.text)
    else:
        st.info("This network has no layers between the drawing and its scores.")
    if inside.scores is None:
        st.info("The last layer of this network does more than to add up: no sum can be shown.")
    else:
        _scores(inside.scores, len(inside.layers) + 1, subject.digit)
    _probabilities(inside, artifact, subject.digit)
    st.caption(literal(note))


def _scores(scores: Scores, number: int, digit: Digit) -> None:
    """Two scores as sums beside each other: the answer's, and the one that was chosen."""
    units = scores.contributions.shape[1]
    pictures = _PICTURES if shared_recognizer().adapts else ""
    answering = int(scores.contributions.any(axis=0).sum())
    st.html(
        '<h3 class="inside">The last layer adds up</h3><p class="inside">Layer '
        f"{number} has a score for each answer. Each unit of the layer below adds to it or takes "
        "away: how strongly it answers, times a weight that was learned. "
        f"{answering:,} of the {units:,} answer to this drawing.{pictures}</p>"
    )
    first = _answered(digit, len(scores.bias))
    options = [_RUNNER_UP, *range(len(scores.bias))]
    if st.session_state.get(_BESIDE, _RUNNER_UP) not in options:  # of another network
        del st.session_state[_BESIDE]
    kept = st.session_state.get(_KEPT_BESIDE, _RUNNER_UP)
    chosen = st.segmented_control(
        "Beside it",
        options,
        default=kept if kept in options else _RUNNER_UP,
        format_func=lambda option: {_RUNNER_UP: "runner-up", _AT_ALL: "a digit at all?"}.get(
            option, str(option)
        ),
        key=_BESIDE,
        required=True,
        on_change=_keep_beside,
    )
    second = _runner_up(digit, first) if chosen in (None, _RUNNER_UP) else int(chosen)
    rows = [first, second]
    shown = {step.unit for row in rows for step in sums.steps(scores, row)} - {-1}
    st.html(sums.sums_html(scores, [(row, _name(row)) for row in rows], _likings(shown)))


def _probabilities(inside: Inside, artifact: Artifact, digit: Digit) -> None:
    """From scores to probabilities."""
    first, second = np.argsort(-inside.logits[:CLASSES], kind="stable")[:2]
    ahead = float(inside.logits[first] - inside.logits[second])
    divided = ahead / artifact.temperature
    times = float(np.exp(min(divided, 700.0)))
    st.html(
        '<h3 class="inside">From scores to probabilities</h3><p class="inside softmax-words">'
        f"{first} is {sums.signed(ahead)} ahead of {second}. Divided by the network's temperature, "
        f"{artifact.temperature:.2f}, that is {sums.signed(divided)}; and e to that makes it "
        f"about {sums.counted(times)} times as likely. The temperature was set after the training, "
        "so that the network is right about as often as its percentages say.</p>"
    )
    st.html(sums.softmax_html(inside.logits, artifact.temperature, digit.named))
    if len(inside.logits) > CLASSES:
        score = inside.logits[CLASSES:]
        share = sums.exact_percent(float(sigmoid(score)[0]))
        st.html(
            '<p class="inside">One more score says whether it is a digit at all: '
            f"{sums.signed(float(score[0]))}, which is {share} by 1 / (1 + e to its negative). "
            f"From {100 * artifact.digit_threshold:.0f} % on a drawing is taken for a digit.</p>"
        )


def _which_network(inside: Inside, artifact: Artifact, digit: Digit) -> str:
    """Which network was looked into, and how far its answer is from the one that was given."""
    runs = shared_recognizer().classify(digit.image[None])[0]
    mine = softmax(inside.logits[None, :CLASSES] / np.float32(artifact.temperature))[0]
    words = f"All of this is the network in {FLOAT32}, the very one that answers."
    if artifact.network.name != FLOAT32:
        words = (
            f"All of this is the float32 network, {FLOAT32}. What answers is "
            f"{artifact.network.name}, the same in whole numbers, which is quicker: "
            f"{_difference(mine, runs)}"
        )
    if len(own_hand.hand()):
        words += " What you taught on Teach moves the answer afterwards, and none of the layers."
    return words


def _difference(mine: NDArray[np.float32], runs: NDArray[np.float32]) -> str:
    points = 100 * float(np.abs(mine - runs).max())
    if points < 0.1:
        return "for this drawing no probability differs by a tenth of a point."
    label = int(np.abs(mine - runs).argmax())
    return (
        f"for this drawing it gives the {label} {100 * runs[label]:.1f} %, where this one gives it "
        f"{100 * mine[label]:.1f} %; no probability differs by more."
    )


def _answered(digit: Digit, scores: int) -> int:
    """The score that decided: of the digit, or of its being one."""
    if digit.status == "not a digit" and scores > CLASSES:
        return _AT_ALL
    return digit.label


def _runner_up(digit: Digit, first: int) -> int:
    """The likeliest class beside the first score's own."""
    order = np.argsort(-digit.probabilities, kind="stable")
    return int(next(label for label in order if label != first))


def _name(row: int) -> str:
    return "being a digit at all" if row == _AT_ALL else f"the {row}"


def _likings(units: Sequence[int] | set[int]) -> dict[int, list[sums.Liking]]:
    """What excites each unit most; nothing where the network gives no features."""
    if not shared_recognizer().adapts:
        return {}
    features, drawn = known.bank().features, known.drawings()
    kinds = list(zip(drawn.labels.tolist(), drawn.kinds, strict=True))
    found = {}
    for unit in units:
        strength = features[:, unit]
        places = nearest(strength / max(float(strength.max()), 1e-6), kinds, _LIKED)
        found[unit] = [
            sums.Liking(drawn.digits[place], f"likes: {named(*kinds[place])}")
            for place in places
            if strength[place] > 0
        ]
    return found


def _keep_beside() -> None:
    # A widget's own value is forgotten when its page is left.
    st.session_state[_KEPT_BESIDE] = st.session_state[_BESIDE]
