"""A visit by camera: guides through the takes that are missing, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from kneetrack.clinic.between import REASONS, Between
from kneetrack.clinic.live_cameras import Cameras, open_cameras
from kneetrack.clinic.naming import take_name
from kneetrack.clinic.visit import Take, Visit, missing_takes
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.plans import Protocol
from kneetrack.clinic_records.visits import Trial
from kneetrack.live.card import CLOSED, Card
from kneetrack.live_records import SummaryLine
from kneetrack.records import Status
from kneetrack.settings import Settings, load_settings

if TYPE_CHECKING:
    from kneetrack.clinic.live_take import Filmed
    from kneetrack.live.start import Studio
    from kneetrack.store.store import Store

INTRO_S: Final = 8.0
NEXT_S: Final = 10.0
ALONE_S: Final = 2.0
"""Where nobody can answer, so long is enough."""
FROM: Final[dict[ViewAsked, str]] = {
    "front": "from the front",
    "side": "from the side",
    "foot_end": "from the foot end",
}
_STAND: Final[dict[ViewAsked, str]] = {
    "front": "Face the camera.",
    "side": "Stand side-on to the camera.",
    "foot_end": "Lie with your feet to the camera.",
}
_MOVE: Final[dict[ViewAsked, str]] = {
    "front": "Put the camera in front, at knee to hip height.",
    "side": "Put the camera to the side, or turn.",
    "foot_end": "Put the camera at the feet, at knee height.",
}
Go = Literal["next", "again", "skip", "stop"]


@dataclass(frozen=True, slots=True)
class LiveAsked:
    """What the visit is filmed with. camera: as for ``kneetrack live``, or a folder of clips."""

    camera: str = ""
    config: Path | None = None
    model: Path | None = None
    window: bool = True
    sound: bool = True
    full_screen: bool = False


def run_visit(
    store: Store,
    protocol: Protocol,
    begin: Callable[[], Visit],
    asked: LiveAsked,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Guide through what is missing until it is done or stopped for now.

    begin: called once camera, window and model are there: a visit that cannot be filmed is not
    begun. Raises a KneetrackError: no camera, no display, a full disk. What was measured before
    it stays.
    """
    from kneetrack.live.start import LiveJob, calm_numpy, ended_by_signals, open_studio

    settings = load_settings(asked.config)
    job = LiveJob(
        model=asked.model,
        window=asked.window,
        sound=asked.sound,
        full_screen=asked.full_screen,
    )
    with ExitStack() as stack:
        stack.enter_context(ended_by_signals())
        stack.enter_context(calm_numpy())
        camera = open_cameras(asked.camera, protocol)
        studio = open_studio(job, _likely(protocol, settings), stack)
        if camera.between is not None:
            stack.enter_context(camera.between)
        try:
            LiveVisit(store, begin(), studio, camera, settings, tell).run()
            studio.sound.finish()
        except KeyboardInterrupt:
            tell("Ended.")


def _likely(protocol: Protocol, settings: Settings) -> list[str]:
    from kneetrack.clinic.live_take import plan_of
    from kneetrack.live.likely import likely_words

    said = [intro_words(take, None) for take in protocol.takes()]
    for take in protocol.takes():
        said += likely_words(plan_of(take), settings.exercises)
    return list(dict.fromkeys(said))


def intro_words(take: Take, before: Take | None) -> str:
    """What is said before a take: which one, how to stand, what to do."""
    step, view = take
    title = f"{step.title}, {FROM[view]}."
    moved = "" if before is None or before[1] == view else _MOVE[view]
    lies = step.exercise == "glute_bridge"
    stand = "Lie on your back, side-on to the camera." if lies and view == "side" else _STAND[view]
    return " ".join(part for part in (title, moved, stand, step.say) if part)


