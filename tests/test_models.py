import json
import shutil

import pytest

from digitrec.errors import ArtifactError, ArtifactNotFoundError
from digitrec.models import DEFAULT_ARTIFACT, artifact_version, load_artifact
from digitrec.versions import new_artifact


@pytest.fixture
def artifact(tmp_path):
    return shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact")


def test_shipped_artifact_is_whole():
    artifact = load_artifact()
    assert artifact.network.name == artifact.card["runtime"]["file"]
    assert set(artifact.card["files"]) == {"model.keras", "model.tflite", "model.int8.tflite"}


def test_environment_names_the_artifact(monkeypatch, artifact):
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(artifact))
    assert load_artifact().folder == artifact


def test_missing_folder_file_or_card_is_told(artifact):
    for place in (artifact / "nowhere", artifact / "card.json", artifact / "report"):
        with pytest.raises(ArtifactNotFoundError, match=r"Expected .*Received"):
            load_artifact(place)


@pytest.mark.parametrize(
    "change",
    [
        lambda card: card.update(format="other"),
        lambda card: card.update(format_version=99),
        lambda card: card.pop("runtime"),
        lambda card: card.pop("files"),
        lambda card: card.update(temperature="warm"),
        lambda card: card.update(temperature=0),
        lambda card: card.update(temperature=1e-40),
        lambda card: (
            card["files"].update({"../model.tflite": {"sha256": "0"}})
            or card.update(runtime={"file": "../model.tflite"})
        ),
    ],
)
def test_card_of_another_form_is_refused(artifact, change):
    path = artifact / "card.json"
    card = json.loads(path.read_text())
    change(card)
    path.write_text(json.dumps(card))
    with pytest.raises(ArtifactError, match=r"Expected .*Received"):
        load_artifact(artifact)


@pytest.mark.parametrize(
    "change",
    [
        {"format": ["a"] * 5_000},
        {"format_version": {"a" * 5_000: 1}},
        {"runtime": {"file": "a" * 5_000}},
        {"runtime": {"file": "a/" * 2_500}, "files": {"a/" * 2_500: {"sha256": ""}}},
        {"temperature": "a" * 5_000},
        {"digit_threshold": "a" * 5_000},
    ],
)
def test_no_card_makes_a_sentence_long(artifact, change):
    path = artifact / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ArtifactError, match=r"Expected .*Received") as told:
        load_artifact(artifact)
    assert len(str(told.value)) < 300 + len(str(artifact))


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_card_that_is_no_json_object_is_refused(artifact, content):
    (artifact / "card.json").write_bytes(content)
    with pytest.raises(ArtifactError, match=r"Expected .*Received"):
        load_artifact(artifact)


def test_half_an_artifact_is_refused(artifact):
    network = load_artifact(artifact).network
    damaged = bytearray(network.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    network.write_bytes(damaged)
    with pytest.raises(ArtifactError, match="sha256"):
        load_artifact(artifact)
    network.unlink()
    with pytest.raises(ArtifactError, match="half an artifact"):
        load_artifact(artifact)


def test_failed_writing_leaves_the_old_artifact_and_nothing_else(artifact):
    before = (artifact / "card.json").read_bytes()

    def interrupted():
        with new_artifact(artifact) as folder:
            (folder / "card.json").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (artifact / "card.json").read_bytes() == before
    assert [path.name for path in artifact.parent.iterdir()] == ["artifact"]


def test_new_artifact_takes_the_place_of_the_old(artifact):
    before = artifact_version(artifact)
    with new_artifact(artifact) as folder:
        (folder / "card.json").write_text("new")
    assert (artifact / "card.json").read_text() == "new"
    assert not (artifact / "model.keras").exists()
    assert artifact_version(artifact) != before
    assert [path.name for path in artifact.parent.iterdir()] == ["artifact"]
