"""Trainings side by side: every combination, gone on with, and one table."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from conftest import ROOT, fingerprint
from waiting import wait_until

from digitrec.errors import RecipeError
from digitrec.learning.recipe import RECIPES, Recipe
from digitrec.learning.sweeping import Trial, settings_of, table

TINY = ["validation_size=200", "batch_size=64", "architecture=tiny_cnn", "touching_share=0.03"]


def test_every_combination_is_a_recipe():
    found = settings_of(RECIPES["fast"], ["epochs=2,3", "learning-rate=0.001", "rotation=5,10"])
    assert list(found) == [
        f"epochs={epochs} learning_rate=0.001 rotation={rotation}"
        for epochs in (2, 3)
        for rotation in (5.0, 10.0)
    ]
    recipe = found["epochs=3 learning_rate=0.001 rotation=10.0"]
    assert (recipe.epochs, recipe.augmentation.rotation) == (3, 10.0)
    assert recipe.limit == RECIPES["fast"].limit
    assert settings_of(Recipe(), []) == {"": Recipe()}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("nonsense=1", "Expected a recipe's field"),
        ("epochs", "Expected a recipe's field"),
        ("seed=1,2", "--seeds"),
        ("epochs=many", "of type int"),
        ("epochs=0", "between 1 and 10000"),
        ("optimizer=best", "adamw, adam"),
    ],
)
def test_wrong_setting_is_told(given, told):
    with pytest.raises(RecipeError, match=told):
        settings_of(Recipe(), [given])


def test_table_has_the_best_setting_first_and_nothing_of_the_test_set(tmp_path):
    trials, cards = [], []
    for setting, seed, validation in (("a=1", 1, 0.97), ("a=2", 1, 0.99), ("a=2", 2, 0.97)):
        trials.append(Trial(setting, replace(Recipe(), seed=seed), tmp_path))
        figures = {"validation_accuracy": validation, "test_accuracy": 0.5}
        cards.append({"figures": figures, "duration_seconds": 90})
    assert table(trials, cards).splitlines()[2:] == [
        "| a=2 | 1 | 99.00 |  |  | 1.5 |",
        "| a=2 | 2 | 97.00 |  |  | 1.5 |",
        "| a=2 | mean of 2 | 98.00 |  |  | 1.5 |",
        "| a=1 | 1 | 97.00 |  |  | 1.5 |",
    ]


def sweep(folder, mnist, address):
    options = [f"--set={each}" for each in (*TINY, "epochs=1,8")]
    command = [sys.executable, ROOT / "scripts" / "sweep.py", folder, "--unchecked", "--mnist"]
    return subprocess.Popen(
        [*command, mnist, *options, "--address", address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0"},
    )


def test_stopped_sweep_goes_on_and_trains_nothing_twice(ray_cluster, template_mnist, tmp_path):
    """Two trainings at a time; Ctrl-C, when the short one is finished and the long one is not."""
    folder = tmp_path / "sweep"
    short, long = (folder / "-".join([*TINY, f"epochs={epochs}", "seed=1"]) for epochs in (1, 8))
    kept = long.with_name(f".{long.name}-training")
    with sweep(folder, template_mnist, ray_cluster) as process:

        def half_done():
            assert process.poll() is None, process.communicate()[1]
            return (short / "card.json").exists() and (kept / "last.json").exists()

        wait_until(half_done, 300)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=100)
    assert (process.returncode, out) == (130, "")
    assert "the same command goes on" in err
    assert "Traceback" not in err
    assert not long.exists()
    before = fingerprint(short)
    # A mark in what is kept of the first epoch: only who goes on from there has it in the end.
    state = json.loads((kept / "last.json").read_text())
    state["history"][0]["loss"] = 123.25
    (kept / "last.json").write_text(json.dumps(state))
    with sweep(folder, template_mnist, ray_cluster) as process:
        out, err = process.communicate(timeout=500)
    assert process.returncode == 0, err
    assert "1 of 2 were finished before" in err
    assert fingerprint(short) == before
    assert "123.25" in (long / "history.csv").read_text()
    rows = [line for line in out.splitlines() if "seed" not in line and "---" not in line]
    assert len(rows) == 2
    assert "test" not in out
