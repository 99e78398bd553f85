"""The architecture, held over the imports: who may know whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "kneetrack"
MODULES = sorted(PACKAGE.rglob("*.py"))

VALUES = {"records", "live_records", "skeleton"}
LEAVES = {"sources", "pose", "ui", "report", "store"}
ARROWS: dict[str, set[str]] = {
    "skeleton": set(),
    "records": {"skeleton"},
    "live_records": {"records", "skeleton"},
    "result": VALUES,
    "calibration": set(),
    "angles": VALUES,
    "signals": VALUES,
    "one_euro": VALUES,
    "view": VALUES | {"result", "angles", "signals", "calibration"},
    "reps": VALUES | {"result", "signals"},
    "uncertainty": VALUES | {"calibration"},
    "correction": VALUES | {"angles", "calibration"},
    "exercises": VALUES | {"result", "angles", "calibration", "uncertainty"},
    "cue_words": set(),
    "feedback": VALUES | {"result", "cue_words"},
    "sources": VALUES,
    "pose": VALUES,
    "ui": VALUES,
    "guide": VALUES | {"nearest"},
    "report": VALUES | {"result", "clinic_records", "guide"},
    "clinic_records": VALUES | {"result"},
    "store": VALUES | {"result", "clinic_records", "folders"},
    "validation": VALUES
    | {"result", "angles", "baseline", "analysis", "exercises", "recorded", "report", "settings"}
    | {"pictures"},
}
"""Room -> the other rooms it may import. Rooms that are not named compose others."""

ONLY_IN: dict[str, tuple[str, ...]] = {
    "cv2": ("sources/", "ui/", "pose/", "doctor/", "validation/degrading.py"),
    "mediapipe": ("pose/blazepose.py",),
    "av": ("sources/", "report/", "doctor/", "validation/degrading.py"),
    "sounddevice": ("ui/",),
    "sqlite3": ("store/",),
    "sqlalchemy": ("store/",),
    "alembic": ("store/",),
    "psycopg": ("store/",),
    "fastapi": ("web/",),
    "starlette": ("web/",),
    "uvicorn": ("web/",),
    "argon2": ("web/",),
    "weasyprint": ("report/clinic/pdf.py",),
    "jinja2": ("report/", "web/"),
    "typer": ("cli.py", "cli_options.py", "commands/"),
    "joblib": ("batch/",),
    "pyarrow": ("batch/",),
    "dask": ("batch/cluster.py",),
    "distributed": ("batch/cluster.py",),
    "fsspec": ("batch/",),
    "matplotlib": ("validation/plots.py", "diary/picture.py"),
    "icalendar": ("diary/reminders.py",),
}
"""Library -> the files that may import it."""


def imports(module: Path) -> Iterator[str]:
    """Dotted names that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: write imports in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: Path) -> str:
    """The first part below the package: ``angles``, ``sources``; "" for the package itself."""
    return module.relative_to(PACKAGE).with_suffix("").parts[0].replace("__init__", "")


def rooms_imported(module: Path) -> set[str]:
    """Other rooms that a module imports from."""
    names = (name.split(".") for name in imports(module) if name.startswith("kneetrack."))
    known = {room(other) for other in MODULES}
    return {parts[1] for parts in names if parts[1] in known} - {room(module)}


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    """Room -> rooms it imports. Without the package itself, which imports on first use."""
    rooms: dict[str, set[str]] = {}
    for module in MODULES:
        if room(module):
            rooms.setdefault(room(module), set()).update(rooms_imported(module))
    return rooms


def test_rooms_know_only_those_they_may() -> None:
    wrong = [
        f"{module.relative_to(PACKAGE).as_posix()} imports {other}"
        for module in MODULES
        if room(module) in ARROWS
        for other in rooms_imported(module) - ARROWS[room(module)]
    ]
    assert wrong == []


def test_the_analysis_stands_on_no_camera_model_screen_or_file(graph: dict[str, set[str]]) -> None:
    below, new = set(), {"analysis"}
    while new:
        below |= new
        new = {other for name in new for other in graph.get(name, set())} - below
    assert below & (LEAVES | {"cli"}) == set()


def test_only_the_command_line_knows_the_command_line(graph: dict[str, set[str]]) -> None:
    assert {name for name, others in graph.items() if "cli" in others} <= {"__main__"}


def test_no_rooms_import_each_other_in_a_circle(graph: dict[str, set[str]]) -> None:
    TopologicalSorter(graph).prepare()  # CycleError names the circle


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_in_its_room(library: str) -> None:
    users = {
        module.relative_to(PACKAGE).as_posix()
        for module in MODULES
        for name in imports(module)
        if name.split(".")[0] == library
    }
    assert {user for user in users if not user.startswith(ONLY_IN[library])} == set()


def test_importing_kneetrack_costs_nothing() -> None:
    heavy = ["cv2", "mediapipe", "numpy", "scipy", "av", "pydantic"]
    code = f"import sys, kneetrack; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""
