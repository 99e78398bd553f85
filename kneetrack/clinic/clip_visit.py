"""A visit from clips that were filmed: the plan, then one clip after the other into the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kneetrack.clinic.intake import check_trial, take_clip
from kneetrack.clinic.matching import Match, Matching, takes_named
from kneetrack.clinic.naming import trial_name
from kneetrack.clinic.takecheck import TakeCheck
from kneetrack.clinic.visit import Take, Visit, Wanted, open_session
from kneetrack.clinic_records.visits import Session, Trial
from kneetrack.recorded import ClipOptions, Landmarks, Progress
from kneetrack.records import NobodySeenError, SourceError
from kneetrack.settings import Settings

if TYPE_CHECKING:
    from kneetrack.store.store import Store

_KEPT = ("good", "rejected")
"""A clip with such a trial is not measured again: a rejected one was rejected on purpose."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A clip and what will be done with it. match None: it is to be looked at first."""

    clip: Path
    sha256: str
    match: Match | None = None
    skip: str = ""


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """All clips in the order in which they are measured. session: to go on with; None: a new one.

    Clips that are to be looked at come first, so that a clip that was named counts in their place.
    """

    clips: tuple[Planned, ...]
    session: Session | None = None
    notes: tuple[str, ...] = ()

    @property
    def to_do(self) -> list[Planned]:
        """The clips that are not passed over."""
        return [clip for clip in self.clips if not clip.skip]


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of a clip. trial None: none was made of it, ``text`` says why and what to do."""

    clip: Path
    trial: Trial | None
    check: TakeCheck | None
    text: str

    @property
    def good(self) -> bool:
        """Whether it counts and is what was asked for."""
        return self.check is not None and self.check.good


@dataclass(frozen=True, slots=True)
class Reading:
    """How the clips are read."""

    options: ClipOptions = ClipOptions()  # noqa: RUF009 - frozen, and of defaults alone
    settings: Settings | None = None


def plan_clips(
    store: Store, wanted: Wanted, matching: Matching, now: datetime | None = None
) -> ClipPlan:
    """What will be measured, and what is there already. Changes nothing.

    Raises SourceError when a clip cannot be opened at all, UnknownRecordError.
    """
    session = open_session(store, wanted, now or datetime.now(UTC))
    client = store.client(wanted.client)
    here = [] if session is None else store.trials(session.id)
    done = [trial for trial in here if trial.status in _KEPT]
    elsewhere: dict[str, int] = {}
    for other in store.sessions(client.id):
        if not wanted.new and (session is None or other.id != session.id):
            elsewhere |= {
                t.clip_sha256: other.number for t in store.trials(other.id) if t.status in _KEPT
            }
    planned = []
    for clip, match in _all_clips(matching):
        sha = _sha256(clip)
        skip = _known(sha, match, done) or _other_visit(sha, elsewhere)
        planned.append(Planned(clip, sha, match, skip))
    planned += [Planned(clip, "", None, why) for clip, why in matching.foreign]
    return ClipPlan(tuple(_once(planned)), session, matching.notes)


def _all_clips(matching: Matching) -> Iterator[tuple[Path, Match | None]]:
    for clip in matching.unmatched:
        yield clip, None
    for match in matching.matches:
        yield match.clip, match


def _known(sha: str, match: Match | None, done: Sequence[Trial]) -> str:
    """Why a clip is passed over that this session has already."""
    for trial in done:
        same = match is None or (match.step.key, match.view) == (trial.step, trial.view)
        if trial.clip_sha256 == sha and same:
            if trial.status == "good" or trial.reason == "repeated":
                return f"measured already, as {trial_name(trial)}"
            return f"rejected as {trial_name(trial)}: {trial.reason}"
    return ""


def _other_visit(sha: str, elsewhere: dict[str, int]) -> str:
    if sha not in elsewhere:
        return ""
    return f"it is in session {elsewhere[sha]} already (--new-session measures it again)"


def _once(planned: list[Planned]) -> Iterator[Planned]:
    """The same clip for the same take is measured once."""
    seen: set[tuple[str, str]] = set()
    for clip in planned:
        key = (clip.sha256, clip.match.take if clip.match else "")
        if key in seen and not clip.skip:
            yield replace(clip, skip="the same clip as one before it")
        else:
            yield clip
        seen.add(key)


def _sha256(clip: Path) -> str:
    """Of the clip; of landmarks that of the clip they are of."""
    from kneetrack.recorded import holds_landmarks, stored_landmarks

    try:
        if holds_landmarks(clip):
            with suppress(SourceError):
                return stored_landmarks(clip).clip.sha256
        with clip.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"cannot read {clip}: {error.strerror}") from error


def measure_clips(
    store: Store,
    visit: Visit,
    plan: ClipPlan,
    reading: Reading,
    progress: Progress | None = None,
) -> Iterator[Measured]:
    """One clip after the other; what became of each, as it is known.

    What is wrong with one clip does not stop the rest; what is not a clip's doing ends it.
    """
    for planned in plan.to_do:
        yield measure_clip(store, visit, planned, reading, progress)


def measure_clip(
    store: Store,
    visit: Visit,
    planned: Planned,
    reading: Reading,
    progress: Progress | None = None,
) -> Measured:
    """One clip into the store. Raises a KneetrackError that is not the clip's doing."""
    match, landmarks = planned.match, None
    if match is None:
        try:
            match, landmarks = _look(visit, planned, reading, progress)
        except (SourceError, NobodySeenError) as error:
            return Measured(planned.clip, None, None, str(error))
    return _measure(store, visit, match, landmarks, reading, progress)


def _look(
    visit: Visit, planned: Planned, reading: Reading, progress: Progress | None
) -> tuple[Match, Landmarks]:
    """What the clip is taken for. Raises NobodySeenError where that cannot be told."""
    from kneetrack.clinic.seeing import see_take
    from kneetrack.recorded import holds_landmarks, read_landmarks, stored_landmarks

    clip = planned.clip
    if holds_landmarks(clip):
        landmarks = stored_landmarks(clip)
    else:
        landmarks = read_landmarks(clip, reading.options, progress)
    named: list[Take] = takes_named(visit.protocol, clip.stem)
    seen = see_take(named or visit.protocol.takes(), landmarks, reading.settings)
    if seen.take is None:
        raise NobodySeenError(f"left out: {seen.why_not}")
    return Match(clip, *seen.take, f"it looks like {seen.looks}"), landmarks


def _measure(
    store: Store,
    visit: Visit,
    match: Match,
    landmarks: Landmarks | None,
    reading: Reading,
    progress: Progress | None,
) -> Measured:
    trial = store.begin_trial(visit.session.id, match.step.key, match.view, "clip")
    trial = take_clip(
        store,
        trial.id,
        match.step,
        match.clip,
        landmarks=landmarks,
        options=reading.options,
        settings=reading.settings,
        progress=progress,
    )
    took = f"({match.why}) " if landmarks is not None else ""
    check = check_trial(store, trial, match.step)
    if check is None:
        return Measured(match.clip, trial, None, f"{took}not measured: {trial.reason}")
    return Measured(match.clip, trial, check, took + check.text)
