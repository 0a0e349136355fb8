"""Artifacts from strangers: what is changed or made to do harm is refused, and never run."""

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT

from digitrec.errors import ArtifactError
from digitrec.explaining.layers import Network
from digitrec.learning.exports.forms import Source
from digitrec.learning.finetuning import load_network as load_to_learn
from digitrec.learning.networks import load_network
from digitrec.models import DEFAULT_ARTIFACT, load_artifact, sha256
from digitrec.recognizer import Recognizer
from digitrec.versions import versions


@pytest.fixture
def artifact(tmp_path):
    return shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact")


def described(artifact, **changes):
    """The artifact with another card."""
    path = artifact / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return artifact


def own_hash(artifact, name):
    """A stranger's card fits the stranger's files."""
    files = json.loads((artifact / "card.json").read_text())["files"]
    files[name]["sha256"] = sha256(artifact / name)
    return described(artifact, files=files)


@pytest.mark.parametrize(
    "changes",
    [
        {"temperature": 10**400},
        {"temperature": float("inf")},
        {"temperature": float("nan")},
        {"digit_threshold": 10**400},
        {"digit_threshold": float("nan")},
        {"runtime": {"file": "a" * 300}, "files": {"a" * 300: {"sha256": "0" * 64}}},
        {"runtime": {"file": "\0"}, "files": {"\0": {"sha256": "0" * 64}}},
        {"runtime": {"file": ".."}, "files": {"..": {"sha256": "0" * 64}}},
        {"runtime": {"file": ""}, "files": {"": {"sha256": "0" * 64}}},
        {"runtime": {"file": ["x"]}},
        {"files": [1]},
        {"files": {"model.int8.tflite": "x"}},
    ],
)
def test_card_with_strange_values_is_refused(artifact, changes):
    with pytest.raises(ArtifactError, match=r"Expected .*Received"):
        load_artifact(described(artifact, **changes))


@pytest.mark.parametrize(
    "changes", [{"created": 7}, {"created": "2026-01-01/../x"}, {"data": 7}, {"recipe": []}]
)
def test_card_with_strange_additions_reads_and_is_a_version_by_a_safe_name(artifact, changes):
    model = Recognizer(described(artifact, **changes)).model
    (version,) = versions(artifact)
    assert re.fullmatch(rf"[\w-]+-{model[:8]}", version.name)


def test_card_whose_figures_are_none_reads_and_is_no_version(artifact):
    assert Recognizer(described(artifact, figures=7)).model
    with pytest.raises(ArtifactError, match=r"Expected .*Received"):
        versions(artifact)


TAKEN = {
    "model.int8.tflite": [lambda artifact: load_artifact(artifact.folder)],
    "model.tflite": [Network, lambda artifact: Source(artifact).holds("model.tflite")],
    "model.keras": [load_to_learn, lambda artifact: Source(artifact).model],
}


@pytest.mark.parametrize("name", TAKEN)
def test_changed_network_is_refused_wherever_it_is_taken(artifact, name):
    whole = load_artifact(artifact)
    path = artifact / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    for take in TAKEN[name]:
        with pytest.raises(ArtifactError, match="sha256"):
            take(whole)


@pytest.mark.parametrize("about", ["x", 7, {}, {"sha256": None}])
def test_file_that_the_card_does_not_describe_is_refused_wherever_it_is_taken(artifact, about):
    whole = load_artifact(artifact)
    for name in ("model.tflite", "model.keras"):
        files = {**whole.card["files"], name: about}
        strange = load_artifact(described(artifact, files=files))
        for take in TAKEN[name]:
            with pytest.raises(ArtifactError, match="sha256"):
                take(strange)


def test_damaged_network_with_a_card_of_its_own_is_refused(artifact):
    path = artifact / "model.int8.tflite"
    whole = path.read_bytes()
    for content in (b"", b"TFL3", whole[:1000], b"\xff" * 1000, whole[:4] + bytes(len(whole) - 4)):
        path.write_bytes(content)
        with pytest.raises(ArtifactError, match="LiteRT network"):
            Recognizer(own_hash(artifact, path.name))


@pytest.fixture
def sign(tmp_path):
    """What a file made to do harm leaves if it is run."""
    return tmp_path / "ran"


def with_lambda(path, sign):
    """A network that a stranger made: it reads well, and runs his program when it is loaded."""
    import keras

    harm = eval(f"lambda x: (open({str(sign)!r}, 'w').close(), x)[1]")  # as its source is no file
    inputs = keras.Input((28, 28))
    layer = keras.layers.Lambda(harm)(inputs)
    logits = keras.layers.Dense(10)(keras.layers.Flatten()(layer))
    keras.Model(inputs, logits).save(path)
    assert sign.exists()  # making it runs it once
    sign.unlink()
    return path


