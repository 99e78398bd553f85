"""What the take check wrote beside a take, and what a clinician noted: told apart again.

Both stand in a trial's note, so that every table and report shows both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneetrack.clinic.takecheck import check_take, left_out_for
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import Trial
from kneetrack.records import KneetrackError

if TYPE_CHECKING:
    from kneetrack.store.store import Store

_OF_THE_STORE = "repeated"


@dataclass(frozen=True, slots=True)
class TrialNotes:
    """A trial's note in its parts.

    seen: the take check's sentence; "" where it is not in the note. own: the clinician's. reason:
    why it does not count, a sentence of ours with a capital letter, a typed one as it was typed.
    other_leg: it counts, and none of its repetitions is of the leg asked for.
    """

    own: str = ""
    seen: str = ""
    reason: str = ""
    other_leg: bool = False


def notes_of(store: Store, trial: Trial, step: Step | None) -> TrialNotes:
    """The parts of a trial's note; all of it is the clinician's where its check cannot be made."""
    text, other_leg = _check(store, trial, step) if trial.note or trial.reason else ("", False)
    ours = trial.status == "failed" or trial.reason in (text, _OF_THE_STORE)
    reason = trial.reason[:1].upper() + trial.reason[1:] if ours else trial.reason
    seen = next((t for t in (text, left_out_for(text)) if t and t in trial.note), "")
    own = trial.note.replace(seen, "", 1) if seen else trial.note
    own = own.replace("; ; ", "; ").removeprefix("; ").removesuffix("; ")
    return TrialNotes(own, seen, reason, other_leg and trial.status == "good")


def noted(store: Store, trial: Trial, step: Step | None, own: str) -> Trial:
    """Another note of the clinician; what the take check wrote stays."""
    seen = notes_of(store, trial, step).seen
    return store.note_trial(trial.id, "; ".join(part for part in (seen, own.strip()) if part))


def _check(store: Store, trial: Trial, step: Step | None) -> tuple[str, bool]:
    """What the check said when the take was finished, and whether it was all of the other leg."""
    from kneetrack.clinic.kept import original_result

    if step is None or trial.status not in ("good", "rejected"):
        return "", False
    try:
        check = check_take(step, trial.view, original_result(store, trial.id))
    except KneetrackError:
        return "", False
    return check.text, check.problem == "leg" and not check.counts
