"""kneetrack screen: a visit from clips at the command line, and what it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kneetrack.clinic import live_visit
from kneetrack.clinic.naming import trial_name
from kneetrack.clinic.visit import Visit, good_trials
from kneetrack.clinic_records.plans import Protocol
from kneetrack.clinic_records.visits import SetupFacts, Trial
from kneetrack.commands import setting_up
from kneetrack.store import Store
from tests.clinic.staged import Reader, clip, stage
from tests.commands.conftest import Command
from tests.storing import new_client, new_session

SETUP = ("--distance", "3", "--camera-height", "0.7", "--footwear", "barefoot", "--stance", "hip")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    return stage(monkeypatch)


def trials(store: Store, number: int = 1) -> list[Trial]:
    sessions = store.sessions(store.client("KT-017").id)
    return store.trials(sessions[number - 1].id)


def test_a_folder_of_clips_is_measured_and_told(
    store: Store,
    command: Command,
    reader: Reader,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new_client(store)
    folder = tmp_path / "clips"
    clip(folder, "squat-front.mp4", "squat front")
    clip(folder, "Squat Side.mov", "squat front")
    clip(folder, "lunge front.mp4", "broken")
    clip(folder, "IMG_1.mp4", "glute_bridge side")
    assert command("screen", "kt-017", "--clips", folder, *SETUP) == 3
    shown, said = capsys.readouterr()
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert "KT-017, a new session: 4 clips to measure" in lines
    assert "squat-front.mp4 squat:front by its name" in lines
    assert "IMG_1.mp4 ? looked at first, to see which take it is" in lines
    assert "✓ squat:front 5 squats, all read" in lines
    assert "✓ bridge:side (it looks like a bridge from the side) 5 bridges, all read" in lines
    assert any("! squat:side seen from the front; this was to be the side take" in x for x in lines)
    assert "? lunge:front not measured: cannot read the clip: the clip is no video" in lines
    assert "2 of 4: squat-front.mp4" in said
    assert "1 of 4 clips could not be measured" in said
    assert "Session 1 stays open: lunge:front, slsq_left:front" in said
    assert "kneetrack session KT-017 1" in said
    assert store.sessions(store.client("KT-017").id)[0].setup.distance_m == 3.0


def test_the_same_command_again_has_nothing_to_do(
    store: Store,
    command: Command,
    reader: Reader,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new_client(store)
    folder = tmp_path / "clips"
    clip(folder, "squat-front.mp4", "squat front")
    clip(folder, "squat-side.mp4", "squat side")
    words = ("screen", "KT-017", "--clips", folder, "--protocol", "squat")
    assert command(*words) == 0
    assert "Session 1 is complete." in capsys.readouterr().err
    assert store.sessions(store.client("KT-017").id)[0].closed_at is not None
    reader.read.clear()
    assert command(*words) == 0
    shown, said = capsys.readouterr()
    assert "passed over: it is in session 1 already" in shown
    assert "Nothing is left to be measured." in said
    assert reader.read == []
    assert command("screen", "KT-017", "--take", f"squat:front={folder / 'squat-front.mp4'}",
                   "--protocol", "squat", "--new-session") == 0  # fmt: skip
    assert [trial_name(t) for t in trials(store, 2)] == ["squat:front"]


def test_what_differs_from_last_time_is_said_before(
    store: Store,
    command: Command,
    reader: Reader,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new_session(store, new_client(store), setup=SetupFacts(3.0, 0.7, "barefoot", "hip"))
    clip(tmp_path / "c", "squat-front.mp4", "squat front")
    words = ("screen", "KT-017", "--clips", tmp_path / "c", "--new-session", "--distance", "2.5")
    assert command(*words) == 0
    said = capsys.readouterr().err
    assert "Not told: camera height, footwear, stance." in said
    assert "Unlike session 1: Distance 3.00 m before, 2.50 m now" in said
    assert "changes will not be called real" in said
    assert said.index("Unlike session 1") < said.index("1 of 1: squat-front.mp4")


def test_at_a_terminal_the_setup_is_asked_for_with_last_times_answers(
    store: Store,
    command: Command,
    reader: Reader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new_session(store, new_client(store), setup=SetupFacts(3.0, 0.7, "barefoot", "hip"))
    clip(tmp_path / "c", "squat-front.mp4", "squat front")
    asked = []
    answers = {"Distance": ["far", "2.8 m"], "Footwear": ["shoes"]}

    def prompt(text: str, default: str = "", **_: object) -> str:
        asked.append((text.strip(), default))
        own = answers.get(text.strip(), [])
        return own.pop(0) if own else default

    monkeypatch.setattr(setting_up, "_at_terminal", lambda: True)
    monkeypatch.setattr(setting_up.typer, "prompt", prompt)
    words = ("screen", "KT-017", "--clips", tmp_path / "c", "--new-session", "--stance", "30 cm")
    assert command(*words) == 0
    assert asked == [
        ("Distance", "3 m"),
        ("Distance", "3 m"),
        ("Camera height", "0.7 m"),
        ("Footwear", "barefoot"),
    ]
    setup = store.sessions(store.client("KT-017").id)[1].setup
    assert setup == SetupFacts(2.8, 0.7, "shoes", "30 cm")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("screen", "KT-017", "--clips", "none"), 3, "there is no folder none"),
        (("screen", "KT-018", "--clips", "none"), 7, "no client is known by 'KT-018'"),
        (("screen", "KT-017", "--date", "2026-01-01"), 2, "add --clips"),
        (("screen", "KT-017", "--clips", "x", "--date", "soon"), 2, "like 2026-05-03"),
        (("screen", "KT-017", "--clips", "x", "--camera", "0"), 2, "either --camera, or clips"),
        (("screen", "KT-017", "--protocol", "squad", "--clips", "x"), 2, "did you mean 'squat'"),
        (("screen", "KT-017", "--distance", "99", "--clips", "x"), 2, "not between 0 and 15 m"),
        (("screen", "KT-017", "--session", "4", "--clips", "x"), 7, "has no session yet"),
        (("protocols", "squad"), 2, "did you mean 'squat'"),
    ],
)
def test_what_is_wrong_is_one_line(
    store: Store,
    command: Command,
    words: tuple[str, ...],
    code: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new_client(store)
    assert command(*words) == code
    said = capsys.readouterr().err.strip()
    assert told in said and said.count("\n") == 0


def test_without_consent_it_says_how_to_give_it(
    store: Store, command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = new_client(store)
    store.withdraw_consent(store.consents(client.id)[0].id)
    assert command("screen", "KT-017", "--clips", tmp_path) == 8
    assert "kneetrack client consent" in capsys.readouterr().err
    assert store.sessions(client.id) == []


def test_ctrl_c_is_told_and_resumed(
    store: Store,
    command: Command,
    reader: Reader,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new_client(store)
    clip(tmp_path / "c", "squat-front.mp4", "squat front")
    clip(tmp_path / "c", "squat-side.mp4", "stop")
    assert command("screen", "KT-017", "--clips", tmp_path / "c") == 130
    assert [t.status for t in trials(store)] == ["good", "failed"]
    clip(tmp_path / "c", "squat-side.mp4", "squat side")
    assert command("screen", "KT-017", "--clips", tmp_path / "c") == 0
    assert [t.status for t in trials(store)] == ["good", "failed", "good"]


def test_without_clips_it_is_guided_by_camera(
    store: Store,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new_client(store)
    ran: list[tuple[Visit, live_visit.LiveAsked]] = []

    def run(
        store: Store,
        protocol: Protocol,
        begin: Callable[[], Visit],
        asked: live_visit.LiveAsked,
        tell: Callable[[str], None],
    ) -> None:
        ran.append((begin(), asked))
        tell("Squat, from the front.")
        if len(ran) > 1:
            session = ran[-1][0].session
            trial = store.begin_trial(session.id, "squat", "front", "camera")
            store.fail_trial(trial.id, "nobody came")

    monkeypatch.setattr(live_visit, "run_visit", run)
    words = ("screen", "KT-017", "--camera", "1", "--no-window", "--no-sound", *SETUP)
    assert command(*words) == 0
    assert [a for _, a in ran] == [live_visit.LiveAsked("1", window=False, sound=False)]
    assert ran[0][0].session.setup == SetupFacts(3.0, 0.7, "barefoot", "hip")
    said = capsys.readouterr().err
    assert "Squat, from the front." in said
    assert "Nothing was measured: no session was kept." in said
    assert store.sessions(store.client("KT-017").id) == []
    assert [command(*words), command(*words)] == [0, 0]
    assert [visit.begun for visit, _ in ran] == [True, True, False]


def test_without_a_camera_no_session_is_begun(
    store: Store, command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_client(store)
    assert command("screen", "KT-017", "--camera", tmp_path, *SETUP) == 3
    assert "is named like a take: squat-front.mp4" in capsys.readouterr().err
    assert command("screen", "KT-017", "--camera", tmp_path / "none.mp4", *SETUP) == 3
    assert store.sessions(store.client("KT-017").id) == []


def test_protocols_are_listed_and_shown(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("protocols") == 0
    assert "lower-limb" in capsys.readouterr().out
    assert command("protocols", "lower-limb") == 0
    shown = capsys.readouterr().out
    assert "bridge:foot-end" in shown and "5 times a side" in shown and "QASLS" in shown


@pytest.mark.slow
def test_a_kill_loses_the_clip_under_way_alone(
    store: Store, command: Command, samples: Path, tmp_path: Path
) -> None:
    """Real clips, real model, SIGKILL in the middle of the second one."""
    new_client(store)
    folder = tmp_path / "clips"
    folder.mkdir()
    for name, sample in (("squat-front", "sq_good_anna"), ("squat-side", "sq_in20_anna")):
        (folder / f"{name}.mp4").write_bytes((samples / f"{sample}.mp4").read_bytes())
    words = ["screen", "KT-017", "--clips", str(folder), "--protocol", "squat"]
    with subprocess.Popen(
        [sys.executable, "-m", "kneetrack", *words],
        env=os.environ.copy(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(lambda: _second_under_way(store), process, 240.0)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(30)
    statuses = [(trial_name(t), t.status) for t in trials(store)]
    assert statuses == [("squat:front", "good"), ("squat:side", "under_way")]
    first = trials(store)[0]
    assert command(*words) == 0
    done = trials(store)
    assert [t.status for t in done] == ["good", "failed", "good"]
    assert "broken off" in done[1].reason
    assert list(store.trial_folder(done[1].id).iterdir()) == []
    assert good_trials(done)["squat", "front"] == first
    assert "seen from the front" in done[2].note


def _second_under_way(store: Store) -> bool:
    sessions = store.sessions(store.client("KT-017").id)
    found = store.trials(sessions[0].id) if sessions else []
    return len(found) == 2 and found[1].status == "under_way"


def _wait_for(
    happened: Callable[[], bool], process: subprocess.Popen[bytes], most_s: float
) -> None:
    until_s = time.monotonic() + most_s
    while not happened():
        assert process.poll() is None, "it ended by itself"
        assert time.monotonic() < until_s, "it never happened"
        time.sleep(0.05)


def test_a_restored_take_of_the_wrong_leg_keeps_saying_so(
    store: Store,
    command: Command,
    reader: Reader,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new_client(store)
    clip(tmp_path / "c", "slsq-right.mp4", "single_leg_squat left 3")
    assert command("screen", "KT-017", "--clips", tmp_path / "c", *SETUP) == 0
    assert [t.status for t in trials(store)] == ["rejected"]
    assert command("trial", "restore", "KT-017", 1, "slsq_right") == 0
    assert [t.note for t in trials(store)] == ["the left leg worked; this was to be the right one"]
    capsys.readouterr()
    assert command("session", "KT-017") == 0
    shown = capsys.readouterr().out
    assert "! front 3/3 of 5 asked, no number" in shown and "✓ front" not in shown
    assert "slsq_right:front: the left leg worked; this was to be the right one" in shown
