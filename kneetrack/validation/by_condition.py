"""The same clips in several filming conditions, and what each condition costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kneetrack.recorded import Progress
from kneetrack.validation.command import ValidateJob, run
from kneetrack.validation.conditions import Condition
from kneetrack.validation.run import STAGE
from kneetrack.validation.summary import Validation
from kneetrack.validation.table import Cell, Column, Table
from kneetrack.validation.tables import agreement_of, measures_of, title
from kneetrack.validation.verdict_tables import detection

SCHEMA: Final = "kneetrack/conditions/1"
PAGE, NUMBERS, DETECTION = "conditions.md", "conditions.csv", "conditions-detection.csv"
_WHOLE_CLIP: Final = ("bottom_time", "repetitions")

Run = Callable[[ValidateJob, Progress | None], Validation]


@dataclass(frozen=True)
class ByCondition:
    """What was found in each condition, by its name, in the order asked for."""

    found: Mapping[str, Validation]

    @property
    def numbers(self) -> Table:
        """One row a measure and condition."""
        return numbers_table(self.found)

    @property
    def verdicts(self) -> Table:
        """One row a condition."""
        return detection_table(self.found)

    def text(self) -> str:
        """What the terminal shows."""
        parts = [f"{table.title}\n{table.text()}" for table in (self.numbers, self.verdicts)]
        return "\n\n".join(parts) + "\n"

    def markdown(self) -> str:
        """The text of conditions.md."""
        parts = ["# The same clips, filmed worse"]
        for table in (self.numbers, self.verdicts):
            parts += [f"## {table.title}", table.markdown(), table.note]
        return "\n\n".join(part for part in parts if part) + "\n"

    def json(self) -> str:
        """Both tables."""
        tables = {table.name: table.as_dict() for table in (self.numbers, self.verdicts)}
        whole: dict[str, Any] = {"schema": SCHEMA, "tables": tables}
        return json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def run_conditions(
    job: ValidateJob,
    conditions: Sequence[Condition],
    progress: Progress | None = None,
    *,
    run_one: Run = run,
) -> ByCondition:
    """Do a job once in every condition; each one's tables go into a folder of its name.

    Raises a KneetrackError as :func:`~kneetrack.validation.command.run` does.
    """
    found: dict[str, Validation] = {}
    for number, condition in enumerate(conditions):
        out = None if job.out is None else job.out / condition.name.replace(" ", "-")
        own = replace(job, out=out, how=replace(job.how, condition=condition))
        found[condition.name] = run_one(own, _share_of(progress, number, len(conditions)))
    result = ByCondition(found)
    if job.out is not None:
        from kneetrack.report.writing import write_bytes

        write_bytes(job.out / PAGE, result.markdown().encode())
        write_bytes(job.out / NUMBERS, result.numbers.csv().encode())
        write_bytes(job.out / DETECTION, result.verdicts.csv().encode())
    return result


def _share_of(progress: Progress | None, number: int, conditions: int) -> Progress | None:
    """Progress over all conditions of the one with this number."""
    if progress is None:
        return None

    def tell(stage: str, done: int, total: int | None) -> None:
        if total is not None and stage == STAGE:
            progress(stage, number * total + done, conditions * total)

    return tell


def numbers_table(found: Mapping[str, Validation]) -> Table:
    """How far off each measure is, condition by condition."""
    everything = [reading for one in found.values() for reading in one.readings]
    rows: list[tuple[Cell, ...]] = []
    for measure in measures_of(everything):
        if measure in _WHOLE_CLIP:
            continue
        for name, one in found.items():
            own = [r for r in one.readings if r.measure == measure]
            if own:
                a = agreement_of(own)
                cells = (a.n, a.bias, a.mae, a.worst, len(own) - a.n)
                rows.append((title(measure), name, own[0].unit, *cells))
    columns = (
        Column("measure", "measure"),
        Column("condition", "condition"),
        Column("unit", "unit"),
        Column("n", "n", "count"),
        Column("bias", "bias", "signed"),
        Column("mean_absolute_error", "mean abs. error", "size"),
        Column("worst", "worst", "signed"),
        Column("not_measured", "not measured", "count"),
    )
    return Table("conditions", "Errors by condition", columns, (*rows,))


def detection_table(found: Mapping[str, Validation]) -> Table:
    """Clips counted and knees judged, condition by condition."""
    rows: list[tuple[Cell, ...]] = []
    for name, one in found.items():
        caught, spared = detection(one.legs)
        told = [leg for leg in one.legs if leg.status != "cannot_tell"]
        counted = [r for r in one.readings if r.measure == "repetitions"]
        right = sum(r.value == r.truth for r in counted)
        rows.append(
            (
                name,
                len(one.outcomes),
                len(one.failed),
                right,
                len(one.legs),
                len(one.legs) - len(told),
                caught.value,
                spared.value,
            )
        )
    columns = (
        Column("condition", "condition"),
        Column("clips", "clips", "count"),
        Column("clips_failed", "nobody seen, or broken", "count"),
        Column("reps_right", "repetitions right", "count"),
        Column("legs", "legs", "count"),
        Column("cannot_tell", "cannot tell", "count"),
        Column("sensitivity", "sensitivity", "share"),
        Column("specificity", "specificity", "share"),
    )
    note = "Sensitivity: cannot tell is a miss. Specificity: cannot tell is left out."
    return Table("detection", "Repetitions and knee_valgus by condition", columns, (*rows,), note)
