"""Repair of a whole track: left and right exchanged, landmarks made up."""

from __future__ import annotations

from kneetrack.pose.invented import Reason, drop_invented
from kneetrack.pose.swaps import repair_swaps

__all__ = ["Reason", "drop_invented", "repair_swaps"]
