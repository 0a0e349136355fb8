"""Corrections, and the store that keeps them: the same on SQLite and on PostgreSQL."""

import logging
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from correcting import content, correction, run_sql

from digitrec.corrections import (
    NOT_A_DIGIT,
    URL_VARIABLE,
    Change,
    Correction,
    CorrectionStore,
    default_url,
)
from digitrec.errors import CorrectionFormatError, CorrectionsError

START = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)


@pytest.fixture
def store(store_url):
    with CorrectionStore(store_url, patience=5) as store:
        yield store


def test_same_image_has_the_same_key_whatever_else_differs():
    first, second = correction(1), correction(1, label=2, strokes=(), time=START)
    assert first.key == second.key != correction(2).key
    assert len(first.key) == 64


def test_a_fixed_fifth_is_held_out():
    flags = [correction(number).held_out for number in range(2000)]
    assert 0.17 < np.mean(flags) < 0.23
    assert flags == [correction(number, label=0).held_out for number in range(2000)]


def test_confirmed_is_what_was_answered_rightly():
    assert correction(label=1, predicted=1).confirmed
    assert correction(label=NOT_A_DIGIT, predicted=NOT_A_DIGIT).confirmed
    assert not correction(label=7, predicted=1).confirmed


def test_correction_does_not_follow_its_source():
    image = np.zeros((28, 28), np.uint8)
    kept = correction(image=image)
    image[:] = 255
    assert not kept.image.any()
    with pytest.raises(ValueError, match="read-only"):
        kept.image[0] = 1


def test_times_are_kept_in_utc():
    abroad = START.astimezone(timezone(timedelta(hours=-8)))
    assert correction(time=abroad).time == START
    assert correction(time=abroad).time.tzinfo is UTC


def test_save_then_get_gives_everything_again(store):
    before = correction(1, time=START)
    assert store.save(before) is None
    after = store.get(before.key)
    assert isinstance(after, Correction)
    assert content(after) == content(before)
    assert after.time == START
    for was, stroke in zip(before.strokes, after.strokes, strict=True):
        assert np.array_equal(stroke, was)


def test_same_drawing_twice_is_one_row_and_the_later_stands(store):
    first, second = correction(1, label=7), correction(1, label=2, strokes=())
    store.save(first)
    before = store.save(second)
    assert content(before) == content(first)
    assert len(store) == 1
    assert content(store.get(first.key)) == content(second)


def test_take_back_restores_what_was_there(store):
    first, second = correction(1, label=7), correction(1, label=2)
    begun = store.say([first, correction(2)])
    changed = store.say([second])
    assert [change.before.label for change in changed] == [7]
    assert store.get(second.key).label == 2
    assert store.take_back(changed) == 1
    assert content(store.get(first.key)) == content(begun[0].after)
    assert store.take_back(begun) == 2
    assert len(store) == 0
    assert store.say([]) == []
    assert store.take_back([]) == 0


def test_take_back_leaves_what_somebody_else_said_since(store):
    mine = store.say([correction(1, label=7), correction(2), correction(3)])
    theirs = store.say([correction(1, label=7), correction(2, label=5)])
    assert store.take_back(mine) == 1  # the third; a same answer is a word of its own
    assert [store.get(change.key).label for change in theirs] == [7, 5]
    deleted = [Change(change.key, change.after, None) for change in theirs]
    store.delete(change.key for change in theirs)
    again = store.say([correction(2, label=9)])
    assert store.take_back(deleted) == 1
    assert store.get(again[0].key).label == 9
    assert store.take_back(theirs) == 1
    assert store.get(theirs[0].key).time == mine[0].after.time


def test_word_is_later_than_the_one_before_though_the_clock_was_set_back(store):
    store.save(correction(1, label=7, time=datetime.now(UTC) + timedelta(days=1)))
    (change,) = store.say([correction(1, label=2)])
    assert change.after.time > change.before.time
    assert store.get(change.key).time == change.after.time


def test_many_are_relabelled_all_or_none(store):
    store.save_all(correction(n, label=7) for n in range(3))
    keys = store.keys()
    changes = store.relabel_all([*keys, "0" * 64, "no\x00key"], 1)
    assert sorted(change.key for change in changes) == keys
    assert {change.before.label for change in changes} == {7}
    assert store.counts() == {1: 3}
    assert store.relabel_all(["0" * 64], 1) == []
    with pytest.raises(CorrectionFormatError, match="label from 0 to 9"):
        store.relabel_all(keys, 10)
    assert store.take_back(changes) == 3
    assert store.counts() == {7: 3}


def test_relabel_changes_the_label_and_the_time_alone(store):
    before = correction(1, label=7, time=START)
    store.save(before)
    store.relabel(before.key, NOT_A_DIGIT)
    after = store.get(before.key)
    assert after.label == NOT_A_DIGIT
    assert after.time > START
    assert content(after) | {"label": 7, "time": None} == content(before) | {"time": None}
    with pytest.raises(CorrectionFormatError, match="not there, or no longer"):
        store.relabel("0" * 64, 1)
    with pytest.raises(CorrectionFormatError, match="label from 0 to 9"):
        store.relabel(before.key, 10)


def test_relabel_is_later_than_what_it_changes_though_the_clock_was_set_back(store):
    tomorrow = correction(1, label=7, time=datetime.now(UTC) + timedelta(days=1))
    store.save(tomorrow)
    store.relabel(tomorrow.key, 1)
    assert store.get(tomorrow.key).time > tomorrow.time


