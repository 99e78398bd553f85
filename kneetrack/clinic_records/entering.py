"""What is checked when facts are written down, and not when they are read again: it depends on the
day."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.records import SettingsError

OLDEST: Final = 120
"""Nobody is older than this many years."""
FIRST_CONSENT: Final = date(1990, 1, 1)
"""No consent to this was given before: the year was mistyped."""


_DAY: Final = re.compile(r"(?<!\d)\d{1,4}[.-]\s?\d{1,2}[.-]\s?\d{2,4}(?!\d)")


def like_a_name(code: str) -> bool:
    """Whether a code looks as if it were a name, or held a day: two words of letters, 12.3.1988."""
    words = [word for word in re.split(r"[\s_+.-]+", code) if word.isalpha() and len(word) > 2]
    return len(words) > 1 or _DAY.search(code) is not None


def check_client(facts: ClientFacts, today: date) -> None:
    """Raises SettingsError when nobody can have been born in that year."""
    year = facts.birth_year
    if year is not None and not today.year - OLDEST <= year <= today.year:
        raise SettingsError(
            f"year of birth {year}: use one from {today.year - OLDEST} to {today.year}"
        )


def check_consent(facts: ConsentFacts, today: date) -> None:
    """Raises SettingsError for a consent that cannot have been given yet, or is over already."""
    if facts.given_on > today:
        raise SettingsError(
            f"the consent would be given on {facts.given_on}, which is still to come: "
            "give the day on which the client agreed"
        )
    if facts.given_on < FIRST_CONSENT:
        raise SettingsError(
            f"the consent would be given on {facts.given_on}: give a day from 1990 on"
        )
    if facts.keep_until is not None and facts.keep_until < today:
        raise SettingsError(
            f"the records would be kept until {facts.keep_until}, which is over: "
            "give a day that is still to come"
        )
