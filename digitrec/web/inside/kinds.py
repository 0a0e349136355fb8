"""The ways to write a digit, in words."""

from __future__ import annotations

# Names that say it as they are ("round", "open at the top") stand for themselves.
_IN_WORDS = {
    "bare": "a bare line",
    "bar to the right": "with its bar to the right",
    "bent": "with a bent bar",
    "closed, one stroke": "closed, in one stroke",
    "crossed": "with a bar",
    "crossed ends": "with crossed ends",
    "curved tail": "with a curved tail",
    "dotted": "with a dot",
    "flat top": "with a flat top",
    "foot": "with a foot",
    "from the middle": "begun in the middle",
    "hooked": "with a hook",
    "large loop": "with a large loop",
    "lifted upstroke": "with an upstroke apart",
    "long upstroke": "with a long upstroke",
    "long upstroke, slanted": "slanted, long upstroke",
    "looped": "with a loop",
    "one stroke": "in one stroke",
    "separate stem": "with a separate stem",
    "serif": "with a serif",
    "serif, crossed": "with serif and bar",
    "short stem": "with a short stem",
    "short upstroke": "with a short upstroke",
    "slanted tail": "with a slanted tail",
    "slashed": "with a slash",
    "small loop": "with a small loop",
    "straight": "with a straight back",
    "straight tail": "with a straight tail",
    "swan": "like a swan",
    "two rings": "of two rings",
    "upstroke and foot": "with upstroke and foot",
}


def in_words(kind: str) -> str:
    """A variant of `digitrec.shapes.VARIANTS` as it follows a digit: "with a bar"."""
    return _IN_WORDS.get(kind, kind)


def named(label: int, kind: str) -> str:
    """A digit and its variant: "7 with a bar"."""
    words = in_words(kind)
    joint = " " if words.startswith(("with ", "in ", "like ", "of ", "open ")) else ", "
    return f"{label}{joint}{words}"
