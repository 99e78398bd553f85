"""What is done is not done again; one error is one row. Without processes: the calls run inline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kneetrack.batch.entries import Entry, How, Plan
from kneetrack.batch.finding import find_entries
from kneetrack.batch.ledger import Ledger
from kneetrack.batch.places import place_of
from kneetrack.batch.running import Again, Batch
from kneetrack.batch.tables import write_tables
from kneetrack.records import ModelError, OutputError
from tests.batch.faking import InlinePool, done_in, fake_work, make_clips


class Bench:
    """A folder of fake clips and batches over it."""

    def __init__(self, folder: Path) -> None:
        self.clips, self.out = folder / "clips", folder / "out"
        self.ledger = Ledger(place_of(str(self.out)))
        self.told: list[tuple[int, int, int]] = []
        self.new = 0

    def run(self, how: How = How(), again: Again = Again(), **extra: Any) -> Plan:  # noqa: B008
        (self.clips / "log").unlink(missing_ok=True)
        entries = extra.pop("entries", None) or find_entries([str(self.clips)], str(self.out))
        batch = Batch(
            entries, how, self.ledger, again=again, work=fake_work,
            told=lambda *numbers: self.told.append(numbers),
        )  # fmt: skip
        batch.run(InlinePool())
        self.new = batch.new
        return batch.plan

    @property
    def worked(self) -> list[str]:
        return done_in(self.clips)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_each_clip_once_and_never_again(bench: Bench) -> None:
    make_clips(bench.clips, "ok", "nobody", "ok")
    bench.run()
    assert sorted(bench.worked) == ["clip00.mp4", "clip01.mp4", "clip02.mp4"]
    assert bench.told[-1] == (3, 3, 0)
    bench.run()
    assert bench.worked == []
    assert bench.told[-1] == (0, 0, 0)


def test_clips_that_only_moved_are_not_of_this_run(bench: Bench) -> None:
    make_clips(bench.clips, "ok", "ok", "error")
    bench.run(entries=[*find_entries([str(bench.clips)], ""), Entry(str(bench.clips / "gone.mp4"))])
    assert bench.new == 3
    bench.clips = bench.clips.rename(bench.clips.with_name("renamed"))
    bench.run()
    assert bench.told[-1] == (3, 3, 0)
    assert (bench.worked, bench.new) == ([], 0)


def test_other_settings_options_or_model_are_other_work(bench: Bench) -> None:
    make_clips(bench.clips, "ok")
    bench.run()
    for how in (
        How(settings_sha256="b"), How(exercise="squat"), How(bridge="full"), How(quality="best"),
        How(model_sha256="c"), How(keep=("landmarks",)),
    ):  # fmt: skip
        bench.run(how)
        assert bench.worked == ["clip00.mp4"], how


def test_an_error_is_a_row_and_is_tried_again_when_asked(bench: Bench) -> None:
    bad, _ = make_clips(bench.clips, "error", "ok")
    plan = bench.run()
    assert bench.told[-1] == (2, 2, 1)
    record = next(bench.ledger.read([plan.rows[0].key]))
    assert record is not None
    assert (record.status, record.error_kind, record.exit_code) == ("error", "clip", 3)
    bench.run()
    assert bench.worked == []
    bench.run(again=Again(failed=True))
    assert bench.worked == ["clip00.mp4"]
    assert bad.exists()


def test_the_same_content_twice_is_analysed_once(bench: Bench) -> None:
    first, _ = make_clips(bench.clips, "ok", "nobody")
    (bench.clips / "copy.mp4").write_bytes(first.read_bytes())
    plan = bench.run()
    assert len(bench.worked) == 2
    counts = write_tables(plan, bench.ledger)
    assert (counts.rows, counts.analysed, counts.nobody, counts.duplicates) == (3, 2, 1, 1)


def test_asked_in_another_way_the_same_content_is_other_work(bench: Bench) -> None:
    (clip,) = make_clips(bench.clips, "ok")
    rows = [Entry(str(clip), exercise=name) for name in ("squat", "", "Squat")]
    bench.run(entries=rows)
    assert len(bench.worked) == 2


def test_files_that_did_not_change_are_not_read_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, _ = make_clips(bench.clips, "ok", "ok")
    bench.run()
    read: list[str] = []
    monkeypatch.setattr(
        "kneetrack.batch.running.sha256_of", lambda name: read.append(Path(name).name) or "0" * 64
    )
    bench.run()
    assert read == []
    clip.write_text("ok # something longer")
    bench.run()
    assert read == ["clip00.mp4"]
    read.clear()
    bench.run(again=Again(hashes=True))
    assert len(read) == 2


def test_a_file_that_is_not_there_is_a_row(bench: Bench) -> None:
    (clip,) = make_clips(bench.clips, "ok")
    rows = [Entry(str(bench.clips / "gone.mp4"), client="C1"), Entry(str(clip)),
            Entry("x", problem="unknown exercise 'x'")]  # fmt: skip
    plan = bench.run(entries=rows)
    assert plan.rows[0].problem == "gone.mp4: no such file"
    counts = write_tables(plan, bench.ledger)
    assert (counts.failed, counts.analysed) == (2, 1)


def test_who_dies_is_tried_once_more_alone_and_is_then_a_row(bench: Bench) -> None:
    make_clips(bench.clips, "dies", "ok", "ok")
    plan = bench.run()
    record = next(bench.ledger.read([plan.rows[0].key]))
    assert record is not None and record.error_kind == "ended"
    assert "ended unexpectedly" in record.error
    assert bench.told[-1] == (3, 3, 1)


@pytest.mark.parametrize(("word", "error"), [("full", OutputError), ("model", ModelError)])
def test_what_every_clip_would_meet_ends_the_batch(
    bench: Bench, word: str, error: type[Exception]
) -> None:
    make_clips(bench.clips, "ok", word, "ok", "ok", "ok")
    with pytest.raises(error):
        bench.run()
    assert len(bench.ledger.done()[0]) >= 1
    assert len(bench.worked) < 5
    assert bench.ledger.plan().rows[0].key != ""


def test_a_damaged_record_counts_as_not_done(bench: Bench) -> None:
    make_clips(bench.clips, "ok")
    plan = bench.run()
    (record,) = bench.out.glob("records/*/*.json.gz")
    record.write_bytes(record.read_bytes()[:40])
    assert write_tables(plan, bench.ledger).pending == 1
    plan = bench.run()
    assert bench.worked == ["clip00.mp4"]
    assert write_tables(plan, bench.ledger).analysed == 1


def test_a_clip_that_could_be_done_at_last_is_not_failed_any_more(bench: Bench) -> None:
    make_clips(bench.clips, "error")
    plan = bench.run()
    record = next(bench.ledger.read([plan.rows[0].key]))
    assert record is not None
    bench.ledger.write(replace(record, status="nobody"))
    assert bench.ledger.done() == ({record.key}, set())


def test_the_plan_is_read_as_it_was_written(bench: Bench) -> None:
    rows = (Entry("a.mp4", "C1", "squat", "left", (("age", "30"),)),)
    make_clips(bench.clips, "ok")
    plan = bench.run(entries=list(rows))
    assert bench.ledger.plan() == plan
