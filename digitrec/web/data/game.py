"""On the page Data: guess ten test digits before the network does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from digitrec.web.answer import answer_html, waiting_html
from digitrec.web.at_hand import Answered
from digitrec.web.data.closer import reading_of
from digitrec.web.data.picture import picture_html
from digitrec.web.data.rounds import Round, new_round, right_answers, right_guesses

_ROUND, _KIND = "data_round", "data_kind"
_ANY, _HARD = "Any ten", "Hard ones"
_WAITS = "<b>Your turn</b><br>The network’s answer comes after yours."
_WHAT = (
    "Hard ones are those that the network is less than 99 % sure of, or refuses. Nobody keeps the "
    "score: it is gone with this visit."
)


def choose_kind() -> bool:
    """Whether the visitor wants the hard ones."""
    kind = st.segmented_control(
        "Which digits",
        [_ANY, _HARD],
        default=_ANY,
        required=True,
        key=_KIND,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    return kind == _HARD


@st.fragment
def show(found: Answered, key: str, *, hard: bool) -> None:
    """The digit on the table, or the score.

    Args:
        found: the test part.
        key: what tells its content from any other's.
        hard: as the visitor chose.
    """
    round_ = _current(found, key, hard=hard)
    if round_.over:
        _score(found, round_)
    else:
        _table(found, round_)
    st.caption(_WHAT)


def _current(found: Answered, key: str, *, hard: bool) -> Round:
    """The round that was begun; a new one for other digits than those."""
    begun = st.session_state.get(_ROUND)
    if begun is None or begun[0] != (key, hard):
        begun = ((key, hard), new_round(found, np.random.default_rng(), hard=hard))
        st.session_state[_ROUND] = begun
    current: Round = begun[1]
    return current


def _table(found: Answered, round_: Round) -> None:
    """The digit, the keys, and at their side what the network says once it may."""
    index = round_.digits[round_.number]
    left, right = st.columns([9, 11], gap="large")
    with left:
        st.html(_verdict(found, round_))
        st.html(picture_html(found.digits[index], "The digit to guess", "huge"))
        _keys(round_)
    with right:
        st.html(_board(found, round_))
        st.html(answer_html(reading_of(found, index)) if round_.shown else waiting_html(_WAITS))


def _verdict(found: Answered, round_: Round) -> str:
    """The question; after the guess the truth and who saw it."""
    if not round_.shown:
        text = f"<b>Digit {round_.number + 1} of {len(round_.digits)}.</b> Which one is it?"
    else:
        mine, its = right_guesses(found, round_)[-1], right_answers(found, round_)[-1]
        truth = found.labels[round_.digits[round_.number]]
        who = {
            (True, True): "You both saw it.",
            (True, False): "You saw it, the network did not.",
            (False, True): f"The network saw it, you said {round_.guesses[-1]}.",
            (False, False): f"Neither of you saw it: you said {round_.guesses[-1]}.",
        }
        text = f"<b>It is a {truth}.</b> {who[bool(mine), bool(its)]}"
    return f'<p class="data-verdict" role="status" aria-live="polite">{text}</p>'


def _keys(round_: Round) -> None:
    """Ten buttons, also by the keys 0 to 9, and the one that goes on."""
    with st.container(horizontal=True, key="data_keys"):
        for label in range(10):
            said = round_.shown and round_.guesses[-1] == label
            st.button(
                str(label),
                key=f"data-guess-{label}",
                shortcut=str(label),
                type="primary" if said else "secondary",
                disabled=round_.shown,
                on_click=_guess,
                args=(label,),
            )
    last = round_.number + 1 == len(round_.digits)
    st.button(
        "See the score" if last else "Next digit",
        key="data_on",
        shortcut="N",
        type="primary",
        disabled=not round_.shown,
        on_click=_go_on,
    )


def _board(found: Answered, round_: Round) -> str:
    """Two rows of marks, yours and the network's."""
    rows = "".join(
        f'<tr><th scope="row">{name}</th>{_marks(right.tolist(), len(round_.digits))}'
        f"<td><b>{right.sum()}</b></td></tr>"
        for name, right in (
            ("You", right_guesses(found, round_)),
            ("Network", right_answers(found, round_)),
        )
    )
    return f'<table class="data-board" aria-label="The score so far"><tbody>{rows}</tbody></table>'


def _marks(right: Sequence[bool], length: int) -> str:
    marks = [("yes", "✓", "right") if r else ("no", "✗", "wrong") for r in right]
    marks += [("", "·", "not yet")] * (length - len(marks))
    return "".join(
        f'<td><span class="{kind}" role="img" aria-label="{told}">{sign}</span></td>'
        for kind, sign, told in marks
    )


def _score(found: Answered, round_: Round) -> None:
    """Who won, and all ten once more."""
    mine, its = right_guesses(found, round_), right_answers(found, round_)
    you, network = int(mine.sum()), int(its.sum())
    won = "A draw." if you == network else "You win." if you > network else "The network wins."
    st.html(
        f'<p class="data-score" role="status"><b>You {you}, the network {network}.</b> {won}</p>'
    )
    cards = []
    for place, index in enumerate(round_.digits):
        truth, answer = int(found.labels[index]), reading_of(found, index).text
        said = [(f"you {round_.guesses[place]}", mine[place]), (f"it {answer}", its[place])]
        lines = "".join(
            f'<span class="{"yes" if right else "no"}">{words} {"✓" if right else "✗"}</span>'
            for words, right in said
        )
        picture = picture_html(found.digits[index], f"A handwritten {truth}")
        cards.append(f"<figure>{picture}<figcaption><b>{truth}</b>{lines}</figcaption></figure>")
    st.html(f'<div class="data-row data-cards">{"".join(cards)}</div>')
    st.button("Play again", key="data_again", shortcut="N", type="primary", on_click=_again)


def _guess(label: int) -> None:
    of, round_ = st.session_state[_ROUND]
    st.session_state[_ROUND] = (of, round_.guess(label))


def _go_on() -> None:
    of, round_ = st.session_state[_ROUND]
    st.session_state[_ROUND] = (of, round_.go_on())


def _again() -> None:
    st.session_state.pop(_ROUND, None)
