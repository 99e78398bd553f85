"""Facts of a session's set-up: as they are typed, read and filled in, and kept once measured."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from kneetrack.clinic_records.visits import Session, SetupFacts
from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from kneetrack.store.store import Store

SETUP_WORDS: Final = {
    "distance_m": "distance",
    "camera_height_m": "camera height",
    "footwear": "footwear",
    "stance": "stance",
    "clothing": "clothing",
    "camera": "camera",
}
SETUP_ASKED: Final = ("distance_m", "camera_height_m", "footwear", "stance")
"""What must be the same for a change to be called real: asked for where it was not told."""


def merged(told: SetupFacts, before: SetupFacts) -> SetupFacts:
    """What was told, and what was known before where nothing was told."""
    own = {f.name: getattr(told, f.name) or getattr(before, f.name) for f in fields(SetupFacts)}
    return SetupFacts(**own)


def last_setup(store: Store, client_id: str) -> SetupFacts | None:
    """Of the client's newest session; None when there is none."""
    sessions = store.sessions(client_id)
    return sessions[-1].setup if sessions else None


def not_told(setup: SetupFacts) -> list[str]:
    """The fields that matter for a comparison and were not told."""
    return [name for name in SETUP_ASKED if not getattr(setup, name)]


def with_fact(setup: SetupFacts, name: str, text: str) -> SetupFacts:
    """The same with one fact as it was typed; "" leaves it. Raises SettingsError."""
    text = text.strip()
    if not text:
        return setup
    value: Any = metres(text, SETUP_WORDS[name]) if name.endswith("_m") else text
    return replace(setup, **{name: value})


def metres(text: str, name: str) -> float:
    """``3``, ``2.5 m``, ``2,5``, ``70 cm`` in metres. Raises SettingsError."""
    plain = text.strip().lower().replace(",", ".")
    unit = 0.01 if plain.endswith("cm") else 1.0
    try:
        return round(float(plain.removesuffix("cm").removesuffix("m").strip()) * unit, 4)
    except ValueError:
        raise SettingsError(
            f"cannot read the {name} {text!r}: give metres, such as 3 or 0.7"
        ) from None


def fact_words(setup: SetupFacts, name: str) -> str:
    """One fact as it is read; "" when it was not told."""
    value = getattr(setup, name)
    if not value:
        return ""
    return f"{value:g} m" if name.endswith("_m") else str(value)


def fact_key(name: str) -> str:
    """A fact of the set-up as it is typed: ``camera-height``."""
    return name.removesuffix("_m").replace("_", "-")


def with_facts(setup: SetupFacts, texts: Sequence[str]) -> SetupFacts:
    """The same with what ``distance=4``, ``footwear=`` say. Raises SettingsError."""
    known = {fact_key(name): name for name in SETUP_WORDS}
    for text in texts:
        key, equals, value = text.partition("=")
        name = known.get(key.strip().lower().replace("_", "-").replace(" ", "-"))
        if not equals or name is None:
            raise SettingsError(
                f"cannot read --set {text!r}: write FACT=VALUE, with {', '.join(known)}"
            )
        empty: Any = None if name.endswith("_m") else ""
        setup = with_fact(setup, name, value) if value.strip() else replace(setup, **{name: empty})
    return setup


def same_setup(store: Store, code: str, session: Session, told: SetupFacts) -> None:
    """What is measured already keeps its set-up: raises SettingsError when another was told."""
    for name, word in SETUP_WORDS.items():
        now, then = (fact_words(setup, name) for setup in (told, session.setup))
        if not now or not then or now.casefold() == then.casefold():
            continue
        if any(trial.status in ("good", "rejected") for trial in store.trials(session.id)):
            right = shlex.quote(f"{fact_key(name)}={now}")
            raise SettingsError(
                f"session {session.number} was measured with {word} {then}, not {now}: add "
                f"--new-session for another set-up; if {then} was wrong: kneetrack session "
                f"{shlex.quote(code)} {session.number} --set {right}"
            )
