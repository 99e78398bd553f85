from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from kneetrack.guide import load_page, page_names, spelt
from tests.commands.conftest import Command


def test_the_list_has_a_line_for_each_exercise(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("exercises") == 0
    lines = capsys.readouterr().out.splitlines()
    for name in page_names():
        page = load_page(name)
        (line,) = [line for line in lines if line.startswith(f"{spelt(name)} ")]
        assert page.title in line
        assert page.dose in line
        assert line.endswith("by camera" if page.judged else "timed")


@pytest.mark.parametrize("name", page_names())
def test_show_tells_all_of_a_page(
    name: str, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("exercises", "show", spelt(name)) == 0
    told = " ".join(capsys.readouterr().out.split())
    page = load_page(name)
    for text in (page.summary, page.dose, page.breathe, page.advice, *page.prepare, *page.steps):
        assert text in told
    for text in (*page.camera, *page.stop_if, *(slip.do for slip in page.slips)):
        assert text in told
    assert page.picture in told


@pytest.mark.parametrize("words", [("squat",), ("show", "squat"), ("Squats",)])
def test_an_exercise_alone_is_shown(
    words: tuple[str, ...], command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("exercises", *words) == 0
    assert "Stop if" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("latteral-lunge",), ("show", "latteral-lunge"),
                                   ("rules", "latteral-lunge")])  # fmt: skip
def test_a_mistyped_name_gets_the_nearest(
    words: tuple[str, ...], command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("exercises", *words) == 2
    told = capsys.readouterr().err
    assert "did you mean 'lateral-lunge'?" in told
    assert told.count("\n") == 1


def test_rules_are_of_one_exercise(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("exercises", "rules", "bridge") == 0
    told = capsys.readouterr().out
    assert "bridge_too_high" in told
    assert "trailing_knee_bent" not in told


def test_what_is_timed_has_no_rules(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("exercises", "rules", "pigeon") == 2
    assert "exercises show modified-pigeon" in capsys.readouterr().err


def test_a_page_is_written(command: Command, tmp_path: Path) -> None:
    where = tmp_path / "new" / "lunge.html"
    assert command("exercises", "show", "lunge", "--html", where) == 0
    assert "data:image/jpeg" in where.read_text("utf-8")


def test_a_page_that_cannot_be_written_is_one_line_and_5(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file")
    assert command("exercises", "show", "lunge", "--html", tmp_path / "taken" / "x.html") == 5
    told = capsys.readouterr().err
    assert "--html" in told
    assert "--out" not in told
    assert told.count("\n") == 1


def test_open_shows_it_in_the_browser(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    assert command("exercises", "show", "pigeon", "--open") == 0
    page = tmp_path / "data" / "exercises" / "modified-pigeon.html"
    assert opened == [page.as_uri()]
    assert page.is_file()


def test_without_a_browser_it_says_where_the_page_is(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    assert command("exercises", "show", "squat", "--open") == 0
    said = capsys.readouterr()
    assert "squat.html" in said.out + said.err
    assert "open that file yourself" in said.out + said.err
