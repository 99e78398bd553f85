from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kneetrack.records import OutputError, PoseTrack
from kneetrack.report.trc import MARKERS, trc_text, write_trc
from kneetrack.skeleton import N_LANDMARKS, Landmark


def track(t_s: np.ndarray, *, metres: bool = True) -> PoseTrack:
    """Every landmark at (index, index + t, -index) / 10 metres."""
    n = len(t_s)
    index = np.arange(N_LANDMARKS)[None] / 10 + np.zeros((n, 1))
    xyz = np.stack([index, index + t_s[:, None], -index], axis=-1).astype(np.float32)
    return PoseTrack(
        np.zeros((n, N_LANDMARKS, 2), np.float32),
        xyz if metres else None,
        np.ones((n, N_LANDMARKS), np.float32),
        t_s,
        (720, 960),
    )


def as_opensim(text: str) -> tuple[dict[str, str], list[str], list[list[str]]]:
    """Read as OpenSim's TRCFileAdapter does: tabs part fields, one after the last is dropped."""

    def fields(line: str) -> list[str]:
        parts = line.split("\t")
        return parts[:-1] if parts[-1] == "" else parts

    lines = text.split("\n")
    assert lines[0].startswith("PathFileType\t4\t(X/Y/Z)\t")
    keys, values = fields(lines[1]), fields(lines[2])
    assert len(keys) == len(values) == 8
    labels = [name for name in fields(lines[3]) if name]
    assert labels[:2] == ["Frame#", "Time"]
    axes = [name for name in fields(lines[4]) if name]
    n = int(values[keys.index("NumMarkers")])
    assert axes == [f"{axis}{i}" for i in range(1, n + 1) for axis in "XYZ"]
    assert len(labels) == n + 2
    assert lines[5] == ""
    rows = [fields(line) for line in lines[6:] if line]
    assert all(len(row) == 3 * n + 2 for row in rows)
    return dict(zip(keys, values, strict=True)), labels[2:], rows


def as_mokka(text: str) -> list[list[float | None]]:
    """Read as Mokka (BTK) does: the first and the last character of each row are lost."""
    rows = []
    for line in text.split("\n")[6:]:
        if line:
            body = line.split("\t", 2)[2]
            cells = (" " + body)[:-1].split("\t")
            marker = [cells[i : i + 3] for i in range(0, 3 * len(MARKERS), 3)]
            rows.append([float(m[1]) if all(m) and m[1].strip() else None for m in marker])
    return rows


def test_opens_in_opensim() -> None:
    header, labels, rows = as_opensim(trc_text(track(np.arange(10) / 30)))
    assert header["Units"] == "m"
    assert float(header["DataRate"]) == pytest.approx(30)
    assert header["NumFrames"] == str(len(rows)) == "10"
    assert {"LHip", "RKnee", "LAnkle", "RHeel", "LBigToe", "Nose"} <= set(labels)


def test_axes_are_right_up_and_towards_the_camera() -> None:
    _, labels, rows = as_opensim(trc_text(track(np.arange(4) / 30)))
    knee = labels.index("LKnee")
    assert MARKERS["LKnee"] is Landmark.LEFT_KNEE
    x, y, z = (float(v) for v in rows[3][2 + 3 * knee : 5 + 3 * knee])
    assert (x, y, z) == pytest.approx((2.5, -2.6, 2.5), abs=1e-5)


def test_an_unseen_marker_is_blank_also_in_the_last_column() -> None:
    shown = track(np.arange(4) / 30)
    assert shown.xyz_m is not None
    shown.xyz_m[1, Landmark.RIGHT_FOOT_INDEX, 2] = np.nan
    shown.xyz_m[2] = np.nan
    text = trc_text(shown)
    _, labels, rows = as_opensim(text)
    assert labels[-1] == "RBigToe"
    assert rows[1][-3:] == ["", "", ""]
    assert rows[2][2:] == [""] * 3 * len(MARKERS)
    mokka = as_mokka(text)
    assert mokka[1][-1] is None
    assert mokka[0][-1] == pytest.approx(-3.2, abs=1e-5)
    assert mokka[1][0] is not None


def test_a_varying_rate_is_resampled_and_gaps_stay_gaps() -> None:
    t_s = np.cumsum([0.0, *([1 / 30] * 10), 0.2, *([1 / 30] * 10)])
    shown = track(t_s)
    assert shown.xyz_m is not None
    shown.xyz_m[5] = np.nan
    header, labels, rows = as_opensim(trc_text(shown))
    times = np.array([float(row[1]) for row in rows])
    assert float(header["DataRate"]) == pytest.approx(30, abs=0.01)
    np.testing.assert_allclose(np.diff(times), 1 / 30, atol=2e-6)
    y = 3 + 3 * labels.index("LHip")
    assert rows[5][y] == ""
    for row, t in zip(rows, times, strict=True):
        if row[y]:
            assert float(row[y]) == pytest.approx(-(2.3 + t), abs=1e-4)


def test_jitter_of_a_container_clock_is_not_resampled() -> None:
    t_s = np.round(np.arange(60) / 29.97, 3)
    header, _, rows = as_opensim(trc_text(track(t_s)))
    assert len(rows) == 60
    assert float(header["DataRate"]) == pytest.approx(29.97, abs=0.01)


def test_a_name_with_tabs_does_not_break_the_header() -> None:
    text = trc_text(track(np.arange(3) / 30), "a\tb\n.trc")
    assert text.split("\n")[0] == "PathFileType\t4\t(X/Y/Z)\ta_b_.trc\t"


def test_without_metres_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no metres"):
        write_trc(track(np.arange(3) / 30, metres=False), tmp_path / "landmarks.trc")
    assert list(tmp_path.iterdir()) == []
