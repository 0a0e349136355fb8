"""MNIST on its way into the cache, from a server on this machine."""

import numpy as np
import pytest
from mirror import mirrored, packed, remotes
from waiting import wait_until

from digitrec.datasets import fetching, load_mnist, mnist_place
from digitrec.datasets.fetching import fetch_mnist
from digitrec.datasets.places import mirror_address, mnist_folder
from digitrec.errors import DatasetError
from digitrec.web.data.download import Downloads, bytes_there


@pytest.fixture
def mirror(monkeypatch, tmp_path, template_mnist):
    """Four small files, with hashes of their own; the cache is empty."""
    monkeypatch.delenv("DIGITREC_MNIST", raising=False)
    monkeypatch.setenv("DIGITREC_CACHE", str(tmp_path))
    files = packed(template_mnist)
    monkeypatch.setattr(fetching, "MNIST_FILES", remotes(files))
    with mirrored(files) as mirror:
        monkeypatch.setenv("DIGITREC_MIRROR", f" {mirror.address}/ ")
        yield mirror


def ended(downloads):
    downloads.latest.wait(20)
    return downloads.latest.state


def test_mnist_is_fetched_once_and_progress_grows_to_its_size(mirror, template_mnist):
    steps = []
    for _ in range(2):
        fetch_mnist(
            mnist_folder(), mirror=mirror_address(), progress=lambda *step: steps.append(step)
        )
    assert [name for name, _ in mirror.asked] == list(mirror.files)
    total = sum(remote.size for remote in fetching.MNIST_FILES)
    assert 11_000_000 < total < 12_000_000
    first = steps[: steps.index((total, total)) + 1]
    assert len(first) > 5
    assert first == sorted(first)
    assert {of for _, of in steps} == {total}
    fetched, original = (
        load_mnist(mnist_place(), check=False),
        load_mnist(template_mnist, check=False),
    )
    assert fetched.sha256["x_train"] == original.sha256["x_train"]
    assert np.array_equal(fetched.test.labels, original.test.labels)


def test_download_comes_to_its_end_in_the_background(mirror):
    downloads = Downloads()
    assert (downloads.latest, mnist_place()) == (None, None)
    downloads.start()
    assert ended(downloads) == "done"
    assert (downloads.latest.there, downloads.latest.error) == (downloads.latest.total, "")
    assert mnist_place() == mnist_folder()


def test_stopped_download_keeps_what_is_there_and_goes_on(mirror):
    mirror.pause = 0.05
    downloads = Downloads()
    downloads.start()
    first = downloads.latest
    wait_until(lambda: bytes_there() > 0)
    downloads.start()
    assert downloads.latest is first  # two never run at a time
    downloads.stop()
    assert first.state == "stopped"
    mirror.pause = 0
    downloads.start()  # at once, while the first may still write
    assert downloads.latest is not first
    assert ended(downloads) == "done"
    assert mirror.asked[1][1] > 0
    assert load_mnist(mnist_place(), check=False).train.digits.shape == (1_200, 28, 28)


def test_broken_download_says_why_and_goes_on(mirror):
    mirror.breaks = True
    downloads = Downloads()
    downloads.start()
    assert ended(downloads) == "failed"
    assert "start again: it goes on from there" in downloads.latest.error
    there = bytes_there()
    assert there > 0
    downloads.start()
    assert ended(downloads) == "done"
    assert mirror.asked[1] == (mirror.asked[0][0], there)


def test_other_files_are_refused_and_not_kept(mirror):
    mirror.wrong = True
    downloads = Downloads()
    downloads.start()
    assert ended(downloads) == "failed"
    assert "another file" in downloads.latest.error
    assert bytes_there() == 0
    mirror.wrong = False
    downloads.start()
    assert ended(downloads) == "done"


def test_download_anew_throws_away_what_is_fetched_and_nothing_else(mirror):
    folder = mnist_folder()
    folder.mkdir(parents=True)
    for name in mirror.files:
        (folder / name).write_bytes(b"damaged")
    (folder / "notes.txt").write_text("mine")
    downloads = Downloads()
    downloads.start()
    assert ended(downloads) == "failed"
    downloads.start(anew=True)
    assert ended(downloads) == "done"
    assert (folder / "notes.txt").read_text() == "mine"
    assert len(load_mnist(folder, check=False).test) == 300


def test_folder_that_cannot_be_written_is_told(mirror, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("DIGITREC_CACHE", str(tmp_path / "file"))
    downloads = Downloads()
    downloads.start()
    assert ended(downloads) == "failed"
    assert "Expected to write into" in downloads.latest.error
    assert "DIGITREC_CACHE" in downloads.latest.error


def test_server_that_is_away_is_told(mirror, monkeypatch):
    monkeypatch.setenv("DIGITREC_MIRROR", "http://127.0.0.1:9")
    downloads = Downloads()
    downloads.start()
    assert ended(downloads) == "failed"
    assert "Expected to fetch http://127.0.0.1:9/train-images" in downloads.latest.error
    with pytest.raises(DatasetError, match="address on the web"):
        fetch_mnist(mnist_folder(), mirror="/home/me/mnist")
