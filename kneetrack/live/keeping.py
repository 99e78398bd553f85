"""What is kept of a live session: its landmarks as they come, and the result at its end."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kneetrack import __version__
from kneetrack.analysis import Question
from kneetrack.folders import new_session_folder, sessions_folder
from kneetrack.outputs import Wanted, Written, write_joined_report, write_take
from kneetrack.recorded import SESSION_FILE, ClipOptions, Landmarks, analyse_landmarks
from kneetrack.records import Frame, OutputError, PeopleInfo, Pose, PoseTrack
from kneetrack.report.journal import JournalWriter
from kneetrack.report.journalreading import PAUSE, TAKE, TAKE_AGAIN, read_journal

if TYPE_CHECKING:
    from kneetrack.report.recording import LiveVideo
    from kneetrack.ui.blur import FaceBlur

VIDEO_FILE = "session.mp4"
Follow = Callable[[PoseTrack], tuple[PoseTrack, PeopleInfo]]
"""What the follower of one person makes of the whole track."""


@dataclass(frozen=True, slots=True)
class Keep:
    """What to keep, and where. out: the folder; None: a new one under the user's data folder."""

    out: Path | None = None
    record: bool = False
    blur_face: bool = False


@dataclass(frozen=True, slots=True)
class Versions:
    """What made the landmarks."""

    mediapipe: str
    model_sha256: str


@dataclass
class Keeper:
    """Writes a session as it happens. Use it in a ``with`` block; then :meth:`finish`.

    A full disk does not end the set: ``trouble`` then says so, and what was written stays.
    """

    keep: Keep
    exercise: str
    versions: Versions
    folder: Path = field(init=False)
    trouble: str = ""
    taking: bool = False
    _takes: int = 0
    _again_s: float | None = None
    _journal: JournalWriter | None = None
    _video: LiveVideo | None = None
    _blur: FaceBlur | None = None

    def __enter__(self) -> Keeper:
        if self.keep.out is not None:
            self.folder = self.keep.out
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutputError(f"cannot make {self.folder}: {error.strerror}") from error
            if (self.folder / SESSION_FILE).exists():
                raise OutputError(
                    f"{self.folder} already holds a session: give another folder with --out"
                )
        else:
            self.folder = new_session_folder(sessions_folder(), datetime.now(), self.exercise)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the files. Calling it twice does no harm."""
        self._end_video()
        journal, self._journal = self._journal, None
        if journal is not None:
            journal.__exit__(None, None, None)

    def _end_video(self) -> None:
        video, self._video = self._video, None
        if video is not None:
            try:
                video.__exit__(None, None, None)
            except OutputError as error:
                self.trouble = str(error)

    def frame(self, frame: Frame, pose: Pose) -> None:
        """Keep one frame: its raw landmarks, and its picture while a take is recorded."""
        try:
            self._open(frame).write(pose)
            if self.keep.record and self.taking:
                self._record(frame, pose)
        except OutputError as error:
            self.trouble = str(error)

    def begin_take(self, t_s: float) -> None:
        """What follows counts: standing still, the countdown and the set."""
        self._mark(f"{TAKE}_start", t_s)
        self.taking = True

    def end_take(self, t_s: float) -> None:
        """The set is over."""
        if self.taking:
            self._mark(f"{TAKE}_end", t_s)
            self._takes += self._again_s != t_s
        self.taking = False

    def again(self, t_s: float) -> None:
        """What the take had so far does not count; nor its video, if it is the first."""
        if not self.taking:
            return
        self._mark(TAKE_AGAIN, t_s)
        self._again_s = t_s
        if self._video is not None and not self._takes:
            self._end_video()
            (self.folder / VIDEO_FILE).unlink(missing_ok=True)

    def pause(self, t_s: float, *, on: bool) -> None:
        """A pause begins or ends."""
        self._mark(f"{PAUSE}_{'start' if on else 'end'}", t_s)

    def note(self, text: str) -> None:
        """A sentence for the report."""
        if self._journal is not None:
            self._journal.add_note(text)

    def _mark(self, kind: str, t_s: float) -> None:
        if self._journal is None:
            return
        try:
            self._journal.mark(kind, t_s)
        except OutputError as error:
            self.trouble = str(error)

    def _open(self, frame: Frame) -> JournalWriter:
        if self._journal is None:
            facts = {
                "name": self.folder.name,
                "versions": {
                    "kneetrack": __version__,
                    "mediapipe": self.versions.mediapipe,
                    "model sha256": self.versions.model_sha256,
                },
            }
            self._journal = JournalWriter(self.folder / SESSION_FILE, frame.size_px, facts)
            self._journal.__enter__()
        return self._journal

    def _record(self, frame: Frame, pose: Pose) -> None:
        from kneetrack.report.recording import LiveVideo

        if self._video is None:
            self._video = LiveVideo(self.folder / VIDEO_FILE, frame.size_px, fps=30.0)
            self._video.__enter__()
        if self.keep.blur_face and self._blur is None:
            from kneetrack.ui.blur import FaceBlur

            self._blur = FaceBlur()
        image = frame.image if self._blur is None else self._blur.apply(frame.image, pose)
        self._video.write(image, frame.t_s)

    def finish(self, question: Question, follow: Follow) -> Written | None:
        """Analyse what was kept by the recorded path and write everything; None: nothing was.

        Raises a KneetrackError; the landmarks stay.
        """
        landmarks = self.landmarks(follow)
        if landmarks is None:
            self._leave_nothing()
            return None
        result = analyse_landmarks(
            landmarks,
            exercise=question.exercise,
            bridge=question.bridge_mode,
            settings=question.settings,
        )
        video = self.folder / VIDEO_FILE
        written = write_take(
            result,
            video if video.is_file() else None,
            self.folder,
            question.settings,
            Wanted(video=False, report=True),
            ClipOptions(),
        )
        if video.is_file():
            written = replace(written, video=video)
            written.files.append(video)
        written.files.append(write_joined_report([written], self.folder))
        written.files.append(self.folder / SESSION_FILE)
        return written

    def landmarks(self, follow: Follow) -> Landmarks | None:
        """What was kept of the takes, on a clock of its own; None: there was none. Ends the files.

        The video that was recorded of them is on the same clock. Raises SourceError.
        """
        self.close()
        journal_file = self.folder / SESSION_FILE
        if not journal_file.is_file():
            return None
        journal = read_journal(journal_file)
        if not journal.takes():
            return None
        track, people = follow(journal.stored.track)
        stored = replace(journal, stored=replace(journal.stored, track=track)).kept()
        return Landmarks(
            stored.track, stored.clip, people, self.versions.model_sha256, self.versions.mediapipe
        )

    def _leave_nothing(self) -> None:
        """No set was begun: an empty session is not kept, unless the folder was chosen."""
        if self.keep.out is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            (self.folder / SESSION_FILE).unlink(missing_ok=True)
