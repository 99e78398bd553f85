"""The words of the report: what each measure and each rule is called, says and means.

The words themselves are in glossary.toml, rules.toml and sources.toml beside this file. A measure
or rule that is not in them is shown under its own name: nothing is lost, nothing fails.
"""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict

from kneetrack.records import SideName, Status

_ENDING = re.compile(r"(_(left|right|mean|both))?$")
_UNIT = re.compile(r"_(deg|ratio|s|m|px|percent)$")


class Measure(BaseModel):
    """How a measure is called, shown and explained. The number shown is value * scale."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    name: str
    short: str
    unit: str = ""
    of: str = ""
    scale: float = 1.0
    places: int = 0
    text: str = ""
    formula: str = ""
    sign: str = ""
    says: str = ""
    says_below: str = ""
    says_zero: str = ""
    either_way: bool = False
    joint: bool = False
    sources: tuple[str, ...] = ()

    @property
    def axis(self) -> str:
        """What the numbers are in, e.g. "% of the shank", "degrees"."""
        unit = {"°": "degrees", "s": "seconds"}.get(self.unit.strip(), self.unit.strip())
        return f"{unit} {self.of}".strip()

    def number(self, value: float, *, signed: bool = False) -> str:
        """The number with its unit, e.g. "30 %"; a true minus sign, never "−0"."""
        shown = round(value * self.scale, self.places) + 0.0
        text = f"{abs(shown):.{self.places}f}{self.unit}"
        if shown < 0:
            return f"\N{MINUS SIGN}{text}"
        return f"+{text}" if signed and shown > 0 else text

    def with_error(self, value: float | None, error: float | None) -> str:
        """The number with its standard error, e.g. "30 ± 5 %"; a dash when there is none."""
        if value is None or not math.isfinite(value):
            return "–"
        if error is None or not math.isfinite(error):
            return self.number(value)
        bare = self.model_copy(update={"unit": ""})
        least = 10.0**-self.places / self.scale
        return f"{bare.number(value)} ± {bare.number(max(error, least))}{self.unit}"

    def sentence(self, value: float, error: float | None = None) -> str:
        """The number in words, e.g. "30 ± 5 % of the shank's length inside the toes"."""
        shown = round(value * self.scale, self.places)
        if self.says_zero and shown == 0:
            return self.says_zero.format(value=self.with_error(0.0, error))
        if self.says_below and shown < 0:
            return self.says_below.format(value=self.with_error(-value, error))
        says = self.says or f"{self.name.lower()} {{value}}"
        return says.format(value=self.with_error(value, error))


class Rule(BaseModel):
    """How a rule is called and what it says in each state."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    name: str
    subject: str = ""
    ok: str = ""
    ok_both: str = ""
    watch: str = ""
    watch_both: str = ""
    flag: str = ""
    flag_both: str = ""
    cue: str = ""
    bare: bool = False

    def says(self, status: Status, side: SideName) -> str:
        """The sentence for a state and side; the name and "could not be judged" if untold."""
        leg = {"left": "Left", "right": "Right", "both": ""}[side]
        if status == "cannot_tell":
            if self.subject and leg:
                return f"{leg} {self.subject} could not be judged"
            return f"{self.name} could not be judged"
        words = {
            "ok": (self.ok, self.ok_both),
            "watch": (self.watch, self.watch_both),
            "flag": (self.flag, self.flag_both),
        }[status]
        sentence = (words[1] or words[0]) if side == "both" else words[0]
        if not sentence:
            return f"{leg} {self.name.lower()}".strip().capitalize()
        return sentence.format(leg=leg, lower_leg=leg.lower())


def measure(name: str, unit: str = "") -> Measure:
    """The entry of a measure or of a column of frames.csv, e.g. "kfo" or "kfo_ratio_left"."""
    key = stem(name)
    found = _measures().get(key)
    if found is not None:
        return found
    title = key.replace("_", " ").strip().capitalize() or "Value"
    column = _UNIT.search(_ENDING.sub("", name))
    shown, places = _plain_unit(unit or (column.group(1) if column else ""))
    return Measure(key=key, name=title, short=title, unit=shown, places=places)


def stem(name: str) -> str:
    """A column's measure: without unit and side, e.g. "kfo" of "kfo_ratio_left"."""
    bare = _ENDING.sub("", name)
    return bare if bare in _measures() else _UNIT.sub("", bare)


def rule(name: str) -> Rule:
    """The entry of a rule; one with only a name when it is unknown."""
    found = _rules().get(name)
    return found or Rule(key=name, name=name.replace("_", " ").strip().capitalize() or "Check")


def rule_order(name: str) -> int:
    """The rank of a rule for the verdict at a glance, 0 = foremost; unknown ones last."""
    names = list(_rules())
    return names.index(name) if name in names else len(names)


def source(key: str) -> str:
    """The short reference of a source, or the key itself."""
    return _sources().get(key, key)


def _plain_unit(unit: str) -> tuple[str, int]:
    if unit in {"deg", "°", "degrees", "degree"}:
        return "°", 0
    if unit in {"%", "percent"}:
        return " %", 0
    if unit in {"s", "m", "px"}:
        return f" {unit}", 0 if unit == "px" else 2
    return "", 2


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


@cache
def _measures() -> dict[str, Measure]:
    return {key: Measure(key=key, **entry) for key, entry in _load("glossary.toml").items()}


@cache
def _rules() -> dict[str, Rule]:
    return {key: Rule(key=key, **entry) for key, entry in _load("rules.toml").items()}


@cache
def _sources() -> dict[str, str]:
    return {key: str(text) for key, text in _load("sources.toml").items()}
