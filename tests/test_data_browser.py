"""The page "Data" in a real Chromium: looked through, played with, and downloaded to."""

import contextlib
import re

import numpy as np
import pytest
from browser import ROOT, served
from mirror import mirrored, packed, remotes
from playwright.sync_api import expect
from visiting import places, visitor

from digitrec.recognizer import Recognizer

# The page as it is, with the hashes of smaller files.
APP = """
import streamlit as st
from dataclasses import replace
from digitrec.datasets import fetching

hashes = {hashes!r}
fetching.MNIST_FILES = tuple(
    replace(remote, content_hash=("md5", hashes[remote.name])) for remote in fetching.MNIST_FILES
)
app = st.App({script!r})
"""


@pytest.fixture(scope="module")
def address(template_mnist):
    with served(DIGITREC_MNIST=str(template_mnist)) as address:
        yield address


@pytest.fixture
def page(browser, address):
    with visitor(browser, (1280, 800)) as page:
        yield open_page(page, address)


def open_page(page, address):
    page.goto(f"{address}/data")
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    return page


def tiles(page):
    return page.locator(".st-key-data_tiles li button")


def choose(page, name):
    page.get_by_role("radio", name=name).click()


def test_digit_is_looked_at_closely_and_leafed_from(page):
    expect(tiles(page)).to_have_count(60)
    choose(page, "4 · 30")
    expect(page.get_by_text("30 digits", exact=True)).to_be_visible()
    expect(tiles(page)).to_have_count(30)
    assert set(tiles(page).locator("b").all_inner_texts()) == {"4"}
    tile = tiles(page).nth(28)
    said = tile.get_attribute("aria-label")
    tile.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("29 of 30")).to_be_visible()
    expect(dialog.locator("figcaption")).to_contain_text("It is a 4")
    expect(dialog.locator(".number")).to_have_count(10)
    expect(dialog.get_by_test_id("label")).to_be_visible()
    read = re.search(r"read as (\d)", said)
    expect(dialog.get_by_test_id("label")).to_have_text(read[1] if read else "?")
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text("30 of 30")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(dialog.get_by_text("29 of 30")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    tile.click()  # the same once more
    onward = dialog.get_by_role("button", name="Next")
    onward.click()
    expect(dialog.get_by_text("30 of 30")).to_be_visible()
    page.wait_for_timeout(500)
    expect(onward).to_be_focused()  # a dialog that lost the focus would not hear Escape
    onward.click()
    expect(dialog.get_by_text("1 of 30", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def press(page, key, outcome):
    """Press a key whose button is there; it works a moment after that is enabled."""
    for _ in range(5):
        page.keyboard.press(key)
        with contextlib.suppress(AssertionError):
            expect(outcome).to_be_visible(timeout=5_000)
            return
    expect(outcome).to_be_visible()


def guess(page, label):
    expect(page.locator(f".st-key-data-guess-{label} button")).to_be_enabled()
    press(page, str(label), page.locator(".data-verdict", has_text="It is a"))
    expect(page.locator(".st-key-data_on button")).to_be_enabled()


def test_round_is_played_by_keys_alone(page):
    choose(page, "Guess first")
    board = page.locator(".data-board tr")
    mine = 0
    for number in range(1, 11):
        expect(page.get_by_text(f"Digit {number} of 10.")).to_be_visible()
        expect(page.locator(".answer .winner")).to_have_count(0)
        guess(page, number % 10)
        mine += f"It is a {number % 10}." in page.locator(".data-verdict").inner_text()
        expect(board.first.locator("b")).to_have_text(str(mine))
        if number == 1:
            expect(page.locator(".answer .winner")).not_to_have_count(0)
        ahead = page.get_by_text(f"Digit {number + 1} of 10.")
        press(page, "n", ahead if number < 10 else page.locator(".data-score"))
    score = page.locator(".data-score")
    expect(score).to_contain_text(f"You {mine}, the network ")
    expect(page.locator(".data-cards figure")).to_have_count(10)
    press(page, "n", page.get_by_text("Digit 1 of 10."))


def test_nothing_moves_when_the_truth_is_shown(page):
    choose(page, "Guess first")
    parts = [page.locator(f".st-key-data_{name}") for name in ("keys", "on")]
    parts += [page.locator(".data-board"), page.get_by_test_id("answer")]
    before = places(*parts)
    guess(page, 3)
    assert places(*parts) == before


def test_phone_shows_every_view_without_sideways_scrolling(browser, address):
    with visitor(browser, (360, 780)) as page:
        open_page(page, address)
        expect(tiles(page)).to_have_count(60)
        for name, part in (
            ("Averages", page.locator(".stVegaLiteChart")),
            ("Guess first", page.locator(".st-key-data_on")),
        ):
            choose(page, name)
            expect(part).to_be_visible()
            inside = "e => [...e.querySelectorAll('img, td, button')].every("
            inside += "x => x.getBoundingClientRect().right <= 360)"
            assert page.locator(".stMainBlockContainer").evaluate(inside)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_mnist_is_downloaded_at_a_click_and_trouble_is_told(browser, template_mnist, tmp_path):
    files = packed(template_mnist)
    hashes = {remote.name: remote.content_hash[1] for remote in remotes(files)}
    app = tmp_path / "app.py"
    app.write_text(APP.format(hashes=hashes, script=str(ROOT / "digitrec" / "web" / "main.py")))
    with (
        mirrored(files) as mirror,
        served(
            str(app),
            DIGITREC_MNIST="",
            DIGITREC_CACHE=str(tmp_path / "cache"),
            DIGITREC_MIRROR=mirror.address,
        ) as address,
        visitor(browser, (1280, 800)) as page,
    ):
        open_page(page, address)
        download = page.locator(".st-key-data_download button")
        expect(page.get_by_text("MNIST is not on this machine yet.")).to_be_visible()
        expect(page.get_by_text(mirror.address)).to_be_visible()
        assert mirror.asked == []
        mirror.wrong = True
        download.click()
        expect(page.get_by_role("alert")).to_contain_text("another file")
        mirror.wrong, mirror.breaks = False, True
        download.click()
        expect(page.get_by_role("alert")).to_contain_text("start again: it goes on from there")
        mirror.pause = 0.25
        expect(download).to_have_text("downloadGo on")
        download.click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("MB are there already: it goes on from there.")).to_be_visible()
        mirror.pause = 0.1
        download.click()
        expect(page.get_by_text("Downloading MNIST:")).to_be_visible()
        page.get_by_role("link", name="Model").click()  # it goes on without its visitor
        expect(page.get_by_role("heading", name="Model")).to_be_visible()
        mirror.pause = 0
        page.get_by_role("link", name="Data", exact=True).click()
        expect(tiles(page)).to_have_count(60)
    assert mirror.asked[2][1] > 0


@pytest.mark.real_data
def test_mnist_itself_is_downloaded(browser, mnist, data_folder, tmp_path):
    with (
        mirrored(packed(data_folder / "mnist.npz")) as mirror,
        served(
            DIGITREC_MNIST="", DIGITREC_CACHE=str(tmp_path), DIGITREC_MIRROR=mirror.address
        ) as address,
        visitor(browser, (1280, 800)) as page,
    ):
        open_page(page, address)
        page.get_by_role("button", name="Download 11.6 MB").click()
        expect(page.get_by_text("60 of 10,000 digits")).to_be_visible()
        expect(page.get_by_text("US Census Bureau")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)
        right = (Recognizer().classify(mnist.test.digits).argmax(axis=1) == mnist.test.labels).sum()
        named = page.get_by_role("radio", name="right ·").inner_text()
        assert np.isclose(int(named.rpartition(" ")[2].replace(",", "")), right, atol=100)
