"""Cleaning, measuring and wrapping text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.ui import text

ANY_SCRIPT = "Übung – 22° · колени · 膝 · שלום · مرحبا · ไทย · 😀 · e\u0301"


def test_clean_takes_out_what_the_engine_cannot_bear() -> None:
    assert text.clean("a\n b\t\x00c\ud800") == "a b c?"
    assert text.clean("e\u0301") == "é"
    assert text.clean("   ") == ""


@pytest.mark.parametrize("line", ["KFO +11 %", "−22°", "Łódź", "膝を外へ", "שלום", "колени"])
def test_letters_leave_ink(line: str) -> None:
    assert text.mask(text.clean(line), 30, text.BOLD).max() == 255


def test_ink_is_not_cut_off_at_the_edges() -> None:
    mask = text.mask(text.clean("ÅÉgjpqy(|)"), 40, text.HEAVY)
    assert not mask[0].any() and not mask[-1].any()
    assert not mask[:, -1].any()


@given(st.text(max_size=200), st.integers(40, 600))
def test_wrapped_lines_fit_and_lose_nothing(raw: str, room: int) -> None:
    line = text.clean(raw)
    lines = text.wrap(line, 20, text.BOLD, room)
    assert "".join(lines).replace(" ", "") == line.replace(" ", "")
    assert all(text.width_px(part, 20, text.BOLD) <= room or len(part) == 1 for part in lines)


def test_two_lines_are_balanced() -> None:
    lines = text.wrap("Push the knees out over the toes now", 20, text.BOLD, 300)
    assert len(lines) == 2
    first, second = (text.width_px(line, 20, text.BOLD) for line in lines)
    assert second > 0.6 * first


def test_shorten_ends_in_an_ellipsis_and_fits() -> None:
    short = text.shorten("Single-leg stance on the left leg", 20, text.BOLD, 150)
    assert short.endswith("…") and len(short) > 5
    assert text.width_px(short, 20, text.BOLD) <= 150
    assert text.shorten("Squat", 20, text.BOLD, 150) == "Squat"
    assert text.shorten("Squat", 20, text.BOLD, 1) in ("", "…")


def test_any_script_can_be_measured() -> None:
    assert text.width_px(text.clean(ANY_SCRIPT), 20, text.REGULAR) > 200
