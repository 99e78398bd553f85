"""A reviewer's corrections of a trial in a store: what they change, mark, and leave alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kneetrack.clinic import correcting as co
from kneetrack.clinic.again import retake, settings_of
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.sessions import session_values
from kneetrack.clinic.settling import UNSETTLED, settle_left_over
from kneetrack.clinic_records.visits import CORRECTED_FILE, CORRECTED_FRAMES_FILE
from kneetrack.records import OutputError, SettingsError, UnknownRecordError
from kneetrack.report.schema import schema_text
from kneetrack.result import Result
from kneetrack.settings import settings_from
from kneetrack.store import Store
from tests.clinic.reviewed import Reviewed, reviewed


@pytest.fixture
def squat(tmp_path: Path) -> Iterator[Reviewed]:
    with reviewed(tmp_path) as made:
        yield made


def measures(result: Result, rep: int) -> dict[str, float | None]:
    return result.reps[rep - 1].measures


def test_without_a_correction_the_landmarks_give_the_same_json(squat: Reviewed) -> None:
    again = retake(squat.store, squat.trial.id)
    assert again.analyse().to_json() == squat.original.to_json()
    assert "corrected" not in squat.original.to_json()


def test_a_moved_landmark_touches_its_repetition_and_nothing_else(squat: Reviewed) -> None:
    before, kept = squat.original, squat.originals()
    bottom_s = before.reps[1].bottom_s
    made = co.move_landmark(
        squat.store,
        squat.trial.id,
        at_s=bottom_s + 0.003,
        landmark="left knee",
        to_px=(205.0, 420.0),
        reason="loose trousers",
    )
    now = squat.now
    assert made.target["t_s"] == pytest.approx(bottom_s, abs=0.02)
    assert squat.originals() == kept
    touched = now.reps[1].corrected_measures
    assert "kfo_ratio_left" in touched
    assert "kfo_ratio_right" not in touched
    assert not any(now.reps[i].corrected_measures for i in (0, 2, 3, 4))
    assert measures(now, 2)["kfo_ratio_left"] > measures(before, 2)["kfo_ratio_left"] + 0.1
    assert measures(now, 1) == measures(before, 1)
    marked = {(v.rule, v.side) for v in now.reps[1].verdicts if v.corrected}
    assert ("knee_valgus", "left") in marked
    assert ("knee_valgus", "right") not in marked
    rows = {(r.rule, r.side): r.corrected for r in now.summary}
    assert rows["knee_valgus", "left"]
    assert not rows["knee_valgus", "right"]
    assert rows["asymmetry", "both"]
    assert not rows["trunk_lean", "both"]


def test_the_rows_of_the_store_are_marked(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    bottom_s = squat.original.reps[1].bottom_s
    co.move_landmark(
        store, trial.id, at_s=bottom_s, landmark=25, to_px=(205.0, 420.0), reason="trousers"
    )
    marked = {
        (r.rep, r.measure, r.side) for r in store.readings(trial_ids=[trial.id]) if r.corrected
    }
    assert (2, "kfo", "left") in marked
    assert {rep for rep, _, _ in marked} == {2}
    assert (2, "kfo", "right") not in marked
    verdicts = {(v.rep, v.rule, v.side) for v in store.verdict_lines(trial.id) if v.corrected}
    assert (2, "knee_valgus", "left") in verdicts
    assert not any(rep.corrected for rep in store.rep_lines(trial.id))


def test_bounds_hold_as_they_were_set(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    old = squat.original.reps[2]
    co.move_bounds(store, trial.id, 3, end_s=old.end_s + 0.213, reason="heel came up")
    new = squat.now.reps[2]
    assert new.end_s == old.end_s + 0.213  # between two frames
    assert (new.start_s, new.bottom_s) == (old.start_s, old.bottom_s)
    assert new.descent_s + new.hold_s + new.ascent_s == pytest.approx(new.end_s - new.start_s)
    assert new.measures["kfo_ratio_left"] == old.measures["kfo_ratio_left"]
    assert [r.corrected for r in squat.now.reps] == [False, False, True, False, False]
    lines = store.rep_lines(trial.id)
    assert [line.corrected for line in lines] == [False, False, True, False, False]
    assert lines[2].end_s == new.end_s
    assert co.correction_lines(store, trial.id) == [
        f"rep 3 ended at {new.end_s:.1f} s instead of {old.end_s:.1f} s: heel came up; "
        f"KF, {store.corrections(trial.id)[0].at:%Y-%m-%d}"
    ]


def test_another_bottom_reads_other_numbers(squat: Reviewed) -> None:
    old = squat.original.reps[0]
    co.move_bounds(
        squat.store, squat.trial.id, 1, bottom_s=old.start_s + 0.4, reason="paused on the way"
    )
    new = squat.now.reps[0]
    assert new.measures["kfo_ratio_right"] < old.measures["kfo_ratio_right"] - 0.03
    assert squat.now.frames is None  # in corrected-frames.csv
    assert (squat.folder / CORRECTED_FRAMES_FILE).is_file()


def test_the_later_of_two_corrections_holds_and_both_stay(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    old = squat.original.reps[2]
    first = co.move_bounds(store, trial.id, 3, end_s=old.end_s + 0.3, reason="first look")
    second = co.move_bounds(store, trial.id, 3, start_s=old.start_s - 0.1, reason="second look")
    new = squat.now.reps[2]
    assert (new.start_s, new.end_s) == (old.start_s - 0.1, old.end_s + 0.3)
    assert second.before == first.before  # the original's
    assert len(store.corrections(trial.id)) == 2
    co.withdraw(store, second.id)
    assert (squat.now.reps[2].start_s, squat.now.reps[2].end_s) == (old.start_s, old.end_s + 0.3)
    assert len(store.corrections(trial.id, withdrawn=True)) == 2


def test_one_struck_out_is_not_counted_and_the_rest_keep_their_numbers(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    old = squat.original
    co.strike_rep(store, trial.id, 4, reason="lost balance, camera bumped")
    now = squat.now
    assert [r.bottom_s for r in now.reps] == [old.reps[i].bottom_s for i in (0, 1, 2, 4)]
    assert [r.index for r in now.reps] == [1, 2, 3, 4]
    assert now.rejected[-1].reason == "struck out by the reviewer"
    assert not any(r.corrected for r in now.reps)
    assert all(r.corrected for r in now.summary if r.reps_total)
    # the fifth is the fourth now, and is corrected by the number that is seen
    last = now.reps[3]
    made = co.move_bounds(store, trial.id, 4, end_s=last.end_s + 0.1, reason="cut short")
    assert made.target["rep"] == 5
    assert squat.now.reps[3].end_s == last.end_s + 0.1


def test_means_without_the_one_struck_out_are_marked(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial

    def marked() -> set[bool]:
        session, protocol = store.session(trial.session_id), load_protocol("lower-limb")
        values = session_values(store, session, protocol)
        return {v.corrected for v in values if v.key.measure in ("kfo", "ktsr", "trunk_lean")}

    assert marked() == {False}
    made = co.strike_rep(store, trial.id, 4, reason="cough")
    assert marked() == {True}
    assert not any(r.corrected for r in store.readings(trial_ids=[trial.id]) if r.rep)
    co.withdraw(store, made.id)
    assert marked() == {False}


def test_everything_struck_out_leaves_a_result_that_says_so(squat: Reviewed) -> None:
    for _ in range(5):
        co.strike_rep(squat.store, squat.trial.id, 1, reason="wrong person")
    assert squat.now.reps == []
    assert squat.now.exercise == "none"
    assert squat.now.reason == "every repetition was struck out by the reviewer"


def test_one_that_was_missed_is_added_moved_and_struck_out(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    old = squat.original.reps[3]
    co.strike_rep(store, trial.id, 4, reason="two movements in one")
    added = co.add_rep(
        store,
        trial.id,
        start_s=old.start_s + 0.05,
        bottom_s=old.bottom_s,
        end_s=old.end_s - 0.05,
        reason="this is it",
    )
    assert added.target["rep"] is None
    new = squat.now.reps[3]
    assert (new.exercise, new.side, new.corrected) == ("squat", "both", True)
    assert new.measures["kfo_ratio_left"] == pytest.approx(old.measures["kfo_ratio_left"], abs=1e-3)
    co.move_bounds(store, trial.id, 4, end_s=old.end_s, reason="longer")
    assert squat.now.reps[3].end_s == old.end_s
    gone = co.strike_rep(store, trial.id, 4, reason="none after all")
    assert len(squat.now.reps) == 4
    co.withdraw(store, gone.id)
    assert len(squat.now.reps) == 5
    co.withdraw(store, added.id)
    assert len(squat.now.reps) == 4


@pytest.mark.parametrize("moved_first", [True, False])
def test_a_strike_is_not_taken_back_before_what_was_added_in_its_place(
    squat: Reviewed, moved_first: bool
) -> None:
    """Else the movement would count twice."""
    store, trial = squat.store, squat.trial
    old = squat.original.reps[0]
    if moved_first:
        co.move_bounds(store, trial.id, 1, end_s=old.end_s + 0.1, reason="heel came up")
    struck = co.strike_rep(store, trial.id, 1, reason="two movements in one")
    start_s, end_s = old.start_s - 0.9, old.start_s + 0.5
    if moved_first:
        start_s, end_s = old.start_s + 0.6, old.end_s - 0.6
    added = co.add_rep(
        store,
        trial.id,
        start_s=start_s,
        bottom_s=(start_s + end_s) / 2,
        end_s=end_s,
        reason="this is it",
    )
    with pytest.raises(SettingsError, match=f"withdraw {added.id[:8]} first .a rep from"):
        co.withdraw(store, struck.id)
    assert struck.id in [c.id for c in store.corrections(trial.id)]
    assert len(squat.now.reps) == 5 and co.is_settled(store, trial.id)
    for correction in (added, struck, struck):
        co.withdraw(store, correction.id)
    assert squat.now.reps[0].start_s == old.start_s


def test_bounds_that_made_room_are_not_taken_back_before_what_took_it(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    first = squat.original.reps[0]
    shorter = co.move_bounds(store, trial.id, 1, end_s=first.end_s - 0.4, reason="a stumble")
    longer = co.move_bounds(store, trial.id, 2, start_s=first.end_s - 0.3, reason="earlier")
    with pytest.raises(SettingsError, match=f"withdraw {longer.id[:8]} first"):
        co.withdraw(store, shorter.id)
    co.withdraw(store, longer.id)
    co.withdraw(store, shorter.id)
    assert store.corrections(trial.id) == []


def test_a_verdict_is_overruled_with_its_numbers_kept(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    for rep in (1, 2, 3):
        co.overrule(store, trial.id, rep, "knee-valgus", "right", "ok", reason="brace pulls it in")
    now, old = squat.now, squat.original
    verdict = next(v for v in now.reps[1].verdicts if (v.rule, v.side) == ("knee_valgus", "right"))
    before = next(v for v in old.reps[1].verdicts if (v.rule, v.side) == ("knee_valgus", "right"))
    assert (verdict.status, verdict.overruled, verdict.corrected) == ("ok", before.status, True)
    assert (verdict.value, verdict.error) == (before.value, before.error)
    assert "brace pulls it in" in verdict.reason
    row = next(r for r in now.summary if (r.rule, r.side) == ("knee_valgus", "right"))
    was = next(r for r in old.summary if (r.rule, r.side) == ("knee_valgus", "right"))
    assert was.status == "flag"
    assert (row.status, row.overruled, row.cue) == ("ok", "flag", "")
    assert row.value == was.value
    lines = [v for v in store.verdict_lines(trial.id) if v.corrected]
    assert {(v.rep, v.rule, v.side, v.status) for v in lines} == {
        (rep, "knee_valgus", "right", "ok") for rep in (1, 2, 3)
    }
    assert not any(r.corrected for r in store.readings(trial_ids=[trial.id]))


def test_one_overruled_of_five_leaves_the_set_as_it_was(squat: Reviewed) -> None:
    co.overrule(
        squat.store, squat.trial.id, 2, "knee_valgus", "right", "cannot_tell", reason="hidden"
    )
    row = next(r for r in squat.now.summary if (r.rule, r.side) == ("knee_valgus", "right"))
    assert (row.status, row.reps_valid, row.corrected) == ("flag", 4, True)
    verdict = next(
        v for v in squat.now.reps[1].verdicts if (v.rule, v.side) == ("knee_valgus", "right")
    )
    assert (verdict.status, verdict.value) == ("cannot_tell", None)


def test_corrections_of_every_kind_hold_together(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    old = squat.original
    co.strike_rep(store, trial.id, 1, reason="practice")
    co.move_landmark(
        store,
        trial.id,
        at_s=old.reps[2].bottom_s,
        landmark="right_knee",
        to_px=(170, 420),
        reason="x",
    )
    co.overrule(store, trial.id, 3, "knee_valgus", "right", "watch", reason="x")
    co.move_bounds(store, trial.id, 4, start_s=old.reps[4].start_s + 0.1, reason="x")
    now = squat.now
    assert [note.kind for note in now.corrections] == ["bounds", "landmark", "verdict", "bounds"]
    assert [note.id for note in now.corrections] == [c.id for c in store.corrections(trial.id)]
    assert "kfo_ratio_right" in now.reps[1].corrected_measures
    word = next(v for v in now.reps[2].verdicts if (v.rule, v.side) == ("knee_valgus", "right"))
    assert (word.status, word.overruled) == ("watch", "flag")
    assert now.reps[3].start_s == old.reps[4].start_s + 0.1
    assert co.is_settled(store, trial.id)


def test_a_corrected_result_follows_the_schema(squat: Reviewed) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    store, trial = squat.store, squat.trial
    bottom_s = squat.original.reps[0].bottom_s
    co.strike_rep(store, trial.id, 5, reason="x")
    co.move_landmark(store, trial.id, at_s=bottom_s, landmark=26, to_px=(170, 420), reason="x")
    co.overrule(store, trial.id, 1, "knee_valgus", "left", "watch", reason="x")
    kept = json.loads((squat.folder / CORRECTED_FILE).read_text("utf-8"))
    jsonschema.validate(kept, json.loads(schema_text()))
    note = kept["corrections"][0]
    assert (note["kind"], note["by"], note["reason"]) == ("bounds", "KF", "x")
    assert note["text"].startswith("rep 5 (")
    assert kept["reps"][0]["corrected_measures"]
    assert "corrected_measures" not in kept["reps"][1]
    assert (store.trial(trial.id).reps_total, store.trial(trial.id).reps_valid) == (4, 4)


def test_times_rounded_by_a_form_are_no_change(squat: Reviewed) -> None:
    old = squat.original.reps[0]
    times = {"start_s": round(old.start_s, 2), "bottom_s": round(old.bottom_s, 2)}
    co.move_bounds(squat.store, squat.trial.id, 1, **times, end_s=old.end_s + 0.2, reason="x")
    new = squat.now.reps[0]
    assert (new.start_s, new.bottom_s) == (old.start_s, old.bottom_s)
    with pytest.raises(SettingsError, match="these bounds already"):
        co.move_bounds(squat.store, squat.trial.id, 1, **times, reason="x")


def test_all_withdrawn_is_as_before(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    before = (store.rep_lines(trial.id), store.readings(trial_ids=[trial.id]))
    made = co.strike_rep(store, trial.id, 4, reason="x")
    assert (squat.folder / CORRECTED_FILE).is_file()
    co.withdraw(store, made.id)
    assert not (squat.folder / CORRECTED_FILE).exists()
    assert not (squat.folder / CORRECTED_FRAMES_FILE).exists()
    assert (store.rep_lines(trial.id), store.readings(trial_ids=[trial.id])) == before
    assert co.correction_lines(store, trial.id) == []
    with pytest.raises(UnknownRecordError):
        co.withdraw(store, "0" * 32)


IMPOSSIBLE: dict[str, tuple[Callable[[Store, str], object], str]] = {
    "bottom outside": (
        lambda s, t: co.move_bounds(s, t, 1, bottom_s=9.0, reason="x"),
        "the bottom (9.00 s) must lie between",
    ),
    "neighbour": (
        lambda s, t: co.move_bounds(s, t, 1, end_s=6.0, reason="x"),
        "overlaps the repetition from",
    ),
    "outside the clip": (
        lambda s, t: co.move_bounds(s, t, 5, end_s=99.0, reason="x"),
        "does not lie within the clip",
    ),
    "not a number": (
        lambda s, t: co.move_bounds(s, t, 5, end_s=float("nan"), reason="x"),
        "must be numbers",
    ),
    "nothing to change": (
        lambda s, t: co.move_bounds(s, t, 5, reason="x"),
        "say what to change",
    ),
    "too short": (
        lambda s, t: co.add_rep(s, t, start_s=0.1, bottom_s=0.2, end_s=0.3, reason="x"),
        "at least 0.3 s",
    ),
    "no such rep": (lambda s, t: co.strike_rep(s, t, 6, reason="x"), "no repetition 6"),
    "no reason": (lambda s, t: co.strike_rep(s, t, 1, reason=" "), "needs a reason"),
    "landmark index": (
        lambda s, t: co.move_landmark(s, t, at_s=1, landmark=33, to_px=(1, 1), reason="x"),
        "there is no landmark 33",
    ),
    "landmark name": (
        lambda s, t: co.move_landmark(s, t, at_s=1, landmark="left_kne", to_px=(1, 1), reason="x"),
        "did you mean 'left_knee'",
    ),
    "time": (
        lambda s, t: co.move_landmark(s, t, at_s=99, landmark=25, to_px=(1, 1), reason="x"),
        "99 s lies outside the clip",
    ),
    "place": (
        lambda s, t: co.move_landmark(s, t, at_s=1, landmark=25, to_px=(1e4, 1), reason="x"),
        "outside the picture",
    ),
    "no number": (
        lambda s, t: co.move_landmark(
            s, t, at_s=1, landmark=25, to_px=(float("nan"), 1), reason="x"
        ),
        "outside the picture",
    ),
    "until": (
        lambda s, t: co.move_landmark(
            s, t, at_s=3, until_s=2, landmark=25, to_px=(1, 1), reason="x"
        ),
        "lies before",
    ),
    "rule": (
        lambda s, t: co.overrule(s, t, 1, "knee_valgu", "left", "ok", reason="x"),
        "did you mean 'knee_valgus'",
    ),
    "side": (
        lambda s, t: co.overrule(s, t, 1, "knee_valgus", "both", "ok", reason="x"),
        "is told of left or right",
    ),
    "same": (
        lambda s, t: co.overrule(s, t, 1, "knee_valgus", "right", "flag", reason="x"),
        "is flag already",
    ),
    "information": (
        lambda s, t: co.overrule(s, t, 1, "squat_depth", "both", "flag", reason="x"),
        "information only",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_the_impossible_is_one_line_and_changes_nothing(name: str, squat: Reviewed) -> None:
    correct, words = IMPOSSIBLE[name]
    with pytest.raises(SettingsError) as error:
        correct(squat.store, squat.trial.id)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert squat.store.corrections(squat.trial.id, withdrawn=True) == []
    assert not (squat.folder / CORRECTED_FILE).exists()


def test_a_take_without_landmarks(squat: Reviewed) -> None:
    (squat.folder / "landmarks.npz").unlink()
    with pytest.raises(SettingsError, match="no landmarks"):
        co.strike_rep(squat.store, squat.trial.id, 1, reason="x")


def test_what_cannot_be_written_is_not_left_standing(
    squat: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr("kneetrack.report.tables.write_result_json", full)
    with pytest.raises(OutputError):
        co.strike_rep(squat.store, squat.trial.id, 1, reason="x")
    assert squat.store.corrections(squat.trial.id) == []
    assert len(squat.store.rep_lines(squat.trial.id)) == 5
    assert co.is_settled(squat.store, squat.trial.id)


class KilledError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["files", "rows"])
def test_a_crash_half_way_is_seen_and_finished(
    at: str, squat: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        if at == "files":
            patch.setattr("kneetrack.report.tables.write_result_json", killed)
        else:
            patch.setattr(Store, "corrected_numbers", killed)
        with pytest.raises(KilledError):
            co.strike_rep(squat.store, squat.trial.id, 1, reason="x")
    assert not co.is_settled(squat.store, squat.trial.id)
    assert settle_left_over(squat.store) == [squat.trial.id]
    assert co.is_settled(squat.store, squat.trial.id)
    assert settle_left_over(squat.store) == []
    assert len(squat.now.reps) == len(squat.store.rep_lines(squat.trial.id)) == 4


def test_a_withdrawal_that_was_cut_short_is_finished(
    squat: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = co.strike_rep(squat.store, squat.trial.id, 1, reason="x")

    def unable(*_: object, **__: object) -> None:
        raise OutputError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "corrected_numbers", unable)
        with pytest.raises(OutputError):
            co.withdraw(squat.store, made.id)
        assert settle_left_over(squat.store) == []  # not now
    assert settle_left_over(squat.store) == [squat.trial.id]
    assert len(squat.store.rep_lines(squat.trial.id)) == 5
    assert not list((squat.store.files / UNSETTLED).iterdir())


def test_a_refused_correction_leaves_nothing_to_finish(squat: Reviewed) -> None:
    with pytest.raises(SettingsError):
        co.strike_rep(squat.store, squat.trial.id, 9, reason="x")
    assert not list((squat.store.files / UNSETTLED).iterdir())


def test_two_hands_at_once_both_hold(squat: Reviewed) -> None:
    store, trial = squat.store, squat.trial
    old = squat.original.reps
    failed: list[BaseException] = []

    def correct(rep: int) -> None:
        try:
            co.move_bounds(store, trial.id, rep, end_s=old[rep - 1].end_s + 0.1, reason=f"{rep}")
        except BaseException as error:
            failed.append(error)

    hands = [threading.Thread(target=correct, args=(rep,), daemon=True) for rep in (1, 2, 3, 5)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=60)
    assert not failed
    assert [r.corrected for r in squat.now.reps] == [True, True, True, False, True]
    assert len(squat.now.corrections) == 4
    assert co.is_settled(store, trial.id)


def test_settings_of_a_result_are_those_it_was_made_with(squat: Reviewed) -> None:
    own = settings_from(
        {
            "view": {"fppa_yaw_deg": 4.0},
            "bands": {"squat": {"knee_valgus": {"kfo": {"watch": 0.05, "flag": 0.12}}}},
        }
    )
    made = squat.original
    provenance = made.provenance.model_copy(update={"thresholds": own.as_dict()})
    stored = Result.model_validate_json(
        made.model_copy(update={"provenance": provenance}).to_json()
    )
    assert settings_of(stored) == own
    assert settings_of(made) != own


def test_a_balance_ends_where_it_is_said_to(tmp_path: Path) -> None:
    with reviewed(tmp_path, "stance_left") as balance:
        old = balance.original.reps[0]
        co.move_bounds(balance.store, balance.trial.id, 1, end_s=old.end_s - 5, reason="touched")
        new = balance.now.reps[0]
        assert new.bottom_s == new.end_s == old.end_s - 5
        assert new.hold_s == pytest.approx(old.hold_s - 5)


def test_a_bridge_keeps_its_hold(tmp_path: Path) -> None:
    with reviewed(tmp_path, "bridge", "side") as bridge:
        old = bridge.original.reps[0]
        co.move_bounds(bridge.store, bridge.trial.id, 1, start_s=old.start_s - 0.1, reason="x")
        new = bridge.now.reps[0]
        assert new.hold_s == pytest.approx(old.hold_s, abs=0.05)
        assert new.measures["lift_ratio"] == old.measures["lift_ratio"]


def test_an_added_lunge_knows_its_side(tmp_path: Path) -> None:
    with reviewed(tmp_path, "lunge") as lunge:
        old = lunge.original.reps
        assert old[2].side != old[3].side
        for _ in range(2):
            co.strike_rep(lunge.store, lunge.trial.id, 3, reason="x")
        for row in old[2:4]:
            co.add_rep(
                lunge.store,
                lunge.trial.id,
                start_s=row.start_s + 0.02,
                bottom_s=row.bottom_s,
                end_s=row.end_s,
                reason="x",
            )
        assert [r.side for r in lunge.now.reps] == [r.side for r in old]
