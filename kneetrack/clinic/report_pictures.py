"""The pictures of a report: what was kept of the trials, and what the consent lets be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic.moments import Moment, moments
from kneetrack.clinic.report_visit import Visit, group_of, view_word
from kneetrack.clinic.stills import drawn_pictures, kept_still
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import DRAWN_SUFFIX, Trial
from kneetrack.records import KneetrackError
from kneetrack.report.clinic.facts import Still
from kneetrack.result import Result

MOST_STILLS: Final = 6
MOST_FOR_CLIENT: Final = 3
_FOR_CLIENT: Final = (
    "squat",
    "single_leg_squat",
    "lateral_lunge",
    "glute_bridge",
    "single_leg_stance",
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    step: Step
    trial: Trial
    moment: Moment


def stills(visit: Visit) -> tuple[Still, ...]:
    """For the clinician: a typical moment of every movement, then the telling ones, at most six."""
    candidates = _candidates(visit)
    typical = [c for c in candidates if c.moment.key != "telling"]
    telling = [c for c in candidates if c.moment.key == "telling"]
    moving = [c for c in typical if c.step.exercise != "single_leg_stance"]
    first = _first_views(moving or typical)
    rest = [c for c in (*telling, *typical) if c not in first]
    order = {id(c): i for i, c in enumerate(candidates)}
    chosen = sorted([*first, *rest][:MOST_STILLS], key=lambda c: order[id(c)])
    shown = (_still(visit, c, full=True) for c in chosen)
    return tuple(still for still in shown if still is not None)


def client_pictures(visit: Visit) -> tuple[Still, ...]:
    """For the client: three movements, or three views or moments of fewer."""
    candidates = _candidates(visit)
    rank = {name: i for i, name in enumerate(_FOR_CLIENT)}
    ordered = sorted(candidates, key=lambda c: rank.get(c.step.exercise, len(rank)))
    typical = [c for c in ordered if c.moment.key != "telling"]
    movements = {group_of(c.step.key): c for c in reversed(typical)}
    first = [c for c in typical if movements[group_of(c.step.key)] is c]
    rest = [c for c in ordered if c not in first]
    rest.sort(key=lambda c: c.moment.key == "telling")
    found: list[Still] = []
    for candidate in (*first, *rest):
        if len(found) == MOST_FOR_CLIENT:
            break
        still = _still(visit, candidate, full=False)
        if still is not None:
            found.append(still)
    return tuple(found)


def any_faces(visit: Visit) -> bool:
    """Whether pictures may show a face: the consent in force allows it."""
    return "faces" in visit.allows


def _candidates(visit: Visit) -> list[_Candidate]:
    return [
        _Candidate(step, trial, moment)
        for step, trial in visit.takes()
        if trial.id in visit.results
        for moment in moments(visit.results[trial.id])
    ]


def _first_views(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """One a step."""
    found: dict[str, _Candidate] = {}
    for candidate in candidates:
        found.setdefault(candidate.step.key, candidate)
    return list(found.values())[:MOST_STILLS]


def _still(visit: Visit, chosen: _Candidate, *, full: bool) -> Still | None:
    picture = _picture(visit, chosen)
    if picture is None:
        return None
    data, drawn = picture
    moment, view = chosen.moment, view_word(chosen.trial.view)
    if full:
        title = chosen.step.title
        told = f"{view}; {moment.title[:1].lower()}{moment.title[1:]}"
        caption = f"{told}; {moment.caption}" if moment.caption else told
    else:
        marked = ", the most marked repetition" if moment.key == "telling" else ""
        title, caption = visit.title(chosen.step.key), f"from the {view}{marked}"
    return Still(data, title, caption, _size_px(data), drawn)


def _picture(visit: Visit, chosen: _Candidate) -> tuple[bytes, bool] | None:
    """JPEG and whether it is drawn; drawn anew where nothing is kept that may be shown."""
    folder = visit.store.trial_folder(chosen.trial.id)
    path = kept_still(folder, chosen.moment.key, photographs="video" in visit.allows)
    try:
        if path is not None:
            return path.read_bytes(), path.stem.endswith(DRAWN_SUFFIX)
        result = _analysed(visit, chosen)
        data = drawn_pictures(result).get(chosen.moment.key)
    except (KneetrackError, OSError):
        return None
    return None if data is None else (data, True)


def _analysed(visit: Visit, chosen: _Candidate) -> Result:
    """The result as it now stands once more from its landmarks, with frames to draw from."""
    from kneetrack.clinic.again import retake
    from kneetrack.clinic.review import Review

    review = Review(retake(visit.store, chosen.trial.id))
    standing = visit.store.corrections(chosen.trial.id)
    return review.corrected(standing)[0] if standing else review.first


def _size_px(jpeg: bytes) -> tuple[int, int]:
    """(width, height) by the JPEG's own header; (0, 0) when it has none."""
    at = 2
    while at + 9 < len(jpeg) and jpeg[at] == 0xFF:
        if jpeg[at + 1] in (0xC0, 0xC1, 0xC2):
            height, width = jpeg[at + 5 : at + 7], jpeg[at + 7 : at + 9]
            return int.from_bytes(width), int.from_bytes(height)
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return 0, 0
