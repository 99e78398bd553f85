"""The coaching bands of a report, and what was prescribed beside them."""

from __future__ import annotations

from collections.abc import Iterable

from kneetrack.clinic import report_rows
from kneetrack.clinic.report_visit import Visit
from kneetrack.guide import load_page
from kneetrack.report import bands as bands_of
from kneetrack.report import glossary
from kneetrack.report.clinic.facts import Band


def coaching_bands(about: Visit) -> tuple[Band, ...]:
    """The bands that decided something, then the limits of depth that were prescribed."""
    found: dict[tuple[str, str], Band] = {}
    for _, trial in about.takes():
        result = about.results.get(trial.id)
        if result is None:
            continue
        rows = bands_of.collect(result.provenance.thresholds)
        decided = {(v.rule, glossary.stem(v.measure)) for v in result.summary if not v.information}
        for band in rows:
            if (band.rule, band.measure) in decided and band.exercise in ("", result.exercise):
                key = band.rule, band.ok_text
                found[key] = Band(
                    glossary.rule(band.rule).name,
                    glossary.measure(band.measure, band.unit).short,
                    band.ok_text,
                    band.flag_text,
                    band.reference,
                )
    return (*found.values(), *_prescribed(about))


def _prescribed(about: Visit) -> Iterable[Band]:
    """The limits that were prescribed when the session was."""
    limits = about.limits
    if limits is None:
        return
    measured = {(v.key.exercise, v.key.measure) for v in about.now.values if v.value is not None}
    for (exercise, measure), reader in limits.readers.items():
        if (exercise, measure) in measured and reader.above is not None:
            yield Band(
                f"Prescribed limit, {load_page(exercise).title.lower()}",
                report_rows.label(measure),
                f"up to {reader.above.watch:g}°",
                f"above {reader.above.flag:g}°",
                f"prescription {limits.number}",
            )
