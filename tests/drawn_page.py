"""The page's own script in Streamlit's test runner, with a drawing on its canvas."""

import json
import re

from conftest import ROOT
from streamlit.testing.v1 import AppTest

from digitrec.web.markdown import NOTHING

SCRIPT = str(ROOT / "digitrec" / "web" / "main.py")


def shown(element):
    """The sentence that an element shows, whose signs are all escaped for Markdown."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", element.value.replace(NOTHING, ""))


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


def put(page, objects, canvas="canvas"):
    """Put other objects on a canvas, by its key; the next run sees them."""
    page.session_state[canvas] = {
        "drawing": {"raw": {"objects": objects}, "data": None},
        "backgroundFit": None,
    }


def panel(name, strokes, **state):
    """The page Draw with this drawing and that panel of "See inside" open."""
    return page_with(path_objects(strokes), inside_panel=name, **state)


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))


def asked(page):
    """What the row under the answer was told; None where there is no row."""
    return told(page, "correcting")


def say(page, text, of=None):
    """Send what that row sends: a sign for each digit, or nothing to take it back.

    Args:
        page: the page Draw.
        text: what the drawing is.
        of: the drawing that it is said of; else the one that the page shows.
    """
    send(page, "correcting", "said", {"of": of or asked(page)["of"], "text": text})


def send(page, component, event, value):
    """Let the page run after an event of one of its components."""
    # Streamlit's runner of tests knows no components: this is what a browser sends for them.
    states = page._tree.get_widget_states()
    sent = states.widgets.add(id=f"$$STREAMLIT_INTERNAL_KEY_{_part(page, component).id}__events")
    sent.json_trigger_value = json.dumps([{"event": event, "value": value}])
    page._run(states)
    assert not page.exception


def told(page, component):
    """What a component was told; None where it is not shown."""
    found = _part(page, component)
    return found and json.loads(found.json)


def _part(page, component):
    parts = [element.proto for element in page.get("bidi_component")]
    return next((p for p in parts if p.component_name == f"digitrec_{component}"), None)
