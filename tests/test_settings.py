"""A user's settings over the defaults: validated key by key, and they travel with the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kneetrack.records import Band, SettingsError
from kneetrack.settings import Settings, load_settings, settings_from
from tests import motions as mo
from tests.motions import exact  # noqa: F401


def band(settings: Settings, exercise: str, rule: str, measure: str) -> Band | None:
    for reader in settings.exercises[exercise].rule(rule).readers:
        if reader.measure == measure:
            return reader.above or reader.below
    raise AssertionError(measure)


def test_no_file_gives_the_defaults() -> None:
    assert load_settings(None).as_dict() == Settings().as_dict() == settings_from({}).as_dict()


def test_a_band_is_replaced_and_no_other() -> None:
    table = {"bands": {"squat": {"knee_valgus": {"kfo": {"watch": 0.06, "flag": 0.12}}}}}
    changed = settings_from(table)
    assert band(changed, "squat", "knee_valgus", "kfo") == Band(0.06, 0.12)
    assert band(changed, "squat", "knee_valgus", "ktsr") == Band(0.90, 0.80)
    assert band(changed, "lateral_lunge", "knee_valgus", "kfo") == Band(0.04, 0.10)
    assert band(Settings(), "squat", "knee_valgus", "kfo") == Band(0.04, 0.10)


def test_one_edge_alone_may_be_set_and_the_unit_said() -> None:
    table = {"bands": {"squat": {"knee_valgus": {"kfo": {"flag": 0.2, "unit": "ratio"}}}}}
    assert band(settings_from(table), "squat", "knee_valgus", "kfo") == Band(0.04, 0.2)


@pytest.mark.parametrize(
    ("table", "named", "nearest"),
    [
        ({"veiw": {}}, "veiw", "view"),
        ({"view": {"fppa_yaw": 4}}, "view.fppa_yaw", "view.fppa_yaw_deg"),
        ({"reps": {"shortest": 1}}, "reps.shortest", "reps.shortest_s"),
        ({"bands": {"squats": {}}}, "bands.squats", "bands.squat"),
        ({"bands": {"squat": {"knee_valgu": {}}}}, "knee_valgu", "bands.squat.knee_valgus"),
        ({"bands": {"squat": {"knee_valgus": {"kof": {}}}}}, "kof", "bands.squat.knee_valgus.kfo"),
        (
            {"bands": {"squat": {"knee_valgus": {"kfo": {"wach": 1}}}}},
            "wach",
            "bands.squat.knee_valgus.kfo.watch",
        ),
    ],
)
def test_an_unknown_key_names_its_nearest_neighbour(
    table: dict[str, Any], named: str, nearest: str
) -> None:
    with pytest.raises(SettingsError) as error:
        settings_from(table)
    assert named in str(error.value)
    assert f"'{nearest}'" in str(error.value)


@pytest.mark.parametrize(
    "table",
    [
        {"bands": {"squat": {"knee_valgus": {"kfo": {"watch": 0.2, "flag": 0.1}}}}},
        {"bands": {"squat": {"knee_valgus": {"ktsr": {"watch": 0.7, "flag": 0.8}}}}},
        {"bands": {"squat": {"knee_valgus": {"kfo": {"watch": 4, "flag": 10}}}}},
        {"bands": {"squat": {"knee_valgus": {"kfo": {"watch": "four"}}}}},
        {"bands": {"squat": {"knee_valgus": {"kfo": {"watch": True}}}}},
        {"bands": {"squat": {"knee_valgus": {"kfo": {"watch": float("nan")}}}}},
        {"bands": {"squat": {"knee_valgus": {"kfo": {"unit": "deg"}}}}},
        {"bands": {"squat": {"knee_valgus": {"fppa_change": {"unit": "rad"}}}}},
        {"bands": {"squat": {"squat_depth": {"depth": {"watch": 0.1}}}}},
        {"bands": {"squat": {"knee_valgus": 5}}},
        {"bands": 3},
        {"view": {"visibility": "high"}},
        {"view": 1},
        {"reps": {"longest_s": None}},
    ],
)
def test_an_impossible_value_is_an_error_that_names_the_key(table: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as error:
        settings_from(table)
    section = next(iter(table))
    assert section in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("wrong", ["-1", "nan", "inf"])
@pytest.mark.parametrize("key", ["view.fppa_yaw_deg", "reps.shortest_s", "view.visibility"])
def test_limits_are_positive_and_finite(key: str, wrong: str) -> None:
    section, name = key.split(".")
    with pytest.raises(SettingsError):
        settings_from({section: {name: float(wrong)}})


@pytest.mark.parametrize("name", ["settings.toml", "mes réglages ü.toml"])
def test_a_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("[view]\nfppa_yaw_deg = 4.0\n[bands.squat.too_fast.descent]\nwatch = 1.5\n")
    settings = load_settings(path)
    assert settings.view.fppa_yaw_deg == 4.0
    assert band(settings, "squat", "too_fast", "descent") == Band(1.5, 0.5)


@pytest.mark.parametrize("content", [b"[view\n", b"\xff\xfe\x00", b"view = "])
def test_a_broken_file_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"x\.toml"):
        load_settings(path)


def test_a_missing_file_or_a_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not found"):
        load_settings(tmp_path / "no.toml")
    with pytest.raises(SettingsError):
        load_settings(tmp_path)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """Notepad writes one."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf[view]\nfppa_yaw_deg = 4.0\n")
    assert load_settings(path).view.fppa_yaw_deg == 4.0


@pytest.mark.usefixtures("exact")
def test_effective_values_decide_and_can_be_told() -> None:
    lax = settings_from({"bands": {"squat": {"knee_valgus": {"kfo": {"watch": 0.3, "flag": 0.4}}}}})
    motion = mo.squats(kfo=(0.2, 0.2))
    assert mo.row(mo.seen(motion), "knee_valgus", "left").status == "flag"
    assert mo.row(mo.seen(motion, settings=lax), "knee_valgus", "left").status == "ok"
    told = lax.as_dict()["bands"]["squat"]["knee_valgus"]["measures"]["kfo"]
    assert (told["watch"], told["flag"], told["unit"]) == (0.3, 0.4, "ratio")


def test_what_is_told_is_plain_data() -> None:
    import json

    told = json.loads(json.dumps(Settings().as_dict()))
    assert set(told) == {"view", "reps", "recognise", "bands"}
    assert told["bands"]["squat"]["knee_valgus"]["measures"]["kfo"]["reference"]
