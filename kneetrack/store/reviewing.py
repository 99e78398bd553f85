"""Corrections, score sheets, and the clinic's own limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select

from kneetrack.clinic_records.kinds import SheetName
from kneetrack.clinic_records.numbers import Reliability
from kneetrack.clinic_records.visits import Correction, Score, ScoreItem
from kneetrack.records import SettingsError, SideName, UnknownRecordError
from kneetrack.store.base import StoreBase, new_id, next_number, now_utc, row_of, set_row
from kneetrack.store.tables import corrections, reliability, score_items, scores, sessions, trials
from kneetrack.store.trials import client_of

FEWEST_DIGITS: Final = 6
"""So many digits of an id name a correction, if no other one begins with them."""
_ITEM = tuple(f.name for f in fields(ScoreItem))
_OWN = tuple(f.name for f in fields(Reliability))
_CORRECTION = tuple(f.name for f in fields(Correction))


def _correction(row: Row[Any]) -> Correction:
    return Correction(**{name: getattr(row, name) for name in _CORRECTION})


class Reviewing(StoreBase):
    """The reviewer's hand."""

    def add_correction(self, correction: Correction) -> Correction:
        """``id``, ``by`` and ``at`` of what is given are not looked at: the store makes them."""
        made = replace(correction, id=new_id(), by=self.by, at=now_utc(), withdrawn_at=None)
        trial_id = correction.trial_id
        with self._writing() as connection:
            row_of(connection, trials, trial_id, "take")
            values = {name: getattr(made, name) for name in _CORRECTION}
            values |= {name: dict(values[name]) for name in ("target", "before", "after")}
            here = corrections.c.trial_id == trial_id
            number = next_number(connection, corrections.c.number, here)
            connection.execute(insert(corrections).values(number=number, **values))
            client_id = client_of(connection, trial_id)
            self._note(
                connection, "added", "correction", made.id, correction.kind, client_id=client_id
            )
        return made

    def correction(self, correction_id: str) -> Correction:
        """By id, also one that was withdrawn."""
        with self._reading() as connection:
            return _correction(row_of(connection, corrections, correction_id, "correction"))

    def correction_named(self, text: str) -> Correction:
        """By id, or by its first digits, :data:`FEWEST_DIGITS` or more.

        Raises SettingsError when several begin so, UnknownRecordError when none does.
        """
        digits = text.strip().lower()
        if not re.fullmatch(rf"[0-9a-f]{{{FEWEST_DIGITS},32}}", digits):
            raise UnknownRecordError(
                f"no correction is known by {text!r}: give the first {FEWEST_DIGITS} or more "
                "digits of its id"
            )
        query = select(corrections).where(corrections.c.id.startswith(digits)).limit(2)
        with self._reading() as connection:
            rows = list(connection.execute(query))
        if len(rows) > 1:
            raise SettingsError(f"several corrections begin with {digits}: give more digits")
        if not rows:
            raise UnknownRecordError(f"no correction is known by {text!r}")
        return _correction(rows[0])

    def withdraw_correction(self, correction_id: str) -> Correction:
        """It does not hold any more; it stays on record."""
        with self._writing() as connection:
            row = row_of(connection, corrections, correction_id, "correction")
            if row.withdrawn_at is None:
                set_row(connection, corrections, correction_id, withdrawn_at=now_utc())
                client_id = client_of(connection, row.trial_id)
                self._note(
                    connection, "withdrawn", "correction", correction_id, client_id=client_id
                )
            return _correction(row_of(connection, corrections, correction_id, "correction"))

    def corrections(self, trial_id: str, *, withdrawn: bool = False) -> list[Correction]:
        """Those that hold, in the order made; with ``withdrawn`` the others, too."""
        query = select(corrections).where(corrections.c.trial_id == trial_id)
        if not withdrawn:
            query = query.where(corrections.c.withdrawn_at.is_(None))
        with self._reading() as connection:
            row_of(connection, trials, trial_id, "take")
            rows = connection.execute(query.order_by(corrections.c.number))
            return [_correction(row) for row in rows]

    # -- scores ----------------------------------------------------------------------------------

    def save_score(
        self,
        session_id: str,
        step: str,
        sheet: SheetName,
        side: SideName,
        items: Sequence[ScoreItem],
    ) -> Score:
        """Makes or replaces the sheet of that step and leg; one audit line a changed item.

        Who confirmed an item, and when, is the store's to say.
        """
        with self._writing() as connection:
            client_id = row_of(connection, sessions, session_id, "session").client_id
            key = {"session_id": session_id, "step": step, "sheet": sheet, "side": side}
            where = [scores.c[name] == value for name, value in key.items()]
            score_id = connection.execute(select(scores.c.id).where(*where)).scalar()
            before = {} if score_id is None else _items(connection, [score_id])[score_id]
            if score_id is None:
                score_id = new_id()
                connection.execute(insert(scores).values(id=score_id, **key))
            kept = {item.key: item for item in before}
            after = [self._item(item, kept.get(item.key)) for item in items]
            connection.execute(delete(score_items).where(score_items.c.score_id == score_id))
            for item in after:
                values = {name: getattr(item, name) for name in _ITEM}
                connection.execute(insert(score_items).values(score_id=score_id, **values))
            new = {item.key: item for item in after}
            for name in dict.fromkeys([*kept, *new]):
                if kept.get(name) != new.get(name):
                    self._note(connection, "changed", "score", score_id, name, client_id=client_id)
        return Score(score_id, session_id, step, sheet, side, tuple(after))

    def _item(self, item: ScoreItem, before: ScoreItem | None) -> ScoreItem:
        if item.confirmed is None:
            return replace(item, by="", at=None)
        if before is not None and before.confirmed == item.confirmed:
            return replace(item, by=before.by, at=before.at)
        return replace(item, by=self.by, at=now_utc())

    def scores(self, session_id: str) -> list[Score]:
        """Every sheet of a session."""
        query = select(scores).where(scores.c.session_id == session_id)
        with self._reading() as connection:
            row_of(connection, sessions, session_id, "session")
            order = (scores.c.step, scores.c.sheet, scores.c.side)
            rows = connection.execute(query.order_by(*order)).all()
            items = _items(connection, [row.id for row in rows])
        return [
            Score(row.id, row.session_id, row.step, row.sheet, row.side, tuple(items[row.id]))
            for row in rows
        ]

    # -- own reliability -------------------------------------------------------------------------

    def adopt_reliability(self, rows: Sequence[Reliability]) -> list[Reliability]:
        """The clinic's own limits from now on, in place of all adopted before."""
        when = now_utc()
        adopted = [replace(row, adopted_at=when, by=self.by) for row in rows]
        with self._writing() as connection:
            connection.execute(delete(reliability))
            for row in adopted:
                connection.execute(
                    insert(reliability).values(**{name: getattr(row, name) for name in _OWN})
                )
            what = "adopted" if adopted else "withdrawn"
            self._note(connection, what, "reliability", "own", f"{len(adopted)} measures")
        return adopted

    def adopted_reliability(self) -> list[Reliability]:
        """What was adopted; empty: none."""
        with self._reading() as connection:
            query = select(*(reliability.c[name] for name in _OWN)).order_by(reliability.c.n)
            return [Reliability(*row) for row in connection.execute(query)]


def _items(connection: Connection, score_ids: Sequence[str]) -> dict[str, list[ScoreItem]]:
    found: dict[str, list[ScoreItem]] = {score_id: [] for score_id in score_ids}
    columns = (score_items.c[name] for name in _ITEM)
    query = select(score_items.c.score_id, *columns).where(score_items.c.score_id.in_(score_ids))
    for score_id, *values in connection.execute(query.order_by(score_items.c.n)):
        found[score_id].append(ScoreItem(*values))
    return found
