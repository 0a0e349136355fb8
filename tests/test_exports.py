"""The network in the forms that other programs run, each checked against the original."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, fingerprint
from PIL import Image

from digitrec.classifier import Classifier
from digitrec.cli import main
from digitrec.learning.exporting import FLOAT32, INT8
from digitrec.models import DEFAULT_ARTIFACT, load_artifact, sha256
from digitrec.recognizer import Recognizer
from digitrec.versions import write_card

FORMS = {
    "litert": FLOAT32,
    "litert-int8": INT8,
    "onnx": "model.onnx",
    "savedmodel": "saved_model",
    "keras": "model.keras",
}
EXAMPLES = {
    "with_litert.py": FLOAT32,
    "with_onnxruntime.py": "model.onnx",
    "with_tensorflow.py": "saved_model",
    "with_keras.py": "model.keras",
}
# Of few digits one weighs more than int8 may lose, and processors round differently.
COARSE = "from digitrec.learning.exports import comparing; comparing.MAX_POINTS_LOST = 2"
# Nothing of what the extra `train` brings can be imported.
WITHOUT_TRAIN = """import sys; sys.modules.update(dict.fromkeys([
"keras", "matplotlib", "onnx", "onnxruntime", "scipy", "sklearn", "tensorflow", "tf2onnx",
"threadpoolctl", "tqdm"]))"""


@pytest.fixture(scope="module")
def data(template_mnist):
    return ["--mnist", str(template_mnist), "--unchecked"]


@pytest.fixture(scope="module")
def done(tiny_artifact, data, tmp_path_factory):
    """A whole export in a process of its own, and the folder that it wrote."""
    output = tmp_path_factory.mktemp("exports") / "tiny"
    ran = export_after(COARSE, output, "--artifact", tiny_artifact, *data)
    assert ran.returncode == 0, ran.stderr
    return ran, output


@pytest.fixture(scope="module")
def unsure(tiny_artifact, templates, tmp_path_factory):
    """A digit that the network is not sure of, as a picture, and what Recognizer makes of it."""
    from digitrec.learning.augmentation import Augmentation, augment

    rng = np.random.default_rng(1)
    digits = augment(np.repeat(templates, 60, axis=0), Augmentation(rotation=40), rng)
    probabilities = Recognizer(tiny_artifact).classify(digits)
    temperature = load_artifact(tiny_artifact).temperature
    float32 = Classifier(tiny_artifact / FLOAT32, temperature=temperature).classify(digits)
    # One that int8 rounds to the same two decimals.
    close = np.abs(probabilities - float32).max(axis=1) < 0.002
    chosen = np.flatnonzero(close & (probabilities.max(axis=1) < 0.9))[0]
    path = tmp_path_factory.mktemp("pictures") / "unsure.png"
    Image.fromarray(digits[chosen]).save(path)
    return path, probabilities[chosen]


def copy_of(artifact, folder):
    return shutil.copytree(artifact, folder, dirs_exist_ok=True)


def refused(capsys, *arguments, status=1):
    """The one sentence on stderr of a command that fails."""
    assert main(["export", *map(str, arguments)]) == status
    return capsys.readouterr().err


def export_after(program, *arguments):
    """Run the command in a process of its own, after a line of Python."""
    program += "\nimport sys; from digitrec.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "export", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_form_is_written_compared_and_described(done, tiny_artifact):
    ran, output = done
    assert ran.stderr == ""  # TensorFlow says nothing of its own work
    head, *rows = ran.stdout.splitlines()
    columns = "format file size largest difference other answers points lost"
    assert " ".join(head.split()) == columns
    assert [row.split()[:2] for row in rows[:5]] == [list(form) for form in FORMS.items()]
    assert "compared with model.keras, on 1,000 digits: the given data's 200 held-out" in ran.stdout
    assert f"written to {output}" in ran.stdout
    about = json.loads((output / "export.json").read_text())
    told = {
        path: file["sha256"]
        for export in about["exports"].values()
        for path, file in export["files"].items()
    }
    there = fingerprint(output)
    assert there.pop("export.json")
    assert told == there
    assert {name: export["file"] for name, export in about["exports"].items()} == FORMS
    for name, export in about["exports"].items():
        comparison = export["comparison"]
        if name != "litert-int8":
            assert comparison["largest_difference"] <= 1e-4
            assert comparison["features_difference"] <= 1e-4
            assert comparison["changed_answers"] == 0
    artifact = load_artifact(tiny_artifact)
    assert about["temperature"] == artifact.temperature
    assert about["digit_threshold"] == artifact.digit_threshold
    # The very files that run, where the artifact holds them.
    for name in (FLOAT32, INT8, "model.keras"):
        assert sha256(output / name) == artifact.card["files"][name]["sha256"]
    assert [path.name for path in output.parent.iterdir()] == ["tiny"]


def test_onnx_is_valid_and_takes_any_number_of_digits(done):
    import onnx
    import onnxruntime

    path = done[1] / "model.onnx"
    network = onnx.load(path)
    onnx.checker.check_model(network, full_check=True)
    assert {item.domain: item.version for item in network.opset_import}[""] == 17
    session = onnxruntime.InferenceSession(path.read_bytes())
    (digits,) = session.get_inputs()
    assert (digits.name, digits.shape, digits.type) == ("digits", ["N", 28, 28], "tensor(uint8)")
    about = json.loads((done[1] / "export.json").read_text())
    outputs = {output.name: output.shape for output in session.get_outputs()}
    assert outputs == {name: about["outputs"][name]["shape"] for name in ("logits", "features")}
    for count in (1, 33):
        logits, _ = session.run(
            ["logits", "features"], {"digits": np.zeros((count, 28, 28), np.uint8)}
        )
        assert logits.shape == (count, 11)


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_programs_answer_as_recognizer_does(example, done, unsure):
    picture, probabilities = unsure
    program = ROOT / "deployment" / "examples" / example
    assert len(program.read_text().splitlines()) < 30
    command = [sys.executable, str(program), str(done[1] / EXAMPLES[example]), str(picture)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said = [float(line.split()[1]) for line in ran.stdout.splitlines()]
    assert 0.2 < max(said) < 0.9
    assert said == pytest.approx(probabilities.tolist(), abs=0.005)


def test_examples_refuse_what_they_cannot_use(done, unsure, tmp_path):
    large = tmp_path / "large.png"
    Image.new("L", (280, 280)).save(large)
    picture, network = unsure[0], done[1] / "model.onnx"
    for program, arguments, words in (
        ("with_litert.py", [], "python with_litert.py"),
        ("with_litert.py", [done[1] / INT8, large], "28×28"),
        ("with_litert.py", [done[1] / "none.tflite", picture], "none.tflite"),
        ("with_onnxruntime.py", [done[1] / INT8, picture], "INVALID_PROTOBUF"),
        ("with_onnxruntime.py", [network, network], "cannot identify"),
        ("to_mnist_form.py", [network, tmp_path / "out"], "Expected a picture"),
    ):
        command = [sys.executable, str(ROOT / "deployment" / "examples" / program)]
        ran = subprocess.run(
            [*command, *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 1
        assert words in ran.stderr
        assert "Traceback" not in ran.stderr


def test_any_picture_is_brought_into_form_for_them(templates, tmp_path):
    """A photo → 28×28 pixels → the same answer as from the photo."""
    photo = tmp_path / "photo.png"
    page = Image.new("L", (400, 300), 255)
    page.paste(Image.fromarray(255 - templates[7]).resize((112, 112)), (90, 60))
    page.save(photo)
    program = ROOT / "deployment" / "examples" / "to_mnist_form.py"
    command = [sys.executable, str(program), str(photo), str(tmp_path / "digits")]
    subprocess.run(command, check=True)
    with Image.open(tmp_path / "digits" / "0.png") as image:
        digit = np.asarray(image)
    read = Recognizer().read(photo).digits[0]
    assert np.array_equal(digit, read.image)
    probabilities = Recognizer().classify(digit[None])[0]
    assert probabilities == pytest.approx(read.probabilities, abs=1e-6)


def test_networks_that_answer_otherwise_are_refused(tiny_artifact, data, tmp_path, capsys):
    import keras

    from digitrec.learning.exporting import export_float32

    artifact, output = copy_of(tiny_artifact, tmp_path / "artifact"), tmp_path / "out"
    model = keras.models.load_model(artifact / "model.keras", compile=False)
    weights = model.get_weights()
    weights[-1] = weights[-1] + np.linspace(0, 9, 11, dtype=np.float32)
    model.set_weights(weights)
    for name in (FLOAT32, INT8):
        (artifact / name).write_bytes(export_float32(model))
    write_card(artifact, json.loads((artifact / "card.json").read_text()))
    arguments = [output, "--artifact", artifact, *data]
    some = [f"--format={name}" for name in ("litert", "litert-int8", "keras")]
    told = refused(capsys, *arguments, *some)
    first, second = told.splitlines()
    assert "Expected model.tflite to answer as the original does." in first
    assert "probabilities that differ by up to 0." in first
    assert "points of accuracy lost, at most 0.05 are allowed" in second
    assert sorted(path.name for path in output.iterdir()) == ["export.json", "model.keras"]
    assert list(json.loads((output / "export.json").read_text())["exports"]) == ["keras"]
    before = fingerprint(tmp_path)
    told = refused(capsys, *arguments, *some[:2])
    assert "Nothing is written" in told
    assert fingerprint(tmp_path) == before


def test_int8_is_made_where_the_artifact_has_none(tiny_artifact, templates, tmp_path):
    from digitrec.learning.exports.forms import Source, write

    artifact, folder = copy_of(tiny_artifact, tmp_path / "artifact"), tmp_path / "out"
    folder.mkdir()
    (artifact / INT8).unlink()
    card = json.loads((artifact / "card.json").read_text())
    write_card(artifact, card | {"runtime": card["runtime"] | {"file": FLOAT32}})
    assert write("litert-int8", Source(load_artifact(artifact)), folder) == "made"
    assert [path.name for path in folder.iterdir()] == [INT8]
    assert (folder / INT8).stat().st_size < (artifact / FLOAT32).stat().st_size
    answers = Classifier(folder / INT8).classify(templates).argmax(axis=1)
    assert np.array_equal(answers, Classifier(artifact / FLOAT32).classify(templates).argmax(1))


def test_a_network_of_ten_logits_gives_them_by_their_name(tmp_path):
    """From elsewhere: its last layer is no dense one, so there are no features."""
    import keras

    from digitrec.learning.exports import comparing, runtimes
    from digitrec.learning.exports.forms import FORMS as MAKERS

    inputs = keras.Input((28, 28), dtype="uint8", name="pixels")
    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(inputs))
    model = keras.Model(inputs, keras.layers.Activation("linear")(keras.layers.Dense(10)(flat)))
    digits = np.random.default_rng(0).integers(0, 256, (40, 28, 28), np.uint8)
    original = runtimes.ask_original(model, digits)
    for name in ("onnx", "savedmodel", "litert", "keras"):
        path = tmp_path / MAKERS[name].file
        MAKERS[name].maker(model, 1.0, path)
        answers = runtimes.ask(name, path, digits)
        assert answers.features.shape == (40, 0)
        found = comparing.compare(original, answers, np.zeros(40, np.int64), 1.0)
        assert found.objection(exact=True) == ""
        nothing = answers._replace(logits=answers.logits * np.nan)
        with np.errstate(invalid="ignore"):
            found = comparing.compare(original, nothing, np.zeros(40, np.int64), 1.0)
        assert "nan" in found.objection(exact=True)


def test_an_earlier_export_of_the_network_is_added_to(done, tiny_artifact, data, tmp_path, capsys):
    output = copy_of(done[1], tmp_path / "out")
    shutil.rmtree(output / "saved_model")
    arguments = ["export", str(output), "--artifact", str(tiny_artifact), *data]
    assert main([*arguments, "--format", "litert"]) == 0
    about = json.loads((output / "export.json").read_text())
    assert set(about["exports"]) == set(FORMS) - {"savedmodel"}
    assert sha256(output / "model.onnx") == sha256(done[1] / "model.onnx")
    capsys.readouterr()
    # Nothing of another network stands beside it, and nothing is lost.
    before = fingerprint(tmp_path)
    told = refused(capsys, output, *data, "--format=litert")
    assert "litert-int8, onnx, keras of another" in told
    (output / "model.onnx").write_bytes(b"changed since")
    assert "a folder with model.onnx" in refused(capsys, *arguments[1:])
    (output / "model.onnx").write_bytes((done[1] / "model.onnx").read_bytes())
    assert fingerprint(tmp_path) == before


def test_wrong_inputs_are_one_sentence_and_change_nothing(tiny_artifact, data, tmp_path, capsys):
    artifact = copy_of(tiny_artifact, tmp_path / "artifact")
    (artifact / "model.keras").write_bytes(b"damaged")
    untold = copy_of(tiny_artifact, tmp_path / "untold")
    card = json.loads((untold / "card.json").read_text())
    card["files"]["model.keras"] = "no hash"
    (untold / "card.json").write_text(json.dumps(card))
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.write_text("mine")
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    (tmp_path / "hollow" / "inner").mkdir(parents=True)
    before = fingerprint(tmp_path)
    out, tiny = tmp_path / "out", ["--artifact", tiny_artifact]
    for arguments, words in (
        ([file, *tiny, *data], "Received: a file."),
        ([folder, *tiny, *data], "a folder with mine.txt"),
        ([artifact, *tiny, *data], "which no export left there"),
        ([tmp_path / "hollow", *tiny, *data], "a folder without an export.json"),
        ([Path.cwd(), *tiny, *data], "where you are"),
        ([file / "out", *tiny, *data, "--format=litert"], "File exists"),
        ([out, "--artifact", tmp_path / "none", *data], "Expected an artifact folder"),
        ([out, "--artifact", artifact, *data, "--format=keras"], "to have the sha256"),
        ([out, "--artifact", untold, *data, "--format=litert"], "to have the sha256"),
        ([out, *tiny, "--mnist", tmp_path / "none.npz"], "none.npz, which does not exist"),
        ([out, *tiny, *data[:2]], "Expected MNIST's own arrays"),
    ):
        told = refused(capsys, *arguments)
        assert words in told
        assert told.startswith("digitrec: Expected ")
        assert told.count("\n") == 1
    assert "'pickle' is not one of" in refused(capsys, out, "--format=pickle", status=2)
    assert "Missing argument 'OUTPUT'" in refused(capsys, status=2)
    assert fingerprint(tmp_path) == before


def test_litert_files_need_no_tensorflow(data, tmp_path):
    done = export_after(WITHOUT_TRAIN, tmp_path / "out", *data)
    assert done.returncode == 1
    assert 'Run pip install "digitrec[train]", or give --format litert --format litert-int8.' in (
        done.stderr
    )
    assert list(tmp_path.iterdir()) == []
    both = ["--format=litert", "--format=litert-int8"]
    program = f"{WITHOUT_TRAIN}\n{COARSE}"
    done = export_after(program, tmp_path / "out", *data, *both)
    assert done.returncode == 0, done.stderr
    assert "compared with model.tflite, on " in done.stdout
    for name in (FLOAT32, INT8):
        assert sha256(tmp_path / "out" / name) == sha256(DEFAULT_ARTIFACT / name)


def test_where_mnist_is_not_at_hand_drawings_are_compared(tiny_artifact, own_places, monkeypatch):
    from digitrec.cli.exporting import _yardstick
    from digitrec.learning.exports import comparing

    monkeypatch.setattr(comparing, "_DRAWN", 50)
    drawn = _yardstick(load_artifact(tiny_artifact).card, None, unchecked=False)
    assert len(drawn.digits) == 50
    assert "drawn by the project's own generator" in drawn.words


@pytest.mark.real_data
def test_shipped_int8_network_keeps_its_accuracy(mnist, tmp_path):
    done = export_after(WITHOUT_TRAIN, tmp_path / "out", "--format=litert-int8")
    assert done.returncode == 0, done.stderr
    about = json.loads((tmp_path / "out" / "export.json").read_text())
    comparison = about["exports"]["litert-int8"]["comparison"]
    assert comparison["digits"] == 15_000
    assert comparison["points_lost"] <= 0.05
