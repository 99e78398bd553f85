"""The pages, read from TOML files beside this one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from kneetrack.nearest import did_you_mean
from kneetrack.records import SettingsError

_PAGES = "pages"
_ORDER = (
    *("hip_flexor_release", "glute_bridge", "lateral_lunge", "soft_tissue"),
    *("figure_four", "modified_pigeon", "squat", "single_leg_squat", "single_leg_stance"),
)
"""As a programme goes, then the movements of a self-check; others follow by name."""


@dataclass(frozen=True, slots=True)
class Position:
    """One position, region or stretch of a timed exercise.

    say: what is said before it, in at most two short sentences. figure: name of its drawing.
    """

    key: str
    title: str
    say: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """A common slip: what is seen, and what to do. rule: the camera's rule, "" none sees it."""

    seen: str
    do: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One exercise, for whoever is to do it.

    name: as in ``exercises`` where a camera can judge it. kind: "reps" are counted, "timed" ones
    are held or rolled. each_side: left and right in turn. camera: what the camera checks, () it
    checks nothing. picture: file name of its picture, ``picture_path`` finds it; picture_alt: what
    it shows. advice: what is better left out, "" nothing. upright: somebody who is in this timed
    position is seen by a camera, so that walking off can be told from lying on the mat.
    """

    name: str
    title: str
    kind: Literal["reps", "timed"]
    each_side: bool
    summary: str
    prepare: tuple[str, ...]
    steps: tuple[str, ...]
    breathe: str
    say: str
    dose: str
    camera: tuple[str, ...]
    slips: tuple[Slip, ...]
    stop_if: tuple[str, ...]
    picture: str
    aliases: tuple[str, ...] = ()
    positions: tuple[Position, ...] = ()
    picture_alt: str = ""
    advice: str = ""
    upright: bool = False

    @property
    def judged(self) -> bool:
        """Whether a camera can judge it."""
        return bool(self.camera)

    def position(self, key: str) -> Position:
        """The position of that key. Raises KeyError."""
        for position in self.positions:
            if position.key == key:
                return position
        raise KeyError(key)


@cache
def page_names() -> tuple[str, ...]:
    """Names of all pages, in the order of a programme, then by name."""
    folder = resources.files("kneetrack.guide") / _PAGES
    found = [f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")]
    rank = {name: i for i, name in enumerate(_ORDER)}
    return tuple(sorted(found, key=lambda name: (rank.get(name, len(rank)), name)))


def load_page(name: str) -> Page:
    """The page of an exercise, by name or alias, however it is spelt. Raises SettingsError."""
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    for known in page_names():
        page = _read(known)
        if wanted in (page.name, *page.aliases):
            return page
    told = did_you_mean(name, [spelt(known) for known in page_names()])
    raise SettingsError(f"unknown exercise {name!r}: {told}")


def spelt(name: str) -> str:
    """The name as it is typed: ``lateral-lunge``."""
    return name.replace("_", "-")


@cache
def _read(name: str) -> Page:
    file = resources.files("kneetrack.guide") / _PAGES / f"{name}.toml"
    try:
        return page_from(name, file.read_text("utf-8"))
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{file} is damaged ({error}): reinstall kneetrack") from error


def page_from(name: str, text: str) -> Page:
    """The page that a TOML text tells. Raises ValueError (with the line) and TypeError."""
    table: dict[str, Any] = tomllib.loads(text)
    for key in ("prepare", "steps", "camera", "stop_if", "aliases"):
        table[key] = tuple(table.get(key, ()))
    table["slips"] = tuple(Slip(**slip) for slip in table.get("slips", ()))
    table["positions"] = tuple(Position(**p) for p in table.get("positions", ()))
    return Page(name=name, **table)


def picture_path(name: str) -> Path:
    """The picture file of that name. Raises SettingsError when the installation lacks it."""
    path = Path(str(resources.files("kneetrack.guide"))) / "pictures" / name
    if not path.is_file():
        raise SettingsError(f"{path} is missing: reinstall kneetrack")
    return path
