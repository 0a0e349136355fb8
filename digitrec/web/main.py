"""Navigation and theme; the script that Streamlit runs."""

from __future__ import annotations

import streamlit as st

from digitrec.web import corrections_page, draw_page, keeping, paper_page, teach_page
from digitrec.web.engine import announce
from digitrec.web.style import STYLE


def main() -> None:
    """One run of the script."""
    st.set_page_config(page_title="digitrec", page_icon="✏️", layout="wide")
    st.html(f"<style>{STYLE}</style>")
    pages = [
        st.Page(draw_page.show, title="Draw", url_path="draw", default=True),
        st.Page(paper_page.show, title="Paper", url_path="paper"),
        st.Page(teach_page.show, title="Teach", url_path="teach"),
        st.Page(_model, title="Model", url_path="model"),
        st.Page(_data, title="Data", url_path="data"),
    ]
    if keeping.allowed():
        kept = st.Page(corrections_page.show, title="Corrections", url_path="corrections")
        pages.insert(3, kept)
    page = st.navigation(pages, position="top")
    entered = st.session_state.get("page") != page.title
    st.session_state["page"] = page.title
    if entered and page.title == "Draw":
        draw_page.enter()
    if entered and page.title == "Teach":
        teach_page.enter()
    if page.title not in {"Draw", "Teach"}:  # which look for themselves at every stroke
        announce()
    page.run()


# Pages with charts are loaded when they are first seen: Altair takes longer than all the rest.


def _model() -> None:
    from digitrec.web import model_page

    model_page.show()


def _data() -> None:
    from digitrec.web import data_page

    data_page.show()


main()
