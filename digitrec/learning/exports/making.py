"""One export: from an artifact to a folder of checked networks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from digitrec.errors import ExportError, OutputError
from digitrec.interpreters import FEATURES, LOGITS
from digitrec.learning.exports.comparing import Comparison, Yardstick, compare
from digitrec.learning.exports.description import network_record, usage_record, write_description
from digitrec.learning.exports.folder import earlier_exports, files_of, keep, taking_place_of
from digitrec.learning.exports.forms import (
    FORMS,
    KERAS,
    KERAS_FILE,
    Source,
    check_installed,
    is_installed,
    write,
)
from digitrec.learning.exports.runtimes import Answers, ask, ask_original
from digitrec.learning.quiet import load_quietly

_FLOAT32 = "litert"


@dataclass(frozen=True)
class Reference:
    """What exported networks are compared with.

    Attributes:
        yardstick: the digits.
        file: of the artifact, whose answers these are.
        answers: to those digits.
    """

    yardstick: Yardstick
    file: str
    answers: Answers

    @property
    def words(self) -> str:
        """What was compared with what, for the table and the description."""
        return f"{self.file}, on {len(self.yardstick.digits):,} digits: {self.yardstick.words}"


@dataclass(frozen=True)
class Exported:
    """One form that was made, and what came of the comparison.

    Attributes:
        form: a key of `forms.FORMS`.
        file: its file or folder in the export.
        made: "copied" from the artifact, or "made" of its Keras network.
        files: size in bytes and sha256 of each of its files, by its path in the export.
        outputs: the names of what it gives.
        comparison: with the original.
        objection: why it is refused; "" where it is not.
    """

    form: str
    file: str
    made: str
    files: Mapping[str, Mapping[str, Any]]
    outputs: Sequence[str]
    comparison: Comparison
    objection: str

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(file["bytes"] for file in self.files.values())


def export(
    source: Source,
    names: Sequence[str],
    yardstick: Yardstick,
    output: Path,
    told: Callable[[Exported], None],
) -> Reference:
    """Write a network in several forms, each loaded again and compared with the original.

    Args:
        source: the network.
        names: keys of `forms.FORMS`.
        yardstick: what is compared on.
        output: a folder that is new, empty or an earlier export. What that has of the same
            network in other forms stays.
        told: called with each form as soon as it is compared. Those with an objection are not in
            `output`.

    Returns:
        What they were compared with.

    Raises:
        ExportError: a library is missing, a file does not run, or every form is refused.
        OutputError: `output` cannot be written, or holds what would be lost.
        ArtifactNotFoundError, ArtifactError: a file of the artifact is missing or damaged.
    """
    network = network_record(source.artifact)
    kept = _kept(names, network, output)
    check_installed(names, source)
    reference = reference_of(source, yardstick)
    with taking_place_of(output) as fresh:
        done = []
        for name in names:
            done.append(_one(name, source, reference, fresh))
            told(done[-1])
        good = [item for item in done if not item.objection]
        if not good:
            raise ExportError(
                f"{objection_to(done[0])} Nothing is written to {output}; train the network again."
            )
        keep(output, [FORMS[name].file for name in kept], fresh)
        records = {**kept, **{item.form: _record(item, reference) for item in good}}
        about = {**network, **usage_record(reference.answers), "exports": records}
        write_description(fresh, about)
    return reference


def objection_to(exported: Exported) -> str:
    """A sentence on a form that is refused."""
    return (
        f"Expected {exported.file} to answer as the original does. Received: "
        f"{exported.objection} allowed."
    )


def reference_of(source: Source, yardstick: Yardstick) -> Reference:
    """The network's answers in Keras.

    Where that is not installed, those of the float32 LiteRT file that was made of it.

    Raises:
        ExportError: neither is there.
    """
    digits = yardstick.digits.digits
    if is_installed(*KERAS):
        load_quietly()
        return Reference(yardstick, KERAS_FILE, ask_original(source.model, digits))
    check_installed([_FLOAT32], source)
    file = FORMS[_FLOAT32].file
    return Reference(yardstick, file, ask(_FLOAT32, source.artifact.folder / file, digits))


def _one(name: str, source: Source, reference: Reference, folder: Path) -> Exported:
    """One form in a folder, compared; it is taken away again where it is refused."""
    form = FORMS[name]
    path = folder / form.file
    made = write(name, source, folder)
    digits = reference.yardstick.digits
    answers = ask(name, path, digits.digits)
    temperature = source.artifact.temperature
    comparison = compare(reference.answers, answers, digits.labels, temperature)
    files = files_of(folder, form.file)
    outputs = [LOGITS, FEATURES] if answers.features.shape[1] else [LOGITS]
    objection = comparison.objection(exact=form.exact)
    if objection:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return Exported(name, form.file, made, files, outputs, comparison, objection)


def _kept(names: Sequence[str], network: Mapping[str, Any], output: Path) -> dict[str, Any]:
    """What an earlier export of the same network has in other forms than those asked for now."""
    earlier = earlier_exports(output)
    others = {
        name: export
        for name, export in earlier.get("exports", {}).items()
        if name in FORMS.keys() - names
    }
    if others and any(earlier.get(key) != value for key, value in network.items()):
        raise OutputError(
            f"Expected OUTPUT to hold exports of one network. Received: {output}, which has "
            f"{', '.join(others)} of another. Give another folder, or export those forms, too."
        )
    return others


def _record(exported: Exported, reference: Reference) -> dict[str, Any]:
    """What the description says of one form."""
    return {
        "file": exported.file,
        "outputs": list(exported.outputs),
        "made": exported.made,
        "compared_with": reference.words,
        "comparison": asdict(exported.comparison),
        "files": exported.files,
    }
