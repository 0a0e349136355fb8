"""Every page of the site: each control does something without a fault, and all can be read."""

import re
import shutil
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import served, settle
from correcting import correction
from playwright.sync_api import expect
from visiting import visitor

from digitrec.corrections import CorrectionStore
from digitrec.models import DEFAULT_ARTIFACT
from digitrec.web.inside.section import PANELS

# What a visitor can press; each is known by its name, so that a list that grows ends somewhere.
CONTROLS = (
    "button:visible:enabled, [role=tab]:visible, [role=radio]:visible, [role=option]:visible, "
    "summary:visible, input[type=range]:visible, [role=slider]:visible, [role=combobox]:visible, "
    "input[type=checkbox]:visible, label:has(input[type=checkbox]):visible"
)
LONGEST = 25  # s on a page
MOST = 45  # presses on a page: the rest are more of the same
# Leaves the page or needs what a browser without a user has not.
PASSED_OVER = re.compile(r"fullscreen|camera|take photo|main menu|deploy", re.IGNORECASE)


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


def signature(control):
    """What tells a control from others, whatever it shows at the moment."""
    return control.evaluate(
        """e => {
          const near = e.closest('[class*="st-key-"]');
          const key = near ? [...near.classList].find(c => c.startsWith('st-key-')) : '';
          return [e.tagName, e.getAttribute('role'), key,
                  e.getAttribute('aria-label') || e.innerText.trim().slice(0, 40)].join('|');
        }""",
        timeout=300,
    )


def press_everything(page):
    """Press each control once, also those that come up by it; how many."""
    pressed, until = set(), time.monotonic() + LONGEST
    while len(pressed) < MOST and time.monotonic() < until:
        fresh = None
        # From the end: what a section shows before the buttons that lead to another one.
        for control in reversed(page.locator(CONTROLS).all()):
            try:
                name = signature(control)
            except Exception:  # it is gone again: Playwright has no finer class
                continue
            if name not in pressed and not PASSED_OVER.search(name):
                fresh = control
                break
        if fresh is None:
            break
        pressed.add(name)
        try:
            if "slider" in name or "INPUT||" in name:
                fresh.press("ArrowRight", timeout=1_000)
            else:
                fresh.click(timeout=1_000)
        except Exception:  # covered by what it opened
            page.keyboard.press("Escape")
        settle(page)
        assert page.locator("[data-testid=stException]").count() == 0, name
    page.keyboard.press("Escape")
    return len(pressed)


def test_every_control_of_every_page_works_without_a_fault(browser, site):
    address, log = site
    complaints = []
    with visitor(browser, (1280, 900)) as page:
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("download", lambda download: download.cancel())
        page.on("filechooser", lambda chooser: None)
        for title in titles(page, address):
            go(page, title)
            assert press_everything(page) > 2, title
            if page.locator("[data-testid=stTopNavLink]").count() == 0:
                page.goto(address)
                settle(page)
    assert complaints == []
    said = log.read_text()
    assert not re.search(r"Traceback|Error|WARNING|Exception", said), said[-3_000:]


def serious(page, what):
    """The serious and critical faults that axe-core finds, in words."""
    found = Axe().run(page).response["violations"]
    return [
        f"{what}: {fault['id']} at {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]


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
        faults += serious(page, "Draw, empty")
        page.locator(".st-key-example-2026 button").click()
        page.locator(".answer.number").wait_for()
        settle(page)
        faults += serious(page, "Draw, 2026")
        page.locator(".st-key-example-7 button").click()
        for panel in PANELS:
            page.locator(".st-key-inside_panel button", has_text=panel).click()
            settle(page)
            page.wait_for_timeout(400)
            faults += serious(page, f"Draw, {panel}")
        for name in names[1:]:
            page.goto(f"{address}/{name.lower()}")
            settle(page)
            page.wait_for_timeout(1_500)
            faults += serious(page, name)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert faults == []
