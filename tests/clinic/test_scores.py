"""Score sheets: suggested where the camera is sure, never confirmed by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kneetrack.clinic import correcting, scores
from kneetrack.clinic.score_suggestions import Seen, in_order, suggested
from kneetrack.clinic.sheets import LSD, QASLS, SheetItem
from kneetrack.clinic_records.visits import ScoreItem
from kneetrack.records import SettingsError
from kneetrack.result import Result
from tests import motions as mo
from tests.clinic.reviewed import Reviewed, reviewed

STEP = "slsq_left"


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Reviewed]:
    with reviewed(tmp_path, STEP) as made:
        yield made


@pytest.fixture(scope="module")
def front() -> Result:
    return mo.seen(mo.single_leg_squats())


@pytest.fixture(scope="module")
def side() -> Result:
    return mo.seen(mo.single_leg_squats(), mo.SIDE)


def with_measure(result: Result, key: str, value: float | None, error: float = 0.032) -> Result:
    reps = [
        rep.model_copy(
            update={"measures": {**rep.measures, key: value}, "errors": {**rep.errors, key: error}}
        )
        for rep in result.reps
    ]
    return result.model_copy(update={"reps": reps})


def item(sheet: scores.Sheet, key: str) -> SheetItem:
    found = sheet.item(key)
    assert found is not None
    return found


def of_kfo(result: Result, sheet: scores.Sheet, key: str, value: float | None) -> ScoreItem:
    seen = Seen("left", with_measure(result, "kfo_ratio_left", value))
    return suggested(item(sheet, key), seen)


def test_the_sheets_are_those_of_the_reference() -> None:
    assert (LSD.most, len(LSD.items)) == (6, 5)
    assert (QASLS.most, len(QASLS.items)) == (10, 10)
    assert all(set(i.points) == {0, 1} for i in QASLS.items)
    assert set(item(LSD, "knee").points) == {0, 1, 2}


@pytest.mark.parametrize(
    ("kfo", "lsd", "toe", "border"),
    [
        (-0.05, 0, 0, 0),
        (0.005, 0, 0, 0),
        (0.03, None, None, 0),  # 0.03 and its error 0.032 hold the edge 0.04
        (0.07, None, None, None),  # 0.070 - 0.032 is not beyond 0.04, + 0.032 not below 0.10
        (0.08, 1, 1, None),
        (0.13, 1, 1, None),
        (0.14, 2, 1, 1),
    ],
)
def test_a_knee_is_suggested_beyond_its_error(
    kfo: float, lsd: int | None, toe: int | None, border: int | None, front: Result
) -> None:
    assert of_kfo(front, LSD, "knee", kfo).suggested == lsd
    assert of_kfo(front, QASLS, "knee_toe", kfo).suggested == toe
    assert of_kfo(front, QASLS, "knee_medial", kfo).suggested == border


def test_a_suggestion_says_why_with_number_error_and_view(front: Result) -> None:
    why = of_kfo(front, QASLS, "knee_medial", 0.14).why
    assert why == (
        "knee over foot +14 ± 3 % of the shank (3 of 3 repetitions), front view: "
        "past the inner border of the foot"
    )
    unsure = of_kfo(front, LSD, "knee", 0.08).why
    assert "inside the second toe; past the inner border of the foot: cannot tell" in unsure
    assert of_kfo(front, LSD, "knee", 0.05).why.startswith("cannot tell: knee over foot +5 ± 3 %")


def test_nothing_is_told_of_what_was_not_measured(front: Result) -> None:
    told = of_kfo(front, LSD, "knee", None)
    assert (told.suggested, told.why.startswith("cannot tell")) == (None, True)
    other = suggested(item(LSD, "knee"), Seen("right", front))
    assert (other.suggested, other.why) == (None, "cannot tell: no repetition of this leg")
    none = suggested(item(LSD, "knee"), Seen("left"))
    assert (none.suggested, none.why) == (None, "cannot tell: no good take from the front")


def test_too_few_repetitions_suggest_nothing(front: Result) -> None:
    reps = [
        rep.model_copy(update={"measures": {**rep.measures, "kfo_ratio_left": None}})
        for rep in front.reps[:2]
    ]
    few = front.model_copy(update={"reps": [*reps, *front.reps[2:]]})
    assert suggested(item(LSD, "knee"), Seen("left", few)).suggested is None


def test_pelvis_and_thigh_are_always_the_clinicians(front: Result, side: Result) -> None:
    track = front.track
    for sheet in (LSD, QASLS):
        for told in in_order(sheet.items, Seen("left", front, track, side, True)):
            if told.key.startswith(("pelvis", "thigh", "foot_touch")):
                assert told.suggested is None
                assert "for the clinician" in told.why


def test_a_foot_on_the_floor_is_told_but_not_scored() -> None:
    down = mo.seen(mo.single_leg_squats(foot_down=True))
    told = suggested(item(QASLS, "foot_touch"), Seen("left", down))
    assert told.suggested is None
    assert "the camera saw it on the floor in" in told.why


def test_a_lean_to_a_side(front: Result) -> None:
    for lean, points in ((1.0, 0), (-1.0, 0), (8.5, None), (11.0, 1), (-11.0, 1)):
        seen = Seen("left", with_measure(front, "trunk_lean_deg", lean, 1.6))
        assert suggested(item(LSD, "trunk"), seen).suggested == points, lean


def test_a_lean_in_any_direction_needs_the_side_view(front: Result, side: Result) -> None:
    upright = with_measure(front, "trunk_lean_deg", 1.0, 1.6)
    alone = suggested(item(QASLS, "trunk"), Seen("left", upright, forward_matters=True))
    assert alone.suggested is None
    assert "leaning forward is not seen from the front" in alone.why
    for forward, points in ((2.0, 0), (10.0, None), (20.0, 1)):
        beside = with_measure(side, "trunk_minus_shank_deg", forward, 3.6)
        seen = Seen("left", upright, None, beside, forward_matters=True)
        assert suggested(item(QASLS, "trunk"), seen).suggested == points, forward


def test_arms_and_wobble_come_from_the_landmarks(front: Result) -> None:
    track = mo.film(mo.single_leg_squats())
    calm = in_order(QASLS.items, Seen("left", front, track))
    told = {i.key: i for i in calm}
    assert (told["arm"].suggested, told["wobble"].suggested) == (0, 0)
    assert "a rule of thumb" in told["arm"].why
    xy = track.xy_px.copy()
    xy[:, 25, 0] += 12 * np.sin(2 * np.pi * 4 * track.t_s)
    xy[:, 16, 1] -= 90 * np.sin(2 * np.pi * 0.5 * track.t_s) ** 2
    wild = in_order(QASLS.items, Seen("left", front, replace(track, xy_px=xy)))
    told = {i.key: i for i in wild}
    assert (told["arm"].suggested, told["wobble"].suggested) == (1, 1)
    blind = {i.key: i for i in in_order(QASLS.items, Seen("left", front))}
    assert (blind["arm"].suggested, blind["wobble"].suggested) == (None, None)


# ------------------------------------------------------------------ in a store


def test_nothing_is_confirmed_by_itself(visit: Reviewed) -> None:
    items = scores.suggest(visit.store, visit.trial.session_id, STEP, "qasls", "left")
    assert [i.key for i in items] == [i.key for i in QASLS.items]
    assert any(i.suggested is not None for i in items)
    assert all(i.confirmed is None for i in items)
    assert visit.store.scores(visit.trial.session_id) == []


def test_confirmed_item_by_item_and_totalled_when_complete(visit: Reviewed) -> None:
    store, session_id = visit.store, visit.trial.session_id
    first = scores.confirm(store, session_id, STEP, "qasls", "left", {"knee_toe": 1})
    assert first.total is None
    assert scores.in_words(first) == "QASLS: 1 of 10 items confirmed"
    points: dict[str, int | None] = {i.key: 0 for i in QASLS.items if i.key != "knee_toe"}
    whole = scores.confirm(store, session_id, STEP, "qasls", "left", points)
    assert whole.total == 1
    assert scores.in_words(whole) == "QASLS: 1 of 10 points (0 is best)"
    by = {i.key: i.by for i in whole.items}
    assert set(by.values()) == {"KF"}
    taken = scores.confirm(store, session_id, STEP, "qasls", "left", {"wobble": None})
    assert taken.total is None


def test_the_suggestion_in_force_is_kept(visit: Reviewed) -> None:
    store, session_id = visit.store, visit.trial.session_id
    before = {i.key: i for i in scores.suggest(store, session_id, STEP, "qasls", "left")}
    scores.confirm(store, session_id, STEP, "qasls", "left", {"knee_toe": 1})
    for row in visit.original.reps:
        x, y = visit.original.source.size_px
        correcting.move_landmark(
            store,
            visit.trial.id,
            at_s=row.bottom_s,
            landmark="left_knee",
            to_px=(x * 0.35, y * 0.6),
            reason="trousers",
        )
    after = {i.key: i for i in scores.suggest(store, session_id, STEP, "qasls", "left")}
    assert after["knee_toe"].why == before["knee_toe"].why
    assert after["knee_toe"].confirmed == 1
    assert after["knee_medial"].why != before["knee_medial"].why
    again = scores.confirm(store, session_id, STEP, "qasls", "left", {"knee_toe": 1})
    assert next(i.why for i in again.items if i.key == "knee_toe") != before["knee_toe"].why


def test_what_no_sheet_has_is_refused(visit: Reviewed) -> None:
    store, session_id = visit.store, visit.trial.session_id
    for points, words in (
        ({"knee": 1}, "has no item 'knee'"),
        ({"knee_toe": 2}, "has 0, 1 points, not 2"),
    ):
        with pytest.raises(SettingsError, match=words):
            scores.confirm(store, session_id, STEP, "qasls", "left", points)
    with pytest.raises(SettingsError, match="unknown score"):
        scores.sheet("less")
    with pytest.raises(SettingsError, match="of one leg"):
        scores.suggest(store, session_id, STEP, "qasls", "both")
    with pytest.raises(SettingsError, match="no take"):
        scores.confirm(store, session_id, "slsq_right", "qasls", "right", {"arm": 0})
    assert store.scores(session_id) == []


def test_bands_are_for_coaching_alone(visit: Reviewed) -> None:
    store, session_id = visit.store, visit.trial.session_id
    points: dict[str, int | None] = {"arm": 0, "trunk": 1, "pelvis": 1, "knee": 2, "unsteady": 0}
    score = scores.confirm(store, session_id, STEP, "lsd", "left", points)
    assert scores.in_words(score) == "LSD: 4 of 6 points (0 is best)"
    told = scores.in_words(score, coaching=True)
    assert told == "LSD: 4 of 6 points (0 is best), 4 or more: room to practise"
    assert "poor" not in told
