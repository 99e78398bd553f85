"""What a batch tells on the way."""

from __future__ import annotations

from kneetrack.batch.entries import Entry
from kneetrack.batch.telling import Lines, unused_columns


def test_a_line_a_minute_and_none_in_a_short_run() -> None:
    now, said = [100.0], list[str]()
    lines = Lines(said.append, lambda: now[0])
    for second in range(0, 150, 10):
        now[0] = 100.0 + second
        lines.update(second // 10, 40, second // 50)
        assert len(said) == second // 60
    assert said == [
        "6 of 40 clips done, 1 failed, 6.0 clips/min",
        "12 of 40 clips done, 2 failed, 6.0 clips/min",
    ]


def test_columns_that_look_like_options_are_one_line() -> None:
    extra = (("clip", "a.mp4"), ("Speed", "0.25"), ("age", "3"), ("start", ""))
    told = unused_columns([Entry("a.mp4", extra=extra), Entry("b.mp4", extra=extra)])
    assert told.startswith("The manifest's columns Speed, start: not used by batch")
    assert "\n" not in told
    assert unused_columns([Entry("a.mp4", extra=extra[:1]), Entry("b.mp4")]) == ""
