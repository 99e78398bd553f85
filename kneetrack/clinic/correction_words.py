"""Corrections in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kneetrack.clinic.hand import bounds_of
from kneetrack.clinic_records.visits import Correction
from kneetrack.records import Status
from kneetrack.report import glossary
from kneetrack.skeleton import Landmark

VERDICT_WORDS: Final[Mapping[Status, str]] = {
    "ok": "inside the band",
    "watch": "to watch",
    "flag": "outside the band",
    "cannot_tell": "cannot tell",
}

SHORT_ID: Final = 8
"""So many digits of a correction's id are shown; they are enough to name it."""


def in_words(correction: Correction) -> str:
    """What was changed: "rep 3 ended at 7.2 s instead of 6.9 s"."""
    words = {"landmark": _landmark, "bounds": _bounds, "verdict": _verdict}
    return words[correction.kind](correction)


def line(correction: Correction) -> str:
    """What, why, by whom and when."""
    day = f"{correction.at.astimezone():%Y-%m-%d}"
    who = f"{correction.by}, {day}" if correction.by else day
    return f"{in_words(correction)}: {correction.reason}; {who}"


def rep_words(rep: object, at_s: float | None = None) -> str:
    """A repetition by its original number, or by when it was."""
    if rep is not None:
        return f"rep {rep}"
    return "the added rep" if at_s is None else f"the added rep at {at_s:.1f} s"


def _landmark(correction: Correction) -> str:
    target = correction.target
    name = Landmark(int(target["landmark"])).name.lower().replace("_", " ")
    until = target.get("until_s")
    when = f"at {target['t_s']:.2f} s" if until is None else f"{target['t_s']:.2f} to {until:.2f} s"
    x, y = correction.after["xy_px"]
    old = correction.before.get("xy_px")
    if old is None:
        return f"{name} {when} set to ({x:.0f}, {y:.0f}) px; it had not been seen"
    return f"{name} {when} moved from ({old[0]:.0f}, {old[1]:.0f}) to ({x:.0f}, {y:.0f}) px"


def _bounds(correction: Correction) -> str:
    before, after = bounds_of(correction.before), bounds_of(correction.after)
    if before is None:
        assert after is not None
        return f"a rep from {after.start_s:.1f} to {after.end_s:.1f} s was added"
    name = rep_words(correction.target.get("rep"), before.bottom_s)
    if after is None:
        return f"{name} ({before.start_s:.1f} to {before.end_s:.1f} s) was struck out"
    parts = [
        f"{verb} at {_seconds(new, old)} s instead of {_seconds(old, new)} s"
        for verb, old, new in (
            ("began", before.start_s, after.start_s),
            ("had its bottom", before.bottom_s, after.bottom_s),
            ("ended", before.end_s, after.end_s),
        )
        if abs(new - old) > 1e-6
    ]
    return f"{name} {' and '.join(parts) or 'kept as it was'}"


def _seconds(value: float, other: float) -> str:
    """With as many decimals as tell the two apart."""
    return f"{value:.1f}" if f"{value:.1f}" != f"{other:.1f}" else f"{value:.2f}"


def _verdict(correction: Correction) -> str:
    target = correction.target
    rule = glossary.rule(str(target["rule"])).name.lower()
    side = "" if target["side"] == "both" else f", {target['side']}"
    name = rep_words(target.get("rep"), target.get("at_s"))
    old, new = (VERDICT_WORDS[c["status"]] for c in (correction.before, correction.after))
    return f"{name}, {rule}{side}: {new} instead of {old}"
