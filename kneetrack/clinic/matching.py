"""Which clip is which take: by what was said, by a list, or by the file's name.

A name is matched by the words in it: the step's key, the words of its title, or a usual short
form, and the view. ``squat-front.mp4``, ``SLSQ left.mov``, ``Single-leg squat RIGHT 2.mp4``,
``bridge_foot_end.mp4``. A view that is not said is the only one the step has. A number at the end
is the attempt.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kneetrack.clinic.naming import parse_take, parse_view, plain, take_name
from kneetrack.clinic.takecheck import exercise_words
from kneetrack.clinic.visit import Take
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.records import SettingsError, SourceError

LIST_FILE: Final = "takes.csv"
CLIP_SUFFIXES: Final = (
    *(".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mpg", ".mpeg"),
    *(".wmv", ".mts", ".m2ts", ".3gp", ".ts", ".gif", ".npz"),
)
_VIEW_WORDS: Final[dict[str, ViewAsked]] = {
    "front": "front",
    "frontal": "front",
    "anterior": "front",
    "side": "side",
    "lateral_view": "side",
    "sagittal": "side",
    "foot_end": "foot_end",
    "footend": "foot_end",
    "feet": "foot_end",
}
_SHORT: Final = {
    "squat": ("squat", "sq"),
    "single_leg_squat": ("single_leg_squat", "sls", "slsq", "one_leg_squat", "step_down"),
    "single_leg_stance": ("single_leg_stance", "stance", "balance", "one_leg_stance"),
    "glute_bridge": ("glute_bridge", "bridge"),
    "lateral_lunge": ("lateral_lunge", "lunge", "side_lunge"),
}
_FEET: Final = {"left": "left", "l": "left", "right": "right", "r": "right"}


@dataclass(frozen=True, slots=True)
class Match:
    """A clip and the take it is. why: what told so, for the plan that is shown."""

    clip: Path
    step: Step
    view: ViewAsked
    why: str

    @property
    def take(self) -> str:
        """The take's name."""
        return take_name(self.step.key, self.view)


@dataclass(frozen=True, slots=True)
class Matching:
    """Matches in the order of the protocol, and the clips that nothing told anything about.

    foreign: clips whose name tells of what the protocol does not have, with why in words.
    """

    matches: tuple[Match, ...] = ()
    unmatched: tuple[Path, ...] = ()
    foreign: tuple[tuple[Path, str], ...] = ()
    notes: tuple[str, ...] = field(default=())


def clips_in(folder: Path) -> list[Path]:
    """The clips of a folder by name, hidden files and folders left out. Raises SourceError."""
    if not folder.is_dir():
        raise SourceError(f"there is no folder {folder}: --clips needs the folder with the clips")
    found = [
        path
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() in CLIP_SUFFIXES and not path.name.startswith(".")
    ]
    return sorted(found, key=lambda path: _natural(path.name))


def match_clips(protocol: Protocol, folder: Path | None, said: Sequence[str] = ()) -> Matching:
    """Match the clips of a folder to takes: what was said first, then takes.csv, then names.

    said: ``STEP:VIEW=FILE`` of --take. Raises SettingsError, SourceError.
    """
    matches = [_said(protocol, text, folder) for text in said]
    clips = clips_in(folder) if folder is not None else []
    listed = _listed(protocol, folder, clips) if folder is not None else {}
    unmatched, foreign, notes = [], [], []
    taken = {match.clip.resolve() for match in matches}
    for clip in clips:
        if clip.resolve() in taken:
            continue
        if clip.name in listed:
            step_view = listed[clip.name]
            if step_view is not None:
                matches.append(Match(clip, *step_view, LIST_FILE))
            continue
        found = takes_named(protocol, clip.stem)
        if len(found) == 1:
            matches.append(Match(clip, *found[0], "its name"))
        elif why := "" if found else _not_here(protocol, plain(clip.stem)):
            foreign.append((clip, why))
        else:
            unmatched.append(clip)
            if found:
                names = " or ".join(take_name(step.key, view) for step, view in found)
                notes.append(f"{clip.name} could be {names}")
    ordered = in_order(protocol, matches)
    return Matching(tuple(ordered), tuple(unmatched), tuple(foreign), tuple(notes))


def in_order(protocol: Protocol, matches: Iterable[Match]) -> list[Match]:
    """By take, and of one take the attempts in the order of their numbers and names."""
    order = {(step.key, view): i for i, (step, view) in enumerate(protocol.takes())}
    return sorted(
        matches,
        key=lambda m: (order[(m.step.key, m.view)], _attempt(m.clip.stem), _natural(m.clip.name)),
    )


def takes_named(protocol: Protocol, text: str) -> list[Take]:
    """The takes that a name may stand for: those of the steps that most of its words tell of."""
    words = plain(text)
    scores = {step.key: _score(step, words) for step in protocol.steps}
    best = max(scores.values(), default=0)
    if not best:
        return []
    view = _view_in(words)
    takes = [t for t in protocol.takes() if scores[t[0].key] == best]
    if view is not None:
        return [take for take in takes if take[1] == view]
    return takes


