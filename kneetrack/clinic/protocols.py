"""Protocols: short TOML files, bundled ones and a clinic's own, checked key by key.

A clinic's own protocol is named by its path; what was measured with it is found again by its name,
so a copy is kept in ``protocols`` in the data folder. Files put there are known by name, too.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, get_args

from kneetrack.clinic.naming import plain
from kneetrack.clinic_records.kinds import VIEWS_ASKED, Foot, SheetName, ViewAsked
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import Session, Trial
from kneetrack.folders import data_folder
from kneetrack.nearest import did_you_mean
from kneetrack.records import OutputError, SettingsError
from kneetrack.result import ExerciseName

DEFAULT: Final = "lower-limb"
MOST_STEPS: Final = 40
_EXERCISES: Final = tuple(name for name in get_args(ExerciseName) if name != "none")
_TOP_KEYS: Final = ("name", "title", "version", "about", "step")
_STEP_KEYS: Final = tuple(Step.__dataclass_fields__)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_KEY: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_VIEWS_OF: Final[dict[str, tuple[ViewAsked, ...]]] = {"glute_bridge": ("side", "foot_end")}
_UPRIGHT: Final[tuple[ViewAsked, ...]] = ("front", "side")


def protocol_names() -> list[str]:
    """Names that :func:`load_protocol` knows: the bundled ones, then the clinic's own."""
    own = _own_folder()
    found = sorted(path.stem for path in own.glob("*.toml")) if own.is_dir() else []
    return [*_bundled(), *(name for name in found if name not in _bundled())]


def known_protocols() -> list[Protocol]:
    """The protocols of :func:`protocol_names`, without those whose file cannot be used."""
    found = []
    for name in protocol_names():
        with contextlib.suppress(SettingsError):
            found.append(load_protocol(name))
    return found


def load_protocol(name_or_path: str) -> Protocol:
    """A protocol by name, or of a TOML file. Raises SettingsError naming the key that is wrong."""
    wanted = name_or_path.strip()
    if wanted in _bundled():
        return _parse((_folder() / f"{wanted}.toml").read_text("utf-8"), wanted, wanted)
    path = Path(wanted)
    if path.suffix.lower() != ".toml":
        path = _own_folder() / f"{wanted}.toml"
        if not _NAME.fullmatch(wanted) or not path.is_file():
            raise _unknown(wanted)
    return _parse(_text(path), path.name, plain(path.stem).replace("_", "-"))


def protocol_of(session: Session, trials: Sequence[Trial]) -> Protocol:
    """The protocol of a session; where its file is gone or damaged, the steps that were taken."""
    try:
        return load_protocol(session.protocol)
    except SettingsError:
        keys = dict.fromkeys(trial.step for trial in trials)
        steps = tuple(step_of_trials(key, trials) for key in keys)
        return Protocol(session.protocol, session.protocol, session.protocol_version, steps)


def step_of_trials(key: str, trials: Sequence[Trial]) -> Step:
    """A step that no protocol tells of any more, by its trials."""
    own = [trial for trial in trials if trial.step == key]
    views = tuple(dict.fromkeys(trial.view for trial in own))
    return Step(key, key.replace("_", " ").capitalize(), own[-1].exercise, views)


def keep_protocol(name_or_path: str) -> Protocol:
    """As :func:`load_protocol`; one given by its path is known by its name from now on.

    Raises SettingsError when that name and version are in use for other steps, OutputError when
    no copy can be written.
    """
    protocol = load_protocol(name_or_path)
    if not name_or_path.strip().lower().endswith(".toml"):
        return protocol
    if protocol.name in _bundled():
        raise SettingsError(f"{protocol.name!r} is a bundled protocol: give yours another name")
    copy = _own_folder() / f"{protocol.name}.toml"
    if copy.is_file():
        before = load_protocol(protocol.name)
        if before.version >= protocol.version and before != protocol:
            raise SettingsError(
                f"protocol {protocol.name!r} version {before.version} is in use with other steps: "
                f"write version = {before.version + 1}, or give it another name"
            )
    if copy.resolve() != Path(name_or_path.strip()).resolve():
        _write(copy, _text(Path(name_or_path.strip())))
    return protocol


def _folder() -> Any:
    return files("kneetrack.clinic") / "protocols"


def _bundled() -> list[str]:
    names = sorted(Path(f.name).stem for f in _folder().iterdir() if f.name.endswith(".toml"))
    return sorted(names, key=lambda name: (name != DEFAULT, name))


def _own_folder() -> Path:
    return data_folder() / "protocols"


def _unknown(wanted: str) -> SettingsError:
    names = protocol_names()
    told = did_you_mean(wanted, names)
    if told.endswith("?"):
        told += f" There are {', '.join(names)},"
    return SettingsError(f"unknown protocol {wanted!r}: {told} or give a TOML file of your own")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(f"protocol file not found: {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read the protocol file {path}: {error}") from error


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot keep the protocol in {path}: {error.strerror}") from error


