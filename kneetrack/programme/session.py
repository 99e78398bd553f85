"""One practice from the first question to the page about it. The store has every part as it ends.

Composes the rooms; what is asked, shown and judged is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.practice import (
    NOT_BEGUN,
    HowEnded,
    PartDone,
    Practice,
    PracticeFacts,
    PracticeRecord,
)
from kneetrack.guide.pages import Page, load_page
from kneetrack.live.card import CLOSED
from kneetrack.programme import before, cards, words
from kneetrack.programme.balances import do_balances
from kneetrack.programme.broken_off import end_broken_off
from kneetrack.programme.desk import Desk
from kneetrack.programme.doses import gentle, planned
from kneetrack.programme.filmed import view_of
from kneetrack.programme.following import follows_words
from kneetrack.programme.left_out import offer_again
from kneetrack.programme.limits import with_programme
from kneetrack.programme.pain import Advice, after_advice
from kneetrack.programme.run_of_part import Go, RunOfPart
from kneetrack.programme.sets import Filming, Sets
from kneetrack.programme.shown_now import shown_of
from kneetrack.programme.stations import is_timed
from kneetrack.programme.summary import shown_part
from kneetrack.programme.timed_parts import do_timed, figure_path
from kneetrack.programme.values import PlannedPart, Programme
from kneetrack.records import KneetrackError
from kneetrack.red_flags import RedFlag, flags_note
from kneetrack.report.practice.facts import PracticeShown
from kneetrack.settings import Settings

if TYPE_CHECKING:
    from kneetrack.store.store import Store

PAGE_FILE: Final = "practice.html"
_ENDED: Final[Mapping[Go, HowEnded]] = {
    "on": "done",
    "next": "done",
    "pain": "pain",
    "stop": "stopped",
    "left": "left",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which parts. skip: keys of parts to leave out; only: of those to do, () all of them."""

    skip: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(slots=True)
