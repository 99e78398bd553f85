"""kneetrack screen goes on with a session: whose protocol, whose set-up, and what is said of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.store import Store
from tests.clinic.staged import Reader, clip
from tests.commands.conftest import Command
from tests.commands.test_screen import SETUP, reader, trials
from tests.storing import new_client, new_session

__all__ = ["reader"]


@pytest.fixture
def clips(store: Store, tmp_path: Path) -> Path:
    new_client(store)
    clip(tmp_path / "c", "squat-front.mp4", "squat front")
    return tmp_path / "c"


def test_the_protocol_is_said_before_the_plan_and_a_new_session_takes_the_usual_one(
    store: Store, command: Command, reader: Reader, clips: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("screen", "KT-017", "--clips", clips, *SETUP)
    assert command(*words, "--protocol", "squat") == 0
    assert "Protocol: Squat (squat)." in capsys.readouterr().err
    clip(clips, "squat-side.mp4", "squat side 3")
    assert command(*words) == 0
    said = capsys.readouterr().err
    assert "Protocol: Squat (squat), that of session 1, which is gone on with." in said
    assert said.index("Protocol:") < said.index("going on with session 1")
    assert command(*words, "--new-session") == 0
    assert "Protocol: Lower limb (lower-limb)." in capsys.readouterr().err
    assert [s.protocol for s in store.sessions(store.client("KT-017").id)][1] == "lower-limb"


def test_an_open_session_of_another_protocol_is_named(
    store: Store, command: Command, reader: Reader, clips: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_session(store, store.client("KT-017"))
    assert command("screen", "KT-017", "--clips", clips, "--protocol", "squat", *SETUP) == 0
    said = capsys.readouterr().err
    assert "Session 1, lower-limb, is open, too: to go on with that one, add --session 1." in said


def test_a_day_ahead_is_refused_before_the_plan(
    store: Store, command: Command, reader: Reader, clips: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead = date.today() + timedelta(days=2)
    assert command("screen", "KT-017", "--clips", clips, "--date", ahead) == 2
    shown, said = capsys.readouterr()
    assert "lies ahead" in said and shown == ""


def test_what_is_measured_keeps_its_set_up_until_it_is_corrected(
    store: Store, command: Command, reader: Reader, clips: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("screen", "KT-017", "--clips", clips)
    assert command(*words, "--distance", "3") == 0
    capsys.readouterr()
    clip(clips, "squat-side.mp4", "squat side")
    assert command(*words, "--distance", "4") == 2
    shown, said = capsys.readouterr()
    assert "session 1 was measured with distance 3 m, not 4 m: add --new-session" in said
    assert "kneetrack session KT-017 1 --set 'distance=4 m'" in said and shown == ""
    assert len(trials(store)) == 1
    assert command(*words, "--footwear", "barefoot") == 0
    assert store.sessions(store.client("KT-017").id)[0].setup == SetupFacts(3.0, None, "barefoot")
    assert command("session", "KT-017", 1, "--set", "distance=4 m", "--set", "footwear=") == 0
    assert "Set-up: distance 4 m" in capsys.readouterr().out
    assert store.sessions(store.client("KT-017").id)[0].setup == SetupFacts(4.0)
    assert command("session", "KT-017", 1, "--set", "shoes=red") == 2
    assert "write FACT=VALUE, with distance, camera-height" in capsys.readouterr().err
