"""Make the pictures of the live screen, from samples/ alone.

python docs/make_live_pictures.py [FOLDER]

Without a folder the few that the pages show are written to docs/pictures; with one, every state
in 16:9, 4:3 and upright, and the sets as people with red-green colour blindness see them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from clips import Array, bottom, joints, picture

from kneetrack.live.help_keys import help_rows
from kneetrack.live.phrases import SET_KEYS
from kneetrack.live.showing import WINDOW_KEYS
from kneetrack.live_records import Gauge, ScreenState, SummaryLine
from kneetrack.records import Status
from kneetrack.ui.live import LiveScreen, contact_sheet, screen_size
from kneetrack.ui.style import ImageU8

FOLDER = Path(__file__).resolve().parent / "pictures"
SHAPES = {"16x9": 16 / 9, "4x3": 4 / 3, "upright": 9 / 16}
WITH = ("set-in", "set-unsure", "framing", "view", "countdown", "rest", "summary", "trouble")
KEYS = help_rows(SET_KEYS, WINDOW_KEYS)
LINES = (
    SummaryLine("Squat, 3 sets", "10 + 10 + 10 reps", "ok"),
    SummaryLine("Left knee", "good", "ok"),
    SummaryLine("Right knee falls inward", "22 ± 3 %", "flag"),
    SummaryLine("Trunk leans", "14 ± 2°", "watch"),
)
COLOUR_BLIND = {
    "protan": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deutan": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
}
"""Machado, Oliveira and Fernandes 2009, severity 1; for red, green, blue, linear."""


@dataclass(frozen=True)
class Shot:
    """A frame of a sample and the state over it."""

    clip: str
    index: int
    state: ScreenState
    grow: float = 1.0


def main() -> None:
    """Write the pictures and print their sizes."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, shot in shots().items():
        for shape, ratio in SHAPES.items():
            if len(sys.argv) > 1:
                image = drawn(shot, ratio)
                save(folder / f"{name}-{shape}.jpg", image)
                if name.startswith("set") and shape == "16x9":
                    for kind in (*COLOUR_BLIND, "grey"):
                        save(folder / f"{name}-{kind}.jpg", as_seen(image, kind))
            elif shape == "16x9" and name in WITH:
                save(folder / f"live-{name}.jpg", drawn(shot, ratio))
            elif name == "set-in":
                save(folder / f"live-{name}-{shape}.jpg", drawn(shot, ratio))
    save(folder / "live-cameras.jpg", cameras())


def shots() -> dict[str, Shot]:
    """Every state of the screen."""
    low = {name: bottom(name) for name in ("sq_in30_right_ben", "sq_good_anna", "sq_in20_anna")}
    ben, anna = low["sq_in30_right_ben"], low["sq_good_anna"]
    small = ScreenState("framing", rate_fps=30, delay_ms=62, title="Squat", set_number=1)
    small = replace(small, sets_total=3, reps_total=10)
    up = Shot("sq_good_anna", 0, small)
    squat = replace(small, phase="set", recording=True)

    def say(phase: str, headline: str, detail: str = "", **more: object) -> Shot:
        state = replace(small, phase=phase, headline=headline, detail=detail, **more)  # type: ignore[arg-type]
        return replace(up, state=state)

    return {
        "starting": say("starting", "Starting the camera", "This takes a few seconds"),
        "framing": replace(
            say("framing", "Step back: I cannot see your feet", set_number=0), grow=1.45
        ),
        "framing-lying": Shot(
            "bridge_side_low",
            0,
            replace(small, lying=True, headline="Move the camera back", title="Glute bridge"),
            1.3,
        ),
        "view": say("view", "Turn a little to your left", "Space starts anyway", turn_deg=15.0),
        "view-right": say("view", "Turn to your right", "So that I see you side on", turn_deg=-90),
        "still": say("still", "Stand still", "Feet as wide as your hips", progress=0.6),
        "countdown": say("countdown", "Get ready", "", countdown=3),
        "set-good": Shot("sq_good_anna", anna, squat_state(squat, "ok", "ok", 0.2, -0.5, 3)),
        "set-in": Shot(
            "sq_in30_right_ben",
            ben,
            replace(
                squat_state(squat, "ok", "flag", 0.3, 2.6, 4),
                cue="Point your right knee over your second toe",
                cue_status="flag",
            ),
        ),
        "set-watch": Shot(
            "sq_in20_anna",
            low["sq_in20_anna"],
            replace(
                squat_state(squat, "watch", "watch", 1.5, 1.4, 7),
                cue="Spread the floor",
                cue_status="watch",
            ),
        ),
        "set-unsure": Shot(
            "sq_good_anna",
            anna,
            replace(
                squat_state(squat, "cannot_tell", "ok", None, 0.4, 2),
                note="left foot hidden",
                sound_on=False,
            ),
        ),
        "set-praise": Shot(
            "sq_good_anna",
            anna,
            replace(
                squat_state(squat, "ok", "ok", 0.1, 0.4, 14, total=None),
                cue="That's it, knees stay out",
                recording=False,
            ),
        ),
        "set-lunge": Shot(
            "lunge_R_depth115",
            bottom("lunge_R_depth115"),
            replace(
                squat_state(squat, "resting", "flag", None, 2.4, 1, total=12),
                title="Lateral lunge",
                cue="Not so deep: sit back to a chair",
                cue_status="flag",
            ),
        ),
        "set-bridge": Shot(
            "bridge_side_low",
            bottom("bridge_side_low"),
            replace(
                squat_state(squat, "ok", "cannot_tell", 0.1, None, 5, total=12),
                title="Glute bridge",
                cue="Lift until your body is a straight ramp",
                cue_status="watch",
            ),
        ),
        "paused": replace(
            say("paused", "Paused", "Space or raised arms go on", reps_done=4, progress=0.35),
            index=anna,
        ),
        "rest": say(
            "rest",
            "Rest",
            "Next: set 2 of 3. Space skips the rest",
            countdown=42,
            progress=0.3,
            reps_done=10,
            rep_marks=marks(10),
        ),
        "summary": say(
            "summary",
            "All sets done. Well done.",
            "The report is in /home/anna/.local/share/kneetrack/sessions/2026-11-24_1830_squat",
            summary=LINES,
        ),
        "trouble": say(
            "trouble",
            "Integrated Camera is gone: plug it in again",
            "Trying again. What was done is kept.",
        ),
        "help": Shot(
            "sq_good_anna",
            anna,
            replace(squat_state(squat, "ok", "ok", 0.2, 0.5, 3), help=True, keys=KEYS),
        ),
    }


