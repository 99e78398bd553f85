"""What the rest of kneetrack asks of a pose model."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

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


@runtime_checkable
class Outlines(Protocol):
    """A pose model that also draws the outline of one person."""

    def outline(self, frame: Frame) -> tuple[NDArray[np.bool_] | None, Pose]:
        """The outline, (H, W) True inside, None when nobody is seen; and their pose.

        Frames come in order of time. It follows the person by itself, apart from ``track``.
        """
        ...
