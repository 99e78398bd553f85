"""The reviewer's hand: what the forms of a take's page send.

What is refused is said in the form, which keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from kneetrack.clinic import correcting
from kneetrack.clinic.kept import current_result
from kneetrack.records import SettingsError, SideName, Status, UnknownRecordError
from kneetrack.web.pages import go
from kneetrack.web.session.asked import Id, number_of, reason_of, whole_of
from kneetrack.web.session.trial_routes import FormName, Refused, show_trial, standing_of
from kneetrack.web.visit import field_of, store_of

router = APIRouter(prefix="/trials/{trial_id}/corrections")
STALE = "this take was corrected meanwhile: look at it as it now is, and send this again if it fits"


@router.post("/landmark")
def move_landmark(request: Request, trial_id: Id) -> Response:
    """A landmark put somewhere else."""
    return _tried(request, trial_id, "landmark", _move_landmark)


@router.post("/bounds")
def bound(request: Request, trial_id: Id) -> Response:
    """Other times for a repetition, a new one, or one struck out."""
    return _tried(request, trial_id, "bounds", _bound)


@router.post("/verdict")
def overrule(request: Request, trial_id: Id) -> Response:
    """Another verdict."""
    return _tried(request, trial_id, "verdict", _overrule)


@router.get("/{form}")
def look(trial_id: Id, form: Literal["landmark", "bounds", "verdict"]) -> Response:
    """Loaded again after something was refused: the take's page."""
    return RedirectResponse(f"/trials/{trial_id}", status_code=303)


@router.post("/{correction_id}/withdraw")
def withdraw(request: Request, trial_id: Id, correction_id: Id) -> Response:
    """A correction holds no more."""
    store = store_of(request)
    if correction_id not in {c.id for c in store.corrections(trial_id, withdrawn=True)}:
        raise UnknownRecordError("this take has no such correction")
    correcting.withdraw(store, correction_id)
    return go(request, f"/trials/{trial_id}", "correction-withdrawn")


def _tried(
    request: Request, trial_id: str, form: FormName, act: Callable[[Request, str], Response]
) -> Response:
    """Does it, or shows the page again with the reason why not in the form that was sent.

    Repetitions are numbered as the take now stands, so a form that saw other corrections is
    refused: its repetition 2 may be another one.
    """
    try:
        seen = field_of(request, "standing")
        if seen and seen != standing_of(store_of(request), trial_id):
            raise SettingsError(STALE)
        return act(request, trial_id)
    except (SettingsError, UnknownRecordError) as error:
        return show_trial(request, trial_id, refused=Refused(form, str(error)))


def _move_landmark(request: Request, trial_id: str) -> Response:
    at_s = number_of(request, "t_s", "the time of the picture")
    correcting.move_landmark(
        store_of(request),
        trial_id,
        at_s=at_s,
        landmark=whole_of(request, "landmark", "the landmark"),
        to_px=(number_of(request, "x", "across"), number_of(request, "y", "down")),
        until_s=_until_s(request, trial_id, at_s),
        reason=reason_of(request, "a correction"),
    )
    return _back(request, trial_id, at_s)


def _until_s(request: Request, trial_id: str, at_s: float) -> float | None:
    """Until when it holds; without a script the page does not know where a repetition ends."""
    if field_of(request, "until_s"):
        return number_of(request, "until_s", "until when it holds")
    if field_of(request, "until") != "rep":
        return None
    reps = current_result(store_of(request), trial_id).reps
    return next((rep.end_s for rep in reps if rep.start_s <= at_s <= rep.end_s), None)


def _bound(request: Request, trial_id: str) -> Response:
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


def _overrule(request: Request, trial_id: str) -> Response:
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


def _side(text: str) -> SideName:
    found: SideName | None = next((side for side in get_args(SideName) if side == text), None)
    if found is None:
        raise SettingsError("choose a leg")
    return found


def _back(request: Request, trial_id: str, t_s: float | None = None) -> Response:
    """To the same picture."""
    at = "" if t_s is None else f"?t={t_s:.4f}"
    return go(request, f"/trials/{trial_id}{at}", "corrected")
