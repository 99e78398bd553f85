"""kneetrack: measure how the knees track in squats, bridges and lateral lunges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Result", "__version__", "analyse", "analyse_landmarks"]

if TYPE_CHECKING:
    from kneetrack.recorded import analyse, analyse_landmarks
    from kneetrack.result import Result


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``import kneetrack`` costs nothing."""
    if name in ("analyse", "analyse_landmarks"):
        from kneetrack import recorded

        return getattr(recorded, name)
    if name == "Result":
        from kneetrack.result import Result

        return Result
    raise AttributeError(f"module 'kneetrack' has no attribute {name!r}")
