"""What the page Model makes of an artifact's files, whatever is in them."""

import copy
import csv
import io
import json
import math
from datetime import UTC, datetime

import numpy as np
import pytest
from modelling import CLASSICS, evaluation

from digitrec.web.at_hand import Answered
from digitrec.web.model import mistakes, tables
from digitrec.web.model.confidence import nines, wilson
from digitrec.web.model.confusion import confusion_from, confusion_of
from digitrec.web.model.facts import read_history
from digitrec.web.model.mistakes import Cell
from digitrec.web.model.names import called
from digitrec.web.model.others import grouped
from digitrec.web.model.plain import count, moment, number, share, text
from digitrec.web.model.reading import classics_from, evaluation_from, set_report_from
from digitrec.web.model.tables import Table
from digitrec.web.model.training import data_html

JUNK = [None, True, "x", -1, 2.5, math.nan, math.inf, 10**400, [], [[]], {}, {"x": []}, "<b>"]
REPORT = {
    "confusion": (90 * np.eye(10, dtype=int) + np.eye(10, k=1, dtype=int)).tolist(),
    "mistakes": [{"index": 4, "truth": 0, "answer": 1, "confidence": 0.7}],
}


def places(content, depth=4):
    """The way to each value of a JSON content."""
    yield ()
    if depth and isinstance(content, dict | list):
        inside = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in inside:
            yield from ((key, *place) for place in places(value, depth - 1))


def with_junk(content, place, junk):
    if not place:
        return junk
    changed = copy.deepcopy(content)
    part = changed
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = junk
    return changed


@pytest.mark.parametrize(
    ("parse", "content"),
    [(evaluation_from, evaluation()), (classics_from, CLASSICS), (set_report_from, REPORT)],
)
def test_report_with_junk_anywhere_is_read_as_far_as_it_makes_sense(parse, content):
    assert parse(content) is not None
    rng = np.random.default_rng(0)
    everywhere = list(places(content))
    some = [everywhere[i] for i in rng.permutation(len(everywhere))[:150]]
    for place in ((), *some):
        for junk in JUNK:
            found = parse(with_junk(content, place, junk))
            assert found is not None or len(place) < 4
    assert parse({}) is None


def test_evaluation_keeps_the_rows_beside_a_bad_one():
    content = evaluation()
    content["digits"].insert(1, {"name": "half a row"})
    content["reliability"]["MNIST test"].append(["x"])
    content["confusions"]["own_digits"][3][3] = -1
    told = evaluation_from(content)
    assert [row.name for row in told.digits] == ["MNIST test", "MNIST, blurred", "own_digits"]
    assert [row.name for row in told.plain] == ["MNIST test", "own_digits"]
    assert len(told.reliability["MNIST test"]) == 2
    assert list(told.confusions) == ["MNIST test"]
    assert list(grouped(told.digits)) == ["MNIST test", "own_digits"]
    assert [row.name for row in grouped(told.digits)["MNIST test"]][1] == "MNIST, blurred"


@pytest.mark.parametrize("junk", JUNK)
def test_plain_values_are_what_they_say_or_nothing(junk):
    assert number(junk) in {None, -1.0, 2.5}
    assert share(junk) is None
    assert count(junk) is None
    assert moment(junk) is None
    assert text(junk) in {"", "x", "<b>", "-1", "2.5"}


def test_time_without_a_zone_is_utc():
    told = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    assert moment("2026-01-02T03:04:00") == moment("2026-01-02T05:04:00+02:00") == told


