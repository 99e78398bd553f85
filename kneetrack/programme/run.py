"""A practice as it is asked for: opens camera, window or terminal, and model, and closes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kneetrack.clinic_records.people import Client
from kneetrack.guide.pages import load_page
from kneetrack.live.no_sound import no_sound_card
from kneetrack.nearest import did_you_mean
from kneetrack.programme import words
from kneetrack.programme.cameras import Cameras, open_cameras
from kneetrack.programme.desk import Desk
from kneetrack.programme.devices import Devices, Wanted, open_devices
from kneetrack.programme.filmed import plan_of, sets_from, view_of
from kneetrack.programme.run_of_part import RunOfPart
from kneetrack.programme.session import Asked, Session
from kneetrack.programme.sets import Filming, pace_of
from kneetrack.programme.stations import is_timed
from kneetrack.programme.timed_parts import timers_of
from kneetrack.programme.values import PlannedPart, Programme
from kneetrack.records import SettingsError, SourceError
from kneetrack.report.practice.facts import PracticeShown
from kneetrack.settings import Settings, load_settings

if TYPE_CHECKING:
    from kneetrack.store.store import Store

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PracticeAsked:
    """What a practice is done with. camera: as for ``kneetrack live``, or a folder of clips; None:
    without. skip, only: keys of parts."""

    camera: str | None = ""
    config: Path | None = None
    model: Path | None = None
    window: bool = True
    sound: bool = True
    full_screen: bool = False
    skip: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


def run_programme(
    store: Store,
    client: Client,
    programme: Programme,
    asked: PracticeAsked,
    tell: Tell,
    show: Callable[[PracticeShown], None],
) -> None:
    """Today's practice. show: called at its end, whatever ended it, once the screen is free.

    Raises a KneetrackError (an unknown part, a camera that was named and is not there, a full
    disk) and KeyboardInterrupt; what was done by then is in the store, and told.
    """
    settings = checked(programme, asked)
    store.need_consent(client.id)
    sessions: list[Session] = []
    try:
        _opened(store, client, programme, asked, settings, sessions, tell, show)
    except KeyboardInterrupt:
        begun = any(session.practice is not None for session in sessions)
        tell(words.KEPT if begun else words.NOTHING_KEPT)
        raise


def _opened(
    store: Store,
    client: Client,
    programme: Programme,
    asked: PracticeAsked,
    settings: Settings,
    sessions: list[Session],
    tell: Tell,
    show: Callable[[PracticeShown], None],
) -> None:
    from kneetrack.live.start import calm_numpy, ended_by_signals

    with ExitStack() as stack:
        stack.callback(_show_end, sessions, show)
        stack.enter_context(ended_by_signals())
        stack.enter_context(calm_numpy())
        cameras = _cameras(asked, programme, tell)
        wanted = Wanted(asked.window, asked.sound, asked.full_screen, asked.model)
        said = _likely(programme, settings, filmed=cameras is not None)
        devices = open_devices(wanted, said, stack, filmed=cameras is not None)
        if cameras is not None and cameras.between is not None:
            stack.enter_context(cameras.between)
        session = _session(store, client, programme, devices, cameras, settings, tell)
        session.asked = Asked(asked.skip, asked.only)
        sessions.append(session)
        silence = None if session.desk.alone else no_sound_card(devices.sound)
        if silence is not None:
            session.desk.ask(silence)
        session.run()
        devices.sound.finish()


def _show_end(sessions: Sequence[Session], show: Callable[[PracticeShown], None]) -> None:
    for session in sessions:
        if session.shown is not None:
            show(session.shown)


def _session(
    store: Store,
    client: Client,
    programme: Programme,
    devices: Devices,
    cameras: Cameras | None,
    settings: Settings,
    tell: Tell,
) -> Session:
    from kneetrack.live.stage import LiveStage
    from kneetrack.live.terminal_face import TerminalFace

    studio, sound, face = devices.studio, devices.sound, devices.face
    between = None if cameras is None else cameras.between
    if isinstance(face, TerminalFace) and not face.keyless:
        tell = face.tell
    stage = LiveStage(sound, face, between, None if studio is None else studio.backend, tell)
    desk = Desk(stage, alone=not stage.answers, tell=tell)

    def blind() -> None:
        desk.stage = LiveStage(sound, face, tell=tell)

    filming = None
    if cameras is not None and studio is not None:
        filming = Filming(studio, cameras, settings)
    return Session(store, client, programme, desk, filming, settings=settings, blind=blind)


def checked(programme: Programme, asked: PracticeAsked) -> Settings:
    """The settings asked for. Raises SettingsError, also for a part that there is not."""
    for key in (*asked.skip, *asked.only):
        if programme.part(key) is None:
            told = did_you_mean(key, [part.key for part in programme.parts])
            raise SettingsError(f"the programme {programme.title!r} has no part {key!r}: {told}")
    return load_settings(asked.config)


def _cameras(asked: PracticeAsked, programme: Programme, tell: Tell) -> Cameras | None:
    """None: everything goes by ear; a camera that nobody asked for may be missing."""
    if asked.camera is None or not any(part.views for part in programme.parts):
        return None
    try:
        return open_cameras(asked.camera, programme)
    except SourceError as error:
        if asked.camera:
            raise
        tell(f"{words.NO_CAMERA} ({str(error).rstrip('.')}).")
        return None


def _likely(programme: Programme, settings: Settings, *, filmed: bool) -> list[str]:
    """What will probably be said, in the order in which it is needed."""
    from kneetrack.live.likely import likely_words

    said = []
    for part in programme.parts:
        page = load_page(part.exercise)
        view = view_of(part, 1) if filmed else ""
        said.append(words.intro_words(PlannedPart(part, part.dose), page, view))
        if is_timed(part):
            timers = timers_of(RunOfPart(PlannedPart(part, part.dose)), page, watches=False)
            said += [spoken for timer in timers for spoken in timer.words()]
        elif filmed:
            plan = plan_of(part, part.dose, sets_from(part, part.dose, 1))
            said += likely_words(plan, settings.exercises)
        else:
            said += pace_of(RunOfPart(PlannedPart(part, part.dose)), page, 1, watches=False).words()
    return list(dict.fromkeys(said))
