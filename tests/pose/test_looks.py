"""What is noted of a picture: light, contrast, noise and sharpness of the person's box."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.pose.looks import EVERY_S, Looks
from kneetrack.records import Frame, PictureFacts, Pose
from kneetrack.skeleton import N_LANDMARKS
from kneetrack.validation import degrading as dg

SIZE = (360, 640)


def person(t_s: float = 0.0, *, seen: bool = True) -> Pose:
    """Landmarks over the middle of the picture."""
    if not seen:
        return Pose.unseen(t_s)
    xy = np.stack([np.linspace(100, 260, N_LANDMARKS), np.linspace(40, 600, N_LANDMARKS)], axis=-1)
    return Pose(xy.astype(np.float32), None, np.ones(N_LANDMARKS, np.float32), t_s)


def picture(grey: float = 120.0) -> np.ndarray:
    """Patches of many greys about the mean, with sharp borders; white around the person."""
    patches = np.random.default_rng(3).uniform(0.4, 1.6, (64, 36)) * grey
    image = np.kron(patches, np.ones((10, 10)))
    image[:30], image[610:] = 255, 255
    return np.repeat(np.clip(image, 0, 255)[..., None], 3, axis=2).astype(np.uint8)


def facts(image: np.ndarray) -> PictureFacts:
    looks = Looks()
    looks.look(Frame(image, 0.0, 0), person())
    assert looks.facts is not None
    return looks.facts


def test_light_and_contrast_are_those_of_the_person() -> None:
    seen = facts(picture())
    assert seen.brightness == pytest.approx(120, abs=6)
    assert seen.contrast == pytest.approx(0.9 * 1.2 * 120, rel=0.1)
    assert seen.noise < 0.5


def test_the_dark_has_less_contrast_and_more_noise() -> None:
    plain, dark = facts(picture()), facts(dg.darkened(picture(), 0, gain=0.25))
    assert dark.brightness == pytest.approx(plain.brightness / 4, rel=0.1)
    assert dark.contrast == pytest.approx(plain.contrast / 4, rel=0.2)
    assert dark.noise > plain.noise + 1


def test_noise_is_told_in_grey_levels() -> None:
    grey = np.full((640, 360, 3), 128.0)
    noise = np.random.default_rng(0).normal(0, 6, grey.shape[:2])
    assert facts((grey + noise[..., None]).astype(np.uint8)).noise == pytest.approx(6, rel=0.15)


def test_blur_takes_sharpness_and_little_else() -> None:
    values = [facts(dg.blurred(picture(), 0, share=s)) for s in (0.002, 0.006, 0.012)]
    assert values[0].sharpness > values[1].sharpness + 0.2 > values[2].sharpness + 0.3
    assert values[2].sharpness < 1.6
    assert values[0].sharpness > 2.5
    assert values[2].brightness == pytest.approx(values[0].brightness, abs=5)


def test_sharpness_does_not_care_for_light() -> None:
    plain = facts(picture()).sharpness
    assert facts((picture() * 0.3).astype(np.uint8)).sharpness == pytest.approx(plain, rel=0.05)


def test_it_looks_now_and_then_and_only_at_somebody() -> None:
    looks = Looks()
    for i in range(60):
        looks.look(Frame(picture(), i / 30, i), person(i / 30, seen=i >= 15))
    assert looks.facts is not None
    assert looks.facts.pictures == round(1.5 / EVERY_S)


def test_nobody_seen_or_a_speck_gives_nothing() -> None:
    looks = Looks()
    looks.look(Frame(picture(), 0.0, 0), person(seen=False))
    speck = person()
    speck = Pose(speck.xy_px / 60, None, speck.confidence, 0.1)
    looks.look(Frame(picture(), 0.1, 1), speck)
    outside = Pose(person().xy_px + 5000, None, speck.confidence, 0.2)
    looks.look(Frame(picture(), 0.2, 2), outside)
    assert looks.facts is None


def test_a_picture_smeared_one_way_is_not_sharp() -> None:
    smeared = facts(dg.smeared(picture(), 0, share=0.05))
    assert smeared.sharpness < facts(picture()).sharpness - 0.5
