"""The five signs as questions, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kneetrack.clinic_records.practice import SIGNS, Sign, Told


@dataclass(frozen=True, slots=True)
class SignQuestion:
    """One sign. question: answered yes, no or not sure. title: how it is listed afterwards.

    exercises: of the guide, what of a programme fits the sign. filmed: keys of the takes that
    measure it, () none does.
    """

    sign: Sign
    question: str
    title: str
    exercises: tuple[str, ...]
    filmed: tuple[str, ...] = ()


ONE_LEG_TAKES: Final = ("stance_left", "stance_right", "slsq_left", "slsq_right")
KNEES_IN_TAKES: Final = ("squat", "lunge")

QUESTIONS: Final = (
    SignQuestion(
        "sitting_stairs",
        "Do your knees hurt after sitting for long, or on stairs?",
        "Knee pain after sitting or on stairs",
        ("hip_flexor_release", "glute_bridge", "soft_tissue"),
    ),
    SignQuestion(
        "hip_front_tight",
        "Do you feel tight in the front of the hips or in the groin?",
        "Tightness in the front of the hips or groin",
        ("hip_flexor_release", "soft_tissue"),
    ),
    SignQuestion(
        "hip_stretch_pain",
        "Does a knee hurt in hip stretches, such as the pigeon?",
        "Knee pain in hip stretches",
        ("figure_four", "modified_pigeon", "soft_tissue"),
    ),
    SignQuestion(
        "one_leg",
        "Do you have trouble keeping your balance, or trouble on one leg?",
        "Balance, or trouble on one leg",
        ("glute_bridge", "lateral_lunge"),
        ONE_LEG_TAKES,
    ),
    SignQuestion(
        "knees_cave_in",
        "Do your knees cave in when you squat or lunge?",
        "Knees caving in when you squat or lunge",
        ("glute_bridge", "lateral_lunge"),
        KNEES_IN_TAKES,
    ),
)
TOLD_WORDS: Final[dict[Told, str]] = {
    "yes": "yes",
    "no": "no",
    "unsure": "not sure",
    "not_asked": "not asked",
}


def question_of(sign: Sign) -> SignQuestion:
    """The question about a sign."""
    return QUESTIONS[SIGNS.index(sign)]
