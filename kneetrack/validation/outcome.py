"""What one clip contributes: readings, verdicts, and why it failed where it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from kneetrack.records import Status

TrueClass = Literal["collapse", "grey", "tracking"]
COLLAPSE_KFO: Final = 0.12
"""True knee-over-foot offset (shank lengths) from which a knee must be watch or flag."""
TRACKING_KFO: Final = 0.03
"""True offset up to which a knee must be ok. Between the two either is right."""
OUTSIDE_KFO: Final = -0.08
"""True offset below which a knee is pushed outside its foot, which is no good tracking either."""
FRONT_YAW_DEG: Final = 15.0
"""Camera yaw up to which a knee must be judged."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One number against its truth.

    yaw_deg, flexion_deg: the true camera yaw and the true knee flexion at that instant (None for
    what belongs to the whole clip). rep: 1-based, 0 = the whole clip. value is None with a reason
    where nothing was measured. error: the stated standard error, None where none is stated.
    """

    clip: str
    body: str
    exercise: str
    view: str
    yaw_deg: float
    flexion_deg: float | None
    rep: int
    side: str
    measure: str
    unit: str
    value: float | None
    truth: float
    error: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LegVerdict:
    """knee_valgus of one leg over a clip against its true offset at the bottom (median)."""

    clip: str
    body: str
    exercise: str
    yaw_deg: float
    side: str
    true_kfo: float
    status: Status
    measure: str = ""
    value: float | None = None
    reason: str = ""

    @property
    def true_class(self) -> TrueClass:
        """collapse, tracking, or grey between them."""
        if self.true_kfo >= COLLAPSE_KFO:
            return "collapse"
        return "tracking" if self.true_kfo <= TRACKING_KFO else "grey"


@dataclass(frozen=True, slots=True)
class Tracking:
    """A clip whose judged knees track, seen squarely, and what was raised on it all the same.

    raised: (rule, side, status) of every watch or flag that is not for information only.
    """

    clip: str
    body: str
    exercise: str
    yaw_deg: float
    flexion_deg: float
    worst_kfo: float
    raised: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """Exercise and working side, true and found; sides are None where both legs work."""

    clip: str
    true_exercise: str
    exercise: str
    true_side: str | None
    side: str | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """One label beside the verdict that answers it. rep 0 = the whole clip."""

    clip: str
    rep: int
    side: str
    rule: str
    label: str
    status: Status
    measure: str = ""
    value: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClipOutcome:
    """All of one clip; ``failure`` is why there is nothing, empty otherwise."""

    clip: str
    readings: tuple[Reading, ...] = ()
    legs: tuple[LegVerdict, ...] = ()
    tracking: Tracking | None = None
    recognised: Recognised | None = None
    labelled: tuple[Labelled, ...] = ()
    failure: str = ""
