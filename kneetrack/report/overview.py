"""The verdict at a glance, every check, and what could not be judged, of one set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kneetrack.records import SideName, Status
from kneetrack.report import bands as bands_of
from kneetrack.report import glossary
from kneetrack.report.bands import BandRow, Bullet
from kneetrack.report.take import view_name
from kneetrack.result import RepRow, Result, SetRow, SummaryRow

RANK: Final[dict[Status, int]] = {"cannot_tell": 0, "ok": 1, "watch": 2, "flag": 3}
"""How much a state matters for the verdict."""
KNEES: Final = "knee_valgus"
_SIDES: Final = ("left", "right", "both")
_SIDE: Final[dict[SideName, str]] = {"left": "Left", "right": "Right", "both": ""}


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and side over a set, ready to show."""

    rule: str
    side: SideName
    status: Status
    name: str
    side_name: str
    measure: str
    value: str
    band: str
    bullet: Bullet | None
    reps: str
    detail: str
    reason: str
    cue: str
    view: str
    information: bool
    joint: bool


@dataclass(frozen=True, slots=True)
class Headline:
    """One sentence of the verdict with what stands behind it."""

    status: Status
    title: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """Something that could not be judged: what, why, and what to change when filming."""

    names: tuple[str, ...]
    why: str
    change: str


def checks(result: Result, set_row: SetRow, bands: Sequence[BandRow]) -> list[Check]:
    """Every row of the summary that belongs to a set, foremost rules first."""
    rows = [row for row in result.summary if row.set == set_row.index]
    rows.sort(key=lambda row: (glossary.rule_order(row.rule), _SIDES.index(row.side)))
    return _fold([_check(result, set_row, row, bands) for row in rows])


def _fold(found: Sequence[Check]) -> list[Check]:
    """Left and right judged by one number that both knees share become one check."""
    folded: dict[Check, Check] = {}
    for check in found:
        key = replace(check, side="both", side_name="")
        shared = check.joint and check.status != "cannot_tell" and key in folded
        folded[key if check.joint else check] = key if shared else check
    return list(folded.values())


def merge(takes: Sequence[Sequence[Check]]) -> list[Check]:
    """The checks of several takes, worst rules first; one that could tell outdoes one that not."""
    told = {(c.rule, c.side) for take in takes for c in take if c.status != "cannot_tell"}
    kept: dict[tuple[str, str, str], Check] = {}
    for take in takes:
        for check in take:
            if check.status != "cannot_tell":
                kept[check.rule, check.side, check.view] = check
            elif (check.rule, check.side) not in told and not _covered(check, told):
                key = (check.rule, check.side, "")
                if key not in kept or _tells_other_side(take, check.rule):
                    kept[key] = check
    ranks: dict[str, int] = {}
    for check in kept.values():
        ranks[check.rule] = max(ranks.get(check.rule, 0), RANK[check.status])
    return sorted(
        kept.values(),
        key=lambda c: (-ranks[c.rule], glossary.rule_order(c.rule), -RANK[c.status]),
    )


def rep_status(rep: RepRow) -> Status:
    """Its worst verdict; without a fault, whether the knees could be judged (not in a bridge).

    The same states as in the annotated video.
    """
    known = [v for v in rep.verdicts if not v.information]
    states: list[Status] = [v.status for v in known]
    worst: Status = max(states, key=lambda s: RANK[s], default="cannot_tell")
    knees = [v.status for v in known if v.rule == KNEES]
    if worst in {"watch", "flag"} or rep.exercise == "glute_bridge" or not knees:
        return worst
    return "ok" if "ok" in knees else "cannot_tell"


def worst(found: Sequence[Check]) -> Status:
    """The state of a whole set: that of its worst check; cannot_tell when none could tell."""
    states = [c.status for c in found if not c.information]
    return max(states, key=lambda s: RANK[s], default="cannot_tell")


def headlines(
    found: Sequence[Check], most: int = 3, *, name_view: bool = False, lying: bool = False
) -> list[Headline]:
    """What to say first: what is outside its band, worst first, and how the knees are.

    name_view: say of each number in which view it was measured. lying: in a bridge the knees are
    not judged against the feet, so that this is not worth a headline.
    """
    if name_view:
        found = [
            replace(c, detail=f"{c.detail} – {c.view.lower()} view") if c.detail else c
            for c in found
        ]
    judged = [c for c in found if not c.information]
    faults = [c for c in judged if c.status in {"watch", "flag"}]
    faults.sort(key=lambda c: (-RANK[c.status], glossary.rule_order(c.rule)))
    lines = _together(faults)[:most]
    outside = {c.side for c in faults if c.rule == "knee_varus"}
    knees = [c for c in judged if c.rule == KNEES and c.side not in outside]
    lines += _together([c for c in knees if c.status == "ok"])
    lines += _together([c for c in knees if c.status == "cannot_tell" and not lying])
    if not lines and any(c.status == "ok" for c in judged):
        lines = [Headline("ok", "Everything that could be judged is inside its band", ())]
    return lines or [Headline("cannot_tell", "Nothing could be judged in this take", ())]


_TIMING = ("too_fast", "hold_too_short")
"""What a clock tells, also where nothing of the body could be measured."""


