"""Attacks by what a stranger's file is called, or says: spreadsheets, Markdown, HTML, paths."""

import csv
import io
import json
import shutil
import time
import zipfile

import pytest
from browser import served, settle
from correcting import correction
from knocking import picture
from playwright.sync_api import expect
from test_paper import page_with, words
from visiting import visitor

from digitrec.cli import benching, main
from digitrec.cli.inputs import annotated_path
from digitrec.corrections import URL_VARIABLE, CorrectionStore
from digitrec.datasets.unpacking import unpack_omniglot
from digitrec.models import DEFAULT_ARTIFACT, load_artifact
from digitrec.records import csv_cell
from digitrec.versions import PREDECESSORS, versions, write_card
from digitrec.web.model import tables
from digitrec.web.model.tables import Table
from digitrec.web.paper import pile
from digitrec.web.paper.export import as_csv

FORMULA = "=HYPERLINK(A1&B1,9)"
FORMULAS = [FORMULA, "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", " =1+1", "＝1+1"]
# Spreadsheets of other countries, or settings, split a cell at these signs.
SPLIT = {
    "x;=cmd|' /C calc'!A0;y.png": "x;'=cmd|' /C calc'!A0;y.png",
    "x;@A1;-2+3;＝1+1;+1": "x;'@A1;'-2+3;'＝1+1;'+1",
    'x; "=1+1";y': """x; "'=1+1";y""",
    "x;;\xa0=1+1": "x;;\xa0'=1+1",
    "x\t=1+1\ty": "x\t'=1+1\ty",
    "x;\t =1+1": "x;\t '=1+1",
    "x\n=1+1;y": "x\n'=1+1;y",
    "=1;=2": "'=1;'=2",
    "\t=1+1": "'\t'=1+1",
    "\n@A1": "'\n'@A1",
}
# Markdown finds an address in it, although no file's name may hold a slash.
IMAGE = "![a](http:&#47;&#47;elsewhere.example&#47;seen.png)"
SCRIPT = "<img src=x onerror=document.title='owned'>"


def cells(text):
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


@pytest.mark.parametrize("formula", FORMULAS)
def test_text_that_a_spreadsheet_would_run_is_text_in_every_csv(formula):
    table = Table("Some", ("set", "digits"), [(formula, "1,234"), ("c", "-12.50")])
    assert cells(tables.as_csv(table)) == ["set", "digits", f"'{formula}", "1234", "c", "-12.50"]


@pytest.mark.parametrize("text", SPLIT)
def test_text_that_a_spreadsheet_would_split_and_run_is_text_in_every_csv(text):
    assert csv_cell(text) == SPLIT[text]
    table = Table("Some", ("set", text), [(text, "7")])
    assert cells(tables.as_csv(table)) == ["set", SPLIT[text], SPLIT[text], "7"]


@pytest.mark.parametrize(
    "text",
    [
        *("-12.50", "+49,5", "-", "7", "seven.png", "a=b", "?", ""),
        *("a;b=c", "a; b\tc", "a;-", "a;1=1", "a b =c", '";"'),
    ],
)
def test_what_no_spreadsheet_runs_stays_as_it_is(text):
    assert csv_cell(text) == text


def test_cell_of_many_separators_is_told_soon():
    for text in (";\t" * 200_000, "x;" + " " * 200_000, "x" + "; =" * 100_000):
        begun = time.monotonic()
        put = len(csv_cell(text)) - len(text)
        assert time.monotonic() - begun < 2
        assert put == max(0, text.count("=") - 1)  # the last one begins nothing


def test_end_of_a_row_cannot_be_smuggled_in():
    assert csv_cell("a.png\r=1+1") == "a.png =1+1"


