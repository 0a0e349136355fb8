"""What is said of a correction, a line or a row that will not do, to the letter."""

import json
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from correcting import EXPORTED, correction

from digitrec.corrections.exchange import (
    find_pictures,
    label_of,
    read_json_lines,
    read_picture,
    write_json_lines,
)
from digitrec.corrections.record import later_than
from digitrec.corrections.schema import correction_of, row_of
from digitrec.errors import CorrectionFormatError, CorrectionsError

NINES = (99.0,) * 10
OF_LABELS = (
    "Expected a label from 0 to 9, or -1 for what is no digit. Received: {}. Give one of those."
)
OF_IMAGES = "Expected the image as an array (28, 28) of uint8. Received: {}. Give Digit.image."
OF_PROBABILITIES = (
    "Expected 10 probabilities from 0 to 1 that sum to 1. Received: {}. Give Digit.probabilities."
)
OF_SCORES = "Expected a digit score from 0 to 1. Received: {}. Give Digit.digit_score."
OF_MODELS = (
    "Expected the model's sha256 as 64 hex digits in small letters. Received: {}. "
    "Give Recognizer.model."
)
OF_STROKES = (
    "Expected each stroke as (n, 2) coordinates within ±100,000 px. Received: {}. "
    "Give the drawing's strokes."
)
OF_TIMES = "Expected a time with its zone. Received: {}. Give datetime.now(UTC)."


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("label", 10, OF_LABELS.format("10")),
        ("label", -2, OF_LABELS.format("-2")),
        ("label", True, OF_LABELS.format("True")),
        ("label", "7", OF_LABELS.format("'7'")),
        ("predicted", 7.0, OF_LABELS.format("7.0")),
        ("predicted", "9" * 60, OF_LABELS.format("'" + "9" * 39)),
        ("predicted", None, OF_LABELS.format("None")),
        ("image", [[0] * 28] * 28, OF_IMAGES.format("list")),
        ("image", np.zeros((28, 27), np.uint8), OF_IMAGES.format("(28, 27) uint8")),
        ("image", np.zeros((28, 28)), OF_IMAGES.format("(28, 28) float64")),
        ("probabilities", [1.0] * 9, OF_PROBABILITIES.format("shape (9,)")),
        ("probabilities", NINES, OF_PROBABILITIES.format(list(NINES))),
        ("probabilities", [2, -1, *[0] * 8], OF_PROBABILITIES.format([2.0, -1.0, *[0.0] * 8])),
        ("probabilities", [float("nan")] * 10, OF_PROBABILITIES.format([float("nan")] * 10)),
        (
            "probabilities",
            "many",
            "Expected ten probabilities. Received: something else (could not convert string to "
            "float: 'many'). Give numbers.",
        ),
        ("digit_score", 1.5, OF_SCORES.format("1.5")),
        ("digit_score", -0.5, OF_SCORES.format("-0.5")),
        ("digit_score", "high", OF_SCORES.format("'high'")),
        ("digit_score", 10**400, OF_SCORES.format("1" + "0" * 39)),
        ("digit_score", float("nan"), OF_SCORES.format("nan")),
        ("model", "ABC", OF_MODELS.format("'ABC'")),
        ("model", None, OF_MODELS.format("None")),
        ("model", 5, OF_MODELS.format("5")),
        ("model", "A" * 99, OF_MODELS.format("'" + "A" * 79)),
        (
            "strokes",
            7,
            "Expected strokes as a sequence of arrays (n, 2). Received: int. Give the drawing's "
            "strokes, or () for a picture.",
        ),
        (
            "strokes",
            "7",
            "Expected strokes as a sequence of arrays (n, 2). Received: str. Give the drawing's "
            "strokes, or () for a picture.",
        ),
        (
            "strokes",
            ["seven"],
            "Expected a stroke as (n, 2) numbers. Received: something else (could not convert "
            "string to float: 'seven'). Give numbers.",
        ),
        ("strokes", [[1, 2]], OF_STROKES.format("shape (2,)")),
        ("strokes", [[[1, 2, 3]]], OF_STROKES.format("shape (1, 3)")),
        ("strokes", [[[1, float("nan")]]], OF_STROKES.format("NaN or a larger number")),
        ("strokes", [[[1, -100_001]]], OF_STROKES.format("NaN or a larger number")),
        (
            "strokes",
            [np.zeros((50_000, 2)), np.zeros((1, 2))],
            "Expected at most 50,000 points in a drawing. Received: 50,001. Leave the strokes out.",
        ),
        ("time", "today", OF_TIMES.format("'today'")),
        ("time", datetime(2026, 1, 2), OF_TIMES.format("datetime.datetime(2026, 1, 2, 0, 0)")),
        (
            "time",
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
            "Expected a time from year 1 to 9999 in UTC. Received: datetime.datetime(1, 1, 1, 0, "
            "0, tzinfo=datetime.timezone(da. Give datetime.now(UTC).",
        ),
        (
            "time",
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
            "Expected a time from year 1 to 9999 in UTC. Received: datetime.datetime(9999, 12, 31, "
            "23, 59, 59, 999999, tzinfo=d. Give datetime.now(UTC).",
        ),
    ],
)
def test_what_is_no_correction_is_told(name, value, told):
    with pytest.raises(CorrectionFormatError) as error:
        correction(**{name: value})
    assert str(error.value) == told


