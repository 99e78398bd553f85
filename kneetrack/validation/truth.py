"""Clips with known truth: NAME.json and NAME.npz beside NAME.mp4 (docs/validate.md)."""

from __future__ import annotations

import json
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kneetrack import angles, skeleton
from kneetrack.baseline import Baseline, measure_baseline
from kneetrack.records import FloatArray, SourceError
from kneetrack.result import ExerciseName

EXERCISE: Final[dict[str, ExerciseName]] = {
    "squat": "squat",
    "single_leg": "single_leg_squat",
    "lateral_lunge": "lateral_lunge",
    "bridge": "glute_bridge",
}
"""The truth's word for a movement -> the exercise that should be recognised."""
SIDE: Final = {"L": "left", "R": "right"}
LETTERS: Final = "LR"
_NEEDED: Final = ("time", "joint_names", "joints2d", "knee_flex_L", "knee_flex_R")


@dataclass(frozen=True)
class Truth:
    """One clip's description (``info``) and its arrays, T frames; sides are the person's own."""

    name: str
    info: dict[str, Any]
    arrays: dict[str, FloatArray]

    @property
    def movement(self) -> str:
        """squat, single_leg, lateral_lunge or bridge."""
        return str(self.info["movement"])

    @property
    def exercise(self) -> ExerciseName:
        """What should be recognised."""
        return EXERCISE[self.movement]

    @property
    def body(self) -> str:
        """Who is in the clip."""
        return str(self.info.get("figure", "unknown"))

    @property
    def yaw(self) -> float:
        """Degrees by which the camera has moved to the person's left."""
        return float(self.info["camera"]["yaw"])

    @property
    def roll(self) -> float:
        """Degrees by which upright things lean to the right in the picture.

        Where the camera's rotation is given, it is the direction of the world's up in it.
        """
        turned = self.info["camera"].get("R_world_to_cam")
        if turned is None:
            return float(self.info["camera"].get("roll", 0.0))
        up = np.asarray(turned, float)[:, 1]
        return float(np.degrees(np.arctan2(up[0], up[1])))

    @property
    def view(self) -> str:
        """front, oblique, side or back; of a lying person foot end, lying side or head end."""
        off = abs(self.yaw)
        if self.movement == "bridge":
            return "foot end" if off < 45 else "lying side" if off <= 135 else "head end"
        if off <= 15:
            return "front"
        if 67 <= off <= 113:
            return "side"
        return "back" if off >= 165 else "oblique"

    @property
    def t_s(self) -> FloatArray:
        """(T,) seconds."""
        return self.arrays["time"]

    @property
    def reps(self) -> list[dict[str, float]]:
        """start, bottom and end of each repetition in seconds."""
        return list(self.info["reps"])

    @property
    def side(self) -> str | None:
        """The working side, None when both work."""
        side = self.info.get("params", {}).get("side")
        return None if side is None else SIDE[side]

    def legs(self) -> list[int]:
        """The legs that are judged: both, or the working one."""
        return [0, 1] if self.side is None else [skeleton.SIDES.index(self.side)]

    def paired(self, name: str) -> FloatArray | None:
        """(T, 2) of the arrays NAME_L and NAME_R, None when they are not there."""
        names = [f"{name}_{letter}" for letter in LETTERS]
        if any(each not in self.arrays for each in names):
            return None
        return np.stack([self.arrays[each] for each in names], axis=-1)

    @property
    def flexion(self) -> FloatArray:
        """(T, 2) true knee flexion in degrees, 0 = straight."""
        return np.stack([self.arrays[f"knee_flex_{letter}"] for letter in LETTERS], axis=-1)

    def standing(self) -> NDArray[np.bool_]:
        """(T,): the frames before the first repetition, three at least."""
        frames = np.zeros(len(self.t_s), bool)
        frames[: max(3, int(self.reps[0]["start"] * self.info["fps"]) - 2)] = True
        return frames

    def landmarks(self) -> FloatArray:
        """(T, K, 2) true joints in the model's order, NaN where the rig has none."""
        return self._in_order(self.arrays["joints2d"])

    def level_landmarks(self) -> FloatArray:
        """The same in a picture whose horizontal is the world's."""
        width, height = self.info["camera"]["size"]
        return level(self.landmarks(), self.roll, (width / 2, height / 2))

    def square_landmarks(self) -> FloatArray | None:
        """(T, K, 2) true joints as the same camera would see them from straight in front, level.

        The person is turned by the camera's yaw about the vertical through the point that the
        camera aims at, and the camera moves sideways until the standing hips are in its middle;
        distance, height and lens stay. None without joints in space.
        """
        camera = self.info["camera"]
        needed = ("R_world_to_cam", "eye", "focal_px")
        if "joints3d" not in self.arrays or any(camera.get(key) is None for key in needed):
            return None
        aim = np.array(camera.get("aim", (0.0, 0.0, 0.0)), float)
        yaw, roll = np.radians([self.yaw, self.roll])
        cos, sin = np.cos(yaw), np.sin(yaw)
        turn = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
        cos, sin = np.cos(roll), np.sin(roll)
        upright = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
        seen = (self.arrays["joints3d"] - aim) @ turn.T + aim - np.asarray(camera["eye"], float)
        seen = seen @ (upright @ np.asarray(camera["R_world_to_cam"], float)).T
        middle = list(self.arrays["joint_names"]).index("mid_hip")
        seen[..., 0] -= np.median(seen[self.standing(), middle, 0])
        flat = seen[..., :2] / -seen[..., 2:] * [1, -1] * camera["focal_px"]
        return self._in_order(flat + np.asarray(camera["size"], float) / 2)

    def kfo(self) -> FloatArray:
        """(T, 2) true knee-over-foot offset in shank lengths, in this camera, level."""
        return _kfo(self.level_landmarks(), self.standing())

    def square_kfo(self) -> FloatArray | None:
        """(T, 2) the offset that a camera straight in front would see."""
        xy = self.square_landmarks()
        return None if xy is None else _kfo(xy, self.standing())

    def square_fppa(self) -> FloatArray | None:
        """(T, 2) frontal-plane projection angle that a camera straight in front would see."""
        xy = self.square_landmarks()
        if xy is None:
            return None
        return angles.fppa_deg(xy, _standing_base(xy, self.standing()).medial)

    def ktsr(self) -> FloatArray:
        """(T,) true knee-to-toe separation ratio in this camera, level."""
        return angles.ktsr_ratio(self.level_landmarks())

    def seen_yaw(self) -> float:
        """The camera's yaw less the direction in which the person stands off its middle.

        It is what a person at the edge of the picture shows of themselves.
        """
        camera = self.info["camera"]
        column = list(self.arrays["joint_names"]).index("mid_hip")
        centre = (camera["size"][0] / 2, camera["size"][1] / 2)
        off = level(self.arrays["joints2d"][0, column], self.roll, centre)[0] - centre[0]
        return self.yaw - float(np.degrees(np.arctan(off / camera["focal_px"])))

    def at(self, values: FloatArray, t_s: FloatArray | float) -> FloatArray:
        """(T, ...) ``values`` at other instants, linear between frames, NaN outside the clip."""
        flat = values.reshape(len(values), -1)
        columns = [np.interp(t_s, self.t_s, c, left=np.nan, right=np.nan) for c in flat.T]
        return np.stack(columns, axis=-1).reshape((*np.shape(t_s), *values.shape[1:]))

    def _in_order(self, joints: FloatArray) -> FloatArray:
        xy = np.full((len(joints), skeleton.N_LANDMARKS, 2), np.nan)
        for column, name in enumerate(self.arrays["joint_names"]):
            if str(name).upper() in skeleton.Landmark.__members__:
                xy[:, skeleton.Landmark[str(name).upper()]] = joints[:, column]
        return xy


