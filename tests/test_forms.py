"""Which forms of pictures are read is said in the same words everywhere."""

import sys

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from digitrec.errors import PictureError
from digitrec.imaging.files import open_file
from digitrec.imaging.heic import has_heic
from digitrec.imaging.ink import ENDINGS, FORMS, FORMS_IN_WORDS

_HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40)


def paper():
    from digitrec.web import paper_page

    paper_page.show()


def welcome():
    page = AppTest.from_function(paper, default_timeout=30).run()
    assert not page.exception
    return " ".join(" ".join(element.proto.body for element in page.get("html")).split())


def test_words_name_what_is_decoded():
    assert FORMS_IN_WORDS.upper() == ", ".join(FORMS)


def test_folders_are_searched_for_every_form():
    known = Image.registered_extensions()
    assert {known[ending] for ending in ENDINGS} == set(FORMS)


@pytest.mark.parametrize("content", [b"no picture", _HEIC])
def test_refusals_name_every_form(content, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(PictureError) as told:
        open_file(content, "some file").load()
    assert f"Expected a picture ({FORMS_IN_WORDS}) in some file." in str(told.value)


def test_page_promises_heic_only_where_it_is_read(monkeypatch):
    pytest.importorskip("pillow_heif")
    assert has_heic()
    assert f"{FORMS_IN_WORDS}, HEIC, PDF; several at once" in welcome()
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert not has_heic()
    assert f"{FORMS_IN_WORDS}, PDF; several at once" in welcome()
