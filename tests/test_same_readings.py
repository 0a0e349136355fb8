"""Pictures and drawings are read to the pixel as they were when `drawn_pictures.py` kept them.

A change that is meant to read them differently fails here, too: then look at what differs, and
keep them anew (`python tests/drawn_pictures.py`).
"""

import numpy as np
import pytest
from drawn_pictures import KEPT, readings

_SLACK = 2  # of 255: what another processor may round otherwise


@pytest.fixture(scope="module")
def kept():
    with np.load(KEPT) as file:
        return dict(file)


def test_every_picture_and_drawing_is_read_as_before(kept):
    names, different = set(), []
    for name, now in readings():
        before = {part: kept[f"{name}/{part}"] for part in now}
        names.update(f"{name}/{part}" for part in now)
        different += [f"{name}: {what}" for what in differences(before, now)]
    assert not different
    assert names == set(kept)


def differences(before, now):
    """What a reading is now that it was not before, in words."""
    for part in ("text", "status", "strokes", "lay"):
        if str(before[part]) != str(now[part]):
            yield f"{part} {before[part]} → {now[part]}"
    for part in ("boxes", "marks"):
        if not np.array_equal(before[part], now[part]):
            yield f"{part} {before[part].tolist()} → {now[part].tolist()}"
    slacks = {"images": _SLACK, "left": 3 * _SLACK, "scores": 0.02, "ways": 0.01}
    for part, slack in slacks.items():
        if before[part].shape != now[part].shape:
            yield f"{len(before[part])} → {len(now[part])} {part}"
        else:
            apart = np.abs(before[part].astype(float) - now[part])
            if apart.max(initial=0) > slack:
                yield f"{part} by up to {apart.max():g}"


def test_a_small_difference_is_told(kept):
    name = "picture: touching more/"
    now = {part.removeprefix(name): value for part, value in kept.items() if part.startswith(name)}
    before = {part: value.copy() for part, value in now.items()}
    assert not list(differences(before, now))
    now["images"][0, 14, 14] ^= 8
    now["boxes"][0, 0] += 1
    now["ways"] = now["ways"][1:]
    assert len(list(differences(before, now))) == 3
