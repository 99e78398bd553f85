"""Repetitions by ear: what to do, when, and how many it were. No camera is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kneetrack.cue_words import number_word
from kneetrack.live import act_words as say
from kneetrack.live.by_ear import LEAD_S, ByEar
from kneetrack.live.plan import Step
from kneetrack.live.tempo import BETWEEN_S, Beat
from kneetrack.live_records import Heard, ScreenState
from kneetrack.records import SettingsError, SideName


@dataclass(frozen=True, slots=True)
class Pace:
    """One set by ear. reps: on each of ``sides``, which alternate. beats: see ``beats_for``.

    between_s: from one repetition to the next. The other fields are those of ``Timer``. Raises
    SettingsError when there is nothing to do.
    """

    title: str
    reps: int
    beats: tuple[Beat, ...]
    sides: tuple[SideName, ...] = ("both",)
    between_s: float = BETWEEN_S
    say: str = ""
    figure: str = ""
    next_title: str = ""
    watches: bool = False
    lead_s: float = LEAD_S
    exercise: str = ""

    def __post_init__(self) -> None:
        if self.reps < 1 or not self.beats or not self.sides:
            raise SettingsError("sets and repetitions must be 1 or more")

    def words(self) -> tuple[str, ...]:
        """What will be said, to be made into sound ahead."""
        beats = [beat.said(side) for side in self.sides for beat in self.beats]
        counts = [number_word(n) for n in range(1, self.reps + 1)]
        after = (say.next_words(self.next_title),) if self.next_title else ()
        last = self.beats[0].said(self.sides[-1], say.LAST_ONE)
        return (self.say or self.title, say.GO, *dict.fromkeys(beats), last, *counts, *after)


class Paced(ByEar):
    """An act. ended: how, None while it goes on. reps_done: finished ones, of all sides.

    A repetition that a pause or the end cuts short does not count; after a pause it begins again.
    """

    def __init__(self, pace: Pace) -> None:
        base = ScreenState(
            "timer",
            title=pace.exercise,
            headline=pace.title,
            detail=pace.say,
            reps_total=pace.reps,
            figure=pace.figure,
        )
        super().__init__(base, pace.say, pace.lead_s, pace.next_title, watches=pace.watches)
        self.pace = pace
        self.reps_done = 0
        self._taken_up_again()

    @property
    def side(self) -> SideName:
        """Whose turn it is."""
        return self.pace.sides[self.reps_done % len(self.pace.sides)]

    @property
    def _left(self) -> int:
        return self.pace.reps * len(self.pace.sides) - self.reps_done

    @property
    def _beat(self) -> Beat | None:
        """None between two repetitions."""
        beats = self.pace.beats
        return beats[self._at] if self._at < len(beats) else None

    def _taken_up_again(self) -> None:
        """From the time before a repetition, in which "Go" is said."""
        self._at, self._elapsed_s, self._second = len(self.pace.beats), 0.0, 0

    def _turn(self, dt_s: float) -> Step:
        heard: list[Heard] = []
        self._elapsed_s += dt_s
        lasts_s = self.pace.between_s if self._beat is None else self._beat.seconds
        if self._elapsed_s >= lasts_s:
            if self._beat is None and not self._left:
                return self._done()
            heard += self._on(self._elapsed_s - lasts_s)
        if self._beat is not None:
            heard += self._say(self._beat)
        return Step(self._screen(), tuple(heard))

    def _on(self, over_s: float) -> list[Heard]:
        """To the next beat, from the last one to the time between two repetitions, or back."""
        between = self._beat is None
        self._at = 0 if between else self._at + 1
        self._elapsed_s, self._second = over_s, 0
        if between or self._beat is not None:
            return []
        self.reps_done += 1
        rounds, side = divmod(self.reps_done, len(self.pace.sides))
        return [Heard("rep", "" if side else number_word(rounds), within_s=0.8)]

    def _say(self, beat: Beat) -> list[Heard]:
        second = beat.second(self._elapsed_s)
        if second <= self._second:
            return []
        first, self._second = self._second == 0, second
        last = say.LAST_ONE if self._at == 0 and self._left == 1 else ""
        words = beat.said(self.side, last) if first else beat.count(second)
        return [Heard(words=words, within_s=0.8)] if words else []

    def _screen(self) -> ScreenState:
        beat, sides = self._beat, len(self.pace.sides)
        shown = "" if beat is None else beat.seen(self.side, self._elapsed_s)
        return replace(
            self._base,
            headline=shown or self._base.headline,
            detail="",
            countdown=self.reps_done // sides,
            progress=0.0 if beat is None else min(1.0, self._elapsed_s / beat.seconds),
            reps_done=self.reps_done // sides,
        )
