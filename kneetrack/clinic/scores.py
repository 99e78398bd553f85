"""Score sheets: suggested for what a camera can see, confirmed by the clinician item by item.

Nothing is ever confirmed by itself, and there is no total until every item is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kneetrack.clinic.score_suggestions import Seen, in_order
from kneetrack.clinic.sheets import Sheet, SheetItem, sheet
from kneetrack.clinic_records.visits import Score, ScoreItem
from kneetrack.records import KneetrackError, SettingsError, SideName

if TYPE_CHECKING:
    from kneetrack.clinic_records.kinds import ViewAsked
    from kneetrack.clinic_records.visits import Trial
    from kneetrack.store.store import Store

__all__ = ["Sheet", "SheetItem", "check_points", "confirm", "in_words", "sheet", "suggest"]
_SIDES: Final = ("left", "right")


def suggest(
    store: Store, session_id: str, step: str, sheet: Sheet | str, side: SideName
) -> tuple[ScoreItem, ...]:
    """Every item of a sheet for one step and leg, with what is confirmed of it already.

    A confirmed item keeps the suggestion that was in force when it was confirmed. Raises
    SettingsError for another side than left or right.
    """
    form = _sheet(sheet)
    _check_side(side)
    fresh = in_order(form.items, _seen(store, session_id, step, form, side))
    return _with_confirmed(fresh, _kept(store, session_id, step, form, side))


def confirm(
    store: Store,
    session_id: str,
    step: str,
    sheet: Sheet | str,
    side: SideName,
    points: Mapping[str, int | None],
) -> Score:
    """Confirm items of a sheet; None takes an item back. Items not named stay as they are.

    Raises SettingsError for an unknown item, points that it does not have, or a session that has
    no take of the step.
    """
    form = _sheet(sheet)
    for key, value in points.items():
        check_points(form, key, value)
    if not any(trial.step == step for trial in store.trials(session_id)):
        raise SettingsError(f"the session has no take of {step!r}: there is nothing to score")
    _check_side(side)
    fresh = in_order(form.items, _seen(store, session_id, step, form, side))
    current = _with_confirmed(fresh, _kept(store, session_id, step, form, side))
    items = [
        replace(new, confirmed=points[new.key]) if new.key in points else old
        for old, new in zip(current, fresh, strict=True)
    ]
    return store.save_score(session_id, step, form.name, side, items)


def check_points(form: Sheet, key: str, points: int | None) -> None:
    """Whether an item may have these points. Raises SettingsError."""
    item = form.item(key)
    if item is None:
        names = ", ".join(i.key for i in form.items)
        raise SettingsError(f"{form.name} has no item {key!r}: they are {names}")
    if points is not None and points not in item.points:
        known = ", ".join(str(p) for p in item.points)
        raise SettingsError(f"{key} of {form.name} has {known} points, not {points}")


def in_words(score: Score, *, coaching: bool = False) -> str:
    """ "LSD: 3 of 6 points", or how many items are open; with ``coaching`` where that lies."""
    form = _sheet(score.sheet)
    name = form.name.upper()
    if score.total is None:
        done = sum(item.confirmed is not None for item in score.items)
        return f"{name}: {done} of {len(form.items)} items confirmed"
    words = f"{name}: {score.total} of {form.most} points (0 is best)"
    if not coaching or form.name != "lsd":
        return words
    return f"{words}, {_band(score.total)}"


def _band(total: int) -> str:
    """The bands of the literature (0 to 1, 2 to 3, 4 and more), in words of coaching."""
    if total <= 1:
        return "0 to 1: well controlled"
    return "2 to 3: medium control" if total <= 3 else "4 or more: room to practise"


def _sheet(wanted: Sheet | str) -> Sheet:
    return wanted if isinstance(wanted, Sheet) else sheet(wanted)


def _check_side(side: str) -> None:
    if side not in _SIDES:
        raise SettingsError(f"a score is of one leg: side left or right, not {side!r}")


def _kept(
    store: Store, session_id: str, step: str, form: Sheet, side: SideName
) -> tuple[ScoreItem, ...]:
    for score in store.scores(session_id):
        if (score.step, score.sheet, score.side) == (step, form.name, side):
            return score.items
    return ()


def _with_confirmed(
    fresh: tuple[ScoreItem, ...], kept: tuple[ScoreItem, ...]
) -> tuple[ScoreItem, ...]:
    """Confirmed items as they were kept, the others as they are suggested now."""
    done = {item.key: item for item in kept if item.confirmed is not None}
    return tuple(done.get(item.key, item) for item in fresh)


def _seen(store: Store, session_id: str, step: str, form: Sheet, side: SideName) -> Seen:
    """The good takes of a step. What cannot be read counts as not filmed."""
    from kneetrack.clinic.correcting import shown_landmarks
    from kneetrack.clinic.kept import current_result

    trials = [t for t in store.trials(session_id) if t.step == step and t.status == "good"]
    front, beside = _take(trials, "front"), _take(trials, "side")
    found = Seen(side, forward_matters=form.name == "qasls")
    if front is not None:
        found = replace(found, front=current_result(store, front.id))
        try:
            found = replace(found, track=shown_landmarks(store, front.id))
        except KneetrackError:
            found = replace(found, track=None)
    if beside is not None:
        found = replace(found, beside=current_result(store, beside.id))
    return found


def _take(trials: list[Trial], view: ViewAsked) -> Trial | None:
    return next((trial for trial in reversed(trials) if trial.view == view), None)
