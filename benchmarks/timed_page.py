"""The page's own script with a clock around it, for `scripts_of_pages.py`.

Appends a line a run to the file that `DIGITREC_TIMES` names: the page's title and milliseconds.
"""

from __future__ import annotations

import os
import runpy
import time
from pathlib import Path

import streamlit as st

_PAGE = Path(__file__).parent.parent / "digitrec" / "web" / "main.py"

started = time.perf_counter()
try:
    runpy.run_path(str(_PAGE), run_name="__main__")
finally:  # also when the script asks to run once more
    took = 1000 * (time.perf_counter() - started)
    with Path(os.environ["DIGITREC_TIMES"]).open("a", encoding="utf-8") as times:
        times.write(f"{st.session_state.get('page')}\t{took:.2f}\n")
