"""The report of an evaluation: JSON, Markdown and pictures."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from digitrec.learning import plots
from digitrec.learning.evaluation import Evaluation, evaluate
from digitrec.learning.figures import (
    DigitFigures,
    OutlierFigures,
    Rejection,
    as_rows,
    difference,
    digit_figures,
    outlier_figures,
    rejection,
    reliability,
)
from digitrec.learning.judged_pages import PageFigures, pages_table
from digitrec.learning.judging import Outcome
from digitrec.learning.report import STYLE, confusion_figure, save
from digitrec.learning.strings import StringFigures
from digitrec.programs import printable


@dataclass(frozen=True)
class Evidence:
    """Everything that one artifact answered, with figures.

    Attributes:
        artifact: its name for tables.
        outcomes: a set each, digits and what is none.
        digits: figures of the sets of digits.
        outliers: figures of what is no digit.
        rejection: digits of unspoilt sets against all that is none; None without one of both.
        comparison: each set's difference to another artifact; see `figures.difference`.
        strings: figures of numbers of several digits.
        pages: figures of whole pages, a row a kind.
        tesseract: the same pages read by Tesseract.
    """

    artifact: str
    outcomes: Sequence[Outcome]
    digits: Sequence[DigitFigures]
    outliers: Sequence[OutlierFigures]
    rejection: Rejection | None
    comparison: dict[str, tuple[float, float, float]]
    strings: Sequence[StringFigures] = ()
    pages: Sequence[PageFigures] = ()
    tesseract: Sequence[PageFigures] = ()


def gather_evidence(
    artifact: str,
    outcomes: Sequence[Outcome],
    others: Sequence[Outcome] = (),
    **more: Any,
) -> Evidence:
    """Figures of all outcomes.

    Args:
        artifact: its name.
        outcomes: what it answered.
        others: what another artifact answered on the same sets, for a comparison.
        more: the other attributes of `Evidence`: strings, pages, tesseract.
    """
    digits = [outcome for outcome in outcomes if outcome.judged.is_digits]
    none = [outcome for outcome in outcomes if not outcome.judged.is_digits]
    scores = [outcome.scores for outcome in none if not outcome.judged.variant]
    plain = [outcome.scores for outcome in digits if not outcome.judged.variant]
    curve = None
    if plain and scores:
        curve = rejection(np.concatenate(plain), np.concatenate(scores))
    return Evidence(
        artifact,
        outcomes,
        [digit_figures(outcome) for outcome in digits],
        [row for outcome in none for row in outlier_figures(outcome)],
        curve,
        {
            mine.judged.name: difference(mine, other)
            for mine, other in zip(outcomes, others, strict=bool(others))
        },
        **more,
    )


def table(evidence: Evidence) -> str:
    """The figures as Markdown tables, in percent."""
    lines = []
    if evidence.digits:
        lines += [
            "| digits | number | right | mean over people | worst person | accepted | ECE | NLL |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *(_digit_row(row) for row in evidence.digits),
            "",
        ]
    if evidence.outliers:
        lines += [
            "| not digits | number | refused |",
            "| --- | ---: | ---: |",
            *(
                f"| {_cell(row.name)} | {row.count:,} | {_percent(row.refused)} |"
                for row in evidence.outliers
            ),
            "",
        ]
    if evidence.strings:
        lines += [
            "| numbers of 2 to 6 digits | number | right as strokes | right as pictures |",
            "| --- | ---: | ---: | ---: |",
            *(
                f"| {_cell(row.name)} | {row.count:,} "
                f"| {_percent(row.drawn)} | {_percent(row.pictured)} |"
                for row in evidence.strings
            ),
            "",
        ]
    if evidence.pages:
        lines += [pages_table(evidence.pages, evidence.tesseract), ""]
    if evidence.rejection:
        curve = evidence.rejection
        lines += [
            f"Where 95 % of the digits are accepted, {_percent(curve.passed_at_95)} % of what is "
            f"none is too; where 99 % are, {_percent(curve.passed_at_99)} % (area under the curve "
            f"{curve.area:.4f}).",
            "",
        ]
    skipped = [name for outcome in evidence.outcomes for name in outcome.skipped]
    if skipped:
        named = printable(", ".join(skipped[:20]))
        lines += [f"Skipped, as they cannot be read: {len(skipped)}: {named}"]
    return "\n".join(lines).rstrip()


def _digit_row(row: DigitFigures) -> str:
    mean = "" if row.mean_of_groups is None else _percent(row.mean_of_groups)
    worst = ""
    if row.worst_group:
        worst = f"{_cell(row.worst_group)}: {_percent(row.worst_right or 0.0)}"
    return (
        f"| {_cell(row.name)} | {row.count:,} | {_percent(row.right)} | {mean} | {worst} "
        f"| {_percent(row.accepted)} | {_percent(row.calibration_error)} "
        f"| {row.negative_log_likelihood:.4f} |"
    )


def comparison_table(evidence: Evidence, other: str) -> str:
    """Differences to another artifact in points, with 95 % bootstrap intervals."""
    both = _cell(f"{evidence.artifact} against {other}")
    lines = [
        f"| set | {both}, points | 95 % interval | beyond noise |",
        "| --- | ---: | ---: | --- |",
    ]
    for name, (gain, low, high) in evidence.comparison.items():
        verdict = "better" if low > 0 else "worse" if high < 0 else ""
        lines.append(
            f"| {_cell(name)} | {100 * gain:+.2f} | {100 * low:+.2f} to {100 * high:+.2f} "
            f"| {verdict} |"
        )
    return "\n".join(lines)


def _cell(words: str) -> str:
    """Words of strangers, such as a writer's or a file's name, in a table that a terminal shows."""
    return printable(words).replace("|", r"\|")


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"


def _evaluation(outcomes: Sequence[Outcome]) -> Evaluation:
    """Several sets as one, by what was answered: nothing is a wrong answer too."""
    return evaluate(
        np.concatenate([outcome.probabilities for outcome in outcomes]),
        np.concatenate([outcome.judged.labels for outcome in outcomes]),
        np.concatenate([outcome.answers for outcome in outcomes]),
    )


def write_evidence(folder: Path, evidence: Evidence, *, compared_with: str = "") -> None:
    """`evaluation.json`, `evaluation.md` and its pictures; only the sheet shows any data.

    An earlier evaluation in the folder gives way once the new one is complete.

    Args:
        folder: made if needed.
        evidence: what to write.
        compared_with: the other artifact's name, if there was one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".evaluation-", dir=folder) as place:
        fresh = Path(place)
        _write(fresh, evidence, compared_with)
        written = {path.name for path in fresh.iterdir()}
        for name in written:
            (fresh / name).replace(folder / name)
    for old in folder.glob("evaluation*"):
        if old.name not in written:
            old.unlink()


