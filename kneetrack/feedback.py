"""Which one cue is due now (MEASURES 8): pure, no sound, no pixels, no clock of its own.

One cue at a time, by priority; silent inside the band; a fault speaks once it has lasted 300 ms or
has been in two repetitions running; the same cue not again within 4 s; a fault that is repaired is
praised once. Wording points outwards, at what the body is to reach, and is said within two seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kneetrack.cue_words import number_word, words_of
from kneetrack.live_records import Cue, Fault, Feedback, FinishedRep, Heard, Moment, Tone
from kneetrack.records import SideName, Status

LASTS_S = 0.3
GAP_S = 0.1
"""A fault that is unseen for so long has not stopped."""
FRAMES_APART_S = 0.2
"""At slow rates two frames running may lie farther apart than :data:`GAP_S`."""
REPEAT_S = 4.0
SPACING_S = 2.0
"""Between two different cues, so that the first has been said."""
PRAISE_WITHIN_REPS = 2
ALWAYS = frozenset({"lunge_too_deep", "deeper_than_prescribed"})
"""Rules that speak whatever the feedback is set to."""
PRIORITY = (
    ("balance_lost",),
    (
        *("knee_valgus", "block_lost", "knees_together", "knees_apart"),
        *("knee_varus", "trailing_knee_bent"),
    ),
    ("trunk_lean", "pelvic_drop", "weight_shift", "heel_lift", "bridge_over_arched"),
    ("lunge_too_deep", "deeper_than_prescribed"),
    ("bridge_too_high", "bridge_too_low", "bridge_incomplete"),
    ("hold_too_short", "too_fast"),
)
"""After pain: balance, knee, trunk, depth, tempo; within a group the exercise's own order."""
TONES: Mapping[str, Tone] = {
    "knee_valgus": "knee_in",
    "knees_together": "knee_in",
    "block_lost": "knee_in",
    "lunge_too_deep": "too_deep",
    "deeper_than_prescribed": "too_deep",
}
PAIN = Cue(
    "Stop. If it hurts, leave it for today. Pain that stays is worth showing a clinician.",
    "flag",
    "pain",
    "pain",
)

Key = tuple[str, SideName]


@dataclass(frozen=True, slots=True)
class Repair:
    """A fault that was cued in a repetition: is it gone in the next ones of the same side?"""

    rule: str
    rep: int
    rep_side: SideName | None
    chances: int = PRAISE_WITHIN_REPS


@dataclass(frozen=True, slots=True)
class CoachState:
    """All that :func:`advise` remembers; start with ``CoachState(feedback=...)``.

    running: fault -> (since, last seen), seconds. before: working side -> faults of its last
    repetition. said: rule -> (when last, how often). reps: finished in this set.
    """

    feedback: Feedback = "full"
    set_number: int = 0
    t_s: float = -math.inf
    reps: int = 0
    running: Mapping[Key, tuple[float, float]] = field(default_factory=dict)
    before: Mapping[SideName, frozenset[Key]] = field(default_factory=dict)
    said: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()

    def new_set(self, set_number: int) -> CoachState:
        """The state at the start of a set, or of one that is begun again."""
        return CoachState(self.feedback, set_number, said=self.said)


def advise(
    state: CoachState,
    moment: Moment,
    set_number: int = 1,
    in_set: bool = True,
    *,
    pain: bool = False,
) -> tuple[CoachState, Cue | None]:
    """Take in one moment: the next state, and the cue that is due in it, if any.

    set_number: 1-based. in_set: False in rests and pauses, where nothing is due but ``pain``.
    """
    if pain:
        return replace(state, running={}, t_s=moment.t_s), PAIN
    if not in_set:
        return replace(state, running={}, t_s=moment.t_s), None
    if set_number != state.set_number:
        state = state.new_set(set_number)
    rep = moment.finished
    twice = _in_two_running(state, rep)
    state = _taken_in(state, moment)
    praise, state = _repaired(state, rep)
    fault = _chosen(state, moment, _due(state, moment, twice))
    if fault is not None:
        return _after_cue(state, moment, fault), _worded(state, moment, fault)
    if praise and _speaks(state, moment, ""):
        words = words_of(moment.exercise, praise).praise
        return state, Cue(words, "ok", "praise", praise) if words else None
    return state, None


