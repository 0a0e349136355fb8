"""MNIST's four files from a server on this machine: slowly, broken off, or other ones."""

import contextlib
import gzip
import hashlib
import http.server
import struct
import threading
import time
from dataclasses import replace

import numpy as np

from digitrec.datasets import fetching
from digitrec.datasets.mnist import IDX_NAMES

_PIECE = 1 << 14


def packed(place):
    """The arrays of an .npz as MNIST's four files, by their names."""
    files = {}
    with np.load(place) as arrays:
        for name, stem in IDX_NAMES.items():
            array = arrays[name]
            head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
            files[f"{stem}.gz"] = gzip.compress(head + array.astype(np.uint8).tobytes(), 1)
    return files


def remotes(files):
    """`MNIST_FILES` with the hashes of these."""
    return tuple(
        replace(
            remote,
            content_hash=("md5", hashlib.md5(gzip.decompress(files[remote.name])).hexdigest()),
        )
        for remote in fetching.MNIST_FILES
    )


class Mirror:
    """What is served, and how.

    Attributes:
        address: of the folder.
        files: contents by name.
        pause: seconds after each piece.
        breaks: whether the next answer ends after its first piece; then none does.
        wrong: whether other contents are sent.
        asked: (name, first byte) of each request.
    """

    def __init__(self, files):
        self.address, self.files, self.asked = "", files, []
        self.pause, self.breaks, self.wrong = 0.0, False, False

    def answer(self, request):
        name = request.path.rpartition("/")[2]
        start = int(request.headers.get("Range", "bytes=0-")[6:-1])
        self.asked.append((name, start))
        content = gzip.compress(b"something else") if self.wrong else self.files[name]
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        for place in range(start, len(content), _PIECE):
            request.wfile.write(content[place : place + _PIECE])
            request.wfile.flush()
            time.sleep(self.pause)
            if self.breaks:
                self.breaks = False
                break
        request.close_connection = True


@contextlib.contextmanager
def mirrored(files):
    """A running mirror."""
    mirror = Mirror(files)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            # Whoever asked may be gone by then.
            with contextlib.suppress(ConnectionError):
                mirror.answer(self)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        mirror.address = f"http://127.0.0.1:{server.server_address[1]}/mnist"
        yield mirror
        server.shutdown()
        thread.join()
