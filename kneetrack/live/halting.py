"""What cuts short anything that is timed or counted by ear: a pause, pain, walking off."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final, Literal

from kneetrack.live import act_words as say
from kneetrack.live.card import CLOSED
from kneetrack.live.gestures import RaisedArms
from kneetrack.live.plan import Sight, Step
from kneetrack.live.presence import STEADY_S, Presence
from kneetrack.live_records import Heard, ScreenState

ActEnded = Literal["done", "skipped", "pain", "quit", "left", "close"]
"""done: all of it. skipped, pain, quit: by key. left: walked off. close: the window was closed."""

SEEN_S: Final = 3.0
GONE_S: Final = 10.0
BACK_S: Final = 2.0
LEFT_S: Final = 60.0
ASK_AGAIN_S: Final = 20.0
GAP_S: Final = 1.0
"""A longer gap between two looks is the computer's, not the person's."""
_ENDS: Final[dict[str, ActEnded]] = {
    **{CLOSED: "close", "p": "pain", "q": "quit", "esc": "quit", "n": "skipped"}
}
DOING_KEYS: Final = (say.PAUSE, say.SKIP, say.HURTS, say.STOP)
PAUSED_KEYS: Final = (say.GO_ON, say.SKIP, say.HURTS, say.STOP)
_GONE_KEYS: Final = (say.HURTS, say.GO_ON, say.STOP)
_HUSH: Final = Heard(urgent=True)


class Halts:
    """Stands before an act: :meth:`step` first, and the act goes on when that returns None.

    base: what every screen shows. watches: walking off and raised arms count. dt_s: time that
    counts since the last look. resumed: this look is the first after a halt.
    """

    def __init__(self, base: ScreenState, *, watches: bool) -> None:
        self.ended: ActEnded | None = None
        self.dt_s, self.resumed, self._resumes = 0.0, False, False
        self._base, self._watches = base, watches
        self._last_s = math.nan
        self._halt: Literal["", "paused", "asking"] = ""
        self._asked_s = self._asked_again_s = 0.0
        self._presence, self._arms = Presence(), RaisedArms()

    def step(self, sight: Sight) -> Step | None:
        """The step of a halt or of the end; None when the act goes on."""
        key = sight.key.lower()
        since_s = 0.0 if math.isnan(self._last_s) else sight.t_s - self._last_s
        self._last_s = sight.t_s
        self.dt_s = 0.0
        if key in _ENDS:
            self.ended = _ENDS[key]
        if self.ended is not None:
            return Step(self._base, (_HUSH,), finished=True)
        if sight.helping:
            return Step(self._paused_screen())
        halted = self._halted(sight, key)
        if halted is None:
            self.resumed, self._resumes = self._resumes, False
            self.dt_s = min(max(since_s, 0.0), GAP_S)
        return halted

    def _halted(self, sight: Sight, key: str) -> Step | None:
        arms_up = self._look(sight)
        if self._halt == "asking":
            return self._asking(sight, key)
        if key == " " or arms_up:
            return self._toggled()
        if self._halt == "paused":
            return Step(self._paused_screen())
        return self._ask(sight) if self._walked_off() else None

    def _look(self, sight: Sight) -> bool:
        """Whether both arms were raised for a second by now."""
        blind = bool(sight.camera_trouble) or sight.source_ended or not sight.size_px[0]
        if not self._watches or blind:
            self._presence = Presence()
            return False
        self._presence.step(sight.t_s, sight.somebody)
        pose = sight.pose if sight.somebody else None
        return self._arms.step(sight.t_s, pose, lying=sight.lying, calm=True) == "short"

    def _toggled(self) -> Step:
        if self._halt == "paused":
            return self._goes_on()
        self._halt = "paused"
        return Step(self._paused_screen(), (Heard(words=say.PAUSED, urgent=True),))

    def _goes_on(self) -> Step:
        self._halt, self._resumes = "", True
        self._presence = Presence()
        return Step(self._paused_screen(), (Heard(words=say.GOING_ON, urgent=True),))

    def _walked_off(self) -> bool:
        return self._presence.seen_s >= SEEN_S and self._presence.gone_s >= GONE_S

    def _ask(self, sight: Sight) -> Step:
        self._halt, self._asked_s, self._asked_again_s = "asking", sight.t_s, sight.t_s
        heard = Heard("trouble", say.GONE_SAY, urgent=True, within_s=5.0)
        return Step(self._gone_screen(0.0), (heard,))

    def _asking(self, sight: Sight, key: str) -> Step:
        if key == " " or self._presence.here_s >= BACK_S:
            return self._goes_on()
        if self._presence.here_s >= STEADY_S:
            self._asked_s = self._asked_again_s = sight.t_s
        waited_s = sight.t_s - self._asked_s
        if waited_s >= LEFT_S:
            self.ended = "left"
            return Step(self._base, (_HUSH,), finished=True)
        heard: tuple[Heard, ...] = ()
        if sight.t_s - self._asked_again_s >= ASK_AGAIN_S:
            self._asked_again_s = sight.t_s
            heard = (Heard(words=say.GONE_SAY, within_s=5.0),)
        return Step(self._gone_screen(waited_s), heard)

    def _paused_screen(self) -> ScreenState:
        detail = say.PAUSED_ARMS if self._watches else say.PAUSED_KEYS
        return replace(
            self._base, phase="paused", headline=say.PAUSED, detail=detail, choices=PAUSED_KEYS
        )

    def _gone_screen(self, waited_s: float) -> ScreenState:
        return replace(
            self._base,
            phase="rest",
            headline=say.GONE,
            detail=say.GONE_DETAIL,
            choices=_GONE_KEYS,
            countdown=math.ceil(LEFT_S - waited_s),
            progress=waited_s / LEFT_S,
            figure="",
        )