def level(xy: FloatArray, roll_deg: float, centre: tuple[float, float]) -> FloatArray:
    """(..., 2) pixels (y down) turned about ``centre`` so that upright things stand upright.

    roll_deg: by how much they lean to the right; angles between segments do not change.
    """
    roll = np.radians(roll_deg)
    cos, sin = np.cos(roll), np.sin(roll)
    back = np.array([[cos, sin], [-sin, cos]])
    middle = np.asarray(centre, float)
    return np.asarray((xy - middle) @ back.T + middle)


def read_truth(description: Path) -> Truth:
    """The truth in NAME.json and NAME.npz. Raises SourceError in one line."""
    arrays_file = description.with_suffix(".npz")
    try:
        info = json.loads(description.read_text(encoding="utf-8"))
        with np.load(arrays_file) as data:
            arrays = {key: data[key] for key in data.files}
    except (OSError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise SourceError(f"the truth cannot be read: {error}") from error
    problem = _problem(info, arrays)
    if problem:
        raise SourceError(f"the truth in {description.name} cannot be used: {problem}")
    return Truth(description.stem, info, arrays)


def _problem(info: Any, arrays: dict[str, FloatArray]) -> str:
    """What is missing or does not fit; empty when the truth can be used."""
    try:
        if info["movement"] not in EXERCISE:
            return f"movement {info['movement']!r} is none of {', '.join(EXERCISE)}"
        if info.get("params", {}).get("side") not in (None, *SIDE):
            return "params.side is neither L nor R"
        camera = info["camera"]
        wanted = [info["fps"], camera["yaw"], camera["focal_px"], *camera["size"]]
        for rep in info["reps"]:
            wanted += [rep["start"], rep["bottom"], rep["end"]]
        if not np.isfinite(np.array(wanted, float)).all() or not info["reps"]:
            return "a number is missing, or there is no repetition"
    except (KeyError, TypeError, ValueError) as error:
        return f"{error.args[0]!r} is missing or of the wrong kind"
    missing = [name for name in _NEEDED if name not in arrays]
    if not missing and "mid_hip" not in arrays["joint_names"]:
        missing = ["the joint mid_hip"]
    if missing:
        return f"{description_of(missing)} missing from the arrays"
    frames = len(arrays["time"])
    odd = [k for k, v in arrays.items() if k != "joint_names" and len(np.atleast_1d(v)) != frames]
    return f"{description_of(odd)} not as long as time" if odd or frames < 3 else ""


def description_of(names: list[str]) -> str:
    """Names and their verb: ``a is``, ``a and b are``."""
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _standing_base(xy: FloatArray, standing: NDArray[np.bool_]) -> Baseline:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # joints that the rig does not have
        return measure_baseline(xy, standing, np.ones(len(xy), bool))


def _kfo(xy: FloatArray, standing: NDArray[np.bool_]) -> FloatArray:
    base = _standing_base(xy, standing)
    return angles.kfo_ratio(xy, base.medial, base.shank_px)
