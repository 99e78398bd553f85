"""Standard errors: their form, and that every measure has one."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack import calibration as cal
from kneetrack.exercises import all_exercises
from kneetrack.uncertainty import standard_error, typical_error
from tests import motions as mo


def test_the_error_grows_with_flexion_and_nothing_else_by_itself() -> None:
    bent = np.array([[0.0, 0.0], [50.0, 0.0], [np.nan, 80.0]])
    got = standard_error("fppa_change", np.zeros((3, 2)), bent, "squat")
    base, slope = cal.SPREADS["fppa_change"].base, cal.SPREADS["fppa_change"].flexion
    expected = np.hypot(base, slope * np.array([[0, 0], [50, 0], [0, 80]]))
    np.testing.assert_allclose(got, expected, rtol=1e-6)
    assert got[1, 0] == pytest.approx(typical_error("fppa_change", 50), rel=1e-6)


def test_a_measure_without_sides_takes_the_mean_of_both_legs() -> None:
    bent = np.array([[40.0, 60.0]])
    got = standard_error("fppa_change_mean", np.zeros(1), bent, "squat")
    assert got.shape == (1,)
    assert got[0] == pytest.approx(typical_error("fppa_change_mean", 50), rel=1e-6)


def test_exercises_coarse_pictures_and_far_ratios_raise_it() -> None:
    one, bent = np.ones(1), np.zeros((1, 2))
    usual = standard_error("kfo", one, bent, "squat")[0]
    lunge = standard_error("kfo", one, bent, "lateral_lunge")[0]
    assert lunge == pytest.approx(usual * cal.SPREADS["kfo"].lunge)
    assert standard_error("kfo", one, bent, "squat", 2.0)[0] == pytest.approx(2 * usual)
    near, far = (
        standard_error("knee_separation", np.array([value]), bent, "glute_bridge")[0]
        for value in (1.0, 0.5)
    )
    assert far - near == pytest.approx(0.5 * cal.SPREADS["knee_separation"].value)


def test_what_nobody_has_measured_has_no_error() -> None:
    assert np.isnan(typical_error("unheard_of"))
    assert np.isnan(standard_error("unheard_of", np.ones(2), np.zeros((2, 2)), "squat")).all()


def test_every_number_of_a_repetition_has_its_error(exact: None) -> None:
    for motion, camera in ((mo.squats(), mo.FRONT), (mo.squats(), mo.SIDE)):
        result = mo.seen(motion, camera)
        assert result.reps
        for rep in result.reps:
            assert rep.errors.keys() == rep.measures.keys()
            for name, value in rep.measures.items():
                assert (value is None) == (rep.errors[name] is None), name
                assert value is None or rep.errors[name] > 0, name


def test_every_rule_reads_with_the_error_of_its_measure() -> None:
    for exercise in all_exercises().values():
        for rule in exercise.rules:
            for reader in rule.readers:
                if reader.measure in cal.SPREADS:
                    least = typical_error(reader.measure)
                    assert least <= reader.error <= 4 * least, (rule.name, reader.measure)


exact = mo.exact
