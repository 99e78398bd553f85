"""Reports of made-up visits: the whole lower-limb protocol, a first visit, hardly anything."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import cv2
import numpy as np

from kneetrack.clinic import catalogue
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.sheets import sheet
from kneetrack.clinic_records.plans import Step
from kneetrack.records import SideName
from kneetrack.report.clinic.facts import (
    Band,
    Cell,
    ChangeCell,
    ClientFacts,
    CorrectionLine,
    Curve,
    CurveLine,
    Definition,
    Practice,
    ReportFacts,
    Row,
    SetupLine,
    SheetItem,
    SheetLine,
    StepTable,
    Still,
    Untold,
)

YAW = "the camera stood 9 degrees to the left; this angle holds within 6"
NO_LIMIT = "no minimal detectable change is known for this measure"
DEPTH = "the squat was 14 degrees deeper than last time"
USUAL = {"deg": (8.0, 2.0), "ratio": (0.12, 0.03), "s": (1.2, 0.1)}


def full(*, coaching: bool = False, scores: bool = False, corrected: bool = True) -> ReportFacts:
    """A second visit with every take of the lower-limb protocol."""
    protocol = load_protocol("lower-limb")
    merged: dict[str, list[Step]] = {}
    for step in protocol.steps:
        merged.setdefault(step.key.removesuffix("_left").removesuffix("_right"), []).append(step)
    tables = tuple(step_table(key, steps, coaching) for key, steps in merged.items())
    infos = {info.key: info for s in protocol.steps for info in catalogue.reported(s.exercise)}
    return ReportFacts(
        code="K-104",
        visit=2,
        on="12 January 2027",
        protocol="Lower limb",
        made="12 January 2027",
        client=client(),
        tables=tables,
        by="mw",
        last="1, 1 December 2026",
        coaching=coaching,
        complaint="right",
        curves=tuple(curve(*names) for names in CURVES),
        stills=tuple(still(title, wide=title == "Bridge") for title in STILLS),
        setup=(
            SetupLine("Distance", "3.1 m", "3.0 m"),
            SetupLine("Camera height", "0.7 m", "0.7 m"),
            SetupLine("Footwear", "barefoot", "barefoot"),
            SetupLine("Stance", "hip width", "hip width"),
            SetupLine("Clothing", "shorts", "leggings", differs=True),
            SetupLine("Camera", "phone on a tripod"),
        ),
        untold=(
            Untold("Lateral lunge, side take", "the feet were outside the picture"),
            Untold("Squat, FPPA", YAW),
        ),
        corrections=CORRECTIONS if corrected else (),
        originals=ORIGINALS if corrected else (),
        sheets=SHEETS if scores else (),
        definitions=tuple(
            Definition(
                catalogue.label(i.key),
                i.title,
                i.formula,
                i.sign,
                "; ".join(x.split(",")[0] for x in i.sources[:1]),
            )
            for i in infos.values()
        ),
        bands=BANDS if coaching else (),
        limits=(
            "FPPA 8.5° (Munro 2012)",
            "knee flexion 10° (MEASURES 34)",
            "KTSR 0.15 (MEASURES 34)",
            "trunk lean 5° (MEASURES 34)",
        ),
        software=(
            ("kneetrack", "0.1.0"),
            ("MediaPipe", "1.2.2"),
            ("OpenCV", "5.0.0.93"),
            ("pose model", "4eaa5eb7a98365221087693f"),
            ("thresholds", "kneetrack’s own"),
        ),
    )


def step_table(key: str, steps: list[Step], coaching: bool) -> StepTable:
    title = steps[0].title.split(",")[0].replace(" on the left leg", "")
    one_leg = len(steps) > 1
    rows = [
        row(info, one_leg or key == "lunge", i, coaching)
        for i, info in enumerate(catalogue.reported(steps[0].exercise))
    ]
    return StepTable(title, tuple(rows))


def row(info: catalogue.MeasureInfo, sided: bool, number: int, coaching: bool) -> Row:
    value, error = USUAL[info.unit]
    sides: tuple[SideName, ...] = ("left", "right")
    if info.legs == "body" and not sided:
        sides = ("both",)
    cells: dict[SideName, Cell] = {}
    changes: dict[SideName, ChangeCell] = {}
    for i, side in enumerate(sides):
        mine = value * (1 + 0.7 * i) * (1 + 0.1 * number)
        if info.key.startswith("fppa_square") and side == "left":
            cells[side] = Cell("", "0/5", YAW)
        else:
            status = ("ok", "watch", "flag")[number % 3] if coaching else None
            cells[side] = Cell(
                catalogue.text(info.key, mine, error, brief=True),
                "5/5" if number else "4/5",
                corrected=number == 0 and side == "right",
                status=status,
            )
        before = catalogue.text(info.key, mine * 1.6, None, brief=True)
        changes[side] = change(info, -0.6 * mine, before, number + i)
    difference = ""
    if len(sides) == 2 and all(c.text for c in cells.values()):
        difference = catalogue.difference_text(info.key, 0.7 * value, error * 1.4, brief=True)
    title = catalogue.label(info.key)
    words = {"degrees": "", "seconds": ""}.get(info.unit_words, info.unit_words)
    limit = catalogue.difference_text(info.key, value, brief=True).lstrip("+")
    view = info.views[0].replace("_", " ")
    return Row(title, words, view, cells, difference, limit, changes)


def change(info: catalogue.MeasureInfo, by: float, before: str, number: int) -> ChangeCell:
    if number % 5 == 4:
        return ChangeCell(before, why=NO_LIMIT if number % 2 else DEPTH)
    answer: Literal["changed", "no_real_change"] = (
        "changed" if number % 3 == 1 else "no_real_change"
    )
    return ChangeCell(before, catalogue.difference_text(info.key, by, brief=True), answer)


CURVES = (
    ("Squat", "Knee over foot", "% of the shank", "front", 0.0, 24.0),
    ("Squat", "Knee flexion", "degrees", "side", 4.0, 88.0),
    ("Lateral lunge", "Knee over foot", "% of the shank", "front", -5.0, 14.0),
    ("Lateral lunge", "Bend of the leading knee", "degrees", "front", 3.0, 82.0),
    ("Single-leg squat", "Knee over foot", "% of the shank", "front", 0.0, 18.0),
    ("Single-leg squat", "Trunk lean to the side", "degrees", "front", 1.0, 9.0),
    ("Bridge", "Lift of the hips", "% of the thigh", "side", 0.0, 22.0),
    ("Bridge", "Knee separation", "", "foot end", 1.0, 0.93),
)
STILLS = ("Squat", "Lateral lunge", "Single-leg squat, left", "Single-leg squat, right", "Bridge")
CORRECTIONS = (
    CorrectionLine(
        "Squat, front",
        "right knee 3.10 to 4.20 s moved from (412, 655) to (405, 655) px",
        "the knee sat on the hem of the shorts",
        "mw",
        "12 January 2027",
    ),
    CorrectionLine(
        "Single-leg squat, left, front",
        "rep 5 (12.1 to 13.4 s) was struck out",
        "the client lost balance before the bottom",
        "mw",
        "12 January 2027",
    ),
)
ORIGINALS = (
    "Squat, Knee over foot, right: originally +23 ± 3 % of the shank",
    "Single-leg squat, Knee over foot, right: originally +22 ± 3 % of the shank",
)
QASLS = tuple(item.title for item in sheet("qasls").items)
SHEETS = tuple(
    SheetLine(
        f"QASLS, single-leg squat, {side}",
        tuple(SheetItem(name, int(i < 4 + n)) for i, name in enumerate(QASLS)),
        total=4 + n,
        most=10,
        before="last time 6",
    )
    for n, side in enumerate(("left", "right"))
)
BANDS = tuple(
    Band(check, measure, "up to 4 %", "above 10 %", "LSD/QASLS")
    for check, measure in (
        ("Knees in", "KFO"), ("Knees in, both", "KTSR"), ("Knees out", "KFO"),
        ("Trunk lean", "Trunk lean"), ("Pelvic drop", "Pelvic drop"), ("Too fast", "Descent"),
        ("Lunge depth", "Leading knee"), ("Trailing knee", "Trailing knee"), ("Lift", "Lift"),
    )
)  # fmt: skip


def client() -> ClientFacts:
    """As much as the client's page may have to hold."""
    return ClientFacts(
        did="We filmed you from the front, from the side and from your feet: squats, lateral "
        "lunges, single-leg squats, balance on one leg and bridges.",
        seen=(
            "Squat: at the bottom your left knee was 12 % of your shin’s length inside your toes "
            "(give or take 3), your right knee 20 % (give or take 3).",
            "Lateral lunge: your left knee was 2 % of your shin’s length inside your toes (give or "
            "take 4), your right knee 5 % outside (give or take 4).",
            "Single-leg squat: your left knee was 8 % of your shin’s length inside your toes (give "
            "or take 3), your right knee 15 % (give or take 3).",
            "Balance on one leg: 20.0 seconds on the left (give or take 0.1), 14.2 seconds on the "
            "right (give or take 0.1).",
            "Bridge: your hips rose 22 % of your thigh’s length (give or take 4).",
        ),
        pictures=(still("Squat"), still("Single-leg squat"), still("Bridge", wide=True)),
        practice=(
            Practice("Squat", "5 at a time, slowly", (
                "Point your kneecaps at your second toes; push the knees apart.",
                "Take two seconds on the way down.")),
            Practice("Lateral lunge", "8-10 a side, 2-3 sets", (
                "Point your kneecap at your second toe; press the knee away from the other one.",
                "Keep the other leg long, its foot flat.")),
            Practice("Single-leg squat", "5 at a time, slowly, each leg", (
                "Keep your belt level.", "Stay tall over the standing leg.")),
            Practice("Glute bridge", "10-12 repetitions, 2-3 sets, hold a few seconds", (
                "Keep the block still; knees over the feet.", "Lift only a few inches.")),
        ),
        changed=(
            "in the squat, your right knee is 12 % of the shank further out over your toes than "
            "last time; from 10 % on we call it a change.",
            "in the single-leg squat, your trunk leans 6° less to the side on the left; from 5° "
            "on we call it a change.",
        ),
        same=(
            "left knee over the foot in squat, single-leg squat and lateral lunge; how far you "
            "bend your knees; your time on one leg.",
        ),
        unsure=("the lateral lunge from the side: your feet were not in the picture this time.",),
    )  # fmt: skip


