"""The clinician's note to the client, put into the programme that the client takes along."""

from __future__ import annotations

import json

from kneetrack.programme.reading import programme_from
from kneetrack.records import SettingsError


def with_client_note(text: str, note: str) -> str:
    """The text of a programme with a note to the client on top; as it is without one.

    Raises SettingsError where it has one already, or where it cannot be read with it.
    """
    words = note.strip()
    if not words:
        return text
    if programme_from(text, "clinician").note:
        raise SettingsError("the programme has a note = for the client already: change it there")
    noted = f"note = {json.dumps(words, ensure_ascii=False)}\n{text.removeprefix(chr(0xFEFF))}"
    programme_from(noted, "clinician")
    return noted
