"""Programmes read from TOML, every key checked: one wrong key is one line that names it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, Final

from kneetrack.clinic_records.kinds import Foot
from kneetrack.clinic_records.practice import Dose, PrescribedBy
from kneetrack.guide.pages import Page
from kneetrack.programme import checking as c
from kneetrack.programme import offered
from kneetrack.programme.checking import Table
from kneetrack.programme.toml_words import toml_words
from kneetrack.programme.values import Part, Programme
from kneetrack.question import BridgeMode
from kneetrack.records import SettingsError
from kneetrack.settings import settings_from

MOST_PARTS: Final = 30
MOST_BYTES: Final = 100_000
LONGEST_LINE: Final = 4_000
"""Who writes programmes writes no longer ones, and longer keys take minutes to read."""
_TOP_KEYS: Final = ("title", "about", "note", "leave_out", "limits", "bands", "part")
_DOSE_KEYS: Final = ("sets", "reps", "hold_s", "depth_deg")
_PART_KEYS: Final = (
    *("key", "exercise", "title", *_DOSE_KEYS, "rest_s", "positions", "sides", "views"),
    *("bridge", "note", "most"),
)
_KEY: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_FEET: Final[tuple[Foot, ...]] = ("both", "left", "right")
_BRIDGES: Final[tuple[BridgeMode, ...]] = ("low", "full")
_WHOLE_FILE: Final = "the programme"


def default_text() -> str:
    """The default programme, as a file to edit."""
    return (resources.files("kneetrack.programme") / "default.toml").read_text("utf-8")


def load_programme(path: Path | None) -> Programme:
    """The programme of a file; None: the default one. Raises SettingsError naming the key."""
    if path is None:
        return programme_from(default_text(), "default")
    return checked(programme_text(path), "own", str(path))


def checked(text: str, by: PrescribedBy, where: str) -> Programme:
    """As :func:`programme_from`; an error begins with where the text comes from."""
    try:
        return programme_from(text, by)
    except SettingsError as error:
        raise SettingsError(f"{where}: {error}") from None


def programme_text(path: Path) -> str:
    """The text of a programme's file. Raises SettingsError."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise SettingsError(f"programme file not found: {path}") from None
    except OSError as error:
        raise SettingsError(f"cannot read the programme {path}: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise SettingsError(f"{path} is too long for a programme: is it another file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not text in UTF-8: save it as UTF-8") from None


def programme_from(text: str, by: PrescribedBy) -> Programme:
    """The programme that a TOML text tells. Raises SettingsError naming the key."""
    table = _table(text.removeprefix("\ufeff"))
    c.table_of(table, _WHOLE_FILE, _TOP_KEYS)
    title = c.text(table, "title", _WHOLE_FILE, 80)
    if not title:
        raise SettingsError('title is missing: write title = "Hip programme"')
    limits = _limits(table.get("limits", {}))
    programme = Programme(
        title=title,
        parts=_parts(table.get("part"), limits),
        about=c.text(table, "about", _WHOLE_FILE, 2000, lines=True),
        note=c.text(table, "note", _WHOLE_FILE, 2000, lines=True).strip(),
        by=by,
        max_knee_flexion_deg=limits,
        leave_out=_leave_out(table.get("leave_out", [])),
        bands=_bands(table.get("bands", {})),
    )
    if all(part.exercise in programme.leave_out for part in programme.parts):
        raise SettingsError("leave_out names every exercise: nothing is left to do")
    return programme


def _table(text: str) -> Table:
    if any(len(line) > LONGEST_LINE for line in text.splitlines()):
        raise SettingsError(f"a line is longer than {LONGEST_LINE} characters: is it another file?")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise SettingsError(f"not valid TOML: {toml_words(text, str(error))}") from None


def _leave_out(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SettingsError('leave_out must be a list of exercises, such as ["squat"]')
    return frozenset(_page(name, "leave_out").name for name in value)


def _page(name: str, where: str) -> Page:
    try:
        return offered.page_of(name)
    except SettingsError as error:
        raise SettingsError(f"{where}: {error}") from None


def _limits(value: Any) -> dict[str, float]:
    if not isinstance(value, dict):
        raise SettingsError("limits must be a table, such as [limits.lateral_lunge]")
    found: dict[str, float] = {}
    for name, table in value.items():
        where = f"limits.{name}"
        exercise = _page(name, "limits").name
        if exercise not in offered.BENDING:
            raise SettingsError(
                f"{where}: {exercise} has no depth to limit: use {', '.join(offered.BENDING)}"
            )
        if exercise in found:
            raise SettingsError(f"{where}: {exercise} has two limits")
        c.table_of(table, where, ("knee_flexion_deg",))
        limit = c.number(table, "knee_flexion_deg", where, offered.KNEE_FLEXION_DEG)
        if limit is None:
            raise SettingsError(f"{where}: say how deep: knee_flexion_deg = 80")
        found[exercise] = limit
    return found


def _bands(value: Any) -> Mapping[str, Any]:
    settings_from({"bands": value})
    bands: Mapping[str, Any] = value
    return bands


# ------------------------------------------------------------------ parts


def _parts(value: Any, limits: Mapping[str, float]) -> tuple[Part, ...]:
    if not isinstance(value, list) or not value:
        raise SettingsError('a programme needs parts: [[part]] with exercise = "glute_bridge"')
    if len(value) > MOST_PARTS:
        raise SettingsError(f"a programme has at most {MOST_PARTS} parts, this one {len(value)}")
    parts: list[Part] = []
    for count, table in enumerate(value, 1):
        part = _part(table, count, limits)
        if any(part.key == other.key for other in parts):
            raise SettingsError(f"part {count}: the key {part.key!r} is taken: give it another one")
        parts.append(part)
    return tuple(parts)


def _part(table: Any, count: int, limits: Mapping[str, float]) -> Part:
    where = _place(table, count)
    c.table_of(table, where, _PART_KEYS)
    name = c.text(table, "exercise", where, 60)
    if not name:
        known = ", ".join(offered.exercise_names())
        raise SettingsError(f"{where}: exercise is missing: use {known}")
    page = _page(name, where)
    key = c.text(table, "key", where, 32) or page.name
    where = f"part {key!r}"
    _check_key(key, page)
    timed = page.kind == "timed"
    _refuse(table, page, where)
    told = _told_most(table, page, f"{where}, most")
    dose = _dose(table, told, page, where, limits.get(page.name))
    return Part(
        key=key,
        exercise=page.name,
        kind="timed" if timed else "reps",
        title=c.text(table, "title", where, 80) or page.title,
        dose=dose,
        most=_most(told, dose, f"{where}, most"),
        rest_s=c.number(table, "rest_s", where, offered.REST_S) or 60.0,
        positions=_positions(table, page, where),
        sides=c.choice(table, "sides", where, _FEET, "both"),
        views=_views(table, page, where),
        bridge_mode=c.choice(table, "bridge", where, _BRIDGES, "low"),
        note=c.text(table, "note", where, 500, lines=True),
    )


def _place(table: Any, count: int) -> str:
    """ "part 3 ('lunge')", so that nobody has to count."""
    told = table.get("key") or table.get("exercise") if isinstance(table, dict) else None
    return f"part {count} ({c.shown(told)})" if isinstance(told, str) else f"part {count}"


def _check_key(key: str, page: Page) -> None:
    if not _KEY.fullmatch(key):
        raise SettingsError(f"the key {key!r} of a part: use small letters, digits and single _")
    if key != page.name and key in offered.exercise_names():
        raise SettingsError(f"part {key!r} is {page.name}: give it a key that is no other exercise")


def _refuse(table: Table, page: Page, where: str) -> None:
    """Raises SettingsError for keys that are about other exercises."""
    if page.kind == "timed":
        why = f"{page.name} is held for hold_s seconds; list it again, with another key, for more"
        c.refused(table, ("sets", "reps", "depth_deg", "views", "rest_s"), where, why)
    else:
        c.refused(table, ("positions",), where, f"{page.name} is counted")
    if page.name not in offered.BENDING:
        why = f"depth is asked for in {', '.join(offered.BENDING)}"
        c.refused(table, ("depth_deg",), where, why)
    if page.name != "glute_bridge":
        c.refused(table, ("bridge",), where, f"{page.name} is no bridge")
    if not page.each_side:
        c.refused(table, ("sides",), where, f"both sides work together in {page.name}")
    if offered.hold_range(page) is None:
        c.refused(table, ("hold_s",), where, f"nothing is held in {page.name}")


def _dose(table: Table, most: Dose, page: Page, where: str, limit: float | None) -> Dose:
    """What it begins with; a depth that is to grow begins at the limit when nothing is said."""
    dose = _amounts(table, page, where)
    if dose.hold_s is None and (page.kind == "timed" or page.name == "single_leg_stance"):
        raise SettingsError(f"{where}: say how long: hold_s = 30")
    if page.kind == "timed":
        return dose
    dose = replace(dose, sets=dose.sets or 1)
    if dose.reps is None:
        if page.name != "single_leg_stance":
            raise SettingsError(f"{where}: say how many: reps = 8")
        dose = replace(dose, reps=1)
    if dose.depth_deg is None and most.depth_deg is not None:
        if limit is None:
            raise SettingsError(
                f"{where}: most.depth_deg wants to know how deep to begin: depth_deg = 80"
            )
        return replace(dose, depth_deg=min(limit, most.depth_deg))
    if dose.depth_deg is not None and limit is not None and dose.depth_deg > limit:
        raise SettingsError(
            f"{where}: depth_deg = {dose.depth_deg:g} is deeper than the limit {limit:g}"
        )
    return dose


def _amounts(table: Table, page: Page, where: str) -> Dose:
    hold = offered.hold_range(page)
    return Dose(
        sets=c.whole(table, "sets", where, offered.SETS),
        reps=c.whole(table, "reps", where, offered.REPS),
        hold_s=None if hold is None else c.number(table, "hold_s", where, hold),
        depth_deg=c.number(table, "depth_deg", where, offered.KNEE_FLEXION_DEG),
    )


def _told_most(table: Table, page: Page, where: str) -> Dose:
    told = c.table_of(table.get("most", {}), where, _DOSE_KEYS)
    _refuse(told, page, where)
    return _amounts(told, page, where)


def _most(told: Dose, dose: Dose, where: str) -> Dose:
    """Up to where it may grow: no further than it begins where nothing is said."""
    most = told
    for name in _DOSE_KEYS:
        begin, end = getattr(dose, name), getattr(told, name)
        if end is None:
            most = replace(most, **{name: begin})
        elif begin is None:
            raise SettingsError(f"{where}: {name} = {end:g}, but the part has no {name}")
        elif end < begin:
            raise SettingsError(
                f"{where}: {name} = {end:g} is less than the {begin:g} that it begins with"
            )
    return most


def _positions(table: Table, page: Page, where: str) -> tuple[str, ...]:
    keys = tuple(position.key for position in page.positions)
    if "positions" in table and not keys:
        raise SettingsError(f"{where}: {page.name} has no positions to choose from")
    return c.choices(table, "positions", where, keys, ()) if keys else ()


def _views(table: Table, page: Page, where: str) -> tuple[Any, ...]:
    if page.name not in offered.VIEWS:
        c.refused(table, ("views",), where, f"no camera judges {page.name}")
        return ()
    usual = offered.usual_views(page.name)
    return c.choices(table, "views", where, offered.VIEWS[page.name], usual)
