"""A stage with a clock of its own, on which acts are played look by look."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kneetrack.live.acts import Act
from kneetrack.live.plan import Sight, Step
from kneetrack.live_records import Heard
from tests import motions as m


@dataclass
class Play:
    """Plays one act. ``be`` says what is seen from now on; ``go`` lets time pass."""

    act: Act
    t_s: float = 100.0
    fps: float = 20.0
    sight: Sight = field(default_factory=lambda: Sight(0.0))
    steps: list[Step] = field(default_factory=list)
    heard: list[tuple[float, Heard]] = field(default_factory=list)

    @property
    def now(self) -> Step:
        return self.steps[-1]

    @property
    def over(self) -> bool:
        return bool(self.steps) and self.now.finished

    def be(self, **changes: object) -> Play:
        changes.setdefault("size_px", m.FRONT.size_px)
        self.sight = replace(self.sight, **changes)  # type: ignore[arg-type]
        return self

    def look(self, key: str = "") -> Step:
        assert not self.over, "played on after its end"
        step = self.act.step(replace(self.sight, t_s=self.t_s, key=key))
        self.steps.append(step)
        self.heard += [(self.t_s - 100.0, heard) for heard in step.heard]
        self.t_s += 1 / self.fps
        return step

    def press(self, *keys: str) -> Play:
        for key in keys:
            self.look(key)
        return self

    def go(self, seconds: float) -> Play:
        """Time passes, or until the end."""
        for _ in range(round(seconds * self.fps)):
            if self.over:
                break
            self.look()
        return self

    def until_over(self, most_s: float = 600.0) -> float:
        """To the end; how long it took."""
        began_s = self.t_s
        self.go(most_s)
        assert self.over, "it does not end"
        return self.t_s - began_s

    @property
    def words(self) -> list[str]:
        return [heard.words for _, heard in self.heard if heard.words]

    @property
    def tones(self) -> list[str]:
        return [heard.tone for _, heard in self.heard if heard.tone]

    def at(self, what: str) -> float:
        """When a tone or words were heard first."""
        return next(t for t, heard in self.heard if what in (heard.tone, heard.words))
