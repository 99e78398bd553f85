"""A practice before a camera that plays known motions, with somebody who presses keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from kneetrack.live import showing
from kneetrack.live.keeping import Versions
from kneetrack.live.stage import LiveStage
from kneetrack.live.start import Studio
from kneetrack.live_records import ScreenState
from kneetrack.programme.cameras import OneCamera
from kneetrack.programme.desk import Desk
from kneetrack.programme.session import Session
from kneetrack.programme.sets import Filming
from kneetrack.programme.values import Programme
from kneetrack.records import Pose, PoseTrack
from kneetrack.report.practice.facts import PracticeShown
from kneetrack.settings import Settings
from kneetrack.store import Store
from tests import motions as m
from tests.clinic.staged import track
from tests.live.acting import stands
from tests.live.playing import Ear, Eye, PlayedCamera, PlayedModel, Shot, play
from tests.programme.by_clock import Person, answering

LUNGE = """
title = "Lunges"
[[part]]
key = "lunge"
exercise = "lateral_lunge"
sets = {sets}
reps = 2
rest_s = 20
views = ["front"]
"""
BRIDGE = """
title = "Bridges"
[[part]]
key = "bridge"
exercise = "glute_bridge"
sets = {sets}
reps = 2
rest_s = 20
hold_s = 2
views = ["side", "foot_end"]
"""
SIZE_PX = (1280, 720)
Script = Callable[["OnCamera"], Iterator[Shot]]


def first_of(seen: PoseTrack) -> Pose:
    assert seen.xyz_m is not None
    return Pose(seen.xy_px[0], seen.xyz_m[0], seen.confidence[0], 0.0)


@dataclass
class OnCamera:
    """A practice to be run over a script, and what was seen and heard of it."""

    store: Store
    patch: pytest.MonkeyPatch
    programme: Programme
    now_at: datetime
    person: Person = field(default_factory=answering)
    size_px: tuple[int, int] = SIZE_PX
    told: list[str] = field(default_factory=list)
    shown: PracticeShown | None = None

    def run(self, script: Script) -> OnCamera:
        self.camera = PlayedCamera(lambda _: script(self), self.size_px)
        self.eye, self.ear = Eye(self.camera), Ear()
        self.patch.setattr(showing, "LiveScreen", lambda size: self.eye)
        front = showing.Front(self.eye, self.eye, self.ear)  # type: ignore[arg-type]
        model = PlayedModel(self.camera)
        stage = LiveStage(self.ear, front, self.camera, model, self.told.append)  # type: ignore[arg-type]
        studio = Studio(self.ear, front, model, Versions("0", "0" * 64), background=False)  # type: ignore[arg-type]
        desk = Desk(stage, tell=self.told.append)

        def blind() -> None:
            self.clock_s = self.camera.now_s()
            desk.stage = LiveStage(
                self.ear,  # type: ignore[arg-type]
                front,
                tell=self.told.append,
                clock=self.camera.now_s,
                wait=lambda _: self._blind_look(),
            )

        client = self.store.own_client() or self.store.make_own_client()
        self.session = Session(
            self.store,
            client,
            self.programme,
            desk,
            Filming(studio, OneCamera(self.camera), Settings()),
            blind=blind,
            now=lambda: self.now_at,
        )
        with self.camera:
            self.shown = self.session.run()
        return self

    def _blind_look(self) -> None:
        self.camera.newest(0.0)
        self.camera.ended = False

    # -- for scripts -----------------------------------------------------------------------------

    @property
    def now(self) -> ScreenState:
        return self.eye.states[-1]

    def here(
        self, pose: Pose | None, until: Callable[[], bool], most_s: float = 90
    ) -> Iterator[Shot]:
        """Be there, and answer what is asked, until something has happened."""
        for _ in range(round(most_s * 30)):
            if until():
                return
            yield Shot(pose, key=self.person(self.now) if self.eye.states else "")
        raise AssertionError(f"waited {most_s} s in vain: {self.now}")

    def to_set(self, what: str) -> Iterator[Shot]:
        """Until a set begins, in the place where it is done."""
        played = self.camera.played
        yield from self.here(first_of(track(what)), lambda: self.camera.played > played)

    def a_set(self, what: str) -> Iterator[Shot]:
        """Do a set."""
        yield from self.to_set(what)
        yield from play(track(what))

    def to_the_end(self, pose: Pose | None = None) -> Iterator[Shot]:
        """Answer whatever is still asked."""
        while True:
            yield Shot(pose or stands(m.WIDE), key=self.person(self.now))
