"""A practice without camera, on a clock that goes on by itself, with somebody who presses keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from kneetrack.live.plan import Sight, Step
from kneetrack.live_records import Heard, ScreenState
from kneetrack.programme.desk import Desk
from kneetrack.programme.reading import programme_from
from kneetrack.programme.session import Asked, Session
from kneetrack.programme.values import Programme
from kneetrack.report.practice.facts import PracticeShown
from kneetrack.store import Store

STEP_S = 0.1
SHORT = """
title = "Short"
[[part]]
key = "release"
exercise = "hip_flexor_release"
positions = ["straight_ahead"]
hold_s = 10
[[part]]
key = "lunge"
exercise = "lateral_lunge"
sets = 2
reps = 2
rest_s = 20
[part.most]
reps = 4
"""
"""One timed part and one that is counted."""
Person = Callable[[ScreenState], str]


def programme(text: str = SHORT) -> Programme:
    return programme_from(text, "own")


def answering(*answers: tuple[str, str]) -> Person:
    """Somebody who presses a key, once, when words are on the screen: ("Lateral lunge: ", "s").

    Whatever else is asked: no red flag, no pain, all with control.
    """
    left = list(answers)
    usual = {"Does any of these hold?": "n", "Did every repetition go with control?": "y"}
    before: list[tuple[str, ...]] = [()]

    def person(state: ScreenState) -> str:
        if state.phase in ("summary", "rest") and not state.choices:
            return ""
        detail = "" if state.phase == "scale" else state.detail
        screen = (state.phase, state.headline, state.title, detail)
        if screen == before[0]:
            return ""
        before[0] = screen
        mine = next((a for a in left if a[0] in f"{state.phase}: {state.headline}"), None)
        if mine is not None:
            left.remove(mine)
            return mine[1]
        return "0" if state.phase == "scale" else usual.get(state.headline, "")

    return person


@dataclass
class Clockwork:
    """A stage without camera; its clock goes on by one step whenever it is looked at."""

    person: Person = field(default_factory=answering)
    t_s: float = 0.0
    states: list[ScreenState] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    sees: bool = False
    most_s: float = 7200.0

    def sight(self) -> Sight:
        self.t_s += STEP_S
        assert self.t_s < self.most_s, "it does not end"
        return Sight(self.t_s, key=self.person(self.states[-1]) if self.states else "")

    def present(self, step: Step) -> None:
        self.states.append(step.screen)
        self.heard.extend(step.heard)

    @property
    def headlines(self) -> list[str]:
        """Each once in a row."""
        told = [state.headline for state in self.states]
        return [h for i, h in enumerate(told) if i == 0 or told[i - 1] != h]

    @property
    def words(self) -> list[str]:
        return [heard.words for heard in self.heard if heard.words]


@dataclass
class Practised:
    """A practice that has been run."""

    session: Session
    stage: Clockwork
    told: list[str]
    shown: PracticeShown | None = None


def practise(
    store: Store,
    now: datetime,
    *answers: tuple[str, str],
    what: Programme | None = None,
    asked: Asked | None = None,
    alone: bool = False,
) -> Practised:
    """A practice of whoever practises at this computer."""
    stage, told = Clockwork(answering(*answers)), list[str]()
    desk = Desk(stage, alone=alone, tell=told.append)
    session = Session(
        store,
        store.own_client() or store.make_own_client(),
        what or programme(),
        desk,
        asked=asked or Asked(),
        now=lambda: now,
    )
    done = Practised(session, stage, told)
    done.shown = session.run()
    return done