def test_bounds_themselves_will_do():
    whole = correction(
        label=-1,
        predicted=9,
        probabilities=[1.0, *[0] * 9],
        digit_score=1,
        strokes=[[[100_000, -100_000]], [], np.zeros((49_999, 2))],
    )
    assert (whole.label, whole.predicted, whole.digit_score) == (-1, 9, 1.0)
    assert [len(stroke) for stroke in whole.strokes] == [1, 49_999]
    assert correction(digit_score=np.float32(0)).digit_score == 0
    assert correction(probabilities=[0.109, *[0.1] * 9]).probabilities[0] > 0.1
    with pytest.raises(CorrectionFormatError):
        correction(probabilities=[0.111, *[0.1] * 9])


def test_a_later_word_is_later_whatever_the_clock_says():
    now = datetime.now().astimezone()
    assert later_than(None) >= now
    past = correction(time=now - timedelta(hours=1))
    assert later_than(past) >= now
    future = correction(time=now + timedelta(days=1))
    assert later_than(future) == future.time + timedelta(microseconds=1)
    last = correction(time=datetime.max.replace(tzinfo=now.tzinfo) - timedelta(days=1))
    assert later_than(last) == last.time + timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("change", "received"),
    [
        ({"key": "0" * 64}, "its key is not that of its image"),
        ({"image": "text"}, "str instead of bytes"),
        ({"strokes": "[["}, "Expecting value: line 1 column 3 (char 2)"),
        ({"label": 44}, OF_LABELS.format("44")),
    ],
)
def test_damaged_row_is_told(change, received):
    row = row_of(correction()) | change
    with pytest.raises(CorrectionFormatError) as error:
        correction_of(row)
    assert str(error.value) == (
        f"Expected a whole row for the correction {row['key']!r:.20}. Received: a damaged one "
        f"({received}). Delete it, or correct the same drawing again."
    )


def test_row_is_compact():
    assert row_of(correction(strokes=[[[1, 2.5], [3, 4]]]))["strokes"] == "[[[1.0,2.5],[3.0,4.0]]]"


def without(name):
    return {key: value for key, value in EXPORTED.items() if key != name}


@pytest.mark.parametrize(
    ("line", "received"),
    [
        (without("label"), "no 'label'"),
        (EXPORTED | {"key": "0" * 64}, "an image that its key does not belong to"),
        (EXPORTED | {"time": "today"}, "Invalid isoformat string: 'today'"),
        ([1], "list indices must be integers or slices, not str"),
        (EXPORTED | {"image": "AAAA"}, "cannot reshape array of size 3 into shape (28,28)"),
        (EXPORTED | {"label": 11}, OF_LABELS.format("11").removesuffix(".")),
    ],
)
def test_line_that_is_no_correction_is_told(tmp_path, line, received):
    path = tmp_path / "some.jsonl"
    path.write_text(f"\n{json.dumps(EXPORTED)}\n{json.dumps(line)}\n")
    corrections, problems = read_json_lines(path)
    assert len(corrections) == 1
    assert problems == [
        f"Expected a correction in line 3 of {path}. Received: {received}. Mend or remove the line."
    ]


def test_file_that_cannot_be_read_is_told(tmp_path):
    path = tmp_path / "none.jsonl"
    with pytest.raises(CorrectionFormatError) as error:
        read_json_lines(path)
    assert str(error.value) == (
        f"Expected corrections as JSON lines in {path}. Received: a file that cannot be read "
        f"([Errno 2] No such file or directory: '{path}'). Check the path, or export again."
    )


def test_places_to_write_to_are_told(tmp_path):
    assert write_json_lines(tmp_path / "taken.jsonl", []) == 0
    with pytest.raises(CorrectionFormatError) as error:
        write_json_lines(tmp_path / "taken.jsonl", [])
    assert str(error.value) == (
        f"Expected a new place to write to. Received: {tmp_path}/taken.jsonl, which is there "
        "already. Name another one, or move it away."
    )
    away = tmp_path / "away" / "new.jsonl"
    with pytest.raises(CorrectionsError) as error:
        write_json_lines(away, [])
    assert str(error.value).startswith(f"Expected to write {away}. Received: [Errno 2] ")
    assert str(error.value).endswith(
        "Nothing was left there: see that its folder is there and has room, or name another place."
    )


def test_folders_of_pictures_are_told(tmp_path):
    loose = tmp_path / "loose.png"
    loose.write_bytes(b"")
    (tmp_path / ".hidden").write_bytes(b"")
    none = (
        f"Expected pictures in folders named 0 to 9 or not-a-digit in {tmp_path}. Received: none. "
        "Give the folder that holds those folders."
    )
    with pytest.raises(CorrectionFormatError) as error:
        find_pictures(tmp_path)
    assert str(error.value) == none
    (tmp_path / "not-a-digit").mkdir()
    picture = tmp_path / "not-a-digit" / "a.png"
    picture.write_bytes(b"")
    assert find_pictures(tmp_path) == (
        [(picture, -1)],
        [
            f"Expected a picture in a folder named 0 to 9 or not-a-digit. Received: {loose}. "
            "Move it into its label's folder."
        ],
    )
    assert read_picture(picture) is None
    with pytest.raises(CorrectionFormatError) as error:
        label_of("seven" * 20)
    assert str(error.value) == (
        f"Expected a label, 0 to 9 or not-a-digit. Received: '{('seven' * 20)[:39]}. "
        "Give one of those."
    )
