"""What a programme is made of. Read from TOML by ``reading``, judged against by ``limits``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kneetrack.clinic_records.kinds import Foot, ViewAsked
from kneetrack.clinic_records.practice import Dose, PrescribedBy
from kneetrack.question import BridgeMode

PartKind = Literal["timed", "reps"]
"""timed: held or rolled for so long, nothing is measured. reps: counted, by camera where there is
one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a programme.

    key: unique in it, such as "lunge". exercise: a name of the guide (``guide.load_page``). dose:
    to begin with; most: up to where it may grow, same fields. positions: of a timed exercise, keys
    of the page's positions, () all of them. views: from where to look, set after set. note: the
    clinician's own words, shown before the part.
    """

    key: str
    exercise: str
    kind: PartKind
    title: str
    dose: Dose
    most: Dose
    rest_s: float = 60.0
    positions: tuple[str, ...] = ()
    sides: Foot = "both"
    views: tuple[ViewAsked, ...] = ()
    bridge_mode: BridgeMode = "low"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """Parts in order, and limits that hold in all of kneetrack.

    max_knee_flexion_deg: exercise -> the deepest knee flexion allowed. leave_out: exercises that
    are not to be done at all. bands: as the section of that name in a settings file. prescription:
    the number of the client's prescription that it is, None: another one. note: the clinician's own
    words to the client.
    """

    title: str
    parts: tuple[Part, ...]
    about: str = ""
    by: PrescribedBy = "default"
    max_knee_flexion_deg: Mapping[str, float] = field(default_factory=dict)
    leave_out: frozenset[str] = frozenset()
    bands: Mapping[str, Any] = field(default_factory=dict)
    prescription: int | None = None
    note: str = ""

    def part(self, key: str) -> Part | None:
        """The part of that key."""
        return next((part for part in self.parts if part.key == key), None)


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part with what is to be done of it today. why: in one line why more, less, or the same.

    rests: it is left out unless it is asked for: it "hurt" at its smallest dose, or a "sign" of the
    last self-check says that it hurts; "": it does not rest.
    """

    part: Part
    dose: Dose
    why: str = ""
    change: Literal["more", "less", "same"] = "same"
    rests: Literal["", "hurt", "sign"] = ""
