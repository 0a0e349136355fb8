"""Data sets from files: MNIST, drawings as pen strokes, pictures. NumPy and the standard library.

`sources` says of each set that may train the shipped network who made it, under which
licence, and where it comes from.
"""

from digitrec.datasets.drawings import Drawing, load_drawings, write_drawings
from digitrec.datasets.mnist import (
    MNIST_SHA256,
    MNIST_VARIABLE,
    LabelledDigits,
    Mnist,
    load_mnist,
    mnist_from_arrays,
    read_idx,
)
from digitrec.datasets.pictures import PictureFile, labelled_pictures, pictures_in
from digitrec.datasets.places import cache_folder, mnist_place

__all__ = [
    "MNIST_SHA256",
    "MNIST_VARIABLE",
    "Drawing",
    "LabelledDigits",
    "Mnist",
    "PictureFile",
    "cache_folder",
    "labelled_pictures",
    "load_drawings",
    "load_mnist",
    "mnist_from_arrays",
    "mnist_place",
    "pictures_in",
    "read_idx",
    "write_drawings",
]
