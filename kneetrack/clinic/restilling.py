"""Stills of a trial that was corrected: made anew, of the moments and landmarks as they now stand.

Photographs come from the kept clip alone, whose faces are blurred already where they must be; where
there is none, or it has no picture of that moment, the figure is drawn. The first stills are not
kept: the clip, the landmarks and the first result are.
"""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from kneetrack.clinic.moments import moments
from kneetrack.clinic.stills import SAME_PICTURE_S, Stills, drawn_stills, still_file
from kneetrack.clinic_records.visits import CLIP_FILE, STILL_PREFIX
from kneetrack.records import NobodySeenError, SourceError
from kneetrack.report.writing import output_error, write_bytes

if TYPE_CHECKING:
    from kneetrack.result import Result
    from kneetrack.store.store import Store

_LEFT_OVER: Final = ".part-*"
"""What a program that was killed while it wrote has left (report/writing.py)."""


def restill(store: Store, trial_id: str, result: Result) -> None:
    """Put stills of this result in the place of those there are; result: with frames and track.

    A consent that does not allow video leaves drawn figures alone. Raises OutputError.
    """
    client_id = store.session(store.trial(trial_id).session_id).client_id
    consent = store.consent_now(client_id)
    video = consent is not None and "video" in consent.facts.allows
    folder = store.trial_folder(trial_id)
    clip = folder / CLIP_FILE
    shot = photographed(result, clip) if video and clip.is_file() else {}
    written = [write_bytes(folder / still_file(key), data) for key, data in shot.items()]
    missing = [moment.key for moment in moments(result) if moment.key not in shot]
    written += drawn_stills(result, folder, missing).values()
    _remove_others(folder, {path.name for path in written})


def photographed(result: Result, clip: Path) -> dict[str, bytes]:
    """JPEG of the moments of a result that a kept clip has pictures of; none of one unreadable."""
    track = result.track
    if track is None or not len(track):
        return {}
    stills = Stills(result)
    first_s = float(track.t_s[0])
    with suppress(SourceError, NobodySeenError):
        _look(stills, result, clip, first_s)
    return {key: stills.jpeg(key) for key in stills.images}


def _look(stills: Stills, result: Result, clip: Path, first_s: float) -> None:
    """Show the clip's pictures around the moments, as large as the clip once was."""
    from kneetrack.sources.clip import ClipSource
    from kneetrack.ui.overlay import fit

    wanted = [moment.t_s for moment in moments(result)]
    last_s = max(wanted) - first_s + 2 * SAME_PICTURE_S
    if not (wanted and math.isfinite(last_s) and last_s > 0):
        return
    size_px = result.source.size_px
    with ClipSource(clip, end_s=last_s, speed=1.0) as source:
        for frame in source:
            t_s = first_s + frame.t_s
            if min(abs(t_s - at_s) for at_s in wanted) < SAME_PICTURE_S:
                image, _ = fit(frame.image, np.empty((0, 2), np.float32), size_px)
                stills.look(image, t_s)


def _remove_others(folder: Path, kept: set[str]) -> None:
    """Stills of moments that are none any more, and what a kill has left."""
    for path in (*folder.glob(f"{STILL_PREFIX}*"), *folder.glob(_LEFT_OVER)):
        if path.name not in kept:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise output_error(path, error) from error
