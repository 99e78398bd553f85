"""A trend and a clinic's reliability as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kneetrack.clinic import catalogue

if TYPE_CHECKING:
    from kneetrack.clinic.change import Trend, TrendRow
    from kneetrack.clinic.reliability import OwnReliability
    from kneetrack.clinic.setupmatch import SetupMatch
    from kneetrack.clinic_records.numbers import Change, SessionValue, SideDifference


def trend_dict(trend: Trend) -> dict[str, Any]:
    """Everything of a trend; numbers in the unit of their row, ratios as fractions."""
    return {
        "client": trend.client.code,
        "protocol": trend.protocol.name,
        "sessions": [
            {"number": s.number, "id": s.id, "at": s.at.isoformat()} for s in trend.sessions
        ],
        "setup": _setup(trend.setup_overall),
        "setup_latest": _setup(trend.setup_latest),
        "rows": [_row(row) for row in trend.rows],
        "sides": [_sides(difference) for difference in trend.sides],
    }


def reliability_dict(found: OwnReliability, *, adopted: bool) -> dict[str, Any]:
    """Everything of a clinic's reliability, without clients."""
    doubts = {doubt.row: doubt.why for doubt in found.doubts}
    return {
        "clients": found.clients,
        "within_days": found.within_days,
        "adopted": adopted,
        "warnings": list(found.warnings),
        "rows": [
            {k: v for k, v in asdict(row).items() if k not in ("adopted_at", "by")}
            | {"doubt": doubts.get(row, "")}
            for row in found.rows
        ],
        "refused": [
            {
                "measure": left.key.measure,
                "exercise": left.key.exercise,
                "view": left.key.view,
                "unit": left.key.unit,
                "subjects": left.clients,
                "typical_error": left.typical_error,
                "why": left.why,
            }
            for left in found.refused
        ],
    }


def _setup(match: SetupMatch | None) -> dict[str, Any] | None:
    if match is None:
        return None
    return {
        "matches": match.matches,
        "differences": [
            {"what": d.what, "says": d.says, "bars": d.bars, "untold": d.untold}
            for d in match.differences
        ],
    }


def _row(row: TrendRow) -> dict[str, Any]:
    return {
        **asdict(row.key),
        "title": catalogue.info(row.key.measure).title,
        "values": [_value(value) for value in row.values],
        "change": _change(row.overall),
        "change_latest": _change(row.latest),
    }


def _value(value: SessionValue | None) -> dict[str, Any] | None:
    if value is None:
        return None
    told = {k: v for k, v in asdict(value).items() if k not in ("session_id", "key")}
    return told | {"view": value.key.view}


def _change(change: Change | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "difference": change.difference,
        "answer": change.answer,
        "why": change.why,
        "limit": asdict(change.limit) if change.limit is not None else None,
    }


def _sides(difference: SideDifference) -> dict[str, Any]:
    return {
        **{k: v for k, v in asdict(difference.key).items() if k != "side"},
        "left": difference.left.value,
        "right": difference.right.value,
        "right_minus_left": difference.difference,
        "error": difference.error,
        "percent": difference.percent,
        "why": difference.why,
    }