def test_program_in_a_network_is_refused_and_not_run(artifact, tmp_path, sign):
    import keras

    path = with_lambda(tmp_path / "stranger.keras", sign)
    with pytest.raises(ArtifactError, match="arbitrary code"):
        load_network(path)
    shutil.copy(path, artifact / "model.keras")
    with pytest.raises(ArtifactError, match="arbitrary code"):
        load_to_learn(load_artifact(own_hash(artifact, "model.keras")))
    assert not sign.exists()
    keras.models.load_model(path, safe_mode=False)
    assert sign.exists()  # it would have


def test_older_format_is_refused_unread(tmp_path):
    """HDF5 was loaded without safe mode by some versions of Keras."""
    path = tmp_path / "model.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(ArtifactError, match=r"name ends in \.keras"):
        load_network(path)


def changed(change):
    """The shipped network's file with another config or other weights."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(DEFAULT_ARTIFACT / "model.keras") as old,
        zipfile.ZipFile(file, "w") as new,
    ):
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


def configured(change):
    def edit(name, content):
        if name != "config.json":
            return content
        config = json.loads(content)
        change(config)
        return json.dumps(config).encode()

    return changed(edit)


HARMFUL = {
    "deep": changed(lambda name, old: b"[" * 100_000 if name == "config.json" else old),
    "half zeros": changed(
        lambda name, old: old[:700_000] + bytes(600_000) if "h5" in name else old
    ),
    "no layers": configured(lambda config: config["config"].update(layers=[])),
    "missing layer": configured(lambda config: config["config"].update(input_layers=[["x", 0, 0]])),
    "axis": configured(lambda config: config["config"]["layers"][4]["config"].update(axis=10**10)),
    "a program's name": configured(lambda config: config.update(module="os", class_name="system")),
}


@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL)
def test_damaged_keras_file_is_refused(artifact, tmp_path, content):
    path = tmp_path / "stranger.keras"
    path.write_bytes(content)
    with pytest.raises(ArtifactError, match=r"Expected .*Received"):
        load_network(path)
    shutil.copy(path, artifact / "model.keras")
    with pytest.raises(ArtifactError, match=r"Expected .*Received"):
        load_to_learn(load_artifact(own_hash(artifact, "model.keras")))


def networks():
    """What Keras saves and loads, and what answers no question of this project."""
    import keras

    digit, other = keras.Input((28, 28)), keras.Input((3,))
    flat = keras.layers.Flatten()(digit)
    logits = keras.layers.Dense(10)(flat)
    layers = [keras.layers.Flatten(), keras.layers.Dense(10)]
    return {
        "a form that it was never given": keras.Sequential(layers),
        r"to \(10,\) and \(5,\)": keras.Model(digit, [logits, keras.layers.Dense(5)(flat)]),
        r"to \(10,\) by name": keras.Model(digit, {"logits": logits}),
        r"from \(28, 28\) and \(3,\)": keras.Model([digit, other], logits),
        r"to \(12,\)": keras.Model(digit, keras.layers.Dense(12)(flat)),
        "by its softmax": keras.Model(digit, keras.layers.Dense(10, activation="softmax")(flat)),
        "its softmax": keras.Model(digit, keras.layers.Softmax()(logits)),
    }


@pytest.mark.filterwarnings("ignore:You are saving a model that has not yet been built")
def test_network_of_another_form_is_refused(tmp_path):
    path = tmp_path / "stranger.keras"
    for told, network in networks().items():
        network.save(path)
        with pytest.raises(ArtifactError, match=rf"Expected .*Received.*{told}"):
            load_network(path)


_ASK = """
import sys
from digitrec.errors import ArtifactError
from digitrec.explaining.layers import Network
from digitrec.models import load_artifact
from digitrec.recognizer import Recognizer
for ask in (Recognizer, lambda folder: Network(load_artifact(folder))):
    try:
        ask(sys.argv[1])
    except ArtifactError as error:
        print(error)
"""


def test_network_without_a_graph_crashes_nothing(artifact):
    """LiteRT takes such a file for whole, and ends its process: a find of fuzzing."""
    for name, place in (("model.int8.tflite", 20), ("model.tflite", 16)):
        content = bytearray((artifact / name).read_bytes())
        assert content[place] in (0x14, 0x18)  # where the table tells of its graphs
        content[place] = 0
        (artifact / name).write_bytes(content)
        own_hash(artifact, name)
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(artifact)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line.split(" in ")[0] for line in done.stdout.splitlines()] == [
        "Expected a LiteRT network"
    ] * 2
