"""Whole practices by ear, on a simulated clock, through to the store and the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.live_records import ScreenState
from kneetrack.programme.before import NOBODY_TO_ASK
from kneetrack.programme.cameras import PlayedClips
from kneetrack.programme.desk import Desk
from kneetrack.programme.session import Asked, Session
from kneetrack.programme.sets import Filming
from kneetrack.records import OutputError
from kneetrack.red_flags import SEE_A_DOCTOR, THE_KNEE
from kneetrack.settings import Settings
from kneetrack.store import Store
from tests.programme.by_clock import Clockwork, Practised, practise, programme

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def all_kept(store: Store) -> list[PracticeRecord]:
    client = store.own_client()
    assert client is not None
    return store.practice_records(client.id)


def kept(store: Store) -> PracticeRecord:
    """The newest practice."""
    return all_kept(store)[-1]


def details(done: Practised) -> list[str]:
    return [state.detail for state in done.stage.states]


def test_a_practice_by_ear_from_the_first_question_to_the_page(store: Store) -> None:
    done = practise(store, NOW)
    record = kept(store)
    assert record.practice.ended == "done"
    assert (record.practice.facts.pain_before, record.practice.pain_after) == (0, 0)
    assert not record.practice.facts.camera
    release, lunge = record.parts
    assert (release.status, release.seconds) == ("done", pytest.approx(20, abs=0.3))
    assert (lunge.status, lunge.sets_done, lunge.reps_done) == ("done", 2, 8)
    assert (lunge.clean, lunge.judged_by) == ("yes", "self")
    assert done.shown is not None and done.shown.page is not None
    page = done.shown.page.read_text("utf-8")
    assert "8 repetitions" in page and "kneetrack diary pain" in page
    assert "Not a medical device" in page
    assert done.stage.headlines[-1] == "Well done. That was it."
    assert "Next: straight ahead, right side" in done.stage.words


def test_both_sides_and_every_part_are_announced(store: Store) -> None:
    words = practise(store, NOW).stage.words
    assert any(w.startswith("Straight ahead, left side. ") for w in words)
    assert any(w.startswith("Straight ahead, right side. ") for w in words)
    intro = next(w for w in words if "2 sets of 2 on each side" in w)
    assert intro.startswith("Lateral lunge")


def test_a_part_is_left_out_by_key(store: Store) -> None:
    practise(store, NOW, ("rest: Three-way hip-flexor release", "s"))
    assert [part.status for part in kept(store).parts] == ["skipped", "done"]
    assert kept(store).practice.ended == "done"


def test_what_was_left_out_by_mistake_can_be_got_back(store: Store) -> None:
    slip = ("rest: Three-way hip-flexor release", "s")
    done = practise(store, NOW, slip, ("rest: Left out: Three-way hip-flexor release", "y"))
    release, lunge = kept(store).parts
    assert (release.status, lunge.status) == ("done", "done")
    heads = done.stage.headlines
    asked = next(i for i, h in enumerate(heads) if h.startswith("Left out: "))
    assert asked > max(i for i, h in enumerate(heads) if h.startswith("Lateral lunge"))
    assert asked < next(i for i, h in enumerate(heads) if h.startswith("How much do they hurt now"))


def test_who_stopped_is_not_asked_what_was_left_out(store: Store) -> None:
    slip = ("rest: Three-way hip-flexor release", "s")
    done = practise(store, NOW, slip, ("rest: Lateral lunge", "p"))
    assert not any(h.startswith("Left out: ") for h in done.stage.headlines)


def test_pain_can_be_told_where_a_part_is_offered_again(store: Store) -> None:
    slip = ("rest: Three-way hip-flexor release", "s")
    practise(store, NOW, slip, ("rest: Left out: ", "p"))
    assert kept(store).practice.ended == "pain"


def test_parts_are_left_out_or_chosen_by_option(store: Store) -> None:
    practise(store, NOW, asked=Asked(skip=("lunge",)))
    assert [(p.part, p.status) for p in kept(store).parts] == [
        ("release", "done"),
        ("lunge", "skipped"),
    ]
    practise(store, NOW + DAY, asked=Asked(only=("lunge",)))
    assert [p.part for p in kept(store).parts] == ["lunge"]


@pytest.mark.parametrize(
    ("when", "parts"),
    [
        ("timer: Straight ahead, right side", [("release", "pain")]),
        ("lead: Straight ahead, left side", [("release", "pain")]),
        ("rest: Lateral lunge", [("release", "done"), ("lunge", "skipped")]),
        ("rest: Rest", [("release", "done"), ("lunge", "pain")]),
        ("timer: Lateral lunge, set 2 of 2", [("release", "done"), ("lunge", "pain")]),
    ],
)
def test_it_hurts_at_any_moment(store: Store, when: str, parts: list[tuple[str, str]]) -> None:
    done = practise(store, NOW, (when, "p"), ("scale: How much do they hurt now", "7"))
    record = kept(store)
    begun = [(p.part, p.status) for p in record.parts if not p.not_begun]
    assert begun == parts
    assert (record.practice.ended, record.practice.pain_after) == ("pain", 7)
    assert any(h.startswith(f"Pain 7 of 10. {SEE_A_DOCTOR}") for h in done.stage.headlines)
    assert any("See a doctor if it stays" in d or "Pain that stays" in d for d in details(done))
    assert "Nothing more is done today." in done.told
    assert done.shown is not None and done.shown.hurt


def test_what_was_done_until_it_hurt_is_kept(store: Store) -> None:
    practise(store, NOW, ("rest: Rest", "p"))
    lunge = kept(store).parts[1]
    assert (lunge.status, lunge.reps_done, lunge.sets_done) == ("pain", 4, 1)


def test_stop_for_today_or_on_with_the_next_part(store: Store) -> None:
    practise(store, NOW, ("timer: Straight ahead, left", "q"), ("rest: Stopped here", "n"))
    assert [p.status for p in kept(store).parts] == ["partly", "done"]
    practise(store, NOW + DAY, ("timer: Straight ahead, left", "q"), ("rest: Stopped here", "q"))
    assert [(p.status, p.not_begun) for p in kept(store).parts] == [
        ("partly", False),
        ("skipped", True),
    ]
    assert kept(store).practice.ended == "stopped"
    assert kept(store).practice.pain_after == 0


@pytest.mark.parametrize("key", ["q", "s"])
def test_a_practice_in_which_nothing_was_done_is_kept_for_its_pain(store: Store, key: str) -> None:
    done = practise(
        store,
        NOW,
        ("scale: How much do your knees", "1"),
        ("rest: Three-way", key),
        ("rest: Lateral", key),
    )
    record = kept(store)
    assert (record.practice.ended, record.practice.facts.pain_before) == ("stopped", 1)
    assert [p.status for p in record.parts] == ["skipped", "skipped"]
    assert "scale: How much do they hurt now" not in done.stage.headlines


def test_a_practice_of_which_nothing_was_done_or_told_leaves_none(store: Store) -> None:
    done = practise(store, NOW, ("scale: How much do your knees", "n"), ("rest: Three-way", "q"))
    assert all_kept(store) == []
    assert done.shown is None
    assert "Nothing was done: it is not in the diary." in done.told


def test_pain_before_a_part_was_begun_is_not_held_against_it(store: Store) -> None:
    practise(store, NOW, ("rest: Three-way", "p"), ("scale: How much do they hurt now", "3"))
    record = kept(store)
    assert record.practice.ended == "pain"
    assert record.practice.note == "It hurt before the three-way hip-flexor release was begun."
    done = practise(store, NOW + DAY)
    assert done.shown is not None
    assert kept(store).parts[0].dose == record.parts[0].dose


def test_not_with_control_is_not_clean(store: Store) -> None:
    practise(store, NOW, ("rest: Did every repetition go with control?", "n"))
    lunge = kept(store).parts[1]
    assert (lunge.status, lunge.clean, lunge.judged_by) == ("done", "no", "self")


# -- before ---------------------------------------------------------------------------------------


def test_a_red_flag_stops_it(store: Store) -> None:
    only_gives_way = [(f"rest: {flag.question}", "n") for flag in THE_KNEE.flags[:3]]
    flag = ("rest: Does the knee give way", "u")
    any_ = "summary: Does any of these hold?"
    done = practise(store, NOW, (any_, "n"), (any_, "y"), *only_gives_way, flag)
    practice = kept(store).practice
    assert (practice.ended, practice.facts.kind) == ("stopped", "programme")
    assert practice.note == f"{SEE_A_DOCTOR} Knee gives way."
    assert done.told[-1] == SEE_A_DOCTOR
    assert SEE_A_DOCTOR in done.stage.headlines
    assert len({s.title for s in done.stage.states if s.title.startswith("First:")}) == 4
    again = practise(store, NOW + timedelta(hours=1))
    assert "Does any of these hold?" in again.stage.headlines
    assert any("Told last time, on 4 May: knee gives way" in d for d in details(again))
    third = practise(store, NOW + timedelta(hours=2))
    assert "Does any of these hold?" not in third.stage.headlines


def test_a_slip_on_a_red_flag_is_taken_back(store: Store) -> None:
    any_ = "summary: Does any of these hold?"
    slip = ("rest: After a fall, a twist or a blow: are you", "b")
    done = practise(store, NOW, (any_, "y"), slip, (any_, "n"), (any_, "b"), (any_, "n"))
    assert done.shown is not None
    assert kept(store).practice.ended == "done"


def test_ctrl_c_after_a_red_flag_keeps_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stopping(monkeypatch, "rest: Does the knee give way", KeyboardInterrupt())
    only_gives_way = [(f"rest: {flag.question}", "n") for flag in THE_KNEE.flags[:3]]
    any_ = "summary: Does any of these hold?"
    with pytest.raises(KeyboardInterrupt):
        practise(store, NOW, (any_, "n"), (any_, "y"), *only_gives_way)
    assert kept(store).practice.note == f"{SEE_A_DOCTOR} Knee gives way."


def test_red_flags_in_full_the_first_time_after_pain_and_every_month(store: Store) -> None:
    def asked(now: datetime, *answers: tuple[str, str]) -> bool:
        return "Does any of these hold?" in practise(store, now, *answers).stage.headlines

    assert asked(NOW)
    assert not asked(NOW + DAY)
    assert not asked(NOW + 2 * DAY, ("rest: Lateral lunge", "p"))
    assert asked(NOW + 3 * DAY)
    assert not asked(NOW + 32 * DAY)
    assert asked(NOW + 34 * DAY)


def test_the_short_form_otherwise(store: Store) -> None:
    practise(store, NOW)
    done = practise(store, NOW + DAY, ("summary: Stop at once if", "p"))
    assert done.shown is None
    assert all_kept(store)[1].practice.ended == "stopped"
    assert "Does any of these hold?" in done.stage.headlines
    assert "Does any of these hold?" in practise(store, NOW + 2 * DAY).stage.headlines


def test_much_pain_before_is_a_day_off(store: Store) -> None:
    done = practise(store, NOW, ("scale: How much do your knees", "7"))
    record = kept(store)
    assert (record.practice.facts.pain_before, record.practice.ended) == (7, "pain")
    assert record.parts == ()
    assert any(line.startswith(f"Pain 7 of 10. {SEE_A_DOCTOR}") for line in done.told)
    question = "How did your knee feel the morning after the last practice?"
    assert question not in practise(store, NOW + DAY).stage.headlines


def test_some_pain_before_means_the_smallest_dose(store: Store) -> None:
    done = practise(store, NOW, ("scale: How much do your knees", "4"))
    lunge = kept(store).parts[1]
    assert lunge.dose.sets == 1
    assert any("gently" in w.lower() for w in done.told)


def test_the_morning_after_is_asked_once_on_a_later_day(store: Store) -> None:
    question = "How did your knee feel the morning after the last practice?"
    practise(store, NOW)
    later = practise(store, NOW + timedelta(hours=3))
    assert question not in later.stage.headlines
    next_day = practise(store, NOW + DAY, ("scale: How did your knee feel the morning", "3"))
    assert question in next_day.stage.headlines
    practice = all_kept(store)[1].practice
    assert (practice.pain_next, practice.pain_next_on) == (3, date(2026, 5, 5))
    assert all_kept(store)[0].practice.pain_next is None


def test_the_third_practice_brings_more_and_says_why(store: Store) -> None:
    doses = []
    for day in range(3):
        done = practise(store, NOW + 2 * day * DAY)
        lunge = kept(store).parts[1]
        doses.append((lunge.dose.sets, lunge.dose.reps))
    assert doses == [(2, 2), (2, 2), (2, 3)]
    assert any("one repetition more" in state.detail for state in done.stage.states)


def test_pain_that_rose_brings_less(store: Store) -> None:
    practise(store, NOW, ("scale: How much do they hurt now", "3"))
    done = practise(store, NOW + DAY)
    lunge = kept(store).parts[1]
    assert lunge.dose.sets == 1
    assert any("Pain rose by 3" in state.detail for state in done.stage.states)


# -- ended from outside ---------------------------------------------------------------------------


def stopping(
    monkeypatch: pytest.MonkeyPatch, when: str, error: BaseException, *, after_s: float = 0.0
) -> None:
    """Raise once that is on the screen."""
    sight: Callable[[Clockwork], object] = Clockwork.sight
    since: list[float] = []

    def raising(self: Clockwork) -> object:
        state: ScreenState | None = self.states[-1] if self.states else None
        if state is not None and when in f"{state.phase}: {state.headline}":
            since.append(self.t_s)
            if self.t_s - since[0] >= after_s:
                raise error
        return sight(self)

    monkeypatch.setattr(Clockwork, "sight", raising)


def test_ctrl_c_keeps_what_was_done(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stopping(monkeypatch, "timer: Straight ahead, right", KeyboardInterrupt(), after_s=4.0)
    with pytest.raises(KeyboardInterrupt):
        practise(store, NOW)
    record = kept(store)
    assert record.practice.ended == "stopped"
    assert [(p.part, p.status) for p in record.parts] == [
        ("release", "partly"),
        ("lunge", "skipped"),
    ]
    assert record.parts[0].seconds == pytest.approx(14, abs=0.5)
    assert (store.practice_folder(record.practice.id) / "practice.html").is_file()


def test_ctrl_c_at_the_last_question_leaves_it_done(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping(monkeypatch, "scale: How much do they hurt now", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        practise(store, NOW)
    record = kept(store)
    assert (record.practice.ended, record.practice.pain_after) == ("done", None)
    assert (store.practice_folder(record.practice.id) / "practice.html").is_file()


def test_an_expected_problem_keeps_what_was_done(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping(monkeypatch, "timer: Lateral lunge, set 1", OutputError("the disk is full"))
    with pytest.raises(OutputError):
        practise(store, NOW)
    assert kept(store).practice.ended == "stopped"
    assert kept(store).parts[0].status == "done"


def killed(store: Store, monkeypatch: pytest.MonkeyPatch, when: str) -> PracticeRecord:
    """A practice that is killed once that is on the screen."""
    stopping(monkeypatch, when, RuntimeError("killed"))
    with pytest.raises(RuntimeError):
        practise(store, NOW)
    monkeypatch.undo()
    return kept(store)


def test_a_kill_loses_nothing_and_the_next_start_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch, own_data: Path
) -> None:
    record = killed(store, monkeypatch, "timer: Lateral lunge, set 2")
    assert record.practice.ended == "under_way"
    assert [(p.part, p.status, p.reps_done) for p in record.parts] == [
        ("release", "done", 0),
        ("lunge", "partly", 4),
    ]
    then = ("scale: How much do your knees or hips hurt, after that?", "2")
    again = practise(store, NOW + timedelta(hours=1), then)
    told = "Last time broke off during the lateral lunge: what was done until then is in the diary."
    assert told in again.told and told in again.stage.headlines
    old, new = all_kept(store)
    assert (old.practice.ended, old.practice.pain_after) == ("stopped", 2)
    assert new.practice.ended == "done"
    assert not any("broke off" in line for line in practise(store, NOW + DAY).told)


def test_the_pain_after_one_that_broke_off_on_another_day_is_not_asked(
    store: Store, monkeypatch: pytest.MonkeyPatch, own_data: Path
) -> None:
    killed(store, monkeypatch, "timer: Straight ahead, left")
    again = practise(store, NOW + DAY)
    assert any("during the three-way hip-flexor release" in line for line in again.told)
    assert "How much do your knees or hips hurt, after that?" not in again.stage.headlines


# -- a part that rests ----------------------------------------------------------------------------

RESTS = "rest: Lateral lunge: left out today"


def hurt_to_the_smallest(store: Store) -> None:
    hurts = ("timer: Lateral lunge", "p")
    for day in range(2):
        practise(store, NOW + day * DAY, hurts, asked=Asked(only=("lunge",)))


def test_a_part_that_rests_is_not_begun_by_itself(store: Store) -> None:
    hurt_to_the_smallest(store)
    only = Asked(only=("lunge",))
    done = practise(store, NOW + 4 * DAY, asked=only)
    assert "Lateral lunge: left out today" in done.stage.headlines
    assert any("leave it out until you have shown it to a clinician" in d for d in details(done))
    assert [p.status for p in kept(store).parts] == ["skipped"]
    practise(store, NOW + 4 * DAY, ("rest: Lateral lunge: left", "enter"), asked=only)
    assert [p.status for p in kept(store).parts] == ["skipped"]
    practise(store, NOW + 5 * DAY, asked=only, alone=True)
    assert not any(p.status != "skipped" for p in kept(store).parts)


def test_who_says_so_begins_it_and_it_rests_no_more_once_it_went_well(store: Store) -> None:
    hurt_to_the_smallest(store)
    practise(store, NOW + 4 * DAY, (RESTS, "y"))
    assert [p.status for p in kept(store).parts] == ["done", "done"]
    after = practise(store, NOW + 5 * DAY)
    assert "Lateral lunge: left out today" not in after.stage.headlines


def test_pain_at_the_smallest_dose_says_to_leave_it_out(store: Store) -> None:
    hurts = ("timer: Lateral lunge", "p"), ("scale: How much do they hurt now", "3")
    first = practise(store, NOW, *hurts)
    told = "Leave out the lateral lunge until you have shown it to a clinician"
    assert not any(told in line for line in first.told)
    assert any("and the rest will be less." in d for d in details(first))
    last = practise(store, NOW + DAY, *hurts, asked=Asked(only=("lunge",)))
    assert any(told in line for line in last.told)


def test_nobody_can_answer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe it runs by the clock; pain is then not told."""
    from tests.programme import by_clock

    monkeypatch.setattr(by_clock, "answering", lambda *_: lambda state: "")
    practise(store, NOW, alone=True)
    record = kept(store)
    assert record.practice.ended == "done"
    assert (record.practice.facts.pain_before, record.practice.pain_after) == (None, None)
    assert [p.status for p in record.parts] == ["done", "done"]
    assert (record.parts[1].clean, record.parts[1].judged_by) == ("cannot_tell", "nobody")


