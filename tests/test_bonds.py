"""How pieces of a drawing cling together, by their places alone."""

import numpy as np
import pytest

from digitrec.imaging.bonds import bonds, clusters
from digitrec.imaging.grouping import _candidates, _clinging


def bar(x, top=0.0, height=60.0):
    return np.array([[x, top], [x, top + height]], np.float32)


def dash(x, y, width=40.0):
    return np.array([[x, y], [x + width, y]], np.float32)


PIECES = [bar(0), dash(-15, 30), bar(70, 5, 50), dash(80, 70, 30), bar(400)]


def together(*pieces):
    return bonds(pieces)[0, 1]


@pytest.mark.parametrize(("scale", "x", "y"), [(1, 500, 0), (1, 0, 700), (1, -80, -90), (7, 3, 0)])
def test_place_and_size_change_no_bond(scale, x, y):
    moved = [(scale * piece + [x, y]).astype(np.float32) for piece in PIECES]
    assert bonds(moved) == pytest.approx(bonds(PIECES), abs=0.03)


def test_order_and_direction_change_no_bond():
    turned = [piece[::-1] for piece in PIECES[::-1]]
    last = len(PIECES) - 1
    same = {(last - b, last - a): odds for (a, b), odds in bonds(PIECES).items()}
    assert bonds(turned) == pytest.approx(same, abs=1e-6)


def test_far_pieces_share_nothing_and_near_ones_more_the_nearer_they_are():
    assert not any(4 in pair for pair in bonds(PIECES))
    assert together(bar(0), bar(6)) > together(bar(0), bar(12)) > together(bar(0), bar(30))
    assert bonds([bar(0), bar(37)]) == {}
    assert list(bonds([bar(0), bar(35)])) == [(0, 1)]


def test_what_crosses_clings_more_than_what_stands_beside():
    assert together(bar(0), dash(-20, 30)) > together(bar(0), dash(2, 30)) + 0.5
    assert together(bar(0), dash(5, 30, 20)) > together(bar(0), bar(5))


def test_two_tall_pieces_side_by_side_are_sooner_two_digits_than_a_tall_and_a_low_one():
    assert together(bar(0), bar(20)) < together(bar(0), bar(20, 25, 10)) - 1


def test_clusters_are_what_is_linked_directly_or_by_others():
    found = clusters(7, [(0, 3), (3, 6), (2, 1)])
    assert sorted(found) == [[0, 3, 6], [1, 2], [4], [5]]


def test_how_a_group_clings_is_the_sum_of_its_tree():
    links = {(0, 1): 2.0, (2, 3): 1.5, (1, 2): 1.0, (0, 2): -4.0}
    assert _clinging(5, links) == {(0, 1): 2.0, (2, 3): 1.5, (0, 1, 2, 3): 4.5}
    values = _candidates(5, links)
    assert values[0, 1, 2, 3] == 4.5
    assert values[1, 2, 3] == 2.5
    assert values[0, 1, 2] == 3.0
    assert all(values[i,] == 0 for i in range(5))
    assert (0, 3) not in values


def test_of_too_many_groups_those_that_cling_most_are_candidates():
    count = 300
    links = {(i, i + step): -1.0 for i in range(count) for step in (1, 2) if i + step < count}
    strong = {(280, 281): 3.0, (297, 299): 2.5}
    values = _candidates(count, links | strong)
    larger = {group: odds for group, odds in values.items() if len(group) > 1}
    assert len(larger) == 500
    assert strong.items() <= larger.items()
