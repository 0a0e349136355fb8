"""Every page of the site: each control does something without a fault, and all can be read."""

import contextlib
import re
import shutil

import pytest
from browser import draw, served, settle, show_example
from correcting import correction
from playwright.sync_api import Error, expect
from visiting import keeps_out, visitor

from digitrec.corrections import CorrectionStore
from digitrec.models import DEFAULT_ARTIFACT
from digitrec.shapes import digit_strokes
from digitrec.web.inside.section import PANELS

# What a visitor can press.
CONTROLS = (
    "button:visible:enabled, [role=tab]:visible, [role=radio]:visible, [role=option]:visible, "
    "summary:visible, input[type=range]:visible, [role=slider]:visible, [role=combobox]:visible, "
    "input[type=checkbox]:visible, label:has(input[type=checkbox]):visible"
)
# What tells a control from others, whatever it shows at the moment: one that is known is not
# pressed again, and so the list ends. Behind the name stand counts, shares or a chart's words, and
# behind a choice's key its number.
NAMES = """controls => controls.map(e => {
  const near = e.closest('[class*="st-key-"]');
  const key = near ? [...near.classList].find(c => c.startsWith('st-key-')) : '';
  const name = (e.getAttribute('aria-label') || e.innerText).trim().split(/[:,·]|  /)[0];
  const place = key.replace(/_\\d+$/, '');
  return [e.tagName, e.getAttribute('role'), place, name.slice(0, 40)].join('|');
})"""
# Leaves the page or needs what a browser without a user has not.
PASSED_OVER = re.compile(r"fullscreen|camera|take photo|main menu|deploy", re.IGNORECASE)
# A switch whose label is pressed; what closes a hint that goes by itself.
HIDDEN = re.compile(r"^INPUT[|]switch|[|]Dismiss$")
# Pressed when nothing else is left: they take away what the others are for.
LAST = re.compile(r"undo|clear|reset|remove|delete", re.IGNORECASE)
MOST = 150  # presses on a page; the fullest has some seventy


@pytest.fixture(scope="module")
def site(template_mnist, tmp_path_factory):
    """The site with a few corrections, data to look at and no way out; its address and its log."""
    folder = tmp_path_factory.mktemp("site")
    place = folder / "corrections.sqlite"
    with CorrectionStore(place) as store:
        store.save_all(correction(n, label=n % 10) for n in range(12))
    # Whatever is pressed, the shipped network stays as it is.
    shutil.copytree(DEFAULT_ARTIFACT, folder / "artifact")
    environment = {
        "DIGITREC_ARTIFACT": str(folder / "artifact"),
        "DIGITREC_DATABASE_URL": str(place),
        "XDG_DATA_HOME": str(folder),
        "DIGITREC_MNIST": str(template_mnist),
        "DIGITREC_CACHE": str(folder / "cache"),
        "DIGITREC_MIRROR": "http://localhost:9",  # where nobody answers
    }
    log = folder / "log"
    with served(log=log, **environment) as address:
        yield address, log


def titles(page, address):
    page.goto(address)
    page.locator("canvas.upper-canvas").wait_for()
    settle(page)
    found = [t.strip() for t in page.locator("[data-testid=stTopNavLink]").all_inner_texts()]
    assert found == ["Draw", "Paper", "Teach", "Corrections", "Model", "Data"]
    return found


def go(page, title):
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator("[data-testid=stTopNavLink][aria-current=page]")).to_have_text(title)
    settle(page)


def draw_seven(page):
    page.wait_for_timeout(1_500)  # a stroke that is drawn while the page is still built is lost
    for name in ("Clear", "Undo", ""):
        draw(page, digit_strokes(7)[:1])
        settle(page)
        if name:  # here: among all the others one of them would leave nothing to the other
            # The last one: the canvas has tools of its own with such names.
            page.get_by_role("button", name=name, exact=True).last.click()
            settle(page)
            page.wait_for_timeout(500)


def read_example(page):
    page.get_by_role("button", name="Read this page").click()
    page.locator(".paper-summary").wait_for(timeout=60_000)
    expect(page.locator(".paper-wait")).to_have_count(0, timeout=60_000)


# What brings up the controls that only work has.
BEGINNINGS = {"Draw": draw_seven, "Paper": read_example, "Teach": draw_seven}
# The parts of a page that a row of names chooses from, one after the other.
PARTS = {
    "Draw": list(PANELS),
    "Model": ["Test set", "Confidence", "Other hands", "Training", "Compared", "Card", "Learn"],
    "Data": ["Averages", "Guess first", "Samples"],
}
# What has to come up by pressing alone.
REACHED = {
    "Draw": ["Right", "Download as PNG", "Play", "Layer 3"],
    "Paper": ["JSON", "CSV", "Upload"],
    "Teach": ["Remove sample", "Download"],
    "Corrections": ["No digit", "Take it back", "JSON lines"],
    "Model": ["CSV", "Download as PNG", "card.json", "Train on the corrections"],
    "Data": ["Hard ones", "Another handful", "Next digit"],
}


