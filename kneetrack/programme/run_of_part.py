"""A part under way: what has been done of it so far, and what the store is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from kneetrack.clinic_records.practice import (
    Clean,
    Dose,
    JudgedBy,
    PartDone,
    PartMeasure,
    PartStatus,
)
from kneetrack.exercises.rules import Exercise
from kneetrack.programme.filmed import Filmed
from kneetrack.programme.judging import Judgement, judge_part, measures_of, reps_by_set
from kneetrack.programme.sides import side_measures
from kneetrack.programme.stations import is_timed
from kneetrack.programme.values import Part, PlannedPart
from kneetrack.records import SideName
from kneetrack.result import Result

SLACK_REPS = 1
"""A repetition that was counted aloud and is not read afterwards does not leave a set undone."""
Go = Literal["on", "next", "pain", "stop", "left"]
"""on: with this part. next: to the next part. stop, left: nothing more is done today."""
YES_NO: dict[bool | None, Clean] = {True: "yes", False: "no", None: "cannot_tell"}
UNDER_WAY = "under way"
"""Why of a part that has been begun, and has not ended."""
OWN_WORD = "by your own word not every repetition went with control"


@dataclass(slots=True)
class RunOfPart:
    """Filled while a part is done; whatever ends it, :meth:`done` tells what there is.

    seconds: of timers, and of sets by ear. by_ear: repetitions that nobody looked at, side by side
    as set by set. own_word: whether all went with control, None: not told. problems: in one line.
    """

    planned: PlannedPart
    sets_done: int = 0
    seconds: float = 0.0
    stations_done: int = 0
    stations: int = 0
    results: list[Result] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    by_ear: list[int] = field(default_factory=list)
    held: list[PartMeasure] = field(default_factory=list)
    own_word: bool | None = None
    skipped: bool = False
    hurt: bool = False
    why: str = ""

    @property
    def part(self) -> Part:
        """The part of the programme."""
        return self.planned.part

    @property
    def dose(self) -> Dose:
        """What is asked for today."""
        return self.planned.dose

    @property
    def timed(self) -> bool:
        """Whether it is held for so long, not counted."""
        return is_timed(self.part)

    def take(self, filmed: Filmed) -> int:
        """Sets that were filmed; how many of them have a repetition."""
        if filmed.folder:
            self.folders.append(filmed.folder)
        if filmed.result is None:
            return 0
        self.results.append(filmed.result)
        counts = reps_by_set([filmed.result], self.part.exercise)
        self.seconds += sum(
            row.end_s - row.start_s
            for row in filmed.result.sets
            if row.exercise == self.part.exercise
        )
        more = len(counts) - len(filmed.counted)
        aloud = [*filmed.counted, *({},) * more] if more >= 0 else [{}] * len(counts)
        self.sets_done += sum(map(self._whole, counts, aloud))
        return len(counts)

    def _whole(self, read: Mapping[SideName, int], aloud: Mapping[SideName, int]) -> bool:
        """Whether a set has all its repetitions, on each side where sides work in turn."""
        wanted = self.dose.reps or 1
        sides: list[SideName] = ["both"]
        if "left" in read or "right" in read:
            sides = ["left", "right"] if self.part.sides == "both" else [self.part.sides]
        return all(
            read.get(side, 0) >= max(1, wanted - SLACK_REPS * (aloud.get(side, 0) >= wanted))
            for side in sides
        )

    def by_ear_set(self, reps: int, seconds: float, *, whole: bool) -> None:
        """A set that was done by ear."""
        self.by_ear.append(reps)
        self.seconds += seconds
        self.sets_done += whole

    @property
    def reps_done(self) -> int:
        """Over all sets and both sides; nothing is counted where it is held for so long."""
        if self.timed:
            return 0
        filmed = reps_by_set(self.results, self.part.exercise)
        return sum(sum(count.values()) for count in filmed) + sum(self.by_ear)

    @property
    def anything(self) -> bool:
        """Whether anything of it was done."""
        return self.reps_done > 0 or self.stations_done > 0 or self.seconds > 0

    @property
    def complete(self) -> bool:
        """Whether all that was asked for has been done."""
        if self.timed:
            return self.stations > 0 and self.stations_done >= self.stations
        return self.sets_done >= (self.dose.sets or 1)

    @property
    def status(self) -> PartStatus:
        """done, partly, skipped or pain."""
        if self.hurt:
            return "pain"
        if not self.anything:
            return "skipped"
        return "done" if self.complete else "partly"

    def done(self, exercise: Exercise | None) -> PartDone:
        """As the store is to have it. exercise: with the bands by which it was judged."""
        measures = measures_of(self.results, self.part.exercise)
        sides = side_measures(self.results, self.part.exercise)
        judgement, by = self._judged(exercise)
        return PartDone(
            self.part.key,
            self.part.exercise,
            self.dose,
            self.status,
            sets_done=self.sets_done if self.part.kind == "reps" else self._rounds(),
            reps_done=self.reps_done,
            seconds=round(self.seconds, 1),
            clean=judgement.clean,
            judged_by=by,
            why=self.why or judgement.why,
            folders=tuple(self.folders),
            measures=(*self.held, *measures, *sides),
        )

    def so_far(self) -> PartDone:
        """As the store is to have it while it is under way."""
        done = self.done(None)
        return replace(
            done, status="partly", why=UNDER_WAY, clean="cannot_tell", judged_by="nobody"
        )

    def _rounds(self) -> int:
        rounds = self.dose.sets or 1
        return self.stations_done * rounds // self.stations if self.stations else 0

    def _judged(self, exercise: Exercise | None) -> tuple[Judgement, JudgedBy]:
        """By camera where all was filmed; else by the worse of the camera and the own word.

        Nobody judges what is held by the clock.
        """
        if not self.anything or (self.timed and not self.results):
            return Judgement("cannot_tell"), "nobody"
        filmed = Judgement("yes")
        if self.results and exercise is not None:
            measures = measures_of(self.results, self.part.exercise)
            filmed = judge_part(measures, self.part, exercise, complete=self.complete)
        if not self.by_ear:
            return filmed, "camera"
        own = Judgement(YES_NO[self.own_word], "" if self.own_word is not False else OWN_WORD)
        if own.clean == "yes" and not self.complete:
            own = Judgement("no", self._not_all())
        worst = own if filmed.clean == "yes" or own.clean == "no" else filmed
        nobody = self.own_word is None and not self.results
        return worst, "nobody" if nobody else "camera" if worst is filmed else "self"

    def _not_all(self) -> str:
        return "" if self.complete else "not all of it was done"