def _score(step: Step, words: str) -> int:
    """How many letters of the name tell of this step; 0 where the leg or nothing does."""
    foot = _foot_in(words)
    if step.foot != "both" and foot is not None and foot != step.foot:
        return 0
    own = {plain(step.key), plain(step.title), *_SHORT.get(step.exercise, ())}
    stems = {re.sub(r"_(left|right)(_leg)?$", "", name) for name in own}
    long = [len(name) for name in (own | stems) if name and _holds(words, name)]
    return max(long, default=0)


def _not_here(protocol: Protocol, words: str) -> str:
    """Why a name that tells of an exercise, or of a leg, is of no step; "" where it is."""
    lengths = {
        exercise: max((len(name) for name in names if _holds(words, name)), default=0)
        for exercise, names in _SHORT.items()
    }
    named = max(lengths, key=lambda exercise: lengths[exercise])
    if not lengths[named] or any(_score(step, words) for step in protocol.steps):
        return ""
    foot = _foot_in(words)
    leg = f" on the {foot}" if foot and any(s.exercise == named for s in protocol.steps) else ""
    return (
        f"its name tells of a {exercise_words(named)}{leg}, which is not in the protocol "
        f"{protocol.name}; if it is another take, say --take STEP:VIEW=FILE"
    )


def _holds(words: str, name: str) -> bool:
    return f"_{name}_" in f"_{words}_"


def _foot_in(words: str) -> str | None:
    feet = {_FEET[word] for word in words.split("_") if word in _FEET}
    return feet.pop() if len(feet) == 1 else None


def _view_in(words: str) -> ViewAsked | None:
    """The view that a name says; the "side" of a "side lunge" says none."""
    rest = f"_{words}_".replace("_side_lunge_", "_lunge_").replace("_side_lunges_", "_lunge_")
    found = {view for word, view in _VIEW_WORDS.items() if f"_{word}_" in rest}
    return found.pop() if len(found) == 1 else None


def _attempt(stem: str) -> int:
    number = re.search(r"(?<!\d)(\d{1,3})\)?$", stem.strip())
    return int(number[1]) if number else 1


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|\D+", name.lower())
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


# -- what was said ------------------------------------------------------------------------------


def _said(protocol: Protocol, text: str, folder: Path | None) -> Match:
    name, equals, file = text.partition("=")
    if not equals or not file.strip():
        raise SettingsError(f"cannot read --take {text!r}: write --take squat:front=FILE")
    step, view = take_called(protocol, name)
    path = Path(file.strip())
    if not path.is_file() and folder is not None and (folder / path).is_file():
        path = folder / path
    if not path.is_file():
        raise SourceError(f"there is no clip {path}")
    return Match(path, step, view, "--take")


def take_called(protocol: Protocol, text: str) -> Take:
    """The take of that name (``squat:front``) in a protocol. Raises SettingsError."""
    name = parse_take(text)
    takes = [take for take in protocol.takes() if take[0].key == name.step]
    if name.view is not None:
        takes = [take for take in takes if take[1] == name.view]
    if len(takes) == 1:
        return takes[0]
    known = ", ".join(take_name(step.key, view) for step, view in takes or protocol.takes())
    raise SettingsError(f"{text.strip()!r} is not one take of {protocol.name}: use {known}")


def _listed(protocol: Protocol, folder: Path, clips: Sequence[Path]) -> dict[str, Take | None]:
    """File name -> take, of takes.csv (file, step, view); None: not to be measured.

    With commas, semicolons or tabs between, as spreadsheets of several countries write it.
    """
    path = folder / LIST_FILE
    if not path.is_file():
        return {}
    try:
        lines = path.read_text("utf-8-sig").splitlines()
        head = lines[0] if lines else ""
        between = max(",;\t", key=head.count)
        rows = list(csv.DictReader(lines, delimiter=between))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"cannot read {LIST_FILE}: {error}") from error
    names, listed = {clip.name for clip in clips}, {}
    for number, row in enumerate(rows, start=2):
        cells = {plain(key or ""): (value or "").strip() for key, value in row.items() if key}
        if not {"file", "step"} <= set(cells):
            raise SettingsError(f"{LIST_FILE} needs the columns file, step and view")
        if cells["file"] not in names:
            raise SettingsError(f"{LIST_FILE}, line {number}: there is no clip {cells['file']!r}")
        listed[cells["file"]] = _cell_take(protocol, cells, number)
    return listed


def _cell_take(protocol: Protocol, cells: dict[str, str], number: int) -> Take | None:
    if cells["step"] in ("", "-"):
        return None
    view = cells.get("view", "")
    try:
        name = f"{cells['step']}:{parse_view(view)}" if view else cells["step"]
        return take_called(protocol, name)
    except SettingsError as error:
        raise SettingsError(f"{LIST_FILE}, line {number}: {error}") from None
