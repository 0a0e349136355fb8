"""Text that Streamlit takes for Markdown, shown as it is."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")  # all of ASCII's punctuation may be escaped
# Where text is parted: what is escaped is looked through once more, and addresses become links,
# names between colons pictures, and two signs an arrow or a dash.
_PARTED = re.compile(r"(?<=[:@])(?=\S)|(?<=[-<>~])(?=[-=>])|(?<=www)(?=\.)", re.IGNORECASE)
NOTHING = ":small[]"  # an empty element


def literal(text: object) -> str:
    """A text, or an error's, as Markdown without any meaning: strangers name cards and files."""
    parts = _PARTED.split(" ".join(str(text).split()))
    return NOTHING.join(_SPECIAL.sub(r"\\\1", part) for part in parts)
