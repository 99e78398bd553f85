"""What may be called changed, and from which difference on."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.clinic.catalogue import BODY_HEIGHT
from kneetrack.clinic.change import changes, compare, protocol_of, remarks, setup_of, trend
from kneetrack.clinic.limits import KFO_MDC95, limit_for, published
from kneetrack.clinic.setupmatch import SetupDifference, SetupMatch
from kneetrack.clinic_records.numbers import Change, Reliability, SessionValue
from kneetrack.clinic_records.visits import RESULT_FILE, Session, SetupFacts
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.store import Store
from tests.clinic import numbering as n
from tests.storing import new_client

ALIKE = SetupMatch()
OWN = Reliability("fppa_at_45_60", "single_leg_squat", "front", "deg", 15, 2, 0.9, 1.5, 4.16)


def change(
    before: SessionValue,
    after: SessionValue,
    setup: SetupMatch = ALIKE,
    adopted: tuple[Reliability, ...] = (),
) -> Change:
    """What is said of one measure in two sessions."""
    old, new = (replace(n.measured(i), values=(v,)) for i, v in ((1, before), (2, after)))
    return changes(old, new, setup, adopted)[0]


# ------------------------------------------------------------------ limits


def test_published_limits_are_those_of_the_reference() -> None:
    for measure, most in (
        ("fppa_at_45_60", 8.5),
        ("fppa_change_mean_at_45_60", 8.5),
        ("fppa_square_at_45_60", 8.5),
        ("knee_flexion", 10.0),
        ("ktsr", 0.15),
        ("trunk_lean", 5.0),
        ("pelvic_drop", 11.0),
    ):
        limit = published(n.value(1.0, measure=measure).key)
        assert limit is not None and limit.mdc95 == most and not limit.own, measure
    for measure in ("kasr", "weight_shift", "lift", "descent", "depth", "trunk_inclination"):
        assert published(n.value(1.0, measure=measure).key) is None, measure


def test_the_limit_of_kfo_is_the_fppas_seen_as_a_distance() -> None:
    """A knee 0.074 shanks further in turns thigh and shank by 4.25 degrees each: 8.5 together."""
    assert KFO_MDC95 == 0.074
    angle = 2 * math.degrees(math.atan(KFO_MDC95))
    assert angle == pytest.approx(8.5, abs=0.05)


def test_the_errors_of_the_two_values_are_the_least_limit() -> None:
    """1.96 sqrt(3^2 + 4^2) = 9.8, more than 8.5."""
    limit = limit_for(n.value(1.0, 3.0), n.value(1.0, 4.0), ())
    assert limit is not None and limit.mdc95 == pytest.approx(9.8)
    assert limit.source.startswith("errors of the two values, above 8.5°: Munro 2012")
    small = limit_for(n.value(1.0, 1.0), n.value(1.0, 1.0), ())
    assert small is not None and (small.mdc95, small.source[:5]) == (8.5, "Munro")


def test_own_reliability_comes_first_but_never_below_the_errors() -> None:
    adopted = (replace(OWN, adopted_at=datetime(2026, 11, 2, tzinfo=UTC)),)
    limit = limit_for(n.value(1.0, 1.0), n.value(1.0, 1.0), adopted)
    assert limit is not None and limit.own
    assert (limit.mdc95, limit.source) == (4.16, "own reliability, 2026-11-02")
    wide = limit_for(n.value(1.0, 3.0), n.value(1.0, 4.0), adopted)
    assert wide is not None and wide.mdc95 == pytest.approx(9.8) and not wide.own


@pytest.mark.parametrize(
    "other",
    [
        {"measure": "kfo"},
        {"exercise": "squat"},
        {"view": "oblique"},
        {"unit": "ratio"},
        {"mdc95": math.nan},
    ],
)
def test_own_reliability_of_something_else_is_not_taken(other: dict[str, Any]) -> None:
    row = replace(OWN, **other)
    limit = limit_for(n.value(1.0, 1.0), n.value(1.0, 1.0), (row,))
    assert limit is not None and not limit.own


# ------------------------------------------------------------------ answers


@pytest.mark.parametrize(
    ("after", "answer"),
    [(18.51, "changed"), (18.5, "no_real_change"), (1.5, "no_real_change"), (1.49, "changed")],
)
def test_changed_is_said_beyond_the_limit_and_not_at_it(after: float, answer: str) -> None:
    found = change(n.value(10.0), n.value(after))
    assert found.answer == answer
    assert found.difference == pytest.approx(after - 10.0)


def test_a_float_does_not_tip_the_balance() -> None:
    """1.05 - 0.90 is 0.15000000000000002."""
    before = n.value(0.90, 0.01, measure="ktsr", side="both", step="squat", exercise="squat")
    assert change(before, replace(before, value=1.05)).answer == "no_real_change"
    assert change(before, replace(before, value=1.06)).answer == "changed"


def test_the_reason_has_number_limit_and_source() -> None:
    found = change(n.value(10.0), n.value(19.2))
    assert found.why == "+9.2° is beyond 8.5° (Munro 2012, single-leg squat and landing)"
    near = change(n.value(10.0), n.value(18.54))
    assert near.answer == "changed" and near.why.startswith("+8.54° is beyond 8.50°")


def test_a_set_up_that_differs_leaves_the_number_and_takes_the_answer() -> None:
    shoes = SetupDifference("footwear", "Footwear: barefoot before, shoes now", bars=True)
    found = change(n.value(10.0), n.value(30.0), SetupMatch((shoes,)))
    assert found.answer == "cannot_tell"
    assert found.difference == pytest.approx(20.0)
    assert found.why == "not set up alike: Footwear: barefoot before, shoes now"
    nearer = SetupDifference("distance", "Distance: 3 m before, 4 m now", bars=True)
    both = change(n.value(10.0), n.value(30.0), SetupMatch((shoes, nearer)))
    assert both.why == f"{found.why}; also Distance: 3 m before, 4 m now"


def test_a_different_depth_is_no_matter_of_the_set_up() -> None:
    depth = SetupDifference("depth", "Squat: depth −0.63 before, −0.41 now", bars=True)
    found = change(n.value(10.0), n.value(30.0), SetupMatch((depth,)))
    assert found.why == "not done as deep: Squat: depth −0.63 before, −0.41 now"


def test_what_was_not_told_is_said_where_a_change_is_called_real() -> None:
    untold = SetupDifference("footwear", "Footwear not told now", bars=False, untold=True)
    version = SetupDifference("versions", "Software: version 1 before, 2 now", bars=False)
    found = change(n.value(10.0), n.value(30.0), SetupMatch((untold, version)))
    assert found.answer == "changed"
    assert found.why.endswith("; not told: footwear; Software: version 1 before, 2 now")


def test_few_repetitions_are_named() -> None:
    found = change(n.value(10.0, reps=2), n.value(30.0))
    assert found.why.endswith("; from 2 valid repetitions on one of the days")


@pytest.mark.parametrize(
    ("before", "after", "days"), [(1, 5, "before"), (5, 1, "now"), (1, 1, "before and now")]
)
def test_a_single_repetition_tells_no_change(before: int, after: int, days: str) -> None:
    found = change(n.value(10.0, reps=before), n.value(30.0, reps=after))
    assert found.answer == "cannot_tell" and found.limit is not None
    assert found.why.startswith(f"only one repetition could be read {days}:")
    assert found.why.endswith("film at least 3")
    near = change(n.value(10.0, reps=before), n.value(11.0, reps=after))
    assert near.answer == "no_real_change", "its true error is larger, not smaller"


def test_a_balance_is_one_repetition() -> None:
    old = n.value(2.0, measure="trunk_lean", exercise="single_leg_stance", reps=1)
    assert change(old, replace(old, value=20.0)).answer == "changed"


def test_what_is_to_be_known_beside_a_real_change() -> None:
    untold = SetupMatch((SetupDifference("footwear", "Footwear not told", False, untold=True),))
    assert remarks(change(n.value(10.0), n.value(30.0), untold)) == "not told: footwear"
    assert remarks(change(n.value(10.0), n.value(30.0))) == ""
    assert remarks(change(n.value(10.0), n.value(11.0), untold)) == ""


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_the_day_of_an_own_limit_is_the_clinics(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        midday = datetime(2026, 11, 2, 12, 30).astimezone()
        late = datetime(2026, 11, 2, 23, 30).astimezone()
        for at in (midday, late):
            row = replace(OWN, adopted_at=at.astimezone(UTC))
            limit = limit_for(n.value(1.0, 0.1), n.value(1.0, 0.1), (row,))
            assert limit is not None and limit.source == "own reliability, 2026-11-02"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_no_known_limit_is_no_answer() -> None:
    before = n.value(0.0, 0.01, measure="weight_shift", side="both", step="squat")
    far, near = (change(before, replace(before, value=v)) for v in (0.5, 0.01))
    for found in (far, near):
        assert found.answer == "cannot_tell" and found.limit is None
        assert "adopt your own with kneetrack reliability" in found.why
    assert near.why.startswith("within the errors of the two values")
    assert not far.why.startswith("within")


def test_a_missing_value_is_no_answer_and_never_nought() -> None:
    found = change(n.value(None, why_not="foot hidden"), n.value(3.0))
    assert (found.answer, found.difference, found.why) == (
        "cannot_tell",
        None,
        "before: foot hidden",
    )
    both = change(n.value(None, why_not="no take"), n.value(None, why_not="no take"))
    assert both.why == "no take"


def test_another_view_is_not_compared() -> None:
    found = change(n.value(10.0), n.value(30.0, view="oblique"))
    assert found.answer == "cannot_tell" and found.difference is None
    assert found.why == "seen from front before, from oblique now: not comparable"


def test_what_was_measured_once_is_told_as_not_measured_the_other_time() -> None:
    first = n.measured(1, n.take(n.LEFT).put("kfo", [0.1], side="left"))
    second = n.measured(2, n.take(n.SQUAT).put("ktsr", [0.9]))
    found = {(c.key.step, c.key.measure): c for c in changes(first, second, ALIKE)}
    assert found["slsq_left", "kfo"].why == "now: not measured in this session"
    assert found["squat", "ktsr"].why == "before: not measured in this session"
    assert {c.answer for c in found.values()} == {"cannot_tell"}


@given(st.floats(-60, 60), st.floats(-60, 60), st.floats(0, 10), st.floats(0, 10))
def test_there_and_back_is_the_same_answer(a: float, b: float, e1: float, e2: float) -> None:
    there = change(n.value(a, e1), n.value(b, e2))
    back = change(n.value(b, e2), n.value(a, e1))
    assert there.answer == back.answer
    if there.answer == "changed":
        assert abs(b - a) > 8.5 and abs(b - a) > 1.96 * math.hypot(e1, e2)


# ------------------------------------------------------------------ through the store


def visit(
    store: Store, client_id: str, day: int, kfo: float, setup: SetupFacts = n.TOLD
) -> Session:
    """A session with a squat from the front, the right knee so far inside."""
    at = n.DAY.replace(month=9 + day)
    session = store.begin_session(client_id, "lower-limb", 1, setup, at=at)
    made = n.take(n.SQUAT).put("kfo", [kfo, kfo + 0.01, kfo - 0.01], side="right")
    n.keep(store, session.id, made.put("ktsr", [0.9, 0.9, 0.9]).fact(BODY_HEIGHT, 0.6))
    return store.session(session.id)


def answers(store: Store, before: Session, after: Session) -> dict[tuple[str, str], str]:
    protocol = protocol_of(store, [before, after])
    found = compare(store, before, after, protocol)
    return {(c.key.measure, c.key.side): c.answer for c in found}


def test_two_equal_sessions_have_no_real_change_and_two_others_have(store: Store) -> None:
    client = new_client(store)
    first, second, third = (visit(store, client.id, i, k) for i, k in enumerate((0.25, 0.24, 0.05)))
    assert answers(store, first, second)["kfo", "right"] == "no_real_change"
    told = answers(store, first, third)
    assert told["kfo", "right"] == "changed"
    assert told["ktsr", "both"] == "no_real_change"


def test_other_shoes_take_every_answer(store: Store) -> None:
    client = new_client(store)
    first = visit(store, client.id, 0, 0.25)
    second = visit(store, client.id, 1, 0.05, replace(n.TOLD, footwear="shoes"))
    assert set(answers(store, first, second).values()) == {"cannot_tell"}
    assert not setup_of(store, first, second, protocol_of(store, [second])).matches


def test_adopted_reliability_decides(store: Store) -> None:
    client = new_client(store)
    first, second = (visit(store, client.id, i, k) for i, k in enumerate((0.25, 0.10)))
    assert answers(store, first, second)["kfo", "right"] == "changed"
    store.adopt_reliability([Reliability("kfo", "squat", "front", "ratio", 15, 2, 0.5, 0.1, 0.28)])
    assert answers(store, first, second)["kfo", "right"] == "no_real_change"


def test_versions_and_settings_that_differ_are_named(store: Store) -> None:
    client = new_client(store)
    sessions = [visit(store, client.id, i, k) for i, k in enumerate((0.25, 0.05))]
    for session, version, yaw in zip(sessions, ("0.3", "0.4"), (5.0, 6.0), strict=True):
        trial = store.trials(session.id)[0]
        made_by = {
            "kneetrack": version,
            "mediapipe": "1",
            "model sha256": version,
            "thresholds": {"view": {"fppa_yaw_deg": yaw}, "bands": {"squat": yaw}},
        }
        path = store.trial_folder(trial.id) / RESULT_FILE
        path.write_text(json.dumps({"provenance": made_by}), "utf-8")
    match = setup_of(store, *sessions, protocol_of(store, sessions))
    said = [d.says for d in match.differences if d.what == "versions"]
    assert said == [
        "Software: version 0.3 before, 0.4 now",
        "The pose model is another one now: it may read everything a little otherwise",
        "Other settings now: view.fppa_yaw_deg",
    ]
    assert match.matches
    found = {c.key.measure: c for c in compare(store, *sessions, protocol_of(store, sessions))}
    assert "Software: version 0.3 before, 0.4 now" in found["kfo"].why


def test_a_trend_has_every_session_and_both_comparisons(store: Store) -> None:
    client = new_client(store)
    for i, kfo in enumerate((0.25, 0.16, 0.10)):
        visit(store, client.id, i, kfo)
    found = trend(store, client.code)
    assert [s.number for s in found.sessions] == [1, 2, 3]
    row = next(r for r in found.rows if r.key.measure == "kfo" and r.key.side == "right")
    assert [v.value for v in row.values if v] == pytest.approx([0.25, 0.16, 0.10])
    assert row.overall is not None and row.overall.answer == "changed"
    assert row.latest is not None and row.latest.answer == "no_real_change"
    assert found.setup_overall is not None and found.setup_overall.matches
    assert all(any(v and v.value is not None for v in r.values) for r in found.rows)
    part = trend(store, client.id, first=2, last=3)
    assert [s.number for s in part.sessions] == [2, 3]


def test_a_trend_of_one_session_compares_nothing(store: Store) -> None:
    client = new_client(store)
    visit(store, client.id, 0, 0.2)
    found = trend(store, client.id)
    assert found.rows and all(r.overall is None and r.latest is None for r in found.rows)
    assert found.setup_overall is None


def test_a_trend_of_nothing_is_empty(store: Store) -> None:
    client = new_client(store)
    assert trend(store, client.id).rows == ()
    store.begin_session(client.id, "lower-limb", 1, n.TOLD)
    assert trend(store, client.id).sessions == ()


def test_sessions_that_are_not_there_are_refused(store: Store) -> None:
    client = new_client(store)
    visit(store, client.id, 0, 0.2)
    visit(store, client.id, 1, 0.2)
    with pytest.raises(SettingsError, match="there is no session 7: there are 1, 2"):
        trend(store, client.id, last=7)
    with pytest.raises(SettingsError, match="later"):
        trend(store, client.id, first=2, last=1)
    with pytest.raises(UnknownRecordError):
        trend(store, "nobody")


def test_a_protocol_whose_file_is_gone_is_made_of_what_was_measured(store: Store) -> None:
    client = new_client(store)
    session = store.begin_session(client.id, "gone", 3, n.TOLD)
    n.keep(store, session.id, n.take(n.SQUAT).put("ktsr", [0.9]))
    found = trend(store, client.id)
    assert (found.protocol.name, found.protocol.steps[0].key) == ("gone", "squat")
    assert found.rows[0].key.measure == "ktsr"
