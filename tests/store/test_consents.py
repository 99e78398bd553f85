"""What a consent allows, for how long, and what its end takes away."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kneetrack.clinic_records.kinds import Purpose
from kneetrack.clinic_records.people import Client, ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import CLIP_FILE, DRAWN_SUFFIX, FACES_FILE, SetupFacts, Trial
from kneetrack.records import ConsentError, UnknownRecordError
from kneetrack.store import Store
from kneetrack.store.files import INCOMING
from tests.storing import PURPOSE, finished_trial, lay_files, new_client, new_session, numbers

TODAY = date.today()
ALL: frozenset[Purpose] = frozenset({"measurements", "video", "faces"})
PHOTOGRAPH, DRAWN = "still-1.jpg", f"still-2{DRAWN_SUFFIX}.jpg"
NUMBERS = {"result.json", "frames.csv", "landmarks.npz"}
LOWER: frozenset[Purpose] = frozenset({"measurements"})


def agree(store: Store, client: Client, *allows: Purpose, until: date | None = None) -> str:
    facts = ConsentFacts(TODAY, PURPOSE, frozenset({"measurements", *allows}), until, "mother")
    return store.give_consent(client.id, facts).id


def filmed(store: Store, client: Client, *, faces: bool = False) -> Trial:
    trial = store.begin_trial(new_session(store, client).id, "squat", "front", "clip")
    folder = store.trial_folder(trial.id)
    if faces:
        (folder / FACES_FILE).touch()
    for name in (PHOTOGRAPH, DRAWN):
        (folder / name).write_bytes(b"still")
    lay_files(folder, clip=True)
    return store.finish_trial(trial.id, numbers(trial.id))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_nothing_is_measured_without(store: Store) -> None:
    client = store.add_client(ClientFacts("KT-017"))
    with pytest.raises(ConsentError, match=r"no consent yet.*kneetrack client consent"):
        store.begin_session(client.id, "lower-limb", 1, SetupFacts())
    assert store.consent_now(client.id) is None
    agree(store, client)
    assert store.need_consent(client.id).facts.guardian == "mother"
    with pytest.raises(ConsentError, match="does not allow 'video'"):
        store.need_consent(client.id, "video")
    assert store.sessions(client.id) == []


def test_withdrawn_it_allows_nothing_and_older_ones_do_not_come_back(store: Store) -> None:
    client = new_client(store, allows=ALL)
    session = new_session(store, client)
    newest = agree(store, client)
    withdrawn = store.withdraw_consent(newest)
    assert withdrawn.withdrawn_on == TODAY
    assert store.consent_now(client.id) is None
    assert [c.withdrawn_on for c in store.consents(client.id)] == [TODAY, TODAY]
    with pytest.raises(ConsentError, match="withdrawn"):
        store.begin_trial(session.id, "squat", "front", "clip")
    what = [(line.what, line.kind) for line in store.audit(record_id=client.id)]
    assert what[:2] == [("withdrawn", "consent")] * 2
    with pytest.raises(UnknownRecordError):
        store.withdraw_consent("0" * 32)


def test_it_runs_out(store: Store) -> None:
    client = new_client(store, keep_until=TODAY + timedelta(days=3))
    endless = new_client(store, "KT-018")
    store.add_client(ClientFacts("KT-019"))
    assert store.consent_now(client.id, TODAY + timedelta(days=3)) is not None
    assert store.consent_now(client.id, TODAY + timedelta(days=4)) is None
    assert store.expired(TODAY + timedelta(days=3)) == []
    assert store.expired(TODAY + timedelta(days=4)) == [client]
    agree(store, client, until=TODAY + timedelta(days=30))
    assert store.expired(TODAY + timedelta(days=4)) == []
    agree(store, client, until=TODAY + timedelta(days=1))
    assert store.expired(TODAY + timedelta(days=4)) == [client], "the newest tells"
    store.withdraw_consent(store.consents(endless.id)[0].id)
    assert store.expired() == [endless], "kept until withdrawn"


def test_who_withdrew_is_over_whatever_end_was_agreed_and_first_with_data(store: Store) -> None:
    past = TODAY - timedelta(days=1)
    over = new_client(store, "A-1", given_on=past, keep_until=past)
    empty = new_client(store, "B-1", keep_until=TODAY + timedelta(days=90))
    measured = new_client(store, "C-1", keep_until=TODAY + timedelta(days=90))
    new_session(store, measured)
    for client in (empty, measured):
        store.withdraw_consent(store.consents(client.id)[0].id)
    assert store.expired() == [measured, over, empty]
    agree(store, measured)
    assert store.expired() == [over, empty]


def test_the_newest_counts_though_an_older_one_is_wider(store: Store) -> None:
    client = new_client(store, allows=ALL)
    agree(store, client)
    now = store.consent_now(client.id)
    assert now is not None
    assert now.facts.allows == LOWER
    assert len(store.consents(client.id)) == 2


def test_a_narrower_one_takes_clips_away(store: Store) -> None:
    client, other = new_client(store, allows=ALL), new_client(store, "KT-018", allows=ALL)
    trial, spared = filmed(store, client), filmed(store, other)
    folder = store.trial_folder(trial.id)
    assert trial.clip_kept
    agree(store, client, "video")
    assert (folder / CLIP_FILE).is_file()
    agree(store, client)
    assert not (folder / CLIP_FILE).exists()
    assert names(folder) == {*NUMBERS, DRAWN}, "photographs are of the clip"
    assert not store.trial(trial.id).clip_kept
    assert store.trial(spared.id).clip_kept
    assert (store.trial_folder(spared.id) / CLIP_FILE).is_file()


def test_without_faces_what_shows_one_goes(store: Store) -> None:
    client = new_client(store, allows=ALL)
    shown, blurred = filmed(store, client, faces=True), filmed(store, client)
    agree(store, client, "video")
    assert names(store.trial_folder(shown.id)) == {*NUMBERS, DRAWN}
    assert CLIP_FILE in names(store.trial_folder(blurred.id))
    assert [store.trial(t.id).clip_kept for t in (shown, blurred)] == [False, True]


def test_a_narrower_consent_holds_for_a_clip_that_is_being_analysed(store: Store) -> None:
    client = new_client(store, allows=ALL)
    session = new_session(store, client)
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    agree(store, client)
    lay_files(store.trial_folder(trial.id), clip=True)
    done = store.finish_trial(trial.id, numbers(trial.id))
    assert done.status == "good" and not done.clip_kept
    assert CLIP_FILE not in names(store.trial_folder(trial.id))


def test_nothing_is_measured_on_a_consent_that_was_withdrawn_meanwhile(store: Store) -> None:
    client = new_client(store, allows=ALL)
    session = new_session(store, client)
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    store.withdraw_consent(store.consents(client.id)[0].id)
    lay_files(store.trial_folder(trial.id), clip=True)
    with pytest.raises(ConsentError, match="withdrawn"):
        store.finish_trial(trial.id, numbers(trial.id))
    assert store.trial(trial.id).status == "under_way"
    assert not store.readings(trial_ids=[trial.id])


def test_clips_that_come_on_a_new_consent_are_no_stragglers(store: Store) -> None:
    client = new_client(store, allows=ALL)
    folder = store.files / INCOMING / new_session(store, client).id
    store.withdraw_consent(store.consents(client.id)[0].id)
    agree(store, client)
    folder.mkdir(parents=True)
    (folder / "clip").write_bytes(b"on its way")
    store.finish_deletions()
    assert (folder / "clip").is_file()


def test_pictures_made_anew_follow_the_consent(store: Store) -> None:
    """Withdrawn while the stills of a corrected take were being made."""
    client = new_client(store, allows=ALL)
    trial = filmed(store, client)
    store.withdraw_consent(store.consents(client.id)[0].id)
    folder = store.trial_folder(trial.id)
    for name in ("still-telling.jpg", ".part-0a1b.jpg", "still-seen-drawn.jpg"):
        (folder / name).write_bytes(b"made late")
    store.corrected_numbers(trial.id, numbers(trial.id))
    assert names(folder) == {*NUMBERS, DRAWN, "still-seen-drawn.jpg"}


def test_a_removal_that_was_cut_off_is_made_good(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(store, allows=ALL)
    session = new_session(store, client)
    trial = finished_trial(store, session, clip=True)
    monkeypatch.setattr(Store, "_remove_marked", lambda _self: [])
    store.withdraw_consent(store.consents(client.id)[0].id)
    assert (store.trial_folder(trial.id) / CLIP_FILE).exists()
    monkeypatch.undo()
    store.finish_deletions()
    assert not (store.trial_folder(trial.id) / CLIP_FILE).exists()


def test_clips_on_their_way_go_when_nothing_may_be_measured(store: Store) -> None:
    client = new_client(store, allows=ALL)
    folder = store.files / INCOMING / new_session(store, client).id
    folder.mkdir(parents=True)
    (folder / "clip").write_bytes(b"on its way")
    agree(store, client)
    assert folder.is_dir(), "it may still be measured"
    store.withdraw_consent(store.consents(client.id)[0].id)
    assert not folder.exists()
