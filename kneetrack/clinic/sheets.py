"""The two movement scores that a clinician fills in: LSD and QASLS (MEASURES 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from kneetrack.clinic_records.kinds import SheetName
from kneetrack.records import SettingsError

Clue = Literal["arm", "trunk", "knee_toe", "knee_border", "knee", "wobble", "touch", "none"]
"""What of the measurement an item can be suggested from; none: for the clinician alone."""


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One item. points: those that may be given, 0 first, with what each stands for.

    whose: what is looked at, for an item that stays the clinician's ("thigh rotation").
    """

    key: str
    group: str
    title: str
    points: Mapping[int, str]
    clue: Clue = "none"
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A score. most: the highest total; 0 is the best of both."""

    name: SheetName
    title: str
    about: str
    items: tuple[SheetItem, ...]
    source: str

    @property
    def most(self) -> int:
        """The highest total."""
        return sum(max(item.points) for item in self.items)

    def item(self, key: str) -> SheetItem | None:
        """The item of that key."""
        return next((item for item in self.items if item.key == key), None)


_SEEN: Final = {0: "not seen", 1: "seen"}

LSD: Final = Sheet(
    "lsd",
    "Lateral step-down",
    "Five step-downs from a box of 15 to 20 cm; what was seen in most of them counts.",
    (
        SheetItem("arm", "Arms", "Hands leave the waist to keep balance", _SEEN, "arm"),
        SheetItem("trunk", "Trunk", "Trunk leans to either side", _SEEN, "trunk"),
        SheetItem(
            "pelvis",
            "Pelvis",
            "Pelvis turns, or one side is higher than the other",
            _SEEN,
            whose="the pelvis",
        ),
        SheetItem(
            "knee",
            "Knee",
            "Knee goes inward",
            {0: "stays over the second toe", 1: "inside the second toe",
             2: "inside the inner border of the foot"},
            "knee",
        ),
        SheetItem(
            "unsteady", "Balance", "Unsteady on the standing leg, or steps down", _SEEN, "wobble"
        ),
    ),
    "LSD (MEASURES 7): five items, 0 to 6",
)  # fmt: skip

QASLS: Final = Sheet(
    "qasls",
    "Qualitative analysis of single-leg loading (QASLS)",
    "Ten items, each seen or not seen; what was seen in most of the repetitions counts.",
    (
        SheetItem("arm", "Arms", "Arms move more than balance needs", _SEEN, "arm"),
        SheetItem("trunk", "Trunk", "Trunk leans in any direction", _SEEN, "trunk"),
        SheetItem(
            "pelvis_level", "Pelvis", "Pelvis does not stay level", _SEEN, whose="the pelvis"
        ),
        SheetItem("pelvis_tilt", "Pelvis", "Pelvis tilts or turns much", _SEEN, whose="the pelvis"),
        SheetItem(
            "thigh_inward",
            "Thigh",
            "Thigh of the standing leg goes inward",
            _SEEN,
            whose="thigh rotation",
        ),
        SheetItem(
            "thigh_other",
            "Thigh",
            "Thigh of the other leg does not stay neutral",
            _SEEN,
            whose="thigh rotation",
        ),
        SheetItem(
            "knee_toe",
            "Knee",
            "Kneecap points towards the second toe or past it (noticeable valgus)",
            _SEEN,
            "knee_toe",
        ),
        SheetItem(
            "knee_medial",
            "Knee",
            "Kneecap goes past the inside of the foot (significant valgus)",
            _SEEN,
            "knee_border",
        ),
        SheetItem(
            "foot_touch",
            "Steady stance",
            "The other foot touches the floor",
            _SEEN,
            "touch",
            whose="the other foot",
        ),
        SheetItem("wobble", "Steady stance", "The standing leg wobbles", _SEEN, "wobble"),
    ),
    "QASLS (MEASURES 7): ten items, 0 to 10",
)
_SHEETS: Final[dict[str, Sheet]] = {"lsd": LSD, "qasls": QASLS}


def sheet(name: str) -> Sheet:
    """The sheet of that name. Raises SettingsError."""
    found = _SHEETS.get(name.strip().lower())
    if found is None:
        raise SettingsError(f"unknown score {name!r}: use {' or '.join(get_args(SheetName))}")
    return found
