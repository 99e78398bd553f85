"""Words that the records are allowed to hold."""

from __future__ import annotations

from typing import Literal, get_args

Complaint = Literal["none", "left", "right", "both"]
"""On which side it hurts."""
Purpose = Literal["measurements", "video", "faces", "cohort"]
"""What a consent allows: to keep numbers and landmarks; to keep clips, too; to show the face in
pictures and clips; to take the numbers, without the code, into a table of many clients."""
Origin = Literal["camera", "clip"]
ViewAsked = Literal["front", "side", "foot_end"]
"""From where a take is to be filmed."""
TrialStatus = Literal["under_way", "good", "rejected", "failed"]
"""under_way: begun, not finished (also after a crash). good: counts. rejected: kept, with a reason,
and does not count. failed: could not be analysed; the reason says why."""
CorrectionKind = Literal["landmark", "bounds", "verdict"]
SheetName = Literal["lsd", "qasls"]
Role = Literal["clinician", "viewer"]
Foot = Literal["left", "right", "both"]
"""Which leg a step of a protocol is about."""

COMPLAINTS: tuple[Complaint, ...] = get_args(Complaint)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
ROLES: tuple[Role, ...] = get_args(Role)
VIEWS_ASKED: tuple[ViewAsked, ...] = get_args(ViewAsked)
