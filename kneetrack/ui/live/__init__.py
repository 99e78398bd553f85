"""What the live screen shows: pure drawing of one :class:`~kneetrack.live_records.ScreenState`."""

from kneetrack.ui.live.screen import LiveScreen, screen_size
from kneetrack.ui.live.sheet import contact_sheet

__all__ = ["LiveScreen", "contact_sheet", "screen_size"]
