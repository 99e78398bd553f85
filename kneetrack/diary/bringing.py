"""A diary as one text, to be brought to a clinician: no names, no ids of people, no paths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar
from unicodedata import category

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from kneetrack.clinic_records.practice import (
    Clean,
    Dose,
    HowEnded,
    JudgedBy,
    PartDone,
    PartMeasure,
    PartStatus,
    Practice,
    PracticeFacts,
    PracticeKind,
    PracticeRecord,
    Sign,
    SignFound,
    Told,
)
from kneetrack.records import SettingsError, SideName, Status

Day = TypeVar("Day", bound=date)
FORMAT: Final = "kneetrack/diary/1"
_NOT_OURS: Final = "this is not a diary that kneetrack packed: make one with kneetrack diary pack"


_FIRST_YEAR, _LAST_YEAR = 1970, 2199
"""Clocks begin with 1970; what lies outside overflows somewhere, in one time zone or another."""


def _plain(text: str) -> str:
    """Without what a terminal obeys. Raises ValueError for a character that no database takes."""
    if "\0" in text:
        raise ValueError("a character that no database takes")
    return "".join(c if c == "\n" or category(c) != "Cc" else " " for c in text)


def _of_our_time(at: Day) -> Day:
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError("a year that no clock shows")
    return at


_Text = Annotated[str, Field(max_length=10_000), AfterValidator(_plain)]
_Key = Annotated[str, Field(max_length=80), AfterValidator(_plain)]
_Time = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
_Count = Annotated[int, Field(ge=0, le=1_000_000)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Pain = Annotated[int, Field(ge=0, le=10)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Dose(_Model):
    sets: _Count | None = None
    reps: _Count | None = None
    hold_s: _Number | None = None
    depth_deg: _Number | None = None


class _Measure(_Model):
    rule: _Key
    side: SideName
    status: Status
    measure: _Key = ""
    unit: Annotated[str, Field(max_length=16), AfterValidator(_plain)] = ""
    value: _Number | None = None
    error: _Number | None = None
    reason: _Text = ""
    reps_valid: _Count = 0
    reps_total: _Count = 0


class _Part(_Model):
    part: _Key
    exercise: _Key
    dose: _Dose
    status: PartStatus
    sets_done: _Count = 0
    reps_done: _Count = 0
    seconds: _Number = 0.0
    clean: Clean = "cannot_tell"
    judged_by: JudgedBy = "nobody"
    why: _Text = ""
    measures: tuple[_Measure, ...] = Field((), max_length=1000)


class _Sign(_Model):
    sign: Sign
    told: Told
    measured: Status | None = None
    found: _Text = ""


class _Practice(_Model):
    id: str = Field(pattern="^[0-9a-f]{32}$")
    at: _Time
    kind: PracticeKind
    programme: _Text = ""
    camera: bool = False
    ended: HowEnded = "under_way"
    ended_at: _Time | None = None
    pain_before: _Pain | None = None
    pain_after: _Pain | None = None
    pain_next: _Pain | None = None
    pain_next_on: Annotated[date, AfterValidator(_of_our_time)] | None = None
    note: _Text = ""
    parts: tuple[_Part, ...] = Field((), max_length=1000)
    signs: tuple[_Sign, ...] = Field((), max_length=100)

    @model_validator(mode="after")
    def _once(self) -> _Practice:
        for names in ([part.part for part in self.parts], [sign.sign for sign in self.signs]):
            if len(set(names)) < len(names):
                raise ValueError("the same twice")
        return self


class _Diary(_Model):
    format: Literal["kneetrack/diary/1"]
    programme: str = Field("", max_length=100_000)
    practices: tuple[_Practice, ...] = Field((), max_length=100_000)

    @model_validator(mode="after")
    def _once(self) -> _Diary:
        if len({practice.id for practice in self.practices}) < len(self.practices):
            raise ValueError("the same practice twice")
        return self


class _Head(BaseModel):
    format: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What a diary holds. programme: the TOML that was followed last, "" for the default one."""

    records: tuple[PracticeRecord, ...]
    programme: str = ""


def pack(records: Sequence[PracticeRecord], programme_text: str = "") -> str:
    """Practices and the programme that is followed, as one JSON document."""
    practices = [_packed(record) for record in records]
    told = {"format": FORMAT, "programme": programme_text, "practices": practices}
    return _Diary.model_validate(told, strict=False).model_dump_json(exclude_defaults=True) + "\n"


def unpack(text: str) -> Brought:
    """What :func:`pack` made. Raises SettingsError, in one line, for anything else."""
    data = text.removeprefix("\ufeff").encode("utf-8", "replace")
    try:
        made = _Head.model_validate_json(data).format
    except ValidationError as error:
        broken = data.lstrip().startswith(b"{") and f'"{FORMAT}"'.encode() in data
        raise SettingsError(_damaged(error) if broken else _NOT_OURS) from None
    if made != FORMAT:
        newer = made.startswith("kneetrack/diary/")
        told = "this diary was packed by a newer kneetrack: update this one" if newer else _NOT_OURS
        raise SettingsError(told)
    try:
        diary = _Diary.model_validate_json(data)
    except ValidationError as error:
        raise SettingsError(_damaged(error)) from None
    practices = sorted(diary.practices, key=lambda practice: (practice.at, practice.id))
    records = (_record(practice, n) for n, practice in enumerate(practices, 1))
    return Brought(tuple(records), diary.programme)


def _damaged(error: ValidationError) -> str:
    where = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
    at = f" (at {where[:80]})" if where else ""
    return f"this diary is damaged{at}: pack it again on the computer where it is kept"


def _packed(record: PracticeRecord) -> dict[str, Any]:
    practice = asdict(record.practice)
    facts = practice.pop("facts")
    left = ("client_id", "number", "brought", "prescription")
    told = {name: value for name, value in (practice | facts).items() if name not in left}
    parts = [_told(asdict(part)) for part in record.parts]
    for part in parts:
        del part["folders"]
    return told | {"parts": parts, "signs": [asdict(sign) for sign in record.signs]}


def _told(value: Any) -> Any:
    """The same with None for what is no number."""
    if isinstance(value, dict):
        return {name: _told(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _record(packed: _Practice, number: int) -> PracticeRecord:
    facts = ("kind", "programme", "camera", "pain_before")
    told = packed.model_dump(exclude={*facts, "id", "at", "parts", "signs"})
    practice = Practice(
        packed.id,
        "",
        number,
        packed.at,
        PracticeFacts(**packed.model_dump(include=set(facts))),
        **told,
        brought=True,
    )
    signs = tuple(SignFound(**sign.model_dump()) for sign in packed.signs)
    return PracticeRecord(practice, tuple(map(_part, packed.parts)), signs)


def _part(packed: _Part) -> PartDone:
    told = packed.model_dump(exclude={"dose", "measures"})
    measures = tuple(PartMeasure(**measure.model_dump()) for measure in packed.measures)
    return PartDone(**told, dose=Dose(**packed.dose.model_dump()), measures=measures)
