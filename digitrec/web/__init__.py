"""The page: the only home of Streamlit."""