def test_read_writes_no_formula_into_its_csv(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = [f"{FORMULA}.png", "seven.png", "x;=A1;y.png", "@bad.png"]
    for name in names[:3]:
        (tmp_path / name).write_bytes(picture(7))
    (tmp_path / "@bad.png").write_bytes(b"no picture")
    assert main(["read", *names, "--format", "csv", "--output", "all.csv"]) == 1
    rows = list(csv.DictReader((tmp_path / "all.csv").read_text().splitlines()))
    assert [row["file"] for row in rows] == [
        f"'{FORMULA}.png",
        "seven.png",
        "x;'=A1;y.png",
        "'@bad.png",
    ]
    assert [row["label"] for row in rows] == ["7", "7", "7", ""]
    assert main(["read", *names, "--format", "json"]) == 1
    assert [page["file"] for page in json.loads(capsys.readouterr().out)] == names


def test_page_writes_no_formula_into_its_csv_and_its_table():
    page = page_with((f"{FORMULA}.png", picture(7)), ("other.png", picture(3)))
    entries = page_entries(page)
    corrections = {entries[1].at: "=1+1", entries[0].at: "-12,5"}
    rows = list(csv.DictReader(io.StringIO(as_csv(entries, corrections))))
    assert [row["file"] for row in rows] == [f"'{FORMULA}.png", "other.png"]
    assert [row["text"] for row in rows] == ["-12,5", "'=1+1"]
    # The table's own button writes what it shows.
    assert sorted(page.dataframe[0].value["page"]) == [f"'{FORMULA}.png", "other.png"]


def page_entries(page):
    jobs = page.session_state["paper_jobs"].values()
    return [
        pile.Entry(pile.Place(job.key, sheet.page, number.line, number.place), job, sheet, number)
        for job in jobs
        for sheet in job.sheets
        for number in sheet.numbers
    ]


def test_name_of_a_refused_file_is_no_markdown(monkeypatch):
    monkeypatch.setattr(pile, "MAX_FILES", 1)
    page = page_with(("first.png", picture(7)), (IMAGE, picture(3)))
    assert "Received: one more, " in words(page)
    assert IMAGE.replace("&", "&amp;") in words(page)
    shown = [*page.warning, *page.error, *page.info, *page.markdown, *page.caption]
    assert not any("elsewhere" in element.value for element in shown)


def test_words_of_a_card_are_no_markdown(browser, tmp_path):
    """Whoever has an artifact from elsewhere is told what its card says, and shown nothing else."""
    folder_name = "www.elsewhere.example me@elsewhere.example :streamlit: --force -> <- >="
    folder = shutil.copytree(DEFAULT_ARTIFACT, tmp_path / folder_name)
    words = "**b** [x](https://elsewhere.example) ![](//elsewhere.example) :red[r] $a$ <u>"
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"format": words * 50}))
    with served(DIGITREC_ARTIFACT=str(folder)) as place, visitor(browser, (1280, 800)) as page:
        for name in ("", "paper", "teach", "model"):
            page.goto(f"{place}/{name}")
            alert = page.get_by_role("alert").filter(has_text="Expected a card of format")
            expect(alert).to_contain_text(words[:70])
            expect(alert).to_contain_text(f"/{folder_name}. Received")
            assert len(alert.inner_text()) < 500
            assert alert.locator("strong, a, img, u, .katex").count() == 0


def test_hostile_names_are_shown_as_they_are(browser, address):
    """The visitor fails on any request to another machine, and on any fault."""
    names = [IMAGE, SCRIPT, "'><script>alert(1)</script>", "</style><b>.png"]
    files = [
        {"name": f"{number}{name}", "mimeType": "image/png", "buffer": content}
        for number, name in enumerate(names)
        for content in (picture(number + 2), f"none {number}".encode())
    ]
    with visitor(browser, (1280, 800)) as page:
        page.goto(f"{address}/paper")
        page.locator("input[type=file]").set_input_files(files)
        expect(page.locator(".paper-summary")).to_contain_text("4 numbers")
        failures = page.locator(".paper-failures li")
        expect(failures).to_have_count(4)
        for number, name in enumerate(names):
            expect(failures.nth(number)).to_contain_text(f"{number}{name}")
        expect(page.locator(".viewer img")).to_have_attribute(
            "alt", f"0{IMAGE}, upright, with a box at every digit"
        )
        settle(page)
        assert page.title() == "digitrec"
        assert page.locator("[src*=elsewhere], [onerror], [src=x]").count() == 0


def test_download_is_named_without_a_path(browser, address):
    with visitor(browser, (1280, 800)) as page:
        page.goto(f"{address}/paper")
        names = ["../../up.png", "a\r\nSet-Cookie: a=b.png", '"; filename="..\\x']
        for number, name in enumerate(names):
            file = {"name": name, "mimeType": "image/png", "buffer": picture(number + 2)}
            page.locator("input[type=file]").set_input_files(file)
            button = page.get_by_role("button", name="Download this page with its boxes")
            with page.expect_download(timeout=60_000) as download:
                button.click()
            given = download.value.suggested_filename
            assert not set(given) & set("/\\\r\n\0"), given
            assert given.endswith("-read.png")
            page.get_by_role("button", name="Remove").click()
            expect(button).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("../x.png", [".", "../x.png"]),
        ("a/../../x.png", ["a", "a/../../x.png"]),
        ("/tmp/../etc/x.png", ["/tmp"]),
        ("s3://bucket/a/..", ["s3://bucket/a"]),
        ("..", [".."]),
    ],
)
def test_annotated_pages_are_written_below_their_folder(tmp_path, monkeypatch, path, given):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    target = annotated_path(tmp_path / "out", path, 1, given)
    assert (tmp_path / "out") in target.resolve().parents


