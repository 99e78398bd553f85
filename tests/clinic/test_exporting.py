"""Taking data along: all of one client in a zip, numbers of those who agreed in one table."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kneetrack.clinic import reporting
from kneetrack.clinic.cohort import age_decade, pseudonym
from kneetrack.clinic.exporting import export_client, export_cohort
from kneetrack.clinic.plain_csv import csv_bytes, safe_cell
from kneetrack.clinic_records.kinds import Purpose
from kneetrack.clinic_records.people import Client
from kneetrack.records import OutputError, UnknownRecordError
from kneetrack.store import Store, open_store
from tests.test_wording import offences
from tests.web import filling

TODAY = date(2026, 11, 29)
CODE, INITIALS, NOTE = "QX-731", "Z.Q.", "grandmother of the mayor"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Client]]:
    """Somebody who agreed to everything but the cohort, with one visit and a correction."""
    folder = tmp_path_factory.mktemp("clinic")
    with open_store(str(folder / "clinic.db"), by="mw") as store:
        client = filling.fill_client(store, CODE)
        client = store.change_client(
            client.id, replace(client.facts, initials=INITIALS, notes=NOTE)
        )
        knees = filling.Knees(0.03, 0.24)
        session = filling.fill_session(store, client.id, filling.FIRST, knees, steps=1)
        store.reject_trial(
            filling.fill_trial(
                store, session.id, filling.load_protocol("squat").steps[0], "side", clip=False
            ).id,
            "=the door opened",
        )
        yield store, client


@pytest.fixture(scope="module")
def packed(
    clinic: tuple[Store, Client], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[zipfile.ZipFile]:
    store, client = clinic
    told: list[tuple[str, int, int | None]] = []
    path = tmp_path_factory.mktemp("out") / "client.zip"
    found = export_client(
        store, client.id, path, today=TODAY, progress=lambda *step: told.append(step)
    )
    assert found == path
    assert told[-1][1] == told[-1][2]
    with zipfile.ZipFile(path) as archive:
        yield archive


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def test_everything_is_in_it_and_whole(packed: zipfile.ZipFile) -> None:
    assert packed.testzip() is None
    names = set(packed.namelist())
    folder = "takes/session-1/squat-front-1"
    for name in ("result.json", "frames.csv", "landmarks.npz", "clip.mp4"):
        assert f"{folder}/{name}" in names
    assert {"README.txt", "client.json", "sessions.csv", "readings.csv", "audit.csv"} <= names
    assert {"reports/session-1.html", "reports/session-1.pdf"} <= names
    assert packed.read("reports/session-1.pdf").startswith(b"%PDF")
    assert not any(name.startswith("/") or ".." in name for name in names)


def test_the_files_are_those_of_the_store(
    clinic: tuple[Store, Client], packed: zipfile.ZipFile
) -> None:
    store, client = clinic
    trial = store.trials(store.sessions(client.id)[0].id)[0]
    for name in ("result.json", "landmarks.npz", "clip.mp4"):
        kept = (store.trial_folder(trial.id) / name).read_bytes()
        assert packed.read(f"takes/session-1/{trial.step}-{trial.view}-1/{name}") == kept


def test_the_client_in_json(packed: zipfile.ZipFile) -> None:
    told = json.loads(packed.read("client.json"))
    assert told["client"]["facts"]["code"] == CODE
    assert told["client"]["facts"]["notes"] == NOTE
    assert told["consents"][0]["facts"]["allows"] == ["measurements", "video"]
    (session,) = told["sessions"]
    assert session["setup"]["distance_m"] == 3.0
    statuses = [trial["status"] for trial in session["trials"]]
    assert sorted(statuses) == ["good", "rejected", "rejected"]
    assert all(f"{t['folder']}/result.json" in packed.namelist() for t in session["trials"])


def test_the_tables_can_be_read_in_a_spreadsheet(packed: zipfile.ZipFile) -> None:
    (session,) = table(packed.read("sessions.csv"))
    assert (session["session"], session["footwear"]) == ("1", "barefoot")
    readings = table(packed.read("readings.csv"))
    kfo = [r for r in readings if r["measure"] == "kfo" and r["side"] == "right"]
    assert {r["rep"] for r in kfo} == {"1", "2", "3", "4", "5"}
    assert all(float(r["error"]) > 0 and r["unit"] == "ratio" for r in kfo)
    assert {r["status"] for r in readings} == {"good", "rejected"}
    unknown = [r for r in readings if not r["value"]]
    assert unknown and all(r["value"] != "0" for r in unknown)


def test_the_audit_lines_tell_fields_and_no_facts(packed: zipfile.ZipFile) -> None:
    lines = table(packed.read("audit.csv"))
    assert {("added", "client"), ("added", "consent")} <= {(r["what"], r["kind"]) for r in lines}
    text = packed.read("audit.csv").decode()
    assert CODE not in text and INITIALS not in text and NOTE not in text
    assert [r["at"] for r in lines] == sorted(r["at"] for r in lines)


def test_the_readme_is_in_plain_words(packed: zipfile.ZipFile) -> None:
    text = packed.read("README.txt").decode()
    assert offences(text) == []
    assert "29 November 2026" in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_an_export_leaves_an_audit_line(
    clinic: tuple[Store, Client], packed: zipfile.ZipFile
) -> None:
    store, client = clinic
    line = store.audit(record_id=client.id, limit=1)[0]
    assert (line.what, line.kind) == ("exported", "client")


def test_an_export_that_breaks_off_leaves_what_was_there(
    clinic: tuple[Store, Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, client = clinic
    path = tmp_path / "client.zip"
    path.write_bytes(b"an older one")

    def broken(*_: object, **__: object) -> str:
        raise OutputError("the disk is full")

    monkeypatch.setattr(reporting, "report_html", broken)
    before = len(store.audit(record_id=client.id, limit=1000))
    with pytest.raises(OutputError):
        export_client(store, client.id, path)
    assert path.read_bytes() == b"an older one"
    assert list(tmp_path.iterdir()) == [path]
    assert len(store.audit(record_id=client.id, limit=1000)) == before
    with pytest.raises(OutputError, match="cannot write"):
        export_client(store, client.id, tmp_path / "nowhere" / "client.zip")
    with pytest.raises(UnknownRecordError):
        export_client(store, "nobody", path)


def test_without_pdf_the_rest_is_there_and_the_readme_says_why(
    clinic: tuple[Store, Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kneetrack.report.clinic import pdf

    def missing(_: str) -> bytes:
        raise OutputError("no PDF can be made: Pango is missing")

    monkeypatch.setattr(pdf, "render_pdf", missing)
    store, client = clinic
    with zipfile.ZipFile(export_client(store, client.id, tmp_path / "c.zip")) as archive:
        assert "reports/session-1.html" in archive.namelist()
        assert not any(name.endswith(".pdf") for name in archive.namelist())
        assert "Pango is missing" in archive.read("README.txt").decode()


# -------------------------------------------------------------------- the cohort

ALL: frozenset[Purpose] = frozenset({"measurements", "cohort"})


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Store]:
    """Two who agreed, one who did not, one who did and withdrew."""
    with open_store(str(tmp_path / "clinic.db"), by="mw") as store:
        for code, allows in (("AA-1", ALL), ("BB-2", ALL), ("CC-3", None), ("DD-4", ALL)):
            client = filling.fill_client(store, code, allows)
            knees = filling.Knees(0.03, 0.24)
            filling.fill_session(store, client.id, filling.FIRST, knees, steps=1, clip=False)
            if code == "DD-4":
                now = store.consent_now(client.id)
                assert now is not None
                store.withdraw_consent(now.id)
        yield store


def test_only_those_who_agreed_and_never_who_they_are(many: Store, tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    assert export_cohort(many, path) == 2
    rows = table(path.read_bytes())
    agreed = {pseudonym(many.client(code)) for code in ("AA-1", "BB-2")}
    assert {row["client"] for row in rows} == agreed
    text = path.read_text("utf-8")
    for secret in ("AA-1", "BB-2", "CC-3", "DD-4", "A.B.", "1991", "2026"):
        assert secret not in text
    for code in ("AA-1", "BB-2"):
        client = many.client(code)
        assert client.id not in text
        assert all(session.id not in text for session in many.sessions(client.id))
    assert many.audit(kind="cohort", limit=1)[0].detail == "2 clients"


def test_a_row_is_a_number_with_everything_it_needs(many: Store, tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    export_cohort(many, path)
    rows = table(path.read_bytes())
    kfo = [r for r in rows if r["measure"] == "kfo" and r["side"] == "right"]
    first = kfo[0]["client"]
    mine = [r for r in kfo if r["client"] == first]
    assert [r["rep"] for r in mine] == ["1", "2", "3", "4", "5", "mean"]
    mean = mine[-1]
    assert (mean["age_decade"], mean["session"], mean["days_since_first"]) == ("30-39", "1", "0")
    assert (mean["step"], mean["view"], mean["unit"], mean["reps"]) == (
        *("squat", "front", "ratio", "5"),
    )
    values = [float(r["value"]) for r in mine[:5]]
    assert float(mean["value"]) == pytest.approx(sum(values) / 5, abs=1e-3)
    untold = [r for r in rows if r["rep"] == "mean" and not r["value"]]
    assert all(r["why_not"] for r in untold)


def test_nobody_agreed(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "clinic.db"), by="mw") as store:
        assert export_cohort(store, tmp_path / "cohort.csv") == 0
    assert table((tmp_path / "cohort.csv").read_bytes()) == []


@pytest.mark.parametrize(
    ("born", "decade"), [(1991, "30-39"), (1986, "40-49"), (None, ""), (2026, "0-9"), (2030, "")]
)
def test_ages_by_decade(born: int | None, decade: str) -> None:
    assert age_decade(born, TODAY) == decade


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0.1 + 0.2, "0.3"),
        (-0.5, "-0.5"),
        (3, "3"),
        ("=cmd()", "'=cmd()"),
        ("-1+1", "'-1+1"),
        ("plain", "plain"),
    ],
)
def test_cells(value: object, cell: str) -> None:
    assert safe_cell(value) == cell
    assert csv_bytes([["a", 'b"c'], [None, "d,e"]]) == b'a,"b""c"\n,"d,e"\n'
