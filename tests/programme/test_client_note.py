"""The note to the client is in the file."""

from __future__ import annotations

import pytest

from kneetrack.programme.client_note import with_client_note
from kneetrack.programme.reading import default_text, programme_from
from kneetrack.records import SettingsError


def test_it_is_in_the_file_once() -> None:
    words = 'Stop if the "knee" swells.\nCall me: \\o/'
    noted = with_client_note(default_text(), words)
    assert programme_from(noted, "own").note == words
    assert noted.endswith(default_text())
    with pytest.raises(SettingsError, match="already"):
        with_client_note(noted, "Again.")


def test_without_words_the_file_stays_as_it_is() -> None:
    assert with_client_note(default_text(), "  ") == default_text()
