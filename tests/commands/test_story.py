"""From an empty machine to a report and back to nothing: everything by the command line alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from tests.clipmaking import frames_of, write_clip

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
CODE, INITIALS = "QX-731", "ZQWJ"
SETUP = ("--distance", "3", "--camera-height", "0.7", "--footwear", "barefoot")
STANCE = ("--stance", "hip width", "--clothing", "shorts", "--camera-name", "tablet")


@dataclass(frozen=True)
class Clinic:
    """A machine of its own: what is typed goes to a fresh process."""

    home: Path
    samples: Path

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "kneetrack", *words],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=self.home,
            env={**os.environ, "KNEETRACK_DATA": str(self.home / "data"), "COLUMNS": "140"},
        )
        assert done.returncode == code, (words, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout

    def measure(self, day: str, clip: Path, *setup: str) -> None:
        """One visit of one take."""
        self.run(
            *("screen", CODE, "--protocol", "squat", "--new-session", "--date", day),
            *("--take", f"squat:front={clip}", *(setup or SETUP), *STANCE),
        )

    def answers(self, first: int, last: int) -> dict[tuple[str, str], str]:
        """What is said of each measure and side between two sessions."""
        told = json.loads(
            self.run("trend", CODE, "--from", str(first), "--to", str(last), "--json")
        )
        return {
            (row["measure"], row["side"]): row["change"]["answer"]
            for row in told["rows"]
            if row["change"] is not None
        }


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Clinic:
    return Clinic(tmp_path_factory.mktemp("story"), samples)


def darker(clip: Path, out: Path) -> Path:
    """The same movement filmed again: less light, and other noise."""
    noise = np.random.default_rng(7)

    def again(image: np.ndarray) -> np.ndarray:
        grains = noise.normal(0.0, 4.0, image.shape)
        return np.clip(image * 0.7 + grains, 0, 255).astype(np.uint8)

    return write_clip(out, ((again(image), t_s) for image, t_s in frames_of(clip)))


def test_the_same_client_again_in_six_weeks(clinic: Clinic) -> None:
    good, inward = (clinic.samples / f"{name}.mp4" for name in ("sq_good_anna", "sq_in20_anna"))
    again = darker(good, clinic.home / "again.mp4")
    clinic.run("client", "add", CODE, "--initials", INITIALS, "--born", "1988", "--side", "right")
    clinic.run("screen", CODE, "--protocol", "squat", "--take", f"squat:front={good}", code=8)
    clinic.run(
        *("client", "consent", CODE, "--purpose", "To see whether my knees track better."),
        *("--allow", "measurements,video", "--months", "24"),
    )
    clinic.measure("2026-09-07", good)
    clinic.measure("2026-10-19", again)
    clinic.measure("2026-11-23", inward)
    shod = ("--distance", "3", "--camera-height", "0.7", "--footwear", "running shoes")
    clinic.measure("2026-11-24", good, *shod)

    alike, differ, other = (clinic.answers(*pair) for pair in ((1, 2), (2, 3), (3, 4)))
    assert "no_real_change" in alike.values()
    assert "changed" not in alike.values()
    assert differ["kfo", "left"] == differ["kfo", "right"] == differ["ktsr", "both"] == "changed"
    assert set(other.values()) == {"cannot_tell"}
    told = clinic.run("trend", CODE, "--from", "1", "--to", "2")
    assert "no real change" in told

    overrule = ("--rep", "1", "--rule", "knee_valgus", "--side", "left", "--status", "ok")
    clinic.run(
        "correct", "verdict", CODE, "3", "squat:front", *overrule, "--reason", "seen from here"
    )
    (line,) = json.loads(clinic.run("correct", "list", CODE, "3", "squat:front", "--json"))
    clinic.run("correct", "withdraw", line["id"])
    assert [c["withdrawn_at"] is None for c in _corrections(clinic)] == [False]

    report = clinic.home / "report.pdf"
    clinic.run("report", CODE, "--session", "3", "--compare", "1", "--out", str(report))
    with pypdfium2.PdfDocument(report) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert len(texts) in (2, 3)
    assert all(CODE in text and INITIALS not in text for text in texts)
    assert "Not a medical device" in " ".join(texts)

    taken = clinic.home / "everything.zip"
    clinic.run("export", CODE, "--out", str(taken))
    with zipfile.ZipFile(taken) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    for ending in ("client.json", "readings.csv", "landmarks.npz", ".pdf", ".mp4"):
        assert any(name.endswith(ending) for name in names), ending

    assert _files_holding(clinic.home / "data", CODE, INITIALS)
    clinic.run("client", "delete", CODE, "--yes")
    assert _files_holding(clinic.home / "data", CODE, INITIALS) == []
    left = [
        p.name for p in (clinic.home / "data").rglob("*") if p.suffix in (".npz", ".mp4", ".json")
    ]
    assert left == []
    clinic.run("session", CODE, code=7)


def _corrections(clinic: Clinic) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(
        clinic.run("correct", "list", CODE, "3", "squat:front", "--json", "--withdrawn")
    )
    return listed


def _files_holding(folder: Path, *words: str) -> list[str]:
    """Files in whose bytes one of the words stands, in upper or lower case, in UTF-8 or UTF-16."""
    wanted = [
        form.encode(coding)
        for word in words
        for form in (word, word.lower())
        for coding in ("utf-8", "utf-16-le")
    ]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        p.name for p in files if any(w in p.read_bytes() or w in p.name.encode() for w in wanted)
    ]
