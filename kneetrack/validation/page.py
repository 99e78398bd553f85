"""The tables as pages of Markdown: of any validation, and the project's own docs/accuracy.md."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from typing import Final

from kneetrack.validation.summary import Validation
from kneetrack.validation.table import Table
from kneetrack.validation.tables import SPLITS, worth_reading

UNITS: Final = (
    "Angles (deg) in degrees, ratios in shank lengths or as a ratio of distances, times in "
    "seconds. Bias: mean of value less truth. Limits of agreement: bias ± 1.96 standard "
    "deviations of the differences (Bland and Altman 1986), which treat the readings of one body "
    "as independent. Intervals of shares are Wilson's (1927). Not measured: the answer was that "
    "it cannot be told."
)
_TARGETS: Final = ("targets",)
_FIGURES: Final = ("measures", "coverage")
_VERDICTS: Final = ("confusion", "detection", "misjudged", "false_alarms")
_LABELS: Final = ("label_confusion", "label_detection", "disagreements")
_RECOGNITION: Final = ("recognition", "mistaken")


def validation_page(found: Validation, picture: str = "", clips: str = "") -> str:
    """The page of a validation. picture: the plot's place, seen from the page; clips: its words."""
    parts = [
        "# Validation",
        f"{clips or _count(found)}, {found.made.isoformat()}, {versions(found)}.",
        *body(found, picture),
    ]
    return "\n\n".join(parts) + "\n"


def versions(found: Validation) -> str:
    """kneetrack and what it stands on, in words."""
    return ", ".join(f"{name} {version}" for name, version in found.versions().items() if version)


def body(found: Validation, picture: str) -> list[str]:
    """All sections: what failed, targets, figures, plot, verdicts, labels, recognition, splits."""
    tables = found.tables
    parts = _sections(tables, ("failed", *_TARGETS))
    if "measures" in tables:
        parts += ["## Figures", UNITS]
    parts += _sections(tables, _FIGURES, "###")
    if picture:
        parts.append(
            "### Difference from the truth\n\n"
            f"![Bland-Altman plots: difference against mean, with bias and limits]({picture})"
        )
    for heading, names in (
        ("Verdicts", _VERDICTS),
        ("Verdicts against labels", _LABELS),
        ("Exercise, side and repetitions", _RECOGNITION),
    ):
        inner = _sections(tables, names, "###")
        parts += [f"## {heading}", *inner] if inner else []
    splits = [worth_reading(tables[f"by_{n}"]) for n in SPLITS if f"by_{n}" in tables]
    shown = [_section(table, "###") for table in splits if table.rows]
    shown += _sections(tables, ("coverage_by_body",), "###")
    return [*parts, "## Figures in groups", *shown] if shown else parts


def _sections(tables: dict[str, Table], names: Iterable[str], mark: str = "##") -> list[str]:
    return [_section(tables[name], mark) for name in names if name in tables]


def _section(table: Table, mark: str) -> str:
    note = f"{table.note}\n\n" if table.note else ""
    return f"{mark} {table.title}\n\n{note}{table.markdown()}"


def _count(found: Validation) -> str:
    count = len(found.outcomes)
    return f"{count} clip{'' if count == 1 else 's'}"


LIMITS: Final = """## What these figures do and do not show

The people are rendered, not photographed: a figure like a game's, whose cloth does not move and
whose light is even. Real people in real rooms may do better or worse, and these figures do not
tell which.

The truth is a rig's joint centres. Where a hip's centre is put moves an absolute FPPA by 2 to 3
degrees; that is definition, not error, and no figure for absolute FPPA means more than that. It
cancels in the change from standing.

The truth of an angle in the picture (FPPA, KFO, KTSR) is what a perfect detector would read from
this camera's picture, made level where the camera was tilted; of FPPA seen squarely, what the same
camera would have read from straight in front. At 65 degrees of flexion the two differ by about 1.3
degrees for every degree of yaw.

The constants were fitted on other clips, of eight other bodies. But this is no untouched test: how
far a fitted constant was trusted (the offset of FPPA, its bend on one leg), which corrections were
kept at all (KFO by camera yaw), some limits and some standard errors were decided with these clips
in view, and the way knees are found from the foot end of a bridge was made on them. Only clips that
nobody here has seen decide.

Readings of one body, clip and leg are alike. The limits of agreement and the intervals count them
as if they were not, and are narrower than they should be: the number of bodies matters more than
n. Repetitions and clips of a handful of bodies do not stand for everybody.

How to read the tables, and how to make them from your own clips: [validate](validate.md)."""


def accuracy_page(found: Validation, picture: str, clips: str, machine: str) -> str:
    """docs/accuracy.md: the same tables, where they come from, and what they do not show."""
    head = (
        f"Made by `make accuracy` on {found.made.isoformat()} ({machine}; {versions(found)}; "
        f"kneetrack's own model bundle). {clips}: {_count(found)}."
    )
    return "\n\n".join(["# Accuracy", head, *body(found, picture), LIMITS]) + "\n"


def machine_class(cpus: int, name: str = "") -> str:
    """Such as ``x86_64, 2 cores, no GPU``; the analysis uses none."""
    return f"{name or platform.machine()}, {cpus} cores, no GPU"
