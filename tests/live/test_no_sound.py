"""Where nothing can be heard: a card that says so, and larger letters."""

from __future__ import annotations

import pytest

from kneetrack.live.asking import Ask
from kneetrack.live.no_sound import HEADLINE, no_sound_card
from kneetrack.live.plan import Sight
from kneetrack.live.terminal_letters import large
from kneetrack.live.terminal_picture import pages
from kneetrack.live_records import ScreenState
from tests.live.playing import Ear

DEAF = Ear(note="no sound, PortAudio is missing: install libportaudio2", available=False)


def test_the_card_says_what_is_missing_and_goes_on() -> None:
    card = no_sound_card(DEAF)  # type: ignore[arg-type]
    assert card is not None and card.headline == HEADLINE
    assert "No sound, PortAudio is missing: install libportaudio2" in card.detail
    assert card.keys == {"n": "go on"} and card.auto == "n"
    shown = pages(Ask(card).step(Sight(0.0)).screen, 80, 23, silent=True)[0].plain
    assert shown.count("███") > 10 and "libportaudio2" in shown


@pytest.mark.parametrize(
    "sound",
    [Ear(), Ear(on=False, available=False, note="gone"), Ear(note="a new voice is loading")],
)
def test_there_is_none_where_it_is_heard_or_not_wanted(sound: Ear) -> None:
    assert no_sound_card(sound) is None  # type: ignore[arg-type]


def test_a_device_that_never_tells_is_not_waited_for_without_end() -> None:
    assert no_sound_card(Ear(available=False), settles_s=0.1) is None  # type: ignore[arg-type]


def test_letters_are_large_only_in_silence_and_where_there_is_room() -> None:
    state = ScreenState("lead", headline="Left side", detail="Kneel on the left knee.", countdown=5)
    assert "Left side" in pages(state, 80, 23)[0].plain
    assert "Left side" not in pages(state, 80, 23, silent=True)[0].plain
    assert "Left side" in pages(state, 80, 8, silent=True)[0].plain
    assert "Kneel on the left knee." in pages(state, 80, 23, silent=True)[0].plain


def test_large_letters_fit_or_are_none() -> None:
    rows = large("Get ready: hold 3", 70)
    assert len(rows) == 5 and max(len(row.plain) for row in rows) <= 70
    assert large("Straight ahead, right side, reaching up and over", 76) == []
    assert large("Café", 76) == [] and large("", 76) == []
    assert large("Straight", 20) == []
