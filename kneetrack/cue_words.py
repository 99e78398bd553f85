"""The words of the coach: short, pointing outwards, at what the body is to reach (MEASURES 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a rule: of both sides or none, of one side, the next time, when repaired."""

    say: str
    one: str = ""
    again: str = ""
    praise: str = ""


_KNEE_OUT = "Point your kneecap over your second toe"
_STAY_OUT = "That's it, knees stay out"
_BLOCK = Words("Keep the block still", again="Hold the block right there", praise="Block is still")
WORDS: Mapping[str, Words] = {
    "knee_valgus": Words(
        "Point your kneecaps over your second toe",
        "Point your {side} knee over your second toe",
        "Spread the floor with your feet",
        _STAY_OUT,
    ),
    "knee_varus": Words(
        "Bring your knees back over your feet",
        "Bring your {side} knee back over the foot",
        "Press your big toes into the floor",
        "That's it, knees over the feet",
    ),
    "balance_lost": Words(
        "Fix your eyes on one spot",
        again="One fingertip on a chair",
        praise="That's it, steady",
    ),
    "pelvic_drop": Words(
        "Keep your belt level", again="Belt buckle stays level", praise="That's it, belt level"
    ),
    "trunk_lean": Words(
        "Stay tall", again="Show your shirt to the wall ahead", praise="That's it, tall"
    ),
    "weight_shift": Words(
        "Press both feet evenly into the floor",
        again="Sit down between your feet",
        praise="That's it, even on both feet",
    ),
    "heel_lift": Words(
        "Press your heels into the floor",
        "Press your {side} heel into the floor",
        "Only as deep as your heels stay down",
        "That's it, heels stay down",
    ),
    "too_fast": Words(
        "Slower, two seconds on the way down",
        again="Count two on the way down",
        praise="That's it, good tempo",
    ),
    "lunge_too_deep": Words(
        "Not so deep: sit back to a chair",
        again="Stop higher, as if on a chair",
        praise="That's it, good depth",
    ),
    "deeper_than_prescribed": Words(
        "Not so deep: stop higher", again="A little less deep", praise="That's it, good depth"
    ),
    "trailing_knee_bent": Words(
        "Keep the other leg long",
        again="Push the floor away with that foot",
        praise="That's it, leg stays long",
    ),
    "knees_together": _BLOCK,
    "block_lost": Words(
        "Place the block again and press it",
        again="Hold the block all the way down",
        praise="That's it, the block stays",
    ),
    "knees_apart": _BLOCK,
    "bridge_over_arched": Words(
        "Stop when your body is a straight ramp",
        again="Belt buckle towards your ribs",
        praise="That's it, a straight ramp",
    ),
    "bridge_too_high": Words(
        "Lower, only a few inches", again="Just clear the floor", praise="That's it, good height"
    ),
    "bridge_too_low": Words(
        "Belt buckle a little higher",
        again="Slide a hand's width under you",
        praise="That's it, good height",
    ),
    "bridge_incomplete": Words(
        "Lift until your body is a straight ramp",
        again="Belt buckle up to the ceiling",
        praise="That's it, a straight ramp",
    ),
    "hold_too_short": Words(
        "Hold at the top, count slowly",
        again="Stay up a little longer",
        praise="That's it, good hold",
    ),
}
WORDS_IN: Mapping[tuple[str, str], Words] = {
    ("single_leg_squat", "knee_valgus"): Words(
        _KNEE_OUT, again="Kneecap in line with your toes", praise="That's it, knee stays out"
    ),
    ("single_leg_stance", "knee_valgus"): Words(
        _KNEE_OUT, again="Kneecap in line with your toes", praise="That's it, knee stays out"
    ),
    ("lateral_lunge", "knee_valgus"): Words(
        _KNEE_OUT, again="Push the floor apart", praise="That's it, knee stays out"
    ),
    ("lateral_lunge", "trunk_lean"): Words(
        "Lift your chest", again="Show your shirt to the wall ahead", praise="That's it, chest up"
    ),
    ("squat", "trunk_lean"): Words(
        "Lift your chest", again="Show your shirt to the wall ahead", praise="That's it, chest up"
    ),
    ("glute_bridge", "knee_valgus"): _BLOCK,
}


def words_of(exercise: str, rule: str) -> Words:
    """The words for a rule in an exercise; empty ones for a rule that is not known."""
    return WORDS_IN.get((exercise, rule)) or WORDS.get(rule, Words(""))


_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number_word(number: int) -> str:
    """A count as it is said, "twenty-one"; digits from a hundred on."""
    if not 0 <= number < 100:
        return str(number)
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
