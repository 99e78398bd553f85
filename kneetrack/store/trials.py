"""Trials: begun, finished, failed, rejected, restored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, literal_column, select

from kneetrack.clinic_records.kinds import Origin, ViewAsked
from kneetrack.clinic_records.numbers import TrialNumbers
from kneetrack.clinic_records.visits import CLIP_FILE, RESULT_FILE, Trial
from kneetrack.records import SettingsError, StoreError, UnknownRecordError
from kneetrack.store import files as on_disk
from kneetrack.store.base import StoreBase, new_id, next_number, now_utc, row_of, set_row
from kneetrack.store.cleaning import forbidden
from kneetrack.store.consents import in_force, needed
from kneetrack.store.numbers import put_numbers
from kneetrack.store.tables import sessions, trials

REPEATED = "repeated"


def trial_from(row: Row[Any]) -> Trial:
    """A trial from its row."""
    return Trial(
        row.id,
        row.session_id,
        row.step,
        row.view,
        row.attempt,
        row.origin,
        row.status,
        row.reason,
        row.note,
        row.at,
        row.exercise,
        row.reps_valid,
        row.reps_total,
        row.clip_kept,
        row.clip_sha256,
    )


def client_of(connection: Connection, trial_id: str) -> str:
    """The id of the client whose trial it is. Raises UnknownRecordError."""
    query = select(sessions.c.client_id).join(trials).where(trials.c.id == trial_id)
    found = connection.execute(query).scalar()
    if found is None:
        raise UnknownRecordError(f"no take is known by {trial_id!r}")
    return str(found)


class Trials(StoreBase):
    """Takes in the store."""

    def begin_trial(self, session_id: str, step: str, view: ViewAsked, origin: Origin) -> Trial:
        """A new attempt, under way, with a folder of its own. Raises ConsentError."""
        trial_id = new_id()
        with self._writing() as connection:
            session = row_of(connection, sessions, session_id, "session")
            needed(connection, session.client_id)
            here = trials.c.session_id == session_id
            same = (here, trials.c.step == step, trials.c.view == view)
            row = {
                "id": trial_id,
                "session_id": session_id,
                "number": next_number(connection, trials.c.number, here),
                "step": step,
                "view": view,
                "attempt": next_number(connection, trials.c.attempt, *same),
                "origin": origin,
                "status": "under_way",
                "at": now_utc(),
                "exercise": "none",
                "reps_valid": 0,
                "reps_total": 0,
                "clip_kept": False,
                **dict.fromkeys(("reason", "note", "clip_sha256"), ""),
            }
            connection.execute(insert(trials).values(**row))
            self._note(connection, "added", "trial", trial_id, client_id=session.client_id)
        self.trial_folder(trial_id)
        return self.trial(trial_id)

    def trial_folder(self, trial_id: str) -> Path:
        """Where its files are; file names: ``clinic_records.visits``. Raises StoreError."""
        with self._reading() as connection:
            folder = self.files / client_of(connection, trial_id) / trial_id
        with on_disk.told_of_files(folder):
            on_disk.make_private(folder)
        return folder

    def finish_trial(self, trial_id: str, numbers: TrialNumbers, *, clip_sha256: str = "") -> Trial:
        """It counts from now on; its files must be in its folder already.

        An older good attempt at the same step and view is rejected as "repeated"; it is itself,
        when a newer one counts already. One that was rejected meanwhile stays so. Raises
        StoreError without a result file, ConsentError where the consent has ended meanwhile.
        """
        folder = self._folder_of_known(trial_id)
        if not (folder / RESULT_FILE).is_file():
            raise StoreError(f"the take cannot be finished: no {RESULT_FILE} in its folder")
        with on_disk.told_of_files(folder):
            on_disk.sync(folder)
        with self._writing() as connection:
            row = row_of(connection, trials, trial_id, "take")
            needed(connection, client_of(connection, trial_id))
            put_numbers(connection, trial_id, numbers)
            values = {"finished_at": now_utc(), "clip_sha256": clip_sha256}
            if row.status != "rejected":
                values |= {"status": "good", "reason": ""}
            set_row(connection, trials, trial_id, **values)
            client_id = client_of(connection, trial_id)
            self._note(connection, "finished", "trial", trial_id, client_id=client_id)
            self._keep_allowed(connection, trial_id, client_id)
            if row.status != "rejected":
                self._let_newest_count(connection, row)
        self._remove_marked()
        return self.trial(trial_id)

    def corrected_numbers(self, trial_id: str, numbers: TrialNumbers) -> None:
        """Puts other repetitions, readings and verdicts in the place of those that stand.

        Pictures that were made anew before go again where the consent, as it is by now, does not
        cover them.
        """
        with self._writing() as connection:
            row_of(connection, trials, trial_id, "take")
            put_numbers(connection, trial_id, numbers)
            client_id = client_of(connection, trial_id)
            self._note(connection, "changed", "trial", trial_id, "numbers", client_id=client_id)
            self._keep_allowed(connection, trial_id, client_id)
        self._remove_marked()

    def fail_trial(self, trial_id: str, reason: str) -> Trial:
        """It could not be analysed. One that is finished already stays as it is."""
        self._folder_of_known(trial_id)
        with self._writing() as connection:
            row = row_of(connection, trials, trial_id, "take")
            if row.finished_at is not None:
                return trial_from(row)
            if row.status != "rejected":
                set_row(connection, trials, trial_id, status="failed", reason=reason)
            client_id = client_of(connection, trial_id)
            self._note(connection, "failed", "trial", trial_id, client_id=client_id)
            self._keep_allowed(connection, trial_id, client_id)
        self._remove_marked()
        return self.trial(trial_id)

    def reject_trial(self, trial_id: str, reason: str) -> Trial:
        """It is kept and does not count. Raises SettingsError without a reason."""
        if not reason.strip():
            raise SettingsError("a take is rejected with a reason")
        return self._set_trial(trial_id, "rejected", "reason", status="rejected", reason=reason)

    def restore_trial(self, trial_id: str) -> Trial:
        """A rejected one counts again; another good attempt at it is rejected as "repeated".

        Raises SettingsError for one that was never analysed.
        """
        with self._writing() as connection:
            row = row_of(connection, trials, trial_id, "take")
            if row.finished_at is None:
                raise SettingsError("this take was never analysed to its end: it cannot count")
            set_row(connection, trials, trial_id, status="good", reason="")
            client_id = client_of(connection, trial_id)
            self._note(connection, "restored", "trial", trial_id, client_id=client_id)
            self._reject_others(connection, row, client_id)
        return self.trial(trial_id)

    def note_trial(self, trial_id: str, note: str) -> Trial:
        """A note of the clinician."""
        return self._set_trial(trial_id, "changed", "note", note=note)

    def trial(self, trial_id: str) -> Trial:
        """By id."""
        with self._reading() as connection:
            return trial_from(row_of(connection, trials, trial_id, "take"))

    def trials(self, session_id: str) -> list[Trial]:
        """In the order in which they were begun."""
        with self._reading() as connection:
            row_of(connection, sessions, session_id, "session")
            query = select(trials).where(trials.c.session_id == session_id)
            return [trial_from(row) for row in connection.execute(query.order_by(trials.c.number))]

    def unfinished_trials(self) -> list[Trial]:
        """Those under way, of every client, oldest first: at work now, or left by a crash."""
        with self._reading() as connection:
            under_way: ColumnElement[str] = literal_column(
                "'under_way'"
            )  # as in the index of just these
            query = select(trials).where(trials.c.status == under_way)
            rows = connection.execute(query.order_by(trials.c.at, trials.c.id))
            return [trial_from(row) for row in rows]

    def _set_trial(self, trial_id: str, what: str, field: str, **values: Any) -> Trial:
        with self._writing() as connection:
            row_of(connection, trials, trial_id, "take")
            set_row(connection, trials, trial_id, **values)
            client_id = client_of(connection, trial_id)
            self._note(connection, what, "trial", trial_id, field, client_id=client_id)
            return trial_from(row_of(connection, trials, trial_id, "take"))

    def _folder_of_known(self, trial_id: str) -> Path:
        """Its folder; what somebody still wrote for a deleted trial goes at once."""
        with self._of_known(trial_id):
            return self.trial_folder(trial_id)

    def _keep_allowed(self, connection: Connection, trial_id: str, client_id: str) -> None:
        """Mark what the consent, as it is by now, does not cover, and tell whether a clip stays."""
        consent = in_force(connection, client_id)
        allows = frozenset() if consent is None else consent.facts.allows
        folder = self.files / client_id / trial_id
        marked = forbidden(folder, allows)
        self._to_remove(connection, marked)
        clip = folder / CLIP_FILE
        set_row(connection, trials, trial_id, clip_kept=clip.is_file() and clip not in marked)

    def _let_newest_count(self, connection: Connection, row: Row[Any]) -> None:
        good = connection.execute(
            select(trials)
            .where(*_same_take(row), trials.c.status == "good")
            .order_by(trials.c.attempt.desc())
        ).first()
        if good is not None:
            self._reject_others(connection, good, client_of(connection, row.id))

    def _reject_others(self, connection: Connection, row: Row[Any], client_id: str) -> None:
        query = select(trials.c.id).where(
            *_same_take(row), trials.c.status == "good", trials.c.id != row.id
        )
        for other in list(connection.execute(query).scalars()):
            set_row(connection, trials, other, status="rejected", reason=REPEATED)
            self._note(connection, "rejected", "trial", other, REPEATED, client_id=client_id)


def _same_take(row: Row[Any]) -> tuple[Any, ...]:
    return (
        trials.c.session_id == row.session_id,
        trials.c.step == row.step,
        trials.c.view == row.view,
    )
