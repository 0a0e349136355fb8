"""The recognizer that a process shares: the one of the artifact in use, whatever happens to it."""

import shutil

import pytest

from digitrec import Recognizer, engine
from digitrec.models import DEFAULT_ARTIFACT, load_artifact, sha256


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the shipped artifact, in use."""
    place = shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact")
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(place))
    return place


def test_same_one_answers_until_another_is_in_use(folder, tiny_artifact):
    assert not engine.is_loaded()
    first = engine.shared_recognizer()
    assert engine.is_loaded()
    assert engine.shared_recognizer() is first
    shutil.rmtree(folder)
    shutil.copytree(tiny_artifact, folder)
    assert not engine.is_loaded()
    second = engine.shared_recognizer()
    assert engine.network_of(second) != engine.network_of(first)
    shutil.rmtree(folder)
    shutil.copytree(DEFAULT_ARTIFACT, folder)
    assert engine.shared_recognizer() is first


def test_network_that_is_replaced_while_it_loads_is_not_taken_for_the_other(
    folder, tiny_artifact, monkeypatch
):
    def replaced_meanwhile(place):
        monkeypatch.setattr(engine, "Recognizer", Recognizer)
        shutil.rmtree(folder)
        shutil.copytree(tiny_artifact, folder)
        return Recognizer(place)

    monkeypatch.setattr(engine, "Recognizer", replaced_meanwhile)
    assert engine.shared_recognizer().model == sha256(load_artifact(tiny_artifact).network)
    shutil.rmtree(folder)
    shutil.copytree(DEFAULT_ARTIFACT, folder)
    assert engine.shared_recognizer().model == sha256(load_artifact().network)
