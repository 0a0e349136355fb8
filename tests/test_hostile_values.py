"""Any value in the place of any other, made up by Hypothesis: an answer, or an error in words."""

import base64
import contextlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
from correcting import EXPORTED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_hostile_files import array_file

from digitrec.corrections.exchange import read_json_lines
from digitrec.datasets import load_drawings
from digitrec.datasets.archives import read_arrays
from digitrec.datasets.mnist import read_idx
from digitrec.errors import DigitrecError
from digitrec.handwriting import Handwriting
from digitrec.imaging.strokes import objects_of_canvas, strokes_from_canvas
from digitrec.models import DEFAULT_ARTIFACT, load_artifact
from digitrec.versions import versions

# The same every time: what is new is looked for by fuzzing.
bounded = settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
NUMBERS = (
    st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 1e308, 2**63, -1, 0, 1])
)
PLAIN = st.none() | st.booleans() | NUMBERS | st.text(max_size=20)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@contextlib.contextmanager
def answered():
    """No other error than one in words."""
    try:
        yield
    except DigitrecError as error:
        assert "Expected" in str(error)  # noqa: PT017  # an answer is as good


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


def changed(whole, name, value):
    """A value in the place of another one, or beside it."""
    return {**whole, name: value}


COMMANDS = st.lists(st.sampled_from("MLQZzC") | VALUES, max_size=1).flatmap(
    lambda start: st.lists(NUMBERS, max_size=5).map(lambda rest: [*start, *rest])
)
PLACES = ("left", "top", "scaleX", "scaleY", "angle", "skewX", "skewY", "flipX", "originX", "width")
OBJECTS = st.builds(
    lambda path, places: {"type": "Path", "path": path, **places},
    st.lists(COMMANDS, max_size=4) | VALUES,
    st.dictionaries(st.sampled_from(PLACES), VALUES),
)


@bounded
@given(st.lists(OBJECTS | VALUES, max_size=3) | VALUES, VALUES)
def test_whatever_the_browser_sends_of_the_canvas(objects, other):
    assert objects_of_canvas(other) is None or isinstance(objects_of_canvas(other), list)
    state = {"drawing": {"raw": {"objects": objects}}}
    sent = objects_of_canvas(state)
    assert sent is None or sent == objects or sent is objects
    with answered():
        for stroke in strokes_from_canvas({"objects": objects}):
            assert stroke.shape[1] == 2


@bounded
@given(st.sampled_from([*EXPORTED, "key"]), VALUES)
def test_whatever_a_line_of_corrections_holds(folder, name, value):
    path = folder / "corrections.jsonl"
    path.write_text(json.dumps(changed(EXPORTED, name, value)))
    with answered():
        corrections, problems = read_json_lines(path)
        assert len(corrections) + len(problems) == 1


@bounded
@given(st.sampled_from(["label", "writer", "strokes"]), VALUES)
def test_whatever_a_line_of_drawings_holds(folder, name, value):
    path = folder / "drawings.jsonl"
    drawing = {"label": "7", "writer": 1, "strokes": [[[0, 0], [0, 90]]]}
    path.write_text(json.dumps(changed(drawing, name, value)))
    with answered():
        assert len(load_drawings(path)) == 1


@bounded
@given(st.sampled_from(["format", "format_version", "samples", "label", "digit"]), VALUES)
def test_whatever_a_handwriting_holds(name, value):
    sample = {"label": 7, "digit": base64.b64encode(bytes([9]) * 784).decode()}
    samples = [changed(sample, name, value)] if name in sample else [sample]
    whole = {"format": "digitrec-handwriting", "format_version": 1, "samples": samples}
    content = json.dumps(whole if name in sample else changed(whole, name, value)).encode()
    with answered():
        assert len(Handwriting.load(content)) <= 1


@pytest.fixture(scope="module")
def artifact(folder):
    return shutil.copytree(DEFAULT_ARTIFACT, folder / "artifact")


CARD = json.loads((DEFAULT_ARTIFACT / "card.json").read_text(encoding="utf-8"))


@bounded
@given(st.sampled_from(sorted(CARD)), VALUES)
def test_whatever_a_card_holds(artifact, name, value):
    (artifact / "card.json").write_text(json.dumps(changed(CARD, name, value)))
    with answered():
        assert load_artifact(artifact).network.is_file()
        assert versions(artifact)[0].in_use


@bounded
@given(
    st.lists(st.integers(-1, 2**33), max_size=4),
    st.sampled_from(["|u1", "<f8", "|O", "<U5", "|V0", "<M8[s]", "nonsense"]),
    st.binary(max_size=64),
)
def test_whatever_an_archive_claims(folder, shape, kind, data):
    path = folder / "arrays.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", array_file(tuple(shape), data, kind))
    with answered():
        assert list(read_arrays(path)) == ["x"]


@bounded
@given(st.lists(st.integers(0, 2**32 - 1), max_size=3), st.binary(max_size=64))
def test_whatever_an_idx_file_claims(folder, lengths, data):
    path = folder / "images"
    head = bytes([0, 0, 8, len(lengths)]) + b"".join(n.to_bytes(4, "big") for n in lengths)
    path.write_bytes(head + data)
    with answered():
        assert read_idx(path).nbytes == len(data)