def test_history_leaves_out_what_is_no_number(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("epoch,loss,refused\n1,0.5,nan\n2,x,0.9\n,1,1\n3,0.25\n")
    assert read_history(path) == (
        {"epoch": 1, "loss": 0.5},
        {"epoch": 2, "refused": 0.9},
        {"epoch": 3, "loss": 0.25},
    )
    path.write_bytes(b"\x00\xff\xfe")
    assert read_history(path) == read_history(tmp_path / "none.csv") == ()


def test_confusion_gives_precision_recall_and_f1():
    labels, answers = np.repeat(np.arange(10), 4), np.repeat(np.arange(10), 4)
    answers[[0, 1]] = 9  # two of the four 0s are read as 9
    found = confusion_of(labels, answers)
    assert (found.number, found.right) == (40, 38)
    zero, *rest, nine = found.classes()
    assert (zero.precision, zero.recall, zero.f1) == pytest.approx((1, 0.5, 2 / 3))
    assert (nine.precision, nine.recall, nine.f1) == pytest.approx((2 / 3, 1, 0.8))
    assert all((c.precision, c.recall, c.f1, c.count) == (1, 1, 1, 4) for c in rest)
    assert found.mean().recall == pytest.approx(38 / 40)
    # A column more: what was not answered with one digit is nobody's wrong answer.
    wider = np.pad(found.counts, ((0, 0), (0, 1)))
    wider[5, 10] = 4
    five = confusion_from(wider.tolist()).classes()[5]
    assert (five.precision, five.recall, five.count) == (1, 0.5, 8)


@pytest.mark.parametrize("plain", [[[1]], [[0] * 10] * 10, [[0.5] * 10] * 10, [[-1] * 10] * 10])
def test_confusion_of_no_counts_is_refused(plain):
    with pytest.raises(ValueError, match="count"):
        confusion_from(plain)


def test_cells_share_all_mistakes_among_them():
    rng = np.random.default_rng(0)
    labels, sure = rng.integers(0, 10, 500), rng.uniform(0.2, 1, 500).astype(np.float32)
    answers = np.where(rng.uniform(size=500) < 0.7, labels, rng.integers(0, 10, 500))
    probabilities = np.zeros((500, 10), np.float32)
    probabilities[np.arange(500), answers] = sure
    answered = Answered(np.zeros((500, 28, 28), np.uint8), labels, probabilities, sure, 0.5)
    confusion = confusion_of(labels, answers)
    everything = mistakes.found(answered, Cell())
    assert {m.index for m in everything} == set(np.flatnonzero(labels != answers))
    assert [m.confidence for m in everything] == sorted(m.confidence for m in everything)[::-1]
    total = 0
    for truth in (None, *range(10)):
        for answer in (None, *range(10)):
            cell = Cell(truth, answer)
            found = mistakes.found(answered, cell)
            assert len(found) == mistakes.counted(confusion, cell)
            if not cell.is_right:
                assert found == mistakes.listed(everything, cell)
            if None not in cell and not cell.is_right:
                total += len(found)
    assert total == len(everything)
    least_sure = mistakes.found(answered, Cell(3, 3))
    assert [m.confidence for m in least_sure] == sorted(m.confidence for m in least_sure)


def test_certainty_never_says_that_it_is_certain():
    assert mistakes.certainty(1.0) == "> 99.99 %"
    assert mistakes.certainty(0.99985) == "99.99 %" or mistakes.certainty(0.99985) == "99.98 %"
    assert mistakes.certainty(0.5) == "50.00 %"


def test_nines_count_them():
    assert [nines(share) for share in (0, 0.9, 0.999, 1)] == pytest.approx([0, 1, 3, 4])


@pytest.mark.parametrize("right", [0.0, 0.5, 0.944, 1.0])
def test_chance_allows_less_the_more_there_are(right):
    low, high = wilson(right, 100)
    closer = wilson(right, 10_000)
    assert 0 <= low <= closer[0] <= right <= closer[1] <= high <= 1
    assert low < closer[0] or high > closer[1]


def test_half_of_a_hundred_has_wilsons_interval():
    assert wilson(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)


def test_table_escapes_what_a_file_says_and_goes_home_as_csv():
    table = Table("Some <sets>", ("set", "digits"), [('"<i>a, b', "1,234"), ("c", "12.50")])
    html = tables.as_html(table)
    assert "<i>" not in html
    assert "&lt;sets&gt;" in html
    rows = list(csv.reader(io.StringIO(tables.as_csv(table))))
    assert rows == [["set", "digits"], ['"<i>a, b', "1234"], ["c", "12.50"]]


def test_data_of_a_card_link_only_to_the_web():
    data = {"name": "mine", "source": "javascript:alert(1)", "drawings": 5, "writers": 2}
    assert "<a" not in data_html(data)
    assert "Mine</b>: 5 drawings, 2 writers" in data_html(data)
    assert '<a href="https://x.org/?a&amp;b"' in data_html({"source": "https://x.org/?a&b"})
    assert json.dumps(data_html({})) == json.dumps(
        "<li><b>A set without a name</b><small></small></li>"
    )


def test_sets_are_called_as_people_call_them():
    assert called("chars74k_62_characters, others") == "chars74k, letters and signs"
    assert called("MNIST test") == "MNIST's test set"
    assert called("my_own") == "my own"
