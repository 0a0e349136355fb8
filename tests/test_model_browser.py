"""The page Model in a real Chromium: charts that answer to the pointer, and to the keyboard."""

import json
import re

import pytest
from browser import served
from modelling import told
from playwright.sync_api import expect
from visiting import visitor

from digitrec.models import load_artifact

SECTIONS = ["Test set", "Confidence", "Other hands", "Training", "Compared", "Card", "Learn"]
CHARTS = {"Test set": 1, "Confidence": 2, "Other hands": 1, "Training": 3, "Compared": 1}


@pytest.fixture(scope="module")
def artifact(tiny_artifact, tmp_path_factory):
    return told(tmp_path_factory.mktemp("told") / "artifact", tiny_artifact)


@pytest.fixture(scope="module")
def address(artifact, template_mnist, tmp_path_factory):
    """The page with a network that makes mistakes, and the digits it makes them on."""
    environment = {
        "DIGITREC_ARTIFACT": str(artifact),
        "DIGITREC_MNIST": str(template_mnist),
        "XDG_DATA_HOME": str(tmp_path_factory.mktemp("data")),
    }
    with served(**environment) as address:
        yield address


@pytest.fixture
def page(browser, address):
    with visitor(browser, (1280, 1400), accept_downloads=True) as page:
        page.goto(f"{address}/model")
        expect(page.locator("ul.mistakes li").first).to_be_visible(timeout=60_000)
        expect(charts(page)).to_have_count(1)
        yield page


def charts(page):
    return page.locator("[data-testid=stVegaLiteChart] svg.marks")


def cell(page, truth, answer, frame=None):
    """The confusion matrix' cell of a truth and an answer: any, or one with such a frame."""
    path = f'path[aria-label*="read as: {answer};"][aria-label*="truth: {truth};"]'
    return page.locator(path if frame is None else f'{path}[stroke-width="{frame}"]')


def worst(page):
    """Truth, answer and number of the first mistake that the matrix shows."""
    wrong = page.locator('path[aria-label*="truth: "]:not([aria-label*="wrong: 0"])').first
    told = wrong.get_attribute("aria-label")
    return [int(re.search(rf"{name}: (\d+)", told)[1]) for name in ("truth", "read as", "digits")]


def test_click_on_a_cell_shows_those_mistakes(page):
    everything = page.locator("ul.mistakes li").count()
    truth, answer, number = worst(page)
    cell(page, truth, answer).hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text(str(number))
    cell(page, truth, answer).click()
    expect(page.get_by_role("status").last).to_contain_text(f"a {truth} was read as {answer}")
    tiles = page.locator("ul.mistakes li")
    expect(tiles).to_have_count(number)
    for picture in page.locator("ul.mistakes img").all():
        assert f"a {truth}, read as {answer}, " in picture.get_attribute("alt")
        assert picture.evaluate("image => image.naturalWidth") == 28
    for box, label in (("It was a", truth), ("and was read as", answer)):
        expect(page.get_by_role("combobox", name=box)).to_have_value(str(label))
    # Another page and back: what was chosen is still chosen, and framed.
    page.get_by_role("link", name="Corrections").click()
    expect(page.get_by_role("heading", name="Corrections")).to_be_visible()
    page.get_by_role("link", name="Model").click()
    expect(tiles).to_have_count(number)
    expect(cell(page, truth, answer, frame=3)).to_have_count(1)
    page.get_by_role("button", name="Show all").click()
    expect(tiles).to_have_count(everything)
    expect(cell(page, truth, answer, frame=0)).to_have_count(1)
    expect(charts(page)).to_have_count(1)  # the old one has given way


def test_keyboard_chooses_what_a_click_does(page):
    truth, answer, number = worst(page)
    for box, label in (("It was a", truth), ("and was read as", answer)):
        page.get_by_role("combobox", name=box).focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.type(str(label))
        page.keyboard.press("Enter")
        expect(page.get_by_role("combobox", name=box)).to_have_value(str(label))
    expect(page.locator("ul.mistakes li")).to_have_count(number)
    # Counts wait for the old chart to give way; a question to the one cell would meet both.
    expect(cell(page, truth, answer, frame=3)).to_have_count(1)
    expect(charts(page)).to_have_count(1)


def test_sections_have_addresses_and_charts_that_tell_their_numbers(page):
    for section, number in CHARTS.items():
        page.get_by_role("radio", name=section).click()
        expect(charts(page)).to_have_count(number)
    page.get_by_role("radio", name="Training").click()
    expect(charts(page)).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/model\?part=Training$"))
    page.reload()
    expect(charts(page)).to_have_count(3)
    for title in ("Right, %", "Loss, nats", "Held out as well, %"):
        expect(page.get_by_label(f"{title}, over 3 epochs. In the end: ").first).to_be_visible()
    charts(page).first.hover()
    tooltip = page.locator("#vg-tooltip-element")
    expect(tooltip).to_contain_text("validation")
    expect(tooltip).to_contain_text("training")


def test_card_tables_and_charts_are_taken_home(page, artifact):
    page.get_by_role("radio", name="Card").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download card.json").click()
    assert json.loads(download.value.path().read_text()) == load_artifact(artifact).card
    page.get_by_role("radio", name="Compared").click()
    expect(charts(page)).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.path().read_text().splitlines()[1].startswith("dense (two hidden layers)")
    charts(page).first.hover()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as PNG").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_no_section_scrolls_sideways_on_a_phone(browser, address):
    with visitor(browser, (360, 760), color_scheme="dark") as page:
        page.goto(f"{address}/model")
        for section in SECTIONS:
            page.get_by_role("radio", name=section).click()
            expect(page.get_by_role("radio", name=section)).to_be_checked()
            expect(charts(page)).to_have_count(CHARTS.get(section, 0))
            main = page.get_by_test_id("stMain")
            assert main.evaluate("part => part.scrollWidth - part.clientWidth") == 0
            wide = page.locator("table.facts, dl.facts, svg.marks").evaluate_all(
                "parts => parts.filter(p => p.getBoundingClientRect().right > innerWidth).length"
            )
            assert wide == 0