def test_annotate_writes_nothing_beside_its_folder(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "x.png").write_bytes(picture(7))
    (folder / "y.png").write_bytes(picture(3))
    monkeypatch.chdir(folder)
    assert main(["read", ".", "../x.png", "--annotate", "out"]) == 0
    written = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.png"))
    assert written == ["in/out/x.png.png", "in/out/y.png.png", "in/y.png", "x.png"]


def test_imported_correction_says_nothing_but_what_it_may(tmp_path, monkeypatch, capsys):
    """Labels are numbers, and the network's hash and the key are hex: no text gets to a page."""
    monkeypatch.setenv(URL_VARIABLE, str(tmp_path / "corrections.sqlite"))
    with CorrectionStore() as store:
        store.save_all([correction(0)])
    assert main(["corrections", "export", str(tmp_path / "all.jsonl")]) == 0
    (line,) = (tmp_path / "all.jsonl").read_text().splitlines()
    for name, value in (("model", SCRIPT), ("label", SCRIPT), ("predicted", IMAGE), ("key", "../")):
        hostile = json.dumps(json.loads(line) | {name: value})
        (tmp_path / "hostile.jsonl").write_text(hostile)
        capsys.readouterr()
        assert main(["corrections", "import", str(tmp_path / "hostile.jsonl")]) == 1, name
        assert "Expected a correction in line 1" in capsys.readouterr().err


def test_names_tell_a_terminal_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    hidden = "\x1b]0;owned\x07\x1b[2J\x9b31mé.png"
    for name, content in ((hidden, picture(7)), (f"bad{hidden}", b"no picture")):
        (tmp_path / name).write_bytes(content)
    assert main(["read", hidden, f"bad{hidden}"]) == 1
    out, err = capsys.readouterr()
    assert out == "\\x1b]0;owned\\x07\\x1b[2J\\x9b31mé.png: 7\n"
    assert "in bad\\x1b]0;owned\\x07\\x1b[2J\\x9b31mé.png. Received" in err
    assert main(["read", hidden, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["file"] == hidden


def test_cards_and_names_of_versions_tell_a_terminal_nothing(tmp_path, monkeypatch, capsys):
    hidden = "\x1b]0;owned\x07\x1b[2J\x9b31m"
    ignored = shutil.ignore_patterns(PREDECESSORS, "report")
    folder = shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact", ignore=ignored)
    older = shutil.copytree(folder, folder / PREDECESSORS / f"old{hidden}")
    old = load_artifact(folder)
    network = f"{hidden}.tflite"
    for place in (folder, older):
        (place / old.network.name).rename(place / network)
        write_card(place, {**old.card, "created": hidden, "runtime": {"file": network}})
    assert [version.created for version in versions(folder)] == [hidden, hidden]
    monkeypatch.setattr(benching, "_readings", lambda *arguments: iter([]))
    monkeypatch.setattr(benching, "_starts", lambda *arguments: iter([]))
    for command in (["models", "list"], ["models", "rollback"], ["bench", "--quick"]):
        assert main([*command, "--artifact", str(folder)]) == 0
        out, _ = capsys.readouterr()
        assert not set(out) & set("\x1b\x07\x9b"), command
        if command != ["models", "rollback"]:
            assert "\\x1b]0;owned\\x07\\x1b[2J\\x9b31m" in out, command


def test_members_of_an_archive_stay_in_its_folder(tmp_path):
    archive, folder = tmp_path / "images.zip", tmp_path / "cache" / "omniglot"
    folder.parent.mkdir()
    members = ["a/../../up.png", "a/b/../x.png", "../../../up.png", "/etc/c/d.png"]
    members += ["a/../character01/1.png", "a/b/..\\..\\x/1.png", "a/b/c/..\\..\\..\\x.png"]
    with zipfile.ZipFile(archive, "w") as files:
        for member in members:
            files.writestr(member, picture(7))
    unpack_omniglot(archive, folder)
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - {archive}
    assert {path.parent for path in written} == {folder}
    assert not any(set(path.name) & set("\\:") for path in written)  # parts of a path on Windows
