"""Square brackets in help texts: the terminal's markup takes away those that are not escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from kneetrack.cli import app

BARE = re.compile(r"(?<!\\)\[")


def helps(command: Any, name: str = "kneetrack") -> Iterator[tuple[str, str]]:
    """(where, text) of every help text of a command and those under it."""
    yield name, command.help or ""
    for param in command.params:
        yield f"{name} {param.name}", getattr(param, "help", None) or ""
    for key, other in getattr(command, "commands", {}).items():
        yield from helps(other, f"{name} {key}")


def test_no_help_text_has_a_hole() -> None:
    found = dict(helps(get_command(app)))
    assert "\\[the last one]" in found["kneetrack report session"]
    assert [where for where, text in found.items() if BARE.search(text)] == []
