"""Text that Streamlit takes for Markdown, shown as it is."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")  # all of ASCII's punctuation may be escaped


def literal(text: object) -> str:
    """A text, or an error's, as Markdown without any meaning: strangers name cards and files."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))
