"""kneetrack selfcheck at the command line: its page, what it prints, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kneetrack.live.no_sound import HEADLINE
from kneetrack.live_records import ScreenState
from kneetrack.programme.devices import Devices
from kneetrack.red_flags import SEE_A_DOCTOR_TODAY
from kneetrack.selfcheck import start
from kneetrack.store import Store
from tests.commands.conftest import Command, command
from tests.live.playing import Ear
from tests.selfcheck.rehearsing import CTRL_C, Answering, Reply, replies
from tests.storing import new_client

__all__ = ["command"]
Sit = Callable[[Reply], Answering]


class Loud(Ear):
    """A Sound that has nothing to finish."""

    def finish(self) -> None:
        pass


@pytest.fixture
def sit(monkeypatch: pytest.MonkeyPatch) -> Sit:
    """Somebody who answers, in place of window and terminal."""

    def down(reply: Reply) -> Answering:
        face = Answering(reply)
        opened = Devices(Loud(), face)  # type: ignore[arg-type]
        monkeypatch.setattr(start, "open_devices", lambda *_, **__: opened)
        return face

    return down


def test_the_outcome_is_printed_and_on_a_page(
    command: Command,
    sit: Sit,
    store: Store,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sit(replies({"groin": "y"}))
    assert command("selfcheck", "--no-camera", "--out", tmp_path / "mine") == 0
    told = capsys.readouterr()
    assert "Told or seen: tightness in the front of the hips or groin." in told.out
    assert "Three-way hip-flexor release: 6 times 30 seconds" in told.out
    assert "See a doctor or a physiotherapist if" in told.out
    assert "Your diary is kept in" in told.err
    page = (tmp_path / "mine" / "selfcheck.html").read_text("utf-8")
    assert "Told or seen: tightness in the front of the hips or groin." in page
    assert "How to do it: Three-way hip-flexor release" in page
    assert "Not a medical device" in page
    client = store.own_client()
    assert client is not None
    (practice,) = store.practices(client.id)
    assert (store.practice_folder(practice.id) / "selfcheck.html").read_text("utf-8") == page


def test_where_nothing_is_heard_the_first_card_says_so(
    command: Command, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = sit(replies())
    deaf = Loud(note="no sound, PortAudio is missing", available=False)
    monkeypatch.setattr(start, "open_devices", lambda *_, **__: Devices(deaf, face))  # type: ignore[arg-type]
    assert command("selfcheck", "--no-camera") == 0
    assert [head == HEADLINE for head in face.headlines].index(True) == 0
    assert face.headlines.count(HEADLINE) == 1


def test_a_second_time_nobody_is_told_of_the_diary(
    command: Command, sit: Sit, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        sit(replies())
        assert command("selfcheck", "--no-camera") == 0
        told = capsys.readouterr().err
    assert "diary is kept" not in told
    client = store.own_client()
    assert client is not None and len(store.practices(client.id)) == 2


def test_a_red_flag_ends_with_a_doctor_and_exit_code_0(
    command: Command, sit: Sit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sit(replies({"calves": "u", "Fever": "u"}))
    assert command("selfcheck", "--no-camera", "--out", tmp_path) == 0
    told = capsys.readouterr().out
    assert SEE_A_DOCTOR_TODAY in told
    assert "Calf swollen or painful" in told
    assert "five signs" not in told and "practise" not in told
    page = (tmp_path / "selfcheck.html").read_text("utf-8")
    assert SEE_A_DOCTOR_TODAY in page
    assert "The five signs" not in page and "How to do it" not in page


def test_nothing_answered_keeps_nothing(
    command: Command, sit: Sit, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    sit(replies({"Does any": "q"}))
    assert command("selfcheck", "--no-camera") == 0
    assert "nothing was kept" in capsys.readouterr().err
    client = store.own_client()
    assert client is not None and store.practices(client.id) == []


def test_ctrl_c_tells_where_the_answers_are(
    command: Command, sit: Sit, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    sit(replies({"groin": "y", "pigeon": CTRL_C}))
    assert command("selfcheck", "--no-camera") == 130
    assert "What was answered is in your diary" in capsys.readouterr().err
    client = store.own_client()
    assert client is not None
    (record,) = store.practice_records(client.id)
    assert record.signs[1].told == "yes"
    page = store.practice_folder(record.practice.id) / "selfcheck.html"
    assert "not asked" in page.read_text("utf-8")


def test_ctrl_c_before_an_answer_does_not_claim_one(
    command: Command, sit: Sit, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    sit(replies({"Does any": CTRL_C}))
    assert command("selfcheck", "--no-camera") == 130
    told = capsys.readouterr().err
    assert "nothing was kept" in told and "is in your diary" not in told


def test_ctrl_c_after_a_red_flag_still_sends_to_a_doctor(
    command: Command, sit: Sit, capsys: pytest.CaptureFixture[str]
) -> None:
    sit(replies({"Is the knee locked": "y", "The knee itself": "y", "Fever": CTRL_C}))
    assert command("selfcheck", "--no-camera") == 130
    told = capsys.readouterr().err
    assert SEE_A_DOCTOR_TODAY in told and "Knee locked" in told


def test_a_client_of_the_clinic(command: Command, sit: Sit, store: Store) -> None:
    client = new_client(store)
    sit(replies())
    assert command("selfcheck", "--client", "kt-017", "--no-camera") == 0
    assert len(store.practices(client.id, kind="selfcheck")) == 1
    assert store.own_client() is None


def test_programme_whose_limits_hold(
    command: Command, sit: Sit, tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "p.toml"
    file.write_text(
        'title = "Gentle"\nleave_out = ["lateral_lunge"]\n'
        '[[part]]\nkey = "b"\nexercise = "glute_bridge"\nsets = 1\nreps = 8\n',
        "utf-8",
    )
    sit(replies({"cave in": "y"}))
    assert command("selfcheck", "--no-camera", "--programme", file) == 0
    told = capsys.readouterr().out
    assert "1 set of 8" in told
    assert "Lateral lunge: left out in “Gentle”" in told


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--camera", "0", "--no-camera"), 2, "give either --camera or --no-camera"),
        (("--client", "nobody"), 7, "nobody"),
        (("--camera", "missing.mp4"), 3, "missing.mp4"),
        (("--programme", "missing.toml", "--no-camera"), 2, "missing.toml"),
        (("--no-camera", "--no-window", "--no-sound"), 2, "neither a window nor a terminal"),
    ],
)
def test_one_line_says_what_is_wrong(
    command: Command,
    capsys: pytest.CaptureFixture[str],
    store: Store,
    words: tuple[str, ...],
    code: int,
    says: str,
) -> None:
    assert command("selfcheck", *words) == code
    told = capsys.readouterr().err.strip().splitlines()
    assert says in told[-1]
    assert told[-1].startswith("kneetrack: ")
    assert not any("Traceback" in line for line in told)
    client = store.own_client()
    assert client is None or store.practices(client.id) == []


def test_the_outcome_stays_until_it_was_read(sit: Sit, command: Command) -> None:
    shown: list[ScreenState] = []

    def reply(state: ScreenState) -> str:
        shown.append(state)
        return replies()(state)

    sit(reply)
    assert command("selfcheck", "--no-camera") == 0
    assert shown[-1].headline == "None of the five signs was told or seen."
