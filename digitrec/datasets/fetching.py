"""The data sets that trained the shipped network, fetched from where they are published.

Every file is checked by its hash; what was half fetched is gone on with.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import logging
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from digitrec.errors import DatasetError

logger = logging.getLogger(__name__)

_CHUNK = 1 << 16
_TIMEOUT = 60  # s


@dataclass(frozen=True)
class Remote:
    """A file somewhere else, and how it is known.

    Attributes:
        name: of the file in the cache.
        address: where it is fetched.
        sha256: of its bytes; "" where another hash below tells it.
        content_hash: name and value of a hash of what it holds, unpacked, such as
            ("md5", "6bbc…"); None where `sha256` is enough.
        size: bytes of the file as it is published; 0 where nobody asks. A mirror may have
            packed it otherwise.
    """

    name: str
    address: str
    sha256: str = ""
    content_hash: tuple[str, str] | None = None
    size: int = 0

    def at(self, mirror: str | None) -> Remote:
        """The same file in another folder on the web; where it is published, without one."""
        return replace(self, address=f"{mirror.rstrip('/')}/{self.name}") if mirror else self


MNIST_ADDRESS = "https://ossci-datasets.s3.amazonaws.com/mnist/"
MNIST_FILES = tuple(
    Remote(f"{stem}.gz", f"{MNIST_ADDRESS}{stem}.gz", content_hash=("md5", digest), size=size)
    for stem, digest, size in (
        ("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb", 9_912_422),
        ("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624", 28_881),
        ("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea", 1_648_877),
        ("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637", 4_542),
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
            f"{part}: see to the network and to room on the disk, and start again: it goes on "
            "from there."
        ) from error
    try:
        _check(remote, part, unpack)
    except DatasetError:
        part.unlink()
        raise
    part.replace(target)
    return target


def fetch_mnist(
    folder: Path,
    *,
    mirror: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """MNIST's four files in a folder; what is there and right is not fetched again.

    Args:
        folder: where they go; `mnist` in the cache is where they are looked for.
        mirror: a folder on the web that has the same files.
        progress: called with the bytes that are there of all four, and their number, as far as
            can be told. What it raises ends the fetching; what is there by then is kept.

    Raises:
        DatasetError: see `fetch`.
    """
    total, before = sum(remote.size for remote in MNIST_FILES), 0
    for remote in MNIST_FILES:
        step = _among_others(progress, before, remote.size, total) if progress else None
        fetch(remote.at(mirror), folder, unpack=gzip.decompress, progress=step)
        before += remote.size
        if progress:
            progress(before, total)


def _among_others(
    progress: Callable[[int, int], None], before: int, size: int, total: int
) -> Callable[[int, int], None]:
    """One file's progress as a part of that of all files."""

    def step(there: int, of: int) -> None:
        progress(before + int(size * min(1.0, there / (of or size or 1))), total)

    return step


def _download(address: str, part: Path, progress: Callable[[int, int], None] | None) -> None:
    """Append to `part` what it lacks."""
    there = part.stat().st_size if part.exists() else 0
    if not address.startswith(("https://", "http://")):
        raise DatasetError(f"Expected an address on the web. Received: {address}.")
    request = urllib.request.Request(address)  # noqa: S310  # checked above
    if there:
        request.add_header("Range", f"bytes={there}-")
    try:
        # That the address is one of the web is checked above.
        response = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310  # nosec B310
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
