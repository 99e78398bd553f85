"""More only after two clean practices without more pain; less after pain; one thing at a time."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.clinic_records.practice import Dose, PartMeasure
from kneetrack.programme.doses import BREAK_DAYS, gentle, planned
from kneetrack.programme.lengths import expected_s
from kneetrack.programme.pain import rise, rose_much
from kneetrack.programme.reading import load_programme, programme_from
from kneetrack.programme.steps import least_dose
from kneetrack.programme.values import Programme
from kneetrack.records import Status
from tests.programme.making import BY_EAR, FIRST, GOOD, Went, a_record, after, dose_of, one_of

HIPS = load_programme(None)
LUNGE = Dose(2, 8, None, 80.0)


def now(*wents: Went, key: str = "lunge", programme: Programme = HIPS) -> Dose:
    return dose_of(planned(programme, after(programme, *wents)), key)


def why(*wents: Went, key: str = "lunge") -> str:
    return one_of(planned(HIPS, after(HIPS, *wents)), key).why


# ------------------------------------------------------------------ more


def test_it_begins_as_the_programme_says_and_says_nothing_of_it() -> None:
    for each in planned(HIPS, []):
        assert each.dose == each.part.dose
        assert (each.change, each.why) == ("same", "")


def test_one_clean_practice_is_not_enough_two_are() -> None:
    assert now(GOOD) == LUNGE
    assert "once more" in why(GOOD)
    more = one_of(planned(HIPS, after(HIPS, GOOD, GOOD)), "lunge")
    assert more.dose == replace(LUNGE, reps=9)
    assert more.change == "more"
    assert more.why == "Clean and no more pain twice in a row: one repetition more."


def test_repetitions_then_sets_then_depth_each_after_two_clean_practices() -> None:
    seen = [now(*[GOOD] * n) for n in range(0, 18, 2)]
    assert [(d.reps, d.sets, d.depth_deg) for d in seen] == [
        (8, 2, 80),
        (9, 2, 80),
        (10, 2, 80),
        (10, 3, 80),
        (10, 3, 85),
        (10, 3, 90),
        (10, 3, 95),
        (10, 3, 100),
        (10, 3, 100),
    ]
    assert "All that the programme asks for" in why(*[GOOD] * 16)


def test_timed_parts_grow_by_ten_seconds_and_are_clean_when_done() -> None:
    assert now(GOOD, GOOD, key="tissue").hold_s == 40
    assert now(*[GOOD] * 20, key="tissue").hold_s == 60
    assert now(*[GOOD] * 20, key="release").hold_s == 30


def test_without_a_camera_ones_own_word_counts_but_not_for_depth() -> None:
    assert now(BY_EAR, BY_EAR).reps == 9
    assert now(*[BY_EAR] * 20) == Dose(3, 10, None, 80.0)
    assert "camera" in why(*[BY_EAR] * 20)
    assert now(*[BY_EAR] * 20, GOOD).depth_deg == 80
    assert now(*[BY_EAR] * 20, GOOD, GOOD).depth_deg == 85


@pytest.mark.parametrize(("status", "depth_deg"), [("ok", 85.0), ("cannot_tell", 80.0)])
def test_depth_wants_to_have_been_seen(status: Status, depth_deg: float) -> None:
    history = after(HIPS, *[BY_EAR] * 8, GOOD, GOOD)
    seen = PartMeasure("lunge_too_deep", "left", status)
    told = [
        replace(record, parts=tuple(replace(part, measures=(seen,)) for part in record.parts))
        for record in history
    ]
    assert dose_of(planned(HIPS, told), "lunge").depth_deg == depth_deg


@pytest.mark.parametrize(
    ("went", "told"),
    [
        (Went(status="partly"), "Not all of it"),
        (Went(clean="no"), "Not quite clean"),
        (Went(clean="cannot_tell"), "could not be told"),
        (Went(judged_by="nobody"), "could not be told"),
        (Went(pain=(1, None, 1)), "after the last practice was not told"),
        (Went(pain=(1, 1, None)), "next morning was not told"),
        (Went(pain=(1, 2, 1)), "rose a little"),
        (Went(pain=(1, 1, 2)), "rose a little"),
        (Went(pain=(None, 1, 0)), "rose a little"),
        (Went(ended="under_way", pain=(1, None, None)), "not told"),
    ],
)
def test_what_is_not_clean_or_not_known_keeps_it_as_it_is_and_says_why(
    went: Went, told: str
) -> None:
    assert now(GOOD, went) == LUNGE
    assert now(went, GOOD) == LUNGE
    assert told in why(GOOD, went)


def test_no_pain_at_all_needs_no_number_before() -> None:
    nothing = Went(pain=(None, 0, 0))
    assert now(nothing, nothing).reps == 9


def test_skipped_parts_selfchecks_and_other_programmes_do_not_count() -> None:
    skipped = Went(of={"lunge": "skipped"})
    assert now(GOOD, skipped, GOOD).reps == 9
    assert now(GOOD, Went(kind="selfcheck")) == LUNGE
    assert now(GOOD, Went(title="Another")) == LUNGE
    assert now(GOOD, Went(prescription=1), GOOD).reps == 9
    prescribed = replace(HIPS, prescription=1)
    assert dose_of(planned(prescribed, after(HIPS, GOOD, GOOD)), "lunge") == LUNGE


# ------------------------------------------------------------------ less


def test_pain_that_stopped_a_part_takes_the_last_step_back() -> None:
    grown = [GOOD] * 4
    assert now(*grown).reps == 10
    hurt = Went(of={"lunge": "pain"})
    less = one_of(planned(HIPS, after(HIPS, *grown, hurt)), "lunge")
    assert (less.dose.reps, less.change) == (9, "less")
    assert less.why == "Pain stopped it last time: one repetition fewer."
    assert now(*[GOOD] * 8, hurt).depth_deg == 80
    assert now(*grown, hurt, key="bridge").reps != now(*grown, key="bridge").reps - 1


def test_a_practice_ended_by_pain_is_about_the_part_that_was_under_way() -> None:
    ended = Went(ended="pain", only=("release", "bridge", "lunge"), pain=(1, None, None))
    history = [*[GOOD] * 2, ended]
    assert now(*history).reps == 8
    assert now(*history, key="bridge").reps == 11


@pytest.mark.parametrize("pain", [(1, 3, 1), (1, 1, 4), (0, None, 2)])
def test_pain_that_rises_by_two_makes_every_part_of_that_practice_less(
    pain: tuple[int | None, int | None, int | None],
) -> None:
    history = [*[GOOD] * 2, Went(pain=pain)]
    assert now(*history).reps == 8
    assert now(*history, key="bridge").reps == 10
    assert now(*history, key="tissue").hold_s == 30
    assert f"rose by {max(p for p in pain[1:] if p is not None) - (pain[0] or 0)}" in why(*history)


def test_below_the_start_it_goes_to_one_set_and_six_tenths_and_no_further() -> None:
    hurt = Went(of={"lunge": "pain"})
    assert now(hurt) == Dose(1, 8, None, 80.0)
    assert now(hurt, hurt) == Dose(1, 7, None, 80.0)
    assert now(*[hurt] * 9) == Dose(1, 5, None, 80.0)
    assert "leave it out" in why(*[hurt] * 9)
    rose = Went(pain=(0, 2, 2))
    assert now(*[rose] * 9, key="release").hold_s == 20


def test_it_comes_back_to_the_start_first() -> None:
    hurt = Went(of={"lunge": "pain"})
    back = [now(hurt, hurt, *[GOOD] * n) for n in (0, 2, 4, 6)]
    assert [(d.sets, d.reps) for d in back] == [(1, 7), (1, 8), (2, 8), (2, 9)]


def test_pain_starts_the_count_of_clean_practices_anew() -> None:
    hurt = Went(of={"lunge": "pain"})
    assert now(GOOD, GOOD, hurt) == LUNGE
    assert now(GOOD, GOOD, hurt, GOOD) == LUNGE
    assert now(GOOD, GOOD, hurt, GOOD, GOOD).reps == 9


@pytest.mark.parametrize(
    "hurt",
    [
        Went(pain=(0, 1, 0), of={"lunge": "skipped"}),
        Went(pain=(0, 0, 2), only=("bridge",)),
        Went(pain=(7, None, None), ended="pain", only=("nothing",)),
        Went(of={"lunge": "skipped", "bridge": "pain"}),
        Went(of={"pigeon": "pain"}),
        Went(ended="pain"),
    ],
)
def test_pain_in_a_practice_that_left_the_part_out_or_finished_it_keeps_it_from_growing(
    hurt: Went,
) -> None:
    assert now(GOOD, hurt, GOOD) == LUNGE
    assert now(GOOD, hurt, GOOD, GOOD).reps == 9


def test_what_was_earned_waits_when_it_hurt_more_in_a_practice_without_the_part() -> None:
    hurt = Went(pain=(0, 1, 0), of={"lunge": "skipped"})
    assert now(GOOD, GOOD, hurt) == LUNGE
    assert why(GOOD, GOOD, hurt) == "It hurt more last time: as before."


def test_a_practice_that_left_the_part_out_without_pain_changes_nothing() -> None:
    assert now(GOOD, Went(of={"lunge": "skipped"}), GOOD).reps == 9


def test_depth_does_not_grow_where_the_camera_told_nothing_of_depth() -> None:
    history = after(HIPS, *[GOOD] * 8)
    assert dose_of(planned(HIPS, history), "lunge").depth_deg == 85
    history[-1] = replace(
        history[-1], parts=tuple(replace(p, measures=()) for p in history[-1].parts)
    )
    assert dose_of(planned(HIPS, history), "lunge").depth_deg == 80


# ------------------------------------------------------------------ gentle days, breaks, limits


def test_a_gentle_day_asks_for_the_smallest_doses() -> None:
    parts = gentle(planned(HIPS, after(HIPS, *[GOOD] * 12)), 4)
    assert dose_of(parts, "lunge") == Dose(1, 8, None, 80.0)
    assert dose_of(parts, "tissue").hold_s == 30
    assert all(each.why and each.change == "less" for each in parts)


def test_a_gentle_day_is_not_gone_on_from_and_nothing_grows_after_it() -> None:
    history = after(HIPS, *[GOOD] * 4)
    soft = Went(pain=(4, 4, 3), judged_by="camera")
    parts = gentle(planned(HIPS, history), 4)
    history.append(a_record(5, FIRST + timedelta(days=9), soft, HIPS, parts))
    following = one_of(planned(HIPS, history), "lunge")
    assert following.dose == replace(LUNGE, reps=9)
    assert "began with pain 4" in following.why


def test_a_long_break_begins_one_step_lower_but_not_below_the_start() -> None:
    history = after(HIPS, *[GOOD] * 4)
    last = history[-1].practice.at.date()

    def then(days: int) -> tuple[int | None, str]:
        part = one_of(planned(HIPS, history, last + timedelta(days=days)), "lunge")
        return part.dose.reps, part.why

    assert then(BREAK_DAYS - 1)[0] == 10
    assert then(BREAK_DAYS)[0] == 8, "9 was the last dose asked for"
    assert then(BREAK_DAYS)[1] == "21 days since the last time: one repetition fewer to begin with."
    fresh = after(HIPS, GOOD)
    part = one_of(planned(HIPS, fresh, last + timedelta(days=99)), "lunge")
    assert part.dose == LUNGE
    hurt = after(HIPS, *[GOOD] * 3, Went(of={"lunge": "pain"}))
    assert dose_of(planned(HIPS, hurt, last + timedelta(days=99)), "lunge").reps == 8


def test_depth_never_grows_beyond_the_limit() -> None:
    limited = replace(HIPS, max_knee_flexion_deg={"lateral_lunge": 88.0})
    assert now(*[GOOD] * 30, programme=limited).depth_deg == 88


def test_what_is_left_out_is_not_planned() -> None:
    without = replace(HIPS, leave_out=frozenset({"modified_pigeon"}))
    assert "pigeon" not in {each.part.key for each in planned(without, [])}


def test_another_exercise_under_the_same_key_begins_anew() -> None:
    text = 'title = "Hip programme"\n[[part]]\nkey = "lunge"\nexercise = "squat"\nreps = 5'
    squats = programme_from(text, "own")
    assert dose_of(planned(squats, after(HIPS, GOOD, GOOD)), "lunge") == Dose(1, 5)


def test_a_dose_that_the_programme_could_not_ask_for_is_of_another_one_and_it_begins_anew() -> None:
    text = 'title = "Hip programme"\n[[part]]\nkey = "lunge"\nexercise = "lateral_lunge"\n'
    less = programme_from(text + "sets = 1\nreps = 5\n[part.most]\nsets = 2\nreps = 8", "own")
    grown = after(HIPS, *[GOOD] * 6)
    anew = one_of(planned(less, grown), "lunge")
    assert anew.dose == Dose(1, 5)
    assert "changed" in anew.why
    hurt = after(HIPS, *[GOOD] * 6, Went(of={"lunge": "pain"}))
    assert dose_of(planned(less, hurt), "lunge") == Dose(1, 4)
    assert dose_of(planned(less, after(HIPS, GOOD)), "lunge") == Dose(2, 8), "it could have been"


def test_the_default_programme_takes_about_twenty_minutes() -> None:
    assert 18 * 60 <= expected_s(planned(HIPS, [])) <= 23 * 60
    assert expected_s(planned(HIPS, after(HIPS, *[GOOD] * 40))) < 40 * 60


# ------------------------------------------------------------------ properties

PAIN = st.one_of(st.none(), st.integers(0, 10))
WENT = st.builds(
    Went,
    pain=st.tuples(PAIN, PAIN, PAIN),
    status=st.sampled_from(["done", "done", "done", "partly", "skipped", "pain"]),
    clean=st.sampled_from(["yes", "yes", "yes", "no", "cannot_tell"]),
    judged_by=st.sampled_from(["camera", "camera", "self", "nobody"]),
    ended=st.sampled_from(["done", "done", "stopped", "pain", "left", "under_way"]),
)
CALM = st.sampled_from([GOOD, GOOD, GOOD, BY_EAR, Went(clean="no"), Went(pain=(1, 3, 1))])
HISTORIES = st.lists(st.one_of(CALM, WENT), max_size=25)


@given(HISTORIES, st.sampled_from([None, 80.0, 93.0]))
def test_never_beyond_the_most_the_limit_or_below_the_least(
    wents: list[Went], limit: float | None
) -> None:
    limits = {} if limit is None else {"lateral_lunge": limit}
    programme = replace(HIPS, max_knee_flexion_deg=limits)
    for each in planned(programme, after(programme, *wents)):
        least, most = astuple(least_dose(each.part)), astuple(each.part.most)
        for low, value, high in zip(least, astuple(each.dose), most, strict=True):
            assert (value is None) == (high is None)
            assert value is None or low <= value <= high
        if limit is not None and each.dose.depth_deg is not None:
            assert each.dose.depth_deg <= limit


@given(HISTORIES, st.integers(0, 60))
def test_one_thing_changes_at_a_time_and_never_more_after_pain(
    wents: list[Went], days: int
) -> None:
    history = after(HIPS, *wents)
    today = history[-1].practice.at.date() + timedelta(days=days) if history else None
    before = {each.part.key: each for each in planned(HIPS, history[:-1])}
    for each in planned(HIPS, history, today):
        was = before[each.part.key].dose
        pairs = [(a, b) for a, b in zip(astuple(was), astuple(each.dose), strict=True) if a != b]
        assert len(pairs) <= 2 if (wents and (wents[-1].pain[0] or 0) >= 4) else len(pairs) <= 1
        assert len(each.why) < 160
        assert "\n" not in each.why
        if each.change == "same":
            continue
        assert each.why
    if not history:
        return
    last = history[-1]
    for done in last.parts:
        part = one_of(planned(HIPS, history, today), done.part)
        if done.status == "pain" or (done.status != "skipped" and rose_much(last.practice)):
            for was, value in zip(astuple(before[done.part].dose), astuple(part.dose), strict=True):
                assert value is None or value <= was
            assert part.change != "more"


@given(HISTORIES)
def test_more_needs_two_clean_practices_without_more_pain(wents: list[Went]) -> None:
    history = after(HIPS, *wents)
    for each in planned(HIPS, history):
        if each.change != "more":
            continue
        own = [
            (record.practice, done)
            for record in history
            for done in record.parts
            if done.part == each.part.key and done.status != "skipped"
        ]
        since = history[[record.practice for record in history].index(own[-2][0]) :]
        for record in since:
            assert record.practice.ended != "pain"
            assert (rise(record.practice) or 0) <= 0
        for practice, done in own[-2:]:
            assert done.status == "done"
            assert each.part.kind == "timed" or done.clean == "yes"
            assert practice.pain_after is not None
            assert practice.pain_next is not None
            before = practice.facts.pain_before or 0
            assert max(practice.pain_after, practice.pain_next) <= before < 4
        if (each.dose.depth_deg or 0) > (own[-1][1].dose.depth_deg or 0):
            assert all(done.judged_by == "camera" for _, done in own[-2:])


@given(HISTORIES)
def test_the_same_history_gives_the_same_plan(wents: list[Went]) -> None:
    history = after(HIPS, *wents)
    assert planned(HIPS, history) == planned(HIPS, list(history))


# ------------------------------------------------------------------ rests

HURT = Went(of={"lunge": "pain"})
SMALLEST = [HURT] * 9


def rests(*wents: Went, key: str = "lunge", days: int = 0) -> bool:
    history = after(HIPS, *wents)
    today = history[-1].practice.at.date() + timedelta(days=days)
    return one_of(planned(HIPS, history, today), key).rests == "hurt"


def test_a_part_rests_once_it_hurt_at_its_smallest_dose() -> None:
    assert not rests(HURT)
    assert rests(*SMALLEST)
    assert not rests(*SMALLEST, key="bridge")


@pytest.mark.parametrize(
    "went",
    [
        Went(of={"lunge": "skipped"}),
        Went(only=("bridge",)),
        Went(of={"lunge": "partly"}),
        Went(kind="selfcheck"),
        Went(pain=(0, 1, 0)),
        Went(pain=(0, None, None), judged_by="nobody"),
        Went(pain=(1, 1, None)),
        Went(pain=(4, 4, 4)),
        Went(ended="pain"),
        HURT,
    ],
)
def test_nothing_but_doing_it_without_more_pain_ends_the_rest(went: Went) -> None:
    assert rests(*SMALLEST, went, days=90)
    assert not rests(*SMALLEST, went, GOOD)


def test_a_gentle_day_does_not_hide_that_a_part_rests() -> None:
    each = one_of(gentle(planned(HIPS, after(HIPS, *SMALLEST)), 4), "lunge")
    assert each.rests
    assert "leave it out" in each.why


@given(HISTORIES, st.integers(0, 60))
def test_a_rest_ends_only_with_a_practice_of_it_in_which_no_pain_rose(
    wents: list[Went], days: int
) -> None:
    history = after(HIPS, *SMALLEST, *wents)
    for count in range(len(SMALLEST), len(history)):
        last = history[count]
        today = last.practice.at.date() + timedelta(days=days)
        if one_of(planned(HIPS, history[: count + 1], today), "lunge").rests:
            continue
        if not one_of(planned(HIPS, history[:count]), "lunge").rests:
            continue
        done = next(part for part in last.parts if part.part == "lunge")
        assert done.status == "done"
        assert last.practice.ended != "pain"
        assert None not in (last.practice.pain_after, last.practice.pain_next)
        assert (rise(last.practice) or 0) <= 0
