"""A recipe from a command line: an option for each of its fields, in its own words."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from typing import Any

from digitrec.learning.augmentation import Augmentation
from digitrec.learning.recipe import RECIPES, Recipe
from digitrec.shapes import StrokeVariation


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """An option for every field of the recipe, in its own words."""
    parser.add_argument(
        "--recipe",
        choices=sorted(RECIPES),
        help="where the options below start from: shipped (the default), fast, or the recipe of "
        "a classic network, which --architecture chooses by itself",
    )
    for title, owner in (
        ("recipe", Recipe),
        ("variations of digits as pictures", Augmentation),
        ("variations of drawings as strokes", StrokeVariation),
    ):
        group = parser.add_argument_group(title)
        descriptions = _attribute_descriptions(owner)
        for field in fields(owner):
            if field.default is not MISSING:
                group.add_argument(
                    f"--{field.name.replace('_', '-')}",
                    type=type(field.default),
                    metavar=type(field.default).__name__.upper(),
                    help=f"{descriptions[field.name]} (shipped: {field.default})",
                )


def _attribute_descriptions(owner: type) -> dict[str, str]:
    """Each attribute's words in a dataclass' docstring: the one place that explains them."""
    words: dict[str, str] = {}
    name = ""
    for line in (owner.__doc__ or "").partition("Attributes:")[2].splitlines():
        head, colon, rest = line.strip().partition(": ")
        if colon and head.isidentifier():
            name, words[head] = head, rest
        elif name and line.strip():
            words[name] += " " + line.strip()
    return {key: text.replace("%", "%%").rstrip(".") for key, text in words.items()}


def recipe_given(options: Mapping[str, Any]) -> Recipe:
    """The named recipe, with whatever was given on the command line in its place."""
    architecture = options["architecture"]
    name = options["recipe"] or (architecture if architecture in RECIPES else "shipped")
    base = RECIPES[name]

    def given(owner: type) -> dict[str, Any]:
        names = [field.name for field in fields(owner)]
        return {name: options[name] for name in names if options.get(name) is not None}

    return replace(
        base,
        **given(Recipe),
        augmentation=replace(base.augmentation, **given(Augmentation)),
        hand=replace(base.hand, **given(StrokeVariation)),
    )
