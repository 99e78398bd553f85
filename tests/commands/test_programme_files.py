"""``kneetrack programme show, use, reset, check, write``, and ``kneetrack prescribe``."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kneetrack.programme.own import own_path
from kneetrack.programme.reading import load_programme
from kneetrack.store import Store
from tests.commands.conftest import Command
from tests.programme.making import GOOD, after
from tests.storing import new_client

LIMITED = (
    'title = "Knee first"\nleave_out = ["pigeon"]\n[limits.lateral_lunge]\nknee_flexion_deg = 80\n'
    '[[part]]\nkey = "lunge"\nexercise = "lateral_lunge"\nreps = 8\nnote = "Slowly, [please]."\n'
    "[part.most]\nreps = 10\ndepth_deg = 100\n"
)
Told = pytest.CaptureFixture[str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "knee first.toml"
    path.write_text(LIMITED, "utf-8")
    return path


def one_line(told: Told) -> str:
    (line,) = told.readouterr().err.strip().splitlines()
    return line


def test_what_is_written_can_be_checked_and_used(
    command: Command, tmp_path: Path, capsys: Told
) -> None:
    path = tmp_path / "mine.toml"
    assert command("programme", "write", path) == 0
    assert command("programme", "check", path) == 0
    told = capsys.readouterr().out
    assert "About 21 minutes, later up to 34." in told
    assert "later up to 3 sets of 10 on each side, no deeper than 100°" in told
    assert command("programme", "write", path) == 5
    assert "name another file" in one_line(capsys)
    assert command("programme", "use", path) == 0
    assert own_path().read_text("utf-8") == path.read_text("utf-8")


def test_a_written_programme_ends_in_toml(command: Command, tmp_path: Path, capsys: Told) -> None:
    assert command("programme", "write", tmp_path / "foo") == 0
    assert (tmp_path / "foo.toml").is_file() and not (tmp_path / "foo").exists()
    assert "foo.toml" in capsys.readouterr().out
    assert command("programme", "write", tmp_path / "foo.txt") == 5
    assert "name it foo.toml" in one_line(capsys)


def test_used_it_is_shown_until_it_is_reset(command: Command, file: Path, capsys: Told) -> None:
    assert command("programme", "use", file) == 0
    assert "lunge may grow to 100°, but the limit is 80°" in capsys.readouterr().out
    assert command("programme", "show") == 0
    told = capsys.readouterr().out
    assert "Knee first  your own" in told
    assert "Lateral lunge: no deeper than 80°" in told
    assert "Slowly, [please]." in told
    assert command("programme", "reset") == 0
    assert command("programme", "show") == 0
    assert "the default programme" in capsys.readouterr().out.splitlines()[1]


def test_a_mistake_is_one_line_and_changes_nothing(
    command: Command, file: Path, capsys: Told
) -> None:
    assert command("programme", "use", file) == 0
    file.write_text(LIMITED.replace("reps = 8", "rep = 8"), "utf-8")
    capsys.readouterr()
    for words in (("use", file), ("check", file), ("show", "--programme", file)):
        assert command("programme", *words) == 2
        assert "unknown key 'rep': did you mean 'reps'?" in one_line(capsys)
    assert own_path().read_text("utf-8") == LIMITED
    own_path().write_text("title = ", "utf-8")
    assert command("live", "--camera", "demo", "--no-window") == 2
    assert "your own programme is damaged" in one_line(capsys)


def test_todays_doses_come_from_the_diary_with_their_reason(
    command: Command, store: Store, capsys: Told
) -> None:
    me = store.make_own_client()
    for days_ago, record in zip((4, 2), after(load_programme(None), GOOD, GOOD), strict=True):
        at = datetime.now(UTC) - timedelta(days=days_ago)
        practice = store.begin_practice(me.id, record.practice.facts, at=at)
        for part in record.parts:
            store.add_part(practice.id, part)
        store.tell_pain(practice.id, after=1)
        store.tell_next_morning(practice.id, 1, at.astimezone().date() + timedelta(days=1))
        store.end_practice(practice.id, "done", at=at)
    assert command("programme", "show", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    parts = {part["key"]: part for part in told["parts"]}
    assert parts["lunge"]["dose"]["reps"] == 9
    assert (parts["lunge"]["change"], parts["release"]["change"]) == ("more", "same")
    assert told["minutes"] > 20
    assert command("programme", "show") == 0
    assert "more: Clean and no more pain twice in a row: one repetition more." in " ".join(
        capsys.readouterr().out.split()
    )


# ------------------------------------------------------------------ prescribed


def test_prescribed_it_holds_for_the_client_until_it_is_withdrawn(
    command: Command, store: Store, file: Path, tmp_path: Path, capsys: Told
) -> None:
    client = new_client(store)
    assert command("prescribe", client.code, file, "--note", "See you in May.") == 0
    assert "Prescribed to KT-017: Knee first, number 1." in capsys.readouterr().out
    assert command("programme", "show", "--client", client.code) == 0
    assert "number 1" in capsys.readouterr().out.splitlines()[0]
    assert command("prescribe", client.code, file) == 0
    assert "number 2, in the place of number 1." in capsys.readouterr().out
    home = tmp_path / "home.toml"
    assert command("prescribe", client.code, "--out", home) == 0
    assert home.read_text("utf-8") == LIMITED
    assert command("prescribe", client.code, "--show") == 0
    told = capsys.readouterr().out
    assert "See you in May." in told
    assert "Knee first, number 2, holds." in told
    assert command("prescribe", client.code, "--withdraw") == 0
    assert command("prescribe", client.code, "--withdraw") == 7
    assert "nothing is prescribed to KT-017" in one_line(capsys)
    assert command("prescribe", client.code, "--show") == 0
    assert "None of them holds" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [(), ("--show", "--withdraw"), ("--note", "x", "--show"), ("--show", "--out", "x")]
)
def test_it_wants_to_know_what_to_do(
    command: Command, store: Store, capsys: Told, words: tuple[str, ...]
) -> None:
    client = new_client(store)
    assert command("prescribe", client.code, *words) == 2
    one_line(capsys)


def test_without_consent_or_with_a_mistake_nothing_is_prescribed(
    command: Command, store: Store, file: Path, capsys: Told
) -> None:
    client = new_client(store)
    consent = store.consents(client.id)[0]
    file.write_text(LIMITED.replace("100", "70"), "utf-8")
    assert command("prescribe", client.code, file) == 0, "the start is taken from most"
    file.write_text(LIMITED + "x = 1", "utf-8")
    assert command("prescribe", client.code, file) == 2
    file.write_text(LIMITED, "utf-8")
    store.withdraw_consent(consent.id)
    assert command("prescribe", client.code, file) == 8
    assert len(store.prescriptions(client.id)) == 1
    assert command("prescribe", "nobody", file) == 7
