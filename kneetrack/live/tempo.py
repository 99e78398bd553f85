"""How a repetition is counted by ear: its beats, and the words that fit into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kneetrack.cue_words import number_word
from kneetrack.live import act_words as say
from kneetrack.records import SettingsError, SideName

BETWEEN_S: Final = 1.2


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds of the parts of a repetition. Raises SettingsError for a part that takes no time."""

    down_s: float = 2.5
    hold_s: float = 0.0
    up_s: float = 2.0
    between_s: float = BETWEEN_S

    def __post_init__(self) -> None:
        if min(self.down_s, self.up_s) <= 0 or min(self.hold_s, self.between_s) < 0:
            raise SettingsError("the parts of a repetition must take some time")


@dataclass(frozen=True, slots=True)
class Beat:
    """One part of a repetition. words: ways to say it, longest first; ``{side}`` is filled in.

    counts: its seconds are counted aloud, from the second on.
    """

    shown: str
    words: tuple[str, ...]
    seconds: float
    counts: bool = False

    def said(self, side: SideName, before: str = "") -> str:
        """The longest of its words that can be said in its time; the shortest when none can.

        before: said first where there is time for it.
        """
        ways = [way.format(side=side.capitalize()) for way in self.words]
        if before:
            ways = [f"{before}. {way}" for way in ways] + ways
        return next((way for way in ways if say.say_s(way) <= self.seconds), ways[-1])

    def seen(self, side: SideName, elapsed_s: float) -> str:
        """What the screen shows of it."""
        shown = self.shown.format(side=side.capitalize())
        return f"{shown} {self.second(elapsed_s)}" if self.counts else shown

    def second(self, elapsed_s: float) -> int:
        """Which second of it it is, from 1."""
        return int(elapsed_s) + 1

    def count(self, second: int) -> str:
        """The number to say at the beginning of a second; "" none."""
        return number_word(second) if self.counts and 1 < second <= self.seconds else ""


def beats_for(exercise: str, tempo: Tempo) -> tuple[Beat, ...]:
    """The beats of a repetition, with the breath on the effort."""
    hold = (Beat("Hold", ("Hold",), tempo.hold_s, counts=True),) if tempo.hold_s >= 1 else ()
    if exercise == "glute_bridge":
        up = Beat("Up", ("Up, breathe out", "Up"), tempo.up_s)
        return (up, *hold, Beat("Down slowly", ("Down slowly", "Down"), tempo.down_s))
    if exercise == "lateral_lunge":
        out = ("{side}, step out and sit back", "{side}, sit back", "{side}")
        push = Beat("Push off, breathe out", ("Push off, breathe out", "Push off"), tempo.up_s)
        return (Beat("{side}: step out, sit back", out, tempo.down_s), *hold, push)
    down = Beat("Down slowly", ("Down slowly", "Down"), tempo.down_s)
    return (down, *hold, Beat("Up, breathe out", ("Up, breathe out", "Up"), tempo.up_s))
