"""Whether a take is what was asked for; if not, one plain sentence that says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from kneetrack.clinic.naming import VIEW_WORDS
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.plans import Step
from kneetrack.result import RepRow, Result, View

Problem = Literal["", "nothing", "exercise", "view", "leg", "reps", "unread"]
_ONE: Final = {
    "squat": "squat",
    "single_leg_squat": "single-leg squat",
    "single_leg_stance": "balance on one leg",
    "glute_bridge": "bridge",
    "lateral_lunge": "lateral lunge",
}
_SEEN: Final = {"side": "from the side", "back": "from behind", "foot_end": "from the foot end"}
_AGAIN: Final = "film again or reject it"
_NOT_COUNTED: Final = "it does not count; film again, or restore it if that is not so"


@dataclass(frozen=True, slots=True)
class TakeCheck:
    """What was looked at and found. problem "": all as asked. text: ready to show and to say.

    counts False: its numbers would stand under another movement or leg; it is rejected until
    somebody who knows better restores it.
    """

    problem: Problem
    text: str
    counts: bool = True

    @property
    def good(self) -> bool:
        """Whether it is what was asked for."""
        return not self.problem


def left_out_for(reason: str) -> str:
    """What a take check rejected a take for, without what was to be done; "" for other reasons."""
    tail = f": {_NOT_COUNTED}"
    return reason.removesuffix(tail) if reason.endswith(tail) else ""


def check_take(step: Step, view: ViewAsked, result: Result) -> TakeCheck:
    """Exercise, view, leg and repetitions against the step; the first thing that is not so."""
    if not result.reps:
        return _nothing(step, view, result)
    other = _other_exercise(step, view, result)
    if other:
        return TakeCheck("exercise", other, counts=False)
    seen = _other_view(view, result.view)
    if seen:
        return TakeCheck("view", seen)
    leg = _other_leg(step, result.reps)
    if leg is not None:
        return leg
    if step.hold_s is not None:
        return _held(step.hold_s, result.reps)
    return _counted(step, view, result.reps)


def exercise_words(name: str, count: int = 1) -> str:
    """ "squat", "5 lateral lunges" """
    one = _ONE.get(name, name.replace("_", " "))
    return one if count == 1 else f"{one}s"


def _nothing(step: Step, view: ViewAsked, result: Result) -> TakeCheck:
    other = _other_exercise(step, view, result)
    if other:
        return TakeCheck("exercise", other, counts=False)
    asked = exercise_words(step.exercise)
    why = result.view.reason if result.view.name != view else ""
    told = f" ({why})" if why else ""
    return TakeCheck("nothing", f"no {asked} was seen{told}: film again")


def _other_exercise(step: Step, view: ViewAsked, result: Result) -> str:
    """From the side a lunge towards the camera looks like a squat: not compared there.

    Where it was filmed from quite elsewhere, they can be told apart.
    """
    if result.exercise_detected in ("none", step.exercise):
        return ""
    lying = "glute_bridge" in (step.exercise, result.exercise_detected)
    from_there = result.view.name in (view, "oblique", None)
    if view == "side" and from_there and step.exercise == "lateral_lunge" and not lying:
        return ""
    seen, asked = exercise_words(result.exercise_detected), exercise_words(step.exercise)
    return f"this looks like a {seen}; it was to be a {asked}: {_NOT_COUNTED}"


def _other_view(asked: ViewAsked, view: View) -> str:
    if view.name == asked:
        return ""
    take = f"this was to be the {VIEW_WORDS[asked]} take"
    if view.name is None:
        return f"from where it was filmed could not be told; {take}: {_AGAIN}"
    if view.name == "oblique" and view.yaw_deg is not None:
        off = abs(view.yaw_deg) if asked == "front" else abs(90 - abs(view.yaw_deg))
        where = "the front" if asked == "front" else "the side"
        return f"the camera stood {off:.0f}° off {where}; {take}: {_AGAIN}"
    seen = _SEEN.get(view.name, "from the front")
    return f"seen {seen}; {take}: {_AGAIN}"


def _other_leg(step: Step, reps: Sequence[RepRow]) -> TakeCheck | None:
    if step.foot == "both":
        return None
    other = "right" if step.foot == "left" else "left"
    wrong = sum(rep.side == other for rep in reps)
    asked = f"this was to be the {step.foot} one"
    if not wrong:
        return None
    if wrong == len(reps):
        told = f"the {other} leg worked; {asked}: {_NOT_COUNTED}"
        return TakeCheck("leg", told, counts=False)
    told = f"{wrong} of {len(reps)} repetitions were on the {other} leg; {asked}: {_AGAIN}"
    return TakeCheck("leg", told)


def _held(hold_s: float, reps: Sequence[RepRow]) -> TakeCheck:
    longest = max(reps, key=lambda rep: rep.hold_s)
    if not longest.valid:
        return TakeCheck("unread", f"the legs were hidden while balancing: {_AGAIN}")
    held_s = min(longest.hold_s, hold_s) if longest.hold_s > 0.95 * hold_s else longest.hold_s
    return TakeCheck("", f"held for {held_s:.0f} of {hold_s:.0f} s")


def _counted(step: Step, view: ViewAsked, reps: Sequence[RepRow]) -> TakeCheck:
    word = exercise_words(step.exercise, step.reps)
    sides = [rep.side for rep in reps]
    if step.exercise == "lateral_lunge" and step.foot == "both" and view != "side":
        left, right = sides.count("left"), sides.count("right")
        if min(left, right) < step.reps:
            return TakeCheck(
                "reps",
                f"{left} to the left and {right} to the right, of {step.reps} {word} a side, "
                "counted: film again, or keep what there is",
            )
        return _read(f"{left} + {right} {word}", reps)
    if len(reps) < step.reps:
        return TakeCheck(
            "reps",
            f"{len(reps)} of {step.reps} {exercise_words(step.exercise, step.reps)} counted: "
            "film again, or keep what there is",
        )
    return _read(f"{len(reps)} {exercise_words(step.exercise, len(reps))}", reps)


def _read(done: str, reps: Sequence[RepRow]) -> TakeCheck:
    unread = sum(not rep.valid for rep in reps)
    if unread:
        return TakeCheck(
            "unread",
            f"{done}, of which {unread} could not be read because the legs were hidden or out of "
            "the picture: film again, or keep what there is",
        )
    return TakeCheck("", f"{done}, all read")
