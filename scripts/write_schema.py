"""Write the JSON Schema of result.json, generated from kneetrack.result, into docs/."""

from __future__ import annotations

import json
from pathlib import Path

from kneetrack.result import Result

PATH = Path(__file__).resolve().parent.parent / "docs" / "result.schema.json"


def schema_text() -> str:
    """The schema of what ``Result.to_json`` writes."""
    schema = Result.model_json_schema(by_alias=True, mode="serialization")
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(schema_text(), encoding="utf-8")
    print(f"wrote {PATH}")
