"""What must hold of every result on the rendered clips, checked by tests/test_samples.py."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kneetrack import skeleton
from kneetrack.result import Result, SummaryRow
from kneetrack.validation.clips import find_clips
from kneetrack.validation.truth import EXERCISE, SIDE, Truth, read_truth

DEFAULT_TOE_OUT_DEG = 10.0


@dataclass
class Check:
    """One line of what must hold: how often it did, and where it did not."""

    name: str
    passed: int = 0
    total: int = 0
    failures: list[str] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, ok: bool, what: str) -> None:
        self.total += 1
        self.passed += bool(ok)
        if not ok:
            self.failures.append(what)


Analyse = Callable[[Path, Truth], Result]


def load(folder: Path) -> Iterator[tuple[Path, Truth]]:
    """Every clip of a folder with its truth."""
    for clip in find_clips([folder]):
        assert clip.truth is not None, clip.problem
        yield clip.video, read_truth(clip.truth)


def frontal(truth: Truth) -> bool:
    return truth.movement != "bridge" and abs(truth.yaw) <= 5


def toe_out(truth: Truth) -> float:
    return float(truth.info["params"].get("toe_out", DEFAULT_TOE_OUT_DEG))


def row(result: Result, rule: str, side: str) -> SummaryRow | None:
    rows = [r for r in result.summary if r.rule == rule and r.side == side]
    return rows[0] if rows else None


def at(result: Result, column: str, t_s: float) -> float:
    """A column of frames.csv at the frame nearest to a time."""
    assert result.frames is not None
    nearest = int(np.argmin(np.abs(result.frames.t_s - t_s)))
    return float(result.frames.columns[column][nearest])


class Report:
    """All checks over all clips."""

    def __init__(self) -> None:
        self.checks: dict[str, Check] = {}
        self.fppa: list[tuple[float, float]] = []
        self.clips = 0

    def check(self, name: str) -> Check:
        return self.checks.setdefault(name, Check(name))

    def add(self, truth: Truth, result: Result) -> None:
        self.clips += 1
        self._reps(truth, result)
        if truth.movement != "bridge":
            self._yaw(truth, result)
            self._alignment(truth, result)
        if frontal(truth) and truth.movement != "lateral_lunge" and toe_out(truth) <= 10:
            self._fppa(truth, result)
        self._views(truth, result)
        self._exercise_rules(truth, result)

    def _reps(self, truth: Truth, result: Result) -> None:
        true = truth.info["reps"]
        found = [rep.bottom_s for rep in result.reps]
        self.check("exercise recognised").add(
            result.exercise == EXERCISE[truth.movement], f"{truth.name}: {result.exercise}"
        )
        side = truth.info["params"].get("side")
        if side is not None:
            self.check("side recognised").add(
                result.side == SIDE[side], f"{truth.name}: {result.side}"
            )
        self.check("repetitions counted exactly").add(
            len(found) == len(true), f"{truth.name}: {len(found)} for {len(true)}"
        )
        if len(found) == len(true):
            check = self.check("bottoms within 0.15 s")
            for t_s, rep in zip(found, true, strict=True):
                check.values.append(t_s - rep["bottom"])
                check.add(abs(check.values[-1]) <= 0.15, f"{truth.name}: {check.values[-1]:.2f} s")

    def _yaw(self, truth: Truth, result: Result) -> None:
        seen = truth.seen_yaw()
        check = self.check("camera yaw within 6 degrees (10 beyond 30)")
        if result.view.yaw_deg is None:
            check.add(False, f"{truth.name}: none")
            return
        check.values.append(result.view.yaw_deg - seen)
        error = abs(check.values[-1])
        check.add(error <= (6 if abs(seen) < 30 else 10), f"{truth.name}: off by {error:.1f}")

    def _alignment(self, truth: Truth, result: Result) -> None:
        kfo = truth.kfo()
        fps = truth.info["fps"]
        for leg in truth.legs():
            name = skeleton.SIDES[leg]
            bottoms = [rep["bottom"] for rep in truth.info["reps"]]
            true = [float(kfo[min(len(kfo) - 1, round(b * fps)), leg]) for b in bottoms]
            if frontal(truth):
                reported = self.check("KFO reported at the bottoms, frontal clips (90 %)")
                for t_s, value in zip(bottoms, true, strict=True):
                    read = at(result, f"kfo_ratio_{name}", t_s)
                    reported.add(np.isfinite(read), f"{truth.name} {name}")
                    if np.isfinite(read):
                        self.check("KFO against the true joints").values.append(read - value)
            verdict = row(result, "knee_valgus", name)
            self._valgus(truth, name, float(np.median(true)), verdict)

    def _valgus(self, truth: Truth, side: str, kfo: float, verdict: SummaryRow | None) -> None:
        status = verdict.status if verdict else "missing"
        what = f"{truth.name} {side}: true KFO {kfo:+.2f}, {status}"
        what += f" ({verdict.measure} {verdict.value})" if verdict else ""
        if frontal(truth):
            self.check("knee_valgus decided, frontal clips (95 %)").add(
                status != "cannot_tell", what
            )
        if abs(truth.yaw) <= 15 and status != "cannot_tell":
            if kfo >= 0.12:
                self.check("true KFO 12 % and more: watch or flag").add(
                    status in ("watch", "flag"), what
                )
            elif kfo <= 0.03:
                self.check("true KFO 3 % and less: ok").add(status == "ok", what)

    def _fppa(self, truth: Truth, result: Result) -> None:
        assert result.frames is not None
        columns = result.frames.columns
        for leg in truth.legs():
            name, letter = skeleton.SIDES[leg], "LR"[leg]
            count = min(len(result.frames.t_s), len(truth.arrays["time"]))
            true = truth.arrays[f"fppa2d_{letter}"][:count]
            bent = truth.arrays[f"knee_flex_{letter}"][:count]
            inside = (bent >= 30) & (bent <= 65)
            read = columns[f"fppa_deg_{name}"][:count]
            known = inside & np.isfinite(read)
            reported = known.sum() / max(1, inside.sum())
            self.check("FPPA reported in 80 % of frames at 30-65 degrees").add(
                reported >= 0.8, f"{truth.name} {name}: {reported:.0%}"
            )
            self.check("FPPA, share of frames reported").values.append(float(reported))
            if known.any():
                self.check("FPPA, mean absolute error a leg").values.append(
                    float(np.mean(np.abs(read - true)[known]))
                )
            change = columns[f"fppa_change_deg_{name}"][:count]
            known = inside & np.isfinite(change)
            if known.any():
                standing = float(
                    np.median(true[: max(3, int(truth.info["reps"][0]["start"] * 30))])
                )
                error = np.abs(change - (true - standing))[known]
                self.check("FPPA change from standing, mean absolute error a leg").values.append(
                    float(np.mean(error))
                )

    def _views(self, truth: Truth, result: Result) -> None:
        assert result.frames is not None
        if truth.movement == "bridge":
            return
        off = abs(truth.yaw)
        if off >= 20:
            given = [
                k
                for k, v in result.frames.columns.items()
                if k.startswith("fppa_") and np.isfinite(v).any()
            ]
            self.check("yaw 20 and more: no FPPA").add(not given, f"{truth.name}: {given}")
        if 20 <= off < 70:
            self.check("yaw 20 to 70: the way to turn").add(
                "turn" in result.view.reason, f"{truth.name}: {result.view.reason!r}"
            )
        for side in (skeleton.SIDES[leg] for leg in truth.legs()):
            verdict = row(result, "knee_valgus", side)
            status = verdict.status if verdict else "missing"
            measure = verdict.measure if verdict else ""
            if 20 <= off <= 28 and truth.movement == "squat":
                self.check("yaw 20 to 30: knee_valgus by KTSR").add(
                    measure == "ktsr", f"{truth.name}: {measure} {status}"
                )
            elif off >= 35:
                self.check("yaw beyond 30 and side views: knee_valgus cannot tell").add(
                    status == "cannot_tell", f"{truth.name}: {measure} {status}"
                )
        if 70 <= off <= 110:
            near = 0 if truth.yaw > 0 else 1
            true = truth.arrays[f"knee_flex_{'LR'[near]}"]
            for rep in truth.info["reps"]:
                read = at(result, f"knee_flexion_deg_{skeleton.SIDES[near]}", rep["bottom"])
                error = read - float(true[round(rep["bottom"] * 30)])
                check = self.check("side view: knee flexion within 10 degrees")
                check.values.append(error)
                check.add(abs(error) <= 10, f"{truth.name}: {error:+.1f}")

    def _exercise_rules(self, truth: Truth, result: Result) -> None:
        status = {(r.rule, r.side): r.status for r in result.summary}
        bad = ("watch", "flag")
        if "_good" in truth.name:
            raised = [
                f"{r.rule} {r.side}"
                for r in result.summary
                if r.status in bad and not r.information and r.rule != "hold_too_short"
            ]
            self.check("good clips: nothing watch or flag").add(
                not raised, f"{truth.name}: {raised}"
            )
        if truth.movement == "lateral_lunge":
            self._lunge(truth, status)
        if truth.movement == "bridge":
            self._bridge(truth, status)

    def _lunge(self, truth: Truth, status: dict[tuple[str, str], str]) -> None:
        side = SIDE[truth.info["params"]["side"]]
        other = "right" if side == "left" else "left"
        depth = truth.info["params"]["depth"]
        deep = status.get(("lunge_too_deep", side), "missing")
        check = self.check("lunge_too_deep at 112 and more, not at 95 and less")
        if depth >= 112:
            check.add(deep in ("watch", "flag"), f"{truth.name}: {depth:.0f} {deep}")
        elif depth <= 95:
            check.add(deep not in ("watch", "flag"), f"{truth.name}: {depth:.0f} {deep}")
        trail = status.get(("trailing_knee_bent", other), "missing")
        bent = truth.info["params"].get("trail", 6) >= 30
        self.check("trailing_knee_bent").add(
            trail in ("watch", "flag", "cannot_tell") if bent else trail != "flag",
            f"{truth.name}: {trail}",
        )

    def _bridge(self, truth: Truth, status: dict[tuple[str, str], str]) -> None:
        arched = status.get(("bridge_over_arched", "both"), "missing")
        if abs(truth.yaw) > 45 and not truth.name.startswith("fit"):
            expected = "overarch" in truth.name
            self.check("bridge_over_arched on the over-arched one alone").add(
                (arched in ("watch", "flag")) == expected, f"{truth.name}: {arched}"
            )
        if abs(truth.yaw) < 45:
            closed = status.get(("knees_together", "both"), "missing")
            apart = status.get(("knees_apart", "both"), "missing")
            if "together" in truth.name:
                self.check("knees_together").add(closed != "ok", f"{truth.name}: {closed}")
            else:
                self.check("knees_together").add(
                    closed not in ("watch", "flag") and apart not in ("watch", "flag"),
                    f"{truth.name}: {closed}, apart {apart}",
                )

    def failures(self) -> str:
        lines = [
            f"- {check.name}: {what}" for check in self.checks.values() for what in check.failures
        ]
        return "\n".join(lines) or "None."


def analyse_clip(clip: Path, truth: Truth) -> Result:
    import kneetrack

    mode = "low" if truth.name.endswith("_low") else "full"
    return kneetrack.analyse(clip, bridge=mode)


def run(folders: list[Path], analyse: Analyse) -> Report:
    """Analyse every clip once, a clip a process, and hold each against its truth."""
    clips: dict[str, tuple[Path, Truth]] = {}
    for folder in folders:
        for clip, truth in load(folder):
            clips.setdefault(truth.name, (clip, truth))
    report = Report()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=spawn) as pool:
        results = pool.map(analyse, *zip(*clips.values(), strict=True))
        for (_, truth), result in zip(clips.values(), results, strict=True):
            report.add(truth, result)
    return report
