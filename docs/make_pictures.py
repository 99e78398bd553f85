"""Make the pictures of docs/filming.md again, from samples/ alone.

python docs/make_pictures.py
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from clips import Array, bottom, frontal_angle, joints, knee_over_foot, picture, project
from cv2.typing import MatLike
from schematics import SCHEMATICS, caption

from kneetrack.records import KneeMark, OverlayFrame, Status
from kneetrack.skeleton import Landmark
from kneetrack.ui.overlay import Annotator, draw
from kneetrack.ui.style import ImageU8

FOLDER = Path(__file__).resolve().parent / "pictures"
PAPER = (255, 255, 255)
RESTING = KneeMark("resting", "")
UNSURE = KneeMark("cannot_tell", "")


def main() -> None:
    """Write every picture and print its size."""
    FOLDER.mkdir(exist_ok=True)
    for name, image in {**photographs(), **{k: make() for k, make in SCHEMATICS.items()}}.items():
        kind = ".png" if name in SCHEMATICS else ".jpg"
        options = [cv2.IMWRITE_JPEG_QUALITY, 80] if kind == ".jpg" else []
        _, data = cv2.imencode(kind, image, options)
        (FOLDER / (name + kind)).write_bytes(data.tobytes())
        print(f"{name}{kind}: {image.shape[1]} x {image.shape[0]}, {len(data) / 1000:.0f} kB")


def photographs() -> dict[str, ImageU8]:
    """The pictures that are made from the sample clips."""
    return {
        "squat": side_by_side(
            [
                annotated("sq_good_anna", ("ok", "ok"), "Knees over the toes"),
                annotated("sq_in20_anna", ("flag", "flag"), "Both knees fall inward"),
                annotated("sq_in30_right_ben", ("ok", "flag"), "Right knee falls inward"),
            ]
        ),
        "lunge": side_by_side(
            [
                annotated("lunge_good_L_anna", ("ok", ""), "Good repetition"),
                annotated("lunge_R_depth115", ("", "flag"), "Right lunge is deep", "bent 115°"),
            ]
        ),
        "bridge": bridge(),
        "yaw": off_axis(),
        "refused": refused(),
    }


def annotated(name: str, states: tuple[str, str], cue: str, label: str = "") -> ImageU8:
    """The bottom of a sample's first repetition with the overlay. A state "" is a resting leg."""
    xy, index = joints(name), bottom(name)
    marks = []
    for state, value in zip(states, knee_over_foot(xy, index), strict=True):
        way = "in" if value > 0 else "out"
        beside = label or f"{way} {abs(100 * value):.0f} %"
        marks.append(KneeMark(state, beside) if state else RESTING)  # type: ignore[arg-type]
    worst: Status = "flag" if "flag" in states else "ok"
    title = "Lateral lunge" if "lunge" in name else "Squat"
    overlay = OverlayFrame(
        xy[index], (marks[0], marks[1]), title, 1, 2, (worst,), 1.0, cue, cue_status=worst
    )
    image = picture(name, index)
    return Annotator((image.shape[1], image.shape[0]), xy).draw(image, overlay)


def bridge() -> ImageU8:
    """The glute bridge from the side, hips down and up."""
    xy, top = joints("bridge_side_low"), bottom("bridge_side_low")
    images = []
    thigh = np.linalg.norm(xy[0, 23] - xy[0, 25])
    for index, done in ((0, 0), (top, 1)):
        lift = (xy[0, 23, 1] - xy[index, 23, 1]) / thigh
        near = KneeMark("ok", f"lift {lift:.2f}") if done else RESTING
        overlay = OverlayFrame(xy[index], (near, RESTING), "Glute bridge", done, 2)
        if done:
            overlay = replace(overlay, cue="Good repetition", rep_marks=("ok",))
        image = picture("bridge_side_low", index)
        images.append(Annotator((image.shape[1], image.shape[0]), xy).draw(image, overlay))
    return side_by_side(images, height=540)


def off_axis() -> ImageU8:
    """One good squat seen by three cameras: its true joints, projected."""
    size_px, index = (560, 620), bottom("sq_good_anna")
    points = joints("sq_good_anna", "joints3d")[index]
    images = []
    for yaw in (0, 10, 20):
        xy = project(points, yaw, size_px)
        angles = [round(value) for value in frontal_angle(xy)]
        state: Status = "cannot_tell" if yaw else "ok"
        left, right = (KneeMark(state, f"{a:+d}°".replace("-", "−") if a else "0°") for a in angles)
        sheet = np.full((size_px[1], size_px[0], 3), (226, 221, 214), np.uint8)
        head = xy[Landmark.NOSE].round().astype(int).tolist()
        cv2.circle(sheet, (head[0], head[1] - 6), 34, (250, 248, 245), -1, cv2.LINE_AA)
        image = Annotator(size_px, xy[None]).draw(sheet, OverlayFrame(xy, (left, right)))
        title = f"Camera {yaw}° off" if yaw else "Camera in front"
        advice = f"turn {yaw}° to your left" if yaw else "both legs read the same"
        images.append(caption(image, title, [advice], state))
    return side_by_side(images, height=images[0].shape[0])


def refused() -> ImageU8:
    """Ways of filming that leave little to judge, made out of a good clip."""
    xy = joints("sq_good_anna")[bottom("sq_good_anna")]
    image = picture("sq_good_anna", bottom("sq_good_anna"))
    image[:, :50] = image[:, 50:100][:, ::-1]  # without the corner of a painting
    middle = (360.0, 480.0)
    ways = {
        "Feet cut off": cv2.getRotationMatrix2D((360.0, 0.0), 0, 1.27),
        "Too far away": cv2.getRotationMatrix2D(middle, 0, 0.32),
        "Not level": cv2.getRotationMatrix2D(middle, 12, 1.15),
        "Too dark": cv2.getRotationMatrix2D(middle, 0, 1.0),
    }
    images = []
    for title, way in ways.items():
        view = cv2.warpAffine(image, way, (720, 960), borderMode=cv2.BORDER_REPLICATE)
        there = moved(xy, way)
        there[there[:, 1] >= 960] = np.nan
        if title == "Too dark":
            view, there = cv2.convertScaleAbs(view, alpha=0.2), np.full_like(xy, np.nan)
        mark = RESTING if title == "Not level" else UNSURE
        drawn = draw(np.asarray(view, np.uint8), OverlayFrame(there, (mark, mark)))
        images.append(caption(drawn, title, [], "flag"))
    return side_by_side(images, height=620)


def moved(xy: Array, matrix: MatLike) -> Array:
    """Pixels (K, 2) after an affine change of the picture."""
    return np.asarray(xy @ matrix[:, :2].T + matrix[:, 2])


def side_by_side(images: list[ImageU8], height: int = 720, gap: int = 14) -> ImageU8:
    """Pictures in a row on white, all of one height."""
    row = []
    for image in images:
        width = round(image.shape[1] * height / image.shape[0])
        row.append(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))
        row.append(np.full((height, gap, 3), PAPER, np.uint8))
    return np.hstack(row[:-1])


if __name__ == "__main__":
    main()
