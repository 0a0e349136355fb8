"""The page "Paper" in a real Chromium: real files go in, real files come out."""

import base64
import csv
import io
import json

import numpy as np
import pytest
from browser import draw, until
from PIL import Image
from playwright.sync_api import expect
from sketching import fitted, reads
from test_files import LOCKED
from visiting import places, visitor

from digitrec.shapes import digit_strokes
from digitrec.web.paper.example import as_png, compose_page
from digitrec.web.paper.export import COLOURS

FIRST, SECOND = ("31 415", "9265"), ("2718", "60 82 41")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A page as PNG, two as PDF (the second lying on its side), and two that are no good."""
    folder = tmp_path_factory.mktemp("files")
    pages = [compose_page(lines, np.random.default_rng(3)) for lines in (FIRST, SECOND)]
    (folder / "page.png").write_bytes(as_png(pages[0]))
    first, second = (Image.fromarray(page) for page in pages)
    second = second.rotate(90, expand=True)
    first.save(folder / "scan.pdf", save_all=True, append_images=[second], resolution=100)
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / "locked.pdf").write_bytes(LOCKED)
    return folder


@pytest.fixture
def page(browser, address):
    """A fresh visitor on the page who may use the clipboard."""
    with visitor(browser, (1400, 900)) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        open_page(page, address)
        yield page


def open_page(page, address):
    page.goto(f"{address}/paper")
    expect(page.get_by_role("button", name="Read this page")).to_be_visible(timeout=30_000)
    page.wait_for_timeout(400)


def upload(page, *paths):
    page.locator("input[type=file]").set_input_files([str(path) for path in paths])


def summary(page):
    return page.locator(".paper-summary")


def shows(page, words):
    expect(summary(page)).to_contain_text(words, timeout=60_000)
    expect(page.locator(".paper-wait")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(600)


def edit_first_row(page, text):
    """Type into the first row's reading; the table is a canvas with one column before it."""
    (table,) = places(page.get_by_test_id("stDataFrame"))
    x, y = table["x"] + 124 + 50, table["y"] + 36 + 20
    cell = page.locator("textarea.gdg-input")
    for _ in range(5):  # the table has to notice the mouse before it takes a click
        page.mouse.move(x + 20, y, steps=3)
        page.mouse.move(x, y, steps=3)
        page.mouse.click(x, y)
        page.wait_for_timeout(400)
        page.keyboard.press("Enter")
        page.wait_for_timeout(400)
        if cell.count():
            break
    cell.fill(text)
    page.wait_for_timeout(200)
    cell.press("Enter")
    page.wait_for_timeout(600)


def downloaded(page, name):
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_files_are_read_and_a_broken_one_takes_nothing_along(page, files):
    upload(page, *(files / name for name in ("page.png", "broken.jpg", "scan.pdf", "locked.pdf")))
    shows(page, "10 numbers")
    failures = page.locator(".paper-failures li")
    expect(failures).to_have_count(2)
    expect(failures.nth(0)).to_contain_text("in broken.jpg. Received: something else")
    expect(failures.nth(1)).to_contain_text("locked by a password")
    page.get_by_role("button", name="Dismiss").click()
    expect(failures).to_have_count(0)
    page.wait_for_timeout(600)
    name, content = downloaded(page, "Download CSV")
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert name == "digits.csv"
    assert [(row["file"], row["page"], row["line"], row["text"]) for row in rows] == [
        ("page.png", "1", "1", "31"),
        ("page.png", "1", "1", "415"),
        ("page.png", "1", "2", "9265"),
        ("scan.pdf", "1", "1", "31"),
        ("scan.pdf", "1", "1", "415"),
        ("scan.pdf", "1", "2", "9265"),
        ("scan.pdf", "2", "1", "2718"),
        ("scan.pdf", "2", "2", "60"),
        ("scan.pdf", "2", "2", "82"),
        ("scan.pdf", "2", "2", "41"),
    ]
    choose(page, "scan.pdf, page 2")
    picture = page.locator(".viewer img")
    expect(picture).to_have_attribute("alt", "scan.pdf, page 2, upright, with a box at every digit")
    size = picture.evaluate("i => [i.naturalWidth, i.naturalHeight]")
    assert size[0] > size[1]
    name, content = downloaded(page, "Download this page with its boxes")
    assert name == "scan-2-read.png"
    image = np.asarray(Image.open(io.BytesIO(content)))
    blue = [int(COLOURS["sure"][i : i + 2], 16) for i in (1, 3, 5)]
    assert (image == blue).all(axis=2).sum() > 500


def choose(page, name):
    page.locator(".st-key-paper_chosen input").click()
    page.get_by_role("option", name=name).click()
    page.wait_for_timeout(800)


