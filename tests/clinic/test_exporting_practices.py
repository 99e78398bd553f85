"""What is practised at home is in the export of a client."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from kneetrack.clinic.at_work import at_work
from kneetrack.clinic.exporting import export_client
from kneetrack.clinic_records.practice import PracticeFacts, SignFound
from kneetrack.store import Store
from tests.store.practising import AT, PROGRAMME, full_practice
from tests.storing import new_client, store, store_files, store_url

__all__ = ["store", "store_files", "store_url"]


@pytest.fixture
def packed(store: Store, tmp_path: Path) -> zipfile.ZipFile:
    """The export of somebody with a practice, a self-check and a prescription, and no session."""
    client = new_client(store)
    practice = full_practice(store, client, why="=the block fell", note="tired")
    store.tell_next_morning(practice.id, 1, date(2026, 11, 4))
    check = store.begin_practice(client.id, PracticeFacts("selfcheck"), at=AT.replace(day=9))
    store.set_signs(check.id, [SignFound("knees_cave_in", "unsure", "flag", "right knee")])
    with at_work(store.practice_folder(check.id)):
        store.prescribe(client.id, "Hips", PROGRAMME)
        store.prescribe(client.id, "Hips", PROGRAMME + "\n")
        return zipfile.ZipFile(export_client(store, client.id, tmp_path / "client.zip"))


def rows(packed: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(packed.read(name).decode("utf-8"))))


def test_all_of_it_is_in_the_tables(packed: zipfile.ZipFile) -> None:
    first, check = rows(packed, "practices.csv")
    assert (first["practice"], first["kind"], first["ended"]) == ("1", "programme", "done")
    assert [first[f"pain_{when}"] for when in ("before", "after", "next")] == ["3", "2", "1"]
    assert (first["pain_next_on"], first["note"], first["camera"]) == ("2026-11-04", "tired", "yes")
    assert (check["kind"], check["ended"], check["pain_after"]) == ("selfcheck", "under_way", "")
    (part,) = rows(packed, "parts.csv")
    assert (part["practice"], part["part"], part["asked_sets"]) == ("1", "lunge", "2")
    assert (part["asked_depth_deg"], part["asked_hold_s"]) == ("80", "")
    assert (part["clean"], part["judged_by"], part["why"]) == ("no", "camera", "'=the block fell")
    known, unknown = rows(packed, "part-measures.csv")
    assert (known["rule"], known["value"], known["unit"]) == ("knee_valgus", "0.02", "ratio")
    assert (unknown["status"], unknown["value"], unknown["reps_total"]) == ("cannot_tell", "", "8")
    assert [(sign["practice"], sign["sign"]) for sign in rows(packed, "signs.csv")] == [
        ("1", "one_leg"),
        ("2", "knees_cave_in"),
    ]


def test_all_of_it_is_in_the_json(packed: zipfile.ZipFile) -> None:
    told = json.loads(packed.read("client.json"))
    first, check = told["practices"]
    assert first["parts"][0]["measures"][0]["value"] == 0.02
    assert first["facts"]["pain_before"] == 3
    assert check["signs"][0]["measured"] == "flag"
    assert [one["number"] for one in told["prescriptions"]] == [1, 2]
    assert told["prescriptions"][0]["withdrawn_at"] and not told["prescriptions"][1]["withdrawn_at"]


def test_files_and_programmes_are_beside_them(packed: zipfile.ZipFile) -> None:
    names = {name for name in packed.namelist() if name.startswith("pr") and "/" in name}
    assert names == {
        "practices/practice-1/lunge-1/result.json",
        "prescriptions/prescription-1.toml",
        "prescriptions/prescription-2.toml",
    }
    assert packed.read("prescriptions/prescription-1.toml").decode() == PROGRAMME
    (told, _) = json.loads(packed.read("client.json"))["practices"]
    folder = f"{told['folder']}/{told['parts'][0]['folders'][0]}"
    assert packed.read(f"{folder}/result.json").startswith(b"{}")
    readme = packed.read("README.txt").decode()
    assert all(name in readme for name in packed.namelist() if "/" not in name)
