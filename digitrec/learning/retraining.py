"""A retraining as one process: one at a time, told of as it goes, stopped when asked.

    python -m digitrec train --corrections

is what the page "Model" starts, too.
Keras is loaded only once there is something to learn.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.corrections import Correction, CorrectionStore
from digitrec.datasets import MNIST_VARIABLE, cache_folder, load_mnist, sources
from digitrec.errors import DatasetNotFoundError, DigitrecError, RetrainingError
from digitrec.learning.diary import Diary, stoppable
from digitrec.models import Artifact, artifact_folder, load_artifact
from digitrec.retraining_state import (
    Outcome,
    RetrainingState,
    only_one,
    state_folder,
)

if TYPE_CHECKING:
    from digitrec.learning.verdict import Promotion

_CANDIDATE = "candidate"  # the folder of the network that is judged


@dataclass(frozen=True)
class Request:
    """What a retraining is asked for.

    Attributes:
        artifact: the folder that learns; None for the one in use.
        store: the corrections' database; None for the default one.
        mnist: MNIST's place; None for `DIGITREC_MNIST`, else what was fetched.
        strokes: files of drawings; none given for what was fetched, if the artifact knows any.
        not_digits: folders of pictures of what is none; the same.
        check: refuse data in MNIST's form that is not MNIST.
        seed: of the learning; None for the training's own.
        dry_run: judge, and change nothing.
        force: promote whatever the gate says.
        progress: show bars on stderr.
        command: the command line, for the card.
    """

    artifact: Path | None = None
    store: str | None = None
    mnist: str | None = None
    strokes: Sequence[str] = ()
    not_digits: Sequence[str] = ()
    check: bool = True
    seed: int | None = None
    dry_run: bool = False
    force: bool = False
    progress: bool = False
    command: Sequence[str] = ()


def retrain(request: Request, folder: Path | None = None) -> RetrainingState:
    """Learn from the corrections, and promote what is not worse.

    Args:
        request: what is asked for.
        folder: where it is told of, see `retraining_state`.

    Returns:
        The last state: promoted, refused or tried.

    Raises:
        RetrainingError: another retraining runs, or there is nothing to learn from.
        DigitrecError: it cannot be done; the artifact is as it was, and the state says why.
        KeyboardInterrupt: it was cancelled.
    """
    folder = folder or state_folder()
    with only_one(folder), stoppable() as asked:
        diary = Diary(folder, asked)
        try:
            outcome, message, verdict = _learn(request, diary, folder / _CANDIDATE)
            return diary.end(outcome, message, verdict)
        except BaseException as error:
            # Within Keras and TensorFlow an interruption may come out as another error.
            if asked.is_set() or isinstance(error, KeyboardInterrupt):
                diary.end("cancelled", "It was stopped. The artifact is as it was.")
                raise KeyboardInterrupt from error
            told = str(error) if isinstance(error, (DigitrecError, OSError)) else repr(error)
            diary.end("failed", f"{told} The artifact is as it was.")
            raise
        finally:
            shutil.rmtree(folder / _CANDIDATE, ignore_errors=True)


def _learn(request: Request, diary: Diary, workplace: Path) -> tuple[Outcome, str, Promotion]:
    """How it ended, a sentence on it, and the verdict."""
    corrections = _corrections(request.store)
    folder = artifact_folder(request.artifact)
    diary.tell("Reading the data", 0.01)
    request = with_fetched(request, load_artifact(folder))
    mnist = load_mnist(request.mnist, check=request.check)
    diary.tell("Loading the libraries", 0.02)

    from digitrec.learning.candidate import Lesson
    from digitrec.learning.ingredients import gather
    from digitrec.learning.succession import Succession, succeed

    ingredients, _ = gather(mnist, request.strokes, request.not_digits)
    shutil.rmtree(workplace, ignore_errors=True)
    workplace.mkdir()
    given = Succession(
        folder=folder,
        corrections=corrections,
        lesson=Lesson(ingredients, workplace, seed=request.seed, progress=request.progress),
        command=request.command,
        force=request.force,
        dry_run=request.dry_run,
    )
    verdict, in_use = succeed(given, diary.tell)
    return *_ending(verdict, folder, in_use=in_use), verdict


def _ending(verdict: Promotion, folder: Path, *, in_use: bool) -> tuple[Outcome, str]:
    if not in_use and verdict.promoted:
        return "tried", f"The new network would come into use: {verdict.sentence}"
    if not in_use:
        return "refused", f"The old network stays. {verdict.sentence}"
    named = "" if folder == artifact_folder() else f" --artifact {shlex.quote(str(folder))}"
    back = f"`python -m digitrec models rollback{named}` brings the old one back."
    how = "is in use:" if verdict.promoted else "is in use by force, although:"
    return "promoted", f"The new network {how} {verdict.sentence} {back}"


def with_fetched(request: Request, artifact: Artifact) -> Request:
    """The request with data in place of what was not given: what scripts/fetch_data.py fetched.

    Of strokes and pictures only such kinds as the artifact was trained on. What was trained on
    unchecked data learns on with such data.

    Raises:
        DatasetNotFoundError: no MNIST is here.
    """
    credits = artifact.card.get("data", [])
    cache, kinds = cache_folder(), {key for credit in credits for key in credit}
    unchecked = sources.UNCHECKED["name"] in {credit.get("name") for credit in credits}
    mnist = request.mnist or os.environ.get(MNIST_VARIABLE)
    if not mnist and not (cache / "mnist").is_dir():
        raise DatasetNotFoundError(
            f"Expected MNIST, of which a retraining shows some again. Received: neither a place, "
            f"nor {MNIST_VARIABLE}, nor anything in {cache}. Run `python scripts/fetch_data.py` "
            f"once, or set {MNIST_VARIABLE} to mnist.npz."
        )
    strokes, pictures = cache / "pendigits.jsonl.gz", cache / "omniglot"
    found_strokes = [str(strokes)] if "writers" in kinds and strokes.is_file() else []
    found_pictures = [str(pictures)] if "pictures" in kinds and pictures.is_dir() else []
    return replace(
        request,
        mnist=mnist or str(cache / "mnist"),
        strokes=request.strokes or found_strokes,
        not_digits=request.not_digits or found_pictures,
        check=request.check and not unchecked,
    )


def _corrections(url: str | None) -> list[Correction]:
    with CorrectionStore(url) as store:
        corrections, place = store.all(), store.place
    if not corrections:
        raise RetrainingError(
            f"Expected corrections to learn from. Received: none in {place}. Tell the page what it "
            "misread, or give the place where corrections are."
        )
    return corrections


def report(state: RetrainingState) -> None:
    """Print a verdict: the table, and a sentence."""
    print("| measured | before | after | of | verdict |\n| --- | --: | --: | --: | --- |")
    for row in state.rows:
        counts = " | ".join(f"{row[name]:,}" for name in ("before", "after", "number"))
        print(f"| {row['name']} | {counts} | {row['verdict']} |")
    print(f"\n{state.message}")
