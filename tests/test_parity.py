"""The same picture and the same strokes at every door: Python, command line, HTTP, page."""

import io
import json
import re
import subprocess
import sys

import httpx
import numpy as np
import pytest
from browser import settle
from drawn_page import page_with, path_objects, words
from knocking import picture, plain, serving
from PIL import Image
from playwright.sync_api import expect
from visiting import visitor

from digitrec.imaging.files import open_file
from digitrec.records import page_record, reading_record
from digitrec.shapes import digit_strokes
from digitrec.web.paper.example import compose_page, example_page


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A page with a number struck out, one on its side, a scan of two pages, one digit."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "page.png").write_bytes(example_page())
    first = Image.fromarray(compose_page(("2718", "60 82"), np.random.default_rng(3)))
    first.rotate(90, expand=True).save(folder / "side.jpg", quality=80)
    second = Image.fromarray(compose_page(("31 415",), np.random.default_rng(4)))
    first.save(folder / "scan.pdf", save_all=True, append_images=[second], resolution=100)
    (folder / "seven.png").write_bytes(picture(7))
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Page and HTTP in one process; the address of /api."""
    with serving(tmp_path_factory.mktemp("serving") / "log") as (_, address):
        yield address


@pytest.fixture(scope="module")
def records(files, recognizer):
    """What Python makes of every page."""
    opened = [open_file(path.read_bytes(), path.name) for path in files]
    return [
        page_record(file.name, page + 1, recognizer.read(file.load(page)))
        for file in opened
        for page in range(file.pages)
    ]


def test_pictures_hold_something_of_every_kind(records):
    statuses = {digit["status"] for page in records for digit in page["digits"]}
    assert {"digit", "not a digit"} <= statuses
    assert {page["turned"] for page in records} >= {0, 90}
    assert len(records) == 5


def test_pictures_are_read_the_same_by_the_command_line(files, records):
    command = [sys.executable, "-m", "digitrec", "read", "--format", "json", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = [page | {"file": page["file"].rsplit("/", 1)[1]} for page in json.loads(done.stdout)]
    assert told == records


def test_pictures_are_read_the_same_over_http(files, records, server):
    sent = [("files", (path.name, path.read_bytes())) for path in files]
    answer = httpx.post(f"{server}/v1/read", files=sent, timeout=60)
    assert answer.json()["pages"] == records
    alone = [httpx.post(f"{server}/v1/read", content=p.read_bytes(), timeout=60) for p in files]
    pages = [page for answer in alone for page in answer.json()["pages"]]
    assert [page["digits"] for page in pages] == [page["digits"] for page in records]


def test_pictures_are_read_the_same_by_the_page(files, records, server, browser):
    with visitor(browser, (1400, 900)) as page:
        page.goto(server.replace("/api", "/paper"))
        expect(page.get_by_role("button", name="Read this page")).to_be_visible(timeout=30_000)
        page.wait_for_timeout(400)
        page.locator("input[type=file]").set_input_files([str(path) for path in files])
        numbers = sum(len(page_of["text"].split()) for page_of in records)
        summary = page.locator(".paper-summary")
        expect(summary).to_contain_text(f"{numbers} numbers", timeout=60_000)
        expect(page.locator(".paper-wait")).to_have_count(0, timeout=60_000)
        settle(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download JSON").click()
        pages = json.loads(download.value.path().read_text())["pages"]
    shown = {(told["file"], told["page"]): told for told in pages}
    for record in records:
        told = shown[record["file"], record["page"]]
        digits = [digit for number in told["numbers"] for digit in number["digits"]]
        assert told["turned"] == record["turned"]
        assert len(digits) == len(record["digits"])
        for mine, digit in zip(digits, record["digits"], strict=True):
            assert mine["text"] == (
                "?" if digit["status"] == "not a digit" else str(digit["label"])
            )
            assert mine["confidence"] == pytest.approx(digit["confidence"], abs=6e-5)
            assert mine["alternatives"] == digit["alternatives"]
            if not record["turned"]:  # the page's boxes are those of the upright picture
                assert mine["box"] == list(digit["box"].values())


def between_one_and_seven():
    return [np.array([[100, 60], [160, 45], [120, 230]], np.float32)]


@pytest.mark.parametrize(
    "strokes",
    [
        digit_strokes(8, height=180, left=100, top=40),
        between_one_and_seven(),
        [np.random.default_rng(4).uniform(0, 200, (30, 2)).astype(np.float32)],
    ],
    ids=["8", "1 or 7", "scribble"],
)
def test_strokes_are_read_the_same_everywhere(strokes, recognizer, server):
    record = reading_record(recognizer.read_strokes(strokes))
    answer = httpx.post(f"{server}/v1/read-strokes", json={"strokes": plain(strokes)}, timeout=60)
    assert answer.json() == record
    (digit,) = record["digits"]
    page = words(page_with(path_objects(strokes)))
    assert f'data-testid="label">{record["text"]}<' in page
    bars = [float(width) for width in re.findall(r'class="bar" style="width:([\d.]+)%', page)]
    assert bars == pytest.approx([100 * share for share in digit["probabilities"]], abs=0.0051)


def test_number_of_strokes_is_read_the_same_everywhere(recognizer, server):
    digits = [digit_strokes(int(c), height=120, left=40 + 100 * n) for n, c in enumerate("2046")]
    strokes = [stroke for digit in digits for stroke in digit]
    record = reading_record(recognizer.read_strokes(strokes))
    answer = httpx.post(f"{server}/v1/read-strokes", json={"strokes": plain(strokes)}, timeout=60)
    assert answer.json() == record
    assert f">{record['text']}</div>" in words(page_with(path_objects(strokes)))
    assert record["text"] == "2046"


def test_digits_in_mnist_s_form_are_read_the_same(recognizer, server, templates):
    answer = httpx.post(f"{server}/v1/classify", json={"digits": templates.tolist()}, timeout=60)
    shares = [digit["probabilities"] for digit in answer.json()["digits"]]
    assert np.allclose(shares, recognizer.classify(templates), atol=1e-6)


def test_bad_pictures_get_the_same_sentence_everywhere(server, tmp_path):
    path = tmp_path / "bad.png"
    path.write_bytes(picture(7)[:80])
    with pytest.raises(ValueError, match="damaged or truncated") as told:
        open_file(io.BytesIO(path.read_bytes()), "bad.png").load()
    sentence = str(told.value)
    form = {"files": ("bad.png", path.read_bytes())}
    assert httpx.post(f"{server}/v1/read", files=form, timeout=60).json()["detail"] == sentence
    command = [sys.executable, "-m", "digitrec", "read", "bad.png"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == f"digitrec: {sentence}"  # after LiteRT's own note
