"""Everything that the report of a visit tells, as plain values: the one thing pages are made from.

Texts are ready to read. A value that could not be told is None with its reason, never a number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kneetrack.clinic_records.numbers import Answer
from kneetrack.records import SideName, Status


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of one leg. text: "+12 ± 3", "" when it could not be told; then why says why.

    reps: "5/5", those that went in of those done. corrected: a reviewer's correction touches it.
    status: against the coaching band; None in measurement mode. beyond: "beyond the prescribed
    80°", "" within it.
    """

    text: str
    reps: str = ""
    why: str = ""
    corrected: bool = False
    status: Status | None = None
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class ChangeCell:
    """The same number last time, and what may be said of the change.

    why: for a footnote: why it cannot be told, or what is to be known beside one that is real.
    """

    before: str
    difference: str = ""
    answer: Answer = "cannot_tell"
    why: str = ""
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one step and view. cells, changes: by side, or "both" alone.

    difference: right minus left with its error; difference_why: why there is none though both legs
    have a number. limit: minimal detectable change at 95 %.
    """

    label: str
    unit: str
    view: str
    cells: dict[SideName, Cell]
    difference: str = ""
    limit: str = ""
    changes: dict[SideName, ChangeCell] = field(default_factory=dict)
    difference_why: str = ""


@dataclass(frozen=True, slots=True)
class StepTable:
    """The rows of one movement."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """What could not be told, and why, in words."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CurveLine:
    """One leg over the repetition: the mean, and every repetition; None is a gap.

    Equally spaced from the start (first) to the end (last) of the repetition.
    """

    side: SideName
    mean: tuple[float | None, ...]
    reps: tuple[tuple[float | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Curve:
    """A measure over the repetition, in the unit that is shown."""

    title: str
    measure: str
    unit: str
    view: str
    lines: tuple[CurveLine, ...]
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Still:
    """A picture. drawn: a figure from the landmarks, not a photograph. size_px: width, height."""

    jpeg: bytes
    title: str
    caption: str
    size_px: tuple[int, int]
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A reviewer's change: where, what was changed (with what it was), and why, by whom, when."""

    where: str
    what: str
    reason: str
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class SheetItem:
    """An item of a score: points that the clinician confirmed; None: not decided."""

    title: str
    points: int | None


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A score sheet of one step and leg. total: None until every item is confirmed."""

    title: str
    items: tuple[SheetItem, ...]
    total: int | None
    most: int
    before: str = ""


@dataclass(frozen=True, slots=True)
class Practice:
    """An exercise for the client: how often, and what to mind."""

    title: str
    dose: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prescribed:
    """The programme that the client is to practise. limits: "Lateral lunge: no deeper than 80°"."""

    title: str
    limits: tuple[str, ...]
    parts: tuple[Practice, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class AtHome:
    """Practice at home, for the clinician. since: "1, 12 January 2027", the session from which on;
    "" from the first. given: what is prescribed, "" nothing."""

    since: str
    lines: tuple[str, ...]
    given: str = ""


@dataclass(frozen=True, slots=True)
class SetupLine:
    """A fact of the setup, now and last time. differs: it stands in the way of comparing."""

    label: str
    now: str
    before: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure is. label: as in the table."""

    label: str
    title: str
    formula: str
    sign: str
    sources: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A coaching band; for coaching reports alone."""

    check: str
    measure: str
    ok: str
    beyond: str
    basis: str


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """The client's page. did: what was filmed. seen: sentences. changed: what changed since last
    time, same: what did not, unsure: what cannot be compared. corrected: a number of them has a
    star, for it rests on a correction. prescribed: takes the place of practice."""

    did: str
    seen: tuple[str, ...]
    pictures: tuple[Still, ...]
    practice: tuple[Practice, ...]
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    corrected: bool = False
    prescribed: Prescribed | None = None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The report of one visit.

    visit: the number of its session. last: "1, 12 January 2027", the session that it is compared
    with, "" for a first one. blurred: the client's face is blurred in photographs.
    initials: "" unless asked for. made: the day the report was made. originals: what every number
    that rests on a correction was before it.
    """

    code: str
    visit: int
    on: str
    protocol: str
    made: str
    client: ClientFacts
    tables: tuple[StepTable, ...]
    initials: str = ""
    by: str = ""
    last: str = ""
    coaching: bool = False
    complaint: str = ""
    notes: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    stills: tuple[Still, ...] = ()
    setup: tuple[SetupLine, ...] = ()
    untold: tuple[Untold, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
    originals: tuple[str, ...] = ()
    sheets: tuple[SheetLine, ...] = ()
    definitions: tuple[Definition, ...] = ()
    bands: tuple[Band, ...] = ()
    limits: tuple[str, ...] = ()
    software: tuple[tuple[str, str], ...] = ()
    blurred: bool = True
    home: AtHome | None = None
