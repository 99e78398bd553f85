"""Edits folded over repetitions that were found, without a person: bounds in, bounds out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kneetrack.analysis import smooth_track
from kneetrack.clinic import rep_bounds
from kneetrack.clinic.rep_bounds import Bounds, Place, RepEdit
from kneetrack.posture import describe
from kneetrack.sets import Found, FoundRep, FoundSet
from kneetrack.settings import Settings
from tests import motions as mo


def edited(found: Sequence[Bounds], edits: Sequence[RepEdit]) -> list[Bounds]:
    """Bounds of the repetitions that are left."""
    posture = describe(smooth_track(mo.film(mo.squats())))
    place = Place(posture, np.zeros(len(posture.t_s)), Settings(), "squat")
    reps = [FoundRep(place.dip(bounds, "squat"), "squat", "both") for bounds in found]
    sets = [FoundSet("squat", reps, 0, len(posture.t_s))] if reps else []
    left = rep_bounds.edited(Found(sets, [], "squat"), edits, place)
    return [
        Bounds(rep.dip.start_s, rep.dip.bottom_s, rep.dip.end_s)
        for part in left.sets
        for rep in part.reps
    ]
