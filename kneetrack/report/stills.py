"""Which frames the report shows as pictures: the worst repetition of each set beside the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kneetrack.records import Status
from kneetrack.report import bands as bands_of
from kneetrack.report import glossary
from kneetrack.report.bands import BandRow
from kneetrack.report.overview import KNEES, RANK, rep_status
from kneetrack.report.take import sets_of
from kneetrack.result import RepRow, Result, SetRow, Verdict


@dataclass(frozen=True, slots=True)
class StillChoice:
    """A frame to show: the moment on the clip's clock, and what stands under the picture."""

    key: str
    t_s: float
    title: str
    caption: str
    status: Status
    set: int
    rep: int | None = None
    value: float | None = None
    error: float | None = None


def choose_stills(result: Result) -> dict[str, StillChoice]:
    """The frames worth showing, by key: "worst-1" and "best-1" of set 1, and so on.

    "seen-1" alone where a set has no judged repetition (its first one, as filmed), "seen-0" where
    there are no sets at all (the middle of the clip).
    """
    rows = sets_of(result)
    if not rows:
        middle = result.source.duration_s / 2
        return {"seen-0": StillChoice("seen-0", middle, "As filmed", "", "cannot_tell", 0)}
    choices = [choice for row in rows for choice in _of_set(result, row)]
    return {choice.key: choice for choice in choices}


def alike(one: StillChoice, other: StillChoice) -> bool:
    """Whether the values behind two pictures differ by no more than their errors."""
    if one.value is None or other.value is None or one.status != other.status:
        return False
    return abs(one.value - other.value) <= (one.error or 0.0) + (other.error or 0.0)


def _of_set(result: Result, row: SetRow) -> list[StillChoice]:
    reps = [rep for rep in result.reps if rep.set == row.index]
    bands = bands_of.of_exercise(bands_of.collect(result.provenance.thresholds), row.exercise)
    rule = _focus(reps)
    scored = [(_score(rep, rule, bands), rep) for rep in reps if rep.valid]
    judged = [(score, rep) for score, rep in scored if score is not None]
    if not judged:
        return [_seen(row, reps)]
    judged.sort(key=lambda pair: pair[0])
    best, worst = judged[0][1], judged[-1][1]
    if best is worst:
        return [_choice(("worst", "The repetition judged"), worst, rule, bands)]
    good = rep_status(worst) == "ok"
    return [
        _choice(("worst", "Least good" if good else "Worst"), worst, rule, bands),
        _choice(("best", "Best"), best, rule, bands),
    ]


def _focus(reps: Sequence[RepRow]) -> str:
    """The rule that the pictures are about: the worst one, the knees first."""
    found = [v for rep in reps for v in rep.verdicts if not v.information]
    faults = [v for v in found if v.status in {"watch", "flag"}]
    order = sorted(faults, key=lambda v: (-RANK[v.status], glossary.rule_order(v.rule)))
    return order[0].rule if order else KNEES


def _score(rep: RepRow, rule: str, bands: Sequence[BandRow]) -> tuple[int, float] | None:
    told = [v for v in rep.verdicts if v.rule == rule and v.status != "cannot_tell"]
    if not told:
        return None
    return max((RANK[v.status], _severity(v, bands)) for v in told)


def _severity(verdict: Verdict, bands: Sequence[BandRow]) -> float:
    band = bands_of.find(bands, verdict.rule, verdict.measure)
    band = band or next((b for b in bands if b.rule == verdict.rule), None)
    if verdict.value is None:
        return 0.0
    if band is None or band.measure != glossary.stem(verdict.measure):
        return verdict.value
    return band.severity(verdict.value)


def _choice(
    named: tuple[str, str], rep: RepRow, rule: str, bands: Sequence[BandRow]
) -> StillChoice:
    told = [v for v in rep.verdicts if v.rule == rule and v.status != "cannot_tell"]
    top = max(told, key=lambda v: (RANK[v.status], _severity(v, bands)))
    caption = ""
    if top.value is not None:
        shown = glossary.measure(top.measure, top.unit)
        side = "" if top.side == "both" or shown.joint else f"{top.side.capitalize()}: "
        caption = side + shown.sentence(top.value, top.error)
        caption = caption[:1].upper() + caption[1:]
    return StillChoice(
        key=f"{named[0]}-{rep.set}",
        t_s=rep.bottom_s,
        title=f"Rep {rep.index} · {named[1].lower()}",
        caption=caption,
        status=top.status,
        set=rep.set,
        rep=rep.index,
        value=top.value,
        error=top.error,
    )


def _seen(row: SetRow, reps: Sequence[RepRow]) -> StillChoice:
    first = reps[0] if reps else None
    return StillChoice(
        key=f"seen-{row.index}",
        t_s=first.bottom_s if first else (row.start_s + row.end_s) / 2,
        title="As filmed",
        caption="What the camera saw at the bottom of the first repetition." if first else "",
        status="cannot_tell",
        set=row.index,
        rep=first.index if first else None,
    )
