"""Asks, times and counts in a practice: the acts, put together for what a programme needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from kneetrack.live.acts import Stage, perform
from kneetrack.live.asking import Ask
from kneetrack.live.card import CLOSED, Card
from kneetrack.live.paced import Pace, Paced
from kneetrack.live.pain_scale import AskPain
from kneetrack.live.timed import Timed, Timer
from kneetrack.programme import words
from kneetrack.programme.run_of_part import Go

INTRO_S: Final = 15.0
ALONE_S: Final = 2.0
"""Where nobody can answer, so long is enough."""
GONE_S: Final = 30.0
STOPPED_S: Final = 20.0
ASKED_S: Final = 120.0
"""For a question at the end of a part: who lies on the mat has to get up first."""
HURTS: Final = {"p": "it hurts"}
STOP: Final = {"q": "stop for today"}


@dataclass(frozen=True, slots=True)
class Pain:
    """What was told. pain: None when it was not; stopped: by Q, or the window was closed."""

    pain: int | None = None
    stopped: bool = False


@dataclass(slots=True)
class Desk:
    """Performs acts on a stage. alone: nobody can answer. closed: the window has been closed."""

    stage: Stage
    alone: bool = False
    closed: bool = False
    title: str = ""
    tell: Callable[[str], None] = field(default=lambda _: None)

    def ask(self, card: Card, figure: str = "") -> str:
        """The key of the answer, ``CLOSED`` once the window was closed."""
        if self.closed:
            return CLOSED
        act = Ask(card, figure=figure)
        perform(act, self.stage)
        self.closed = act.answer == CLOSED
        return act.answer

    def pain(self, question: str) -> Pain:
        """0 to 10, as far as it is told."""
        if self.closed:
            return Pain(stopped=True)
        act = AskPain(question, title=self.title, auto_s=ALONE_S if self.alone else ASKED_S)
        perform(act, self.stage)
        self.closed = act.ended == "close"
        return Pain(act.pain, stopped=act.ended in ("quit", "close"))

    def time(self, timer: Timer, done_s: Callable[[float], None]) -> Go:
        """One timer; done_s: told how long it ran, whatever ended it. "on": also skipped."""
        act = Timed(timer)
        try:
            perform(act, self.stage)
        finally:
            done_s(act.seconds)
        return self._go(act.ended)

    def pace(self, pace: Pace, done: Callable[[int, float, bool], None]) -> Go:
        """A set by ear; done: told repetitions, seconds, and whether that is all of them."""
        act = Paced(pace)
        try:
            perform(act, self.stage)
        finally:
            done(act.reps_done, act.seconds, act.ended == "done")
        return self._go(act.ended)

    def _go(self, ended: str | None) -> Go:
        if ended == "close":
            self.closed = True
        if ended == "quit":
            return self.stopped()
        known: dict[str, Go] = {"done": "on", "skipped": "on", "pain": "pain", "left": "left"}
        return known.get(ended or "", "stop")

    # -- questions that come up again and again --------------------------------------------------

    def stopped(self) -> Go:
        """After Q in the middle of something: this part alone, or all of it?"""
        card = Card(
            headline=words.STOPPED_HERE,
            keys=STOP | {"n": "the next part"} | HURTS,
            auto="q",
            auto_s=ALONE_S if self.alone else STOPPED_S,
            phase="rest",
            title=self.title,
        )
        known: dict[str, Go] = {"n": "next", "p": "pain"}
        return known.get(self.ask(card), "stop")

    def walked_off(self) -> Go:
        """After walking off in the middle of a set."""
        card = Card(
            headline=words.WALKED_OFF,
            keys={"p": "yes, it hurts", "n": "no, go on", "s": "leave this part"} | STOP,
            arms="n",
            auto="q",
            auto_s=ALONE_S if self.alone else GONE_S,
            say=f"{words.WALKED_OFF} If not, raise both arms to go on.",
            phase="rest",
            title=self.title,
        )
        known: dict[str, Go] = {"p": "pain", "n": "on", "s": "next"}
        answer = self.ask(card)
        return "stop" if answer == CLOSED else known.get(answer, "left")

    def rest(self, headline: str, detail: str, say: str, seconds: float) -> Go:
        """Between two sets: by itself after so long, or sooner by key."""
        card = Card(
            headline=headline,
            detail=detail,
            keys={"n": "go on", "s": "leave this part"} | HURTS | STOP,
            arms="n",
            auto="n",
            auto_s=seconds,
            say=say,
            phase="rest",
            title=self.title,
        )
        known: dict[str, Go] = {"n": "on", "s": "next", "p": "pain"}
        return known.get(self.ask(card), "stop")

    def yes_no(self, question: str) -> bool | None:
        """None: no answer."""
        card = Card(
            headline=question,
            keys={"y": "yes", "n": "no", "u": "cannot tell"},
            auto="u",
            auto_s=ALONE_S if self.alone else ASKED_S,
            say=question,
            again=not self.alone,
            phase="rest",
            title=self.title,
        )
        return {"y": True, "n": False}.get(self.ask(card))
