"""Verdicts against somebody's labels, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kneetrack.validation.agreement import RAISED, sensitivity, specificity
from kneetrack.validation.outcome import Labelled
from kneetrack.validation.table import Cell, Column, Table
from kneetrack.validation.tables import share_cells, share_columns
from kneetrack.validation.verdict_tables import COUNTS, RULES, status_cells

_POSITIVE: Final = ("watch", "flag", "bad")


def label_table(labels: Sequence[Labelled]) -> Table:
    """Label against verdict, rule by rule."""
    rows: list[tuple[Cell, ...]] = []
    for rule in sorted({label.rule for label in labels}):
        for said in ("ok", "watch", "flag", "bad", "cannot_tell"):
            own = [x.status for x in labels if x.rule == rule and x.label == said]
            if own:
                words = "watch or flag" if said == "bad" else said.replace("_", " ")
                rows.append((rule, words, *status_cells(own), len(own)))
    columns = (Column("rule", "rule"), Column("label", "label"), *COUNTS)
    return Table(
        "label_confusion",
        "Verdicts against the labels",
        (*columns, Column("n", "n", "count")),
        (*rows,),
    )


def label_detection_table(labels: Sequence[Labelled]) -> Table:
    """Sensitivity and specificity against the labels, rule by rule."""
    rows: list[tuple[Cell, ...]] = []
    for rule in sorted({label.rule for label in labels}):
        own = [label for label in labels if label.rule == rule]
        found = sensitivity(label.status for label in own if label.label in _POSITIVE)
        spared = specificity(label.status for label in own if label.label == "ok")
        rows += [(rule, "sensitivity", *share_cells(found))] if found.n else []
        rows += [(rule, "specificity", *share_cells(spared))] if spared.n else []
    return Table(
        "label_detection",
        "Sensitivity and specificity against the labels",
        (Column("rule", "rule"), Column("what", ""), *share_columns("right")),
        (*rows,),
        RULES + " Labels of cannot tell count in neither.",
    )


def agrees(label: Labelled) -> bool:
    """Whether a verdict is what the label says, watch and flag being apart unless it is "bad"."""
    return label.status in RAISED if label.label == "bad" else label.status == label.label


def disagreement_table(labels: Sequence[Labelled]) -> Table:
    """Every label with another verdict."""
    rows = [
        (x.clip, x.rep or "all", x.side, x.rule, x.label, x.status, x.measure, x.value, x.reason)
        for x in labels
        if not agrees(x)
    ]
    columns = (
        Column("clip", "clip"),
        Column("rep", "rep"),
        Column("side", "side"),
        Column("rule", "rule"),
        Column("label", "label"),
        Column("verdict", "verdict"),
        Column("measure", "by"),
        Column("value", "value", "signed"),
        Column("reason", "reason"),
    )
    return Table("disagreements", "Where verdict and label differ", columns, (*rows,))
