"""Navigation and theme; the script that Streamlit runs."""

from __future__ import annotations

import streamlit as st

from digitrec.web import draw_page, model_page, paper_page
from digitrec.web.style import STYLE


def main() -> None:
    """One run of the script."""
    st.set_page_config(page_title="digitrec", page_icon="✏️", layout="wide")
    st.html(f"<style>{STYLE}</style>")
    page = st.navigation(
        [
            st.Page(draw_page.show, title="Draw", url_path="draw", default=True),
            st.Page(paper_page.show, title="Paper", url_path="paper"),
            st.Page(model_page.show, title="Model", url_path="model"),
        ],
        position="top",
    )
    entered = st.session_state.get("page") != page.title
    st.session_state["page"] = page.title
    if entered and page.title == "Draw":
        draw_page.enter()
    page.run()


main()
