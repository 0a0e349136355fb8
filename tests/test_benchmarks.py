"""The benchmarks run, what they measured is kept, and README shows nothing else."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT

from benchmarks import __main__ as program
from benchmarks import readme, results
from benchmarks.growth import exponent
from benchmarks.sections import SECTIONS
from benchmarks.steps import shares
from digitrec import Recognizer
from digitrec.rows import Aim, Quantity, Row, table
from digitrec.shapes import digit_strokes

ROW = Row(
    "1,000 digits",
    {"median": Quantity(0.02, "s"), "p99": Quantity(0.5, "s")},
    beside="theirs",
    theirs=Quantity(0.1, "s"),
    aims=[Aim("ratio", "≤", 0.25), Aim("p99", "≤", 0.4)],
)
# Those of Ray and of the browser take a minute each, and have tests of their own parts.
QUICK = ("one_digit", "in_bulk", "readings", "whole_pages", "starting", "growth", "explaining")


def test_row_tells_its_ratio_and_whether_its_aims_are_reached():
    assert ROW.ratio == pytest.approx(0.2)
    assert ROW.reached is False
    assert Row("", ROW.values, "", ROW.theirs, aims=[Aim("ratio", "≤", 0.21)]).reached is True
    assert Row("", ROW.values).ratio is Row("", ROW.values).reached is None
    with pytest.raises(ValueError, match="no ratio"):
        _ = Row("a row", ROW.values, aims=[Aim("ratio", "≥", 3)]).reached


def test_table_leaves_out_columns_that_no_row_fills():
    assert table([ROW, Row("memory", {"most": Quantity(120.4, "MB")})]) == (
        "| what | median | p99 | most | compared with | ratio | aim | reached |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n"
        "| 1,000 digits | 20.0 ms | 500 ms |  | theirs: 100 ms | 0.20 "
        "| ratio ≤ 0.25, p99 ≤ 400 ms | no |\n"
        "| memory |  |  | 120 MB |  |  |  |  |"
    )
    assert table([Row("count", {"n": Quantity(1200)})]).endswith("| count | 1,200 |")


def test_row_outlives_a_file():
    read = Row.from_json(json.loads(json.dumps(ROW.to_json())))
    assert (table([read]), read.reached) == (table([ROW]), ROW.reached)


def test_exponent_is_that_of_the_largest_sizes():
    sizes = [1, 10, 100, 300, 1000]
    assert exponent(sizes, [5.0, 5.0, *(size**2 / 1e4 for size in sizes[2:])]) == pytest.approx(2)


def test_shares_of_steps_add_up_and_leave_no_trace():
    recognizer = Recognizer()
    found = shares(lambda: recognizer.read_strokes(digit_strokes(7)))
    assert set(found) >= {"ink", "layout", "28×28", "network", "rest"}
    assert sum(share.number for share in found.values()) == pytest.approx(100)
    assert "functools" not in repr(sys.modules["digitrec.drawing"].normalize_digit)


@pytest.mark.parametrize("name", QUICK)
def test_section_measures_in_a_quick_run(name, tmp_path):
    file = tmp_path / "results.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", name, "--quick", "--output", file],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    section = results.load(file).sections[name]
    assert section["rows"]
    assert section["command"] == f"python -m benchmarks.{name} --quick"
    assert results.load(file).markdown(name) in done.stdout
    for row in section["rows"]:
        numbers = [number for number, _ in row["values"].values()]
        assert numbers
        assert "exponent" in row["values"] or min(numbers) >= 0


def test_section_that_fails_takes_no_other_along(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(program, "SECTIONS", ("readings", "nowhere"))
    file = tmp_path / "results.json"
    for section in ("readings", "nowhere"):
        monkeypatch.setattr(sys, "argv", ["benchmarks", section, "--quick", "--output", str(file)])
        assert program.main() == (section == "nowhere")
    assert "failed: nowhere" in capsys.readouterr().err
    assert list(results.load(file).sections) == ["readings"]


def test_figures_of_another_machine_are_no_neighbours(tmp_path):
    file = tmp_path / "results.json"
    measured = {"title": "A", "note": "Note.", "command": "python", "seconds": 1, "rows": []}
    results.add(file, "b", measured, ("a", "b"))
    results.add(file, "a", measured, ("a", "b"))
    assert list(results.load(file).sections) == ["a", "b"]
    other = json.loads(file.read_text()) | {"machine": "another one"}
    file.write_text(json.dumps(other))
    results.add(file, "a", measured, ("a", "b"))
    assert list(results.load(file).sections) == ["a"]


def test_readme_shows_what_was_measured_last():
    text = readme.README.read_text(encoding="utf-8")
    assert sorted(readme.blocks(text)) == sorted(SECTIONS)
    assert readme.with_tables(text, results.load()) == text, "run python -m benchmarks.readme"
