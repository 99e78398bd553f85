"""What is practised at home, and how it went: rows of the diary, and what was prescribed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from kneetrack.records import SettingsError, SideName, Status

PracticeKind = Literal["programme", "selfcheck"]
HowEnded = Literal["under_way", "done", "stopped", "pain", "left"]
"""under_way: not ended (also after a crash). stopped: by wish. pain: it hurt. left: walked off."""
PartStatus = Literal["done", "partly", "skipped", "pain"]
Clean = Literal["yes", "no", "cannot_tell"]
JudgedBy = Literal["camera", "self", "nobody"]
Told = Literal["yes", "no", "unsure", "not_asked"]
Sign = Literal["sitting_stairs", "hip_front_tight", "hip_stretch_pain", "one_leg", "knees_cave_in"]
"""The five signs of a self-check, in their order."""
PrescribedBy = Literal["default", "own", "clinician"]

SIGNS: tuple[Sign, ...] = get_args(Sign)
PAIN_MOST = 10
LONGEST: Final = timedelta(hours=3)
"""Nobody is at a practice for longer: one that is still under way then was broken off."""
NOT_BEGUN: Final = "not begun"
"""Why of a part that was still to come when its practice ended; its status is "skipped"."""


def check_pain(pain: int | None) -> None:
    """Raises SettingsError for a number that is not 0 to 10; None: not told."""
    if pain is not None and not 0 <= pain <= PAIN_MOST:
        raise SettingsError(f"pain {pain}: tell it as a whole number from 0 (none) to 10 (worst)")


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of a part. None: does not apply to it.

    reps: in a set, on each side where sides work in turn. hold_s: at the top of a repetition, or
    for each position, region or stretch. depth_deg: the deepest knee flexion that is asked for.
    """

    sets: int | None = None
    reps: int | None = None
    hold_s: float | None = None
    depth_deg: float | None = None


@dataclass(frozen=True, slots=True)
class PartMeasure:
    """What the camera made of one rule and side over all sets of a part; as in ``SummaryRow``."""

    rule: str
    side: SideName
    status: Status
    measure: str = ""
    unit: str = ""
    value: float | None = None
    error: float | None = None
    reason: str = ""
    reps_valid: int = 0
    reps_total: int = 0


@dataclass(frozen=True, slots=True)
class PartDone:
    """One part of a practice. dose: what was asked for. reps_done: over all sets, both sides.

    part: its key in the programme. clean: whether it went with control; judged_by: who says so.
    why: in one line what was missing. folders: what the camera kept of it, as names of folders
    below the practice's own.
    """

    part: str
    exercise: str
    dose: Dose
    status: PartStatus
    sets_done: int = 0
    reps_done: int = 0
    seconds: float = 0.0
    clean: Clean = "cannot_tell"
    judged_by: JudgedBy = "nobody"
    why: str = ""
    folders: tuple[str, ...] = ()
    measures: tuple[PartMeasure, ...] = ()

    @property
    def not_begun(self) -> bool:
        """Whether its practice ended before it came to this part."""
        return self.status == "skipped" and self.why == NOT_BEGUN

    @property
    def anything(self) -> bool:
        """Whether something of it was done."""
        done = self.status == "done" or self.reps_done > 0 or self.seconds > 0
        return self.status != "skipped" and done


@dataclass(frozen=True, slots=True)
class SignFound:
    """One of the five signs: what was told, and what the camera saw (None: not measured)."""

    sign: Sign
    told: Told
    measured: Status | None = None
    found: str = ""


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """What is known when a practice begins. programme: its title. Raises SettingsError.

    prescription: the number of the client's prescription that was followed, None: another one.
    """

    kind: PracticeKind
    programme: str = ""
    prescription: int | None = None
    camera: bool = False
    pain_before: int | None = None

    def __post_init__(self) -> None:
        check_pain(self.pain_before)


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice in the store. number: 1 for the client's first, by time.

    pain_next: 0..10 the next morning, told on ``pain_next_on``. brought: from another computer.
    """

    id: str
    client_id: str
    number: int
    at: datetime
    facts: PracticeFacts
    ended: HowEnded = "under_way"
    ended_at: datetime | None = None
    pain_after: int | None = None
    pain_next: int | None = None
    pain_next_on: date | None = None
    note: str = ""
    brought: bool = False

    def broken_off(self, now: datetime) -> bool:
        """Whether it never came to an end: the program was killed, or the computer went off."""
        return self.ended == "under_way" and now - self.at > LONGEST


@dataclass(frozen=True, slots=True)
class PracticeRecord:
    """A practice with all that belongs to it."""

    practice: Practice
    parts: tuple[PartDone, ...] = ()
    signs: tuple[SignFound, ...] = ()


@dataclass(frozen=True, slots=True)
class Prescription:
    """A programme that a clinician gave a client. text: its TOML. number: 1 for the first.

    withdrawn_at: when it was withdrawn, or another one took its place; None: it holds.
    """

    id: str
    client_id: str
    number: int
    title: str
    text: str
    at: datetime
    by: str = ""
    note: str = ""
    withdrawn_at: datetime | None = None
