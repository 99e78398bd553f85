"""Everybody in one picture."""

from __future__ import annotations

from typing import Final

from kneetrack.pose.blank import without_people
from kneetrack.pose.people import newly_found
from kneetrack.pose.protocol import PoseBackend
from kneetrack.pose.sight import Sighting, sight
from kneetrack.records import Frame

MOST_PEOPLE: Final = 5


def everybody(backend: PoseBackend, frame: Frame, expected: int = MOST_PEOPLE) -> list[Sighting]:
    """All whom the model finds.

    It overlooks people beside clearer ones (who lies, beside who stands): until ``expected`` are
    found, those found are painted over and it is asked again.
    """
    sightings: list[Sighting] = []
    rest = frame
    while len(sightings) < max(expected, 1):
        poses = backend.find_people(rest, MOST_PEOPLE)
        found = [s for s in (sight(frame, pose) for pose in poses) if s is not None]
        new = newly_found(sightings, found)
        if not new:
            break
        sightings += new
        rest = without_people(frame, sightings)
    return sightings
