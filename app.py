"""The page, and HTTP beside it at /api, for `streamlit run app.py`."""

import streamlit as st

from digitrec.api.mounting import api_routes
from digitrec.web.door import door

app = st.App("digitrec/web/main.py", routes=api_routes(), middleware=[door()])
