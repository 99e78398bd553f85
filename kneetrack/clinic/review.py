"""A trial under review: its numbers with given corrections, and which ones are possible."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from kneetrack.clinic.again import Retake
from kneetrack.clinic.correction_words import SHORT_ID, in_words
from kneetrack.clinic.hand import bounds_of, edit_of, hand_of, row_bounds
from kneetrack.clinic.landmark_moves import nearest_frame
from kneetrack.clinic.readings import Touched
from kneetrack.clinic.rep_bounds import Bounds, check_bounds
from kneetrack.clinic.touching import counterpart, marked
from kneetrack.clinic_records.visits import Correction
from kneetrack.nearest import did_you_mean
from kneetrack.records import KneetrackError, SettingsError, SideName, Status
from kneetrack.result import CorrectionNote, RepRow, Result
from kneetrack.skeleton import Landmark

ROUNDED_S: Final = 0.005
"""A time so near to the one that holds is that one, rounded in a form."""
OVERLAP_S: Final = 1e-3
"""Repetitions that share more than this lie over each other."""
Draft = dict[str, Any]
"""kind, target, before and after of a correction."""
_Times = tuple[float | None, float | None, float | None]


@dataclass
class Review:
    """A trial and the corrections that stand; every analysis of it is made once."""

    retake: Retake
    standing: Sequence[Correction] = ()
    _made: dict[str, Result] = field(default_factory=dict, repr=False)

    @property
    def base(self) -> Result:
        """The result without any correction, as this version measures it."""
        return self._analysed(())

    @property
    def first(self) -> Result:
        """The result that is kept, with its landmarks, and with frames as this version has them."""
        kept = {"track": self.retake.landmarks.track, "frames": self.base.frames}
        return self.retake.original.model_copy(update=kept)

    @property
    def now(self) -> Result:
        """The result with the corrections that stand."""
        return self._analysed(self.standing)

    def check(self, wanted: Correction) -> None:
        """Whether the analysis goes through with one more. Raises SettingsError."""
        try:
            result = self._analysed((*self.standing, wanted))
        except KneetrackError as error:
            raise SettingsError(f"with this correction nothing can be measured: {error}") from error
        added = wanted.kind == "bounds" and not wanted.before
        if added and "none" in {row.exercise for row in result.reps}:
            raise SettingsError("what was done there cannot be told: it fits no exercise")

    def check_without(self, withdrawn: Correction, standing: Sequence[Correction]) -> None:
        """Whether a correction can be taken back while the others of ``standing`` hold.

        Raises SettingsError when repetitions would then lie over each other: what is in the clip
        once would count twice.
        """
        rest = [c for c in standing if c.id != withdrawn.id]
        reps = [row_bounds(row) for row in self._analysed(rest).reps]
        for i, one in enumerate(reps):
            for other in (b for b in reps[i + 1 :] if one.overlap_s(b) > OVERLAP_S):
                newest = next((c for c in reversed(rest) if _made(c) in (one, other)), None)
                if newest is not None:
                    raise SettingsError(
                        f"without it the repetitions from {one.start_s:.1f} to {one.end_s:.1f} s "
                        f"and from {other.start_s:.1f} to {other.end_s:.1f} s would lie over each "
                        f"other: withdraw {newest.id[:SHORT_ID]} first ({in_words(newest)})"
                    )

    def corrected(self, standing: Sequence[Correction]) -> tuple[Result, Touched]:
        """The result with corrections, marked where they touch it."""
        result, touched = marked(self.base, self._analysed(standing))
        return result.model_copy(update={"corrections": [_note(c) for c in standing]}), touched

    def row(self, rep: int) -> RepRow:
        """A repetition by its number now. Raises SettingsError."""
        rows = self.now.reps
        for row in rows:
            if row.index == rep:
                return row
        known = f"repetitions 1 to {len(rows)}" if rows else "no repetition"
        raise SettingsError(f"there is no repetition {rep}: the take has {known}")

    def origin(self, row: RepRow) -> tuple[int | None, Bounds]:
        """Its number and bounds in the original; no number for one that was added."""
        own = row_bounds(row)
        for correction in reversed(self.standing):
            if correction.kind != "bounds" or bounds_of(correction.after) != own:
                continue
            edit = edit_of(correction)
            numbered = edit.rep is not None and edit.before is not None
            return (edit.rep, edit.before or own) if numbered else (None, own)
        old = counterpart(row, self.base)
        return (old.index, row_bounds(old)) if old else (None, own)

    def _analysed(self, corrections: Sequence[Correction]) -> Result:
        key = repr([(c.kind, c.target, c.before, c.after, c.reason) for c in corrections])
        if key not in self._made:
            asked = self.retake
            hand = None
            if corrections:
                hand = hand_of(corrections, self.base, asked.settings, asked.exercise)
            self._made[key] = asked.analyse(hand)
        return self._made[key]


def _made(correction: Correction) -> Bounds | None:
    """The bounds that a correction gives a repetition."""
    return bounds_of(correction.after) if correction.kind == "bounds" else None


def _note(correction: Correction) -> CorrectionNote:
    return CorrectionNote(
        id=correction.id,
        kind=correction.kind,
        text=in_words(correction),
        reason=correction.reason,
        by=correction.by,
        at=correction.at.isoformat(timespec="seconds"),
    )


def landmark_draft(
    review: Review,
    at_s: float,
    landmark: int | str,
    to_px: tuple[float, float],
    until_s: float | None,
) -> Draft:
    """A landmark put somewhere else. Raises SettingsError."""
    index = landmark_index(landmark)
    track = review.retake.landmarks.track
    first, last = float(track.t_s[0]), float(track.t_s[-1])
    for t_s in (at_s, until_s):
        if t_s is not None and not first - 0.05 <= t_s <= last + 0.05:
            raise SettingsError(f"{t_s:g} s lies outside the clip ({first:.2f} to {last:.2f} s)")
    if until_s is not None and until_s < at_s:
        raise SettingsError(f"until {until_s:g} s lies before {at_s:g} s")
    width, height = track.size_px
    x, y = (float(v) for v in to_px)
    if not (0 <= x <= width and 0 <= y <= height):
        raise SettingsError(
            f"({x:g}, {y:g}) lies outside the picture of {width} by {height} pixels"
        )
    frame = nearest_frame(track.t_s, at_s)
    frames = review.base.frames
    assert frames is not None and frames.xy_px is not None
    shown = [round(float(v), 2) for v in frames.xy_px[frame, index]]
    target: Draft = {"t_s": float(track.t_s[frame]), "landmark": index}
    if until_s is not None:
        target["until_s"] = float(until_s)
    return {
        "kind": "landmark",
        "target": target,
        "before": {"xy_px": shown} if all(map(math.isfinite, shown)) else {},
        "after": {"xy_px": [x, y]},
    }


def landmark_index(landmark: int | str) -> int:
    """Index of a landmark by name or number. Raises SettingsError."""
    if isinstance(landmark, int) or landmark.strip().isdigit():
        index = int(landmark)
        if not 0 <= index < len(Landmark):
            raise SettingsError(f"there is no landmark {index}: they are 0 to {len(Landmark) - 1}")
        return index
    names = [item.name.lower() for item in Landmark]
    wanted = landmark.strip().lower().replace("-", "_").replace(" ", "_")
    if wanted not in names:
        raise SettingsError(f"there is no landmark {landmark!r}: {did_you_mean(wanted, names)}")
    return names.index(wanted)


def rep_draft(
    review: Review, rep: int | None, times: _Times | None, side: SideName | None = None
) -> Draft:
    """A repetition bounded otherwise, struck out (no times) or added (no rep)."""
    row = None if rep is None else review.row(rep)
    number, before = review.origin(row) if row else (None, None)
    after: Draft = {}
    if times is not None:
        after = _bounds(review, row, times)
        if side is not None:
            if side not in get_args(SideName):
                raise SettingsError(f"unknown side {side!r}: use left, right or both")
            after["side"] = side
    return {
        "kind": "bounds",
        "target": {"rep": number},
        "before": _dict(before) if before else {},
        "after": after,
    }


def _bounds(review: Review, row: RepRow | None, times: _Times) -> Draft:
    own = row_bounds(row) if row else None
    held = (own.start_s, own.bottom_s, own.end_s) if own else (math.nan,) * 3
    start_s, bottom_s, end_s = (
        float(old if new is None or abs(new - old) < ROUNDED_S else new)
        for new, old in zip(times, held, strict=True)
    )
    exercise = row.exercise if row else review.retake.exercise
    if exercise == "single_leg_stance":
        bottom_s = end_s
    bounds = Bounds(start_s, bottom_s, end_s)
    t_s = review.retake.landmarks.track.t_s
    others = [row_bounds(other) for other in review.now.reps if other is not row]
    check_bounds(bounds, (float(t_s[0]), float(t_s[-1])), others)
    if bounds == own:
        raise SettingsError("the repetition has these bounds already")
    return _dict(bounds)


def _dict(bounds: Bounds) -> Draft:
    return {"start_s": bounds.start_s, "bottom_s": bounds.bottom_s, "end_s": bounds.end_s}


def overrule_draft(review: Review, rep: int, rule: str, side: SideName, status: Status) -> Draft:
    """Another status for a verdict. Raises SettingsError."""
    if status not in get_args(Status):
        raise SettingsError(f"unknown verdict {status!r}: use {', '.join(get_args(Status))}")
    row = review.row(rep)
    wanted = rule.strip().lower().replace("-", "_").replace(" ", "_")
    told = [v for v in row.verdicts if v.rule == wanted]
    if not told:
        names = list(dict.fromkeys(v.rule for v in row.verdicts))
        near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.0)
        hint = f": did you mean {near[0]!r}?" if near else ""
        raise SettingsError(f"repetition {rep} has no rule {rule!r}{hint}")
    verdict = next((v for v in told if v.side == side), None)
    if verdict is None:
        sides = " or ".join(v.side for v in told)
        raise SettingsError(f"{wanted} of repetition {rep} is told of {sides}, not of {side}")
    if verdict.information:
        raise SettingsError(f"{wanted} is information only: it has no verdict to overrule")
    if verdict.status == status:
        raise SettingsError(f"{wanted} of repetition {rep} is {status} already")
    number, _ = review.origin(row)
    return {
        "kind": "verdict",
        "target": {"rep": number, "rule": wanted, "side": side, "at_s": row.bottom_s},
        "before": {"status": verdict.overruled or verdict.status},
        "after": {"status": status},
    }
