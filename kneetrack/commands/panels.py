"""In which part of ``kneetrack --help`` a command stands."""

from __future__ import annotations

from typing import Final

import typer

PANELS: Final = {
    "Clips and camera": ("demo", "analyse", "live", "batch", "validate", "exercises"),
    "At home": ("selfcheck", "programme", "diary"),
    "The clinic": (
        *("clients", "client", "screen", "session", "sessions", "trial", "protocols"),
        *("prescribe", "trend", "report", "correct", "score", "reliability", "export", "cohort"),
        *("serve", "user", "expire", "audit"),
    ),
    "This computer": ("cameras", "doctor"),
}


_MEANT: Final = {
    **dict.fromkeys(("measure", "visit", "record", "import"), "screen"),
    **dict.fromkeys(("visits", "list"), "sessions"),
    **dict.fromkeys(("compare", "progress"), "trend"),
}
"""Words for which there is another command."""


def meant(message: str) -> str:
    """A message of the command line's library, with the command that may have been meant."""
    told = message.strip().rstrip(".")
    unknown = next((word for word in _MEANT if told == f"No such command '{word}'"), None)
    return told if unknown is None else f"{told}. Did you mean '{_MEANT[unknown]}'?"


def in_panels(app: typer.Typer) -> None:
    """Put every command into its part of the help."""
    panel = {name: title for title, names in PANELS.items() for name in names}
    for command in app.registered_commands:
        name = command.name or getattr(command.callback, "__name__", "").replace("_", "-")
        command.rich_help_panel = panel.get(name)
    for group in app.registered_groups:
        group.rich_help_panel = panel.get(group.name or "")
