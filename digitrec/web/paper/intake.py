"""How pages come in: files, the clipboard, the camera, an example."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.imaging.heic import has_heic
from digitrec.imaging.ink import FORMS_IN_WORDS
from digitrec.recognizer import Recognizer
from digitrec.web.component import component
from digitrec.web.paper import pile
from digitrec.web.paper.example import EXAMPLE_NAME, example_page
from digitrec.web.views import as_data_url

_HERE = Path(__file__).parent
_PASTE = """<div>
<button type="button" title="Or press Ctrl+V">Paste a picture</button>
<output role="status"></output>
</div>"""
_FILES, _PHOTO, _PASTED = "paper_files", "paper_photo", "paper_paste"
_SEEN, _TOLD = "paper_seen", "paper_told"


_WELCOME = """
<div class="paper-welcome">
<h1>Read a page of digits</h1>
<p>A photo, a scan or a PDF: every number on it is found and read. What is doubtful comes first,
you correct it in the table, and take the result home as CSV or JSON.</p>
<ul>
<li><b>Any paper.</b> Ruled, squared, a form, a blackboard; in uneven light, lying on its side.</li>
<li><b>Any file.</b> {forms}, PDF; several at once, 50 MB and 20
pages each.</li>
<li><b>Nobody else.</b> Your pages go to the machine that serves this one, are kept while you are
here, and are sent nowhere.</li>
</ul>
</div>
"""


def show(recognizer: Recognizer) -> None:
    """Every way in; what comes lies on the pile afterwards."""
    empty = not pile.jobs()
    left, right = st.columns(2, gap="large", vertical_alignment="top" if empty else "center")
    left.html(_welcome() if empty else '<h1 class="sr-only">Read a page of digits</h1>')
    # The uploader keeps its place from empty to full, or it would forget what it has to say.
    left.file_uploader(
        "Pictures or PDFs of pages with digits",
        accept_multiple_files=True,
        label_visibility="collapsed",
        on_change=_take_files,
        args=(recognizer,),
        key=_FILES,
    )
    ways = (left if empty else right).container(
        horizontal=True, vertical_alignment="center", key="paper_ways"
    )
    with ways:
        _paste(recognizer)
        camera = st.toggle("Camera", key="paper_camera")
    if empty:
        with right:
            _show_example(recognizer)
    if camera:
        _camera(recognizer)
    _tell()


def _welcome() -> str:
    forms = FORMS_IN_WORDS + (", HEIC" if has_heic() else "")
    return _WELCOME.format(forms=forms)


def _take_files(recognizer: Recognizer) -> None:
    """Before the page runs again, so that it runs with them."""
    st.session_state[_TOLD] = []
    for file in st.session_state[_FILES]:
        _once(file.file_id, file.name, file.getvalue(), recognizer)


def _show_example(recognizer: Recognizer) -> None:
    """A page to try, for those who have none at hand."""
    st.html(f'<img class="paper-example" src="{_example_address()}" alt="Eleven numbers">')
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Read this page", on_click=_example, args=(recognizer,), key="paper_example")
        st.caption("It is made of the project's own drawings.")


@st.cache_data(show_spinner=False)
def _example_address() -> str:
    return as_data_url(example_page())


def _once(file_id: str, name: str, content: bytes, recognizer: Recognizer) -> None:
    """Take a file that a widget holds; at later runs it is not new."""
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    if file_id not in seen:
        seen.add(file_id)
        _add(name, content, recognizer)


def _add(name: str, content: bytes, recognizer: Recognizer) -> None:
    try:
        pile.add(name, content, recognizer)
    except DigitrecError as error:
        st.session_state.setdefault(_TOLD, []).append(str(error))


def _tell() -> None:
    """What was refused at the last time that something came."""
    for sentence in st.session_state.get(_TOLD, []):
        # As text: Markdown would find pictures and links in the name of a file.
        st.html(f'<p class="paper-trouble" role="alert">{escape(sentence)}</p>')


def _camera(recognizer: Recognizer) -> None:
    st.camera_input(
        "Photograph a page",
        label_visibility="collapsed",
        resolution="1080p",
        width=640,
        on_change=_take_photo,
        args=(recognizer,),
        key=_PHOTO,
    )


def _take_photo(recognizer: Recognizer) -> None:
    st.session_state[_TOLD] = []
    photo = st.session_state[_PHOTO]
    if photo is not None:
        name = f"photo {datetime.now().astimezone():%H.%M.%S}.jpg"
        _once(photo.file_id, name, photo.getvalue(), recognizer)


def _paste(recognizer: Recognizer) -> None:
    shown = component("paste", _PASTE, _HERE / "paste.css", _HERE / "paste.js")
    shown(key=_PASTED, width="content", on_pasted_change=partial(_take_pasted, recognizer))


def _take_pasted(recognizer: Recognizer) -> None:
    st.session_state[_TOLD] = []
    state = st.session_state[_PASTED]
    for number, (name, content) in enumerate(_files(state.get("pasted")), 1):
        nameless = not name or name == "image.png"  # what browsers call every copied picture
        _add(_pasted_name(number) if nameless else name, content, recognizer)


def _pasted_name(number: int) -> str:
    time = f"{datetime.now().astimezone():%H.%M.%S}"
    return f"pasted {time} ({number})" if number > 1 else f"pasted {time}"


def _files(pasted: Any) -> list[tuple[str, bytes]]:
    """Name and content of each file in what the browser sent; what is none is left out."""
    found = []
    for file in pasted.get("files", []) if isinstance(pasted, dict) else []:
        try:
            content = base64.b64decode(str(file["data"]).partition(",")[2], validate=True)
        except (binascii.Error, KeyError, TypeError, ValueError):
            continue
        found.append((str(file.get("name", "")), content))
    return found


def _example(recognizer: Recognizer) -> None:
    _add(EXAMPLE_NAME, example_page(), recognizer)
