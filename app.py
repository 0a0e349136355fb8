"""The page, for `streamlit run app.py`."""

import streamlit as st

app = st.App("digitrec/web/main.py")
