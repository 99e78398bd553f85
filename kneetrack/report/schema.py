"""The JSON Schema of result.json: ``python -m kneetrack.report.schema docs/result.schema.json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kneetrack.report.writing import write_text
from kneetrack.result import Result


def schema_text() -> str:
    """The JSON Schema that every result.json follows, from the pydantic model."""
    schema = Result.model_json_schema(mode="serialization", by_alias=True)
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the schema to the file named on the command line."""
    write_text(Path(sys.argv[1]), schema_text())


if __name__ == "__main__":
    main()