def next_step(found: Sequence[Check]) -> str:
    """One cue: for the foremost fault; else what to change when filming; else to keep going."""
    faults = [c for c in found if c.status in {"watch", "flag"} and not c.information]
    faults.sort(key=lambda c: (-RANK[c.status], glossary.rule_order(c.rule)))
    if faults:
        return next((c.cue for c in faults if c.cue), "")
    if any(c.status == "ok" and c.rule not in _TIMING for c in found if not c.information):
        return "Keep it up. Film again with the same set-up to compare."
    reasons = [c.reason for c in found if c.status == "cannot_tell" and c.reason]
    return f"{_sentence(_parts(reasons[0])[1] or reasons[0]).rstrip('.')}." if reasons else ""


def untold(found: Sequence[Check]) -> list[Untold]:
    """What could not be judged, one entry a reason."""
    by_reason: dict[str, list[str]] = {}
    for check in found:
        if check.status == "cannot_tell":
            name = check.name
            if check.side_name:
                name += f" ({check.side_name.lower()})"
            by_reason.setdefault(check.reason, []).append(name)
    entries = []
    for reason, names in by_reason.items():
        why, change = _parts(reason)
        entries.append(Untold(_fold_sides(names), _sentence(why) or "No reason given", change))
    return entries


def _check(result: Result, set_row: SetRow, row: SummaryRow, bands: Sequence[BandRow]) -> Check:
    rule = glossary.rule(row.rule)
    shown = glossary.measure(row.measure, row.unit)
    band = bands_of.find(bands, row.rule, row.measure, set_row.exercise)
    has_value = row.value is not None and row.status != "cannot_tell"
    with_band = band is not None and has_value and not row.information
    return Check(
        rule=row.rule,
        side=row.side,
        status=row.status,
        name=rule.name,
        side_name=_SIDE[row.side],
        measure=shown.short,
        value=shown.with_error(row.value, row.error) if has_value else "–",
        band=band.ok_words if band and with_band else "",
        bullet=bands_of.bullet(band, row.value, row.error)
        if band and with_band and row.value is not None
        else None,
        reps=_reps_text(result, set_row, row),
        detail=_detail(result, set_row, row, band),
        reason=row.reason,
        cue=row.cue or rule.cue,
        view=view_name(set_row.view),
        information=row.information,
        joint=shown.joint and row.status != "cannot_tell",
    )


def _outside(result: Result, set_row: SetRow, row: SummaryRow) -> tuple[int, int]:
    states = [
        v.status
        for rep in result.reps
        if rep.set == set_row.index
        for v in rep.verdicts
        if v.rule == row.rule and v.side == row.side and v.status != "cannot_tell"
    ]
    return sum(s in {"watch", "flag"} for s in states), len(states)


def _reps_text(result: Result, set_row: SetRow, row: SummaryRow) -> str:
    outside, judged = _outside(result, set_row, row)
    if not judged or row.information:
        return ""
    return f"{outside} of {judged}"


def _detail(result: Result, set_row: SetRow, row: SummaryRow, band: BandRow | None) -> str:
    if row.status == "cannot_tell" or row.value is None or glossary.rule(row.rule).bare:
        return ""
    shown = glossary.measure(row.measure, row.unit)
    text = shown.sentence(row.value, row.error)
    if band is not None and not row.information:
        text += f" ({band.ok_words})" if band.is_limit else f" (ok: {band.ok_text})"
    outside, judged = _outside(result, set_row, row)
    if judged and row.status in {"watch", "flag"}:
        text = f"In {outside} of {judged} reps: {text}"
    if row.reason and not row.information:
        text += f"; {row.reason}"
    return text[0].upper() + text[1:]


def _together(found: Sequence[Check]) -> list[Headline]:
    """Headlines of checks; left and right of one rule in one state become one."""
    lines: dict[tuple[str, Status], list[Check]] = {}
    for check in found:
        lines.setdefault((check.rule, check.status), []).append(check)
    result = []
    for (rule, status), group in lines.items():
        sides = {c.side for c in group}
        side: SideName = "both" if len(sides) > 1 else group[0].side
        title = glossary.rule(rule).says(status, side)
        if rule == KNEES and status == "cannot_tell" and side == "both":
            title = "The knees could not be judged"
        result.append(Headline(status, title, _details(group, status)))
    return result


def _details(group: Sequence[Check], status: Status) -> tuple[str, ...]:
    if status == "cannot_tell":
        return tuple(dict.fromkeys(_sentence(c.reason) for c in group if c.reason))
    if len({c.detail for c in group}) == 1:
        return (group[0].detail,) if group[0].detail else ()
    return tuple(f"{c.side_name}: {c.detail[0].lower()}{c.detail[1:]}" for c in group if c.detail)


def _covered(check: Check, told: set[tuple[str, SideName]]) -> bool:
    """Whether the other take could tell this rule, only with another side."""
    sides = {side for rule, side in told if rule == check.rule}
    return "both" in sides or (check.side == "both" and bool(sides))


def _tells_other_side(take: Sequence[Check], rule: str) -> bool:
    return any(c.rule == rule and c.status != "cannot_tell" for c in take)


def _parts(reason: str) -> tuple[str, str]:
    """(why, what to change): reasons read "why: what to change"."""
    why, _, change = reason.partition(": ")
    return why, _sentence(change)


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]


def _fold_sides(names: Sequence[str]) -> tuple[str, ...]:
    """ "Heel lift (left)" and "Heel lift (right)" -> "Heel lift"."""
    folded: dict[str, None] = {}
    for name in names:
        bare = name.removesuffix(" (left)").removesuffix(" (right)")
        both = {f"{bare} (left)", f"{bare} (right)"} <= set(names)
        folded[bare if both else name] = None
    return tuple(folded)
