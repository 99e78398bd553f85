"""Which clip is which take: by what was said, by a list, by the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneetrack.clinic.matching import clips_in, match_clips, takes_named
from kneetrack.clinic.naming import take_name
from kneetrack.clinic.protocols import load_protocol
from kneetrack.records import SettingsError, SourceError

PROTOCOL = load_protocol("lower-limb")


def named(text: str, protocol: str = "lower-limb") -> list[str]:
    return [take_name(s.key, view) for s, view in takes_named(load_protocol(protocol), text)]


@pytest.mark.parametrize(
    ("name", "take"),
    [
        ("squat-front", "squat:front"),
        ("SQUAT side", "squat:side"),
        ("Squat (front) 2", "squat:front"),
        ("2026-11-29 squat_front_KT017", "squat:front"),
        ("slsq-left", "slsq_left:front"),
        ("SLS right front", "slsq_right:front"),
        ("Single-leg squat RIGHT 2", "slsq_right:front"),
        ("single leg squat, left", "slsq_left:front"),
        ("lunge_front", "lunge:front"),
        ("side lunge front", "lunge:front"),
        ("side-lunge side", "lunge:side"),
        ("Lateral lunge - side", "lunge:side"),
        ("balance L", "stance_left:front"),
        ("stance right", "stance_right:front"),
        ("bridge side", "bridge:side"),
        ("bridge foot end", "bridge:foot-end"),
        ("glute-bridge_footend", "bridge:foot-end"),
    ],
)
def test_names_that_say_it_all(name: str, take: str) -> None:
    assert named(name) == [take]


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("squat", ["squat:front", "squat:side"]),
        ("slsq front", ["slsq_left:front", "slsq_right:front"]),
        ("side lunge", ["lunge:front", "lunge:side"]),
        ("IMG_2034", []),
        ("front", []),
        ("squatting", []),
        ("slsq left side", []),
    ],
)
def test_names_that_do_not(name: str, takes: list[str]) -> None:
    assert named(name) == takes


def test_step_down_is_found_by_its_sheet_and_by_its_title() -> None:
    assert named("LSD left", "step-down") == ["lsd_left:front"]
    assert named("lateral step-down right", "step-down") == ["lsd_right:front"]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"")


def test_only_clips_are_looked_at(tmp_path: Path) -> None:
    touch(tmp_path, "b2.mp4", "b10.MOV", "a.txt", ".hidden.mp4", "takes.csv")
    (tmp_path / "folder.mp4").mkdir()
    assert [path.name for path in clips_in(tmp_path)] == ["b2.mp4", "b10.MOV"]
    with pytest.raises(SourceError, match="there is no folder"):
        clips_in(tmp_path / "none")


def matched(folder: Path, *said: str) -> list[tuple[str, str, str]]:
    return [(m.clip.name, m.take, m.why) for m in match_clips(PROTOCOL, folder, said).matches]


def test_matches_come_in_the_order_of_the_protocol_the_later_attempt_last(tmp_path: Path) -> None:
    touch(tmp_path, "squat side.mp4", "squat-front 2.mp4", "squat-front.mp4", "slsq left.mov")
    assert matched(tmp_path) == [
        ("squat-front.mp4", "squat:front", "its name"),
        ("squat-front 2.mp4", "squat:front", "its name"),
        ("slsq left.mov", "slsq_left:front", "its name"),
        ("squat side.mp4", "squat:side", "its name"),
    ]


def test_what_is_ambiguous_is_left_and_named(tmp_path: Path) -> None:
    touch(tmp_path, "squat.mp4", "IMG_1.mp4")
    found = match_clips(PROTOCOL, tmp_path)
    assert found.matches == ()
    assert [path.name for path in found.unmatched] == ["IMG_1.mp4", "squat.mp4"]
    assert found.notes == ("squat.mp4 could be squat:front or squat:side",)


def test_what_is_said_comes_before_the_list_and_the_list_before_names(tmp_path: Path) -> None:
    touch(tmp_path, "squat-front.mp4", "a.mp4", "b.mp4", "c.mp4")
    rows = "File,Step,View\na.mp4,squat,side\nb.mp4,Bridge,foot end\nc.mp4,,\n"
    (tmp_path / "takes.csv").write_text(rows, encoding="utf-8-sig")
    assert matched(tmp_path, "lunge:front=a.mp4") == [
        ("squat-front.mp4", "squat:front", "its name"),
        ("a.mp4", "lunge:front", "--take"),
        ("b.mp4", "bridge:foot-end", "takes.csv"),
    ]


def test_a_clip_may_lie_elsewhere(tmp_path: Path) -> None:
    touch(tmp_path, "x.mp4")
    found = match_clips(PROTOCOL, None, [f"slsq_left={tmp_path / 'x.mp4'}"])
    assert [m.take for m in found.matches] == ["slsq_left:front"]


@pytest.mark.parametrize(
    ("said", "error", "told"),
    [
        ("squat:front", SettingsError, "write --take squat:front=FILE"),
        ("squat:front=", SettingsError, "write --take squat:front=FILE"),
        ("squat=x.mp4", SettingsError, "use squat:front, squat:side"),
        ("jump:front=x.mp4", SettingsError, "is not one take of lower-limb"),
        ("squat:front=none.mp4", SourceError, "there is no clip none.mp4"),
    ],
)
def test_what_is_said_wrongly_is_refused(
    tmp_path: Path, said: str, error: type[Exception], told: str
) -> None:
    touch(tmp_path, "x.mp4")
    with pytest.raises(error, match=told):
        match_clips(PROTOCOL, tmp_path, [said])


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("clip,step\na.mp4,squat\n", "needs the columns file, step and view"),
        ("file,step,view\nz.mp4,squat,front\n", "line 2: there is no clip 'z.mp4'"),
        ("file,step,view\na.mp4,squatt,front\n", "line 2: 'squatt:front' is not one take"),
        ("file,step,view\na.mp4,squat,top\n", "line 2: unknown view 'top'"),
        ("file,step,view\na.mp4,squat,\n", "line 2: 'squat' is not one take"),
    ],
)
def test_a_list_is_checked_line_by_line(tmp_path: Path, rows: str, told: str) -> None:
    touch(tmp_path, "a.mp4")
    (tmp_path / "takes.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        match_clips(PROTOCOL, tmp_path)


def test_a_name_of_what_the_protocol_does_not_have_is_not_looked_at(tmp_path: Path) -> None:
    touch(tmp_path, "slsq_left.mp4", "squat-front.mp4", "IMG_1.mp4")
    found = match_clips(load_protocol("squat"), tmp_path)
    assert [clip.name for clip in found.unmatched] == ["IMG_1.mp4"]
    ((clip, why),) = found.foreign
    assert clip.name == "slsq_left.mp4"
    assert "tells of a single-leg squat, which is not in the protocol squat" in why


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_list_is_read_as_any_spreadsheet_writes_it(tmp_path: Path, between: str) -> None:
    touch(tmp_path, "a.mp4")
    rows = "file,step,view\r\na.mp4,squat,side\r\n".replace(",", between)
    (tmp_path / "takes.csv").write_text(rows, encoding="utf-8-sig")
    assert [(m.clip.name, m.take) for m in match_clips(PROTOCOL, tmp_path).matches] == [
        ("a.mp4", "squat:side")
    ]
