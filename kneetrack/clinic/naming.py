"""How a take is named at the terminal: ``squat:front``, ``squat:front#1``.

Step and view of the protocol, and the attempt where there were several; without it the newest.
Spaces, hyphens and capitals do not matter, and a view may be left out where a step has only one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.kinds import VIEWS_ASKED, ViewAsked
from kneetrack.clinic_records.visits import Session, Trial
from kneetrack.nearest import did_you_mean
from kneetrack.records import SettingsError, UnknownRecordError

if TYPE_CHECKING:
    from kneetrack.store.store import Store

VIEW_WORDS: Final[dict[ViewAsked, str]] = {
    "front": "front",
    "side": "side",
    "foot_end": "foot end",
}
"""A view as it is read: "the front take", "the foot end take"."""
_SHAPE: Final = re.compile(r"(?P<step>[^:#]+)(?::(?P<view>[^:#]+))?(?:#(?P<attempt>\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class TakeName:
    """What somebody called a take. view None: the only one there is; attempt None: the newest."""

    step: str
    view: ViewAsked | None = None
    attempt: int | None = None


def plain(text: str) -> str:
    """A name without what does not matter in it: ``"SLSQ left"`` is ``"slsq_left"``."""
    return re.sub(r"[\W_]+", "_", text.strip().lower()).strip("_")


def parse_view(text: str) -> ViewAsked:
    """The view of that name. Raises SettingsError."""
    wanted = plain(text)
    for view in VIEWS_ASKED:
        if wanted in (view, view.replace("_", "")):
            return view
    known = ", ".join(view.replace("_", "-") for view in VIEWS_ASKED)
    raise SettingsError(f"unknown view {text.strip()!r}: use {known}")


def parse_take(text: str) -> TakeName:
    """``STEP``, ``STEP:VIEW`` or ``STEP:VIEW#ATTEMPT``. Raises SettingsError."""
    found = _SHAPE.fullmatch(text.strip())
    if found is None or not plain(found["step"]):
        raise SettingsError(
            f"cannot read the take {text!r}: write STEP:VIEW such as squat:front, "
            "or squat:front#1 for its first attempt"
        )
    view = None if found["view"] is None else parse_view(found["view"])
    attempt = None if found["attempt"] is None else int(found["attempt"])
    return TakeName(plain(found["step"]), view, attempt)


def take_name(step: str, view: ViewAsked, attempt: int | None = None) -> str:
    """``squat:front``, ``bridge:foot-end#2``: as it is shown, and as it can be typed again."""
    name = f"{step}:{view.replace('_', '-')}"
    return name if attempt is None else f"{name}#{attempt}"


def trial_name(trial: Trial, others: Iterable[Trial] = ()) -> str:
    """The name of a trial, with its attempt where ``others`` hold another one of the same take."""
    same = ((t.step, t.view) == (trial.step, trial.view) and t.id != trial.id for t in others)
    several = any(same)
    return take_name(trial.step, trial.view, trial.attempt if several else None)


def find_session(store: Store, client_code: str, which: int | str | None = None) -> Session:
    """A client's session by number or day (``2``, ``2026-11-12``); None: the newest.

    Raises SettingsError for what is neither or for a day with several, UnknownRecordError.
    """
    client = store.client(client_code)
    sessions = store.sessions(client.id)
    if not sessions:
        raise UnknownRecordError(
            f"{client.code} has no session yet: measure with kneetrack screen {client.code!r}"
        )
    if which is None:
        return sessions[-1]
    number = _number(which)
    if isinstance(number, date):
        return _of_day(client.code, sessions, number)
    for session in sessions:
        if session.number == number:
            return session
    last = sessions[-1].number
    known = "is only session 1" if last == 1 else f"are sessions {sessions[0].number} to {last}"
    raise UnknownRecordError(f"{client.code} has no session {number}: there {known}")


def session_number(store: Store, client_code: str, which: str | None) -> int | None:
    """The number that was typed, whether there is such a session or not; of a day its session's.

    Raises SettingsError, UnknownRecordError.
    """
    number = None if which is None else _number(which)
    if isinstance(number, date):
        return find_session(store, client_code, which).number
    return number


def _number(which: int | str) -> int | date:
    text = str(which).strip().removeprefix("#")
    try:
        return int(text) if text.isdecimal() else date.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"cannot read the session {str(which)!r}: give its number, or its day such as "
            "2026-05-03"
        ) from None


def _of_day(code: str, sessions: Sequence[Session], day: date) -> Session:
    of_day = [s for s in sessions if s.at.astimezone().date() == day]
    if len(of_day) == 1:
        return of_day[0]
    if of_day:
        numbers = ", ".join(str(s.number) for s in of_day)
        raise SettingsError(f"{code} has several sessions of {day}: say one of {numbers}")
    days = ", ".join(f"{s.at.astimezone().date()}" for s in sessions)
    raise UnknownRecordError(f"{code} has no session of {day}: there are {days}")


def find_trial(store: Store, client_code: str, which: int | str | None, text: str) -> Trial:
    """The trial of that name in a client's session; without an attempt the newest.

    which: number or day of the session; None: the newest. Raises SettingsError, UnknownRecordError.
    """
    session = find_session(store, client_code, which)
    return pick_trial(store.trials(session.id), text, f"session {session.number}")


def pick_trial(trials: Sequence[Trial], text: str, where: str = "the session") -> Trial:
    """The trial of that name among those of one session; see :func:`find_trial`."""
    name = parse_take(text)
    own = [trial for trial in trials if plain(trial.step) == name.step]
    if not own:
        raise UnknownRecordError(_no_such(text, trials, where))
    views = list(dict.fromkeys(trial.view for trial in own))
    if name.view is None and len(views) > 1:
        names = " or ".join(take_name(own[0].step, view) for view in views)
        raise SettingsError(f"{text!r} was taken from several views: say {names}")
    view = name.view or views[0]
    attempts = [trial for trial in own if trial.view == view]
    if not attempts:
        raise UnknownRecordError(_no_such(text, trials, where))
    if name.attempt is None:
        return max(attempts, key=lambda trial: trial.attempt)
    for trial in attempts:
        if trial.attempt == name.attempt:
            return trial
    known = ", ".join(f"#{trial.attempt}" for trial in attempts)
    raise UnknownRecordError(f"{where} has no {text!r}: its attempts are {known}")


def _no_such(text: str, trials: Sequence[Trial], where: str) -> str:
    names = list(dict.fromkeys(take_name(trial.step, trial.view) for trial in trials))
    if not names:
        return f"{where} has no takes yet"
    return f"{where} has no take {text!r}: {did_you_mean(text.strip().lower(), names)}"
