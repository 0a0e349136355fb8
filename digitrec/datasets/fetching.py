"""The data sets that trained the shipped network, fetched from where they are published.

Every file is checked by its hash; what was half fetched is gone on with.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import logging
import re
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitrec.datasets.drawings import Drawing, write_drawings
from digitrec.errors import DatasetError

logger = logging.getLogger(__name__)

_CHUNK = 1 << 16
_TIMEOUT = 60  # s
_PENDIGITS_SIDE = 500  # the tablet's units, y upwards


@dataclass(frozen=True)
class Remote:
    """A file somewhere else, and how it is known.

    Attributes:
        name: of the file in the cache.
        address: where it is fetched.
        sha256: of its bytes; "" where another hash below tells it.
        content_hash: name and value of a hash of what it holds, unpacked, such as
            ("md5", "6bbc…"); None where `sha256` is enough.
    """

    name: str
    address: str
    sha256: str = ""
    content_hash: tuple[str, str] | None = None


_MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/"
MNIST_FILES = tuple(
    Remote(f"{stem}.gz", f"{_MNIST}{stem}.gz", content_hash=("md5", digest))
    for stem, digest in (
        ("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"),
        ("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"),
        ("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"),
        ("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"),
    )
)
PENDIGITS_FILE = Remote(
    "pendigits.zip",
    "https://archive.ics.uci.edu/static/public/81/pen+based+recognition+of+handwritten+digits.zip",
    content_hash=("sha256", "a66225d68d7d68591e62944df1ad33b3f5aa608e2df2505844b41f5568a80da4"),
)
OMNIGLOT_FILE = Remote(
    "images_background_small1.zip",
    "https://raw.githubusercontent.com/brendenlake/omniglot/master/python/"
    "images_background_small1.zip",
    sha256="f38eb80f801274ac2b4dff5b24289016bfaba4a7d5bb50deebf27104ad6cb8a4",
)
_PENDIGITS_MEMBER = "pendigits-orig.tra.Z"


def fetch(
    remote: Remote,
    folder: Path,
    *,
    unpack: Callable[[bytes], bytes] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """One file, from the cache if it is there and right.

    Args:
        remote: what.
        folder: the cache.
        unpack: from the file's bytes to those that `remote.content_hash` is of.
        progress: called with the bytes that are there and their expected number (0 if unknown).

    Raises:
        DatasetError: it cannot be fetched, or is another file than expected.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target, part = folder / remote.name, folder / f"{remote.name}.part"
    if target.is_file():
        _check(remote, target, unpack)
        return target
    try:
        _download(remote.address, part, progress)
    except (OSError, http.client.HTTPException) as error:
        there = part.stat().st_size if part.exists() else 0
        raise DatasetError(
            f"Expected to fetch {remote.address}. Received: {error}. {there:,} bytes are kept in "
            f"{part}: see to the network and to room on the disk, and run the same command again "
            "to go on."
        ) from error
    try:
        _check(remote, part, unpack)
    except DatasetError:
        part.unlink()
        raise
    part.replace(target)
    return target


def _download(address: str, part: Path, progress: Callable[[int, int], None] | None) -> None:
    """Append to `part` what it lacks."""
    there = part.stat().st_size if part.exists() else 0
    if not address.startswith(("https://", "http://")):
        raise DatasetError(f"Expected an address on the web. Received: {address}.")
    request = urllib.request.Request(address)  # noqa: S310  # checked above
    if there:
        request.add_header("Range", f"bytes={there}-")
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # everything is there already
        raise
    with response:
        # A server that knows no ranges sends the whole file again.
        resumed = response.status == http.client.PARTIAL_CONTENT
        there = there if resumed else 0
        total = there + int(response.headers.get("Content-Length") or 0)
        with part.open("ab" if resumed else "wb") as file:
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                there += len(chunk)
                if progress:
                    progress(there, total)
        if total and there < total:
            raise OSError(f"{there:,} of {total:,} bytes")


