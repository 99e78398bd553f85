"""A self-check from the first question to its outcome, whatever it is asked and filmed with."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.practice import PartDone
from kneetrack.live.card import CLOSED, Card
from kneetrack.programme.red_flag_asking import ask_red_flags, stops
from kneetrack.programme.values import Programme
from kneetrack.selfcheck import asking
from kneetrack.selfcheck.asking import Answers
from kneetrack.selfcheck.ending import after_pain_card, outcome_card
from kneetrack.selfcheck.keeping import Notebook
from kneetrack.selfcheck.measuring import part_of, skipped_part
from kneetrack.selfcheck.outcome import Outcome, make_outcome
from kneetrack.selfcheck.takes import dose_of, left_out, takes_within
from kneetrack.selfcheck.taking import after_card, intro_card

if TYPE_CHECKING:
    from pathlib import Path

    from kneetrack.programme.filmed import Filmed

PAIN_QUESTION: Final = "How much does it hurt, from 0 to 10?"


class Room(Protocol):
    """Where a self-check is asked and filmed."""

    @property
    def can_film(self) -> bool:
        """Whether there is a camera, or clips that play as one."""

    def ask(self, card: Card) -> str:
        """The key of the answer."""

    def ask_pain(self, question: str) -> int | None:
        """0 to 10, None: not told."""

    def filming(self) -> AbstractContextManager[None]:
        """Within it the camera is on."""

    def film(self, step: Step, folder: Path) -> Filmed | None:
        """One take, kept below ``folder``; None: there is no clip for it."""

    @property
    def nobody_answers(self) -> bool:
        """Whether clips play as the camera: what can go on by itself does so at once."""


@dataclass(slots=True)
class SelfCheck:
    """One self-check; see the module. notes: about the camera."""

    room: Room
    notebook: Notebook
    programme: Programme
    answers: Answers = field(default_factory=Answers)
    parts: list[PartDone] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hurt: bool = False
    pain: int | None = None

    def run(self) -> Outcome | None:
        """To the outcome; None: nothing was answered. Ctrl-C is raised, what was answered kept."""
        try:
            ended = self._asked()
            if ended == "done" and self.room.can_film:
                ended = self._filmed()
        except BaseException:
            self._keep("stopped")
            raise
        return self._keep(ended)

    def show(self, outcome: Outcome) -> None:
        """The outcome on the screen, until it was read; after a red flag it has been shown."""
        if not outcome.red_flags:
            self.room.ask(outcome_card(outcome))

    def outcome(self) -> Outcome:
        """Of what has been answered and measured so far."""
        return make_outcome(
            self.answers.told,
            self.parts,
            self.programme,
            red_flags=self.answers.flags,
            not_allowed=left_out(self.programme),
            notes=self.notes,
            hurt=self.hurt,
            pain=self.pain,
        )

    def _keep(self, ended: str) -> Outcome | None:
        if not (self.answers.flags or self.answers.told):
            return None
        outcome = self.outcome()
        self.notebook.end(outcome, ended)
        return outcome

    # -- questions ---------------------------------------------------------------------------

    def _asked(self) -> str:
        """How the questions ended: "done", "stopped", "flag" or "closed"."""
        answer, answers = self.room.ask, self.answers
        if not ask_red_flags(answer, answers.flags, self.notebook.stopped_before()):
            if answers.flags:
                answer(asking.doctor_card(answers.flags))
            return "stopped"
        if answers.flags:
            answer(asking.doctor_card(answers.flags))
            return "flag"
        if stops(answer(asking.with_somebody_card())) or not asking.ask_signs(answer, answers):
            return "stopped"
        return "done"

    # -- takes -------------------------------------------------------------------------------

    def _filmed(self) -> str:
        key = self.room.ask(asking.film_card())
        if key == CLOSED:
            return "closed"
        if key != "y":
            return "done"
        self.notebook.begin(camera=True)
        self.notebook.set_signs(self.outcome())
        with self.room.filming():
            return self._takes(list(takes_within(self.programme).steps))

    def _takes(self, steps: list[Step]) -> str:
        at = 0
        while at < len(steps):
            go = self._take(steps[at], at, len(steps))
            if go in ("stopped", "pain", "left", "closed"):
                return go
            at += go == "next"
        return "done"

    def _take(self, step: Step, at: int, total: int) -> str:
        """ "next", "again", or how the self-check ended."""
        dose = dose_of(step, self.programme)
        key = self.room.ask(intro_card(step, at, total, alone=self.room.nobody_answers))
        if stops(key):
            return "closed" if key == CLOSED else "stopped"
        if key == "p":
            return self._hurt()
        if key == "s":
            self._put(skipped_part(step, dose))
            return "next"
        filmed = self.room.film(step, self.notebook.folder())
        if filmed is None:
            self._put(skipped_part(step, dose, "no clip for it"))
            return "next"
        part = part_of(step, dose, filmed.result, filmed.how, filmed.lost, filmed.folder)
        self._put(part)
        _raise_what_befell(filmed)
        return self._after(part, filmed)

    def _after(self, part: PartDone, filmed: Filmed) -> str:
        if filmed.how == "close":
            return "closed"
        if filmed.how == "pain":
            return self._hurt()
        if filmed.how == "camera":
            if part.why != filmed.lost:
                self.notes.append(filmed.lost)
            return "stopped"
        return self._again(part, filmed.how) if part.why else "next"

    def _again(self, part: PartDone, how: str) -> str:
        """After a take that was not as asked."""
        key = self.room.ask(after_card(part, how, alone=self.room.nobody_answers))
        if stops(key):
            return "left" if how == "left" else "closed" if key == CLOSED else "stopped"
        if key == "p":
            return self._hurt()
        return "again" if key == "r" else "next"

    def _hurt(self) -> str:
        self.hurt = True
        self.pain = self.room.ask_pain(PAIN_QUESTION)
        self.notebook.pain(self.pain)
        self.room.ask(after_pain_card(self.pain))
        return "pain"

    def _put(self, part: PartDone) -> None:
        self.parts = [*(p for p in self.parts if p.part != part.part), part]
        self.notebook.put(part)


def _raise_what_befell(filmed: Filmed) -> None:
    if filmed.how == "interrupt":
        raise KeyboardInterrupt
    if filmed.problem is not None:
        raise filmed.problem
