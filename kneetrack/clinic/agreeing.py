"""Differences that agree with the two numbers beside them."""

from __future__ import annotations

from kneetrack.clinic import catalogue


def difference_beside(
    measure: str,
    before: float | None,
    after: float | None,
    error: float | None = None,
) -> str:
    """``after`` less ``before`` as it stands beside the two, brief and signed: "−19 %".

    With one more decimal where rounding makes it another than what the two, as shown, differ by:
    "+6 %", "0 %", "−5.4 %". A dash where either is None.
    """
    if before is None or after is None:
        return catalogue.difference_text(measure, None)
    about = catalogue.info(measure)
    difference = after - before
    shown, old, new = (_whole(v, about) for v in (difference, before, after))
    more = 0 if shown == new - old else 1
    return catalogue.written(measure, difference, error, brief=True, signed=True, more_places=more)


def _whole(value: float, about: catalogue.MeasureInfo) -> int:
    """A value in units of its last decimal shown."""
    return round(round(value * about.factor, about.places) * 10.0**about.places)
