"""Consents. The newest that is not withdrawn is the one that counts; the older ones are past."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from kneetrack.clinic_records.entering import check_consent
from kneetrack.clinic_records.kinds import Purpose
from kneetrack.clinic_records.people import Client, Consent, ConsentFacts, Losing
from kneetrack.records import ConsentError
from kneetrack.store.base import StoreBase, new_id, next_number, row_of
from kneetrack.store.cleaning import (
    arriving_clips,
    clip_is_gone,
    losing,
    not_covered,
    practices_not_covered,
)
from kneetrack.store.practice_tables import practices
from kneetrack.store.tables import clients, consents, removals, sessions


def consent_from(row: Row[Any]) -> Consent:
    """A consent from its row."""
    m = row._mapping
    facts = ConsentFacts(
        m[consents.c.given_on],
        m[consents.c.purpose],
        frozenset(m[consents.c.allows].split(",")),
        m[consents.c.keep_until],
        m[consents.c.guardian],
    )
    return Consent(m[consents.c.id], m[consents.c.client_id], facts, m[consents.c.withdrawn_on])


def in_force(connection: Connection, client_id: str, on: date | None = None) -> Consent | None:
    """The newest that is not withdrawn, if that day lies within it (None: today)."""
    query = (
        select(consents)
        .where(consents.c.client_id == client_id, consents.c.withdrawn_on.is_(None))
        .order_by(consents.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    consent = None if row is None else consent_from(row)
    return consent if consent is not None and consent.holds(on or date.today()) else None


def needed(connection: Connection, client_id: str, purpose: Purpose = "measurements") -> Consent:
    """The consent in force. Raises ConsentError, with what to do, when it does not allow it."""
    consent = in_force(connection, client_id)
    if consent is None:
        query = select(consents.c.withdrawn_on, consents.c.keep_until)
        newest = connection.execute(
            query.where(consents.c.client_id == client_id).order_by(consents.c.number.desc())
        ).first()
        if newest is None:
            why = "the client has given no consent yet"
        elif newest.withdrawn_on is not None:
            why = "the client has withdrawn the consent"
        else:
            why = f"the client's consent ran out on {newest.keep_until}"
        raise ConsentError(f"{why}: record a new one first (kneetrack client consent)")
    if purpose not in consent.facts.allows:
        raise ConsentError(
            f"the client's consent does not allow {purpose!r}: record a wider one first "
            "(kneetrack client consent)"
        )
    return consent


class Consents(StoreBase):
    """What clients agreed to."""

    def give_consent(
        self, client_id: str, facts: ConsentFacts, *, today: date | None = None
    ) -> Consent:
        """A new consent; from now on it holds, and what it does not allow is taken away.

        today: the day on which it is written down (None: this one). Raises SettingsError for one
        that is given later than that, or over by then. :meth:`would_lose` tells what would go.
        """
        check_consent(facts, today or date.today())
        with self._writing() as connection:
            row_of(connection, clients, client_id, "client")
            consent = self._put_consent(connection, client_id, facts)
            self._take_away(connection, client_id)
        self._remove_marked()
        return consent

    def _put_consent(self, connection: Connection, client_id: str, facts: ConsentFacts) -> Consent:
        consent = Consent(new_id(), client_id, facts)
        number = next_number(connection, consents.c.number, consents.c.client_id == client_id)
        row = {
            "id": consent.id,
            "client_id": client_id,
            "number": number,
            "given_on": facts.given_on,
            "purpose": facts.purpose,
            "allows": ",".join(sorted(facts.allows)),
            "keep_until": facts.keep_until,
            "guardian": facts.guardian,
        }
        connection.execute(insert(consents).values(**row))
        self._note(connection, "added", "consent", consent.id, client_id=client_id)
        return consent

    def would_lose(self, client_id: str, allows: Collection[Purpose] = ()) -> Losing:
        """What would be deleted if no more than this were allowed (nothing: a withdrawal)."""
        with self._reading() as connection:
            row_of(connection, clients, client_id, "client")
            covers_not = not_covered(connection, self.files, client_id, allows)
            arriving = arriving_clips(connection, self.files, client_id)
        covers_not |= practices_not_covered(self.files, client_id, allows)
        return losing(covers_not, () if "measurements" in allows else arriving)

    def consents(self, client_id: str) -> list[Consent]:
        """Newest first, withdrawn ones too."""
        with self._reading() as connection:
            row_of(connection, clients, client_id, "client")
            query = select(consents).where(consents.c.client_id == client_id)
            rows = connection.execute(query.order_by(consents.c.number.desc()))
            return [consent_from(row) for row in rows]

    def consent_now(self, client_id: str, on: date | None = None) -> Consent | None:
        """The one in force: the newest not withdrawn, if it holds on that day (None: today)."""
        with self._reading() as connection:
            row_of(connection, clients, client_id, "client")
            return in_force(connection, client_id, on)

    def need_consent(self, client_id: str, purpose: Purpose = "measurements") -> Consent:
        """The consent in force. Raises ConsentError, with what to do, when it does not allow it."""
        with self._reading() as connection:
            row_of(connection, clients, client_id, "client")
            return needed(connection, client_id, purpose)

    def withdraw_consent(self, consent_id: str, on: date | None = None) -> Consent:
        """Withdrawn: nothing more is measured on it, and clips that nothing allows are deleted.

        Older consents that still stood are withdrawn with it: none of them comes back to life.
        Numbers stay until the client is deleted: who withdraws is to be told so.
        """
        with self._writing() as connection:
            row = row_of(connection, consents, consent_id, "consent")
            row_of(connection, clients, row.client_id, "client")
            query = select(consents.c.id).where(
                consents.c.client_id == row.client_id,
                consents.c.number <= row.number,
                consents.c.withdrawn_on.is_(None),
            )
            for other in list(connection.execute(query).scalars()):
                where = consents.c.id == other
                day = on or date.today()
                connection.execute(update(consents).where(where).values(withdrawn_on=day))
                self._note(connection, "withdrawn", "consent", other, client_id=row.client_id)
            self._take_away(connection, row.client_id)
            consent = consent_from(row_of(connection, consents, consent_id, "consent"))
        self._remove_marked()
        return consent

    def expired(self, on: date | None = None) -> list[Client]:
        """Clients whose time of keeping is over by that day (None: today), by code.

        It is when their newest consent was withdrawn, whatever end it had, or when its last day is
        past. Those who withdrew and of whom something was measured come first.
        """
        from kneetrack.store.clients import client_from

        day = on or date.today()
        query = (
            select(clients, consents)
            .join(consents)
            .order_by(clients.c.code_key, consents.c.number.desc())
        )
        found: dict[str, tuple[Client, bool] | None] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                consent = consent_from(row)
                if consent.client_id not in found:
                    gone, end = consent.withdrawn_on is not None, consent.facts.keep_until
                    over = gone or (end is not None and day > end)
                    found[consent.client_id] = (client_from(row), gone) if over else None
            measured = {
                client_id
                for of in (sessions, practices)
                for client_id in connection.execute(select(of.c.client_id).distinct()).scalars()
            }
        told = [both for both in found.values() if both is not None]
        first = [client for client, gone in told if gone and client.id in measured]
        return [*first, *(client for client, _ in told if client not in first)]

    def _take_away(self, connection: Connection, client_id: str) -> None:
        """Mark what the consent in force does not allow any more."""
        consent = in_force(connection, client_id)
        allows = frozenset() if consent is None else consent.facts.allows
        arriving = arriving_clips(connection, self.files, client_id)
        of_takes = not_covered(connection, self.files, client_id, allows)
        of_practices = practices_not_covered(self.files, client_id, allows)
        for record_id, paths in (of_takes | of_practices).items():
            gone = losing({record_id: paths}, ())
            if gone.clips and record_id in of_takes:
                clip_is_gone(connection, record_id)
            self._to_remove(connection, paths)
            if gone:
                detail = f"{gone}, which the consent does not cover"
                what = ("changed", "practice")
                if record_id in of_takes:
                    what = ("deleted", "clip" if gone.clips else "picture")
                self._note(connection, *what, record_id, detail, client_id=client_id)
        if "measurements" in allows:  # what comes from now on is no straggler of before
            places = [folder.relative_to(self.files).as_posix() for folder in arriving]
            past = (removals.c.done.is_(True), removals.c.path.in_(places))
            connection.execute(delete(removals).where(*past))
        else:
            self._to_remove(connection, arriving)
