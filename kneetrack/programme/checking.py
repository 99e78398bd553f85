"""One value of a TOML table, checked: what is wrong is told in one line that names the key."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from kneetrack.nearest import did_you_mean
from kneetrack.programme.offered import Range
from kneetrack.records import SettingsError

Name = TypeVar("Name", bound=str)
Table = dict[str, Any]


_LONGEST_SHOWN: Final = 60


def shown(value: Any) -> str:
    """A value in a message: in one line, and cut short where it is long."""
    try:
        told = repr(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number that is far too long"
    return told if len(told) <= _LONGEST_SHOWN else f"{told[:_LONGEST_SHOWN]} ..."


def table_of(value: Any, where: str, keys: Sequence[str]) -> Table:
    """A table with no other keys than these."""
    if not isinstance(value, dict):
        raise SettingsError(f"{where} must be a table")
    for key in value:
        if key not in keys:
            told = did_you_mean(key[:_LONGEST_SHOWN], keys)
            raise SettingsError(f"{where}: unknown key {shown(key)}: {told}")
    return value


def text(table: Table, key: str, where: str, most: int, *, lines: bool = False) -> str:
    """A text, "" when it is not there. lines: it may have several."""
    value = table.get(key, "")
    if not isinstance(value, str):
        raise SettingsError(f"{where}: {key} must be a text in quotation marks, not {shown(value)}")
    if len(value) > most:
        raise SettingsError(f"{where}: {key} is longer than {most} characters")
    for letter in value:
        if unicodedata.category(letter) in ("Cc", "Zl", "Zp") and not (lines and letter == "\n"):
            raise SettingsError(f"{where}: {key} must be plain text, in one line")
    return value if lines else value.strip()


def whole(table: Table, key: str, where: str, span: Range) -> int | None:
    """A whole number in a range, None when it is not there."""
    value = table.get(key)
    if value is None:
        return None
    least, most = span
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SettingsError(
            f"{where}: {key} = {shown(value)}: use a whole number from {least:g} to {most:g}"
        )
    return value


def number(table: Table, key: str, where: str, span: Range) -> float | None:
    """A number in a range, None when it is not there."""
    value = table.get(key)
    if value is None:
        return None
    least, most = span
    untold = isinstance(value, float) and math.isnan(value)
    if untold or isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsError(f"{where}: {key} = {shown(value)} is not a number")
    if not least <= value <= most:
        raise SettingsError(f"{where}: {key} = {shown(value)}: use {least:g} to {most:g}")
    return float(value)


def choice(table: Table, key: str, where: str, names: Sequence[Name], usual: Name) -> Name:
    """One of some names; the usual one when it is not there."""
    value = table.get(key, usual)
    for name in names:
        if value == name:
            return name
    told = shown(value)
    near = did_you_mean(value[:_LONGEST_SHOWN] if isinstance(value, str) else told, names)
    raise SettingsError(f"{where}: {key} = {told}: {near}")


def choices(
    table: Table, key: str, where: str, names: Sequence[Name], usual: tuple[Name, ...]
) -> tuple[Name, ...]:
    """Some of the names, each once; the usual ones when the key is not there."""
    value = table.get(key)
    if value is None:
        return usual
    if not isinstance(value, list) or not value:
        raise SettingsError(f'{where}: {key} must be a list, such as ["{names[0]}"]')
    found = [choice({key: item}, key, where, names, names[0]) for item in value]
    if len(set(found)) < len(found):
        raise SettingsError(f"{where}: {key} names one of them twice")
    return tuple(found)


def refused(table: Table, keys: Sequence[str], where: str, why: str) -> None:
    """Raises SettingsError when one of the keys is there."""
    for key in keys:
        if key in table:
            raise SettingsError(f"{where}: {key} does not go with it: {why}")
