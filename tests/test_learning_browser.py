"""From a misread digit to a better network, all of it in a real Chromium."""

import shutil
from itertools import islice

import numpy as np
import pytest
from browser import draw, served
from playwright.sync_api import expect
from sketching import clear, fitted, open_page, say
from visiting import visitor

from digitrec.corrections import CorrectionStore
from digitrec.models import load_artifact
from digitrec.recognizer import Recognizer
from digitrec.shapes import StrokeVariation, vary_strokes
from digitrec.versions import versions

# A 6 with corners, as a hand of its own writes it.
CORNERED_SIX = [np.array([[0, 0], [0, 1], [0.8, 1], [0.8, 0.5], [0, 0.5]], float)]


@pytest.fixture
def artifact(tiny_artifact, tmp_path):
    return shutil.copytree(tiny_artifact, tmp_path / "artifact")


@pytest.fixture
def page(browser, artifact, template_mnist, tmp_path):
    """A visitor of a page with a tiny network that may learn."""
    environment = {
        "DIGITREC_ARTIFACT": str(artifact),
        "DIGITREC_MNIST": str(template_mnist),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    with served(**environment) as address, visitor(browser, (1280, 900)) as page:
        open_page(page, address)
        yield page


def misread_sixes(artifact, count):
    """Drawings of a hand that the network does not know."""
    recognizer, rng = Recognizer(artifact), np.random.default_rng(5)
    drawn = (fitted(vary_strokes(CORNERED_SIX, StrokeVariation(), rng)) for _ in range(100))
    found = (strokes for strokes in drawn if recognizer.read_strokes(strokes).text != "6")
    return list(islice(found, count))


def visit(page, name):
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_misread_digit_is_corrected_learned_and_read_rightly(page, artifact, tmp_path):
    old = load_artifact(artifact).card
    misread = []
    for strokes in misread_sixes(artifact, 12):
        draw(page, strokes)
        if answer(page) != "6":  # the mouse draws by whole pixels
            misread.append(strokes)
            say(page, "6")
            expect(page.get_by_text("Kept as 6. Thank you.")).to_be_visible()
        clear(page)
        if len(misread) == 2:
            break
    assert len(misread) == 2

    visit(page, "Corrections")
    expect(page.get_by_text("2 digits are kept")).to_be_visible()
    expect(page.locator(".st-key-corrections_gallery li button")).to_have_count(2)

    visit(page, "Model")
    page.get_by_role("radio", name="Learn").click()
    page.get_by_role("button", name="Train on the corrections").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=30_000)
    page.reload()  # it goes on without its visitor
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("It has learned.")).to_be_visible(timeout=300_000)
    expect(page.locator("table.retrained")).to_be_visible()
    assert [version.in_use for version in versions(artifact)] == [True, False]
    assert load_artifact(artifact).card["created"] != old["created"]

    visit_draw(page)
    expect(page.get_by_text("A new network answers from now on.")).to_be_visible()
    answers = []
    for strokes in misread:
        draw(page, strokes)
        answers.append(answer(page))
        clear(page)
    assert "6" in answers

    visit(page, "Model")
    page.get_by_role("radio", name="Learn").click()
    page.get_by_role("button", name="Go back to the network before").click()
    expect(page.get_by_text("before that training is in use again")).to_be_visible()
    assert load_artifact(artifact).card["created"] == old["created"]
    with CorrectionStore(tmp_path / "data" / "digitrec" / "corrections.sqlite") as store:
        assert store.counts() == {6: 2}


def answer(page):
    expect(page.get_by_test_id("label")).not_to_have_text("–")
    page.wait_for_timeout(500)
    return page.get_by_test_id("label").inner_text()


def visit_draw(page):
    page.get_by_role("link", name="Draw").click()
    page.locator("canvas.upper-canvas").wait_for()
    page.wait_for_timeout(600)


def test_training_is_stopped_and_changes_nothing(page, artifact):
    before = load_artifact(artifact).card
    draw(page, misread_sixes(artifact, 1)[0])
    expect(page.get_by_test_id("label")).not_to_have_text("–")
    say(page, "6")
    expect(page.get_by_text("Kept as 6. Thank you.")).to_be_visible()
    visit(page, "Model")
    page.get_by_role("radio", name="Learn").click()
    page.get_by_role("button", name="Train on the corrections").click()
    page.get_by_role("button", name="Stop").click(timeout=30_000)
    expect(page.get_by_text("It was stopped.")).to_be_visible(timeout=120_000)
    assert load_artifact(artifact).card == before
    expect(page.get_by_role("button", name="Train on the corrections")).to_be_enabled()
