"""Effective settings: the defaults, and a user's TOML file over them, validated key by key.

Sections: ``[view]``, ``[reps]``, ``[recognise]`` and ``[bands.<exercise>.<rule>.<measure>]`` with
``watch``, ``flag`` and, to be sure, ``unit``. An unknown key names its nearest valid neighbour.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from kneetrack.exercises import all_exercises
from kneetrack.exercises.rules import Exercise, Reader, Rule
from kneetrack.nearest import did_you_mean
from kneetrack.recognise import RecogniseLimits
from kneetrack.records import Band, SettingsError
from kneetrack.reps import RepLimits
from kneetrack.view import ViewLimits

T = TypeVar("T", ViewLimits, RepLimits, RecogniseLimits)
_BAND_KEYS = ("watch", "flag", "unit")
_LARGEST = 10**9


@dataclass(frozen=True)
class Settings:
    """Everything that changes a verdict. Travels with the result.

    notes: what the result is to say of them, such as the limits of a programme.
    """

    view: ViewLimits = field(default_factory=ViewLimits)
    reps: RepLimits = field(default_factory=RepLimits)
    recognise: RecogniseLimits = field(default_factory=RecogniseLimits)
    exercises: dict[str, Exercise] = field(default_factory=all_exercises)
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The effective values, for provenance."""
        return {
            "view": asdict(self.view),
            "reps": asdict(self.reps),
            "recognise": asdict(self.recognise),
            "bands": {
                name: {rule.name: _rule_dict(rule) for rule in exercise.rules}
                for name, exercise in self.exercises.items()
            },
        }


def _rule_dict(rule: Rule) -> dict[str, Any]:
    return {
        "confidence": rule.confidence,
        "information": rule.information,
        "measures": {
            reader.measure: {
                "unit": reader.unit,
                "error": reader.error,
                "watch": band.watch if band else None,
                "flag": band.flag if band else None,
                "reference": reader.reference,
            }
            for reader in rule.readers
            for band in [reader.above or reader.below]
        },
    }


def load_settings(path: Path | None) -> Settings:
    """Read a settings file; None gives the defaults. Raises SettingsError naming the key."""
    if path is None:
        return Settings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"settings file not found: {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read the settings file {path}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    return settings_from(table)


def settings_from(table: dict[str, Any]) -> Settings:
    """Settings from a parsed TOML table."""
    default = Settings()
    _known(table, ("view", "reps", "recognise", "bands"), "")
    return Settings(
        view=_limits(default.view, table.get("view", {}), "view"),
        reps=_limits(default.reps, table.get("reps", {}), "reps"),
        recognise=_limits(default.recognise, table.get("recognise", {}), "recognise"),
        exercises=_exercises(default.exercises, table.get("bands", {})),
    )


def with_bands(settings: Settings, table: Mapping[str, Any]) -> Settings:
    """Settings with other bands: a section ``bands`` of a settings file. Raises SettingsError."""
    return replace(settings, exercises=_exercises(settings.exercises, dict(table)))


def _known(table: Any, valid: tuple[str, ...], where: str) -> None:
    if not isinstance(table, dict):
        raise SettingsError(f"setting '{where.rstrip('.')}' must be a table")
    for key in table:
        if key not in valid:
            told = did_you_mean(f"{where}{key}", [f"{where}{name}" for name in valid])
            raise SettingsError(f"unknown setting '{where}{key}': {told}")


def _limits(default: T, table: Any, where: str) -> T:
    names: tuple[str, ...] = tuple(f.name for f in fields(default))
    _known(table, names, where + ".")
    for key, value in table.items():
        _plausible(f"{where}.{key}", value, getattr(default, key))
    try:
        return TypeAdapter(type(default)).validate_python(asdict(default) | table)
    except ValidationError as error:
        problem: Any = error.errors()[0]
        key = ".".join([where, *map(str, problem["loc"])])
        raise SettingsError(f"setting '{key}': {problem['msg']}") from None


def _plausible(where: str, value: Any, default: Any) -> None:
    """Finite, and not negative where the default is not."""
    pairs = zip(value, default, strict=False) if isinstance(value, list) else [(value, default)]
    for number, usual in pairs:
        _not_huge(where, number)
        if isinstance(number, int | float) and not math.isfinite(number):
            raise SettingsError(f"setting '{where}': {number} is not a finite number")
        if isinstance(number, int | float) and number < 0 <= usual:
            raise SettingsError(f"setting '{where}': {number:g} must not be negative")


def _not_huge(where: str, value: Any) -> None:
    """Whole numbers may be longer than a float can be, and than can be printed."""
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise SettingsError(f"setting '{where}': the number is far too large")


def _exercises(defaults: dict[str, Exercise], table: Any) -> dict[str, Exercise]:
    _known(table, tuple(defaults), "bands.")
    return {
        name: _exercise(exercise, table[name]) if name in table else exercise
        for name, exercise in defaults.items()
    }


def _exercise(exercise: Exercise, table: Any) -> Exercise:
    where = f"bands.{exercise.name}."
    _known(table, tuple(rule.name for rule in exercise.rules), where)
    rules = []
    for rule in exercise.rules:
        part = table.get(rule.name, {})
        inner = f"{where}{rule.name}."
        _known(part, tuple(r.measure for r in rule.readers), inner)
        readers = tuple(
            _reader(r, part[r.measure], inner + r.measure) if r.measure in part else r
            for r in rule.readers
        )
        rules.append(replace(rule, readers=readers))
    return exercise.with_rules(tuple(rules))


def _reader(reader: Reader, table: Any, where: str) -> Reader:
    _known(table, _BAND_KEYS, where + ".")
    default = reader.above or reader.below
    if default is None:
        raise SettingsError(f"setting '{where}': this measure is information and has no band")
    if "unit" in table and table["unit"] != reader.unit:
        raise SettingsError(
            f"setting '{where}.unit': {reader.measure} is in '{reader.unit}', not {table['unit']!r}"
        )
    watch = _number(table, "watch", default.watch, where)
    flag = _number(table, "flag", default.flag, where)
    if (flag > watch) != default.higher_is_worse or flag == watch:
        order = "above" if default.higher_is_worse else "below"
        raise SettingsError(
            f"setting '{where}': flag ({flag:g}) must lie {order} watch ({watch:g})"
        )
    if reader.unit == "ratio" and max(abs(watch), abs(flag)) > 3:
        raise SettingsError(f"setting '{where}': {reader.measure} is a ratio, 4 % is written 0.04")
    band = Band(watch, flag)
    return replace(reader, above=band) if reader.above else replace(reader, below=band)


def _number(table: dict[str, Any], key: str, default: float, where: str) -> float:
    value = table.get(key, default)
    _not_huge(f"{where}.{key}", value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SettingsError(f"setting '{where}.{key}': {value!r} is not a number")
    return float(value)
