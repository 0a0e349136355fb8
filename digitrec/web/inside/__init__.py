"""The part "See inside" of the page Draw: section.py frames it; each panel has its own file."""
