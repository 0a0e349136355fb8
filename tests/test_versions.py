"""What an artifact keeps of those before it, and that one is there whatever happens."""

import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import fingerprint

from digitrec import models
from digitrec import versions as module
from digitrec.errors import ArtifactError, ArtifactNotFoundError
from digitrec.models import DEFAULT_ARTIFACT, artifact_version, load_artifact, set_aside, sha256
from digitrec.versions import (
    KEPT,
    PREDECESSORS,
    new_artifact,
    rollback,
    use,
    versions,
    write_card,
)


@pytest.fixture
def artifact(tmp_path):
    ignored = shutil.ignore_patterns(PREDECESSORS, "report")
    return shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact", ignore=ignored)


def replaced(artifact, number):
    """Another network in the artifact's place: the old one's, with a number at its end."""
    old = load_artifact(artifact)
    content = old.network.read_bytes() + bytes([number])
    with new_artifact(artifact) as fresh:
        (fresh / old.network.name).write_bytes(content)
        write_card(fresh, {**old.card, "created": f"2030-01-{number + 1:02d}T00:00:00+00:00"})
    return versions(artifact)[0].name


def own_files(folder):
    return {
        name: digest for name, digest in fingerprint(folder).items() if PREDECESSORS not in name
    }


@pytest.fixture(params=["in one step", "in two steps"])
def system(request, monkeypatch):
    """Systems that exchange two folders, and those that cannot."""
    if request.param == "in two steps":
        monkeypatch.setattr(module, "_exchanged", lambda one, other: False)


def test_replaced_artifact_is_kept_whole_with_its_card(artifact, system):
    before, (old,) = own_files(artifact), versions(artifact)
    assert old.in_use
    assert old.name == f"{old.created[:10]}-{sha256(load_artifact(artifact).network)[:8]}"
    replaced(artifact, 1)
    new, kept = versions(artifact)
    assert (new.in_use, kept.in_use) == (True, False)
    assert (kept.name, kept.sha256, kept.figures) == (old.name, old.sha256, old.figures)
    assert own_files(kept.folder) == before
    assert kept.folder.parent == artifact / PREDECESSORS
    assert load_artifact(kept.folder).card == json.loads((kept.folder / "card.json").read_text())
    assert [path.name for path in artifact.parent.iterdir()] == ["artifact"]


def test_rolling_back_brings_the_old_files_and_twice_the_new_ones(artifact, system):
    first = own_files(artifact)
    version = artifact_version(artifact)
    replaced(artifact, 1)
    second = own_files(artifact)
    rollback(artifact)
    assert own_files(artifact) == first
    assert artifact_version(artifact) == version
    rollback(artifact)
    assert own_files(artifact) == second
    assert artifact_version(artifact) != version


def test_any_version_can_be_used_and_none_is_lost(artifact):
    names = [versions(artifact)[0].name, *(replaced(artifact, number) for number in range(3))]
    for name in (names[0], names[2], names[1], names[1]):
        before = versions(artifact)[0].name
        assert use(artifact, name).name == name
        assert sorted(version.name for version in versions(artifact)) == sorted(names)
        if name != before:
            assert versions(artifact)[1].name == before
    with pytest.raises(ArtifactNotFoundError, match=names[3]):
        use(artifact, "2001-01-01-00000000")
    with pytest.raises(ArtifactNotFoundError):
        use(artifact, "../artifact")


def test_only_the_last_predecessors_are_kept(artifact):
    names = [replaced(artifact, number) for number in range(KEPT + 3)]
    assert [version.name for version in versions(artifact)] == names[: -KEPT - 2 : -1]
    assert len(list((artifact / PREDECESSORS).iterdir())) == KEPT + 1  # and their order


def test_order_falls_back_on_age_where_it_is_lost(artifact):
    names = [replaced(artifact, number) for number in range(3)]
    (artifact / PREDECESSORS / "order.json").write_text("{")
    assert [version.name for version in versions(artifact)][:3] == names[::-1]


def test_no_predecessor_to_go_back_to_is_told(artifact):
    with pytest.raises(ArtifactNotFoundError, match="nothing to go back to"):
        rollback(artifact)


def test_damaged_predecessor_is_not_taken_into_use(artifact):
    first = versions(artifact)[0].name
    replaced(artifact, 1)
    (artifact / PREDECESSORS / first / load_artifact(artifact).network.name).write_bytes(b"half")
    before = fingerprint(artifact)
    with pytest.raises(ArtifactError, match="sha256"):
        rollback(artifact)
    assert fingerprint(artifact) == before
    (artifact / PREDECESSORS / first / "card.json").write_text('{"files": {}}')
    assert len(versions(artifact)) == 1