def _faulty(faults: Iterable[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.status in ("watch", "flag")]


def _keys(faults: Iterable[Fault]) -> frozenset[Key]:
    return frozenset((fault.rule, fault.side) for fault in _faulty(faults))


def _in_two_running(state: CoachState, rep: FinishedRep | None) -> frozenset[Key]:
    """Faults of a repetition that were in the one before it, of the same working side, too."""
    if rep is None:
        return frozenset()
    return _keys(rep.faults) & state.before.get(rep.side, frozenset())


def _taken_in(state: CoachState, moment: Moment) -> CoachState:
    running: dict[Key, tuple[float, float]] = {
        key: span
        for key, span in state.running.items()
        if moment.t_s - span[1] <= GAP_S + 1e-6 or _next_frame(state, moment, span[1])
    }
    for key in _keys(moment.running):
        running[key] = (running.get(key, (moment.t_s, 0.0))[0], moment.t_s)
    state = replace(state, running=running, t_s=moment.t_s)
    if moment.finished is None:
        return state
    rep = moment.finished
    before = {**state.before, rep.side: _keys(rep.faults)}
    return replace(state, before=before, reps=state.reps + 1)


def _next_frame(state: CoachState, moment: Moment, last_s: float) -> bool:
    return last_s == state.t_s and moment.t_s - last_s <= FRAMES_APART_S


def _due(state: CoachState, moment: Moment, twice: frozenset[Key]) -> list[Fault]:
    """Faults that may speak now, most important first, both sides of a rule as one."""
    lasting = [
        fault
        for fault in _faulty(moment.running)
        if moment.t_s - state.running[(fault.rule, fault.side)][0] >= LASTS_S - 1e-6
    ]
    rep = moment.finished.faults if moment.finished else ()
    merged: dict[str, Fault] = {}
    for fault in [*lasting, *(f for f in rep if (f.rule, f.side) in twice)]:
        known = merged.get(fault.rule)
        merged[fault.rule] = fault if known is None else _together(known, fault)
    return sorted(merged.values(), key=lambda f: _rank(f.rule))


def _together(one: Fault, other: Fault) -> Fault:
    """One fault of both sides, as bad as the worse of them."""
    status: Status = "flag" if "flag" in (one.status, other.status) else "watch"
    return replace(one, side=one.side if one.side == other.side else "both", status=status)


def _rank(rule: str) -> int:
    return next((i for i, group in enumerate(PRIORITY) if rule in group), len(PRIORITY))


def _chosen(state: CoachState, moment: Moment, due: list[Fault]) -> Fault | None:
    """The most important of them, unless it has just been said: then none but those of ALWAYS."""
    latest_s = max((when for when, _ in state.said.values()), default=-math.inf)
    waits = False
    for fault in due:
        if not _speaks(state, moment, fault.rule) or (waits and fault.rule not in ALWAYS):
            continue
        last_s = state.said.get(fault.rule, (-math.inf, 0))[0]
        fresh = moment.t_s - last_s >= REPEAT_S
        if fresh and (moment.t_s - latest_s >= SPACING_S or fault.rule in ALWAYS):
            return fault
        waits = True
    return None


def _speaks(state: CoachState, moment: Moment, rule: str) -> bool:
    """Whether the setting lets this rule speak in this repetition."""
    if rule in ALWAYS or state.feedback == "full":
        return True
    if state.feedback == "off" or state.set_number > 2:
        return False
    rep = state.reps if moment.finished else state.reps + 1
    return state.set_number <= 1 or rep % 2 == 1


def _after_cue(state: CoachState, moment: Moment, fault: Fault) -> CoachState:
    often = state.said.get(fault.rule, (0.0, 0))[1]
    done = moment.finished
    repair = Repair(fault.rule, state.reps if done else state.reps + 1, done.side if done else None)
    others = tuple(r for r in state.repairs if r.rule != fault.rule)
    said = {**state.said, fault.rule: (moment.t_s, often + 1)}
    return replace(state, said=said, repairs=(*others, repair))


def _repaired(state: CoachState, rep: FinishedRep | None) -> tuple[str, CoachState]:
    """The rule that this repetition shows repaired, or ""; and what is still to be repaired."""
    if rep is None:
        return "", state
    praised, left = "", []
    wrong = {fault.rule for fault in _faulty(rep.faults)}
    for repair in state.repairs:
        if repair.rep_side is None and repair.rep == state.reps:
            left.append(replace(repair, rep_side=rep.side))
        elif repair.rep_side not in (rep.side, None):
            left.append(repair)
        elif repair.rule not in wrong and rep.status != "cannot_tell" and not praised:
            praised = repair.rule
        elif repair.chances > 1:
            left.append(replace(repair, chances=repair.chances - 1))
    return praised, replace(state, repairs=tuple(left))


def _worded(state: CoachState, moment: Moment, fault: Fault) -> Cue:
    """The cue of a fault; every second time in its other wording."""
    words = words_of(moment.exercise, fault.rule)
    often = state.said.get(fault.rule, (0.0, 0))[1]
    text = words.one.format(side=fault.side) if words.one and fault.side != "both" else words.say
    if words.again and often % 2 == 1:
        text = words.again
    return Cue(text or fault.cue or fault.found, fault.status, "fault", fault.rule, fault.side)


# ------------------------------------------------------------------ what is heard


def heard_count(number: int, status: Status) -> Heard:
    """What is heard of a finished repetition, whatever the feedback is set to."""
    return Heard("good_rep" if status == "ok" else "rep", number_word(number), within_s=1.0)


def heard_cue(cue: Cue) -> Heard:
    """What is heard of a cue: its tone where the fault has one, and its words."""
    tone = TONES.get(cue.rule) if cue.kind == "fault" else None
    return Heard(tone, cue.text, urgent=cue.kind == "pain" or cue.rule in ALWAYS, within_s=2.0)
