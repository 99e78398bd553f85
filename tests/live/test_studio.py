"""What is open before the pose model, which takes seconds to load."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import pytest

from kneetrack.live import start
from kneetrack.live.start import LiveJob
from kneetrack.live_records import ScreenState


class Terminal:
    """A terminal of which is known when it was taken and given back."""

    keyless = False

    def __init__(self, _sound: object) -> None:
        self.log: list[str] = []
        Terminal.last = self

    last: Terminal

    def __enter__(self) -> Self:
        self.log.append("taken")
        return self

    def __exit__(self, *_: object) -> None:
        self.log.append("given back")

    def show(self, state: ScreenState, *_: Any) -> None:
        self.log.append(state.phase)


class Model:
    """Loads as slowly as one likes; tells what was open by then."""

    model_sha256 = "0" * 64

    def __init__(self, _path: Path) -> None:
        Terminal.last.log.append("model")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_the_terminal_is_taken_before_the_model_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was typed while it was loaded, such as "it hurts", used to be thrown away."""
    monkeypatch.setattr("kneetrack.live.terminal_face.TerminalFace", Terminal)
    monkeypatch.setattr("kneetrack.pose.blazepose.BlazePose", Model)
    job = LiveJob(window=False, sound=False)
    with ExitStack() as stack:
        studio = start.open_studio(job, (), stack, terminal=True)
        assert studio.front is Terminal.last
        assert Terminal.last.log == ["taken", "starting", "model"]
    assert Terminal.last.log[-1] == "given back"
    with ExitStack() as stack:
        assert start.open_studio(job, (), stack).front is None
