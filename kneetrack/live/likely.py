"""What will probably be said in a session: made into sound ahead, so that nothing comes late."""

from __future__ import annotations

from collections.abc import Mapping

from kneetrack.cue_words import number_word, words_of
from kneetrack.exercises.rules import Exercise
from kneetrack.live import phrases
from kneetrack.live.plan import Plan

_COUNTDOWN = (3, 2, 1)


def likely_words(plan: Plan, exercises: Mapping[str, Exercise]) -> list[str]:
    """Phrases in the order in which they will be needed, each once."""
    still = [phrases.STAND_STILL, phrases.LIE_STILL]
    counts = [number_word(n) for n in (*_COUNTDOWN, *range(4, plan.reps_total + 1))]
    chosen = exercises.values() if plan.exercise == "auto" else [exercises[plan.exercise]]
    cues: list[str] = []
    for exercise in chosen:
        for rule in exercise.rules:
            if not rule.information:
                words = words_of(exercise.name, rule.name)
                if words.one:
                    cues += [words.one.format(side=side) for side in ("left", "right")]
                cues += [words.say, words.again, words.praise]
    others = [phrases.PAUSED, phrases.GOING_ON, phrases.COME_BACK, phrases.TEN_SECONDS]
    begin = [phrases.GO, plan.begin_words]
    said = [*still, *counts[:3], *begin, *counts[3:], *cues, *others]
    return [words for words in dict.fromkeys(said) if words]