# -- the file -----------------------------------------------------------------------------------


def _parse(text: str, where: str, name: str) -> Protocol:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where} is not valid TOML: {error}") from error
    _known(table, _TOP_KEYS, where)
    name = _string(table, "name", name, where, 32)
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{where}: name {name!r} must be small letters, digits and hyphens")
    steps = table.get("step", [])
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise SettingsError(f"{where}: write one [[step]] for each movement, 1 to {MOST_STEPS}")
    made = tuple(_step(step, f"{where}, step {i + 1}") for i, step in enumerate(steps))
    keys = [step.key for step in made]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise SettingsError(f"{where}: two steps have the key {twice!r}")
    return Protocol(
        name,
        _string(table, "title", name, where, 60),
        _whole(table, "version", 1, where, 1, 9999),
        made,
        _string(table, "about", "", where, 400),
    )


def _step(table: Any, where: str) -> Step:
    _known(table, _STEP_KEYS, where)
    key = _string(table, "key", "", where, 32)
    if not _KEY.fullmatch(key):
        raise SettingsError(f"{where}: key {key!r} must be small letters, digits and underscores")
    where = f"{where} ({key})"
    exercise: ExerciseName = _one_of(table, "exercise", _EXERCISES, where)
    stance = exercise == "single_leg_stance"
    if stance and "reps" in table:
        raise SettingsError(f"{where}: a balance has hold_s, not reps")
    if not stance and "hold_s" in table:
        raise SettingsError(f"{where}: hold_s is for single_leg_stance alone: give reps")
    return Step(
        key=key,
        title=_string(table, "title", "", where, 60) or _needed("title", where),
        exercise=exercise,
        views=_views(table, exercise, where),
        foot=_one_of(table, "foot", get_args(Foot), where, "both"),
        reps=0 if stance else _whole(table, "reps", 5, where, 1, 50),
        hold_s=_seconds(table, where) if stance else None,
        bridge_mode=_one_of(table, "bridge_mode", ("low", "full"), where, "low"),
        sheets=_list(table, "sheets", get_args(SheetName), where),
        say=_string(table, "say", "", where, 200),
        optional=_yes_no(table, "optional", where),
    )


def _needed(key: str, where: str) -> str:
    raise SettingsError(f"{where}: {key} is missing")


def _known(table: Any, valid: tuple[str, ...], where: str) -> None:
    if not isinstance(table, dict):
        raise SettingsError(f"{where} must be a table")
    for key in table:
        if key not in valid:
            raise SettingsError(f"{where}: unknown key {key!r}: {did_you_mean(key, valid)}")


def _string(table: dict[str, Any], key: str, default: str, where: str, most: int) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or len(value) > most:
        raise SettingsError(f"{where}: {key} must be a text of at most {most} characters")
    return " ".join(value.split())


def _whole(table: dict[str, Any], key: str, default: int, where: str, least: int, most: int) -> int:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SettingsError(f"{where}: {key} must be a whole number, {least} to {most}")
    return value


def _seconds(table: dict[str, Any], where: str) -> float:
    value = table.get("hold_s", 20)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 3 <= value <= 120:
        raise SettingsError(f"{where}: hold_s must be 3 to 120 seconds")
    return float(value)


def _yes_no(table: dict[str, Any], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise SettingsError(f"{where}: {key} must be true or false")
    return value


def _one_of(
    table: dict[str, Any], key: str, valid: tuple[str, ...], where: str, default: str | None = None
) -> Any:
    if key not in table and default is None:
        _needed(key, where)
    value = table.get(key, default)
    if value not in valid:
        told = did_you_mean(str(value), valid)
        raise SettingsError(f"{where}: unknown {key} {value!r}: {told}")
    return value


def _list(table: dict[str, Any], key: str, valid: tuple[str, ...], where: str) -> Any:
    values = table.get(key, [])
    if not isinstance(values, list):
        raise SettingsError(f'{where}: write {key} as a list, such as {key} = ["{valid[0]}"]')
    given = tuple(_one_of({key: value}, key, valid, where) for value in values)
    if len(set(given)) < len(given):
        raise SettingsError(f"{where}: {key} names one twice")
    return given


def _views(table: dict[str, Any], exercise: str, where: str) -> tuple[ViewAsked, ...]:
    views: tuple[ViewAsked, ...] = _list(table, "views", VIEWS_ASKED, where)
    valid = _VIEWS_OF.get(exercise, _UPRIGHT)
    for view in views:
        if view not in valid:
            raise SettingsError(
                f"{where}: a {exercise.replace('_', ' ')} is filmed from {' or '.join(valid)}, "
                f"not from {view}"
            )
    return views or _needed("views", where)  # type: ignore[return-value]
