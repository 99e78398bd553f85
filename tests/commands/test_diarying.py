"""kneetrack diary and what is below it."""

from __future__ import annotations

import csv
import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from icalendar import Calendar
from rich.console import Console
from typer.testing import CliRunner

from kneetrack.cli import app, main
from kneetrack.clinic_records.practice import PracticeRecord, SignFound
from kneetrack.commands import diarying
from kneetrack.commands.diary_practice import show_practice
from kneetrack.commands.diary_view import show_diary
from kneetrack.commands.whose_diary import Diary
from kneetrack.store import Store, open_store
from tests.diary.made import BRIDGE, KFO, RELEASE, bridge, keep, lunge, many, on, row
from tests.storing import new_client

TODAY = datetime.now().astimezone().date()


class _AtNine(datetime):
    """Nine in the morning of today, whatever the hour is."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime(TODAY.year, TODAY.month, TODAY.day, 9).astimezone(tz)


def days_ago(days: int, number: int = 1, **changes: object) -> PracticeRecord:
    """A practice at noon, so many days ago."""
    day = TODAY - timedelta(days=days)
    at = datetime(day.year, day.month, day.day, 12).astimezone(UTC)
    return row(number, at, **changes)  # type: ignore[arg-type]


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty store, and a data folder of its own."""
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(diarying, "datetime", _AtNine)
    return str(tmp_path / "clinic.db")


def fill(db: str, *records: PracticeRecord) -> None:
    """The own diary."""
    with open_store(db) as store:
        keep(store, store.make_own_client().id, records)


