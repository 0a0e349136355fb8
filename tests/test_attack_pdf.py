"""Attacks by PDFs that are made to take for ever."""

import sys
import threading
import time

import numpy as np
import pytest
from test_files import pdf

from digitrec.errors import PictureError
from digitrec.imaging import files
from digitrec.imaging.files import open_file


def laughs(levels, each=10):
    """A PDF of some 2 kB whose page draws a line `each` to the power of `levels` times."""
    forms = range(5, 5 + levels)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]"
        "/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
        stream("", "/X Do "),
        *(
            stream(
                f"/Type/XObject/Subtype/Form/BBox[0 0 600 600]"
                f"/Resources<</XObject<</X {form + 1} 0 R>>>>",
                "/X Do " * each if form + 1 in forms else "0 0 m 500 500 l S ",
            )
            for form in forms
        ),
    ]
    content, places = "%PDF-1.4\n", []
    for number, each_object in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{each_object}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(content)}\n%%EOF"
    return (content + end).encode()


def stream(entries, content):
    return f"<<{entries}/Length {len(content)}>>stream\n{content}\nendstream"


def test_page_that_takes_for_ever_is_given_up_and_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(files, "_PATIENCE", 8)
    content, told = laughs(9), []
    assert len(content) < 3_000

    def load():
        with pytest.raises(PictureError) as caught:
            open_file(content, "long.pdf").load()
        told.append(str(caught.value))

    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    drawn, end = 0, time.monotonic() + 60
    while thread.is_alive():
        assert time.monotonic() < end
        assert open_file(pdf(1), "short.pdf").load().ndim == 3
        drawn += 1
    assert drawn > 0
    assert told[0].startswith(
        "Expected a page that is drawn within 8 seconds and 1 GB in long.pdf."
    )


def test_page_that_no_program_is_left_to_draw_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))  # none starts there
    with pytest.raises(PictureError) as caught:
        open_file(pdf(1), "short.pdf").load()
    assert str(caught.value).startswith(
        "Expected to draw a page of short.pdf. Received: no program to do it ("
    )


def test_few_laughs_are_drawn():
    drawn = open_file(laughs(2), "short.pdf").load()
    assert drawn.shape == (1667, 1667, 4)
    assert np.count_nonzero(drawn[:, :, 0] < 128) > 1_000
    assert (drawn[:, :, 3] == 255).all()
