"""The page's own script in Streamlit's test runner, with a drawing on its canvas."""

from conftest import ROOT
from streamlit.testing.v1 import AppTest

SCRIPT = str(ROOT / "digitrec" / "web" / "main.py")


def path_objects(strokes):
    return [
        {"type": "Path", "path": [["M" if i == 0 else "L", *p] for i, p in enumerate(s.tolist())]}
        for s in strokes
    ]


def page_with(objects=None, **state):
    """The page Draw after a run with these objects, if any, and this session state."""
    page = AppTest.from_file(SCRIPT, default_timeout=60)
    if objects is not None:
        put(page, objects)
    for key, value in state.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception
    return page


def put(page, objects):
    """Put other objects on the canvas; the next run sees them."""
    page.session_state["canvas"] = {
        "drawing": {"raw": {"objects": objects}, "data": None},
        "backgroundFit": None,
    }


def panel(name, strokes, **state):
    """The page Draw with this drawing and that panel of "See inside" open."""
    return page_with(path_objects(strokes), inside_panel=name, **state)


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))
