"""What of a self-check stands in the store: begun late, so that nothing empty is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.practice import HowEnded, PartDone, PracticeFacts
from kneetrack.programme.red_flag_asking import flags_told_before
from kneetrack.red_flags import flags_note
from kneetrack.selfcheck.outcome import Outcome
from kneetrack.selfcheck.signs import signs_found

if TYPE_CHECKING:
    from pathlib import Path

    from kneetrack.clinic_records.practice import Practice
    from kneetrack.store.store import Store

_ENDED: Final[dict[str, HowEnded]] = {"done": "done", "pain": "pain", "left": "left"}


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(slots=True)
class Notebook:
    """Writes a self-check down. programme: its title; prescription: the number that is followed."""

    store: Store
    client_id: str
    programme: str = ""
    prescription: int | None = None
    at: datetime = field(default_factory=_now)
    practice: Practice | None = None

    def begin(self, *, camera: bool) -> Practice:
        """The practice, begun when it was not yet. Raises ConsentError."""
        if self.practice is None:
            facts = PracticeFacts("selfcheck", self.programme, self.prescription, camera)
            self.practice = self.store.begin_practice(self.client_id, facts, at=self.at)
        return self.practice

    def stopped_before(self) -> str:
        """What was told last time, where a red flag stopped it; else ""."""
        return flags_told_before(self.store.practices(self.client_id))

    def folder(self) -> Path:
        """Where its takes are kept."""
        return self.store.practice_folder(self.begin(camera=True).id)

    def put(self, part: PartDone) -> None:
        """A take, in place of an earlier one of the same name."""
        self.store.add_part(self.begin(camera=True).id, part)

    def set_signs(self, outcome: Outcome) -> None:
        """The signs as they are known now."""
        self.store.set_signs(self.begin(camera=False).id, signs_found(outcome.signs))

    def pain(self, pain: int | None) -> None:
        """How much it hurts after a take that was stopped by pain."""
        if pain is not None:
            self.practice = self.store.tell_pain(self.begin(camera=True).id, after=pain)

    def end(self, outcome: Outcome, ended: str) -> None:
        """It is over; after a red flag with what it was, in words."""
        practice = self.begin(camera=False)
        if outcome.signs:
            self.store.set_signs(practice.id, signs_found(outcome.signs))
        note = flags_note(outcome.red_flags)
        how = _ENDED.get(ended, "stopped")
        self.practice = self.store.end_practice(practice.id, how, note=note)
