"""Clients, consents, time of keeping and audit lines through the command line."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from kneetrack.cli import main
from kneetrack.clinic_records.kinds import Purpose
from kneetrack.store import Store, open_store
from tests.store.practising import PROGRAMME, full_practice
from tests.storing import finished_trial, new_client, new_session, store_files, store_url

__all__ = ["store_files", "store_url"]
TODAY = date.today()


@dataclass
class Done:
    """How a command ended, and what it told."""

    returncode: int
    stdout: str
    stderr: str


class Line:
    """The command line with a store, without a process of its own."""

    def __init__(self, url: str, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.url, self.files, self.capsys = url, files, capsys

    def run(self, *arguments: str) -> Done:
        self.capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
            patch.setattr(sys, "argv", ["kneetrack", *arguments])
            main()
        told = self.capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, told.out, told.err)

    def ok(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    def wrong(self, code: int, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == code, done.stderr
        (line,) = done.stderr.strip().splitlines()
        return line

    def store(self) -> Store:
        return open_store(self.url, files=self.files, by="test")


@pytest.fixture
def line(
    store_url: str,
    store_files: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Line:
    monkeypatch.setenv("KNEETRACK_DB", store_url)
    monkeypatch.setenv("KNEETRACK_FILES", str(store_files))
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path))
    return Line(store_url, store_files, capsys)


def test_a_client_from_the_first_to_the_last_day(line: Line) -> None:
    assert "client consent KT-017" in line.ok("client", "add", "KT-017", "--initials", "ÄB")
    assert "! no consent" in line.ok("clients")
    agreed = line.ok("client", "consent", "kt-017", "--allow", "video", "--months", "6")
    assert "agreed: measurements, video until" in agreed
    assert "To measure how my knees move" in agreed
    with line.store() as store:
        session = new_session(store, store.client("KT-017"))
        finished_trial(store, session, clip=True)
    changed = ("--side", "left", "--born", "1984", "--notes", "runs [a lot]", "--code", "KT-18")
    assert line.ok("client", "change", "KT-017", *changed).startswith("Changed code, birth year")
    shown = line.ok("client", "show", "KT-18")
    for words in ("ÄB", "born 1984", "left", "runs [a lot]", "lower-limb", "1 of 10 open"):
        assert words in shown
    assert "add --yes" in line.wrong(2, "client", "withdraw", "KT-18")
    withdrawn = line.ok("client", "withdraw", "KT-18", "--yes")
    assert "Clips deleted: 1." in withdrawn
    assert "stay until the client is deleted" in withdrawn
    assert f"! withdrawn on {TODAY}" in line.ok("clients", "äb")
    gone = line.ok("client", "delete", "KT-18", "--yes")
    assert gone == "Deleted KT-18: 1 session, 1 take, 3 files.\n"
    assert line.ok("clients").startswith("0 clients in ")
    assert "deleted" in line.ok("audit")


def test_the_list_is_json_too(line: Line) -> None:
    with line.store() as store:
        client = new_client(store, "KT-017", keep_until=TODAY + timedelta(days=9))
        new_session(store, client)
        place = store.place
    told = json.loads(line.ok("clients", "--json"))
    assert told["store"] == place
    (only,) = told["clients"]
    assert (only["code"], only["sessions"], only["consent"]["holds"]) == ("KT-017", 1, True)
    assert only["consent"]["keep_until"] == str(TODAY + timedelta(days=9))
    one = json.loads(line.ok("client", "show", "KT-017", "--json"))
    assert one["sessions"][0]["number"] == 1
    assert json.loads(line.ok("clients", "nobody", "--json"))["clients"] == []


def test_expired_clients_are_listed_then_deleted(line: Line) -> None:
    past = TODAY - timedelta(days=1)
    with line.store() as store:
        new_client(store, "OVER-1", given_on=past, keep_until=past)
        new_client(store, "STAYS-1", keep_until=TODAY)
    assert f"! ran out on {past}" in line.ok("clients", "over")
    listed = line.ok("expire")
    assert "OVER-1" in listed
    assert "STAYS-1" not in listed
    assert "kneetrack expire --delete" in listed
    assert json.loads(line.ok("expire", "--json"))["expired"][0]["code"] == "OVER-1"
    assert "1 client is for good: add --yes" in line.wrong(2, "expire", "--delete")
    assert "OVER-1" in line.ok("clients")
    assert line.ok("expire", "--delete", "--yes").startswith("Deleted OVER-1: 0 sessions")
    assert line.ok("expire").startswith("Nobody's time of keeping is over")
    assert line.ok("clients").splitlines()[-1].startswith("1 client in ")


def test_a_consent_that_would_cost_clips_says_how_many_and_needs_a_word(line: Line) -> None:
    allows: frozenset[Purpose] = frozenset({"measurements", "video"})
    with line.store() as store:
        client = new_client(store, "KT-017", allows=allows)
        session = new_session(store, client)
        for _ in range(2):
            finished_trial(store, session, clip=True)
    consent = ("client", "consent", "KT-017", "--months", "24")
    told = line.wrong(2, *consent, "--allow", "measurements")
    assert "2 kept clips" in told and "add --yes" in told
    assert "2 kept clips" in line.wrong(2, *consent)
    assert "--allow is empty" in line.wrong(2, *consent, "--allow", " , ")
    with line.store() as store:
        assert len(store.consents(client.id)) == 1
        assert all(trial.clip_kept for trial in store.trials(session.id))
    assert "Deleted" not in line.ok(*consent, "--allow", "video")
    told = line.ok(*consent, "--allow", "measurements", "--yes")
    assert "Deleted, as it is not allowed any more: 2 kept clips" in told


def test_the_purpose_on_record_stays_when_none_is_given(line: Line) -> None:
    line.ok("client", "add", "KT-017")
    consent = ("client", "consent", "KT-017")
    line.ok(*consent, "--purpose", "To ski again.", "--months", "6")
    assert "Purpose: To ski again." in line.ok(*consent, "--months", "24")
    assert "Purpose: To run." in line.ok(*consent, "--purpose", "To run.")


def test_audit_of_one_client_also_after_the_deletion(line: Line) -> None:
    with line.store() as store:
        client = new_client(store, "KT-017", notes="secret words")
        new_client(store, "KT-018")
        store.note_audit("exported", "session", new_session(store, client).id, "report, pdf")
    told = line.ok("audit", "KT-017")
    assert client.id in told and "report written" in told
    assert [row.split()[3] for row in told.splitlines()[1:-1]] == ["KT-017"] * 4
    assert told.splitlines()[-1].startswith("4 lines of ")
    line.ok("client", "delete", "KT-017", "--yes")
    lines = json.loads(line.ok("audit", client.id, "--json"))["audit"]
    assert [n["what"] for n in lines] == ["deleted", "exported", "added", "added", "added"]
    assert {n["client"] for n in lines} == {""}
    assert {n["client_id"] for n in lines} == {client.id}
    assert "KT-017" not in str(lines)
    assert "secret" not in str(lines)
    assert len(json.loads(line.ok("audit", "--limit", "1", "--json"))["audit"]) == 1


def test_what_is_wrong_is_one_line_and_its_code(line: Line, tmp_path: Path) -> None:
    line.ok("client", "add", "KT-017")
    assert "taken" in line.wrong(2, "client", "add", "kt-017")
    assert "code '?'" in line.wrong(2, "client", "add", "?")
    assert "did you mean KT-017?" in line.wrong(7, "client", "show", "KT-071")
    assert "--yes" in line.wrong(2, "client", "delete", "KT-017")
    assert "nothing to change" in line.wrong(2, "client", "change", "KT-017")
    assert "no consent" in line.wrong(7, "client", "withdraw", "KT-017")
    assert "--allow" in line.wrong(2, "client", "consent", "KT-017")
    consent = ("client", "consent", "KT-017")
    assert "'31.5.2027' is not a day" in line.wrong(2, *consent, "--until", "31.5.2027")
    assert "not both" in line.wrong(2, *consent, "--until", "2099-01-01", "--months", "3")
    assert "allow 'tv'" in line.wrong(2, *consent, "--allow", "tv", "--months", "3")
    (tmp_path / "text").write_text("no database" * 99)
    assert "not a database" in line.wrong(6, "clients", "--db", str(tmp_path / "text"))


def test_months_end_on_a_day_there_is() -> None:
    from kneetrack.commands.consenting import _after

    assert _after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert _after(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert _after(date(2026, 12, 15), None) is None


@pytest.mark.parametrize("code", ["Anna Müller 12.3.1988", "anna-mueller", "KT 1988-03-12"])
def test_a_code_that_looks_like_a_name_needs_a_word_more(line: Line, code: str) -> None:
    assert "a code, not a name" in line.wrong(2, "client", "add", code)
    line.ok("client", "add", "KT-018")
    assert "a code, not a name" in line.wrong(2, "client", "change", "KT-018", "--code", code)
    assert line.ok("client", "add", code, "--anyway").startswith("Added")


@pytest.mark.parametrize("code", ["KT-018", "Knee 7", "2026-17", "R1", "A B", "Praxis.12"])
def test_codes_are_taken_as_they_are(line: Line, code: str) -> None:
    assert line.ok("client", "add", code).startswith("Added")


def test_who_practises_here_is_in_the_list_and_can_be_forgotten(line: Line) -> None:
    with line.store() as store:
        new_client(store, "KT-017")
    assert "practices" not in line.ok("clients")
    with line.store() as store:
        me = store.make_own_client()
        full_practice(store, me)
        store.prescribe(me.id, "Hips", PROGRAMME)
    listed = line.ok("clients")
    assert "me (you)" in listed and "last practised" in listed
    (mine,) = json.loads(line.ok("clients", "me", "--json"))["clients"]
    assert (mine["own"], mine["practices"], mine["sessions"]) == (True, 1, 0)
    shown = line.ok("client", "show", "me")
    assert "1 practice, the last on 2026-11-03: kneetrack diary --client me" in shown
    assert "Hips: kneetrack prescribe me --show" in shown
    one = json.loads(line.ok("client", "show", "me", "--json"))
    assert (one["practices"], one["prescription"]) == (1, 1)
    gone = line.ok("client", "delete", "me", "--yes")
    assert gone == "Deleted me: 0 sessions, 0 takes, 1 practice, 1 file.\n"
    with line.store() as store:
        assert store.own_client() is None


def test_whose_time_is_over_may_have_practised_alone(line: Line) -> None:
    past = TODAY - timedelta(days=1)
    with line.store() as store:
        client = new_client(store, "OVER-1")
        full_practice(store, client)
        store.withdraw_consent(store.consents(client.id)[0].id, past)
    assert json.loads(line.ok("expire", "--json"))["expired"][0]["practices"] == 1
    assert "1 practice, 1 file" in line.ok("expire", "--delete", "--yes")
