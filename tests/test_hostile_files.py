"""Data files that are made to do harm, by claims that are not true or by what they grow to."""

import gzip
import io
import json
import pickle
import resource
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from correcting import EXPORTED

from digitrec.corrections.exchange import read_json_lines
from digitrec.datasets import load_drawings, load_mnist
from digitrec.datasets.mnist import MNIST_SHA256, read_idx
from digitrec.errors import CorrectionFormatError, DatasetError, DigitrecError, StrokesError
from digitrec.handwriting import Handwriting
from digitrec.imaging.strokes import strokes_from_canvas

HUGE = 10**400  # more than a float can hold


def array_file(shape, data, kind="|u1"):
    """An .npy file that claims this shape."""
    head = f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape!r}, }}".encode()
    head += b" " * (-(len(head) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head + data


def archive(content, kind=zipfile.ZIP_STORED):
    """An .npz with the same array under MNIST's four names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as whole:
        for name in MNIST_SHA256:
            whole.writestr(f"{name}.npy", content)
    return file.getvalue()


def marked(content, place, value):
    """An archive with a byte of each member's entry in its table changed."""
    changed, found = bytearray(content), -1
    while (found := changed.find(b"PK\x01\x02", found + 1)) >= 0:
        changed[found + place] = value
    return bytes(changed)


def damaged_lzma():
    content = bytearray(archive(array_file((10,), bytes(10)), zipfile.ZIP_LZMA))
    content[60] ^= 0xFF
    return bytes(content)


ARCHIVES = {
    "claims more than any memory": archive(array_file((10**12, 28, 28), bytes(10))),
    "claims more than can be counted": archive(array_file((10**17, 28, 28), bytes(10))),
    "claims less than nothing": archive(array_file((-1, 28, 28), bytes(10))),
    "locked": marked(archive(array_file((10,), bytes(10))), 8, 1),
    "packed in an unknown way": marked(archive(array_file((10,), bytes(10))), 10, 99),
    "damaged lzma": damaged_lzma(),
    "nested head": archive(array_file((10,), bytes(10)).replace(b"(10,)", b"(" * 5)),
    "one array without a name": array_file((10**12, 28, 28), bytes(10)),
}


@pytest.mark.parametrize("content", ARCHIVES.values(), ids=ARCHIVES)
def test_archive_with_false_claims_is_refused(tmp_path, content):
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"Expected .*Received"):
        load_mnist(path, check=False)


class Payload:
    """What runs where it is unpickled."""

    def __init__(self, sign):
        self.sign = sign

    def __reduce__(self):
        return Path.touch, (self.sign,)


@pytest.mark.parametrize("form", ["object array", "bare pickle", "pickle in the archive"])
def test_pickles_are_refused_and_nothing_in_them_runs(tmp_path, form):
    sign, path = tmp_path / "ran", tmp_path / "mnist.npz"
    payload = pickle.dumps(Payload(sign))
    if form == "object array":
        np.savez(path, **dict.fromkeys(MNIST_SHA256, np.array([Payload(sign)], object)))
    else:
        path.write_bytes(payload if form == "bare pickle" else archive(payload))
    with pytest.raises(DatasetError, match=r"Expected .*Received"):
        load_mnist(path, check=False)
    assert not sign.exists()
    pickle.loads(payload)
    assert sign.exists()  # it would have


def test_idx_whose_axes_wrap_around_is_refused(tmp_path):
    path = tmp_path / "images"
    path.write_bytes(b"\0\0\x08\x03" + struct.pack(">3I", 2**31, 2**31, 4))
    with pytest.raises(DatasetError, match="18,446,744,073,709,551,616 bytes of data"):
        read_idx(path)


_LIMITED = """
import resource, sys
from pathlib import Path
sys.path.insert(0, "tests")
from digitrec.corrections.exchange import read_json_lines
from digitrec.datasets import load_drawings, load_mnist
from digitrec.datasets.mnist import read_idx
from digitrec.errors import DigitrecError
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    {read}
except DigitrecError as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used, error)
"""


def grown(read, path):
    """How many MB a file's reading takes, and the sentence it ends with."""
    program = _LIMITED.format(read=f"{read}(Path({str(path)!r}))")
    limit = (4 << 30, 4 << 30)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit),
    )
    kilobytes, sentence = done.stdout.split(maxsplit=1)
    return int(kilobytes) / 1000, sentence


