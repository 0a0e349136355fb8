"""The canvas' size, which page and style sheet share."""

# px: wide enough for a number; on a phone the middle of it is seen, see `style.py`.
WIDTH, HEIGHT = 560, 320
