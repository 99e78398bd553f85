"""Were two sessions set up alike? What was told, and what the pictures show.

A change may be called real only where the view, the height of the body in the picture (within a
tenth), footwear, stance (within a tenth) and depth (within 10 degrees of knee flexion) are the same
(MEASURES 6). Distance and height of the camera, where told, are held to a tenth, too.

Decided here: a fact that was told on both days and differs *bars*; one that was not told on either
day does not bar, since the clinic may well have done the same, but it is named wherever a change is
called real. Clothing and camera bar nothing and are named when they differ. Versions and settings
of the software are named as well. Another version of the same protocol bars: it is raised for that.
A different depth bars what is read at the bottom, not the measures that tell the depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic.catalogue import family
from kneetrack.clinic.filed import Filed, version_notes
from kneetrack.clinic.sessions import FROM, Measured
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.numbers import MeasureKey, SessionValue
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.records import SideName

TOLERANCE: Final = 0.10
FLEXION_TOLERANCE_DEG: Final = 10.0
DEPTH_TOLERANCE: Final = 0.10
"""Thigh lengths. Own derivation: 10 degrees of knee flexion are about 6.5 of the thigh's, and near
60 degrees of thigh inclination sin 60° x 6.5° = 0.10 of its length in height."""
_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class SetupDifference:
    """One thing about the set-up of two sessions that differs or is not known.

    what: "distance", "camera height", "footwear", "stance", "clothing", "camera", "protocol",
    "body height", "depth", "versions". says: a plain sentence without its full stop. bars: a change
    of what it concerns cannot be told. untold: it is not known on one of the days. step "", view
    None, side "both": it concerns every step, view, side.
    """

    what: str
    says: str
    bars: bool
    untold: bool = False
    step: str = ""
    view: ViewAsked | None = None
    side: SideName = "both"

    def concerns(self, key: MeasureKey) -> bool:
        """Whether a measure is touched by it."""
        if self.what == "depth" and catalogue.info(key.measure).tells_depth:
            return False
        return (
            self.step in ("", key.step)
            and self.view in (None, family(key.view))
            and (self.side == "both" or key.side in ("both", self.side))
        )


@dataclass(frozen=True, slots=True)
class SetupMatch:
    """How the set-up of a session compares with that of an earlier one."""

    differences: tuple[SetupDifference, ...] = ()

    @property
    def matches(self) -> bool:
        """Whether nothing bars anything."""
        return not any(d.bars for d in self.differences)

    @property
    def untold(self) -> tuple[str, ...]:
        """Names of what was not told on one of the days, each once."""
        return tuple(dict.fromkeys(d.what for d in self.differences if d.untold))

    def barring(self, key: MeasureKey) -> tuple[SetupDifference, ...]:
        """What stands in the way of comparing a measure."""
        return tuple(d for d in self.differences if d.bars and d.concerns(key))

    def sentences(self) -> tuple[str, ...]:
        """Everything in words, what bars first."""
        told = [d.says for d in self.differences if not d.untold]
        bars = [d.says for d in self.differences if d.bars]
        rest = [text for text in told if text not in bars]
        unknown = [d.says for d in self.differences if d.untold]
        return tuple(dict.fromkeys((*bars, *rest, *unknown)))


def bar_words(barring: Iterable[SetupDifference]) -> str:
    """What stands in the way, in a few words: how deep it was done is no matter of the set-up."""
    depth = all(difference.what == "depth" for difference in barring)
    return "not done as deep" if depth else "not set up alike"


def compare_setups(before: SetupFacts, after: SetupFacts) -> list[SetupDifference]:
    """What was told of the set-up, fact by fact; nothing where all is told and alike."""
    found = [
        _compare_metres("distance", before.distance_m, after.distance_m),
        _compare_metres("camera height", before.camera_height_m, after.camera_height_m),
        _compare_words("footwear", before.footwear, after.footwear, bars=True),
        _compare_stance(before.stance, after.stance),
        _compare_words("clothing", before.clothing, after.clothing, bars=False),
        _compare_words("camera", before.camera, after.camera, bars=False),
    ]
    return [difference for difference in found if difference is not None]


def match_setups(before: Measured, after: Measured, filed: Filed | None = None) -> SetupMatch:
    """Two sessions of one client: what was told, what was measured, and what made the numbers."""
    found = [
        *_compare_protocols(before, after),
        *compare_setups(before.session.setup, after.session.setup),
        *compare_takes(before, after),
    ]
    if filed is not None:
        notes = version_notes(filed, *([t.id for t in m.trials] for m in (before, after)))
        found += [SetupDifference("versions", note, bars=False) for note in notes]
    return SetupMatch(tuple(found))


def compare_takes(before: Measured, after: Measured) -> list[SetupDifference]:
    """What the pictures show: body height, stance and depth, step by step."""
    steps = [s for s in _steps(before) if s in _steps(after)]
    found: list[SetupDifference] = []
    for step in steps:
        found += _compare_heights(step, before, after)
        found += _compare_stances(step, before, after)
        found += _compare_depths(step, before.values, after.values)
    return found


# -- told ----------------------------------------------------------------------------------------


def _untold(what: str, before: bool, after: bool) -> SetupDifference:
    when = "in either session" if not before and not after else "before" if not before else "now"
    return SetupDifference(what, f"{what.capitalize()} not told {when}", bars=False, untold=True)


def _compare_metres(what: str, before: float | None, after: float | None) -> SetupDifference | None:
    if before is None or after is None:
        return _untold(what, before is not None, after is not None)
    if _alike(before, after):
        return None
    says = f"{what.capitalize()} {before:.2f} m before, {after:.2f} m now: more than a tenth apart"
    return SetupDifference(what, says, bars=True)


def _compare_words(what: str, before: str, after: str, *, bars: bool) -> SetupDifference | None:
    old, new = _plain(before), _plain(after)
    if not old or not new:
        return _untold(what, bool(old), bool(new)) if bars else None
    if old == new:
        return None
    says = f"{what.capitalize()}: {before.strip()} before, {after.strip()} now"
    return SetupDifference(what, says, bars=bars)


def _compare_stance(before: str, after: str) -> SetupDifference | None:
    """Centimetres within a tenth, where both are; else the same words."""
    old, new = _centimetres(before), _centimetres(after)
    if old is not None and new is not None and _alike(old, new):
        return None
    return _compare_words("stance", before, after, bars=True)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _centimetres(text: str) -> float | None:
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(cm|centimetres|centimeters)?\s*", text.lower())
    return float(found[1].replace(",", ".")) if found else None


def _alike(before: float, after: float) -> bool:
    return abs(after - before) <= TOLERANCE * abs(before) + _TINY


def _compare_protocols(before: Measured, after: Measured) -> Iterator[SetupDifference]:
    old, new = before.session, after.session
    if old.protocol != new.protocol:
        says = f"Protocol {old.protocol} before, {new.protocol} now: the same steps are compared"
        yield SetupDifference("protocol", says, bars=False)
    elif old.protocol_version != new.protocol_version:
        says = (
            f"Protocol version {old.protocol_version} before, {new.protocol_version} now: "
            "not comparable"
        )
        yield SetupDifference("protocol", says, bars=True)


# -- measured ------------------------------------------------------------------------------------


def _steps(session: Measured) -> list[str]:
    return list(dict.fromkeys(t.step for t in session.trials))


def _fact(session: Measured, step: str, view: ViewAsked, measure: str) -> float | None:
    ids = {t.id for t in session.trials if t.step == step and t.view == view}
    found = (r.value for r in session.readings if r.measure == measure and r.trial_id in ids)
    return next((value for value in found if value is not None), None)


def _views(step: str, before: Measured, after: Measured) -> Iterable[ViewAsked]:
    """Views from which a step was filmed on both days."""
    old, new = ([t.view for t in m.trials if t.step == step] for m in (before, after))
    return dict.fromkeys(view for view in old if view in new)


def _compare_heights(step: str, before: Measured, after: Measured) -> Iterator[SetupDifference]:
    for view in _views(step, before, after):
        old, new = (_fact(m, step, view, catalogue.BODY_HEIGHT) for m in (before, after))
        where = f"{_title(step)}, {FROM[view]}"
        if old is None or new is None:
            says = f"{where}: height of the body in the picture not known"
            yield SetupDifference("body height", says, False, untold=True, step=step, view=view)
        elif not _alike(old, new):
            says = (
                f"{where}: the body filled {100 * old:.0f} % of the picture's height before, "
                f"{100 * new:.0f} % now"
            )
            yield SetupDifference("body height", says, True, step=step, view=view)


def _compare_stances(step: str, before: Measured, after: Measured) -> Iterator[SetupDifference]:
    old, new = (_fact(m, step, "front", catalogue.STANCE) for m in (before, after))
    if old is not None and new is not None and not _alike(old, new):
        says = f"{_title(step)}: feet {old:.2f} leg lengths apart before, {new:.2f} now"
        yield SetupDifference("stance", says, True, step=step)


def _compare_depths(
    step: str, before: Iterable[SessionValue], after: Iterable[SessionValue]
) -> Iterator[SetupDifference]:
    """By knee flexion where both days have it, else by the height of the hips over the knees."""
    old, new = ({(v.key.measure, v.key.side): v for v in vs if v.key.step == step}
                for vs in (before, after))  # fmt: skip
    sides = dict.fromkeys(side for measure, side in old if catalogue.info(measure).tells_depth)
    for side in sides:
        compared = False
        for measure, most in (
            ("knee_flexion", FLEXION_TOLERANCE_DEG),
            ("lead_knee_flexion", FLEXION_TOLERANCE_DEG),
            ("depth", DEPTH_TOLERANCE),
        ):
            a, b = old.get((measure, side)), new.get((measure, side))
            if a is None or b is None or a.value is None or b.value is None:
                continue
            if family(a.key.view) != family(b.key.view):
                continue
            compared = True
            if abs(b.value - a.value) > most + _TINY:
                old_text, new_text = (catalogue.text(measure, v.value) for v in (a, b))
                name = catalogue.info(measure).title.lower()
                says = f"{_title(step)}{_leg(side)}: {name} {old_text} before, {new_text} now"
                yield SetupDifference("depth", says, True, step=step, side=side)
            break
        if not compared:
            says = f"{_title(step)}{_leg(side)}: depth not known alike on both days"
            yield SetupDifference("depth", says, False, untold=True, step=step, side=side)


def _leg(side: SideName) -> str:
    return "" if side == "both" else f" ({side})"


def _title(step: str) -> str:
    return step.replace("_", " ").capitalize()
