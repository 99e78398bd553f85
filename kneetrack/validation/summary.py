"""Everything that a validation found: its tables, as JSON and for the terminal."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from importlib import metadata
from typing import Final

from kneetrack import __version__
from kneetrack.validation import label_tables as lt
from kneetrack.validation import verdict_tables as vt
from kneetrack.validation.outcome import ClipOutcome, Labelled, LegVerdict, Reading, Tracking
from kneetrack.validation.table import Table, csv_text
from kneetrack.validation.tables import (
    SPLITS,
    coverage_by_body_table,
    coverage_table,
    measure_table,
    split_table,
)
from kneetrack.validation.targets import target_table, targets

SCHEMA: Final = "kneetrack/validation/1"
INCOMPLETE: Final = 1
"""Exit code of a run that went to its end without some of the clips."""
TABLES: Final = (
    "failed",
    "targets",
    "measures",
    *(f"by_{name}" for name in SPLITS),
    "coverage",
    "coverage_by_body",
    "confusion",
    "detection",
    "misjudged",
    "false_alarms",
    "recognition",
    "mistaken",
    "label_confusion",
    "label_detection",
    "disagreements",
)
"""Every table there may be."""
_SHORT: Final = (
    "measure",
    "unit",
    "n",
    "bias",
    "mean_absolute_error",
    "limit_low",
    "limit_high",
    "worst",
    "not_measured",
)
_ON_SCREEN: Final = (
    "recognition",
    "mistaken",
    "confusion",
    "detection",
    "misjudged",
    "false_alarms",
    "label_confusion",
    "label_detection",
    "disagreements",
    "coverage",
    "targets",
)


@dataclass(frozen=True)
class Validation:
    """The outcomes of all clips. made: the day."""

    outcomes: tuple[ClipOutcome, ...]
    made: date

    @cached_property
    def readings(self) -> list[Reading]:
        """Every reading of every clip."""
        return [reading for outcome in self.outcomes for reading in outcome.readings]

    @cached_property
    def legs(self) -> list[LegVerdict]:
        """knee_valgus leg by leg."""
        return [leg for outcome in self.outcomes for leg in outcome.legs]

    @cached_property
    def tracking(self) -> list[Tracking]:
        """The clips whose knees track."""
        return [o.tracking for o in self.outcomes if o.tracking is not None]

    @cached_property
    def labels(self) -> list[Labelled]:
        """Every label with its verdict."""
        return [label for outcome in self.outcomes for label in outcome.labelled]

    @property
    def failed(self) -> list[ClipOutcome]:
        """Clips that gave nothing."""
        return [outcome for outcome in self.outcomes if outcome.failure]

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Name -> table, those without rows left out."""
        return {table.name: table for table in self._tables() if table.rows}

    def _tables(self) -> Iterator[Table]:
        yield vt.failure_table(self.outcomes)
        if any(outcome.recognised for outcome in self.outcomes):
            yield target_table(targets(self.readings, self.legs, self.tracking))
            yield measure_table(self.readings)
            yield from (split_table(self.readings, name) for name in SPLITS)
            yield coverage_table(self.readings)
            yield coverage_by_body_table(self.readings)
        if self.legs:
            yield vt.confusion_table(self.legs)
            yield vt.detection_table(self.legs)
            yield vt.misjudged_table(self.legs)
        yield vt.alarm_table(self.tracking)
        yield vt.recognition_table(self.outcomes)
        yield vt.mistaken_table(self.outcomes)
        if self.labels:
            yield lt.label_table(self.labels)
            yield lt.label_detection_table(self.labels)
            yield lt.disagreement_table(self.labels)

    def versions(self) -> dict[str, str]:
        """What made the figures."""
        packages = ("mediapipe", "numpy", "scipy", "opencv-python", "av")
        own = {"kneetrack": __version__, "python": platform.python_version()}
        return own | {name: version_of(name) for name in packages}

    def json(self) -> str:
        """The text of validation.json."""
        whole = {
            "schema": SCHEMA,
            "made": self.made.isoformat(),
            "versions": self.versions(),
            "clips": len(self.outcomes),
            "clips_failed": len(self.failed),
            "tables": {name: table.as_dict() for name, table in self.tables.items()},
        }
        return json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    def text(self) -> str:
        """What the terminal shows: the figures in short, verdicts, targets, what failed."""
        parts = [f"{_clips(len(self.outcomes))}, {len(self.failed)} could not be judged"]
        if "measures" in self.tables:
            short = self.tables["measures"].only(_SHORT)
            parts.append(f"{short.title}\n{short.text()}")
        for name in (*_ON_SCREEN, "failed"):
            table = self.tables.get(name)
            if table is not None:
                parts.append(f"{table.title}\n{table.text()}")
        return "\n\n".join(parts) + "\n"

    @property
    def exit_code(self) -> int:
        """0, or 1 when a clip could not be judged."""
        return INCOMPLETE if self.failed else 0

    def complaint(self) -> str:
        """How many clips failed, and the first of them with its reason."""
        first = self.failed[0]
        count = f"{len(self.failed)} of {_clips(len(self.outcomes))}"
        return f"{count} could not be judged, such as {first.clip}: {first.failure}"

    def readings_csv(self) -> str:
        """The text of readings.csv: every reading."""
        return records_csv(Reading, self.readings)

    def legs_csv(self) -> str:
        """The text of verdicts.csv: knee_valgus leg by leg."""
        return records_csv(LegVerdict, self.legs)


def records_csv(
    kind: type[Reading] | type[LegVerdict], records: Sequence[Reading] | Sequence[LegVerdict]
) -> str:
    """One line a record, its fields as columns."""
    names = [field.name for field in fields(kind)]
    return csv_text(names, [[getattr(record, name) for name in names] for record in records])


def version_of(package: str) -> str:
    """The installed version of a package, empty when there is none."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _clips(count: int) -> str:
    return f"{count} clip{'' if count == 1 else 's'}"
