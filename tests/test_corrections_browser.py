"""The page "Corrections" in a real Chromium: looked over, mended, deleted, taken home."""

import io
import json
import zipfile

import pytest
from browser import served, show_example
from playwright.sync_api import expect
from sketching import open_page, reads, say
from visiting import places, visitor

from digitrec.corrections import CorrectionStore


@pytest.fixture
def store(tmp_path):
    with CorrectionStore(tmp_path / "corrections.sqlite") as store:
        yield store


@pytest.fixture
def empty_page(browser, store):
    """The page Draw, with nothing drawn."""
    with (
        served(DIGITREC_DATABASE_URL=store.place) as address,
        visitor(browser, (1280, 720)) as page,
    ):
        open_page(page, address)
        yield page


@pytest.fixture
def page(empty_page):
    """A visitor who draws 1, 7 and 8, says that the 7 is a 1, and goes to look."""
    page = empty_page
    for label, said in ((1, "right"), (7, "1"), (8, "none")):
        show_example(page, label)
        reads(page, label)
        say(page, said)
        expect(page.get_by_text("Thank you.")).to_be_visible()
    page.get_by_role("link", name="Corrections").click()
    expect(page.get_by_text("3 digits are kept")).to_be_visible()
    return page


def tiles(page):
    return page.locator(".st-key-corrections_gallery li button")


def labels(store):
    return sorted(kept.label for kept in store.all())


def test_gallery_is_filtered_mended_and_taken_back(page, store):
    expect(tiles(page)).to_have_count(3)
    page.get_by_role("radio", name="1 · 2").click()
    expect(tiles(page)).to_have_count(2)
    wrong = page.get_by_role("button", name="read as 7")
    wrong.click()
    expect(page.get_by_text("1 chosen.")).to_be_visible()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    page.locator(".st-key-corrections_7 button").click()
    expect(page.get_by_text("1 digit is now a 7.")).to_be_visible()
    expect(tiles(page)).to_have_count(1)
    assert labels(store) == [-1, 1, 7]
    page.get_by_role("button", name="Take it back").click()
    expect(tiles(page)).to_have_count(2)
    assert labels(store) == [-1, 1, 1]


def test_deleted_digits_come_back(page, store):
    for count, place in enumerate((0, 2), 1):
        tiles(page).nth(place).click()
        expect(page.get_by_text(f"{count} chosen.")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("2 digits are deleted.")).to_be_visible()
    expect(tiles(page)).to_have_count(1)
    assert len(store) == 1
    page.get_by_role("button", name="Take it back").click()
    expect(tiles(page)).to_have_count(3)
    assert labels(store) == [-1, 1, 1]


def test_all_of_it_is_taken_home(page, store):
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON lines").click()
    rows = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert sorted(row["label"] for row in rows) == [-1, 1, 1]
    with page.expect_download() as download:
        page.get_by_role("button", name="Pictures").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        folders = sorted(name.split("/")[0] for name in archive.namelist() if name[-1] != "/")
    assert folders == ["1", "1", "not-a-digit"]


def test_key_corrects_what_the_mouse_drew(empty_page, store):
    page = empty_page
    show_example(page, 7)
    reads(page, 7)
    page.locator(".st-key-paper").hover()
    page.keyboard.press("4")
    expect(page.get_by_text("Kept as 4. Thank you.")).to_be_visible()
    assert labels(store) == [4]
    page.keyboard.press("y")
    expect(page.get_by_text("Kept as 7. Thank you.")).to_be_visible()
    assert labels(store) == [7]
    page.keyboard.press("x")
    expect(page.get_by_text("Kept as no digit. Thank you.")).to_be_visible()
    assert labels(store) == [-1]


def test_number_is_typed_and_its_field_is_empty_for_the_next(empty_page, store):
    page = empty_page
    show_example(page, 2026)
    field = page.get_by_placeholder("No, it says … (4 digits, ? for none)")
    field.fill("20y5")  # no key of the row while there is a cursor in the field
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Type 4 characters")
    expect(field).to_have_value("20y5")
    assert len(store) == 0
    field.fill("2025")
    field.press("Enter")
    expect(page.get_by_text("Kept as 2025. Thank you.")).to_be_visible()
    assert labels(store) == [0, 2, 5]  # both 2s are the same picture
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Is that right?")).to_be_visible()
    assert labels(store) == []
    show_example(page, 7)
    reads(page, 7)
    show_example(page, 2026)
    expect(field).to_have_value("")


def test_what_is_kept_is_told_before_anything_is(browser, store):
    with (
        served(DIGITREC_DATABASE_URL=store.place) as address,
        visitor(browser, (360, 760)) as page,
    ):
        open_page(page, address)
        told = page.get_by_text("no name, no address")
        expect(told).to_be_hidden()
        page.get_by_role("button", name="What is kept?").click()
        expect(told).to_be_visible()
        expect(told).to_contain_text(store.place)
        expect(told).to_contain_text("the strokes")
        expect(told).to_contain_text("X for no digit")
        (box,) = places(told)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        page.keyboard.press("Escape")
        expect(told).to_be_hidden()
