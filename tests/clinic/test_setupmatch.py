"""Whether two sessions were set up alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kneetrack.clinic.catalogue import BODY_HEIGHT, STANCE
from kneetrack.clinic.setupmatch import (
    SetupDifference,
    SetupMatch,
    compare_setups,
    compare_takes,
    match_setups,
)
from kneetrack.clinic_records.numbers import MeasureKey
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.records import SideName
from tests.clinic import numbering as n
from tests.clinic.numbering import TOLD

KFO = MeasureKey("squat", "squat", "kfo", "left", "front", "ratio")


def told(before: SetupFacts, after: SetupFacts) -> dict[str, SetupDifference]:
    return {d.what: d for d in compare_setups(before, after)}


def test_alike_and_all_told_says_nothing() -> None:
    assert compare_setups(TOLD, TOLD) == []


@pytest.mark.parametrize(
    ("before", "after", "alike"),
    [(3.0, 3.3, True), (3.0, 3.31, False), (3.0, 2.7, True), (3.0, 2.69, False)],
)
def test_distance_may_differ_by_a_tenth(before: float, after: float, alike: bool) -> None:
    found = told(replace(TOLD, distance_m=before), replace(TOLD, distance_m=after))
    assert (found == {}) is alike
    assert alike or found["distance"].bars


def test_camera_height_may_differ_by_a_tenth() -> None:
    found = told(TOLD, replace(TOLD, camera_height_m=0.95))["camera height"]
    assert found.bars
    assert found.says == "Camera height 0.80 m before, 0.95 m now: more than a tenth apart"


def test_other_footwear_bars_and_another_spelling_does_not() -> None:
    assert told(TOLD, replace(TOLD, footwear="Barefoot ")) == {}
    found = told(TOLD, replace(TOLD, footwear="running shoes"))["footwear"]
    assert found.bars and found.says == "Footwear: barefoot before, running shoes now"


@pytest.mark.parametrize(
    ("before", "after", "bars"),
    [
        ("hip width", "Hip-width", False),
        ("hip width", "wide", True),
        ("30 cm", "33cm", False),
        ("30", "34 cm", True),
        ("30 cm", "hip width", True),
        ("28,5 cm", "30", False),
    ],
)
def test_stance_in_words_or_centimetres(before: str, after: str, bars: bool) -> None:
    found = told(replace(TOLD, stance=before), replace(TOLD, stance=after))
    assert ("stance" in found) is bars


@pytest.mark.parametrize(
    ("before", "after", "when"),
    [("", "barefoot", "before"), ("barefoot", "", "now"), ("", " ", "in either session")],
)
def test_what_was_not_told_is_named_and_does_not_bar(before: str, after: str, when: str) -> None:
    found = told(replace(TOLD, footwear=before), replace(TOLD, footwear=after))["footwear"]
    assert found.untold and not found.bars
    assert found.says == f"Footwear not told {when}"
    assert SetupMatch((found,)).matches and SetupMatch((found,)).untold == ("footwear",)


def test_clothing_and_camera_are_named_when_they_differ_and_bar_nothing() -> None:
    before, after = (replace(TOLD, clothing=c, camera=c) for c in ("shorts", "tights"))
    found = told(before, after)
    assert set(found) == {"clothing", "camera"}
    assert not any(d.bars for d in found.values())
    assert told(TOLD, after) == {}


def test_nothing_told_at_all_is_four_things_not_told() -> None:
    found = SetupMatch(tuple(compare_setups(SetupFacts(), SetupFacts())))
    assert found.untold == ("distance", "camera height", "footwear", "stance")


# ------------------------------------------------------------------ what the pictures show


def seen(number: int, height: float | None, stance: float | None = 0.4) -> n.Measured:
    made = n.take(n.SQUAT, "front", f"t{number}").put("kfo", [0.1], side="left")
    return n.measured(number, made.fact(BODY_HEIGHT, height).fact(STANCE, stance))


@pytest.mark.parametrize(("after", "bars"), [(0.66, False), (0.661, True), (0.53, True)])
def test_the_bodys_height_in_the_picture_may_differ_by_a_tenth(after: float, bars: bool) -> None:
    found = SetupMatch(tuple(compare_takes(seen(1, 0.6), seen(2, after))))
    assert bool(found.barring(KFO)) is bars
    assert found.barring(replace(KFO, view="side")) == ()
    assert found.barring(replace(KFO, step="lunge")) == ()


def test_a_height_that_is_not_known_is_named() -> None:
    found = compare_takes(seen(1, None), seen(2, 0.6))
    heights = [d for d in found if d.what == "body height"]
    assert [d.untold for d in heights] == [True]
    assert heights[0].says == "Squat, from the front: height of the body in the picture not known"


def test_the_stance_as_seen_bars_every_view_of_its_step() -> None:
    found = SetupMatch(tuple(compare_takes(seen(1, 0.6, 0.40), seen(2, 0.6, 0.45))))
    assert [d.what for d in found.barring(replace(KFO, view="side"))] == ["stance"]
    assert found.sentences() == (
        "Squat: feet 0.40 leg lengths apart before, 0.45 now",
        "Squat: depth not known alike on both days",
    )


def test_a_depth_that_cannot_be_compared_is_named_and_bars_nothing() -> None:
    """Filmed from the front alone on one of the days, or not read."""
    found = SetupMatch(tuple(compare_takes(bent(1, None, -0.5), seen(2, 0.6))))
    assert "depth" in found.untold and not found.barring(KFO)
    both = SetupMatch(tuple(compare_takes(bent(1, 60.0, -0.5), bent(2, 62.0, -0.5))))
    assert "depth" not in both.untold


def bent(number: int, flexion: float | None, depth: float) -> n.Measured:
    front = n.take(n.SQUAT, "front", f"f{number}").put("kfo", [0.1], side="left")
    side = (
        n.take(n.SQUAT, "side", f"s{number}").put("knee_flexion", [flexion]).put("depth", [depth])
    )
    return n.measured(number, front, side)


@pytest.mark.parametrize(("after", "bars"), [(100.0, False), (100.1, True), (79.9, True)])
def test_depth_may_differ_by_ten_degrees_of_knee_flexion(after: float, bars: bool) -> None:
    found = SetupMatch(tuple(compare_takes(bent(1, 90.0, -0.3), bent(2, after, 0.3))))
    assert ("depth" in {d.what for d in found.barring(KFO)}) is bars


def test_a_different_depth_does_not_bar_what_tells_the_depth() -> None:
    found = SetupMatch(tuple(compare_takes(bent(1, 90.0, -0.3), bent(2, 60.0, -0.3))))
    assert found.barring(KFO)
    side: SideName = "both"
    for measure in ("knee_flexion", "depth", "drop"):
        assert not found.barring(replace(KFO, measure=measure, side=side, view="side"))


def test_without_flexion_the_height_of_the_hips_tells_the_depth() -> None:
    found = SetupMatch(tuple(compare_takes(bent(1, None, -0.5), bent(2, None, -0.35))))
    depth = found.barring(KFO)[0]
    assert depth.says == "Squat: depth −0.50 thigh lengths before, −0.35 thigh lengths now"
    assert not SetupMatch(tuple(compare_takes(bent(1, None, -0.5), bent(2, None, -0.42)))).barring(
        KFO
    )


def test_the_depth_of_one_legs_lunges_bars_that_leg_alone() -> None:
    def lunged(number: int, left: float) -> n.Measured:
        made = n.take(n.LUNGE, "front", f"t{number}").fact(BODY_HEIGHT, 0.6)
        made.put("lead_knee_flexion", [left], side="left")
        return n.measured(number, made.put("lead_knee_flexion", [85.0], side="right"))

    found = SetupMatch(tuple(compare_takes(lunged(1, 60.0), lunged(2, 85.0))))
    key = replace(KFO, step="lunge", exercise="lateral_lunge")
    assert found.barring(key)
    assert not found.barring(replace(key, side="right"))


def test_another_version_of_the_protocol_bars_everything() -> None:
    before, after = seen(1, 0.6), n.measured(2, *_takes(seen(2, 0.6)), version=2)
    found = match_setups(before, after)
    assert [d.what for d in found.barring(KFO)] == ["protocol"]
    assert not found.matches


def test_another_protocol_is_named_and_its_common_steps_are_compared() -> None:
    before, after = seen(1, 0.6), seen(2, 0.6)
    other = replace(after, session=replace(after.session, protocol="squat"))
    found = match_setups(before, other)
    assert found.matches and "Protocol" in found.sentences()[0]


def _takes(session: n.Measured) -> list[n.Take]:
    return [n.Take(t, [r for r in session.readings if r.trial_id == t.id]) for t in session.trials]
