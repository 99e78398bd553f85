"""What a trial's result file says beside the numbers in the store: reasons, versions, settings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from kneetrack.clinic.catalogue import MID_RANGE
from kneetrack.clinic_records.visits import CORRECTED_FILE, RESULT_FILE
from kneetrack.records import KneetrackError, SideName
from kneetrack.store.store import Store

NOT_BENT: Final = "the knee did not bend 45 to 60 degrees"
_SETTINGS: Final = ("view", "reps", "recognise")
"""Parts of the settings that numbers depend on; bands only judge them."""


@dataclass(slots=True)
class Filed:
    """Result files of a store, each read once and only when asked for.

    A file that is missing or cannot be read says nothing; numbers do not depend on it.
    """

    store: Store
    _read: dict[str, dict[str, Any]] = field(default_factory=dict)

    def result(self, trial_id: str) -> dict[str, Any]:
        """The result as it now stands, as plain JSON; empty when there is none."""
        if trial_id not in self._read:
            self._read[trial_id] = self._load(trial_id)
        return self._read[trial_id]

    def _load(self, trial_id: str) -> dict[str, Any]:
        try:
            folder = self.store.trial_folder(trial_id)
        except KneetrackError:
            return {}
        for name in (CORRECTED_FILE, RESULT_FILE):
            try:
                found = json.loads((folder / name).read_text("utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(found, dict):
                return found
        return {}

    def why_not(self, trial_id: str, measure: str, side: SideName, unit: str) -> str:
        """Why a measure has no value in a take, as its coverage tells; "" when nothing does."""
        coverage = self.result(trial_id).get("coverage")
        if not isinstance(coverage, dict):
            return ""
        stem = measure.removesuffix(MID_RANGE)
        mean = stem.endswith("_mean")
        column = f"{stem.removesuffix('_mean')}_{unit}"
        names = (f"{column}_mean",) if mean else (f"{column}_{side}", column, f"{column}_left")
        for name in names:
            entry = coverage.get(name)
            if not isinstance(entry, dict):
                continue
            reasons = entry.get("reasons") or {}
            if measure.endswith(MID_RANGE) and entry.get("valid_fraction", 0) > 0.3:
                return NOT_BENT
            if reasons:
                return str(max(reasons, key=lambda text: reasons[text]))
        return ""


def version_notes(filed: Filed, before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Sentences on software, model and settings that differ between two sessions' trials."""
    old, new = _made_by(filed, before), _made_by(filed, after)
    if old is None or new is None:
        return []
    notes = [
        f"{name}: version {old[key]} before, {new[key]} now"
        for key, name in (("kneetrack", "Software"), ("mediapipe", "Pose software"))
        if old.get(key) and new.get(key) and old[key] != new[key]
    ]
    model = "model sha256"
    if old.get(model) and new.get(model) and old[model] != new[model]:
        notes.append("The pose model is another one now: it may read everything a little otherwise")
    changed = _changed_settings(old.get("thresholds") or {}, new.get("thresholds") or {})
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        notes.append(f"Other settings now: {', '.join(changed[:3])}{more}")
    return notes


def _made_by(filed: Filed, trial_ids: Iterable[str]) -> dict[str, Any] | None:
    """Provenance of the last of a session's trials that has one."""
    for trial_id in reversed(list(trial_ids)):
        found = filed.result(trial_id).get("provenance")
        if isinstance(found, dict):
            return found
    return None


def _changed_settings(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    names = []
    for part in _SETTINGS:
        a, b = old.get(part), new.get(part)
        if isinstance(a, dict) and isinstance(b, dict):
            names += [f"{part}.{key}" for key in sorted({*a, *b}) if a.get(key) != b.get(key)]
    return names
