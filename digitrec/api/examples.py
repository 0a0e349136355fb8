"""Questions and the answers that the shipped network really gives, for the documentation."""

from __future__ import annotations

from typing import Any

# A 7 in MNIST's form, a row a line: black paper, grey edges, bright ink.
_GREY = {".": 0, "+": 120, "#": 255}
_SEVEN = [
    *["............................"] * 7,
    "......++++++++++++++++......",
    "......################......",
    "......################+.....",
    "......+++++++++++####.......",
    "................+###+.......",
    "................####........",
    "...............####.........",
    "..............+###+.........",
    "..............####..........",
    ".............+###+..........",
    ".............####...........",
    "............####............",
    "...........+###+............",
    "...........####.............",
    "..........+###+.............",
    "..........####..............",
    ".........+###+..............",
    ".........####...............",
    *["............................"] * 3,
]


def _digit(label: int, confidence: float, score: float, box: tuple[int, ...]) -> dict[str, Any]:
    """A sure digit; what its probability leaves is next to nothing."""
    shares = [0.0] * 10
    shares[label] = confidence
    return {
        "label": label,
        "confidence": confidence,
        "probabilities": shares,
        "status": "digit",
        "alternatives": [],
        "digit_score": score,
        "box": dict(zip(("x", "y", "width", "height"), box, strict=True)),
    }


QUESTIONS: dict[str, Any] = {
    "read-strokes": {
        "strokes": [
            [[20, 20], [90, 20], [50, 130]],
            [[150, 30], [200, 20], [205, 60], [170, 75], [210, 95], [200, 130], [150, 125]],
        ]
    },
    "classify": {"digits": [[[_GREY[sign] for sign in row] for row in _SEVEN]]},
}
ANSWERS: dict[str, Any] = {
    "read": {
        "pages": [
            {
                "file": "seven.png",
                "page": 1,
                "status": "read",
                "text": "7",
                "turned": 0,
                "digits": [_digit(7, 1.0, 1.0, (51, 51, 142, 227)) | {"line": 0, "group": 0}],
            },
            {
                "file": "notes.txt",
                "page": 1,
                "status": "error",
                "error": "Expected a picture (PNG, JPEG, WebP, BMP, TIFF, GIF, AVIF) in notes.txt. "
                "Received: something else. Save it in one of these forms.",
            },
        ],
        "notes": [],
    },
    "read-strokes": {
        "status": "read",
        "text": "73",
        "turned": 0,
        "digits": [
            _digit(7, 1.0, 1.0, (20, 20, 70, 110)) | {"line": 0, "group": 0},
            _digit(3, 1.0, 1.0, (150, 20, 60, 110)) | {"line": 0, "group": 0},
        ],
    },
    "classify": {"digits": [_digit(7, 1.0, 1.0, (0, 0, 28, 28))]},
}
