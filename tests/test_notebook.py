"""The notebook: stored clean, and run from top to bottom as its reader does."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from conftest import ROOT, fingerprint
from PIL import Image

from digitrec import Recognizer
from digitrec.datasets import MNIST_VARIABLE, fetching
from digitrec.datasets.places import CACHE_VARIABLE
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.learning import stand_in
from digitrec.learning.looking import steps_figure
from digitrec.models import DEFAULT_ARTIFACT, load_artifact
from digitrec.shapes import digit_strokes

NOTEBOOK = ROOT / "notebooks" / "handwritten_digits.ipynb"
# Small networks and few examples. Warnings are errors, but for Keras' own deprecations.
SETTINGS = """
NETWORKS, DIGITS, EPOCHS, JUDGED = ["dense", "tiny_cnn"], 0, 4, 10

import warnings

warnings.simplefilter("error")
warnings.simplefilter("ignore", DeprecationWarning)
%config InlineBackend.figure_formats = ["png"]
"""


@pytest.fixture
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


def cell_with(notebook, words):
    (found,) = [c for c in notebook.cells if c.cell_type == "code" and words in c.source]
    return found


def test_notebook_is_stored_without_what_a_run_leaves(notebook):
    run = [c for c in notebook.cells if c.get("outputs") or c.get("execution_count")]
    assert not run, "it holds outputs: make tidy"
    assert notebook.metadata == {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        }
    }, "an editor has added to it: make tidy"
    assert [c.metadata for c in notebook.cells if c.metadata] == [{"tags": ["parameters"]}]


def test_notebook_s_links_lead_to_files(notebook):
    words = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    targets = re.findall(r"\]\(([^)]+)\)", words)
    assert len(targets) > 3
    assert [t for t in targets if not (NOTEBOOK.parent / t).is_file()] == []


def test_notebook_runs_from_top_to_bottom(notebook, template_mnist, tmp_path, monkeypatch):
    (place,) = [i for i, cell in enumerate(notebook.cells) if cell.metadata]
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(SETTINGS))
    used = "import sys, digitrec; print(sys.prefix, digitrec.__file__, sep=chr(10))"
    notebook.cells.append(nbformat.v4.new_code_cell(used))
    nbformat.write(notebook, tmp_path / "given.ipynb")
    monkeypatch.setenv(MNIST_VARIABLE, str(template_mnist))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")  # this Python's kernel
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))  # whatever the user has set up
    before = fingerprint(DEFAULT_ARTIFACT)
    done = subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "given.ipynb", "--output=run.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    assert fingerprint(DEFAULT_ARTIFACT) == before

    cells = [c for c in nbformat.read(tmp_path / "run.ipynb", 4).cells if c.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []
    assert sum("image/png" in o.get("data", {}) for o in outputs) == 15
    python, package = map(Path, outputs[-1].text.splitlines())
    assert python.samefile(sys.prefix)
    assert package.parent.samefile(ROOT / "digitrec")

    for name in ("dense", "tiny_cnn"):
        card = load_artifact(tmp_path / "trained" / name).card
        assert card["recipe"]["architecture"] == name
        # Variations of ten drawings: a network that learned nothing would have 10 %.
        assert card["figures"]["test_accuracy"] > 0.5
    trained = Recognizer(tmp_path / "trained" / "tiny_cnn")
    read = [trained.read_strokes(digit_strokes(label)).digits[0].label for label in range(10)]
    assert np.mean(np.array(read) == np.arange(10)) >= 0.8


@pytest.mark.parametrize("wanted", [False, True])
def test_notebook_draws_its_own_digits_where_mnist_is_not(
    wanted, notebook, tmp_path, monkeypatch, capsys
):
    monkeypatch.delenv(MNIST_VARIABLE, raising=False)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    fetched = []
    monkeypatch.setattr(fetching, "fetch_mnist", lambda folder, mirror: fetched.append(folder))
    few = stand_in.drawn_in_place_of_mnist(40, 20)
    monkeypatch.setattr(stand_in, "drawn_in_place_of_mnist", lambda: few)
    names = {"FETCH": wanted}
    exec(cell_with(notebook, "load_mnist").source, names)
    assert fetched == [tmp_path / "mnist"] * wanted
    assert names["train"] is few.train
    assert "MNIST is not on this machine" in capsys.readouterr().out


def test_notebook_takes_a_picture_of_the_reader_s_own(notebook, tmp_path):
    seven = np.pad(255 - ink_from_strokes(digit_strokes(7)), 60, constant_values=255)
    Image.fromarray(seven).save(tmp_path / "seven.png")
    names = {"np": np, "steps_figure": steps_figure, "PICTURE": str(tmp_path / "seven.png")}
    exec(cell_with(notebook, "PICTURE else").source, names)
    assert names["picture"].shape == (*seven.shape, 3)
    assert len(names["page"].marks) == 1
    assert Recognizer().read(names["picture"]).text == "7"