def run(*args: str) -> str:
    result = CliRunner().invoke(app, ["diary", *args], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


@pytest.fixture
def fails(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Exit code and the one line on standard error."""

    def failing(*args: str) -> tuple[int, str]:
        with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
            patch.setattr("sys.argv", ["kneetrack", "diary", *args])
            main()
        lines = capsys.readouterr().err.strip().splitlines()
        assert len(lines) == 1, lines
        return int(ended.value.code or 0), lines[0]

    return failing


def test_an_empty_diary_says_how_to_begin(db: str) -> None:
    said = run("--db", db)
    assert "kneetrack selfcheck" in said and "kneetrack programme" in said
    assert json.loads(run("--db", db, "--json"))["practices"] == []
    with open_store(db) as store:
        new_client(store, "KT-017")
    assert "diary bring FILE --client 'KT-017'" in run("--db", db, "--client", "KT-017")


@pytest.mark.parametrize("command", ["show", "picture", "page", "csv", "pack", "pain"])
def test_nothing_there_is_one_line(
    db: str, tmp_path: Path, fails: Callable[..., tuple[int, str]], command: str
) -> None:
    endings = {"picture": ".png", "page": ".html", "csv": ".csv", "pack": ".json"}
    out = tmp_path / f"out{endings.get(command, '')}"
    more = {"show": (), "pain": ("3",)}.get(command, ("--out", str(out)))
    code, said = fails(command, *more, "--db", db)
    assert code == 7 and "your diary is empty: begin with" in said
    assert not out.exists()


def test_the_calendar_and_what_is_due(db: str) -> None:
    fill(
        db,
        days_ago(9, pain=(3, 3, 2)),
        days_ago(2, parts=(RELEASE, lunge(status="skipped"))),
        days_ago(2, kind="selfcheck"),
        days_ago(1, pain=(2, 1, None), ended="pain"),
    )
    said = run("--db", db)
    yesterday, before = TODAY - timedelta(days=1), TODAY - timedelta(days=2)
    assert f"{yesterday.day:2d} ▲" in said and f"{before.day:2d} ◐◇" in said
    assert f"[{TODAY.day:2d}]" in said
    assert "▲ stopped by pain" in said and "◇ self-check" in said
    assert "2 → 1 → –" in said and "1 of 2 parts" in said
    assert "Pain told last: 1 of 10, after practice 4" in said
    assert "Due: how was it the morning after" in said
    run("pain", "1", "--db", db)
    assert "Due" not in run("--db", db)


def test_at_80_columns_nothing_is_folded() -> None:
    records = [*many(20), on(date(2026, 7, 25), 21, kind="selfcheck")]
    out = Console(width=80, highlight=False)
    with out.capture() as got:
        now = datetime(2026, 7, 26, 9, tzinfo=UTC)
        show_diary(Diary(None, True, records), now, weeks=8, aim=3, console=out)
    lines = got.get().splitlines()
    assert all(len(line) <= 80 and "…" not in line for line in lines)
    (last,) = [line for line in lines if line.startswith("20 ")]
    assert "→" in last and "21" in last


def test_at_40_columns_nothing_is_cut() -> None:
    records = [*many(20), on(date(2026, 7, 25), 21, kind="selfcheck")]
    out = Console(width=40, highlight=False)
    with out.capture() as got:
        now = datetime(2026, 7, 25, 9, tzinfo=UTC)
        show_diary(Diary(None, True, records), now, weeks=8, aim=3, console=out)
    said = got.get()
    assert all(len(line) <= 40 and "…" not in line for line in said.splitlines())
    for there in ("Mon", "Sun", ">25", "◇", "> today", "· no practice"):
        assert there in " ".join(said.split())
    for record in records[-5:]:
        (line,) = [x for x in said.splitlines() if x.startswith(f"{record.practice.number}. ")]
        assert record.practice.at.astimezone().strftime("%H:%M") in line
    assert said.count("pain ") >= 4


def test_a_practice_whole(db: str) -> None:
    part = lunge(*KFO, judged_by="camera", clean="no", why="left knee inside the toes")
    fill(db, days_ago(1, pain=(3, 2, None), parts=(RELEASE, bridge(*BRIDGE), part), note="[b]sore"))
    said = run("show", "--db", db)
    assert "Practice 1" in said and "21 min" in said and "[b]sore" in said
    assert "3 before, 2 after, not told the next morning" in said
    assert "2 × 8 a side" in said and "left knee inside the toes" in said
    assert "+8 ± 2 % of the shank" in said and "24 ± 3 % of the thigh" in said
    assert "cannot tell" in said and "turn the camera to the side" in said
    assert json.loads(run("show", "1", "--json", "--db", db))["number"] == 1


def test_signs_are_shown_and_where_the_page_is(tmp_path: Path) -> None:
    signs = (SignFound("one_leg", "unsure", "watch", "held 12 s"),)
    out = Console(width=100, highlight=False)
    with out.capture() as got:
        record = on(date(2026, 11, 2), 1, kind="selfcheck", signs=signs)
        show_practice(record, [tmp_path / "selfcheck.html"], out)
    said = got.get()
    assert "Self-check 1" in said and "not sure" in said and "held 12 s" in said
    assert "selfcheck.html" in said.replace("\n", "")


def test_what_was_brought_cannot_speak_to_the_terminal() -> None:
    out = Console(width=100, highlight=False)
    part = lunge(why="\x1b[2J[bold]gone", exercise="\x1b]0;title\x07")
    with out.capture() as got:
        show_practice(on(date(2026, 11, 2), 1, parts=(part,), note="a\x1b[31mb"), [], out)
    assert "\x1b[2J" not in got.get() and "\x1b]0" not in got.get() and "\x1b[31m" not in got.get()
    assert "[bold]gone" in got.get()


def test_a_page_that_was_kept_is_named(db: str) -> None:
    fill(db, days_ago(1))
    with open_store(db) as store:
        own = store.own_client()
        assert own is not None
        (practice,) = store.practices(own.id)
        said = run("show", "--db", db)
        assert "Its page" not in said
        assert not (store.files / own.id / f"practice-{practice.id}").exists()
        filmed = lunge(folders=("lunge-1", "lunge-2"))
        store.add_part(practice.id, filmed)
        folder = store.practice_folder(practice.id)
        for page in ("practice.html", *(f"{name}/report.html" for name in filmed.folders)):
            (folder / page).parent.mkdir(exist_ok=True)
            (folder / page).write_text("x", "utf-8")
    said = run("show", "--db", db).replace("\n", "")
    assert "practice.html" in said and said.count("Its page: ") == 1
    assert "Lateral lunge, set 1: " in said and "Lateral lunge, set 2: " in said


def test_the_morning_after_is_told_once(db: str, fails: Callable[..., tuple[int, str]]) -> None:
    fill(db, days_ago(3, pain=(1, 1, 1)), days_ago(1, pain=(2, 2, None)))
    said = run("pain", "4", "--db", db)
    assert ": 4 of 10." in said and "Pain rose from 2 to 4" in said
    code, line = fails("pain", "5", "--db", db)
    assert code == 2 and "told already, 4" in line
    day = str(TODAY - timedelta(days=1))
    assert "5 of 10 (it was 4)" in run("pain", "5", "--day", day, "--db", db)
    with open_store(db) as store:
        own = store.own_client()
        assert own is not None
        last = store.practices(own.id)[-1]
    assert (last.pain_next, last.pain_next_on) == (5, TODAY)


def test_pain_after_can_be_told_later(db: str) -> None:
    fill(db, days_ago(0, pain=(2, None, None), ended="left"))
    said = run("pain", "1", "--after", "--db", db)
    assert "Pain after the practice of" in said and ": 1 of 10." in said


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("pain", "11"), "whole number from 0 (none) to 10 (worst)"),
        (("pain", "2.5"), "whole number"),
        (("pain", "-1"), "pain '-1': tell it as a whole number"),
        (("pain", "3", "--day", "tuesday"), "a day such as"),
        (("pain", "3", "--day", "2020-01-01"), "there is no practice of 2020-01-01"),
        (("pain", "3"), "still to come"),
        (("show", "9"), "there is no practice 9 in the diary: there is only 1"),
        (("show", "2020-01-01"), "there is no practice of 2020-01-01"),
        (("show", "soon"), "give a number, or a day"),
        (("show", "9" * 5000), "give a number, or a day"),
        (("pain", "9" * 5000), "from 0 (none) to 10"),
        (("show", "--client", "nobody"), "no client"),
        (("picture", "--out", "x.jpg"), "must end in .png or .svg"),
        (("csv", "--out", "x.txt"), "must end in .csv"),
        (("reminders", "--out", "x.txt"), "must end in .ics"),
        (("reminders", "--out", "x.ics", "--days", "someday"), "unknown day 'someday'"),
        (("reminders", "--out", "x.ics", "--at", "6pm"), "write it as 18:00"),
        (("reminders", "--out", "x.ics", "--zone", "Berlin"), "unknown time zone"),
        (("page", "--out", "nowhere/at/all.html"), "cannot write"),
        (("bring", "nothing.json", "--client", "me"), "there is no file"),
    ],
)
def test_what_cannot_be_is_one_line(
    db: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fails: Callable[..., tuple[int, str]],
    args: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(db, days_ago(0))
    code, said = fails(*args, "--db", db)
    assert code != 0 and says in said
    assert not list(tmp_path.glob("x.*")) and not list(tmp_path.glob(".part-*"))


def test_options_before_the_command_are_not_lost(
    db: str, fails: Callable[..., tuple[int, str]]
) -> None:
    code, said = fails("--db", db, "show")
    assert code == 2 and "behind the command: kneetrack diary show" in said


def test_picture_page_and_table_are_written_and_noted(db: str, tmp_path: Path) -> None:
    fill(db, *many(6))
    for command, name in (("picture", "d.png"), ("picture", "d.svg"), ("page", "d.html")):
        (tmp_path / name).write_text("old", "utf-8")
        assert name in run(command, "--out", str(tmp_path / name), "--db", db)
    assert (tmp_path / "d.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "d.svg").read_text("utf-8")
    assert "Practices, the newest first" in (tmp_path / "d.html").read_text("utf-8")
    run("csv", "--out", str(tmp_path / "d.csv"), "--db", db)
    with (tmp_path / "d.csv").open(encoding="utf-8", newline="") as table:
        assert len(list(csv.DictReader(table))) == 18
    with open_store(db) as store:
        noted = [line.detail for line in store.audit() if line.what == "exported"]
    assert sorted(noted) == ["diary, csv", "diary, page", "diary, picture", "diary, picture"]


def test_bands_in_the_page_are_those_of_the_own_programme(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kneetrack.commands.whose_diary import diary_of, exercises_of
    from kneetrack.diary.measured import bands_of
    from kneetrack.programme.own import adopt

    fill(db, *many(3))
    adopt(_limited(80))
    with open_store(db) as store:
        exercises = exercises_of(store, diary_of(store, None))
    assert bands_of("lateral_lunge", "lead_knee_flexion", exercises)[0].watch == 80


def _limited(depth_deg: int) -> str:
    return (
        'title = "Gentle"\n'
        f"[limits.lateral_lunge]\nknee_flexion_deg = {depth_deg}\n"
        '[[part]]\nkey = "lunge"\nexercise = "lateral_lunge"\nsets = 2\nreps = 8\n'
    )


def test_reminders_need_no_diary(db: str, tmp_path: Path) -> None:
    out = tmp_path / "r.ics"
    said = run("reminders", "--out", str(out), "--zone", "Europe/Berlin", "--weeks", "2")
    assert "6 reminders at 18:00" in said and "Times of Europe/Berlin" in said
    first = [str(e["UID"]) for e in Calendar.from_ical(out.read_bytes()).walk("VEVENT")]
    run("reminders", "--out", str(out), "--at", "7:15", "--days", "sat", "--morning", "none")
    again = [str(e["UID"]) for e in Calendar.from_ical(out.read_bytes()).walk("VEVENT")]
    assert again == first[:1] and len(first) == 2


@pytest.mark.skipif(os.name == "nt", reason="about permissions")
def test_a_packed_diary_is_private(db: str, tmp_path: Path) -> None:
    fill(db, days_ago(2), days_ago(1))
    out = tmp_path / "diary.json"
    said = run("pack", "--out", str(out), "--db", db)
    assert "2 practices" in said and "health" in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_client_brings_a_diary(
    db: str, tmp_path: Path, fails: Callable[..., tuple[int, str]]
) -> None:
    fill(db, *many(4))
    file = str(tmp_path / "diary.json")
    run("pack", "--out", file, "--db", db)
    clinic = str(tmp_path / "clinic" / "clinic.db")
    with open_store(clinic) as store:
        new_client(store, "KT-017")
        _without_consent(store)
    asked = fails("bring", file, "--db", clinic, "--client", "KT-017")
    assert asked[0] == 2 and "add --yes (nothing" in " ".join(asked[1].split())
    bring = ("bring", file, "--db", clinic, "--yes")
    said = run(*bring, "--client", "KT-017")
    assert "4 practices from" in said and "none of them is here yet." in said
    assert "4 new of 4 practices" in said and "They follow the default programme." in said
    fill(db, days_ago(1))
    run("pack", "--out", file, "--db", db)
    assert "1 new of 5 practices, 4 were there already" in run(*bring, "--client", "KT-017")
    assert "brought" in run("--client", "KT-017", "--db", clinic, "--weeks", "1")
    assert fails(*bring, "--client", "NO-1")[0] == 8
    (tmp_path / "diary.json").write_text("{}", "utf-8")
    assert fails(*bring, "--client", "KT-017")[0] == 2


def test_it_is_told_which_programme_a_brought_diary_followed(db: str, tmp_path: Path) -> None:
    from kneetrack.programme.own import adopt, forget

    fill(db, *many(2))
    clinic, file = str(tmp_path / "clinic" / "clinic.db"), str(tmp_path / "diary.json")
    with open_store(clinic) as store:
        client = new_client(store, "KT-017")

    def bring_after(change: Callable[[], object]) -> str:
        change()
        run("pack", "--out", file, "--db", db)
        return run("bring", file, "--db", clinic, "--client", "KT-017", "--yes")

    assert "a programme of their own, 'Gentle'." in bring_after(lambda: adopt(_limited(80)))
    with open_store(clinic) as store:
        store.prescribe(client.id, "Gentle", _limited(80))
    assert "what is prescribed here, number 1." in bring_after(lambda: None)
    other = bring_after(lambda: adopt(_limited(90)))
    assert "'Gentle', not what is prescribed here, 'Gentle'." in other
    assert "the default programme, not what is prescribed here" in bring_after(forget)


def _without_consent(store: Store) -> None:
    from kneetrack.clinic_records.people import ClientFacts

    store.add_client(ClientFacts("NO-1"))
