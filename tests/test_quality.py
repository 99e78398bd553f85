"""A poor picture widens errors; one that is too poor is refused, with what to do about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack.analysis import analyse_track
from kneetrack.quality import BODY_LEGS, coarseness, frames_per_s, resolution_factor
from kneetrack.records import PictureFacts, PoseTrack
from kneetrack.result import Result
from kneetrack.settings import Settings, settings_from
from tests import motions as mo
from tests.motions import Camera, exact  # noqa: F401

pytestmark = pytest.mark.usefixtures("exact")
GOOD = PictureFacts(pictures=4, brightness=110, contrast=140, noise=0.5, sharpness=2.0)
SQUATS = mo.squats(kfo=(-0.05, 0.25))


def seen(
    picture: PictureFacts | None = GOOD, camera: Camera = mo.FRONT, settings: Settings | None = None
) -> Result:
    return analysed(mo.film(SQUATS, camera), picture, settings)


def analysed(
    track: PoseTrack, picture: PictureFacts | None = GOOD, settings: Settings | None = None
) -> Result:
    asked = mo.request(track, settings=settings)
    source = asked.source.model_copy(update={"picture": picture})
    return analyse_track(track, replace(asked, source=source))


def small(height_px: int) -> Camera:
    """The picture scaled so that the person is so tall in it."""
    width, height = mo.FRONT.size_px
    scale = height_px / (mo.FRONT.fill * height)
    return Camera(size_px=(round(width * scale), round(height * scale)))


def refusals(result: Result) -> set[str]:
    """The reasons of what cannot be told; every rule that measures anything must be refused."""
    assert all(v.status == "cannot_tell" for v in result.summary if v.rule == "knee_valgus")
    return {v.reason for v in result.summary if v.rule == "knee_valgus"}


# ------------------------------------------------------------------ errors


def test_resolution_adds_what_was_measured() -> None:
    assert resolution_factor(700) == pytest.approx(1.0, abs=0.01)
    assert resolution_factor(175) == pytest.approx(1.04, abs=0.01)
    assert resolution_factor(95) == pytest.approx(1.13, abs=0.01)
    assert resolution_factor(float("nan")) == 1.0
    heights = [resolution_factor(h) for h in (60, 80, 120, 240, 480)]
    assert heights == sorted(heights, reverse=True)


def test_blur_and_noise_widen_errors() -> None:
    assert coarseness(700, GOOD) == pytest.approx(1.0, abs=0.01)
    assert coarseness(700, None) == resolution_factor(700)
    assert coarseness(700, replace(GOOD, sharpness=1.2)) == pytest.approx(1.43, abs=0.02)
    assert coarseness(700, replace(GOOD, noise=1.7, contrast=17)) == pytest.approx(1.22, abs=0.02)
    soft = replace(GOOD, sharpness=1.5, noise=0.0)
    assert coarseness(95, soft) == max(resolution_factor(95), coarseness(700, soft))


def test_the_error_of_a_verdict_grows_with_it() -> None:
    def errors(result: Result) -> list[float]:
        return [v.error for v in result.summary if v.rule == "knee_valgus" and v.error is not None]

    plain, soft = errors(seen()), errors(seen(replace(GOOD, sharpness=1.4)))
    assert len(plain) == len(soft) == 2
    assert all(b == pytest.approx(1.21 * a, rel=0.02) for a, b in zip(plain, soft, strict=True))


# ------------------------------------------------------------------ refusing


@pytest.mark.parametrize("picture", [GOOD, None])
def test_a_good_picture_or_an_unknown_one_is_measured(picture: PictureFacts | None) -> None:
    told = {v.side: v.status for v in seen(picture).summary if v.rule == "knee_valgus"}
    assert told == {"left": "ok", "right": "flag"}


@pytest.mark.parametrize(
    ("picture", "word"),
    [
        (replace(GOOD, contrast=11.0, brightness=9.0), "too dark"),
        (replace(GOOD, contrast=40.0, noise=8.0), "too dark"),
        (replace(GOOD, sharpness=1.15), "too blurred"),
    ],
)
def test_a_picture_that_is_too_poor_is_refused(picture: PictureFacts, word: str) -> None:
    result = seen(picture)
    (reason,) = refusals(result)
    assert reason.startswith(f"{word}: ")
    assert reason in result.notes
    assert len(result.reps) == 3, "repetitions are counted all the same"
    assert all(value is None for rep in result.reps for value in rep.measures.values())
    assert all(reason in c.reasons for c in result.coverage.values())


def test_somebody_too_small_is_refused_and_a_little_taller_is_not() -> None:
    (reason,) = refusals(seen(camera=small(55)))
    assert reason == "too small in the picture: come closer, or film with more pixels"
    told = {v.side: v.status for v in seen(camera=small(100)).summary if v.rule == "knee_valgus"}
    assert told["right"] == "flag"


def test_the_height_is_the_persons() -> None:
    legs_px = mo.LEG_M / 1.75 * 400
    assert BODY_LEGS * legs_px == pytest.approx(400, rel=0.05)


def test_too_few_pictures_a_second() -> None:
    motion = mo.squats(mo.Tempo(fps=5.0), kfo=(-0.05, 0.25))
    result = analysed(mo.film(motion))
    (reason,) = refusals(result)
    assert reason.startswith("too few pictures a second")
    kept = analysed(mo.film(mo.squats(mo.Tempo(fps=10.0), kfo=(-0.05, 0.25))))
    assert {v.status for v in kept.summary if v.rule == "knee_valgus"} == {"ok", "flag"}


def test_the_rate_is_the_usual_one() -> None:
    t_s = np.delete(np.arange(60) / 30, [7, 8, 9])
    assert frames_per_s(t_s) == pytest.approx(30)
    assert np.isnan(frames_per_s(t_s[:1]))


def test_every_limit_may_be_set() -> None:
    loose = settings_from(
        {"view": {"sharpness_min": 1.0, "contrast_min": 5.0, "person_height_min_px": 10.0}}
    )
    poor = replace(GOOD, sharpness=1.1, contrast=9.0)
    told = {v.status for v in seen(poor, settings=loose).summary if v.rule == "knee_valgus"}
    assert told == {"ok", "flag"}
