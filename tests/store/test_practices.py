"""Practices: kept part by part, whatever happens in between."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from kneetrack.clinic_records.kinds import Purpose
from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.clinic_records.practice import (
    LONGEST,
    SIGNS,
    Dose,
    PartDone,
    PartMeasure,
    PracticeFacts,
    SignFound,
)
from kneetrack.clinic_records.visits import FACES_FILE
from kneetrack.records import ConsentError, SettingsError, StoreError, UnknownRecordError
from kneetrack.store import Store, open_store
from tests.store.practising import AT, full_practice, part
from tests.storing import PURPOSE, new_client

DAY = timedelta(days=1)
FACTS = PracticeFacts("programme", "Hips", 2, True, 3)


def test_a_practice_is_kept_as_it_was(store: Store) -> None:
    client = new_client(store)
    begun = store.begin_practice(client.id, FACTS, at=AT)
    assert (begun.number, begun.at, begun.facts, begun.ended) == (1, AT, FACTS, "under_way")
    parts = (part("release", folders=0), part("lunge", folders=3))
    signs = tuple(SignFound(sign, "unsure", None, "") for sign in SIGNS)
    for one in parts:
        store.add_part(begun.id, one)
    store.set_signs(begun.id, signs)
    store.tell_pain(begun.id, after=0)
    store.tell_next_morning(begun.id, 10, date(2026, 11, 4))
    ended = store.end_practice(begun.id, "pain", note="the left one", at=AT + DAY / 48)
    record = store.practice_record(begun.id)
    assert record.practice == ended == store.practice(begun.id)
    assert (record.parts, record.signs) == (parts, signs)
    assert (ended.facts.pain_before, ended.pain_after, ended.pain_next) == (3, 0, 10)
    assert (ended.pain_next_on, ended.note) == (date(2026, 11, 4), "the left one")
    assert (ended.ended, ended.ended_at, ended.brought) == ("pain", AT + DAY / 48, False)
    assert store.note_practice(begun.id, "").note == ""
    assert store.tell_pain(begun.id, before=0).facts.pain_before == 0
    assert store.tell_pain(begun.id) == store.practice(begun.id)


def test_a_part_of_the_same_key_is_replaced_in_its_place(store: Store) -> None:
    practice = store.begin_practice(new_client(store).id, FACTS)
    for key in ("release", "bridge", "lunge"):
        store.add_part(practice.id, part(key))
    again = PartDone("bridge", "bridge", Dose(), "skipped")
    store.add_part(practice.id, again)
    found = store.practice_record(practice.id).parts
    assert [one.part for one in found] == ["release", "bridge", "lunge"]
    assert found[1] == again
    store.set_signs(practice.id, [SignFound("one_leg", "yes")])
    store.set_signs(practice.id, [])
    assert store.practice_record(practice.id).signs == ()


def test_numbers_of_numpy_are_plain_and_nan_is_none(store: Store) -> None:
    practice = store.begin_practice(new_client(store).id, FACTS)
    measure = PartMeasure(
        *("knee_valgus", "left", "ok", "kfo", "ratio"),
        *(np.float32("nan"), float("nan"), "", np.int64(8), np.int64(9)),  # type: ignore[arg-type]
    )
    given = PartDone(
        "lunge", "lunge", Dose(np.int64(2)), "done", seconds=np.float64(1.5), measures=(measure,)
    )  # type: ignore[arg-type]
    store.add_part(practice.id, given)
    (found,) = store.practice_record(practice.id).parts
    assert (found.dose.sets, found.seconds) == (2, 1.5)
    (told,) = found.measures
    assert (told.value, told.error, told.reps_valid, told.reps_total) == (None, None, 8, 9)


def test_they_come_by_time_and_the_newest_can_be_asked_for(store: Store) -> None:
    client, other = new_client(store), new_client(store, "KT-018")
    full_practice(store, other)
    later = full_practice(store, client, at=AT + DAY)
    check = store.begin_practice(client.id, PracticeFacts("selfcheck"), at=AT + 2 * DAY)
    first = full_practice(store, client, at=AT)
    assert [p.number for p in store.practices(client.id)] == [1, 2, 3]
    assert [p.id for p in store.practices(client.id)] == [first.id, later.id, check.id]
    assert store.practice(later.id).number == 2
    assert [p.number for p in store.practices(client.id, kind="selfcheck")] == [3]
    newest = store.practice_records(client.id, kind="programme", last=1)
    assert [r.practice.id for r in newest] == [later.id]
    assert newest[0].parts and newest[0].signs
    assert len(store.practice_records(client.id, last=2)) == 2
    assert len(store.practice_records(client.id)) == 3


@pytest.mark.parametrize("pain", [-1, 11])
def test_pain_is_0_to_10(store: Store, pain: int) -> None:
    practice = store.begin_practice(new_client(store).id, FACTS)
    for tell in (
        lambda: store.tell_pain(practice.id, after=pain),
        lambda: store.tell_next_morning(practice.id, pain, date.today()),
        lambda: PracticeFacts("programme", pain_before=pain),
    ):
        with pytest.raises(SettingsError, match=r"0 \(none\) to 10"):
            tell()
    assert store.practice(practice.id).pain_after is None


def test_a_morning_is_after_and_a_note_is_short(store: Store) -> None:
    practice = store.begin_practice(new_client(store).id, FACTS, at=AT)
    with pytest.raises(SettingsError, match="before the practice"):
        store.tell_next_morning(practice.id, 1, AT.astimezone().date() - 2 * DAY)
    with pytest.raises(SettingsError, match="4000"):
        store.note_practice(practice.id, "x" * 4001)
    assert store.practice(practice.id).pain_next is None


def test_without_a_consent_nothing_is_recorded(store: Store) -> None:
    nobody = store.add_client(ClientFacts("KT-001"))
    with pytest.raises(ConsentError, match="no consent yet"):
        store.begin_practice(nobody.id, FACTS)
    client = new_client(store)
    practice = store.begin_practice(client.id, FACTS)
    store.add_part(practice.id, part())
    store.withdraw_consent(store.consents(client.id)[0].id)
    for record in (
        lambda: store.add_part(practice.id, part("bridge")),
        lambda: store.set_signs(practice.id, [SignFound("one_leg", "yes")]),
        lambda: store.tell_pain(practice.id, after=3),
        lambda: store.note_practice(practice.id, "Tired."),
    ):
        with pytest.raises(ConsentError, match="withdrawn"):
            record()
    ended = store.end_practice(practice.id, "stopped", note="Tired.")
    assert (ended.ended, ended.note) == ("stopped", "")
    assert len(store.practice_record(practice.id).parts) == 1
    assert store.expired() == [client]


def test_an_unknown_one_is_told(store: Store) -> None:
    for ask in (
        lambda: store.practice("0" * 32),
        lambda: store.practice_record("0" * 32),
        lambda: store.add_part("0" * 32, part()),
        lambda: store.end_practice("0" * 32, "done"),
        lambda: store.practice_folder("0" * 32),
        lambda: store.delete_practice("0" * 32),
    ):
        with pytest.raises(UnknownRecordError, match="no practice is known"):
            ask()
    with pytest.raises(UnknownRecordError, match="client"):
        store.practices("0" * 32)


def test_its_folder_is_private_and_in_the_clients_own(store: Store) -> None:
    client = new_client(store)
    practice = store.begin_practice(client.id, FACTS)
    folder = store.practice_folder(practice.id)
    assert folder == store.files / client.id / f"practice-{practice.id}"
    assert folder.is_dir() and folder.stat().st_mode & 0o077 == 0


def test_a_deleted_practice_takes_its_files_along(store: Store) -> None:
    client = new_client(store)
    gone, kept = full_practice(store, client), full_practice(store, client, at=AT + DAY)
    folder = store.practice_folder(gone.id)
    done = store.delete_practice(gone.id)
    assert (done.practices, done.files, done.clients, done.left) == (1, 1, 0, ())
    assert not folder.exists() and store.practice_folder(kept.id).is_dir()
    assert [p.number for p in store.practices(client.id)] == [1]
    folder.mkdir()
    (folder / "late").touch()
    with pytest.raises(UnknownRecordError):
        store.add_part(gone.id, part())
    assert not folder.exists(), "what was written for it meanwhile"


def test_every_change_is_in_the_audit_without_what_it_held(store: Store) -> None:
    client = new_client(store)
    practice = full_practice(store, client, why="Zuckerhut", note="Remarkable")
    store.delete_practice(practice.id)
    lines = store.audit(record_id=practice.id)
    told = [(line.what, line.detail) for line in lines][::-1]
    assert told == [
        ("added", "programme"),
        ("changed", "part"),
        ("changed", "signs"),
        ("changed", "pain_after"),
        ("changed", "ended"),
        ("deleted", ""),
    ]
    assert {line.client_id for line in lines} == {client.id}
    assert not any(word in str(lines) for word in ("Zuckerhut", "Remarkable"))


VIDEO: frozenset[Purpose] = frozenset({"measurements", "video"})


@pytest.mark.parametrize("when", ["at its end", "later"])
def test_what_the_consent_does_not_cover_is_not_kept(store: Store, when: str) -> None:
    client = new_client(store, allows=VIDEO if when == "later" else frozenset({"measurements"}))
    practice = store.begin_practice(client.id, FACTS)
    folder = store.practice_folder(practice.id) / "lunge-1"
    folder.mkdir()
    for name in ("clip.mp4", "report.html", "still-1.jpg", "result.json", "landmarks.npz"):
        (folder / name).touch()
    store.end_practice(practice.id, "done")
    if when == "later":
        assert (folder / "clip.mp4").exists() and (folder / "report.html").exists()
        assert store.would_lose(client.id, {"measurements"}).clips == 1
        store.give_consent(client.id, ConsentFacts(date.today(), PURPOSE))
        line = store.audit(record_id=practice.id)[0]
        assert (line.what, line.kind, line.by) == ("changed", "practice", "Kim")
        assert line.detail.startswith("1 kept clip and 1 still picture")
    assert sorted(path.name for path in folder.iterdir()) == ["landmarks.npz", "result.json"]


def test_a_report_without_pictures_is_kept_one_of_faces_goes_with_them(store: Store) -> None:
    client = new_client(store)
    practice = store.begin_practice(client.id, FACTS)
    page = store.practice_folder(practice.id) / "lunge-1" / "report.html"
    page.parent.mkdir()
    page.touch()
    store.end_practice(practice.id, "done")
    assert page.exists()
    (page.parent / "clip.mp4").touch()
    (page.parent / FACES_FILE).touch()
    store.give_consent(client.id, ConsentFacts(date.today(), PURPOSE, VIDEO | {"faces"}))
    assert page.exists()
    store.give_consent(client.id, ConsentFacts(date.today(), PURPOSE, VIDEO))
    assert list(page.parent.iterdir()) == []


def test_one_that_was_killed_stays_as_it_was(
    store: Store, store_url: str, store_files: Path, root: Path
) -> None:
    """Opening the store again, as another program would, changes nothing of it."""
    client = new_client(store)
    code = (
        "import os, sys; from pathlib import Path\n"
        "from kneetrack.store import open_store\n"
        "from tests.store.practising import part\n"
        "from tests.store.test_practices import FACTS\n"
        "store = open_store(sys.argv[1], files=Path(sys.argv[2]))\n"
        "practice = store.begin_practice(sys.argv[3], FACTS)\n"
        "store.add_part(practice.id, part())\n"
        "store.practice_folder(practice.id)\n"
        "print(practice.id, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, store_url, str(store_files), client.id],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=root,
        check=False,
    )
    practice_id = done.stdout.strip()
    assert len(practice_id) == 32, done.stderr
    for _ in range(2):
        with open_store(store_url, files=store_files) as again:
            record = again.practice_record(practice_id)
            assert record.practice.ended == "under_way"
            assert record.parts == (part(),)
            assert again.practice_folder(practice_id).is_dir()
    at = record.practice.at
    assert not record.practice.broken_off(at + LONGEST)
    assert record.practice.broken_off(at + LONGEST + DAY)
    ended = store.end_practice(practice_id, "stopped")
    assert not ended.broken_off(at + DAY)


def test_files_that_are_lost_are_missed(store_url: str, store_files: Path) -> None:
    with open_store(store_url, files=store_files) as store:
        full_practice(store, store.make_own_client())
    store_files.rename(store_files.with_name("moved"))
    with pytest.raises(StoreError, match="is not there"):
        open_store(store_url, files=store_files)


def test_threads_do_not_get_in_each_others_way(store: Store) -> None:
    client = new_client(store)

    def work(n: int) -> None:
        practice = store.begin_practice(client.id, FACTS)
        for key in ("a", "b", "a"):
            store.add_part(practice.id, part(key, reps_done=n))
        store.end_practice(practice.id, "done")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(12)))
    records = store.practice_records(client.id)
    assert [r.practice.number for r in records] == list(range(1, 13))
    assert {tuple(p.part for p in r.parts) for r in records} == {("a", "b")}
