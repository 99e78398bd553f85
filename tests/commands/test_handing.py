"""kneetrack report, export and cohort."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kneetrack.cli import app, main
from kneetrack.store import open_store
from tests.web import filling

CODE = "QX-731"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two visits with squats from the front and the side."""
    address = str(tmp_path_factory.mktemp("clinic") / "clinic.db")
    with open_store(address, by="mw") as store:
        client = filling.fill_client(store, CODE, frozenset({"measurements", "cohort"}))
        for at in (filling.FIRST, filling.SECOND):
            knees = filling.Knees(0.03, 0.24)
            filling.fill_session(store, client.id, at, knees, steps=1, clip=False)
        store.add_client(filling.ClientFacts(code="NEW-1"))
    yield address


def run(*args: str) -> str:
    result = CliRunner().invoke(app, list(args), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def fails(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    """Exit code and the one line on standard error."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setattr("sys.argv", ["kneetrack", *args])
        main()
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return int(ended.value.code or 0), lines[0]


def test_a_report_has_a_name_that_tells_nothing(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run("report", CODE, "--db", db)
    (written,) = tmp_path.iterdir()
    assert written.name == "kneetrack-report-2026-10-19.pdf"
    assert written.read_bytes().startswith(b"%PDF")
    assert said == f"Wrote {written.name}\n"


def test_an_empty_session_is_not_the_last_one(db: str, tmp_path: Path) -> None:
    with open_store(db) as store:
        client = store.client(CODE)
        at = filling.SECOND + timedelta(days=9)
        empty = store.begin_session(client.id, "squat", 1, filling.SETUP, at=at)
        run("report", CODE, "--db", db, "--html", "--out", str(tmp_path))
        store.delete_session(empty.id)
    assert [path.name for path in tmp_path.iterdir()] == ["kneetrack-report-2026-10-19.html"]


def test_session_kind_and_place_can_be_chosen(db: str, tmp_path: Path) -> None:
    run("report", CODE, "--db", db, "--session", "1", "--html", "--out", str(tmp_path))
    text = (tmp_path / "kneetrack-report-2026-09-07.html").read_text("utf-8")
    assert "visit 1" in text and "A.B." not in text
    out = tmp_path / "mine.html"
    run("report", CODE, "--db", db, "--out", str(out), "--coaching", "--with-initials")
    assert "A.B." in out.read_text("utf-8")
    assert "coaching bands" in out.read_text("utf-8")
    run("report", CODE, "--db", db, "--session", "2", "--compare", "2026-09-07", "--out", str(out))
    assert "session 1, 7 September 2026" in out.read_text("utf-8")
    with open_store(db) as store:
        lines = store.audit(record_id=store.client(CODE).id, limit=2)
    assert {(line.what, line.kind) for line in lines} == {("exported", "session")}


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("report", "nobody"), 7, "nobody"),
        (("report", "NEW-1"), 7, "no session of this client yet"),
        (("report", CODE, "--session", "9"), 7, "there are 1, 2"),
        (("report", CODE, "--compare", "9"), 2, "no other session 9"),
        (("report", CODE, "--out", "x.doc"), 2, ".pdf or .html"),
        (("report", CODE, "--pdf", "--out", "x.html"), 2, "leave out --pdf"),
        (("report", CODE, "--out", "nowhere/x.html"), 5, "cannot write"),
        (("export", CODE, "--out", "x.rar"), 2, ".zip"),
        (("export", "nobody", "--out", "x.zip"), 7, "nobody"),
        (("cohort", "--out", "x.xlsx"), 2, ".csv"),
    ],
)
def test_what_cannot_be_is_one_line(
    db: str,
    args: tuple[str, ...],
    code: int,
    says: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended, line = fails(capsys, *args, "--db", db)
    assert ended == code
    assert says in line
    assert list(tmp_path.iterdir()) == []


def test_export_and_cohort(db: str, tmp_path: Path) -> None:
    said = run("export", CODE, "--db", db, "--out", str(tmp_path / "c.zip"))
    assert "keep it locked" in said
    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        assert "reports/session-2.pdf" in archive.namelist()
    said = run("cohort", "--db", db, "--out", str(tmp_path / "c.csv"))
    assert said.endswith("1 client.\n")
