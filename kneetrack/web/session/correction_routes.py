"""The reviewer's hand: what the forms of a take's page send."""

from __future__ import annotations

from typing import get_args

from fastapi import APIRouter, Request, Response

from kneetrack.clinic import correcting
from kneetrack.records import SettingsError, SideName, Status, UnknownRecordError
from kneetrack.web.pages import go
from kneetrack.web.session.asked import Id, number_of, reason_of, whole_of
from kneetrack.web.visit import field_of, store_of

router = APIRouter(prefix="/trials/{trial_id}/corrections")


@router.post("/landmark")
def move_landmark(request: Request, trial_id: Id) -> Response:
    """A landmark put somewhere else."""
    at_s = number_of(request, "t_s", "the time of the picture")
    until = field_of(request, "until_s")
    correcting.move_landmark(
        store_of(request),
        trial_id,
        at_s=at_s,
        landmark=whole_of(request, "landmark", "the landmark"),
        to_px=(number_of(request, "x", "across"), number_of(request, "y", "down")),
        until_s=number_of(request, "until_s", "until when it holds") if until else None,
        reason=reason_of(request, "a correction"),
    )
    return _back(request, trial_id, at_s)


@router.post("/bounds")
def bound(request: Request, trial_id: Id) -> Response:
    """Other times for a repetition, a new one, or one struck out."""
    store, reason = store_of(request), reason_of(request, "a correction")
    new = field_of(request, "rep") == "new"
    if field_of(request, "strike") and not new:
        correcting.strike_rep(
            store, trial_id, whole_of(request, "rep", "the repetition"), reason=reason
        )
        return _back(request, trial_id)
    start_s, bottom_s, end_s = (
        number_of(request, f"{name}_s", f"the {name}") for name in ("start", "bottom", "end")
    )
    if new:
        side = field_of(request, "side")
        correcting.add_rep(
            store,
            trial_id,
            start_s=start_s,
            bottom_s=bottom_s,
            end_s=end_s,
            side=_side(side) if side else None,
            reason=reason,
        )
    else:
        correcting.move_bounds(
            store,
            trial_id,
            whole_of(request, "rep", "the repetition"),
            start_s=start_s,
            bottom_s=bottom_s,
            end_s=end_s,
            reason=reason,
        )
    return _back(request, trial_id, bottom_s)


@router.post("/verdict")
def overrule(request: Request, trial_id: Id) -> Response:
    """Another verdict."""
    rule, _, side = field_of(request, "rule").partition("|")
    status = field_of(request, "status")
    found = next((known for known in get_args(Status) if known == status), None)
    if found is None:
        raise SettingsError("choose a verdict")
    correcting.overrule(
        store_of(request),
        trial_id,
        whole_of(request, "rep", "the repetition"),
        rule,
        _side(side),
        found,
        reason=reason_of(request, "a correction"),
    )
    return go(request, f"/trials/{trial_id}?coaching=1", "corrected")


@router.post("/{correction_id}/withdraw")
def withdraw(request: Request, trial_id: Id, correction_id: Id) -> Response:
    """A correction holds no more."""
    store = store_of(request)
    if correction_id not in {c.id for c in store.corrections(trial_id, withdrawn=True)}:
        raise UnknownRecordError("this take has no such correction")
    correcting.withdraw(store, correction_id)
    return go(request, f"/trials/{trial_id}", "correction-withdrawn")


def _side(text: str) -> SideName:
    found: SideName | None = next((side for side in get_args(SideName) if side == text), None)
    if found is None:
        raise SettingsError("choose a leg")
    return found


def _back(request: Request, trial_id: str, t_s: float | None = None) -> Response:
    """To the same picture."""
    at = "" if t_s is None else f"?t={t_s:.4f}"
    return go(request, f"/trials/{trial_id}{at}", "corrected")
