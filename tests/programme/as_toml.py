"""A programme written as the TOML that reads as the same programme."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from kneetrack.clinic_records.practice import Dose
from kneetrack.programme.offered import usual_views
from kneetrack.programme.values import Part, Programme


def to_toml(programme: Programme) -> str:
    """The programme as a text that ``programme_from`` reads. Who prescribed it is not in it."""
    lines = [f"title = {_value(programme.title)}"]
    if programme.about:
        lines.append(f"about = {_value(programme.about)}")
    if programme.leave_out:
        lines.append(f"leave_out = {_value(sorted(programme.leave_out))}")
    for exercise, limit_deg in programme.max_knee_flexion_deg.items():
        lines += ["", f"[limits.{exercise}]", f"knee_flexion_deg = {_value(limit_deg)}"]
    for part in programme.parts:
        lines += ["", "[[part]]", *_pairs(_part(part))]
        most = {k: v for k, v in _dose(part.most).items() if v != _dose(part.dose).get(k)}
        if most:
            lines += ["[part.most]", *_pairs(most)]
    lines += _bands(programme.bands, "bands")
    return "\n".join(lines) + "\n"


def _part(part: Part) -> dict[str, Any]:
    """The keys of a part, without those that say what goes without saying."""
    table: dict[str, Any] = {"key": part.key, "exercise": part.exercise, "title": part.title}
    table |= _dose(part.dose)
    if part.kind == "reps":
        table["rest_s"] = part.rest_s
    if part.positions:
        table["positions"] = list(part.positions)
    if part.sides != "both":
        table["sides"] = part.sides
    if part.views != usual_views(part.exercise):
        table["views"] = list(part.views)
    if part.exercise == "glute_bridge":
        table["bridge"] = part.bridge_mode
    if part.note:
        table["note"] = part.note
    return table


def _dose(dose: Dose) -> dict[str, float]:
    return {name: value for name, value in asdict(dose).items() if value is not None}


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{key} = {_value(value)}" for key, value in table.items())


def _bands(table: Mapping[str, Any], where: str) -> list[str]:
    plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    lines = ["", f"[{where}]", *_pairs(plain)] if plain else []
    for key, value in table.items():
        if isinstance(value, Mapping):
            lines += _bands(value, f"{where}.{key}")
    return lines


def _value(value: str | float | list[str]) -> str:
    """JSON's texts, numbers and lists of texts are TOML's; whole numbers without a point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
