"""Artifacts whose every fact is known: for the tests of the page Model."""

import json
import shutil

CLASSICS = {
    "sets": ["own_digits"],
    "networks": [
        {
            "name": name,
            "parameters": 109_386,
            "seconds": 55,
            "claimed": claimed,
            "mnist": mnist,
            "others": [others],
        }
        for name, claimed, mnist, others in (
            ("dense", "about 98", 0.975, 0.843),
            ("tiny_cnn", "", 0.99, 0.95),
        )
    ],
}


def evaluation():
    """An evaluation with a row of each kind, its numbers made up."""
    matrix = [[98 if truth == answer else 0 for answer in range(11)] for truth in range(10)]
    matrix[7][1], matrix[7][10], matrix[4][9] = 3, 1, 2
    digits = {
        "count": 986,
        "right": 0.9939,
        "accepted": 0.99,
        "groups": 0,
        "mean_of_groups": None,
        "worst_group": "",
        "worst_right": None,
        "calibration_error": 0.004,
        "negative_log_likelihood": 0.02,
        "skipped": 0,
    }
    people = {"mean_of_groups": 0.985, "worst_group": "person04", "worst_right": 0.9}
    pages = {"name": "all pages", "pages": 36, "characters": 0.977, "whole": 0.889}
    return {
        "artifact": "made up",
        "digits": [
            {**digits, "name": "MNIST test", "variant": False},
            {**digits, "name": "MNIST, blurred", "variant": True, "right": 0.98},
            {**digits, **people, "name": "own_digits", "variant": False, "count": 414},
        ],
        "not_digits": [{"name": "scribbles", "count": 1000, "refused": 0.979, "skipped": 0}],
        "strings": [{"name": "own_digits, close", "count": 50, "drawn": 0.96, "pictured": 0.5}],
        "pages": [{**pages, "upright": 1.0}],
        "tesseract": [{**pages, "characters": 0.367, "whole": 0.167, "upright": None}],
        "comparison": {},
        "classes": {},
        "confusions": {"MNIST test": matrix, "own_digits": [list(row) for row in matrix]},
        "reliability": {"MNIST test": [[0.93, 0.944, 493], [0.9998, 1.0, 493]]},
        "rejection": {
            "area": 0.99,
            "passed_at_95": 0.03,
            "passed_at_99": 0.06,
            "curve": [[0.5, 0.0], [0.9, 0.01], [0.95, 0.03], [0.99, 0.06], [0.999, 0.1], [1, 1]],
        },
    }


def told(folder, artifact):
    """A copy of an artifact with everything that the page can show."""
    shutil.copytree(artifact, folder)
    report = folder / "report"
    (report / "evaluation.json").write_text(json.dumps(evaluation()))
    (report / "classics.json").write_text(json.dumps(CLASSICS))
    return folder
