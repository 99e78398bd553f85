"""Verdicts that a reviewer overruled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kneetrack.records import SideName, Status
from kneetrack.result import Verdict
from kneetrack.sets import FoundRep


@dataclass(frozen=True, slots=True)
class Overrule:
    """Another status for a rule and side of the repetition that is under way at ``at_s``."""

    at_s: float
    rule: str
    side: SideName
    status: Status
    reason: str


def overruled(
    rep: FoundRep, verdicts: list[Verdict], overrules: Sequence[Overrule]
) -> list[Verdict]:
    """The verdicts of a repetition, the overruled ones replaced; the last word holds."""
    own = {
        (o.rule, o.side): o for o in overrules if rep.dip.start_s <= o.at_s <= rep.dip.end_s + 1e-9
    }
    return [
        _replaced(verdict, own[verdict.rule, verdict.side])
        if (verdict.rule, verdict.side) in own
        else verdict
        for verdict in verdicts
    ]


def _replaced(verdict: Verdict, word: Overrule) -> Verdict:
    """The numbers stay, except where the reviewer says that they cannot be told."""
    changes: dict[str, object] = {
        "status": word.status,
        "overruled": verdict.status,
        "corrected": True,
        "reason": f"the reviewer's verdict: {word.reason}",
    }
    if word.status == "cannot_tell":
        changes |= {"value": None, "error": None}
    return verdict.model_copy(update=changes)
