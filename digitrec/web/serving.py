"""The page, and HTTP beside it at /api, as `digitrec serve` launches them with Streamlit.

Streamlit looks for `app = st.App(…)` in the text of the file that it is given, and for its
settings in the folder beside it.
"""

import streamlit as st

from digitrec.api.mounting import api_routes

app = st.App("main.py", routes=api_routes())