class Session:
    """Runs a practice; see the module.

    filming: None without a camera. settings: the user's own, without the programme's limits.
    blind: takes the camera off the stage when it is gone. now: what time it is.
    """

    store: Store
    client: Client
    programme: Programme
    desk: Desk
    filming: Filming | None = None
    asked: Asked = field(default_factory=Asked)
    settings: Settings = field(default_factory=Settings)
    blind: Callable[[], None] = lambda: None
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    left_out: list[PlannedPart] = field(default_factory=list)
    practice: Practice | None = None
    shown: PracticeShown | None = None
    note: str = ""

    def run(self) -> PracticeShown | None:
        """To the end; None: there was no practice.

        Raises KeyboardInterrupt and a KneetrackError once what was done is in the store, and in
        ``shown``.
        """
        self.desk.title = self.programme.title
        begin = self._may_begin()
        if not begin.go and begin.pain is None:
            self._never_begun(begin.note)
            self.desk.tell(begin.words)
            return None
        parts = self._planned(begin)
        facts = self._facts(begin.pain)
        self.practice = self.store.begin_practice(self.client.id, facts, at=self.now())
        if not begin.go:
            return self._end("pain")
        try:
            ended = self._parts(parts)
        except (KeyboardInterrupt, KneetrackError):
            self._end("stopped", ask=False)
            raise
        return self._end(ended)

    def _may_begin(self) -> before.Begin:
        """After what is still to be told of earlier ones. A red flag is kept whatever ends it."""
        store, desk, now = self.store, self.desk, self.now()
        practices = store.practices(self.client.id)
        end_broken_off(store, practices, self.programme, now, desk)
        practices = store.practices(self.client.id)
        before.ask_morning(store, practices, now, desk, self._follows)
        flags: list[RedFlag] = []
        try:
            return before.may_begin(practices, now, desk, flags)
        except KeyboardInterrupt:
            self._never_begun(flags_note(flags))
            raise

    def _never_begun(self, note: str) -> None:
        """A row of the diary that says why, where there is something to say."""
        if note:
            facts = self._facts(None)
            self.practice = self.store.begin_practice(self.client.id, facts, at=self.now())
            self.store.end_practice(self.practice.id, "stopped", note=note, at=self.now())

    def _follows(self, practice_id: str) -> str:
        history = self.store.practice_records(self.client.id)
        return follows_words(self.programme, history, practice_id, self.now().date())

    def _facts(self, pain: int | None) -> PracticeFacts:
        title, number = self.programme.title, self.programme.prescription
        filmed = self.filming is not None
        return PracticeFacts("programme", title, number, camera=filmed, pain_before=pain)

    def _planned(self, begin: before.Begin) -> tuple[PlannedPart, ...]:
        """What is to be done today; from now on its limits hold."""
        history = self.store.practice_records(self.client.id)
        parts = planned(self.programme, history, self.now().date())
        if begin.pain is not None and begin.advice is not None and begin.advice.level == "gently":
            parts = gentle(parts, begin.pain)
        parts = tuple(e for e in parts if not self.asked.only or e.part.key in self.asked.only)
        doses = {each.part.key: each.dose for each in parts}
        self.settings = with_programme(self.settings, self.programme, doses)
        if self.filming is not None:
            self.filming.settings = self.settings
        return parts

    # -- the parts -------------------------------------------------------------------------------

    def _parts(self, parts: tuple[PlannedPart, ...]) -> HowEnded:
        go: Go = "on"
        for each in parts:
            self._keep(RunOfPart(each, why=NOT_BEGUN))
        for number, each in enumerate(parts, start=1):
            if each.part.key in self.asked.skip:
                self._keep(RunOfPart(each))
                continue
            self.desk.title = f"{self.programme.title} · {number} of {len(parts)}"
            go = self._part(RunOfPart(each))
            if go in ("pain", "stop", "left"):
                break
        title = self.programme.title
        return _ENDED[offer_again(self.left_out, go, self.desk, title, self._after_all)]

    def _after_all(self, each: PlannedPart) -> Go:
        return self._done(RunOfPart(each), load_page(each.part.exercise))

    def _part(self, run: RunOfPart) -> Go:
        """One part, with the card before it."""
        page = load_page(run.part.exercise)
        view = view_of(run.part, 1) if self.filming is not None else ""
        card = cards.intro_card(run.planned, page, view, self.desk.title, alone=self.desk.alone)
        answer = self.desk.ask(card, figure_path(page.picture))
        if answer in ("q", CLOSED):
            return "stop"
        if answer == "p":
            run.why, self.note = words.HURT_BEFORE, words.hurt_before(run.part)
        if answer in ("p", cards.LEAVE_OUT) or (run.planned.rests and answer != cards.SHOWN):
            self._keep(run)
            self.left_out += [run.planned] if answer == cards.LEAVE_OUT else []
            return "pain" if answer == "p" else "next"
        return self._done(run, page)

    def _done(self, run: RunOfPart, page: Page) -> Go:
        self._keep_so_far(run)
        try:
            go = self._do(run, page)
        except (KeyboardInterrupt, KneetrackError):
            self._keep(run)
            raise
        done = self._keep(run)
        if run.results and go in ("on", "next"):
            part = shown_part(done, run.part)
            self.desk.ask(cards.result_card(part, alone=self.desk.alone, title=self.desk.title))
        return go

    def _do(self, run: RunOfPart, page: Page) -> Go:
        def keep() -> None:
            self._keep_so_far(run)

        tell, filming = self.desk.tell, self.filming
        sets = Sets(run, page, self.desk, filming, self._folder, tell, self._give_up, keep)
        if not is_timed(run.part):
            return sets.do()
        if filming is not None and page.judged:
            return do_balances(sets)
        return do_timed(run, page, self.desk, keep)

    def _keep_so_far(self, run: RunOfPart) -> None:
        assert self.practice is not None
        self.store.add_part(self.practice.id, run.so_far())

    def _keep(self, run: RunOfPart) -> PartDone:
        assert self.practice is not None
        done = run.done(self.settings.exercises.get(run.part.exercise))
        self.store.add_part(self.practice.id, done)
        return done

    def _folder(self) -> Path:
        assert self.practice is not None
        return self.store.practice_folder(self.practice.id)

    def _give_up(self) -> None:
        self.filming = None
        self.blind()

    # -- the end ---------------------------------------------------------------------------------

    def _end(self, ended: HowEnded, *, ask: bool = True) -> PracticeShown | None:
        assert self.practice is not None
        id_ = self.practice.id
        record = self.store.practice_record(id_)
        begun = any(part.status != "skipped" for part in record.parts)
        if not begun and ended != "pain" and record.practice.facts.pain_before is None:
            self.store.delete_practice(id_)
            self.practice = None
            self.desk.tell(words.NOTHING_DONE)
            return None
        if not begun and ended == "done":
            ended = "stopped"
        advice = ""
        try:
            if ask and record.parts and (begun or ended == "pain"):
                advice = self._after_parts(record, ended)
        finally:
            self.store.end_practice(id_, ended, note=self.note, at=self.now())
            self.shown = self._page(
                shown_of(self.store, self.client, self.programme, id_, self.now())
            )
        if ask:
            alone, title = self.desk.alone, self.programme.title
            self.desk.ask(cards.end_card(self.shown, advice, alone=alone, title=title))
        return self.shown

    def _after_parts(self, record: PracticeRecord, ended: HowEnded) -> str:
        """Pain after, and what it means; after a pain report when to see a doctor."""
        alone, title = self.desk.alone, self.programme.title
        self.desk.title = title
        advice: Advice | None = None
        if ended == "pain":
            self.desk.tell(words.NOTHING_MORE)
        if ended != "left" and not alone:
            advice = self._pain_after(record)
        if ended == "pain":
            self.desk.ask(cards.after_pain_card(advice, alone=alone, title=title))
        elif advice is not None and advice.level != "go":
            self.desk.ask(cards.told_card(advice.text, (), title=title))
        return advice.text if advice is not None and advice.level == "go" else ""

    def _pain_after(self, record: PracticeRecord) -> Advice | None:
        practice = record.practice
        after = self.desk.pain(words.PAIN_AFTER).pain
        if after is None:
            return None
        self.store.tell_pain(practice.id, after=after)
        follows = self._follows(practice.id)
        advice = after_advice(practice.facts.pain_before, after, follows)
        self.desk.tell(advice.text)
        return advice

    def _page(self, shown: PracticeShown) -> PracticeShown:
        from kneetrack.report.practice.html import write_practice

        try:
            return replace(shown, page=write_practice(shown, self._folder() / PAGE_FILE))
        except KneetrackError as error:
            self.desk.tell(str(error))
            return shown
