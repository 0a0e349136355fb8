"""Draws one page of a PDF, in a process of its own: `files.py` runs this file.

A page of a thousand bytes can be made to take hours, and nothing else ends PDFium's work. So it is
done where it can be killed, with bounded memory, and where a fault of PDFium takes nothing along.
It loads nothing but PDFium: a page should not wait for more.
"""

from __future__ import annotations

import contextlib
import sys

import pypdfium2

_MEMORY = 1 << 30  # bytes; a page of A3 at 600 dots per inch has a third of that


def main(page: int, scale: float, largest: float) -> None:
    """Draw the page of the PDF on standard input; to standard output go a line and the pixels.

    Args:
        page: from 0.
        scale: px a point,
        largest: unless the larger side would have more px than this.
    """
    _limit_memory()
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    sheet = document[page]
    scale = min(scale, largest / max(*sheet.get_size(), 1.0))
    bitmap = sheet.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
    print(bitmap.height, bitmap.width, bitmap.n_channels, bitmap.stride, flush=True)
    sys.stdout.buffer.write(bitmap.buffer)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # not every system can
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
    except (pypdfium2.PdfiumError, MemoryError) as error:
        sys.exit(str(error) or "it takes too much memory")