def _check(remote: Remote, file: Path, unpack: Callable[[bytes], bytes] | None) -> None:
    content = file.read_bytes()
    checks = [("sha256", remote.sha256, content)] if remote.sha256 else []
    if remote.content_hash:
        try:
            inside = unpack(content) if unpack else content
        except Exception as error:  # an archive can be damaged in as many ways as it has parts
            raise DatasetError(
                f"Expected {remote.name} to be whole. Received: a file that cannot be unpacked "
                f"({error}). Delete {file} and fetch it again."
            ) from error
        checks.append((*remote.content_hash, inside))
    for kind, expected, data in checks:
        received = hashlib.new(kind, data).hexdigest()
        if received != expected:
            raise DatasetError(
                f"Expected {remote.name} with the {kind} {expected}. Received: {received}, another "
                f"file. Delete {file} if it is there, and see whether {remote.address} has moved."
            )


def pendigits_text(archive: bytes) -> bytes:
    """The UNIPEN text of pendigits' training writers, from UCI's archive.

    It lies there in the form of Unix `compress`.
    """
    from unlzw3 import unlzw

    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return bytes(unlzw(files.read(_PENDIGITS_MEMBER)))


def drawings_from_unipen(text: str) -> Iterator[Drawing]:
    """The drawings of a pendigits file in the UNIPEN format.

    A digit is `.SEGMENT DIGIT … "label"`, then `.COMMENT label writer number`, then points
    between `.PEN_DOWN` and `.PEN_UP`.

    Raises:
        DatasetError: another form.
    """
    label = writer = ""
    strokes: list[list[list[float]]] = []
    down = False
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        if words[0] == ".SEGMENT":
            if strokes:
                yield _unipen_drawing(label, writer, strokes)
            found = re.search(r'"(\d)"', line)
            label, writer, strokes = found.group(1) if found else "", "", []
        elif words[0] == ".COMMENT" and label and not writer and len(words) >= 3:
            writer = words[2]
        elif words[0] == ".PEN_DOWN":
            strokes.append([])
            down = True
        elif words[0].startswith("."):
            down = False
        elif down:
            try:
                strokes[-1].append([float(words[0]), float(words[1])])
            except (IndexError, ValueError) as error:
                raise DatasetError(
                    f"Expected x and y in line {number} of the UNIPEN text. Received: {line!r}."
                ) from error
    if strokes:
        yield _unipen_drawing(label, writer, strokes)


def _unipen_drawing(label: str, writer: str, strokes: list[list[list[float]]]) -> Drawing:
    turned = [
        np.array([[x, _PENDIGITS_SIDE - y] for x, y in stroke], np.float32)
        for stroke in strokes
        if stroke
    ]
    return Drawing(label, writer, tuple(turned))


def unpack_pendigits(archive: Path, target: Path) -> int:
    """UCI's archive as JSON lines; how many drawings."""
    text = pendigits_text(archive.read_bytes()).decode("ascii", errors="replace")
    return write_drawings(target, drawings_from_unipen(text))


def unpack_omniglot(archive: Path, folder: Path) -> int:
    """Omniglot's pictures in one folder, `Alphabet_characterNN_drawing.png`; how many.

    A folder that holds all of them already stays as it is.

    Raises:
        DatasetError: the folder holds something else.
    """
    with zipfile.ZipFile(archive) as files:
        members = dict(_omniglot_members(files.namelist()))
        there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        foreign = sorted(name for name in there - members.keys() if not name.startswith("."))
        if foreign or (folder.exists() and not folder.is_dir()):
            raise DatasetError(
                f"Expected nothing but Omniglot's pictures in {folder}. Received: "
                f"{foreign[0] if foreign else 'a file of that name'}. Move it elsewhere, or give "
                "another --cache."
            )
        if there >= members.keys():
            return len(members)
        folder.mkdir(parents=True, exist_ok=True)
        for flat, member in members.items():
            part = folder.with_name(f".{folder.name}.part")
            part.write_bytes(files.read(member))
            part.replace(folder / flat)
    return len(members)


def _omniglot_members(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Flat names and those in the archive."""
    for name in names:
        # images_background_small1/Greek/character17/0432_01.png
        parts = name.split("/")
        if len(parts) == 4 and name.endswith(".png") and not name.startswith("__"):
            flat = "_".join([re.sub(r"\W", "_", parts[1]), parts[2], Path(parts[3]).name])
            yield flat, name