def still(title: str, *, wide: bool = False, drawn: bool = False) -> Still:
    """A made-up photograph: a figure on a coloured ground."""
    width, height = (720, 480) if wide else (480, 640)
    image = np.full((height, width, 3), (196, 206, 214), np.uint8)
    cv2.rectangle(image, (0, height * 4 // 5), (width, height), (120, 150, 176), -1)
    cv2.circle(image, (width // 2, height // 5), height // 14, (150, 160, 170), -1)
    cv2.line(image, (width // 2, height // 4), (width // 2, height * 3 // 5), (60, 60, 180), 40)
    for way in (-1, 1):
        foot = (width // 2 + way * 60, height * 9 // 10)
        cv2.line(image, (width // 2, height * 3 // 5), foot, (70, 60, 50), 26)
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert done
    return Still(data.tobytes(), title, "rep 3, at its deepest, front", (width, height), drawn)


def curve(title: str, measure: str, unit: str, view: str, low: float, high: float) -> Curve:
    """Five repetitions a leg, and their mean, with a gap at the end of the right one."""

    def values(factor: float) -> tuple[float | None, ...]:
        return tuple(
            low + (high - low) * factor * math.sin(math.pi * i / 50) ** 2 for i in range(51)
        )

    sides: tuple[SideName, ...] = ("both",) if title == "Bridge" else ("left", "right")
    lines = []
    for n, side in enumerate(sides):
        reps = tuple(values(1 + 0.08 * r - 0.5 * n) for r in range(-2, 3))
        mean = values(1 - 0.5 * n)
        if side == "right":
            mean = (*mean[:44], *[None] * 7)
        lines.append(CurveLine(side, mean, reps))
    return Curve(title, measure, unit, view, tuple(lines))


def first_visit() -> ReportFacts:
    """No visit before it: nothing to compare."""
    facts = full(corrected=False)
    tables = tuple(
        StepTable(t.title, tuple(replace(r, changes={}, limit="") for r in t.rows))
        for t in facts.tables
    )
    mine = replace(facts.client, changed=(), same=(), unsure=())
    return replace(facts, visit=1, last="", tables=tables, client=mine, limits=())


def nothing() -> ReportFacts:
    """No take counts."""
    return replace(
        first_visit(),
        tables=(),
        curves=(),
        stills=(),
        definitions=(),
        client=ClientFacts("We filmed you from the front.", (), (), ()),
        untold=(Untold("Squat, front", "nobody was seen in the clip"),),
    )