def press(page, name):
    """Press the last control of that name; whether that was done."""
    controls = page.locator(CONTROLS)
    for again in (False, True):
        if again:  # it may be covered by what another one opened, or show under the pointer alone
            page.keyboard.press("Escape")
            settle(page)
            with contextlib.suppress(Error):
                page.get_by_role("dialog").wait_for(state="hidden", timeout=5_000)
        places = [at for at, found in enumerate(controls.evaluate_all(NAMES)) if found == name]
        if not places:
            return False
        control = controls.nth(places[-1])
        try:
            if again:
                control.hover(force=True, timeout=1_000)
            patience = 8_000 if again else 1_000
            if "slider" in name or "INPUT||" in name:
                control.press("ArrowRight", timeout=patience)
            else:
                control.click(timeout=patience)
            return True
        except Error:
            pass
    page.keyboard.press("Escape")
    return False


def press_everything(page, pressed, *passed_over):
    """Press each control once, also those that come up by it; notes by name whether it was done."""
    looked_again = False
    while True:
        controls = page.locator(CONTROLS)
        # From the end: what a part shows before the buttons above it.
        names = reversed(list(enumerate(controls.evaluate_all(NAMES))))
        fresh = [
            (place, name)
            for place, name in names
            if name not in pressed and not any(kind.search(name) for kind in passed_over)
        ]
        if not fresh and looked_again:
            page.keyboard.press("Escape")
            return
        looked_again = not fresh
        if not fresh:
            page.wait_for_timeout(700)  # what is drawn late
            continue
        _, name = min(fresh, key=lambda one: bool(LAST.search(one[1])))
        pressed[name] = press(page, name)
        assert len(pressed) <= MOST, pressed
        page.wait_for_timeout(120)
        settle(page)
        assert page.locator("[data-testid=stException]").count() == 0, name


def press_all_parts(page, title):
    """Press everything in each part of a page; the names of what was pressed, and of the rest."""
    pressed, parts = {}, PARTS.get(title, [])
    row = re.compile("|".join(f"[|]radio[|].*[|]{part}$" for part in parts) or "$^")
    for part in parts:
        chosen = page.get_by_role("radio", name=part, exact=True)
        chosen.click()
        expect(chosen).to_have_attribute("aria-checked", "true")
        settle(page)
        page.wait_for_timeout(700)
        press_everything(page, pressed, PASSED_OVER, row, LAST)
    press_everything(page, pressed, PASSED_OVER, row)
    done = [name for name, was_pressed in pressed.items() if was_pressed]
    return done, [name for name in pressed if name not in done and not HIDDEN.search(name)]


def test_every_control_of_every_page_works_without_a_fault(browser, site):
    address, log = site
    complaints, left = [], []
    with visitor(browser, (1280, 900)) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("download", lambda download: download.cancel())
        page.on("filechooser", lambda chooser: None)
        for title in titles(page, address):
            go(page, title)
            BEGINNINGS.get(title, settle)(page)
            done, missed = press_all_parts(page, title)
            left += missed
            pressed = " ".join(done)
            assert [name for name in REACHED[title] if name not in pressed] == [], pressed
            if page.locator("[data-testid=stTopNavLink]").count() == 0:
                page.goto(address)
                settle(page)
    assert complaints == []
    assert len(left) <= 5, left  # on a slow machine one may go while it is looked for
    said = log.read_text()
    assert not re.search(r"Traceback|Error|WARNING|Exception", said), said[-3_000:]


@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 360)])
def test_axe_finds_no_serious_fault_on_any_page(browser, site, theme, width):
    address, _ = site
    faults = []
    with visitor(browser, (width, 900), color_scheme=theme) as page:
        names = titles(page, address) if width > 640 else None
        names = names or ["Draw", "Paper", "Teach", "Corrections", "Model", "Data"]
        page.goto(address)
        page.locator("canvas.upper-canvas").wait_for()
        settle(page)
        faults += [("Draw, empty", fault) for fault in keeps_out(page)]
        show_example(page, 2026)
        page.locator(".answer.number").wait_for()
        settle(page)
        faults += [("Draw, 2026", fault) for fault in keeps_out(page)]
        show_example(page, 7)
        for panel in PANELS:
            page.locator(".st-key-inside_panel button", has_text=panel).click()
            settle(page)
            page.wait_for_timeout(400)
            faults += [(f"Draw, {panel}", fault) for fault in keeps_out(page)]
        for name in names[1:]:
            page.goto(f"{address}/{name.lower()}")
            settle(page)
            page.wait_for_timeout(1_500)
            faults += [(name, fault) for fault in keeps_out(page)]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert faults == []
