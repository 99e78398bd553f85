"""What stands where on the live screen. No pixels of the picture are touched here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from kneetrack.live_records import ScreenState
from kneetrack.skeleton import LEFT, RIGHT
from kneetrack.ui.live import banner, cards, counting, gauges
from kneetrack.ui.live.arrow import turn_plate
from kneetrack.ui.live.choices import choices_row
from kneetrack.ui.live.painscale import scale_stage
from kneetrack.ui.live.scale import Scale
from kneetrack.ui.live.stage import Ring, countdown_plate, counted, stage, stage_words
from kneetrack.ui.live.timing import timed, timer_stage
from kneetrack.ui.overlay import Placed
from kneetrack.ui.sprites import Sprite

STAGED: Final = frozenset({"starting", "paused", "rest", "trouble", "lead", "timer", "scale"})
"""Phases in which a message takes the whole screen, over a darkened picture."""


@dataclass(slots=True)
class Plan:
    """Plates, bottom to top, and what moves on top of them."""

    plates: list[Placed] = field(default_factory=list)
    rings: list[Ring] = field(default_factory=list)
    dials: list[gauges.Dial] = field(default_factory=list)


def plan(state: ScreenState, scale: Scale, *, left_knee_at: int = -1) -> Plan:
    """Where everything goes. left_knee_at: -1 when the left knee is seen at the screen's left."""
    made = Plan()
    if state.help:
        _help(made, state, scale)
        return made
    if timed(state):
        made.plates, made.rings = timer_stage(state, scale)
        return made
    if state.phase == "scale":
        made.plates = scale_stage(state, scale)
        return made
    if state.phase == "summary":
        _summary(made, state, scale)
        return made
    _small_lines(made, state, scale)
    if state.phase in STAGED:
        plates, made.rings = stage(state, scale)
        made.plates += plates
        if counted(state) and not scale.upright:
            _count(made, state, scale)
        return made
    _message(made, state, scale)
    if state.phase == "view":
        _turn(made, state, scale)
    if state.phase == "countdown":
        _countdown(made, state, scale)
    if state.phase == "set":
        _count(made, state, scale)
        _depth(made, state, scale)
        _gauges(made, state, scale, left_knee_at)
    return made


def _help(made: Plan, state: ScreenState, scale: Scale) -> None:
    room = (scale.room, scale.height - 2 * scale.margin)
    card = cards.help_card(state.keys, room, scale)
    if card is not None:
        _in_the_middle(made, [("help", card)], scale)


