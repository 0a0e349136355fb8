"""What visitors go through, by Streamlit's own websocket: every stroke answered, cheaply."""

import asyncio
import subprocess
import sys
import tomllib

import pytest
from browser import ROOT, served

from benchmarks import hands, http_load, lasting, load
from benchmarks.visitors import visitor
from digitrec.shapes import digit_strokes


def test_five_sessions_lose_no_stroke():
    outcome = load.measure("Draw", sessions=5, seconds=4, every=2)
    assert (outcome.lost, outcome.errors) == (0, 0)
    assert len(outcome.waits) >= 10  # two digits each, of one stroke or more
    assert outcome.after > 50  # MB


def test_stroke_that_is_answered_otherwise_counts_as_lost(monkeypatch):
    monkeypatch.setattr("benchmarks.visitors.PATIENCE", 2)
    monkeypatch.setattr(hands, "read", lambda: lambda objects: f"{len(objects)} strokes")
    outcome = load.measure("Draw", sessions=1, seconds=1, every=1)
    assert outcome.waits == []
    assert outcome.lost >= 2


# Behind the answer to what is drawn.
TROUBLE = """
    if count:
        st.error("what could not be kept")
        raise RuntimeError("and what nobody foresaw")
"""


def test_trouble_that_a_page_shows_counts_as_an_error(tmp_path):
    script = tmp_path / "page.py"
    text = (ROOT / "benchmarks" / "empty_page.py").read_text(encoding="utf-8")
    script.write_text(text.replace("\n\n\nshow()", f"{TROUBLE}\n\nshow()"), encoding="utf-8")
    drawing = [hands.as_fabric(stroke) for stroke in digit_strokes(7)]

    async def visit(address):
        async with visitor(address) as guest:
            assert guest.troubles == []
            sent = await guest.draw(drawing)
            answer = f'<div data-testid="answer">{len(drawing)}</div>'
            assert await guest.answered(answer, sent) is not None
            await asyncio.sleep(1)
            return guest.troubles

    with served(script) as address:
        troubles = asyncio.run(visit(address))
    assert len(troubles) == 2
    assert "what could not be kept" in troubles[0]


def test_garbage_is_not_looked_for_after_every_stroke():
    # Streamlit looks among all objects of the process, and every other visitor waits meanwhile.
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False


def test_http_under_load_errs_never_and_tells_where_wrk_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(http_load, "_CLIENTS", (2,))
    rows = list(http_load.rows(quick=True))
    assert all(row.reached for row in rows)
    assert all(row.values["a second"].number > 0 for row in rows)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("sys.argv", ["http_load", "--quick"])
    http_load.SECTION.main()
    assert "wrk is not installed" in capsys.readouterr().out


def test_a_thousand_drawings_leave_no_memory():
    before, after = lasting.read_in_own_process(1_000)
    assert after - before < 10  # MB


def test_many_drawings_in_one_visit_leave_no_memory(address):
    server = load.serving_process(address)
    asyncio.run(lasting.one_visit(address, 40))
    before = lasting.memory(server)
    asyncio.run(lasting.one_visit(address, 100))
    assert lasting.memory(server) - before < 10


@pytest.mark.parametrize("section", ["pen_up"])
def test_sections_in_a_browser_run_alone(section):
    command = [sys.executable, "-m", f"benchmarks.{section}", "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "pen up to changed answer" in done.stdout
    assert "websocket, a stroke" in done.stdout
