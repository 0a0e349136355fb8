"""Where a mark may be cut, and what its parts know of each other."""

import cv2
import numpy as np
import pytest

from digitrec.imaging.pages.cutting import candidate_parts, cut
from digitrec.imaging.pages.marks import Mark

HEIGHT = 64  # px, of a digit


def bars(necks, gap=26, width=14):
    """Upright bars, each bound to the next by a neck as thick as told, px."""
    ink = np.zeros((HEIGHT, len(necks) * (gap + width) + width), np.uint8)
    for place in range(len(necks) + 1):
        ink[:, place * (gap + width) : place * (gap + width) + width] = 255
    for place, thick in enumerate(necks):
        start = place * (gap + width) + width
        ink[HEIGHT // 2 : HEIGHT // 2 + thick, start : start + gap] = 255
    return Mark(100, 30, ink)


def narrow_ones(inks):
    """A judge to whom what is narrow is a digit."""
    return np.array([0.95 if ink.shape[1] < 45 else 0.01 for ink in inks], np.float32)


def middles(paths):
    return [float(path.columns.mean()) for path in paths[1:-1]]


def test_each_neck_is_a_way_that_costs_its_ink_from_left_to_right():
    _, paths = candidate_parts(bars([4, 12, 8]), HEIGHT)
    assert middles(paths) == sorted(middles(paths))
    for place, thick in enumerate((4, 12, 8)):
        left = 14 + 40 * place
        (cost,) = {round(p.cost) for p in paths if left <= p.columns.mean() < left + 26}
        assert cost == pytest.approx(thick, abs=1)
    assert [float(paths[i].columns.mean()) for i in (0, -1)] == [0, bars([4, 12, 8]).width]
    assert paths[0].cost == paths[-1].cost == 0


@pytest.mark.parametrize("necks", [[12, 4], [4, 12]])
def test_where_few_ways_may_be_tried_the_cheapest_ones_are(necks):
    mark = bars(necks)
    _, (_, way, _) = candidate_parts(mark, HEIGHT, paths_a_height=HEIGHT / mark.width)
    thin = necks.index(4)
    assert 14 + 40 * thin <= way.columns.mean() < 40 + 40 * thin


def test_way_that_crosses_more_ink_than_a_digit_is_high_is_none():
    solid = Mark(0, 0, np.full((HEIGHT, 100), 255, np.uint8))
    assert candidate_parts(solid, HEIGHT / 2)[1][1:-1] == []


def test_joined_writing_is_one_part():
    long = bars([4] * 12)
    parts, paths = candidate_parts(long, HEIGHT)
    assert len(parts) == 1
    assert len(paths) == 2
    assert np.array_equal(parts[0].ink, long.ink)


def test_slanted_way_goes_between_slanted_strokes():
    ink = np.zeros((HEIGHT, 110), np.uint8)
    for left in (45, 75):
        cv2.line(ink, (left, 0), (left - 32, HEIGHT), 255, 9)
    cv2.line(ink, (30, 40), (55, 40), 255, 4)
    _, paths = candidate_parts(Mark(0, 0, ink), HEIGHT)
    assert any(path.columns[0] - path.columns[-1] > 14 and path.cost < 6 for path in paths)


def test_parts_know_their_place_and_what_each_side_cost():
    mark = bars([4, 8])
    first, second, third = cut(mark, HEIGHT, narrow_ones)
    assert [part.place for part in (first, second, third)] == [0, 1, 2]
    assert all(part.whole is mark.whole for part in (first, second, third))
    assert first.cuts == (0, pytest.approx(4, abs=1))
    assert second.cuts == (first.cuts[1], pytest.approx(8, abs=1))
    assert third.cuts == (second.cuts[1], 0)
    for part, left in zip((first, second, third), (0, 40, 80), strict=True):
        assert part.x <= mark.x + left < mark.x + left + 14 <= part.x + part.width
        assert (part.y, part.height) == (mark.y, HEIGHT)


def test_what_looks_like_one_digit_or_hardly_like_several_stays_whole():
    mark = bars([4])
    assert cut(mark, HEIGHT, lambda inks: np.full(len(inks), 0.9, np.float32)) == [mark]
    assert cut(mark, HEIGHT, lambda inks: 0.6 * narrow_ones(inks)) == [mark]


def test_low_parts_are_seldom_digits():
    """Two low bars of what is a much larger hand stay one: a sign, such as an equals sign."""
    mark = bars([4])
    assert len(cut(mark, HEIGHT, narrow_ones)) == 2
    assert cut(mark, 1.8 * HEIGHT, narrow_ones) == [mark]