def _in_the_middle(made: Plan, blocks: list[tuple[str, Sprite | None]], scale: Scale) -> None:
    sprites = [(name, sprite) for name, sprite in blocks if sprite is not None]
    gap = 2 * scale.gap
    high = sum(sprite.size_px[1] for _, sprite in sprites) + gap * (len(sprites) - 1)
    top = max(scale.margin, (scale.height - high) // 2)
    for name, sprite in sprites:
        left = (scale.width - sprite.size_px[0]) // 2
        made.plates.append(Placed(name, sprite, left, top))
        top += sprite.size_px[1] + gap


def _summary(made: Plan, state: ScreenState, scale: Scale) -> None:
    head = stage_words(state.headline, scale, large=True)
    foot = cards.footer(" ".join(p for p in (state.detail, state.note) if p), scale.room, scale)
    row = choices_row(state.choices, scale.room, scale) if state.summary else None
    taken = sum(s.size_px[1] + 2 * scale.gap for s in (head, foot, row) if s is not None)
    room = (scale.room, scale.height - 2 * scale.margin - taken)
    card = cards.summary_card(state.summary, room, scale)
    if state.choices and not state.summary:
        card = cards.help_card(state.choices, room, scale)
    blocks = [("headline", head), ("summary", card), ("detail", foot), ("choices", row)]
    _in_the_middle(made, blocks, scale)


def _message(made: Plan, state: ScreenState, scale: Scale) -> None:
    sprite = banner.message_plate(banner.message(state), scale)
    if sprite is None:
        return
    left = (scale.width - sprite.size_px[0]) // 2
    made.plates.append(Placed("message", sprite, left, scale.margin))
    if banner.message(state).icon == "ring" and state.progress is not None:
        middle, radius = banner.ring_place(sprite, scale)
        at = (left + middle[0], scale.margin + middle[1])
        made.rings.append(Ring(at, radius, 0.3 * radius, state.progress))


def _small_lines(made: Plan, state: ScreenState, scale: Scale) -> None:
    room = scale.room - scale.gap
    rate = banner.small_plate(banner.rate_line(state), False, room // 2, scale)
    room -= rate.size_px[0] if rate is not None else 0
    session = banner.small_plate(banner.session_line(state), state.recording, room, scale)
    for name, sprite in (("session", session), ("rate", rate)):
        if sprite is not None:
            width, height = sprite.size_px
            at_left = name == "session"
            left = scale.margin if at_left else scale.width - scale.margin - width
            made.plates.append(Placed(name, sprite, left, scale.height - scale.margin - height))


def _foot(scale: Scale) -> int:
    """Lower edge of the side columns: above the small lines."""
    small = round(1.1 * scale.small) + 2 * (round(0.75 * scale.pad) // 2)
    return scale.height - scale.margin - small - scale.gap


def _head(scale: Scale) -> int:
    return scale.margin + scale.band + scale.gap


def _upper_high(scale: Scale) -> int:
    """Height of the upper plates of the side columns."""
    free = _foot(scale) - gauges.dial_height(scale) - scale.gap - _head(scale)
    return min(free, round((1.5 if scale.upright else 1.15) * scale.column))


def _count(made: Plan, state: ScreenState, scale: Scale) -> None:
    marks = tuple(state.rep_marks)
    high = _upper_high(scale)
    sprite = counting.count_plate(state.reps_done, state.reps_total, marks, high, scale)
    made.plates.append(Placed("count", sprite, scale.margin, _head(scale)))


def _depth(made: Plan, state: ScreenState, scale: Scale) -> None:
    fraction = state.depth_fraction
    if fraction is None or not math.isfinite(fraction):
        return
    step = round(min(1.0, max(0.0, fraction)) * counting.DEPTH_STEPS)
    sprite = counting.depth_plate(step, _upper_high(scale), scale)
    left = scale.width - scale.margin - sprite.size_px[0]
    made.plates.append(Placed("depth", sprite, left, _head(scale)))


def _gauges(made: Plan, state: ScreenState, scale: Scale, left_knee_at: int) -> None:
    if state.gauges is None:
        return
    top = _foot(scale) - gauges.dial_height(scale)
    for side, name in ((LEFT, "left"), (RIGHT, "right")):
        gauge = state.gauges[side]
        at = left_knee_at if side == LEFT else -left_knee_at
        left = scale.margin if at < 0 else scale.width - scale.margin - scale.column
        sprite = gauges.gauge_plate(side, gauge, -at, scale)
        made.plates.append(Placed(name, sprite, left, top))
        needle = gauges.dial(gauge, -at, left, top, scale)
        if needle is not None:
            made.dials.append(needle)


def _turn(made: Plan, state: ScreenState, scale: Scale) -> None:
    sprite = None if state.turn_deg is None else turn_plate(state.turn_deg, scale)
    if sprite is None or state.turn_deg is None:
        return
    width, height = sprite.size_px
    left = scale.margin if state.turn_deg > 0 else scale.width - scale.margin - width
    top = (_head(scale) + _foot(scale) - height) // 2
    made.plates.append(Placed("turn", sprite, left, top))


def _countdown(made: Plan, state: ScreenState, scale: Scale) -> None:
    sprite = countdown_plate(state, scale)
    if sprite is None:
        return
    width, height = sprite.size_px
    top = (_head(scale) + _foot(scale) - height) // 2
    made.plates.append(Placed("disc", sprite, (scale.width - width) // 2, top))
