"""What several tests need: real data where it is, and a tiny network that was really trained."""

import contextlib
import functools
import hashlib
import importlib
import io
import os
import shutil
import signal
import subprocess
import sys
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from browser import launch, served
from correcting import correction
from filelock import FileLock
from playwright.sync_api import expect, sync_playwright
from postgres import Server, find_programs
from sketching import open_page
from streamlit.components.v2 import manifest_scanner
from visiting import visitor

from digitrec import Recognizer
from digitrec.cli import main
from digitrec.corrections import NOT_A_DIGIT, URL_VARIABLE, CorrectionStore
from digitrec.datasets import load_mnist
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def own_data_folder(tmp_path_factory):
    """No test writes into the data folder of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data_home")))
        yield


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_counts():
    """Tests that run in the background start programs that would ignore Ctrl-C as they do."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def patience():
    """On a busy machine what is expected on a page takes its time."""
    expect.set_options(timeout=30_000)


@pytest.fixture(scope="session", autouse=True)
def components_looked_for_once():
    """Every `AppTest` looks for components in all that is installed: most of its time."""
    with pytest.MonkeyPatch.context() as patch:
        found = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@pytest.fixture
def own_places(tmp_path, monkeypatch):
    """Nothing of this machine's user is read or written."""
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("DIGITREC_DATABASE_URL", "DIGITREC_MNIST", "DIGITREC_CACHE"):
        monkeypatch.delenv(name, raising=False)


def missing(reason):
    """Skip on a machine without the data or program; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def mnist():
    if not os.environ.get("DIGITREC_MNIST"):
        missing("DIGITREC_MNIST names no MNIST")
    return load_mnist()


@pytest.fixture(scope="session")
def data_folder():
    folder = os.environ.get("DIGITREC_DATA")
    if not folder or not Path(folder).is_dir():
        missing("DIGITREC_DATA names no folder")
    return Path(folder)


@pytest.fixture(scope="session")
def recognizer():
    """The shipped network."""
    return Recognizer()


@pytest.fixture(scope="session")
def templates():
    """The ten template drawings as digits (10, 28, 28)."""
    return np.stack([normalize_digit(ink_from_strokes(digit_strokes(c))) for c in range(10)])


@pytest.fixture(scope="session")
def template_mnist(templates, tmp_path_factory):
    """An .npz in MNIST's form with 1,200 + 300 variations of the templates."""
    from digitrec.learning.augmentation import Augmentation, augment

    labels = np.tile(np.arange(10), 150)
    digits = augment(templates[labels], Augmentation(), np.random.default_rng(0))
    path = tmp_path_factory.mktemp("data") / "templates.npz"
    np.savez(
        path,
        x_train=digits[:1200],
        y_train=labels[:1200],
        x_test=digits[1200:],
        y_test=labels[1200:],
    )
    return path


@pytest.fixture(scope="session")
def stroke_file(tmp_path_factory):
    """Forty drawings of digits by three writers, as JSON lines."""
    from digitrec.datasets import Drawing, write_drawings
    from digitrec.shapes import StrokeVariation, random_digit, vary_strokes

    rng = np.random.default_rng(0)
    drawings = []
    for number in range(40):
        strokes = vary_strokes(random_digit(number % 10, rng), StrokeVariation(), rng)
        scaled = tuple((200 * stroke).astype(np.float32) for stroke in strokes)
        drawings.append(Drawing(str(number % 10), str(number % 3), scaled))
    path = tmp_path_factory.mktemp("strokes") / "drawings.jsonl"
    write_drawings(path, drawings)
    return path


def run_in_own_process(name, *arguments, cwd=ROOT):
    """Run a script as a user does."""
    command = [sys.executable, str(ROOT / "scripts" / name), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def run_script(name, *arguments):
    """Run a script's `main` here: as in its own process, less the seconds TensorFlow loads in."""
    return _run_here(importlib.import_module(name.removesuffix(".py")).main, arguments)


def run_command(*arguments):
    """Run `digitrec` here, in the same way."""
    return _run_here(main, arguments)


def _run_here(program, arguments):
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        contextlib.chdir(ROOT),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", DeprecationWarning)  # Keras' own
        status = program([str(argument) for argument in arguments])
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def train(*arguments):
    """Run `digitrec train`."""
    return run_command("train", *arguments)


def fingerprint(folder):
    """The hash of every file below a folder, by its path there."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def exported(folder, outputs):
    """A network file with these outputs of the flattened digits, untrained."""
    import keras
    import tensorflow as tf

    inputs = keras.Input((28, 28), dtype="uint8")
    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(inputs))
    model = keras.Model(inputs, outputs(flat))
    path = folder / "some.tflite"
    path.write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())
    return path


def one_hot(labels, confidence=1.0):
    """Probabilities (N, 10) that are as sure of the labels as told."""
    return np.where(np.eye(10)[labels] == 1, confidence, (1 - confidence) / 9).astype(np.float32)


@pytest.fixture(scope="session")
def tiny_options(template_mnist):
    return [
        "--unchecked",
        f"--mnist={template_mnist}",
        "--architecture=tiny_cnn",
        "--validation-size=200",
        "--batch-size=64",
        "--touching-share=0.03",
        "--validation-writers=1",
        "--epochs=3",
        "--quiet",
    ]


@pytest.fixture(scope="session")
def tiny_training(tiny_options, tmp_path_factory):
    """The folder of a whole tiny training: `tiny`, its artifact, and beside it its checkpoints.

    One of the tests' processes trains for all of them, since training takes longest of all;
    nobody writes here. With `DIGITREC_TINY_TRAINING` it is kept in that folder, for the next run.
    """
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    place = Path(os.environ.get("DIGITREC_TINY_TRAINING", place))
    folder = place / "trained"
    with FileLock(place / "trained.lock"):
        if not folder.exists():
            begun = tmp_path_factory.mktemp("begun")
            done = run_in_own_process("train.py", *tiny_options, f"--output={begun / 'tiny'}")
            assert done.returncode == 0, done.stderr
            shutil.move(begun, folder)
    return folder


@pytest.fixture(scope="session")
def tiny_artifact(tiny_training, tmp_path_factory):
    """The artifact of a tiny training, alone in its folder."""
    return shutil.copytree(tiny_training / "tiny", tmp_path_factory.mktemp("artifacts") / "tiny")


@pytest.fixture(scope="module")
def ray_cluster():
    """Where two Ray nodes on this machine, with a core each, are reached."""
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "ray_nodes.py")],
        env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        address = process.stdout.readline().strip()
        assert address, "Ray's nodes do not begin"
        yield address


@pytest.fixture(scope="session")
def postgres():
    """A running PostgreSQL."""
    programs = find_programs()
    if programs is None:
        missing("PostgreSQL's server is not installed (Debian's package postgresql)")
    server = Server(programs)
    server.start()
    yield server
    server.stop()
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path):
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'corrections.sqlite'}"
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Twelve corrections, where the command line and the page look for them."""
    monkeypatch.setenv(URL_VARIABLE, str(tmp_path / "corrections.sqlite"))
    labels = [7, 7, 7, 3, NOT_A_DIGIT, *range(7)]
    with CorrectionStore() as store:
        store.save_all(
            correction(n, label=label, time=datetime.now(UTC) - timedelta(days=n))
            for n, label in enumerate(labels)
        )
        yield store


@pytest.fixture(scope="module")
def address():
    """Where the page is served."""
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address):
    """A fresh visitor on the Draw page."""
    with visitor(browser, (1280, 720)) as page:
        open_page(page, address)
        yield page
