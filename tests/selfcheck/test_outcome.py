"""Signs, told and measured; what to practise; what is not known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kneetrack.clinic_records.practice import (
    SIGNS,
    Clean,
    Dose,
    PartDone,
    PartMeasure,
    Sign,
    Told,
)
from kneetrack.programme.heeding import GENTLY, WITHOUT, how_of
from kneetrack.programme.reading import load_programme
from kneetrack.programme.values import Part, Programme
from kneetrack.records import SideName, Status
from kneetrack.red_flags import SEE_A_DOCTOR_TODAY, red_flag
from kneetrack.selfcheck.measuring import HELD
from kneetrack.selfcheck.outcome import Outcome, make_outcome
from kneetrack.selfcheck.questions import QUESTIONS, question_of
from kneetrack.selfcheck.signs import SignOutcome, signs_found

NO: dict[Sign, Told] = dict.fromkeys(SIGNS, "no")


def but(sign: Sign, told: Told = "yes") -> dict[Sign, Told]:
    """No to all but one."""
    return {**NO, sign: told}


def programme(*exercises: str, leave_out: frozenset[str] = frozenset()) -> Programme:
    names = exercises or (
        "hip_flexor_release",
        "glute_bridge",
        "lateral_lunge",
        "soft_tissue",
        "figure_four",
        "modified_pigeon",
    )
    parts = tuple(Part(name, name, "reps", name, Dose(), Dose()) for name in names)
    return Programme("Hip programme", parts, leave_out=leave_out)


def measure(
    rule: str = "knee_valgus",
    side: SideName = "left",
    status: Status = "ok",
    value: float | None = 0.14,
    reason: str = "",
) -> PartMeasure:
    return PartMeasure(rule, side, status, "kfo", "ratio", value, 0.05, reason, 5, 5)


def take(key: str, *measures: PartMeasure, clean: Clean = "yes", why: str = "") -> PartDone:
    exercise = {
        "squat": "squat",
        "lunge": "lateral_lunge",
        "stance_left": "single_leg_stance",
        "slsq_left": "single_leg_squat",
    }[key]
    dose = Dose(hold_s=20.0) if exercise == "single_leg_stance" else Dose(reps=5)
    return PartDone(
        key,
        exercise,
        dose,
        "done",
        clean=clean,
        judged_by="camera",
        why=why,
        measures=measures,
    )


def outcome(told: Mapping[Sign, Told], *parts: PartDone, **more: object) -> Outcome:
    return make_outcome(told, parts, programme(), **more)  # type: ignore[arg-type]


def sign(result: Outcome, name: Sign) -> SignOutcome:
    return next(s for s in result.signs if s.sign == name)


def test_told_and_measured_stand_side_by_side() -> None:
    seen = take("squat", measure(status="flag"), measure(side="right"), clean="no")
    result = outcome(but("one_leg"), seen)
    caves, one_leg = sign(result, "knees_cave_in"), sign(result, "one_leg")
    assert (caves.told, caves.measured, caves.found) == ("no", "flag", True)
    assert (one_leg.told, one_leg.measured, one_leg.found) == ("yes", None, True)
    assert result.headline == (
        "Told or seen: balance, or trouble on one leg and knees caving in when you squat or lunge."
    )
    left, right = caves.lines
    assert (left.what, left.value) == (
        "Left knee falls inward",
        "14 ± 5 % of the shin’s length inside the toes",
    )
    assert right.what == "Right knee stays over the foot"
    assert caves.in_a_line == (
        "Squat: left knee falls inward (14 ± 5 % of the shin’s length inside the toes)"
    )


def test_good_takes_do_not_take_back_what_was_told() -> None:
    good = [take(key, measure(), measure(side="right")) for key in ("squat", "lunge")]
    caves = sign(outcome(but("knees_cave_in"), *good), "knees_cave_in")
    assert (caves.told, caves.measured, caves.found) == ("yes", "ok", True)


def test_what_could_not_be_told_is_never_ok() -> None:
    hidden = measure(status="cannot_tell", value=None, reason="left foot out of the picture")
    blind = take("lunge", hidden, clean="cannot_tell")
    result = outcome(NO, take("squat", measure(), measure(side="right")), blind)
    caves = sign(result, "knees_cave_in")
    assert caves.measured == "cannot_tell"
    assert not caves.found
    (untold,) = result.untold
    assert untold.why == "left foot out of the picture"
    assert untold.what.startswith("Lateral lunge")
    assert "Not everything could be told" in result.headline


def test_a_fault_is_told_beside_what_could_not_be() -> None:
    hidden = measure(status="cannot_tell", value=None, reason="turn 12° to your left")
    seen = take("squat", measure(status="watch"), hidden, clean="no")
    assert sign(outcome(NO, seen), "knees_cave_in").measured == "watch"


def test_both_sides_with_the_same_reason_are_one_line() -> None:
    hidden = [
        measure(side=side, status="cannot_tell", value=None, reason="turn 12° to your left")
        for side in ("left", "right")
    ]
    result = outcome(NO, take("squat", *hidden, clean="cannot_tell"))
    assert [(u.what, u.why) for u in result.untold] == [("Squat", "turn 12° to your left")]


def test_a_take_that_was_not_read_at_all_is_told() -> None:
    result = outcome(NO, take("squat", clean="cannot_tell", why="no squat was seen"))
    caves = sign(result, "knees_cave_in")
    assert caves.measured == "cannot_tell"
    assert [u.why for u in result.untold] == ["no squat was seen"]


def test_what_was_only_half_done_is_told() -> None:
    half = take("lunge", measure(), clean="cannot_tell", why="5 to the left and 0 to the right")
    result = outcome(NO, half)
    assert sign(result, "knees_cave_in").measured == "cannot_tell"
    assert [(u.what, u.why) for u in result.untold] == [
        ("Lateral lunge", "5 to the left and 0 to the right")
    ]


def test_every_take_without_a_clip_is_told() -> None:
    none = [
        PartDone(key, "single_leg_stance", Dose(), "skipped", why="no clip for it")
        for key in ("stance_left", "stance_right")
    ]
    assert [u.what for u in outcome(NO, *none).untold] == [
        "Balance on the left leg",
        "Balance on the right leg",
    ]


def test_how_long_a_balance_was_held() -> None:
    held = PartMeasure(HELD, "left", "watch", "hold", "s", 9.2, 0.1)
    one_leg = sign(outcome(NO, take("stance_left", held, clean="no")), "one_leg")
    (line,) = one_leg.lines
    assert (line.what, line.value, line.status) == ("Held for 9 of 20 s", "", "watch")


def test_what_to_practise_fits_the_signs_and_the_programme() -> None:
    result = outcome(but("hip_front_tight"))
    assert [fit.part.exercise for fit in result.fits] == ["hip_flexor_release", "soft_tissue"]
    assert all(fit.signs == ("hip_front_tight",) for fit in result.fits)
    assert outcome(NO).fits == ()
    without = make_outcome(
        but("knees_cave_in"), [], programme(leave_out=frozenset({"lateral_lunge"}))
    )
    assert [fit.part.exercise for fit in without.fits] == ["glute_bridge"]


def test_every_sign_has_something_to_practise_and_not_sure_has_not() -> None:
    for question in QUESTIONS:
        assert outcome(but(question.sign)).fits
    assert outcome(dict.fromkeys(SIGNS, "unsure")).fits == ()


@pytest.mark.parametrize(
    ("told", "headline"),
    [
        (NO, "None of the five signs was told or seen."),
        (but("one_leg", "unsure"), "None of the five signs was told or seen. Not everything"),
        (but("one_leg"), "Told or seen: balance, or trouble on one leg."),
        (dict.fromkeys(SIGNS, "yes"), "Several signs were told or seen: they are marked."),
    ],
)
def test_headline(told: Mapping[Sign, Told], headline: str) -> None:
    assert outcome(told).headline.startswith(headline)


def test_after_a_red_flag_nothing_else_is_told() -> None:
    flags = [red_flag("gives_way"), red_flag("calf")]
    result = outcome(but("one_leg"), take("squat", measure()), red_flags=flags)
    assert result.headline == SEE_A_DOCTOR_TODAY
    assert (result.signs, result.fits, result.untold) == ((), (), ())


def test_as_it_stands_in_the_store() -> None:
    seen = take("squat", measure(status="flag"), clean="no")
    found = signs_found(outcome({"one_leg": "unsure"}, seen).signs)
    assert [f.sign for f in found] == list(SIGNS)
    assert [f.told for f in found] == ["not_asked"] * 3 + ["unsure", "not_asked"]
    assert found[4].measured == "flag" and found[3].measured is None
    assert found[4].found.startswith("Squat: left knee falls inward")


@pytest.mark.parametrize("told", ["yes", "unsure"])
def test_what_a_sign_hurts_in_is_never_told_at_its_full_dose(told: Told) -> None:
    default = load_programme(None)
    signs = {**but("one_leg"), "hip_stretch_pain": told, "sitting_stairs": told}
    how = {fit.part.key: fit.how for fit in make_outcome(signs, [], default).fits}
    assert how["lunge"] == "gently"
    assert how.get("pigeon", "without") == "without"
    fits = {fit.part.key: fit for fit in make_outcome(but("hip_stretch_pain"), [], default).fits}
    assert fits["pigeon"].how == "without"
    assert fits["tissue"].how == "as_planned"


def test_every_sign_of_pain_keeps_what_it_is_told_of_from_the_full_dose() -> None:
    """A stretch that is practised for pain in stretches is gentle or left out."""
    stretches = {"figure_four", "modified_pigeon"}
    practised = question_of("hip_stretch_pain").exercises
    for exercise in stretches & {*practised}:
        assert how_of(exercise, ["hip_stretch_pain"]) != "as_planned"
    for sign in SIGNS:
        assert not {*GENTLY.get(sign, ())} & {*WITHOUT.get(sign, ())}
