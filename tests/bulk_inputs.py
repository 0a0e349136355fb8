"""Files of every form that can be read in bulk, good and bad."""

import io

import numpy as np
import pyarrow as pa
from PIL import Image
from pyarrow import parquet

from digitrec.cli import main
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes


def run(capsys, *arguments):
    """`digitrec read`'s exit status, what it prints, and what it tells beside."""
    status = main(["read", *map(str, arguments)])
    return status, *capsys.readouterr()


def picture(label):
    """A small picture of a digit."""
    ink = ink_from_strokes(digit_strokes(label, height=60))
    return Image.fromarray(np.pad(255 - ink, 10, constant_values=255))


def png(label):
    """Its file's bytes."""
    file = io.BytesIO()
    picture(label).save(file, "PNG")
    return file.getvalue()


def digits(count):
    """(count, 28, 28) uint8: the ten templates in turn, each time shifted."""
    ten = np.stack([normalize_digit(ink_from_strokes(digit_strokes(c))) for c in range(10)])
    return np.stack([np.roll(ten[n % 10], n // 10 % 5 - 2, axis=1) for n in range(count)])


def write_mixture(folder):
    """Pictures, an array, tables, and what cannot be read, at several depths."""
    (folder / "deep").mkdir(parents=True)
    for label in range(4):
        picture(label).save(folder / f"{label}.png")
    picture(2).save(folder / "deep" / "two.pdf", save_all=True, append_images=[picture(5)])
    Image.new("L", (90, 90), 255).save(folder / "deep" / "empty.png")
    (folder / "deep" / "bad.png").write_bytes(b"no picture")
    (folder / "gone.png").symlink_to(folder / "nowhere.png")
    (folder / "circle.png").symlink_to(folder / "circle.png")
    np.save(folder / "digits.npy", digits(70))
    np.save(folder / "wrong.npy", digits(3).astype(np.float32))
    contents = [png(n % 10) for n in range(9)] + [None, b"no picture"]
    parquet.write_table(pa.table({"image": contents}), folder / "t.parquet", row_group_size=4)
    pairs = [{"bytes": png(n), "path": f"{n}.png"} for n in (8, 9)]
    parquet.write_table(pa.table({"label": [8, 9], "image": pairs}), folder / "deep" / "u.parquet")
    parquet.write_table(pa.table({"label": [1]}), folder / "wrong.parquet")