def test_all_gives_the_newest_first_in_slices(store):
    times = [START + timedelta(microseconds=n) for n in (3, 1, 4, 0, 2)]
    store.save_all(correction(n, label=n % 2, time=time) for n, time in enumerate(times))
    assert [c.time for c in store.all()] == sorted(times, reverse=True)
    assert [c.time for c in store.all(limit=2, offset=1)] == sorted(times, reverse=True)[1:3]
    assert [c.time for c in store.all(offset=4)] == [min(times)]
    assert {c.label for c in store.all(label=1)} == {1}
    assert store.all(label=5) == []


def test_counts_tell_labels_that_are_there(store):
    store.save_all(correction(n, label=label) for n, label in enumerate((7, 7, NOT_A_DIGIT, 0)))
    assert store.counts() == {NOT_A_DIGIT: 1, 0: 1, 7: 2}
    assert len(store) == 4


def test_save_all_counts_new_and_changed_rows(store):
    first = [correction(n, time=START) for n in range(3)]
    assert store.save_all(first) == (3, 0)
    assert store.save_all(first) == (0, 0)
    second = [correction(0, label=1), *first[1:], correction(3), correction(3, label=5)]
    assert store.save_all(second) == (1, 1)
    assert store.get(correction(3).key).label == 5
    assert store.save_all([]) == (0, 0)


def test_save_all_saves_all_or_none(store, store_url):
    run_sql(store_url, "CREATE UNIQUE INDEX one_a_label ON digitrec_corrections (label)")
    with pytest.raises(CorrectionsError, match="Received: an error"):
        store.save_all([correction(1, label=1), correction(2, label=2), correction(3, label=1)])
    assert len(store) == 0


def test_many_at_once_are_kept(store):
    many = [correction(n, strokes=()) for n in range(1200)]
    assert store.save_all(many) == (1200, 0)
    assert store.delete(c.key for c in many[:1100]) == 1100
    assert store.keys() == sorted(c.key for c in many[1100:])


def test_delete_tells_how_many_were_there(store):
    store.save_all([correction(1), correction(2)])
    unknown = ["f" * 64, "no\x00key", "ключ", ""]
    assert store.delete([correction(1).key, correction(1).key, *unknown]) == 1
    assert store.delete(unknown) == 0
    assert len(store) == 1
    assert [store.get(key) for key in unknown] == [None] * 4


def test_keys_are_found_by_their_beginning(store):
    store.save_all([correction(1), correction(2)])
    key = correction(1).key
    assert store.keys(key[:6]) == [key]
    assert store.keys() == sorted([key, correction(2).key])
    assert store.keys("%") == store.keys("_") == store.keys("\x00") == []


def test_twenty_threads_share_a_store(store):
    def work(number):
        for n in range(3):
            store.save(correction(100 * number + n, strokes=()))

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(work, range(20)))
    assert len(store) == 60


def test_each_of_those_who_save_one_drawing_at_once_follows_another(store):
    """What `save` returned was really what stood there: nobody's correction vanishes unseen."""
    gate = threading.Barrier(8, timeout=10)
    befores = []

    def work(number):
        for drawing in range(5):
            gate.wait()
            befores.append(store.save(correction(drawing, time=START + timedelta(days=number))))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert befores.count(None) == 5
    seen = [(c.key, c.time) for c in [*befores, *store.all()] if c]
    assert len(seen) == len(set(seen)) == 8 * 5


def test_second_store_sees_what_the_first_saved(store, store_url):
    store.save(correction(1))
    with CorrectionStore(store_url) as second:
        assert len(second) == 1
        assert second.place == store.place


def test_default_is_a_private_file_of_the_user(tmp_path, monkeypatch):
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    for name in ("XDG_DATA_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    with CorrectionStore() as store:
        store.save(correction(1))
    file = Path(store.place)
    assert default_url() == f"sqlite:///{file}"
    assert file.is_relative_to(tmp_path)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_variable_names_another_place(tmp_path, monkeypatch):
    monkeypatch.setenv(URL_VARIABLE, str(tmp_path / "here.sqlite"))
    with CorrectionStore() as store:
        store.save(correction(1))
    with CorrectionStore(tmp_path / "here.sqlite") as same:
        assert same.place == store.place == str(tmp_path / "here.sqlite")
        assert len(same) == 1


def test_paths_may_hold_any_sign(tmp_path):
    file = tmp_path / "a %20b" / "ключ #1?.sqlite"
    file.parent.mkdir()
    with CorrectionStore(file) as store:
        store.save(correction(1))
    assert file.is_file()
    with CorrectionStore(f"sqlite:///{tmp_path}/plain.sqlite") as store:
        assert len(store) == 0


def test_file_that_is_moved_away_is_begun_anew(tmp_path, caplog):
    file = tmp_path / "corrections.sqlite"
    with CorrectionStore(file) as store:
        store.save(correction(1))
        file.rename(tmp_path / "backup.sqlite")
        with caplog.at_level(logging.WARNING):
            store.save(correction(2))
        assert "a new one is begun" in caplog.text
        assert store.keys() == [correction(2).key]
    with CorrectionStore(tmp_path / "backup.sqlite") as backup:
        assert backup.keys() == [correction(1).key]
