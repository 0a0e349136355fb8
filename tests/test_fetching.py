"""Fetching over a local server that breaks off, lacks ranges or sends another file."""

import base64
import gzip
import hashlib
import http.server
import io
import subprocess
import sys
import threading
import zipfile
from typing import ClassVar

import numpy as np
import pytest
from conftest import ROOT

from digitrec.datasets import cache_folder, fetching, load_drawings, mnist_place
from digitrec.datasets.fetching import Remote, fetch
from digitrec.datasets.mnist import IDX_NAMES
from digitrec.datasets.unpacking import drawings_from_unipen
from digitrec.errors import DatasetError

CONTENT = bytes(range(256)) * 1_000
UNIPEN = """.VERSION 1.0
.COORD X Y
.SEGMENT DIGIT 0 ? "8"
.COMMENT 8 12 0
.PEN_DOWN
 267 333
 267 330
.PEN_UP
.PEN_DOWN
 10 20
.PEN_UP
.DT 100

.SEGMENT DIGIT 1 ? "2"
.COMMENT 2 26 1
.PEN_DOWN
 0 500
 500 0
.PEN_UP
"""
# UNIPEN as Unix `compress` packs it.
COMPRESSED = base64.b64decode(
    "H52QLqwUkTIlyRMnIGK4gKHAxZAnT6QQAYEFRJaGU4ocaVLECRUQRJIcSfIRBogfIETgENHwYROOHkHgSCgDBEMXUD"
    "p+IfLkihMFIGTYuAFihlGgQokavZnTyZcqUBo23dnzZ0KTMpjqhNqQyMcYMBhi1AjzY8iRX0+mlMHS4ZOXHT/WFJpQ"
    "qk6ePoGarBEWKF+TWp1yBQ=="
)


class Server(http.server.BaseHTTPRequestHandler):
    """Serves `files`; `broken` names those that break off after half of what is asked for."""

    files: ClassVar[dict] = {}
    broken: ClassVar[set] = set()
    asked: ClassVar[list] = []
    ranges = True

    def do_GET(self):
        name = self.path.strip("/")
        content = self.files.get(name)
        self.asked.append((name, self.headers.get("Range")))
        if content is None:
            self.send_error(404)
            return
        start = 0
        if self.ranges and self.headers.get("Range"):
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                self.send_error(416)
                return
        self.send_response(206 if start else 200)
        rest = content[start:]
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if name in self.broken:
            self.broken.discard(name)
            rest = rest[: len(rest) // 2]
        self.wfile.write(rest)
        self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    Server.files, Server.broken, Server.asked, Server.ranges = {}, set(), [], True
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        Server.address = f"http://127.0.0.1:{running.server_address[1]}"
        yield Server
        running.shutdown()
        thread.join()


def remote(server, content=CONTENT, **hashes):
    hashes = hashes or {"sha256": hashlib.sha256(content).hexdigest()}
    return Remote("data.bin", f"{server.address}/data.bin", **hashes)


def test_file_is_fetched_once(server, tmp_path):
    server.files["data.bin"] = CONTENT
    steps = []
    for _ in range(2):
        path = fetch(remote(server), tmp_path, progress=lambda *step: steps.append(step))
        assert path.read_bytes() == CONTENT
    assert len(server.asked) == 1
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert [p.name for p in tmp_path.iterdir()] == ["data.bin"]


@pytest.mark.parametrize("ranges", [True, False])
def test_broken_fetch_goes_on(server, tmp_path, ranges):
    server.files["data.bin"] = CONTENT
    server.broken.add("data.bin")
    server.ranges = ranges
    with pytest.raises(DatasetError, match="start again: it goes on"):
        fetch(remote(server), tmp_path)
    half = (tmp_path / "data.bin.part").stat().st_size
    assert 0 < half < len(CONTENT)
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.asked[-1] == ("data.bin", f"bytes={half}-")


def test_whole_part_is_only_checked(server, tmp_path):
    server.files["data.bin"] = CONTENT
    (tmp_path / "data.bin.part").write_bytes(CONTENT)
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT


def test_wrong_hash_is_refused_and_thrown_away(server, tmp_path):
    server.files["data.bin"] = CONTENT[::-1]
    with pytest.raises(DatasetError, match=r"sha256 .*another file"):
        fetch(remote(server), tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "data.bin").write_bytes(b"spoilt in the cache")
    with pytest.raises(DatasetError, match="Delete"):
        fetch(remote(server), tmp_path)


def test_hash_of_what_is_inside_is_checked(server, tmp_path):
    server.files["data.bin"] = gzip.compress(CONTENT)
    right = ("md5", hashlib.md5(CONTENT).hexdigest())
    wanted = remote(server, content_hash=right)
    assert fetch(wanted, tmp_path / "a", unpack=gzip.decompress).is_file()
    server.files["data.bin"] = gzip.compress(CONTENT + b"!")
    with pytest.raises(DatasetError, match="md5"):
        fetch(wanted, tmp_path / "b", unpack=gzip.decompress)
    server.files["data.bin"] = b"no archive"
    with pytest.raises(DatasetError, match="cannot be unpacked"):
        fetch(wanted, tmp_path / "b", unpack=gzip.decompress)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1:9/x", "Expected to fetch"),
        ("file:///etc/passwd", "Expected an address on the web"),
        ("{}/missing", "Expected to fetch"),
    ],
)
def test_address_that_leads_nowhere_is_told(server, tmp_path, address, told):
    wanted = Remote("x", address.format(server.address), sha256="0" * 64)
    with pytest.raises(DatasetError, match=told):
        fetch(wanted, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size]


