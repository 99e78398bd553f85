"""Stations of timed parts, sets in a row, clips by name, words, and when questions are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kneetrack.clinic_records.practice import (
    Dose,
    HowEnded,
    PartDone,
    Practice,
    PracticeFacts,
    PracticeKind,
)
from kneetrack.guide.pages import load_page
from kneetrack.programme.before import morning_to_ask, red_flags_due
from kneetrack.programme.cameras import PlayedClips, clip_names, open_cameras
from kneetrack.programme.filmed import free_name, plan_of, sets_from
from kneetrack.programme.reading import load_programme
from kneetrack.programme.stations import stations_of
from kneetrack.programme.values import Part
from kneetrack.programme.words import done_words, dose_words, duration, move_words
from kneetrack.records import SourceError

DEFAULT = load_programme(None)
NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def part(key: str) -> Part:
    found = DEFAULT.part(key)
    assert found is not None
    return found


def titles(key: str, **changed: object) -> list[str]:
    one = replace(part(key), **changed)  # type: ignore[arg-type]
    return [s.title for s in stations_of(one, one.dose, load_page(one.exercise))]


def test_the_release_keeps_to_one_side_and_rolling_goes_region_by_region() -> None:
    release = titles("release")
    assert [t.endswith("left side") for t in release] == [True] * 3 + [False] * 3
    tissue = titles("tissue")
    assert len(tissue) == 10
    assert tissue[0].endswith("left side") and tissue[1].endswith("right side")
    assert tissue[0].split(",")[0] == tissue[1].split(",")[0]


def test_one_side_alone_and_several_rounds() -> None:
    assert len(titles("release", sides="right")) == 3
    assert len(titles("pigeon", dose=Dose(sets=2, hold_s=30))) == 4


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("release", "6 times 30 seconds"),
        ("bridge", "2 sets of 10, held for 3 s"),
        ("lunge", "2 sets of 8 on each side, no deeper than 80°"),
    ],
)
def test_doses_in_words(key: str, words: str) -> None:
    one = part(key)
    assert dose_words(one, one.dose, load_page(one.exercise)) == words


def test_what_was_done_in_words() -> None:
    done = PartDone("lunge", "lateral_lunge", Dose(2, 8), "partly", 1, 17)
    assert done_words(done) == "1 of 2 sets, 17 repetitions, partly"
    assert done_words(replace(done, status="skipped")) == "left out"
    assert [duration(s) for s in (45, 99, 180)] == ["45 s", "99 s", "3 min"]


def test_sets_of_one_view_are_filmed_in_one_go() -> None:
    lunge, bridge = part("lunge"), part("bridge")
    assert sets_from(lunge, Dose(3, 8), 1).last == 3
    plan = plan_of(lunge, Dose(3, 8), sets_from(lunge, Dose(3, 8), 1))
    assert (plan.sets_total, plan.first_set, plan.ends_with, plan.each_side) == (3, 1, 3, True)
    assert [sets_from(bridge, bridge.dose, n).view for n in (1, 2)] == ["side", "foot_end"]
    assert move_words("side", "foot_end") == "Now turn your feet to the camera."
    assert move_words("front", "front") == ""
    one_side = plan_of(replace(lunge, sides="left"), lunge.dose, sets_from(lunge, lunge.dose, 1))
    assert not one_side.each_side


def test_a_folder_that_is_taken_is_not_written_into(tmp_path: Path) -> None:
    assert free_name(tmp_path, "lunge-1") == "lunge-1"
    (tmp_path / "lunge-1").mkdir()
    assert free_name(tmp_path, "lunge-1") == "lunge-1-2"


# -- clips -----------------------------------------------------------------------------------------


def test_clips_are_found_by_part_or_exercise_and_view(tmp_path: Path) -> None:
    names = clip_names(part("bridge"), "foot_end")
    assert names == ("bridge-foot-end", "glute-bridge-foot-end", "bridge", "glute-bridge")
    for name in ("Bridge_Side.mp4", "glute_bridge-foot_end.mov", "lunge.mp4", "lunge.txt"):
        (tmp_path / name).touch()
    clips = open_cameras(str(tmp_path), DEFAULT)
    assert isinstance(clips, PlayedClips)
    assert sorted(clips.clips) == ["bridge-side", "glute-bridge-foot-end", "lunge"]
    assert clips.between is None
    other = replace(part("lunge"), key="step", exercise="squat")
    assert clips.of(other, "front") is None


def test_a_folder_without_such_clips_is_told(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.mp4").touch()
    with pytest.raises(SourceError, match=r"named like a part: bridge\.mp4"):
        open_cameras(str(tmp_path), DEFAULT)


# -- what is asked before --------------------------------------------------------------------------


def practice(
    at: datetime,
    kind: PracticeKind = "programme",
    ended: HowEnded = "done",
    *,
    pain: int | None = 0,
    following: int | None = None,
) -> Practice:
    facts = PracticeFacts(kind, pain_before=pain)
    return Practice("1", "1", 1, at, facts, ended, pain_next=following)


def test_red_flags_are_due_anew_where_nobody_was_asked() -> None:
    assert red_flags_due([], NOW)
    assert not red_flags_due([practice(NOW - DAY)], NOW)
    assert red_flags_due([practice(NOW - DAY, pain=None)], NOW)  # in a pipe
    assert not red_flags_due([practice(NOW - DAY, "selfcheck", pain=None)], NOW)
    assert red_flags_due([practice(NOW - DAY, ended="pain")], NOW)
    assert red_flags_due([practice(NOW - 31 * DAY)], NOW)
    before = [practice(NOW - 40 * DAY), practice(NOW - 5 * DAY), practice(NOW - DAY)]
    assert not red_flags_due(before, NOW)


def test_the_morning_is_asked_of_the_last_practice_of_an_earlier_day() -> None:
    old = practice(NOW - DAY)
    assert morning_to_ask([], NOW) is None
    assert morning_to_ask([old], NOW) is old
    assert morning_to_ask([old, practice(NOW)], NOW) is None
    assert morning_to_ask([practice(NOW - DAY, following=0)], NOW) is None
    assert morning_to_ask([old, practice(NOW, "selfcheck")], NOW) is old
    assert morning_to_ask([practice(NOW - 20 * DAY)], NOW) is None
