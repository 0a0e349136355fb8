"""How pages come in: files, the clipboard, the camera, an example."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.recognizer import Recognizer
from digitrec.web.paper import pile
from digitrec.web.paper.example import EXAMPLE_NAME, example_page

_HERE = Path(__file__).parent
_PASTE = '<div><button type="button">Paste</button><output role="status"></output></div>'
_SEEN, _TOLD = "paper_seen", "paper_told"


def show(recognizer: Recognizer) -> None:
    """Every way in; what comes lies on the pile afterwards."""
    files = st.file_uploader(
        "Pictures or PDFs of pages with digits",
        accept_multiple_files=True,
        label_visibility="collapsed",
        key="paper_files",
    )
    for file in files:
        _once(file.file_id, file.name, file.getvalue(), recognizer)
    with st.container(horizontal=True, vertical_alignment="center", key="paper_ways"):
        _paste(recognizer)
        camera = st.toggle("Camera", key="paper_camera")
        if not pile.jobs():
            st.button("Show an example", on_click=_example, args=(recognizer,), key="paper_example")
    if camera:
        _camera(recognizer)
    _tell()


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
    for sentence in st.session_state.pop(_TOLD, []):
        st.warning(sentence)


def _camera(recognizer: Recognizer) -> None:
    photo = st.camera_input(
        "Photograph a page",
        label_visibility="collapsed",
        resolution="1080p",
        key="paper_photo",
    )
    if photo is not None:
        name = f"photo {datetime.now().astimezone():%H.%M.%S}.jpg"
        _once(photo.file_id, name, photo.getvalue(), recognizer)


def _paste(recognizer: Recognizer) -> None:
    component = st.components.v2.component(
        "digitrec_paste",
        html=_PASTE,
        css=(_HERE / "paste.css").read_text(encoding="utf-8"),
        js=(_HERE / "paste.js").read_text(encoding="utf-8"),
    )
    result = component(key="paper_paste", width="content", on_pasted_change=_nothing)
    for number, file in enumerate(_files(result.pasted), 1):
        name, content = file
        if not name or name == "image.png":  # what browsers call every copied picture
            name = f"pasted {datetime.now().astimezone():%H.%M.%S}"
            name += f" ({number})" if number > 1 else ""
        _add(name, content, recognizer)


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


def _nothing() -> None:
    """A component's value is there only if a callback is named for it."""


def _example(recognizer: Recognizer) -> None:
    _add(EXAMPLE_NAME, example_page(), recognizer)
