"""A trial analysed again from its landmarks, as it was asked for the first time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from kneetrack.clinic.kept import landmarks_of, original_result
from kneetrack.clinic_records.visits import LANDMARKS_FILE, Trial
from kneetrack.question import BridgeMode, Hand
from kneetrack.recognise import RecogniseLimits
from kneetrack.recorded import Landmarks, analyse_landmarks
from kneetrack.records import SettingsError
from kneetrack.reps import RepLimits
from kneetrack.result import ExerciseName, Result
from kneetrack.settings import Settings, settings_from
from kneetrack.view import ViewLimits

if TYPE_CHECKING:
    from kneetrack.store.store import Store


@dataclass(frozen=True, slots=True)
class Retake:
    """The landmarks of a trial and what was asked of them. original: the result that is kept."""

    landmarks: Landmarks
    exercise: ExerciseName | None
    bridge: BridgeMode
    settings: Settings
    original: Result

    def analyse(self, hand: Hand | None = None) -> Result:
        """The result, with a reviewer's corrections when there are any."""
        return analyse_landmarks(
            self.landmarks,
            exercise=self.exercise,
            bridge=self.bridge,
            settings=self.settings,
            hand=hand,
        )


def retake(store: Store, trial_id: str) -> Retake:
    """What is needed to analyse a trial again.

    Raises SettingsError when it has no landmarks, UnknownRecordError when it has no result,
    StoreError when they cannot be read.
    """
    trial = store.trial(trial_id)
    if not (store.trial_folder(trial_id) / LANDMARKS_FILE).is_file():
        raise SettingsError("this take has no landmarks: there is nothing to correct")
    if trial.status == "under_way":
        raise SettingsError("this take is still being measured: correct it when that is done")
    original = original_result(store, trial_id)
    return Retake(
        landmarks=landmarks_of(store, trial_id),
        exercise=_asked(store, trial, original),
        bridge=original.provenance.bridge_mode or "low",
        settings=settings_of(original),
        original=original,
    )


def _asked(store: Store, trial: Trial, original: Result) -> ExerciseName | None:
    """The exercise of the trial's step; of a protocol that is gone, what was found."""
    from kneetrack.clinic.protocols import load_protocol

    try:
        step = load_protocol(store.session(trial.session_id).protocol).step(trial.step)
    except SettingsError:
        step = None
    if step is not None:
        return step.exercise
    return original.exercise if original.exercise != "none" else None


def settings_of(result: Result) -> Settings:
    """The settings that a result was made with; what this version does not know is left out."""
    kept = result.provenance.thresholds
    table: dict[str, Any] = {
        name: _known(kept.get(name, {}), (f.name for f in fields(kind)))
        for name, kind in (
            ("view", ViewLimits),
            ("reps", RepLimits),
            ("recognise", RecogniseLimits),
        )
    }
    table["bands"] = {
        name: {rule.name: _bands(kept, name, rule.name) for rule in exercise.rules}
        for name, exercise in Settings().exercises.items()
    }
    return settings_from(_changed(table))


def _known(table: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: table[name] for name in names if name in table}


def _bands(kept: Mapping[str, Any], exercise: str, rule: str) -> dict[str, Any]:
    measures = kept.get("bands", {}).get(exercise, {}).get(rule, {}).get("measures", {})
    return {
        measure: {"watch": band["watch"], "flag": band["flag"]}
        for measure, band in measures.items()
        if band.get("watch") is not None and band.get("flag") is not None
    }


def _changed(table: dict[str, Any]) -> dict[str, Any]:
    """The bands that differ from the defaults: only those may be set over them."""
    default = Settings().as_dict()["bands"]
    bands: dict[str, Any] = {}
    for exercise, rules in table["bands"].items():
        for rule, measures in rules.items():
            usual = default[exercise][rule]["measures"]
            for measure, band in measures.items():
                own = usual.get(measure)
                if own and (own["watch"], own["flag"]) != (band["watch"], band["flag"]):
                    bands.setdefault(exercise, {}).setdefault(rule, {})[measure] = band
    return {**table, "bands": bands}
