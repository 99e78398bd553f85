from __future__ import annotations

import os

import pytest

from kneetrack.pose.quiet import quiet_native_stderr


def test_native_writes_are_swallowed_and_later_ones_are_not(
    capfd: pytest.CaptureFixture[str],
) -> None:
    os.write(2, b"before\n")
    with quiet_native_stderr():
        os.write(2, b"chatter\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "before\nafter\n"


def test_standard_error_is_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="inside"), quiet_native_stderr():
        raise ValueError("inside")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_without_a_standard_error_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(fd: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    with quiet_native_stderr():
        pass
