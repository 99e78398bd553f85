"""Which take a clip is, by what can be seen in it: exercise, view, leg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneetrack.clinic.naming import VIEW_WORDS, take_name
from kneetrack.clinic.takecheck import exercise_words
from kneetrack.clinic.visit import Take
from kneetrack.result import Result

if TYPE_CHECKING:
    from kneetrack.recorded import Landmarks
    from kneetrack.settings import Settings


@dataclass(frozen=True, slots=True)
class Seen:
    """What a clip was taken for. take None: it could not be told, and why_not says what to do."""

    take: Take | None
    looks: str
    why_not: str = ""


def see_take(takes: Sequence[Take], landmarks: Landmarks, settings: Settings | None = None) -> Seen:
    """The one take of ``takes`` that a clip can be. Raises NobodySeenError."""
    from kneetrack.recorded import analyse_landmarks

    return recognised_take(takes, analyse_landmarks(landmarks, settings=settings))


def recognised_take(takes: Sequence[Take], result: Result) -> Seen:
    """As :func:`see_take`, of a result in which the exercise was recognised."""
    looks = _looks(result)
    if result.exercise_detected == "none":
        return Seen(None, looks, f"no exercise was recognised in it: {_say()}")
    own = [take for take in takes if _fits(take, result)]
    if len(own) == 1:
        return Seen(own[0], looks)
    if own:
        names = " or ".join(take_name(step.key, view) for step, view in own)
        return Seen(None, looks, f"it looks like {looks}, which could be {names}: {_say()}")
    return Seen(None, looks, f"it looks like {looks}, which is no take of this protocol: {_say()}")


def _say() -> str:
    return "say which take it is with --take STEP:VIEW=FILE, or name the file so"


def _fits(take: Take, result: Result) -> bool:
    step, view = take
    if step.exercise != result.exercise_detected or result.view.name != view:
        return False
    if step.foot == "both":
        return True
    sides = {rep.side for rep in result.reps if rep.exercise == step.exercise}
    return sides == {step.foot}


def _looks(result: Result) -> str:
    """``a squat from the side``, ``a single-leg squat on the left from an oblique view``"""
    exercise = exercise_words(result.exercise_detected)
    side = f" on the {result.side}" if result.side in ("left", "right") else ""
    name = result.view.name
    where = "an oblique view" if name == "oblique" else "behind" if name == "back" else ""
    if not where and name in VIEW_WORDS:
        where = f"the {VIEW_WORDS[name]}"
    return f"a {exercise}{side} from {where or 'a view that could not be told'}"
