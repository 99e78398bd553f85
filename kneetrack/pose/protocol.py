"""What the rest of kneetrack asks of a pose model."""

from __future__ import annotations

from typing import Protocol

from kneetrack.records import Frame, Pose


class PoseBackend(Protocol):
    """A pose model that follows one person and, when asked, finds everybody.

    Landmarks follow :mod:`kneetrack.skeleton`; points that the model lacks are NaN.
    """

    def track(self, frame: Frame) -> Pose:
        """The one person that the model is following, or :meth:`Pose.unseen`.

        Frames come in order of time. What is found in one frame guides the search in the next.
        """
        ...

    def find_people(self, frame: Frame, max_people: int) -> list[Pose]:
        """Everybody in this one frame, at most ``max_people``, without any memory."""
        ...

    def reset(self) -> None:
        """Forget the person followed: the next :meth:`track` searches the whole picture."""
        ...

    def close(self) -> None:
        """Free the model. Calling it twice does no harm."""
        ...
