"""The exercises: one file each, found by themselves.

A module in this package that defines ``EXERCISE`` is an exercise. Rules, bands, cues and
references live there; ``rules.py`` holds what they are made of.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from kneetrack.exercises.rules import Exercise


@cache
def all_exercises() -> dict[str, Exercise]:
    """Name -> exercise, in alphabetical order of the files."""
    found: dict[str, Exercise] = {}
    for module in pkgutil.iter_modules(__path__):
        exercise = getattr(import_module(f"{__name__}.{module.name}"), "EXERCISE", None)
        if isinstance(exercise, Exercise):
            found[exercise.name] = exercise
    return found
