"""A programme goes home with a client, and comes back as a diary: doses are the same here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kneetrack.programme.doses import planned
from kneetrack.programme.own import own_programme, programme_for
from kneetrack.store import Store, open_store
from tests.commands.conftest import Command
from tests.programme.making import GOOD, Went, after
from tests.storing import new_client

TEXT = (
    'title = "Knee first"\n[limits.lateral_lunge]\nknee_flexion_deg = 80\n'
    '[[part]]\nkey = "lunge"\nexercise = "lateral_lunge"\nreps = 6\n[part.most]\nreps = 10\n'
    '[[part]]\nkey = "bridge"\nexercise = "glute_bridge"\nreps = 8\n'
)
HURT = Went(pain=(1, 1, 1), status="pain", ended="pain", only=("bridge",))
Told = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of the client's own store."""
    return tmp_path / "home"


def practise_at_home(home_folder: Path) -> tuple[object, ...]:
    """Two practices that went well and one that pain stopped; what is planned there then."""
    programme = own_programme()
    assert programme is not None
    with open_store(str(home_folder / "diary.db"), files=home_folder / "files") as home:
        me = home.make_own_client()
        for days_ago, record in zip((5, 3, 1), after(programme, GOOD, GOOD, HURT), strict=True):
            at = datetime.now(UTC) - timedelta(days=days_ago)
            practice = home.begin_practice(me.id, record.practice.facts, at=at)
            for part in record.parts:
                home.add_part(practice.id, part)
            home.tell_pain(practice.id, after=1)
            home.tell_next_morning(practice.id, 1, at.astimezone().date() + timedelta(days=1))
            home.end_practice(practice.id, record.practice.ended, at=at)
        today = datetime.now().date()
        return tuple(
            (each.dose, each.why)
            for each in planned(programme, home.practice_records(me.id), today)
        )


def pack(command: Command, home: Path, diary: Path) -> None:
    with pytest.MonkeyPatch.context() as at_home:
        at_home.setenv("KNEETRACK_FILES", str(home / "files"))
        assert command("diary", "pack", "--out", diary, "--db", home / "diary.db") == 0


def test_the_clinic_plans_from_a_brought_diary_as_the_client_does_at_home(
    command: Command, store: Store, home: Path, tmp_path: Path, capsys: Told
) -> None:
    client, file = new_client(store), tmp_path / "knee.toml"
    file.write_text(TEXT, "utf-8")
    taken, diary = tmp_path / "taken.toml", tmp_path / "diary.json"
    assert command("prescribe", client.code, file, "--for-client", "Stop if it swells.") == 0
    assert command("prescribe", client.code, "--out", taken) == 0
    assert command("programme", "use", taken) == 0
    at_home = practise_at_home(home)
    pack(command, home, diary)
    capsys.readouterr()
    assert command("diary", "bring", diary, "--client", client.code, "--yes") == 0
    assert "They follow what is prescribed here, number 1." in capsys.readouterr().out
    programme, number = programme_for(store, client, None)
    history = store.practice_records(client.id)
    here = planned(programme, history, datetime.now().date())
    assert number == 1 and {r.practice.facts.prescription for r in history} == {1}
    assert tuple((each.dose, each.why) for each in here) == at_home
    assert any(each.dose != each.part.dose for each in here)
    assert command("prescribe", client.code, "--show") == 0
    assert "now 1 set of 7" in capsys.readouterr().out


def test_another_programme_under_the_same_title_is_not_the_prescribed_one(
    command: Command, store: Store, home: Path, tmp_path: Path, capsys: Told
) -> None:
    client, file = new_client(store), tmp_path / "knee.toml"
    diary = tmp_path / "diary.json"
    file.write_text(TEXT.replace("80", "90"), "utf-8")
    assert command("programme", "use", file) == 0
    practise_at_home(home)
    file.write_text(TEXT, "utf-8")
    assert command("prescribe", client.code, file) == 0
    pack(command, home, diary)
    capsys.readouterr()
    assert command("diary", "bring", diary, "--client", client.code, "--yes") == 0
    assert "not what is prescribed here, 'Knee first'" in capsys.readouterr().out
    assert {p.facts.prescription for p in store.practices(client.id)} == {None}