def test_edit_is_kept_shown_and_exported(page):
    page.get_by_role("button", name="Read this page").click()
    shows(page, "11 numbers · 1 to check")
    edit_first_row(page, "0095")
    expect(summary(page)).to_contain_text("11 numbers · 1 corrected")
    expect(page.locator(".legend")).to_contain_text("4 corrected")
    page.get_by_role("link", name="Draw").click()
    page.locator("canvas.upper-canvas").wait_for()
    page.get_by_role("link", name="Paper").click()
    shows(page, "11 numbers · 1 corrected")
    _, content = downloaded(page, "Download JSON")
    (sheet,) = json.loads(content)["pages"]
    last = sheet["numbers"][-1]
    assert (last["text"], last["read"], last["corrected"]) == ("0095", "00?5", True)
    edit_first_row(page, "00?5")  # as it was read: nothing is corrected any longer
    expect(summary(page)).to_contain_text("11 numbers · 1 to check")


def test_page_is_zoomed_and_whole_again(page):
    page.get_by_role("button", name="Read this page").click()
    shows(page, "11 numbers")
    sheet, rects = page.locator(".viewer .sheet"), page.locator(".viewer rect")
    expect(rects).to_have_count(34)
    whole = places(sheet)[0]["width"]
    page.get_by_role("button", name="Zoom in").click()
    page.locator(".viewer .window").press("+")
    assert places(sheet)[0]["width"] == pytest.approx(2.25 * whole, rel=0.01)
    edit_first_row(page, "0095")
    assert places(sheet)[0]["width"] == pytest.approx(2.25 * whole, rel=0.01)
    page.get_by_role("button", name="Whole page").click()
    assert places(sheet)[0]["width"] == pytest.approx(whole, rel=0.01)


def test_picture_is_pasted_by_key_and_by_button(page, files):
    content = base64.b64encode((files / "page.png").read_bytes()).decode()
    page.evaluate(
        """async (content) => {
          const blob = await (await fetch(`data:image/png;base64,${content}`)).blob();
          const data = new DataTransfer();
          data.items.add(new File([blob], "copied.png", { type: "image/png" }));
          document.body.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
          await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
        }""",
        content,
    )
    shows(page, "3 numbers")
    expect(page.locator(".paper-name")).to_have_text("copied.png")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Paste a picture").click()
    shows(page, "3 numbers")
    expect(page.locator(".paper-name")).to_contain_text("pasted ")


def test_clipboard_without_a_picture_is_told(page):
    page.evaluate("navigator.clipboard.writeText('words')")
    page.get_by_role("button", name="Paste a picture").click()
    expect(page.get_by_text("There is no picture in the clipboard.")).to_be_visible()


def test_photo_is_taken_and_read(page):
    page.get_by_text("Camera").click()
    video = page.locator("[data-testid=stCameraInput] video")
    video.wait_for(timeout=20_000)
    until(page, "() => document.querySelector('video').videoWidth > 0")
    page.wait_for_timeout(1_500)
    page.get_by_role("button", name="Take Photo").click()
    expect(page.locator(".paper-name")).to_contain_text("photo ", timeout=60_000)
    expect(page.locator(".viewer img")).to_be_visible()


def test_drawing_goes_on_while_a_long_page_is_read(page, tmp_path):
    paper = np.full((1_500, 1_500), 255, np.uint8)
    for y, x in np.random.default_rng(0).integers(5, 1_490, (150, 2)):
        paper[y : y + 7, x : x + 7] = 0
    Image.fromarray(paper).save(
        tmp_path / "long.tiff", save_all=True, append_images=[Image.fromarray(255 - paper)] * 19
    )
    upload(page, tmp_path / "long.tiff")
    expect(page.locator(".paper-wait")).to_contain_text("Reading long.tiff", timeout=20_000)
    page.get_by_role("link", name="Draw").click()
    page.locator("canvas.upper-canvas").wait_for()
    page.wait_for_timeout(600)
    draw(page, fitted(digit_strokes(7)))
    reads(page, 7)
    page.get_by_role("link", name="Paper").click()
    expect(page.locator(".paper-wait")).to_contain_text("Reading long.tiff")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Read this page")).to_be_visible()


def test_phone_has_room_for_everything(browser, address, files):
    context = browser.new_context(
        viewport={"width": 360, "height": 760}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    open_page(page, address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    upload(page, files / "scan.pdf", files / "broken.jpg")
    shows(page, "7 numbers")
    page.get_by_text("How it was read").click()
    expect(page.locator(".paper-steps figure")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for part in (".viewer .window", ".viewer .bar", ".paper-failures", ".paper-steps img"):
        main, box = places(page.locator(".stMainBlockContainer"), page.locator(part).first)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= main["x"] + main["width"], part
    context.close()