def test_failed_replacement_leaves_predecessors_and_all(artifact, monkeypatch, system):
    replaced(artifact, 1)
    before = fingerprint(artifact)

    def full(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(module.os, "link", full)
    monkeypatch.setattr(module.shutil, "copy2", full)
    with pytest.raises(OSError, match="No space left"):
        replaced(artifact, 2)
    assert fingerprint(artifact) == before
    assert [path.name for path in artifact.parent.iterdir()] == ["artifact"]


@pytest.mark.parametrize("step", ["mkdtemp", "copytree", "rename"])
def test_disk_that_takes_no_version_is_told_and_the_one_in_use_stays(
    artifact, monkeypatch, capsys, step
):
    from digitrec.cli import main

    def refused(*arguments, **options):
        raise OSError(30, "Read-only file system")

    old, new = versions(artifact)[0].name, replaced(artifact, 1)
    before = fingerprint(artifact)
    if step == "mkdtemp":
        monkeypatch.setattr(module.tempfile, "mkdtemp", refused)
    elif step == "copytree":
        monkeypatch.setattr(module.os, "link", refused)
        monkeypatch.setattr(module.shutil, "copy2", refused)
    else:
        monkeypatch.setattr(module, "_exchanged", lambda one, other: False)
        monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(ArtifactError, match="stays in use"):
        use(artifact, old)
    for arguments in (["use", old], ["rollback"]):
        assert main(["models", *arguments, "--artifact", str(artifact)]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"digitrec: Expected to take {old} into use in {artifact}. Received:")
        assert err.count("Read-only file system") == 1
        assert err.endswith("; the version in use stays in use.\n")
    monkeypatch.undo()
    assert versions(artifact)[0].name == new
    assert fingerprint(artifact) == before
    assert [path.name for path in artifact.parent.iterdir()] == ["artifact"]


def test_files_of_versions_are_not_shared_between_them(artifact):
    replaced(artifact, 1)
    use(artifact, versions(artifact)[1].name)
    assert {path.stat().st_nlink for path in artifact.rglob("*") if path.is_file()} == {1}


def test_same_card_time_is_no_same_version(artifact):
    """A page that runs tells versions by their content: a rename keeps a file's time."""
    replaced(artifact, 1)
    seen = set()
    for _ in range(2):
        card = artifact / "card.json"
        module.os.utime(card, (1, 1))
        seen.add(artifact_version(artifact))
        rollback(artifact)
    assert len(seen) == 2


_ENDLESS = """
import sys
from pathlib import Path
from digitrec import versions
if sys.argv[2] == "in two steps":
    versions._exchanged = lambda one, other: False
print("go", flush=True)
while True:
    versions.rollback(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("how", ["in one step", "in two steps"])
def test_killed_at_any_moment_an_artifact_is_there(artifact, how):
    replaced(artifact, 1)
    names = {version.name for version in versions(artifact)}
    for moment in range(8):
        command = [sys.executable, "-c", _ENDLESS, str(artifact), how]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(0.003 * moment)
        process.kill()
        process.communicate()
        load_artifact(artifact)
        assert {version.name for version in versions(artifact)} == names


def test_artifact_set_aside_by_a_killed_program_is_found_and_put_back(artifact):
    before = fingerprint(artifact)
    artifact.rename(set_aside(artifact))
    assert load_artifact(artifact).network.is_file()
    assert len(versions(artifact)) == 1
    replaced(artifact, 1)
    assert own_files(versions(artifact)[1].folder) == before
    artifact.rename(set_aside(artifact))
    rollback(artifact)
    assert own_files(artifact) == before
    assert [path.name for path in artifact.parent.iterdir()] == ["artifact"]


def test_artifact_that_has_gone_and_come_back_meanwhile_is_read_again(artifact, monkeypatch):
    replaced(artifact, 1)
    load = models._load

    def half_of_each(folder):
        monkeypatch.setattr(models, "_load", load)
        rollback(artifact)
        rollback(artifact)
        raise ArtifactError("another content")

    monkeypatch.setattr(models, "_load", half_of_each)
    assert load_artifact(artifact).network.is_file()


def test_reader_never_sees_half_an_artifact(artifact):
    replaced(artifact, 1)
    done = threading.Event()

    def swap():
        while not done.is_set():
            rollback(artifact)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        seen = {load_artifact(artifact).card["created"] for _ in range(150)}
    finally:
        done.set()
        swapping.join()
    assert len(seen) == 2


def test_predecessors_are_not_committed():
    root = Path(__file__).parent.parent
    place = "digitrec/models/default/predecessors/2026-11-21-ce17fd4d/model.keras"
    ignored = subprocess.run(["git", "check-ignore", place], cwd=root, check=False)
    assert ignored.returncode == 0


def test_command_line_lists_uses_and_rolls_back(artifact, capsys):
    from digitrec.cli import main

    def run(*arguments):
        status = main(["models", *arguments, "--artifact", str(artifact)])
        return status, *capsys.readouterr()

    old, new = versions(artifact)[0].name, replaced(artifact, 1)
    status, shown, _ = run("list")
    assert status == 0
    lines = shown.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [new, old]
    assert [line.endswith("in use") for line in lines[1:]] == [True, False]
    accuracy = load_artifact(artifact).card["figures"]["test_accuracy_at_run_time"]
    assert f"{100 * accuracy:.2f} %" in lines[1]
    assert run("rollback") == (0, f"{old} is in use again.\n", "")
    assert run("use", new) == (0, f"{new} is in use.\n", "")
    status, shown, told = run("use", "another")
    assert (status, shown) == (1, "")
    assert old in told
