"""A visit from clips: planned, measured one after the other, resumed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kneetrack.clinic.clip_visit import ClipPlan, Measured, Reading, measure_clips, plan_clips
from kneetrack.clinic.matching import match_clips
from kneetrack.clinic.naming import trial_name
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.setup_facts import merged, metres, not_told, with_fact
from kneetrack.clinic.visit import (
    Visit,
    Wanted,
    begin_visit,
    close_when_done,
    day_of,
    missing_takes,
    missing_words,
    protocol_for,
    session_before,
)
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.records import ConsentError, SettingsError, UnknownRecordError
from kneetrack.store import Store
from tests.clinic.staged import Reader, clip, stage
from tests.storing import new_client

PROTOCOL = load_protocol("lower-limb")
SETUP = SetupFacts(3.0, 0.7, "barefoot", "hip width")
WANTED = Wanted("KT-017", PROTOCOL, setup=SETUP)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    return stage(monkeypatch)


@pytest.fixture(autouse=True)
def client(store: Store) -> None:
    new_client(store)


def run(
    store: Store, folder: Path, wanted: Wanted = WANTED, *said: str
) -> tuple[ClipPlan, Visit, list[Measured]]:
    plan = plan_clips(store, wanted, match_clips(wanted.protocol, folder, said))
    visit = begin_visit(store, wanted)
    return plan, visit, list(measure_clips(store, visit, plan, Reading()))


def told(store: Store, visit: Visit) -> list[tuple[str, str]]:
    trials = store.trials(visit.session.id)
    return [(trial_name(t, trials), t.status) for t in trials]


def test_clips_become_trials_and_one_that_is_broken_stops_nothing(
    store: Store, reader: Reader, tmp_path: Path
) -> None:
    clip(tmp_path, "squat-front.mp4", "squat front")
    clip(tmp_path, "lunge-front.mp4", "broken")
    clip(tmp_path, "slsq-left.mp4", "single_leg_squat left")
    _, visit, done = run(store, tmp_path)
    assert visit.begun and visit.session.setup == SETUP
    assert told(store, visit) == [
        ("squat:front", "good"),
        ("lunge:front", "failed"),
        ("slsq_left:front", "good"),
    ]
    assert [m.text for m in done] == [
        "5 squats, all read",
        "not measured: cannot read the clip: the clip is no video",
        "5 single-leg squats, all read",
    ]
    missing = missing_takes(PROTOCOL, store.trials(visit.session.id))
    assert missing_words(missing).startswith("lunge:front, slsq_right:front")
    assert not close_when_done(store, visit)


def test_the_same_again_measures_only_what_is_missing(
    store: Store, reader: Reader, tmp_path: Path
) -> None:
    clip(tmp_path, "squat-front.mp4", "squat front")
    clip(tmp_path, "lunge-front.mp4", "broken")
    _, first, _ = run(store, tmp_path)
    clip(tmp_path, "lunge-front.mp4", "lateral_lunge front")
    clip(tmp_path, "squat-side.mp4", "squat side")
    reader.read.clear()
    plan, visit, _ = run(store, tmp_path)
    assert visit.session.id == first.session.id and not visit.begun
    assert reader.read == ["lunge-front.mp4", "squat-side.mp4"]
    assert [c.skip for c in plan.clips] == ["measured already, as squat:front", "", ""]
    assert told(store, visit)[-2:] == [("lunge:front#2", "good"), ("squat:side", "good")]


def test_two_clips_of_a_take_are_two_attempts_and_the_later_counts(
    store: Store, reader: Reader, tmp_path: Path
) -> None:
    clip(tmp_path, "squat-front.mp4", "squat front 3")
    clip(tmp_path, "squat-front 2.mp4", "squat front")
    clip(tmp_path, "copy squat-front 3.mp4", "squat front").write_bytes(
        (tmp_path / "squat-front 2.mp4").read_bytes()
    )
    plan, visit, done = run(store, tmp_path)
    assert told(store, visit) == [("squat:front#1", "rejected"), ("squat:front#2", "good")]
    assert plan.clips[2].skip == "the same clip as one before it"
    assert done[0].text.startswith("3 of 5 squats counted")
    reader.read.clear()
    assert run(store, tmp_path)[0].to_do == []
    assert reader.read == []


def test_a_clip_without_a_name_is_taken_for_what_is_seen(
    store: Store, reader: Reader, tmp_path: Path
) -> None:
    clip(tmp_path, "IMG_1.mp4", "squat side")
    clip(tmp_path, "slsq.mp4", "single_leg_squat right")
    clip(tmp_path, "IMG_2.mp4", "squat oblique")
    clip(tmp_path, "IMG_3.mp4", "broken")
    _, visit, done = run(store, tmp_path)
    texts = {m.clip.name: m.text for m in done}
    assert told(store, visit) == [("squat:side", "good"), ("slsq_right:front", "good")]
    assert texts["IMG_1.mp4"] == "(it looks like a squat from the side) 5 squats, all read"
    assert texts["IMG_2.mp4"].startswith("left out: it looks like a squat from an oblique view")
    assert "is no video" in texts["IMG_3.mp4"]
    assert reader.read.count("IMG_1.mp4") == 1, "a clip is read once"


def test_what_was_named_counts_in_place_of_what_was_recognised(
    store: Store, reader: Reader, tmp_path: Path
) -> None:
    clip(tmp_path, "IMG_1.mp4", "squat front")
    clip(tmp_path, "squat-front.mp4", "squat front 3")
    _, visit, _ = run(store, tmp_path)
    good = [t for t in store.trials(visit.session.id) if t.status == "good"]
    assert [t.reps_total for t in good] == [3]


def test_a_rejected_clip_stays_rejected(store: Store, reader: Reader, tmp_path: Path) -> None:
    clip(tmp_path, "squat-front.mp4", "squat front")
    _, visit, _ = run(store, tmp_path)
    store.reject_trial(store.trials(visit.session.id)[0].id, "pain")
    plan, visit, _ = run(store, tmp_path)
    assert [c.skip for c in plan.clips] == ["rejected as squat:front: pain"]
    assert told(store, visit) == [("squat:front", "rejected")]


def test_a_visit_that_is_complete_is_closed_and_not_measured_twice(
    store: Store, reader: Reader, tmp_path: Path
) -> None:
    squat = replace(WANTED, protocol=load_protocol("squat"))
    clip(tmp_path, "squat-front.mp4", "squat front")
    clip(tmp_path, "squat-side.mp4", "squat side")
    _, visit, _ = run(store, tmp_path, squat)
    assert close_when_done(store, visit)
    plan = plan_clips(store, squat, match_clips(squat.protocol, tmp_path))
    assert plan.session is None and plan.to_do == []
    assert "in session 1 already (--new-session" in plan.clips[0].skip
    _, again, done = run(store, tmp_path, replace(squat, new=True))
    assert again.session.number == 2 and len(done) == 2


def test_ctrl_c_keeps_what_was_done(store: Store, reader: Reader, tmp_path: Path) -> None:
    clip(tmp_path, "squat-front.mp4", "squat front")
    clip(tmp_path, "lunge-front.mp4", "stop")
    clip(tmp_path, "slsq-left.mp4", "single_leg_squat left")
    with pytest.raises(KeyboardInterrupt):
        run(store, tmp_path)
    clip(tmp_path, "lunge-front.mp4", "lateral_lunge front")
    _, visit, _ = run(store, tmp_path)
    assert told(store, visit) == [
        ("squat:front", "good"),
        ("lunge:front#1", "failed"),
        ("lunge:front#2", "good"),
        ("slsq_left:front", "good"),
    ]


# -- which session ------------------------------------------------------------------------------


def test_without_consent_nothing_begins(store: Store, reader: Reader) -> None:
    client = store.client("KT-017")
    store.withdraw_consent(store.consents(client.id)[0].id)
    with pytest.raises(ConsentError):
        begin_visit(store, WANTED)
    assert store.sessions(client.id) == []


def test_a_session_of_another_day_is_named_not_gone_on_with(store: Store) -> None:
    before = datetime.now(UTC) - timedelta(days=2)
    client = store.client("KT-017")
    store.begin_session(client.id, "lower-limb", 1, SETUP, at=before)
    visit = begin_visit(store, WANTED)
    assert visit.begun and visit.session.number == 2
    assert "session 1 of" in visit.remarks[0] and "--session 1" in visit.remarks[0]
    assert begin_visit(store, WANTED).session.id == visit.session.id
    assert begin_visit(store, replace(WANTED, number=1)).session.number == 1
    assert begin_visit(store, replace(WANTED, new=True)).session.number == 3


def test_a_closed_session_is_opened_again_by_its_number(store: Store) -> None:
    visit = begin_visit(store, WANTED)
    store.close_session(visit.session.id)
    again = begin_visit(store, replace(WANTED, number=1, setup=SetupFacts(footwear="shoes")))
    assert again.session.closed_at is None
    assert again.session.setup == replace(SETUP, footwear="shoes")


def test_clips_of_another_day_have_their_day(store: Store) -> None:
    day = date.today() - timedelta(days=42)
    visit = begin_visit(store, replace(WANTED, on=day))
    assert day_of(visit.session) == day
    assert begin_visit(store, replace(WANTED, on=day)).session.id == visit.session.id
    assert begin_visit(store, WANTED).session.number == 2
    with pytest.raises(SettingsError, match="lies ahead"):
        begin_visit(store, replace(WANTED, on=date.today() + timedelta(days=1)))


def test_what_does_not_fit_together_is_refused(store: Store) -> None:
    begin_visit(store, WANTED)
    with pytest.raises(SettingsError, match="either --session or --new-session"):
        begin_visit(store, replace(WANTED, number=1, new=True))
    with pytest.raises(SettingsError, match="add --protocol lower-limb"):
        begin_visit(store, replace(WANTED, number=1, protocol=load_protocol("squat")))
    with pytest.raises(UnknownRecordError, match="no session 7: there is only session 1"):
        begin_visit(store, replace(WANTED, number=7))


# -- setup --------------------------------------------------------------------------------------


def test_facts_are_read_as_they_are_typed() -> None:
    setup = SetupFacts()
    for name, text in [("distance_m", "2,5 m"), ("camera_height_m", "70 cm"), ("footwear", " x ")]:
        setup = with_fact(setup, name, text)
    assert setup == SetupFacts(2.5, 0.7, "x")
    assert with_fact(setup, "stance", " ") == setup
    assert not_told(setup) == ["stance"]
    with pytest.raises(SettingsError, match="cannot read the distance 'far'"):
        metres("far", "distance")


def test_what_is_not_told_stays_as_it_was() -> None:
    assert merged(SetupFacts(footwear="shoes"), SETUP) == replace(SETUP, footwear="shoes")


def test_the_protocol_of_a_session_that_is_gone_on_with(store: Store) -> None:
    assert protocol_for(store, "KT-017", None).name == "lower-limb"
    assert protocol_for(store, "KT-017", "step-down").name == "step-down"
    first = begin_visit(store, replace(WANTED, protocol=load_protocol("squat"))).session
    assert protocol_for(store, "KT-017", None).name == "squat"
    store.close_session(first.id)
    assert protocol_for(store, "KT-017", None).name == "lower-limb"
    assert protocol_for(store, "KT-017", None, 1).name == "squat"
    second = begin_visit(store, WANTED).session
    before = session_before(store, second)
    assert before is not None and before.number == 1
    assert session_before(store, first) is None