BOMBS = {
    "read_json_lines": ("corrections.jsonl.gz", b"\n"),
    "load_drawings": ("drawings.jsonl.gz", b"7"),
    "read_idx": ("images.gz", b"\0"),
}


@pytest.mark.parametrize("read", BOMBS)
def test_bomb_takes_little_memory(tmp_path, read):
    """A file of some hundred kB that grows to 200 MB: what it grows to is never held whole."""
    name, byte = BOMBS[read]
    path = tmp_path / name
    with gzip.open(path, "wb", 1) as file:
        for _ in range(200):
            file.write(byte * 1_000_000)
    megabytes, sentence = grown(read, path)
    assert sentence.startswith("Expected")
    assert megabytes < 100


def test_archive_bomb_takes_little_memory(tmp_path):
    path = tmp_path / "mnist.npz"
    content = array_file((250_000, 28, 28), b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as whole:
        for name in MNIST_SHA256:
            with whole.open(f"{name}.npy", "w", force_zip64=True) as file:
                file.write(content)
                for _ in range(196):
                    file.write(bytes(1_000_000))
            break
    megabytes, sentence = grown("load_mnist", path)
    assert "at most" in sentence
    assert megabytes < 100


@pytest.mark.parametrize("name", ["label", "predicted", "digit_score", "probabilities", "strokes"])
def test_number_beyond_every_float_is_a_bad_line(tmp_path, name):
    path = tmp_path / "corrections.jsonl"
    values = {"probabilities": [HUGE] * 10, "strokes": [[[HUGE, 1]]]}
    path.write_text(
        f"{json.dumps(EXPORTED | {name: values.get(name, HUGE)})}\n{json.dumps(EXPORTED)}\n"
    )
    corrections, problems = read_json_lines(path)
    assert len(corrections) == len(problems) == 1
    assert "line 1" in problems[0]


def test_line_that_never_ends_is_refused(tmp_path):
    path = tmp_path / "corrections.jsonl"
    path.write_text(json.dumps(EXPORTED | {"model": "a" * 20_000_000}))
    with pytest.raises(CorrectionFormatError, match="a longer line"):
        read_json_lines(path)
    with pytest.raises(DatasetError, match="a longer line"):
        load_drawings(path)


@pytest.mark.parametrize(
    "change",
    [
        {"path": [["M", HUGE, 1], ["L", 2, 2]]},
        {"left": HUGE},
        {"angle": HUGE},
        {"width": HUGE},
        {"path": [["M", 1e308, 1e308], ["Q", 1e308, -1e308, 1e308, 5]]},
        {"scaleX": 1e308, "scaleY": -1e308},
        {"path": "M 1 1"},
        {"path": [[]]},
        {"path": [["M", [1], 2]]},
        {"originX": ["left"]},
        {"angle": float("nan")},
    ],
)
def test_canvas_that_sends_nonsense_is_told(change):
    path = {"type": "Path", "path": [["M", 1, 1], ["L", 9, 9]], "left": 1, "top": 1}
    with pytest.raises(StrokesError, match=r"Expected .*Received"):
        strokes_from_canvas({"objects": [path | change]})


@pytest.mark.parametrize("read", [read_json_lines, Handwriting.load])
@pytest.mark.parametrize("name", ["\0", "a" * 300, "\udcff", "a/b"])
def test_name_that_no_file_can_have_is_told(tmp_path, read, name):
    with pytest.raises(DigitrecError, match=r"Expected .*Received"):
        read(str(tmp_path / name))
