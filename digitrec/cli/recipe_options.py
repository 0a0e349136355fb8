"""A recipe from a command line: an option for each of its fields, in its own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, replace
from typing import Any, TypeVar

import click

from digitrec.cli.sections import InSection
from digitrec.learning.augmentation import Augmentation
from digitrec.learning.recipe import RECIPES, Recipe
from digitrec.shapes import StrokeVariation

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_OWNERS = {
    "Recipe": Recipe,
    "Variations of digits as pictures": Augmentation,
    "Variations of drawings as strokes": StrokeVariation,
}


def recipe_options(command: Decorated) -> Decorated:
    """An option for every field of the recipe; None where it is not given."""
    found = [
        click.option(
            "--recipe",
            type=click.Choice(sorted(RECIPES)),
            cls=InSection,
            section="Recipe",
            help="Where the options below start from: shipped (the default), fast, or the recipe "
            "of a classic network, which --architecture chooses by itself.",
        )
    ]
    for section, owner in _OWNERS.items():
        descriptions = _attribute_descriptions(owner)
        found += [
            click.option(
                f"--{field.name.replace('_', '-')}",
                type=type(field.default),
                metavar=type(field.default).__name__.upper(),
                cls=InSection,
                section=section,
                help=f"{descriptions[field.name]} (shipped: {field.default}).",
            )
            for field in fields(owner)
            if field.default is not MISSING
        ]
    for option in reversed(found):  # the last that decorates comes first
        command = option(command)
    return command


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
    return {key: text.rstrip(".") for key, text in words.items()}


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
