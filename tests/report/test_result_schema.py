from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kneetrack.report import glossary
from kneetrack.report.schema import schema_text
from kneetrack.result import Result
from tests.report import make_results


def test_documented_schema_is_the_models(root: Path) -> None:
    """When it fails: python -m kneetrack.report.schema docs/result.schema.json."""
    documented = (root / "docs" / "result.schema.json").read_text("utf-8")
    assert json.loads(documented) == Result.model_json_schema(mode="serialization", by_alias=True)
    assert documented == schema_text()


def test_schema_names_what_the_issue_names() -> None:
    fields = json.loads(schema_text())["properties"]
    for name in ("schema", "exercise", "exercise_detected", "side", "source", "view", "reps"):
        assert name in fields
    provenance = json.loads(schema_text())["$defs"]["Provenance"]["properties"]
    assert "model sha256" in provenance


@pytest.mark.parametrize("name", ["one_knee_in", "nothing_recognised", "lunges", "two_sets"])
def test_results_follow_the_schema(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    result, _ = getattr(make_results, name)()
    jsonschema.validate(json.loads(result.to_json()), json.loads(schema_text()))


def test_every_measure_is_documented(root: Path) -> None:
    text = (root / "docs" / "files.md").read_text("utf-8")
    in_reps_only = {"descent", "hold", "sway", "foot_down"}
    for key in glossary._measures():
        assert f"`{key}" in text or (key in in_reps_only and f"`{key}`" in text), key


def test_every_column_of_the_files_is_documented(root: Path) -> None:
    """What the diary's own table adds is about doses, not measured."""
    text = (root / "docs" / "files.md").read_text("utf-8").partition("\n## diary.csv")[0]
    documented = set(re.findall(r"`([a-z_0-9]+_(?:deg|ratio))`", text))
    for key in documented:
        assert glossary.stem(key) in glossary._measures(), key
    for name in make_results.one_knee_in()[1].columns:
        assert re.sub(r"_(left|right|mean)$", "", name) in documented, name
