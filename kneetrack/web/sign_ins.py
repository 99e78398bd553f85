"""Passwords and sign-ins."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from threading import BoundedSemaphore, Lock
from typing import Final

from kneetrack.clinic_records.people import User
from kneetrack.records import SettingsError
from kneetrack.web.config import WebConfig
from kneetrack.web.visit import Visit, made_ago, new_token, sha256_of

SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 200
FEWEST_LETTERS: Final = 5
"""So many different ones, and so many beside common words, a password has at least."""
FREE_TRIES: Final = 5
"""So many wrong passwords before one has to wait."""
FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=1)
MOST_WATCHED: Final = 10_000
MOST_CHECKED: Final = 2
"""So many passwords are checked at a time."""
_RENEW_AFTER: Final = timedelta(seconds=60)
_COMMON: Final = (
    *("password", "passwort", "kneetrack", "qwertyuiop", "qwertzuiop", "qwerty", "qwertz"),
    *("letmein", "welcome", "willkommen", "clinic", "praxis", "1234567890", "123456789", "12345"),
)
_NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$kyCKpq2WzWnyoeZFzdjE5Q"
    "$gYxYu57MoK5jSQ/2/cSkvAV6MN1yeJp86iv5KnvuotE"
)
"""Is checked in place of an unknown user's, so that the answer takes as long."""


def hash_password(password: str, name: str = "") -> str:
    """What the store keeps of a password. Raises SettingsError when it is soon guessed.

    name: of its user, which is the first thing that is tried.
    """
    from argon2 import PasswordHasher

    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise SettingsError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    if soon_guessed(password, name):
        raise SettingsError(
            "this password is soon guessed: take several words that do not belong together"
        )
    return PasswordHasher().hash(password)


def soon_guessed(password: str, name: str = "") -> bool:
    """Whether it is one of few letters, one run of letters, the user's name or a common word."""
    text = password.casefold()
    steps = [abs(ord(b) - ord(a)) for a, b in pairwise(text)]
    of_a_run = sum(step <= 1 for step in steps) >= len(steps) - 2
    for word in (name.casefold(), *_COMMON):
        text = text.replace(word, "") if word else text
    return len(set(password.casefold())) < FEWEST_LETTERS or of_a_run or len(text) < FEWEST_LETTERS


def password_fits(stored: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed; takes as long when there is none."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST_PASSWORD:
        password = ""
    try:
        fits = PasswordHasher().verify(stored or _NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def throttle_keys(name: str, address: str) -> tuple[str, ...]:
    """What wrong passwords are counted by: the name, and where they come from.

    Of an IPv6 address the network of 64 bits counts: whoever has one has all of its addresses.
    """
    with suppress(ValueError):
        found = ipaddress.ip_address(address.partition("%")[0])
        if found.version == 6 and found.ipv4_mapped is None:
            address = str(ipaddress.ip_network((found, 64), strict=False))
    return f"name {name.casefold()}", f"address {address}"


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    last: datetime | None = None


@dataclass(slots=True)
class Throttle:
    """Makes whoever guesses passwords wait, longer every time; per name and per address."""

    _tries: dict[str, _Tries] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, keys: tuple[str, ...], now: datetime) -> timedelta:
        """How long the next try has to wait; zero: it may be made now."""
        with self._lock:
            return max((self._wait(key, now) for key in keys), default=timedelta(0))

    def wrong(self, keys: tuple[str, ...], now: datetime) -> None:
        """A try was wrong. Counted before the password is checked, or many at once get by."""
        with self._lock:
            self._forget(now)
            for key in keys:
                tries = self._tries.pop(key, None) or _Tries()
                self._tries[key] = tries  # at the end: whoever tries last is forgotten last
                tries.wrong += 1
                tries.last = now

    def right(self, keys: tuple[str, ...]) -> None:
        """A try was right."""
        with self._lock:
            for key in keys:
                self._tries.pop(key, None)

    def _wait(self, key: str, now: datetime) -> timedelta:
        tries = self._tries.get(key)
        if tries is None or tries.last is None or tries.wrong < FREE_TRIES:
            return timedelta(0)
        doublings = min(tries.wrong - FREE_TRIES, 16)
        wait: timedelta = min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
        return max(tries.last + wait - now, timedelta(0))

    def _forget(self, now: datetime) -> None:
        old = [
            key
            for key, tries in self._tries.items()
            if tries.last is not None and now - tries.last > FORGOTTEN_AFTER
        ]
        for key in old:
            del self._tries[key]
        while len(self._tries) >= MOST_WATCHED:
            del self._tries[next(iter(self._tries))]


class SignIns:
    """Begins, renews and ends sign-ins."""

    def __init__(self, config: WebConfig) -> None:
        self._config = config
        self._renewed: dict[str, datetime] = {}
        self._lock = Lock()
        self._checking = BoundedSemaphore(MOST_CHECKED)
        self.throttle = Throttle()

    def fits(self, stored: str | None, password: str) -> bool:
        """:func:`password_fits`, a few at a time: each takes 64 MB and a processor."""
        with self._checking:
            return password_fits(stored, password)

    def begin(self, visit: Visit, user: User, now: datetime) -> None:
        """Signs in, under a new token: one that was known before is worth nothing."""
        self.end(visit)
        visit.token, visit.fresh = new_token(now), True
        store = self._config.store.acting_as(user.name)
        store.save_sign_in(sha256_of(visit.token), user.id, now + self._config.idle)

    def still_here(self, token: str, user: User, now: datetime) -> None:
        """Makes the sign-in last longer, up to its absolute end; at most once a minute."""
        with self._lock:
            before = self._renewed.get(token)
            if before is not None and now - before < _RENEW_AFTER:
                return
            if len(self._renewed) > MOST_WATCHED:
                self._renewed.clear()
            self._renewed[token] = now
        age = made_ago(token, now) or timedelta(0)
        left = min(self._config.idle, self._config.absolute - age)
        self._config.store.acting_as(user.name).renew_sign_in(sha256_of(token), now + left)

    def end(self, visit: Visit) -> None:
        """Signs out."""
        with self._lock:
            self._renewed.pop(visit.token, None)
        if visit.token:
            self._config.store.acting_as(visit.name).end_sign_in(sha256_of(visit.token))
