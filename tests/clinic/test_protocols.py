"""Protocols: the bundled ones, and a clinic's own file checked key by key."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneetrack.clinic.protocols import (
    keep_protocol,
    known_protocols,
    load_protocol,
    protocol_names,
)
from kneetrack.records import SettingsError

OWN = """
title = "Ours"
version = 1
[[step]]
key = "squat"
title = "Squat"
exercise = "squat"
views = ["front"]
"""


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_bundled_protocols_are_listed_the_usual_one_first() -> None:
    assert protocol_names() == ["lower-limb", "squat", "step-down"]
    for name in protocol_names():
        protocol = load_protocol(name)
        assert protocol.name == name and protocol.about and protocol.version == 1
        assert all(step.say for step in protocol.steps)


def test_lower_limb_is_what_the_clinic_asked_for() -> None:
    takes = [(step.key, view) for step, view in load_protocol("lower-limb").takes()]
    assert takes == [
        ("squat", "front"),
        ("lunge", "front"),
        ("slsq_left", "front"),
        ("slsq_right", "front"),
        ("stance_left", "front"),
        ("stance_right", "front"),
        ("squat", "side"),
        ("lunge", "side"),
        ("bridge", "side"),
        ("bridge", "foot_end"),
    ]
    protocol = load_protocol("lower-limb")
    assert [s.reps for s in protocol.steps] == [5, 5, 5, 5, 0, 0, 5]
    assert [s.hold_s for s in protocol.steps][4:6] == [20, 20]
    assert protocol.steps[2].sheets == ("qasls",) and protocol.steps[2].foot == "left"


def test_the_step_down_says_that_it_was_never_tried() -> None:
    step_down = load_protocol("step-down")
    assert "never tried on real people" in step_down.about
    assert {s.sheets for s in step_down.steps} == {("lsd",)}


def test_an_unknown_protocol_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="did you mean 'lower-limb'"):
        load_protocol("lowerlimb")


def written(tmp_path: Path, text: str, name: str = "ours.toml") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_an_own_file_is_known_by_its_name_afterwards(tmp_path: Path) -> None:
    path = written(tmp_path, OWN)
    protocol = keep_protocol(path)
    assert protocol.name == "ours"
    assert load_protocol("ours") == protocol
    assert protocol_names()[-1] == "ours"
    assert keep_protocol(path) == protocol
    assert keep_protocol("ours") == protocol


def test_a_file_that_cannot_be_used_hides_no_other(own_data: Path) -> None:
    (own_data / "protocols").mkdir(parents=True)
    (own_data / "protocols" / "broken.toml").write_text("[[step", encoding="utf-8")
    assert protocol_names()[-1] == "broken"
    assert [p.name for p in known_protocols()] == ["lower-limb", "squat", "step-down"]


def test_other_steps_need_another_version(tmp_path: Path) -> None:
    keep_protocol(written(tmp_path, OWN))
    other = OWN.replace('["front"]', '["front", "side"]')
    with pytest.raises(SettingsError, match="version = 2"):
        keep_protocol(written(tmp_path, other))
    newer = keep_protocol(written(tmp_path, other.replace("version = 1", "version = 2")))
    assert load_protocol("ours") == newer


def test_the_name_of_a_bundled_one_is_taken(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="another name"):
        keep_protocol(written(tmp_path, OWN, "squat.toml"))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("views =", "vews =", r"step 1: unknown key 'vews': did you mean 'views'"),
        ("title =", "titel =", r"unknown key 'titel': did you mean 'title'"),
        ('"squat"\nviews', '"squatt"\nviews', r"\(squat\): unknown exercise 'squatt': .*'squat'"),
        ('["front"]', '["back"]', "unknown views 'back'"),
        ('["front"]', '["front", "front"]', "names one twice"),
        ('["front"]', "[]", "views is missing"),
        ('["front"]', '"front"', "as a list"),
        ('["front"]', '["foot_end"]', "a squat is filmed from front or side, not from foot_end"),
        ('["front"]', '["front"]\nreps = 0', "reps must be a whole number, 1 to 50"),
        ('["front"]', '["front"]\nreps = true', "reps must be a whole number"),
        ('["front"]', '["front"]\nhold_s = 20', "hold_s is for single_leg_stance"),
        ('["front"]', '["front"]\nfoot = "lefft"', "unknown foot 'lefft': did you mean 'left'"),
        ('["front"]', '["front"]\noptional = 1', "true or false"),
        ('key = "squat"', 'key = "Squat 1"', "small letters"),
        ('key = "squat"', "", "key '' must be"),
        ("version = 1", "version = 0", "version must be a whole number"),
        ("version = 1", 'name = "A b"', "small letters, digits and hyphens"),
        ("[[step]]", "[step]", r"one \[\[step\]\] for each movement"),
        ("[[step]]", "[[step", "not valid TOML"),
        ("[[step]]", OWN.split("[[step]]")[1].join(["[[step]]", "[[step]]"]), "the key 'squat'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, before: str, after: str, told: str) -> None:
    assert before in OWN
    with pytest.raises(SettingsError, match=told):
        load_protocol(written(tmp_path, OWN.replace(before, after, 1)))


def test_a_balance_has_seconds_not_repetitions(tmp_path: Path) -> None:
    stance = OWN.replace('exercise = "squat"', 'exercise = "single_leg_stance"')
    step = load_protocol(written(tmp_path, stance)).steps[0]
    assert (step.reps, step.hold_s) == (0, 20)
    with pytest.raises(SettingsError, match="not reps"):
        load_protocol(written(tmp_path, stance + "reps = 5"))
    with pytest.raises(SettingsError, match="3 to 120"):
        load_protocol(written(tmp_path, stance + "hold_s = 1"))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not found"):
        load_protocol(str(tmp_path / "nothing.toml"))
