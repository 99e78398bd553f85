"""Make the picture of docs/selfcheck.md again, from samples/ alone.

python docs/make_selfcheck_pictures.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from clips import picture

from kneetrack.clinic_records.practice import PartDone, PartMeasure
from kneetrack.live.asking import Ask
from kneetrack.live.card import Card
from kneetrack.live.plan import Sight
from kneetrack.programme.reading import load_programme
from kneetrack.programme.red_flag_asking import group_card
from kneetrack.records import SideName
from kneetrack.red_flags import TODAY
from kneetrack.selfcheck.asking import sign_card
from kneetrack.selfcheck.ending import outcome_card
from kneetrack.selfcheck.outcome import make_outcome
from kneetrack.selfcheck.questions import QUESTIONS
from kneetrack.selfcheck.takes import TAKES, dose_of
from kneetrack.selfcheck.taking import intro_card
from kneetrack.ui.live import LiveScreen
from kneetrack.ui.style import ImageU8

FOLDER = Path(__file__).resolve().parent / "pictures"
SCREEN_PX = (1280, 720)
SHOWN_PX = (800, 450)


def main() -> None:
    """Write the picture and print its size."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    behind = picture("sq_in20_anna", 5)
    shown = [
        drawn(sign_card(QUESTIONS[4], 5)),
        drawn(group_card(TODAY, "First: is it safe to begin? · 3 of 4", back=True)),
        drawn(intro_card(TAKES.steps[0], 0, 6, alone=False), behind),
        drawn(outcome()),
    ]
    sheet = np.vstack([np.hstack(shown[:2]), np.hstack(shown[2:])])
    done, jpeg = cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, 82])
    assert done
    path = folder / "selfcheck-cards.jpg"
    path.write_bytes(jpeg.tobytes())
    print(f"{path.name}: {sheet.shape[1]} x {sheet.shape[0]}, {len(jpeg) / 1000:.0f} kB")


def drawn(card: Card, behind: ImageU8 | None = None) -> ImageU8:
    """A card as it is on the screen."""
    act = Ask(card)
    act.step(Sight(0.0))
    state = act.step(Sight(1.0)).screen
    image = LiveScreen(SCREEN_PX).draw(behind, state)
    return np.asarray(cv2.resize(image, SHOWN_PX, interpolation=cv2.INTER_AREA), np.uint8)


def outcome() -> Card:
    """Squats with knees inward, and one sign told."""
    programme, step = load_programme(None), TAKES.steps[4]
    sides: tuple[SideName, ...] = ("left", "right")
    squats = PartDone(
        step.key,
        step.exercise,
        dose_of(step, programme),
        "done",
        judged_by="camera",
        clean="no",
        measures=tuple(
            PartMeasure("knee_valgus", side, "flag", "kfo", "ratio", 0.18, 0.03) for side in sides
        ),
    )
    told = {question.sign: "no" for question in QUESTIONS} | {"hip_front_tight": "yes"}
    return outcome_card(make_outcome(told, [squats], programme))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
