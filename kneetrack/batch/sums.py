"""Adds up what the cohort report shows, a record at a time."""

from __future__ import annotations

import heapq
import re
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final

from kneetrack.batch.entries import Row
from kneetrack.batch.ledger import Record
from kneetrack.records import Status
from kneetrack.report.cohort.page import ClipLine

_MOST_LISTED: Final = 100
_SLOWEST: Final = 10
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(slots=True)
class Values:
    """One measure of one leg, as it comes."""

    values: array[float] = field(default_factory=lambda: array("d"))
    errors: array[float] = field(default_factory=lambda: array("d"))
    views: Counter[str] = field(default_factory=Counter)
    of: int = 0


@dataclass(slots=True)
class ExerciseSums:
    """One exercise: clips, repetitions by state, verdicts by rule, values by measure and leg."""

    clips: int = 0
    counted_only: int = 0
    states: Counter[Status] = field(default_factory=Counter)
    rules: dict[str, Counter[Status]] = field(default_factory=lambda: defaultdict(Counter))
    information: set[str] = field(default_factory=set)
    measures: dict[tuple[str, str], Values] = field(default_factory=lambda: defaultdict(Values))
    told: set[str] = field(default_factory=set)
    """Measures that decided a verdict at least once."""
    untold: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Measures that could not decide one, and why."""


@dataclass(slots=True)
class ReasonSums:
    """One reason why something could not be told."""

    verdicts: int = 0
    reps: int = 0
    clips: int = 0
    rules: Counter[str] = field(default_factory=Counter)


class Sums:
    """The sums of a batch; a repeated clip is counted once.

    slowest: (seconds, row, clip, its length in seconds), a heap. more: clips of a kind that are
    beyond what ``lists`` holds.
    """

    def __init__(self) -> None:
        self.exercises: dict[str, ExerciseSums] = defaultdict(ExerciseSums)
        self.reasons: dict[str, ReasonSums] = defaultdict(ReasonSums)
        self.lists: dict[str, list[ClipLine]] = defaultdict(list)
        self.more: Counter[str] = Counter()
        self.slowest: list[tuple[float, int, str, float]] = []
        self.verdicts = self.reps = self.valid = 0
        self.seconds = self.length_s = 0.0
        self.mediapipe: Counter[str] = Counter()

    def add(self, number: int, row: Row, record: Record | None, duplicate: bool) -> None:
        """Take a row in, with its record if there is one."""
        clip = row.entry.address
        if row.problem:
            self.list_clip("error", number, clip, without_path(row.problem, clip))
        elif record is None:
            self.list_clip("pending", number, clip, "")
        elif record.status != "analysed":
            why = record.error or str(record.clip.get("reason") or "")
            self.list_clip(record.status, number, clip, without_path(why, clip))
        if record is None or duplicate:
            return
        length_s = float(record.clip.get("duration_s") or 0.0)
        self.seconds += record.seconds
        self.length_s += length_s
        slow = (record.seconds, number, clip, length_s)
        (heapq.heappushpop if len(self.slowest) >= _SLOWEST else heapq.heappush)(self.slowest, slow)
        self.mediapipe[str(record.clip.get("mediapipe") or "")] += 1
        self._add_reps(record)
        self._add_verdicts(record)
        self._add_readings(record)

    def list_clip(self, kind: str, number: int, clip: str, text: str) -> None:
        """Put a clip on a list, or count it where that is full."""
        if len(self.lists[kind]) < _MOST_LISTED:
            self.lists[kind].append(ClipLine(number, clip, text))
        else:
            self.more[kind] += 1

    def _add_reps(self, record: Record) -> None:
        for name in {rep["exercise"] for rep in record.reps}:
            self.exercises[name].clips += 1
        for rep in record.reps:
            part = self.exercises[rep["exercise"]]
            part.states[rep["status"]] += 1
            part.counted_only += not rep["valid"]
            self.reps += 1
            self.valid += bool(rep["valid"])

    def _add_verdicts(self, record: Record) -> None:
        seen: dict[str, set[int]] = defaultdict(set)
        for verdict in record.verdicts:
            part, rule = self.exercises[verdict["exercise"]], verdict["rule"]
            part.rules[rule][verdict["status"]] += 1
            if verdict["information"]:
                part.information.add(rule)
            if verdict["status"] == "cannot_tell":
                part.untold[verdict["measure"] or ""][verdict["reason"] or ""] += 1
            else:
                part.told.add(verdict["measure"] or "")
            self.verdicts += 1
            if verdict["status"] == "cannot_tell":
                reason = _NUMBER.sub("…", verdict["reason"] or "no reason was given")
                self.reasons[reason].verdicts += 1
                self.reasons[reason].rules[rule] += 1
                seen[reason].add(verdict["rep"])
        for reason, reps in seen.items():
            self.reasons[reason].reps += len(reps)
            self.reasons[reason].clips += 1

    def _add_readings(self, record: Record) -> None:
        for exercise, measure, side, view, value, error in record.readings:
            held = self.exercises[exercise].measures[measure, side]
            held.of += 1
            if value is not None:
                held.values.append(value)
                held.views[str(view or "")] += 1
                if error is not None:
                    held.errors.append(error)


def without_path(text: str, clip: str) -> str:
    """What is said of a clip without where it is, which stands beside it."""
    name = clip.rstrip("/").rpartition("/")[2]
    if not name:
        return text
    bare = re.sub(rf"[^\s\"'(]*/{re.escape(name)}", lambda _: name, text.replace(clip, name))
    return bare.removeprefix(f"{name}: ")
