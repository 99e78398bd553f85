"""Puts a self-check together from what is asked for, and takes it apart again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kneetrack.clinic.live_cameras import Cameras, open_cameras
from kneetrack.clinic.live_take import plan_of
from kneetrack.clinic_records.people import Client
from kneetrack.live.no_sound import no_sound_card
from kneetrack.programme.devices import Devices, Wanted, open_devices
from kneetrack.programme.limits import with_programme
from kneetrack.programme.red_flag_asking import group_card
from kneetrack.programme.values import Programme
from kneetrack.records import SettingsError, SourceError
from kneetrack.selfcheck.asking import film_card, sign_card, with_somebody_card
from kneetrack.selfcheck.keeping import Notebook
from kneetrack.selfcheck.outcome import Outcome
from kneetrack.selfcheck.page import facts_of
from kneetrack.selfcheck.questions import QUESTIONS
from kneetrack.selfcheck.room import LiveRoom
from kneetrack.selfcheck.run import SelfCheck
from kneetrack.selfcheck.takes import takes_within
from kneetrack.selfcheck.taking import intro_card
from kneetrack.settings import Settings, load_settings

if TYPE_CHECKING:
    from kneetrack.store.store import Store

Tell = Callable[[str], None]
NOBODY_TO_ASK: Final = (
    "a self-check asks questions, and there is neither a window nor a terminal to answer them: "
    "start it at a terminal"
)
INTERRUPTED: Final = "Stopped. What was answered is in your diary: kneetrack diary"
NOTHING_KEPT: Final = "Nothing was answered: nothing was kept."


@dataclass(frozen=True, slots=True)
class SelfCheckAsked:
    """What a self-check is done with. camera: as for ``kneetrack live``, or a folder of clips;
    None: without."""

    camera: str | None = ""
    config: Path | None = None
    model: Path | None = None
    window: bool = True
    sound: bool = True
    full_screen: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """The outcome and its page."""

    outcome: Outcome
    page: Path


def run_selfcheck(
    store: Store,
    client: Client,
    programme: Programme,
    asked: SelfCheckAsked,
    tell: Tell,
) -> Ended | None:
    """A self-check to its page; None: nothing was answered.

    Raises a KneetrackError (a camera that was named and is not there, nobody to ask, a full disk)
    and KeyboardInterrupt; what was answered by then is in the store, and told.
    """
    settings = with_programme(load_settings(asked.config), programme)
    store.need_consent(client.id)
    notebook = Notebook(store, client.id, programme.title, programme.prescription)
    try:
        return _opened(notebook, settings, programme, asked, tell)
    except KeyboardInterrupt:
        tell(INTERRUPTED if notebook.practice else NOTHING_KEPT)
        if notebook.practice and notebook.practice.note:
            tell(notebook.practice.note)
        raise


def _opened(
    notebook: Notebook,
    settings: Settings,
    programme: Programme,
    asked: SelfCheckAsked,
    tell: Tell,
) -> Ended | None:
    from kneetrack.live.start import calm_numpy, ended_by_signals

    with ExitStack() as stack:
        stack.enter_context(ended_by_signals())
        stack.enter_context(calm_numpy())
        cameras, note = _cameras(asked.camera)
        wanted = Wanted(asked.window, asked.sound, asked.full_screen, asked.model)
        said = _likely(programme, filmed=cameras is not None)
        devices = open_devices(wanted, said, stack, filmed=cameras is not None)
        room = _room(devices, cameras, tell)
        room.settings = settings
        silence = no_sound_card(devices.sound)
        if silence is not None:
            room.ask(silence)
        check = SelfCheck(room, notebook, programme, notes=[note] if note else [])
        outcome = _run(check)
        if outcome is None:
            return None
        ended = Ended(outcome, _write_page(outcome, notebook))
        check.show(outcome)
        devices.sound.finish()
    return ended


def _run(check: SelfCheck) -> Outcome | None:
    try:
        return check.run()
    except KeyboardInterrupt:
        if check.notebook.practice is not None:
            _write_page(check.outcome(), check.notebook)
        raise


def _write_page(outcome: Outcome, notebook: Notebook) -> Path:
    from kneetrack.report.selfcheck.html import write_selfcheck

    return write_selfcheck(facts_of(outcome, notebook.at), notebook.folder())


def _room(devices: Devices, cameras: Cameras | None, tell: Tell) -> LiveRoom:
    from kneetrack.live.stage import LiveStage
    from kneetrack.live.terminal_face import TerminalFace

    face = devices.face
    if isinstance(face, TerminalFace) and not face.keyless:
        tell = face.tell
    stage = LiveStage(devices.sound, face, tell=tell)
    if not stage.answers:
        raise SettingsError(NOBODY_TO_ASK)
    return LiveRoom(stage, devices.studio, cameras, tell=tell)


def _cameras(spec: str | None) -> tuple[Cameras | None, str]:
    """What is filmed with, and a note; a camera that nobody asked for may be missing."""
    from kneetrack.selfcheck.takes import TAKES

    if spec is None:
        return None, ""
    try:
        return open_cameras(spec, TAKES), ""
    except SourceError as error:
        if spec:
            raise
        return None, f"No camera: {str(error).rstrip('.')}."


def _likely(programme: Programme, *, filmed: bool) -> Sequence[str]:
    """What will probably be said, in the order in which it is needed."""
    from kneetrack.exercises import all_exercises
    from kneetrack.live.likely import likely_words
    from kneetrack.red_flags import RED_FLAG_GROUPS

    said = [group_card(group, "").say for group in RED_FLAG_GROUPS]
    said.append(with_somebody_card().say)
    said += [sign_card(question, number).say for number, question in enumerate(QUESTIONS, start=1)]
    if filmed:
        steps = takes_within(programme).steps
        said.append(film_card().say)
        said += [intro_card(step, 0, len(steps), alone=False).say for step in steps]
        for step in steps:
            said += likely_words(plan_of((step, "front")), all_exercises())
    return list(dict.fromkeys(said))