def _write(folder: Path, evidence: Evidence, compared_with: str) -> None:
    (folder / "evaluation.json").write_text(_as_json(evidence), encoding="utf-8")
    pictures: dict[str, Figure] = {}
    plain = _plain(evidence)
    with matplotlib.rc_context(STYLE):
        if plain:
            matrix = _evaluation(plain).confusion
            pictures["evaluation-confusion.png"] = confusion_figure(matrix)
            pictures["evaluation-reliability.png"] = plots.reliability_figure(plain)
            by_writer = plots.groups_figure(plain)
            if by_writer:
                pictures["evaluation-people.png"] = by_writer
        if evidence.rejection:
            pictures["evaluation-rejection.png"] = plots.rejection_figure(evidence.rejection)
        for name, figure in pictures.items():
            save(figure, folder / name)
        sheet = plots.mistakes_figure(plain)
        if sheet:
            save(sheet, folder / "evaluation-mistakes.png")
    text = _as_markdown(evidence, compared_with, list(pictures))
    (folder / "evaluation.md").write_text(text, encoding="utf-8")


def _plain(evidence: Evidence) -> list[Outcome]:
    """Digits as they are, set by set."""
    return [o for o in evidence.outcomes if o.judged.is_digits and not o.judged.variant]


def _as_json(evidence: Evidence) -> str:
    content: dict[str, Any] = {
        "artifact": evidence.artifact,
        "digits": as_rows(evidence.digits),
        "not_digits": as_rows(evidence.outliers),
        "strings": [asdict(row) for row in evidence.strings],
        "pages": [asdict(row) for row in evidence.pages],
        "tesseract": [asdict(row) for row in evidence.tesseract],
        "comparison": evidence.comparison,
        "classes": {
            o.judged.name: [vars(c) for c in _evaluation([o]).classes]
            for o in evidence.outcomes
            if o.judged.is_digits
        },
        "confusions": {
            o.judged.name: _evaluation([o]).confusion.tolist() for o in _plain(evidence)
        },
        "reliability": {
            o.judged.name: reliability(o.probabilities.max(axis=1), o.answers == o.judged.labels)
            for o in _plain(evidence)
        },
    }
    if evidence.rejection:
        content["rejection"] = {
            "area": evidence.rejection.area,
            "passed_at_95": evidence.rejection.passed_at_95,
            "passed_at_99": evidence.rejection.passed_at_99,
            "curve": evidence.rejection.points(),
        }
    return json.dumps(content, indent=1) + "\n"


def _as_markdown(evidence: Evidence, compared_with: str, pictures: Sequence[str]) -> str:
    parts = [f"# What {evidence.artifact} answers", "", table(evidence), ""]
    if evidence.comparison:
        parts += ["## Compared", "", comparison_table(evidence, compared_with), ""]
    for outcome in evidence.outcomes:
        if outcome.judged.is_digits and not outcome.judged.variant:
            parts += _classes(outcome)
    parts += [line for name in pictures for line in (f"![{name}]({name})", "")]
    return "\n".join(parts)


def _classes(outcome: Outcome) -> list[str]:
    """Precision, recall and F1 by class, and averaged."""
    classes = _evaluation([outcome]).classes
    rows = [(str(c.label), c.precision, c.recall, c.f1, c.count) for c in classes]
    means = [float(np.mean([row[i] for row in rows])) for i in (1, 2, 3)]
    rows.append(("mean", means[0], means[1], means[2], sum(c.count for c in classes)))
    return [
        f"## {printable(outcome.judged.name)}",
        "",
        "| class | precision | recall | F1 | digits |",
        "| ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {label} | {_percent(p)} | {_percent(r)} | {_percent(f)} | {count:,} |"
            for label, p, r, f, count in rows
        ),
        "",
    ]