def test_where_nobody_can_answer_nothing_is_begun_after_a_practice_that_hurt(store: Store) -> None:
    practise(store, NOW, ("timer: Lateral lunge", "p"), asked=Asked(only=("lunge",)))
    before = kept(store)
    done = practise(store, NOW + DAY, alone=True)
    assert kept(store) == before
    assert NOBODY_TO_ASK in done.told


def test_a_closed_window_ends_it_without_more_questions(store: Store) -> None:
    done = practise(store, NOW, ("timer: Straight ahead, right", "close"))
    record = kept(store)
    assert record.practice.ended == "stopped"
    assert record.practice.pain_after is None
    assert done.stage.headlines[-1].startswith("Straight ahead, right")


def test_parts_that_are_left_out_by_the_programme_are_not_done(store: Store) -> None:
    practise(store, NOW, what=replace(programme(), leave_out=frozenset({"lateral_lunge"})))
    assert [p.part for p in kept(store).parts] == ["release"]


def test_sets_without_a_clip_go_by_ear(store: Store) -> None:
    stage, told = Clockwork(), list[str]()
    filming = Filming(None, PlayedClips({}), Settings())  # type: ignore[arg-type]
    session = Session(
        store,
        store.make_own_client(),
        programme(),
        Desk(stage, tell=told.append),
        filming,
        now=lambda: NOW,
    )
    session.run()
    lunge = kept(store).parts[1]
    assert (lunge.status, lunge.reps_done, lunge.judged_by) == ("done", 8, "self")
    assert told.count("There is no clip for these sets. They go by ear.") == 2


def test_a_page_that_cannot_be_written_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr("kneetrack.report.practice.html.write_practice", full)
    done = practise(store, NOW, asked=Asked(only=("release",)))
    assert kept(store).practice.ended == "done"
    assert "the disk is full" in done.told
    assert done.shown is not None and done.shown.page is None
