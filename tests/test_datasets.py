import gzip
import shutil
import struct

import numpy as np
import pytest

from digitrec.datasets import load_mnist, read_idx
from digitrec.datasets.mnist import IDX_NAMES
from digitrec.errors import DatasetError, DatasetNotFoundError


@pytest.fixture
def arrays(template_mnist):
    with np.load(template_mnist) as archive:
        return {name: archive[name] for name in archive.files}


def write_idx(path, array, *, opener=open):
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    with opener(path, "wb") as file:
        file.write(header + array.astype(np.uint8).tobytes())


@pytest.mark.parametrize("opener", [open, gzip.open])
def test_idx_folder_gives_the_same_as_npz(tmp_path, arrays, template_mnist, opener):
    for name, stem in IDX_NAMES.items():
        suffix = ".gz" if opener is gzip.open else ""
        write_idx(tmp_path / f"{stem}{suffix}", arrays[name], opener=opener)
    folder, npz = load_mnist(tmp_path, check=False), load_mnist(template_mnist, check=False)
    assert np.array_equal(folder.train.digits, npz.train.digits)
    assert np.array_equal(folder.test.labels, npz.test.labels)
    assert folder.train.labels.dtype == np.int64
    assert not folder.genuine


@pytest.mark.real_data
def test_mnist_is_known_by_its_content(mnist):
    assert mnist.genuine
    assert (len(mnist.train), len(mnist.test)) == (60_000, 10_000)


def test_other_data_is_refused_unless_asked_for(template_mnist):
    with pytest.raises(DatasetError, match="--unchecked"):
        load_mnist(template_mnist)


def test_place_comes_from_the_environment(monkeypatch, template_mnist):
    monkeypatch.setenv("DIGITREC_MNIST", str(template_mnist))
    assert len(load_mnist(check=False).train) == 1_200
    monkeypatch.delenv("DIGITREC_MNIST")
    with pytest.raises(DatasetNotFoundError, match="--mnist"):
        load_mnist()


def test_missing_place_and_missing_file_are_told(tmp_path):
    with pytest.raises(DatasetNotFoundError, match="does not exist"):
        load_mnist(tmp_path / "nowhere.npz")
    with pytest.raises(DatasetNotFoundError, match="train-images-idx3-ubyte"):
        load_mnist(tmp_path)


def test_npz_of_another_kind_is_refused(tmp_path, template_mnist, arrays):
    path = tmp_path / "data.npz"
    for content in (b"", b"no archive", template_mnist.read_bytes()[:5_000]):
        path.write_bytes(content)
        with pytest.raises(DatasetError, match="cannot be read"):
            load_mnist(path, check=False)
    np.savez(path, x_train=arrays["x_train"])
    with pytest.raises(DatasetError, match="without y_train"):
        load_mnist(path, check=False)
    np.save(tmp_path / "one.npy", arrays["x_train"])
    with pytest.raises(DatasetError, match="cannot be read"):
        load_mnist(tmp_path / "one.npy", check=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x_train", np.zeros((1200, 784), np.uint8)),
        ("x_train", np.zeros((1200, 28, 28), np.float32)),
        ("y_train", np.zeros(7, np.int64)),
        ("y_train", np.full(1200, 10)),
        ("y_train", np.full(1200, -1)),
        ("y_train", np.zeros(1200)),
    ],
)
def test_wrong_shape_type_or_label_is_refused(tmp_path, arrays, name, value):
    path = tmp_path / "data.npz"
    np.savez(path, **(arrays | {name: value}))
    with pytest.raises(DatasetError, match="Received"):
        load_mnist(path, check=False)


def test_damaged_idx_is_refused(tmp_path, arrays):
    path = tmp_path / "x"
    write_idx(path, arrays["x_test"])
    whole = path.read_bytes()
    for content in (b"", b"\0\0", whole[:10], whole[:-1], whole + b"1", b"\0\0\x0d\3" + whole[4:]):
        path.write_bytes(content)
        with pytest.raises(DatasetError, match="Received"):
            read_idx(path)
    packed = tmp_path / "x.gz"
    packed.write_bytes(gzip.compress(whole)[:-20])
    with pytest.raises(DatasetError, match="cannot be read"):
        read_idx(packed)
    shutil.copy(path, packed)
    with pytest.raises(DatasetError, match="cannot be read"):
        read_idx(packed)
