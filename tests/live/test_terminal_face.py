"""A session on a terminal: what it shows, its keys, and that the terminal is as before."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import pytest
from rich.console import Console

from kneetrack.live import terminal_face
from kneetrack.live.acts import perform
from kneetrack.live.asking import Ask
from kneetrack.live.card import Card
from kneetrack.live.meter import Meter
from kneetrack.live.pain_scale import AskPain
from kneetrack.live.plan import Sight
from kneetrack.live.raw_keys import PosixKeys, names_of
from kneetrack.live.showing import Front
from kneetrack.live.stage import LiveStage
from kneetrack.live.terminal_face import TerminalFace
from kneetrack.live.terminal_picture import pages, picture
from kneetrack.live_records import Phase, ScaleShown, ScreenState, SummaryLine
from kneetrack.red_flags import RED_FLAG_GROUPS, RED_FLAGS, STOP_IF
from tests.live.playing import Ear

posix = pytest.mark.skipif(sys.platform == "win32", reason="no termios")
KEYS = (("Space", "pause"), ("N", "next"), ("P", "it hurts: stop"), ("Q", "stop for today"))
LONG = "Raise the arm of the kneeling side, then reach up and over to the other side, and breathe."
SCALE = ScaleShown(((0, "none"), (5, "medium"), (10, "worst")), 10)
STATES = {
    "lead": ScreenState(
        "lead", headline=LONG, detail=LONG, note="Get ready", countdown=8, progress=0.2
    ),
    "timer": ScreenState(
        "timer", title="Stretch", headline=LONG, countdown=127, progress=0.5, next_up=LONG
    ),
    "reps": ScreenState("timer", headline="Hold 2", countdown=4, reps_total=12, progress=0.9),
    "scale": ScreenState("scale", headline="How much does it hurt?", detail=LONG, scale=SCALE),
    "set": ScreenState("set", set_number=2, sets_total=3, reps_done=7, reps_total=10, cue=LONG),
    "rest": ScreenState("rest", headline="Rest", detail=LONG, countdown=60, progress=0.1),
    "summary": ScreenState("summary", summary=(SummaryLine(LONG, "in 23 %", "flag"),) * 6),
    "help": ScreenState("timer", help=True),
}

ANSWERS = {"y": "yes", "n": "no", "u": "not sure", "b": "back", "q": "stop"}
SAFETY = (
    *(
        Card(
            "Does any of these hold?",
            ANSWERS,
            detail=group.title,
            lines=tuple(SummaryLine(flag.short, "", "cannot_tell") for flag in group.flags),
            title="First: is it safe to begin?",
        )
        for group in RED_FLAG_GROUPS
    ),
    *(Card(flag.question, ANSWERS, phase="rest", title="The knee itself") for flag in RED_FLAGS),
    Card(
        "Stop at once if",
        {"n": "go on", "p": "it is so now", "q": "not today"},
        lines=tuple(SummaryLine(line, "", "watch") for line in STOP_IF),
        auto="n",
        auto_s=12.0,
    ),
)


class Typed:
    """Keys that are typed one a look."""

    def __init__(self, *keys: str) -> None:
        self.left, self.open = deque(keys), 0

    def __enter__(self) -> Self:
        self.open += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.open -= 1

    def read(self) -> str:
        return self.left.popleft() if self.left else ""


def console(*, terminal: bool = True) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=80, height=24)


def written(face_console: Console) -> str:
    assert isinstance(face_console.file, io.StringIO)
    return face_console.file.getvalue()


def show(face: TerminalFace, state: ScreenState) -> None:
    face.show(state, None, None, None, Meter())


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("columns", [80, 40, 200, 24])
@pytest.mark.parametrize("name", STATES)
def test_every_state_fits_the_terminal(name: str, columns: int, plain: bool) -> None:
    text = picture(replace(STATES[name], keys=KEYS, choices=KEYS), columns, 23, plain=plain)
    lines = text.plain.split("\n")
    assert max(map(len, lines)) < columns
    assert len(lines) <= 23
    assert not plain or text.plain.isascii()


def test_numbers_are_large_and_what_they_are_of_is_told() -> None:
    lines = picture(STATES["reps"], 80).plain.split("\n")
    assert sum("██" in line for line in lines) == 6  # five of the digit, one of the bar
    assert any("of 12" in line for line in lines)
    assert "  s" in picture(STATES["timer"], 80).plain


def test_the_chosen_number_and_the_words_stand_below_each_other() -> None:
    for columns in (80, 40):
        lines = picture(STATES["scale"], columns).plain.split("\n")
        row = next(i for i, line in enumerate(lines) if "[10]" in line)
        assert lines[row + 1].split() == ["none", "medium", "worst"]
        assert abs(lines[row].index(" 5 ") + 1 - lines[row + 1].index("medium") - 3) <= 1


def test_a_cue_has_a_sign_not_only_a_colour() -> None:
    state = ScreenState("set", cue="Stay tall", cue_status="flag")
    assert "✗ Stay tall" in picture(state, 80).plain
    assert "x Stay tall" in picture(state, 80, plain=True).plain


@pytest.mark.parametrize(
    "typed, names",
    [
        ("a", ["a"]),
        ("PQ", ["p", "q"]),
        (" \r\n", [" ", "enter", "enter"]),
        ("\x7f\b", ["backspace", "backspace"]),
        ("\x1b", ["esc"]),
        ("\x1b[A\x1b[1;5C\x1bOPx\x1bb", ["x"]),
        ("10", ["1", "0"]),
        ("/?", ["?", "?"]),
        ("\x00\x07é", ["é"]),
    ],
)
def test_keys_have_plain_names(typed: str, names: list[str]) -> None:
    assert names_of(typed) == names


def test_without_a_terminal_each_headline_is_a_line_and_there_are_no_keys() -> None:
    out = console(terminal=False)
    with TerminalFace(console=out, keys=Typed("q")) as face:
        for headline in ("Left side", "Left side", "Right side", ""):
            show(face, ScreenState("timer", headline=headline, countdown=3))
        assert (face.keyless, face.key()) == (True, "")
    assert written(out) == "Left side\nRight side\n"


def test_without_a_terminal_the_words_of_an_act_are_printed_once() -> None:
    out = console(terminal=False)
    with TerminalFace(console=out) as face:
        for countdown in (3, 2, 1):
            lead = ScreenState("lead", headline="Left side", detail="Kneel.", countdown=countdown)
            show(face, replace(lead, choices=KEYS))
        show(face, ScreenState("timer", headline="Left side", choices=KEYS))
        show(face, ScreenState("lead", headline="Right side", detail="Kneel.", choices=KEYS))
    assert written(out) == "Left side\nKneel.\nRight side\n"


def test_what_looks_the_same_is_not_drawn_again() -> None:
    out = console()
    with TerminalFace(console=out, keys=Typed()) as face:
        show(face, STATES["timer"])
        before = written(out)
        assert "Stretch" in before
        show(face, STATES["timer"])
        assert written(out) == before
        show(face, STATES["reps"])
        assert len(written(out)) > len(before)


def test_help_and_sound_are_its_own_keys_unless_they_are_answers() -> None:
    ear, keys = Ear(), Typed("?", "v", "n", "esc", "q", "v", "v", "esc")
    with TerminalFace(ear, console=console(), keys=keys) as face:  # type: ignore[arg-type]
        assert (face.key(), face.help) == ("", True)
        assert (face.key(), ear.on) == ("", True)
        assert (face.key("n"), face.help) == ("", True)
        assert (face.key(), face.help) == ("", False)
        assert face.key() == "q"
        assert (face.key(), ear.on) == ("", False)
        assert (face.key("vx"), ear.on) == ("v", False)
        assert face.key() == "esc"


@pytest.mark.parametrize("key, through", [("?", ""), ("esc", ""), (" ", ""), ("p", "p")])
def test_these_keys_close_the_help_and_only_pain_does_more(key: str, through: str) -> None:
    with TerminalFace(console=console(), keys=Typed("?", "q", "n", "7", "enter", key)) as face:
        assert [face.key("n7qp ") for _ in range(5)] == [""] * 5
        assert face.help
        assert (face.key("n7qp "), face.help) == (through, False)


class TypedWindow:
    """A window in which keys are typed one a look."""

    closed = False

    def __init__(self, *keys: str) -> None:
        self.key = Typed(*keys).read


def test_the_help_of_a_window_is_as_modal() -> None:
    ear, window = Ear(), TypedWindow("?", "n", "q", "v", "?", "?", "p", "v")
    front = Front(window, None, ear)  # type: ignore[arg-type]
    assert [front.key("n") for _ in range(4)] == [""] * 4
    assert front.help and ear.on
    assert (front.key(), front.help) == ("", False)
    assert (front.key(), front.help) == ("", True)
    assert (front.key(), front.help) == ("p", False)
    assert (front.key(), ear.on) == ("", False)


def test_the_help_has_each_key_once_and_says_how_it_closes() -> None:
    out = console()
    with TerminalFace(console=out, keys=Typed("?")) as face:
        face.key()
        card = ScreenState("rest", headline="Bridge", choices=(("V", "leave it out"),))
        show(face, replace(card, keys=card.choices))
    assert "voice" not in written(out)
    assert "closes this help" in written(out)


@pytest.mark.parametrize("columns, rows", [(40, 24), (30, 10), (24, 8)])
def test_what_wants_a_doctor_is_never_cut(columns: int, rows: int) -> None:
    for card in SAFETY:
        state = replace(Ask(card).step(Sight(0.0)).screen, keys=KEYS)
        count = pages(state, columns, rows)[1]
        read = [picture(state, columns, rows, page=page).plain for page in range(count)]
        for page in read:
            lines = page.split("\n")
            assert len(lines) <= rows and max(map(len, lines)) < columns
            for choice in (f"{key.upper()} {what}" for key, what in card.keys.items()):
                assert choice.split()[0] in lines[-1] + lines[-2] + lines[-3]
        words = " ".join(read).split()
        for asked in (card.headline, *(line.text for line in card.lines)):
            assert not set(asked.split()) - set(words)
        assert "…" not in " ".join(read)


def test_pages_turn_with_tab_and_by_themselves() -> None:
    out, now = Console(file=io.StringIO(), force_terminal=True, width=30, height=10), [0.0]
    state = Ask(SAFETY[0]).step(Sight(0.0)).screen
    with TerminalFace(console=out, keys=Typed("tab"), clock=lambda: now[0]) as face:
        show(face, state)
        assert "1 of " in written(out) and "2 of " not in written(out)
        assert face.key("yn") == ""
        show(face, state)
        assert "2 of " in written(out) and "3 of " not in written(out)
        now[0] = 1.1 * terminal_face.PAGE_S
        show(face, state)
        assert "3 of " in written(out)


def test_too_small_a_terminal_says_so_in_a_line() -> None:
    assert picture(STATES["timer"], 30, 5).plain == picture(STATES["rest"], 30, 5).plain
    assert "larger" in picture(STATES["timer"], 30, 5).plain
    assert "\n" not in picture(STATES["timer"], 19, 30).plain


def test_digits_shrink_before_words_go() -> None:
    state = replace(STATES["rest"], choices=KEYS)
    assert "██" in picture(state, 60, 24).plain
    small = picture(state, 60, 10).plain
    assert "60 s" in small and LONG.rsplit(maxsplit=1)[-1] in small and "Tab" not in small


def test_a_terminal_that_is_gone_closes() -> None:
    with TerminalFace(console=console(), keys=Typed("close")) as face:
        assert (face.key(), face.closed) == ("close", True)


def test_an_act_is_performed_on_it() -> None:
    out, now = console(), [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    act = AskPain("How much does it hurt?")
    with TerminalFace(console=out, keys=Typed("1", "0")) as face:
        stage = LiveStage(Ear(), face, clock=lambda: now[0], wait=wait)  # type: ignore[arg-type]
        assert stage.answers
        perform(act, stage)
    assert act.pain == 10
    assert "[10]" in written(out)


@pytest.mark.parametrize("phase", ["starting", "framing", "view", "still", "trouble", "paused"])
def test_every_phase_of_a_session_is_shown(phase: Phase) -> None:
    assert "Step back" in picture(ScreenState(phase, headline="Step back"), 80).plain


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 120])
def test_nothing_that_must_be_read_is_cut_short(columns: int) -> None:
    """Two red flags that begin alike were shown as one and the same."""
    texts = ("After a fall or twist: cannot walk four steps", "Knee pain in hip stretches")
    value = "told: not sure · camera: could not be told"
    lines = (SummaryLine(texts[0], "", "flag"), SummaryLine(texts[1], value, "watch"))
    told = picture(ScreenState("summary", headline="So?", summary=lines), columns).plain
    assert all(len(line) < columns for line in told.splitlines())
    for words in (*texts, value):
        assert words in " ".join(told.split())


# -- the terminal itself ------------------------------------------------------------------------


@pytest.fixture
def pair() -> Iterator[tuple[int, int]]:
    master, slave = os.openpty()
    yield master, slave
    os.close(master)
    os.close(slave)


def modes(fd: int) -> list[Any]:
    import termios

    return termios.tcgetattr(fd)


@posix
@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_the_terminal_is_as_before_on_every_way_out(
    error: type[BaseException] | None, pair: tuple[int, int]
) -> None:
    master, slave = pair
    before = modes(slave)
    try:
        with PosixKeys(slave) as keys:
            assert modes(slave) != before
            os.write(master, b"n 1\x1b[A")
            assert [keys.read() for _ in range(4)] == ["n", " ", "1", ""]
            if error is not None:
                raise error
    except (ValueError, KeyboardInterrupt) as caught:
        assert type(caught) is error
    assert modes(slave) == before


@posix
def test_suspended_it_is_as_before_and_then_taken_again(
    pair: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    master, slave = pair
    before, handler = modes(slave), signal.getsignal(signal.SIGTSTP)
    seen: list[object] = []

    def stopped(_pid: int, number: int) -> None:
        seen.append((number, modes(slave) == before, signal.getsignal(signal.SIGTSTP)))

    monkeypatch.setattr(terminal_face.os, "kill", stopped)
    out = console()
    with TerminalFace(console=out, keys=PosixKeys(slave)) as face:
        show(face, STATES["timer"])
        signal.raise_signal(signal.SIGTSTP)
        assert seen == [(signal.SIGTSTP, True, signal.SIG_DFL)]
        assert modes(slave) != before
        os.write(master, b"p")
        assert face.key() == "p"
        show(face, STATES["reps"])
    assert modes(slave) == before
    assert signal.getsignal(signal.SIGTSTP) == handler


@posix
def test_a_terminal_that_hangs_up_is_closed() -> None:
    master, slave = os.openpty()
    keys = PosixKeys(slave)
    with keys:
        os.close(master)
        assert keys.read() == "close"
    os.close(slave)
