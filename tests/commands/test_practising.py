"""kneetrack programme: a practice at the command line, in a pipe, on a simulated clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.live import stage
from kneetrack.programme import run
from kneetrack.records import SourceError
from kneetrack.store import Store
from tests.commands.conftest import Command
from tests.storing import new_client

SHORT = """
title = "Short"
[[part]]
key = "release"
exercise = "hip_flexor_release"
positions = ["straight_ahead"]
hold_s = 5
[[part]]
key = "lunge"
exercise = "lateral_lunge"
sets = 1
reps = 2
"""
BY_EAR = ("--no-window", "--no-sound", "--no-camera")


@pytest.fixture
def short(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(SHORT, "utf-8")
    return path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[float]:
    """Time goes on as fast as it is asked for. clock[1]: when somebody presses Ctrl-C."""
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "data"))
    now = [0.0, float("inf")]

    def wait(_: float) -> None:
        now[0] += 0.1
        if now[0] >= now[1]:
            raise KeyboardInterrupt

    made: Callable[..., stage.LiveStage] = partial(stage.LiveStage, clock=lambda: now[0], wait=wait)
    monkeypatch.setattr(stage, "LiveStage", made)
    return now


def test_a_practice_in_a_pipe(
    store: Store,
    command: Command,
    short: Path,
    clock: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command("programme", "--programme", short, *BY_EAR) == 0
    shown, said = capsys.readouterr()
    client = store.own_client()
    assert client is not None
    assert f"Your diary is kept in {store.files.parent}" in said
    assert f"kneetrack client delete {client.code}" in said
    assert "Stop at once if" in said
    assert "Short, practice 1: to its end" in shown
    assert "  Lateral lunge: 1 of 1 set, 4 repetitions" in shown
    assert "kneetrack diary pain N" in shown
    record = store.practice_records(client.id)[0]
    assert record.practice.ended == "done"
    assert record.practice.facts.pain_before is None
    page = store.practice_folder(record.practice.id) / "practice.html"
    assert str(page) in shown and page.is_file()


def test_the_second_time_nothing_is_told_of_the_diary(
    store: Store,
    command: Command,
    short: Path,
    clock: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for _ in range(2):
        capsys.readouterr()
        assert command("programme", "--programme", short, *BY_EAR, "--only", "release") == 0
    shown, said = capsys.readouterr()
    assert "Your diary is kept" not in said
    assert "practice 2" in shown


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--skip", "lunges"), 2, "has no part 'lunges': did you mean 'lunge'?"),
        (("--only", "xyz"), 2, "has no part 'xyz'"),
        (("--camera", "0"), 2, "either --camera or --no-camera"),
        (("--config", "nowhere.toml"), 2, "nowhere.toml"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_made(
    store: Store,
    command: Command,
    short: Path,
    clock: list[float],
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    assert command("programme", "--programme", short, *BY_EAR, *options) == code
    assert told in capsys.readouterr().err
    assert store.own_client() is None


def test_a_camera_that_was_named_must_be_there(
    store: Store,
    command: Command,
    short: Path,
    clock: list[float],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ("--programme", short, "--no-window", "--no-sound")
    assert command("programme", *options, "--camera", tmp_path / "no.mp4") == 3
    (tmp_path / "clips").mkdir()
    assert command("programme", *options, "--camera", tmp_path / "clips") == 3
    assert "is named like a part: lunge.mp4" in capsys.readouterr().err


def test_a_camera_that_nobody_asked_for_may_be_missing(
    store: Store,
    command: Command,
    short: Path,
    clock: list[float],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def none(*_: object) -> None:
        raise SourceError("no camera was found")

    monkeypatch.setattr(run, "open_cameras", none)
    assert command("programme", "--programme", short, "--no-window", "--no-sound") == 0
    said = capsys.readouterr().err
    assert "No camera: everything goes by ear (no camera was found)." in said


def test_a_client_must_have_agreed(
    store: Store, command: Command, short: Path, clock: list[float]
) -> None:
    store.add_client(ClientFacts("KT-001", "", 1980, "left", ""))
    assert command("programme", "--client", "KT-001", "--programme", short, *BY_EAR) == 8
    assert command("programme", "--client", "KT-009", "--programme", short, *BY_EAR) == 7


def test_a_client_practises_what_was_prescribed(
    store: Store, command: Command, clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    client = new_client(store)
    store.prescribe(client.id, "Short", SHORT)
    assert command("programme", "--client", client.code, *BY_EAR, "--skip", "lunge") == 0
    facts = store.practices(client.id)[0].facts
    assert (facts.programme, facts.prescription) == ("Short", 1)
    assert store.own_client() is None


def test_ctrl_c_tells_what_was_done(
    store: Store,
    command: Command,
    short: Path,
    clock: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock[1] = 40.0
    assert command("programme", "--programme", short, *BY_EAR) == 130
    shown = capsys.readouterr().out
    client = store.own_client()
    assert client is not None
    record = store.practice_records(client.id)[0]
    assert record.practice.ended == "stopped"
    assert record.parts[0].seconds > 0
    assert "Short, practice 1: stopped early" in shown
