"""The forms of an exported network, and how each is written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.errors import DigitrecError, ExportError
from digitrec.learning.quiet import quiet
from digitrec.models import Artifact

if TYPE_CHECKING:
    import keras

INPUT = "digits"  # the input's name in every form that is made here
# Of 2022: every ONNX Runtime since 1.12 reads it.
ONNX_OPSET = 17


@dataclass(frozen=True)
class Form:
    """One form of a network.

    Attributes:
        file: its file or folder in the export.
        maker: writes it.
        libraries: what making and running it needs besides what digitrec always has, with the
            names that they are imported by.
        exact: whether it computes as the original does, in float32.
    """

    file: str
    maker: Callable[[keras.Model, float, Path], None]
    libraries: tuple[str, ...] = ()
    exact: bool = True


@dataclass(frozen=True)
class Source:
    """What is exported: an artifact's network."""

    artifact: Artifact

    @cached_property
    def model(self) -> keras.Model:
        """The network as it was trained, (N, 28, 28) uint8 → logits.

        Raises:
            ArtifactError: it is not there, or not the one of the card.
        """
        from digitrec.learning.networks import load_network

        return load_network(self.artifact.file(KERAS_FILE))

    def holds(self, name: str) -> bool:
        """Whether the artifact has that file and its card knows it.

        Raises:
            ArtifactError: its content is another than the card's.
        """
        if name not in self.artifact.card["files"] or not (self.artifact.folder / name).is_file():
            return False
        self.artifact.file(name)
        return True


def write(name: str, source: Source, folder: Path) -> str:
    """Write a form of a network into a folder.

    Args:
        name: a key of `FORMS`.
        source: the network. Files that its artifact holds are copied: they are the very ones that
            its card speaks of.
        folder: where it is written.

    Returns:
        "copied" or "made".

    Raises:
        ArtifactNotFoundError, ArtifactError: a file is damaged, or there is nothing to make it of.
        ExportError: the form knows nothing like this network.
    """
    form = FORMS[name]
    if source.holds(form.file):
        shutil.copyfile(source.artifact.folder / form.file, folder / form.file)
        return "copied"
    model = source.model
    try:
        form.maker(model, source.artifact.temperature, folder / form.file)
    except (DigitrecError, OSError):
        raise
    except Exception as error:  # every converter has errors of its own
        raise ExportError(
            f"Expected a network that can be turned into {form.file}. Received: "
            f"{type(error).__name__}: {(str(error) or 'nothing said').splitlines()[0]}. Leave "
            f"{name} out."
        ) from error
    return "made"


def is_installed(*libraries: str) -> bool:
    """Whether all of them can be imported; none is."""
    return all(find_spec(library) for library in libraries)


def check_installed(names: Sequence[str], source: Source) -> None:
    """Before anything is written: what the forms need is there.

    Raises:
        ExportError: it is not; the sentence says what would do.
    """
    lacking = {name: _lacking(FORMS[name], source) for name in names}
    without = [name for name in names if lacking[name]]
    if without:
        missing = ", ".join(dict.fromkeys(library for name in without for library in lacking[name]))
        rest = " ".join(f"--format {name}" for name in names if name not in without)
        raise ExportError(
            f"Expected what makes {', '.join(without)} to be installed. Received: an installation "
            f'without {missing}. Run pip install "digitrec[train]"'
            f"{f', or give {rest}' if rest else ''}."
        )


def _lacking(form: Form, source: Source) -> list[str]:
    """The libraries that a form needs and that are not installed; a copy to LiteRT needs none."""
    needed = form.libraries or (() if source.holds(form.file) else KERAS)
    return [library for library in needed if not is_installed(library)]


def _make_litert(model: keras.Model, temperature: float, path: Path) -> None:
    from digitrec.learning.exporting import export_float32

    path.write_bytes(export_float32(model))


def _make_int8(model: keras.Model, temperature: float, path: Path) -> None:
    """With ranges measured on drawings of the project's own.

    An artifact that a training finished holds a better one, made with all that it learned from.
    """
    from digitrec.learning import finishing
    from digitrec.learning.exporting import INT8
    from digitrec.learning.unfinished import exam_of_drawings

    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        finishing.export(model, exam_of_drawings(), temperature, Path(scratch))
        (Path(scratch) / INT8).replace(path)


def _make_onnx(model: keras.Model, temperature: float, path: Path) -> None:
    import onnx

    _export(model, path, format="onnx", opset_version=ONNX_OPSET)
    network = onnx.load(path)
    # The converter numbers them; one name says that they are as long as each other.
    for tensor in (*network.graph.input, *network.graph.output):
        tensor.type.tensor_type.shape.dim[0].dim_param = "N"
    onnx.checker.check_model(network, full_check=True)
    onnx.save(network, path)


def _make_saved_model(model: keras.Model, temperature: float, path: Path) -> None:
    _export(model, path, format="tf_saved_model")


def _export(model: keras.Model, path: Path, **options: object) -> None:
    """By Keras' own exporter, with the outputs that LiteRT files have."""
    import keras

    from digitrec.learning.exporting import with_named_outputs

    digits = keras.InputSpec(shape=(None, 28, 28), dtype="uint8", name=INPUT)
    with quiet():
        with_named_outputs(model).export(
            str(path), input_signature=[digits], verbose=False, **options
        )


def _make_keras(model: keras.Model, temperature: float, path: Path) -> None:
    model.save(path)


KERAS = ("keras", "tensorflow")
KERAS_FILE = "model.keras"
FORMS: Mapping[str, Form] = {
    "litert": Form("model.tflite", _make_litert),
    "litert-int8": Form("model.int8.tflite", _make_int8, exact=False),
    "onnx": Form("model.onnx", _make_onnx, (*KERAS, "tf2onnx", "onnx", "onnxruntime")),
    "savedmodel": Form("saved_model", _make_saved_model, KERAS),
    "keras": Form(KERAS_FILE, _make_keras, KERAS),
}
