"""Corrections from files: JSON lines as they are, pictures with what the network makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from digitrec.cli.loading import load_recognizer
from digitrec.corrections import NOT_A_DIGIT, Correction, CorrectionStore
from digitrec.corrections.exchange import find_pictures, read_json_lines, read_picture
from digitrec.corrections.record import later_than
from digitrec.errors import CorrectionFormatError, DigitrecError
from digitrec.reading import Digit
from digitrec.recognizer import Recognizer


def corrections_from(
    sources: Iterable[str], store: CorrectionStore
) -> tuple[list[Correction], list[str]]:
    """What files of JSON lines and folders of pictures hold.

    Args:
        sources: their paths.
        store: where they will go; of a picture that is kept already, or stands in one of the files,
            only the label is changed.

    Returns:
        The corrections, and a sentence on everything that is none.
    """
    found: list[Correction] = []
    problems: list[str] = []
    recognizer = None
    # Pictures last: the time at which they are imported is later than that of any line.
    for source in sorted(sources, key=lambda source: Path(source).is_dir()):
        try:
            if Path(source).is_dir():
                recognizer = recognizer or load_recognizer()
                some, wrong = _from_pictures(source, recognizer, _last_said(found, store))
            else:
                some, wrong = read_json_lines(source)
        except DigitrecError as error:
            some, wrong = [], [str(error)]
        found += some
        problems += wrong
    return found, problems


def _last_said(
    found: Sequence[Correction], store: CorrectionStore
) -> Callable[[str], Correction | None]:
    """What gives the latest correction of a drawing by its key."""
    latest = {correction.key: correction for correction in sorted(found, key=_time)}

    def last(key: str) -> Correction | None:
        return max(filter(None, (store.get(key), latest.get(key))), key=_time, default=None)

    return last


def not_older(found: Sequence[Correction], store: CorrectionStore) -> list[Correction]:
    """Those that were not corrected again in the store after they were exported, by time.

    Of several of one drawing the store keeps the last, which is the latest then.
    """
    kept = {correction.key: correction.time for correction in store.all()}
    newer = [c for c in found if c.key not in kept or kept[c.key] <= c.time]
    return sorted(newer, key=_time)


def _time(correction: Correction) -> datetime:
    return correction.time


def _from_pictures(
    folder: str, recognizer: Recognizer, known: Callable[[str], Correction | None]
) -> tuple[list[Correction], list[str]]:
    files, problems = find_pictures(folder)
    ready = [(path, label, read_picture(path)) for path, label in files]
    plain = [picture for _, _, picture in ready if picture is not None]
    in_form = iter(recognizer.read_digits(np.stack(plain)) if plain else [])
    found: dict[str, Correction] = {}
    places: dict[str, Path] = {}
    for path, label, picture in ready:
        try:
            digit = next(in_form) if picture is not None else _only_digit(path, recognizer)
        except DigitrecError as error:
            problems.append(str(error) if str(path) in str(error) else f"{path}: {error}")
            continue
        correction = _correction(digit, label, recognizer.model, known)
        first = found.setdefault(correction.key, correction)
        if first.label != label:
            problems.append(
                f"Expected a picture under one label. Received: {path}, which lies in "
                f"{places[correction.key]} as well. Remove the wrong one."
            )
        places.setdefault(correction.key, path)
    return list(found.values()), problems


def _only_digit(path: Path, recognizer: Recognizer) -> Digit:
    digits = recognizer.read(path).digits
    if len(digits) != 1:
        raise CorrectionFormatError(
            f"Expected a picture of one digit, or of one mark that is none, in {path}. Received: "
            f"{len(digits)} of them. Cut it, or leave it out."
        )
    return digits[0]


def _correction(
    digit: Digit, label: int, model: str, known: Callable[[str], Correction | None]
) -> Correction:
    predicted = NOT_A_DIGIT if digit.status == "not a digit" else digit.label
    correction = Correction(
        digit.image, label, predicted, digit.probabilities, digit.digit_score, model
    )
    kept = known(correction.key)
    if kept is None:
        return correction
    # A picture knows neither strokes nor what was answered once.
    return kept if kept.label == label else replace(kept, label=label, time=later_than(kept))
