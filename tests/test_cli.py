"""The command line and the installed package, in processes of their own."""

import os
import re
import subprocess
import sys
import zipfile

import click
import cv2
import pytest
from browser import ROOT, wait_until_healthy
from PIL import Image

import digitrec
from digitrec.cli import commands
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes


@pytest.fixture
def seven(tmp_path):
    path = tmp_path / "seven.png"
    cv2.imwrite(str(path), 255 - ink_from_strokes(digit_strokes(7)))
    return path


def run(*arguments, **options):
    command = [sys.executable, "-m", "digitrec", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_read_one_file_prints_the_digit_alone(seven):
    done = run("read", seven)
    assert (done.returncode, done.stdout, done.stderr) == (0, "7\n", "")


def test_read_bad_file_is_told_and_the_rest_goes_on(seven, tmp_path):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    done = run("read", bad, seven)
    assert (done.returncode, done.stdout) == (1, f"{seven}: 7\n")
    assert "Expected a picture" in done.stderr
    assert "Traceback" not in done.stderr


def test_read_pdf_prints_a_line_a_page(seven, tmp_path):
    path = tmp_path / "scan.pdf"
    with Image.open(seven) as image:
        page = Image.new("L", (200, 200), 255)
        page.paste(image, (60, 40))
    page.save(path, save_all=True, append_images=[Image.new("L", (200, 200), 255)] * 21)
    done = run("read", path)
    lines = [f"{path}, page {n}: {'7' if n == 1 else ''}" for n in range(1, 21)]
    assert done.stdout.splitlines() == lines
    assert f"digitrec: {path}: Only the first 20 of its 22 pages are read.\n" in done.stderr


def test_own_handwriting_is_made_of_folders_and_read_with(seven, tmp_path):
    """The writer of this 7 means a 4 by it; one picture too many and a broken one are told."""
    for place in range(6):
        folder = tmp_path / "mine" / "4"
        folder.mkdir(parents=True, exist_ok=True)
        with Image.open(seven) as image:
            image.rotate(place, fillcolor=255).save(folder / f"{place}.png")
    (tmp_path / "mine" / "1").mkdir()
    (tmp_path / "mine" / "1" / "bad.png").write_bytes(b"no picture")
    file = tmp_path / "mine.json"
    done = run("handwriting", tmp_path / "mine", file)
    assert (done.returncode, done.stdout) == (1, f"5 of 4 in {file}\n")
    assert "4: the first 5 are taken, 1 left out" in done.stderr
    assert "bad.png" in done.stderr
    assert run("read", seven, "--handwriting", file).stdout == "4\n"
    assert run("read", seven).stdout == "7\n"
    file.write_bytes(b"{}")
    broken = run("read", seven, "--handwriting", file)
    assert (broken.returncode, broken.stdout) == (1, "")
    assert "Expected a handwriting file" in broken.stderr
    (tmp_path / "mine" / "4").rename(tmp_path / "4")
    none = run("handwriting", tmp_path / "mine", tmp_path / "none.json")
    assert none.returncode == 1
    assert "none.json is not written" in none.stderr


def test_read_empty_picture_prints_an_empty_line(tmp_path):
    Image.new("L", (50, 50), 255).save(tmp_path / "empty.png")
    assert run("read", tmp_path / "empty.png").stdout == "\n"


def test_read_missing_artifact_is_told(seven, tmp_path):
    done = run("read", "--artifact", tmp_path / "nowhere", seven)
    assert done.returncode == 1
    assert "Expected an artifact folder" in done.stderr


def options_called(name, command=commands):
    """Those of all commands."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for below in command.list_commands(context):
            yield from options_called(name, command.get_command(context, below))
    yield from (option for option in command.params if name in option.opts)


def test_read_takes_the_artifact_that_the_environment_names_as_help_says(seven, tmp_path):
    words = "An artifact folder; else DIGITREC_ARTIFACT, else the shipped one."
    assert [option.help for option in options_called("--artifact")] == [words] * 7
    nowhere = os.environ | {"DIGITREC_ARTIFACT": str(tmp_path / "nowhere")}
    assert run("read", seven, env=nowhere).returncode == 1
    shipped = digitrec.models.DEFAULT_ARTIFACT
    assert run("read", seven, "--artifact", shipped, env=nowhere).stdout == "7\n"


def test_wrong_command_line_exits_with_2():
    assert run("draw").returncode == 2


def test_version_is_told():
    assert run("--version").stdout == f"digitrec {digitrec.__version__}\n"


def test_wheel_serves_the_page_from_another_folder(tmp_path):
    """What `pip install .` gives: artifact and settings are in it, and the page starts."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT]
    subprocess.run(build, check=True, capture_output=True, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    assert (site / "digitrec" / "models" / "default" / "model.keras").is_file()
    assert (site / "digitrec" / "py.typed").is_file()
    assert not (site / "digitrec" / "models" / "default" / "report" / "mistakes.png").exists()

    environment = os.environ | {"PYTHONPATH": str(site)}
    where = [sys.executable, "-c", "import digitrec; print(digitrec.__file__)"]
    place = subprocess.run(
        where, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert str(site) in place.stdout
    command = [sys.executable, "-m", "digitrec", "corrections", "list", "--url", "new.sqlite"]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[0].split() == ["all", "0"]
    command = [sys.executable, "-m", "digitrec", "serve", "--port", "8597"]
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, env=environment, cwd=tmp_path, stdout=file, stderr=file, start_new_session=True
        )
    try:
        wait_until_healthy("http://localhost:8597", process)
        assert "http://localhost:8597" in log.read_text()
        assert "External URL" not in log.read_text()
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def test_page_draw_loads_no_library_of_training_or_charts(tmp_path):
    """The page's script runs, reads a drawing, and nothing is there that takes seconds to load."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "from digitrec.shapes import digit_strokes\n"
        "page = AppTest.from_file(sys.argv[1], default_timeout=30).run()\n"
        "from digitrec.web.canvas import as_objects\n"
        "page.session_state['drawing_objects'] = as_objects(digit_strokes(7), 18)\n"
        "page.run()\n"
        "assert not page.exception\n"
        "assert any('This is a 7, ' in e.proto.body for e in page.get('html'))\n"
        "bad = {'tensorflow', 'keras', 'matplotlib', 'sklearn', 'altair'} & set(sys.modules)\n"
        "assert not bad, bad\n"
    )
    page = ROOT / "digitrec" / "web" / "main.py"
    done = subprocess.run(
        [sys.executable, script, page], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_bench_prints_times_and_ratios_of_this_machine():
    done = run("bench", "--quick")
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")][2:]
    names = [row[0].removeprefix("| ") for row in rows]
    assert "a drawing to its `Reading`" in names
    assert "`digitrec --help`" in names
    for row in rows:
        assert re.fullmatch(r"[\d.]+ m?s", row[1])
        assert float(row[3]) > 0
