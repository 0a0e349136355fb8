"""The page, and HTTP beside it at /api, as `digitrec serve` serves them.

Streamlit finds its settings in the folder beside the page's script.
"""

from pathlib import Path

import streamlit as st

from digitrec.api.mounting import api_routes
from digitrec.web.door import door

# Streamlit turns on a log of every request when it first reads its settings: sooner than the
# server that turns it off.
st.get_option("server.address")
app = st.App(Path(__file__).with_name("main.py"), routes=api_routes(), middleware=[door()])
