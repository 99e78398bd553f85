"""Make the picture of docs/programme.md again: before a part, a timer, pain, the end.

python docs/make_programme_pictures.py [FOLDER]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from kneetrack.clinic_records.practice import (
    Dose,
    PartDone,
    PartMeasure,
    Practice,
    PracticeFacts,
    PracticeRecord,
)
from kneetrack.guide.pages import load_page
from kneetrack.live.acts import Act
from kneetrack.live.asking import Ask
from kneetrack.live.pain_scale import AskPain
from kneetrack.live.plan import Sight
from kneetrack.live.timed import Timed
from kneetrack.programme import words
from kneetrack.programme.cards import end_card, intro_card
from kneetrack.programme.reading import load_programme
from kneetrack.programme.run_of_part import RunOfPart
from kneetrack.programme.stations import stations_of
from kneetrack.programme.summary import shown_practice
from kneetrack.programme.timed_parts import figure_path, timers_of
from kneetrack.programme.values import Part, PlannedPart
from kneetrack.ui.live import LiveScreen
from kneetrack.ui.style import ImageU8

FOLDER = Path(__file__).resolve().parent / "pictures"
SCREEN_PX = (1280, 720)
SHOWN_PX = (800, 450)
AT = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
MORE = "Clean and no more pain twice in a row: one repetition more."


def main() -> None:
    """Write the picture and print its size."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    shown = [
        drawn(before_lunges()),
        drawn(a_timer(), seconds=24.0),
        drawn(AskPain(words.PAIN_BEFORE)),
        drawn(the_end()),
    ]
    sheet = np.vstack([np.hstack(shown[:2]), np.hstack(shown[2:])])
    done, jpeg = cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, 82])
    assert done
    path = folder / "programme-practice.jpg"
    path.write_bytes(jpeg.tobytes())
    print(f"{path.name}: {sheet.shape[1]} x {sheet.shape[0]}, {len(jpeg) / 1000:.0f} kB")


def drawn(act: Act, *, seconds: float = 3.0) -> ImageU8:
    """An act as it is on the screen after so long."""
    for tenth in range(round(10 * seconds)):
        state = act.step(Sight(tenth / 10)).screen
    image = LiveScreen(SCREEN_PX).draw(None, state)
    return np.asarray(cv2.resize(image, SHOWN_PX, interpolation=cv2.INTER_AREA), np.uint8)


def planned(key: str, why: str = "") -> PlannedPart:
    """A part of the default programme; why: it has grown."""
    part = load_programme(None).part(key)
    assert part is not None
    if not why:
        return PlannedPart(part, part.dose)
    return PlannedPart(part, replace(part.dose, reps=9), why, "more")


def before_lunges() -> Ask:
    """The card before lateral lunges, a repetition more than last time."""
    page = load_page("lateral_lunge")
    card = intro_card(planned("lunge", MORE), page, "front", "Hip programme · 3 of 6", alone=False)
    return Ask(card, figure=figure_path(page.picture))


def a_timer() -> Timed:
    """The first station of the release."""
    run = RunOfPart(planned("release"))
    return Timed(timers_of(run, load_page("hip_flexor_release"), watches=False)[1])


def held_s(part: Part) -> float:
    """How long all of a timed part takes."""
    stations = stations_of(part, part.dose, load_page(part.exercise))
    return sum(station.seconds for station in stations)


def the_end() -> Ask:
    """A practice to its end, with bridges that were held for a short time."""
    programme = load_programme(None)
    hold = PartMeasure("hold_too_short", "both", "flag", "hold", "s", 0.8, 0.1)
    knee = PartMeasure("knee_valgus", "left", "ok", "kfo", "ratio", 0.02, 0.03)
    parts = [
        PartDone(part.key, part.exercise, part.dose, "done", seconds=held_s(part))
        for part in programme.parts
        if part.kind == "timed"
    ]
    bridge, lunge = Dose(2, 10, 3.0), Dose(2, 9, depth_deg=80.0)
    parts[1:1] = [
        PartDone("bridge", "glute_bridge", bridge, "done", 2, 20, 150.0, "no", "camera", "",
                 measures=(hold,)),
        PartDone("lunge", "lateral_lunge", lunge, "done", 2, 36, 180.0, "yes", "camera", "",
                 measures=(knee,)),
    ]  # fmt: skip
    facts = PracticeFacts("programme", programme.title, camera=True, pain_before=2)
    practice = Practice("1", "1", 7, AT, facts, "done", AT, pain_after=2)
    record = PracticeRecord(practice, tuple(parts))
    shown = shown_practice(record, programme, [planned("lunge")], "me", UTC)
    return Ask(end_card(shown, alone=False, title=programme.title))


if __name__ == "__main__":
    main()
