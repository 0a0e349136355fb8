"""A choice between what itself changes: the digits of a drawing, the answers for a digit."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st


def choose(label: str, names: Sequence[str], key: str, *, stays: bool = False) -> int:
    """The place of the name that the visitor chose.

    Where the names are others than before, the choice starts anew, and as another element: a
    value that is set from here is lost in the browser if the page runs again before it is shown.

    Args:
        label: what is chosen, as screen readers say it.
        names: at least one; Streamlit knows them by their text, so no two are equal.
        key: style and tests find the choice by it.
        stays: whether it starts anew at the same place, as long as there is one; else at the
            first.
    """
    kept = f"kept_{key}"
    before, number, place = st.session_state.get(kept, ([], 0, 0))
    if before != list(names):
        number, place = number + 1, place if stays and place < len(names) else 0
    with st.container(key=key):
        chosen = st.segmented_control(
            label,
            range(len(names)),
            default=place,
            format_func=lambda index: names[index],
            key=f"{key}_{number}",
            required=True,
        )
    place = place if chosen is None else int(chosen)
    st.session_state[kept] = list(names), number, place
    return place