def test_unipen_becomes_drawings():
    first, second = drawings_from_unipen(UNIPEN)
    assert (first.label, first.writer, len(first.strokes)) == ("8", "12", 2)
    assert first.strokes[0].tolist() == [[267, 167], [267, 170]]  # y downwards
    assert (second.label, second.writer) == ("2", "26")
    assert second.strokes[0].tolist() == [[0, 0], [500, 500]]
    with pytest.raises(DatasetError, match="line 6"):
        list(drawings_from_unipen(UNIPEN.replace("267 333", "267 x")))


def archive(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return packed.getvalue()


def test_script_fetches_unpacks_and_says_how_to_train(server, tmp_path):
    """The whole script, in a process of its own, with the hashes of small files."""
    idx = {r.name: b"\0\0\x08\x01\0\0\0\x01\x07" for r in fetching.MNIST_FILES}
    server.files |= {name: gzip.compress(content) for name, content in idx.items()}
    server.files["pendigits.zip"] = archive({"pendigits-orig.tra.Z": COMPRESSED})
    picture = "images_background_small1/Early_Aramaic/character01/0001_02.png"
    greek = "images_background_small1/Greek/character03/0002_01.png"
    small = archive({picture: b"png", greek: b"png", "__MACOSX/a/b/c.png": b""})
    server.files["images_background_small1.zip"] = small
    program = f"""
import hashlib, sys
from dataclasses import replace
sys.path.insert(0, {str(ROOT / "scripts")!r})
from digitrec.datasets import fetching
one = ("md5", {hashlib.md5(next(iter(idx.values()))).hexdigest()!r})
fetching.MNIST_FILES = tuple(replace(r, content_hash=one) for r in fetching.MNIST_FILES)
text = ("sha256", {hashlib.sha256(UNIPEN.encode()).hexdigest()!r})
fetching.PENDIGITS_FILE = replace(fetching.PENDIGITS_FILE, content_hash=text)
archive = {hashlib.sha256(small).hexdigest()!r}
fetching.OMNIGLOT_FILE = replace(fetching.OMNIGLOT_FILE, sha256=archive)
import fetch_data
sys.exit(fetch_data.main(["--mirror", {server.address!r}, "--cache", {str(tmp_path)!r}]))
"""
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "2 pen drawings and 2 pictures" in done.stdout
        assert "--not-digits" in done.stdout
    assert len(server.asked) == 6  # the second time nothing is asked for
    assert [d.label for d in load_drawings(tmp_path / "pendigits.jsonl.gz")] == ["8", "2"]
    assert sorted(p.name for p in (tmp_path / "omniglot").iterdir()) == [
        "Early_Aramaic_character01_0001_02.png",
        "Greek_character03_0002_01.png",
    ]
    assert len(list((tmp_path / "mnist").iterdir())) == 4
    # What is not ours is never touched.
    (tmp_path / "omniglot" / "my_notes.txt").write_text("mine")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "my_notes.txt" in done.stderr
    assert (tmp_path / "omniglot" / "my_notes.txt").read_text() == "mine"


def test_cache_folder_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITREC_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("DIGITREC_CACHE")
    assert cache_folder().name == "digitrec"


def test_mnist_is_found_where_it_is_named_or_fetched_whole(monkeypatch, tmp_path, template_mnist):
    monkeypatch.delenv("DIGITREC_MNIST", raising=False)
    monkeypatch.setenv("DIGITREC_CACHE", str(tmp_path))
    assert mnist_place() is None
    (tmp_path / "mnist").mkdir()
    for stem in IDX_NAMES.values():
        assert mnist_place() is None
        (tmp_path / "mnist" / f"{stem}.gz").touch()
    assert mnist_place() == tmp_path / "mnist"
    monkeypatch.setenv("DIGITREC_MNIST", str(template_mnist))
    assert mnist_place() == template_mnist
    monkeypatch.setenv("DIGITREC_MNIST", str(tmp_path / "nowhere"))
    assert mnist_place() is None


@pytest.mark.real_data
def test_pendigits_as_fetched_is_what_is_trained_on(data_folder):
    """Writers and strokes of the converted file, as our own conversion would write them."""
    drawings = load_drawings(data_folder / "strokes" / "pendigits_30_writers.jsonl.gz")
    lines = []
    for number, drawing in enumerate(drawings[:50]):
        lines += [f'.SEGMENT DIGIT {number} ? "{drawing.label}"']
        lines += [f".COMMENT {drawing.label} {drawing.writer} {number}"]
        for stroke in drawing.strokes:
            points = [f" {x:.0f} {500 - y:.0f}" for x, y in stroke]
            lines += [".PEN_DOWN", *points, ".PEN_UP"]
    back = list(drawings_from_unipen("\n".join(lines)))
    assert len(back) == 50
    for mine, theirs in zip(drawings, back, strict=False):
        assert (mine.label, mine.writer) == (theirs.label, theirs.writer)
        for a, b in zip(mine.strokes, theirs.strokes, strict=True):
            assert np.abs(a - b).max() <= 0.5