def squat_state(
    state: ScreenState,
    left: Status | str,
    right: Status | str,
    left_at: float | None,
    right_at: float | None,
    done: int,
    total: int | None = 10,
) -> ScreenState:
    """A set under way."""
    gauges = tuple(
        Gauge(status, at, "" if at is None else f"{'in' if at > 0 else 'out'} {abs(9 * at):.0f} %")  # type: ignore[arg-type]
        for status, at in ((left, left_at), (right, right_at))
    )
    return replace(
        state,
        gauges=(gauges[0], gauges[1]),
        reps_done=done,
        reps_total=total,
        rep_marks=marks(done),
        depth_fraction=0.85,
    )


def marks(count: int) -> tuple[Status, ...]:
    """Marks of repetitions, some of them not good."""
    row: tuple[Status, ...] = ("ok", "ok", "watch", "flag", "ok", "ok", "cannot_tell")
    return (row * 5)[:count]


def drawn(shot: Shot, ratio: float) -> ImageU8:
    """The screen of a shot in a shape (width over height), mirrored as people see themselves."""
    image, xy = filmed(shot, ratio)
    screen = LiveScreen(screen_size((image.shape[1], image.shape[0])))
    return screen.draw(image, replace(shot.state, xy_px=xy))


def filmed(shot: Shot, ratio: float) -> tuple[ImageU8, Array]:
    """A frame of a sample and its joints as a camera of that shape would give them."""
    image, xy = picture(shot.clip, shot.index), joints(shot.clip)[shot.index]
    height, width = image.shape[:2]
    lying = shot.clip.startswith("bridge")
    out_h = round(width / ratio) if lying and ratio < 1 else height
    size = (round(out_h * ratio), out_h)
    move = np.array(
        [
            [shot.grow, 0, size[0] / 2 - shot.grow * width / 2],
            [0, shot.grow, (size[1] - height) / 2 - 0.30 * height * (shot.grow - 1)],
        ]
    )
    inside = image[:, 50 : width - 50] if not lying else image
    image = cv2.copyMakeBorder(inside, 0, 0, 50, 50, cv2.BORDER_REPLICATE) if not lying else image
    view = cv2.warpAffine(image, move, size, borderMode=cv2.BORDER_REPLICATE)
    xy = xy @ move[:, :2].T + move[:, 2]
    xy[(xy[:, 1] >= size[1]) | (xy[:, 0] < 0) | (xy[:, 0] >= size[0])] = np.nan
    scale = 720 / min(size)
    small = (round(size[0] * scale), round(size[1] * scale))
    return np.asarray(cv2.resize(view, small, interpolation=cv2.INTER_AREA), np.uint8), xy * scale


def as_seen(image: ImageU8, kind: str) -> ImageU8:
    """A picture as someone with a colour blindness sees it, or in grey."""
    if kind == "grey":
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    linear = (image[..., ::-1] / 255.0) ** 2.2
    seen = np.clip(linear @ np.array(COLOUR_BLIND[kind]).T, 0, 1) ** (1 / 2.2)
    return np.ascontiguousarray((255 * seen[..., ::-1]).round().astype(np.uint8))


def cameras() -> ImageU8:
    """The contact sheet of three cameras."""
    first, _ = filmed(Shot("sq_good_anna", 0, ScreenState("set")), 16 / 9)
    second, _ = filmed(Shot("sq_in30_right_ben", 0, ScreenState("set")), 4 / 3)
    return contact_sheet(
        [
            ("0: HD Webcam", "1280 x 720, 30 fps", first),
            ("1: USB camera", "640 x 480, 15 fps: slow, try more light", second),
            ("2: Capture card", "busy: another program uses it", None),
        ]
    )


def save(path: Path, image: ImageU8) -> None:
    """Write a picture as small as its use allows."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 82])
    path.write_bytes(data.tobytes())
    print(f"{path.name}: {image.shape[1]} x {image.shape[0]}, {len(data) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