@dataclass(slots=True)
class LiveVisit:
    """One visit by camera; see the module."""

    store: Store
    visit: Visit
    studio: Studio
    cameras: Cameras
    settings: Settings = field(default_factory=Settings)
    tell: Callable[[str], None] = lambda _: None
    answers: Callable[[str], str] | None = None
    _before: Take | None = None

    def run(self) -> None:
        """Until every take that was missing has been done or left out, or until it is stopped."""
        between = Between(self.studio, self.cameras.between, self.tell, self.answers)
        takes = missing_takes(self.visit.protocol, self.store.trials(self.visit.session.id))
        at = 0
        while at < len(takes):
            go = self._one(takes[at], takes[at + 1 :], between)
            if go == "stop":
                return
            at += {"again": 0, "next": 1, "skip": 2}[go]

    def _one(self, take: Take, rest: Sequence[Take], between: Between) -> Go:
        """One attempt at a take, with what is asked before and after it."""
        from kneetrack.clinic.live_take import film_take

        camera = self.cameras.of(take)
        if camera is None:
            self.tell(f"{take_name(take[0].key, take[1])}: no clip for it, left out")
            return "next"
        answer = between.ask(self._intro(take, between))
        if answer in ("s", "q", CLOSED):
            return "next" if answer == "s" else "stop"
        self._before = take
        with camera as entered:
            filmed = film_take(
                self.store,
                self.visit.session.id,
                take,
                self.studio,
                entered,
                self.settings,
                self.tell,
            )
        if self._closed():
            return "stop"
        return self._after(take, filmed, rest, between)

    def _closed(self) -> bool:
        front = self.studio.front
        return front is not None and front.closed

    def _intro(self, take: Take, between: Between) -> Card:
        step, view = take
        words = intro_words(take, self._before)
        title = f"{step.title}, {FROM[view]}."
        return Card(
            headline=title.rstrip("."),
            detail=words.removeprefix(title).strip(),
            say=words,
            keys={"n": "begin", "s": "leave it out", "q": "stop for now"},
            arms="n",
            auto="n",
            auto_s=ALONE_S if between.nobody_answers else INTRO_S,
            phase="rest",
            title=self._where(),
        )

    def _where(self) -> str:
        """``Lower limb · 3 of 10 takes``"""
        total = len(self.visit.protocol.takes())
        missing = missing_takes(self.visit.protocol, self.store.trials(self.visit.session.id))
        return f"{self.visit.protocol.title} · {total - len(missing)} of {total} takes"

    # -- after a take ------------------------------------------------------------------------

    def _after(self, take: Take, filmed: Filmed, rest: Sequence[Take], between: Between) -> Go:
        trial, told = filmed.trial, True
        while True:
            answer = between.ask(self._result(take, trial, filmed, rest, between, told))
            told = False
            if answer in ("q", CLOSED):
                return "stop"
            if answer in ("n", "r", "s"):
                chosen: dict[str, Go] = {"n": "next", "r": "again", "s": "skip"}
                return chosen[answer]
            if answer == "x":
                reason = between.type_text("Why is it rejected?", REASONS)
                if reason:
                    trial = self.store.reject_trial(trial.id, reason)
            if answer == "t":
                trial = self._noted(trial, between.type_text("Note on this take"))

    def _noted(self, trial: Trial, note: str) -> Trial:
        from kneetrack.clinic.intake import joined_notes

        return self.store.note_trial(trial.id, joined_notes(trial.note, note)) if note else trial

    def _result(
        self,
        take: Take,
        trial: Trial,
        filmed: Filmed,
        rest: Sequence[Take],
        between: Between,
        told: bool,
    ) -> Card:
        """The take check, and what may be done. told: it is to be said as well."""
        words, status = self._check_words(take, trial, filmed)
        good = status == "ok" and filmed.how != "pain"
        keys = {"n": "next" if rest else "finish", "r": "again"}
        if trial.status == "good":
            keys["x"] = "reject"
        if len(rest) > 1:
            keys["s"] = "skip the next"
        keys |= {"t": "note", "q": "stop for now"}
        name = f"{take[0].title}, {FROM[take[1]]}"
        following = f"Next: {rest[0][0].title}, {FROM[rest[0][1]]}." if rest else "That is all."
        auto = "n" if good or between.nobody_answers else ""
        return Card(
            headline=words[:1].upper() + words[1:],
            lines=(SummaryLine(name, f"attempt {trial.attempt}", status),),
            detail=f"{_noted(trial, words)}{following}",
            say=f"{words}." if told else "",
            keys=keys,
            arms="n" if good else "r",
            auto=auto if told else "",
            auto_s=ALONE_S if between.nobody_answers else NEXT_S,
            title=self._where(),
        )

    def _check_words(self, take: Take, trial: Trial, filmed: Filmed) -> tuple[str, Status]:
        from kneetrack.clinic.intake import check_trial

        if filmed.lost:
            return filmed.lost, "cannot_tell"
        check = check_trial(self.store, trial, take[0])
        if check is None:
            return trial.reason, "cannot_tell"
        if trial.status == "rejected" and trial.reason != check.text:
            return f"rejected: {trial.reason}", "cannot_tell"
        return check.text, "ok" if check.good else "watch"


def _noted(trial: Trial, words: str) -> str:
    """What the clinician noted, without the sentence that stands above it."""
    note = trial.note.replace(words, "").strip("; ")
    return f"Noted: {note}. " if note else ""
