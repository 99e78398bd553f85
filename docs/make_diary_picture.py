"""Make the picture of docs/diary.md again, of a diary that is made up.

python docs/make_diary_picture.py
"""

from __future__ import annotations

import sys
from datetime import UTC, date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kneetrack.diary.picture import picture_bytes  # noqa: E402
from tests.diary.made import many, on  # noqa: E402

if __name__ == "__main__":
    records = [*many(27), on(date(2026, 8, 9), 28, kind="selfcheck")]
    data = picture_bytes(records, "png", today=date(2026, 8, 12), zone=UTC)
    (ROOT / "docs" / "pictures" / "diary.png").write_bytes(data)
