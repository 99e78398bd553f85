"""One store: a database, and a folder of files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType

from kneetrack.clinic_records.kinds import Origin, Purpose, Role, SheetName, ViewAsked
from kneetrack.clinic_records.numbers import Reading, Reliability, TrialNumbers
from kneetrack.clinic_records.people import (
    AuditLine,
    Client,
    ClientFacts,
    ClientLine,
    Consent,
    ConsentFacts,
    Deleted,
    User,
)
from kneetrack.clinic_records.visits import (
    Correction,
    RepLine,
    Score,
    ScoreItem,
    Session,
    SetupFacts,
    Trial,
    VerdictLine,
)
from kneetrack.records import SideName


def open_store(url: str | None = None, *, files: Path | None = None, by: str = "") -> Store:
    """Open the store, make it where there is none, and bring an older one up to date.

    url: an SQLAlchemy URL, a path of an SQLite file, or None: KNEETRACK_DB, else ``clinic.db`` in
    the user's data folder. files: the folder of results, landmarks and clips; None:
    KNEETRACK_FILES, else ``<database>.files`` beside an SQLite file, ``clinic-files`` in the data
    folder for any other. by: who is at work, for audit lines; "" = the system's user name.
    Raises StoreError.
    """
    raise NotImplementedError


class Store:
    """Everything the clinic keeps. Use it in a ``with`` block; safe to use from several threads.

    Every method is one transaction: all of it, or nothing of it. Every change leaves an audit line.
    A name or id that is not known raises UnknownRecordError, a database that does not answer
    StoreError.
    """

    by: str
    files: Path

    def __enter__(self) -> Store:
        raise NotImplementedError

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    def acting_as(self, name: str) -> Store:
        """The same store, with another name in its audit lines (for the pages)."""
        raise NotImplementedError

    # -- clients -----------------------------------------------------------------------------

    def add_client(self, facts: ClientFacts) -> Client:
        """A new client. Raises SettingsError when the code is taken (without regard to case)."""
        raise NotImplementedError

    def client(self, code_or_id: str) -> Client:
        """By code (without regard to case) or id; an unknown one names the nearest code."""
        raise NotImplementedError

    def client_lines(self, text: str = "", *, offset: int = 0, limit: int = 50) -> list[ClientLine]:
        """Clients whose code or initials hold ``text``, last measured first."""
        raise NotImplementedError

    def count_clients(self, text: str = "") -> int:
        """How many :meth:`client_lines` would give without a limit."""
        raise NotImplementedError

    def change_client(self, client_id: str, facts: ClientFacts) -> Client:
        """Other facts for the same client."""
        raise NotImplementedError

    def delete_client(self, client_id: str) -> Deleted:
        """Everything of theirs, files too; nothing readable is left in the database's file."""
        raise NotImplementedError

    # -- consent -----------------------------------------------------------------------------

    def give_consent(self, client_id: str, facts: ConsentFacts) -> Consent:
        """A new consent; from now on it holds, and what it does not allow is taken away."""
        raise NotImplementedError

    def consents(self, client_id: str) -> list[Consent]:
        """Newest first, withdrawn ones too."""
        raise NotImplementedError

    def consent_now(self, client_id: str, on: date | None = None) -> Consent | None:
        """The one in force: the newest that holds on that day (None: today)."""
        raise NotImplementedError

    def need_consent(self, client_id: str, purpose: Purpose = "measurements") -> Consent:
        """The consent in force. Raises ConsentError, with what to do, when it does not allow it."""
        raise NotImplementedError

    def withdraw_consent(self, consent_id: str, on: date | None = None) -> Consent:
        """Withdrawn: nothing more is measured on it, and clips that nothing allows are deleted.

        Numbers stay until the client is deleted: who withdraws is to be told so.
        """
        raise NotImplementedError

    def expired(self, on: date | None = None) -> list[Client]:
        """Clients with consents, all of which have run out by that day (None: today)."""
        raise NotImplementedError

    # -- sessions ----------------------------------------------------------------------------

    def begin_session(
        self,
        client_id: str,
        protocol: str,
        protocol_version: int,
        setup: SetupFacts,
        *,
        notes: str = "",
        at: datetime | None = None,
    ) -> Session:
        """A new session. Raises ConsentError."""
        raise NotImplementedError

    def session(self, session_id: str) -> Session:
        """By id."""
        raise NotImplementedError

    def sessions(self, client_id: str) -> list[Session]:
        """By time, oldest first."""
        raise NotImplementedError

    def recent_sessions(self, limit: int = 20) -> list[Session]:
        """Of all clients, newest first."""
        raise NotImplementedError

    def change_session(
        self, session_id: str, *, setup: SetupFacts | None = None, notes: str | None = None
    ) -> Session:
        """Other setup facts or notes."""
        raise NotImplementedError

    def close_session(self, session_id: str, *, closed: bool = True) -> Session:
        """Done for today; or opened again."""
        raise NotImplementedError

    def delete_session(self, session_id: str) -> Deleted:
        """With its trials and files."""
        raise NotImplementedError

    # -- trials ------------------------------------------------------------------------------

    def begin_trial(self, session_id: str, step: str, view: ViewAsked, origin: Origin) -> Trial:
        """A new attempt, under way, with a folder of its own. Raises ConsentError."""
        raise NotImplementedError

    def trial_folder(self, trial_id: str) -> Path:
        """Where its files are; file names: ``clinic_records.visits``."""
        raise NotImplementedError

    def finish_trial(self, trial_id: str, numbers: TrialNumbers, *, clip_sha256: str = "") -> Trial:
        """It counts from now on; its files must be in its folder already.

        An older good attempt at the same step and view is rejected as "repeated".
        """
        raise NotImplementedError

    def fail_trial(self, trial_id: str, reason: str) -> Trial:
        """It could not be analysed."""
        raise NotImplementedError

    def reject_trial(self, trial_id: str, reason: str) -> Trial:
        """It is kept and does not count. Raises SettingsError without a reason."""
        raise NotImplementedError

    def restore_trial(self, trial_id: str) -> Trial:
        """A rejected one counts again; another good attempt at it is rejected as "repeated"."""
        raise NotImplementedError

    def note_trial(self, trial_id: str, note: str) -> Trial:
        """A note of the clinician."""
        raise NotImplementedError

    def trial(self, trial_id: str) -> Trial:
        """By id."""
        raise NotImplementedError

    def trials(self, session_id: str) -> list[Trial]:
        """In the order in which they were begun."""
        raise NotImplementedError

    def unfinished_trials(self) -> list[Trial]:
        """Those under way, of every client, oldest first: at work now, or left by a crash."""
        raise NotImplementedError

    def rep_lines(self, trial_id: str) -> list[RepLine]:
        """Of the result as it now stands, corrections in it."""
        raise NotImplementedError

    def verdict_lines(self, trial_id: str) -> list[VerdictLine]:
        """Of the result as it now stands, corrections in it."""
        raise NotImplementedError

    def readings(
        self,
        *,
        trial_ids: Sequence[str] | None = None,
        session_ids: Sequence[str] | None = None,
        client_ids: Sequence[str] | None = None,
        measures: Sequence[str] | None = None,
    ) -> list[Reading]:
        """Of good trials alone, unless trials are named; everything given must hold."""
        raise NotImplementedError

    def corrected_numbers(self, trial_id: str, numbers: TrialNumbers) -> None:
        """Puts other repetitions, readings and verdicts in the place of those that stand."""
        raise NotImplementedError

    # -- the reviewer's hand -----------------------------------------------------------------

    def add_correction(self, correction: Correction) -> Correction:
        """``id``, ``by`` and ``at`` of what is given are not looked at: the store makes them."""
        raise NotImplementedError

    def withdraw_correction(self, correction_id: str) -> Correction:
        """It does not hold any more; it stays on record."""
        raise NotImplementedError

    def corrections(self, trial_id: str, *, withdrawn: bool = False) -> list[Correction]:
        """Those that hold, in the order made; with ``withdrawn`` the others, too."""
        raise NotImplementedError

    def save_score(
        self,
        session_id: str,
        step: str,
        sheet: SheetName,
        side: SideName,
        items: Sequence[ScoreItem],
    ) -> Score:
        """Makes or replaces the sheet of that step and leg; one audit line a changed item."""
        raise NotImplementedError

    def scores(self, session_id: str) -> list[Score]:
        """Every sheet of a session."""
        raise NotImplementedError

    # -- own reliability ---------------------------------------------------------------------

    def adopt_reliability(self, rows: Sequence[Reliability]) -> list[Reliability]:
        """The clinic's own limits from now on, in place of all adopted before."""
        raise NotImplementedError

    def adopted_reliability(self) -> list[Reliability]:
        """What was adopted; empty: none."""
        raise NotImplementedError

    # -- who did what ------------------------------------------------------------------------

    def note_audit(self, what: str, kind: str, record_id: str, detail: str = "") -> None:
        """An audit line for what changes no row, such as an export."""
        raise NotImplementedError

    def audit(
        self, *, record_id: str = "", kind: str = "", offset: int = 0, limit: int = 100
    ) -> list[AuditLine]:
        """Newest first. Lines of a deleted client stay: they hold ids, no facts."""
        raise NotImplementedError

    # -- who may sign in ---------------------------------------------------------------------

    def add_user(self, name: str, role: Role, password_hash: str) -> User:
        """Raises SettingsError when the name is taken."""
        raise NotImplementedError

    def user(self, name: str) -> User:
        """By name, without regard to case."""
        raise NotImplementedError

    def users(self) -> list[User]:
        """By name."""
        raise NotImplementedError

    def change_user(
        self,
        user_id: str,
        *,
        role: Role | None = None,
        active: bool | None = None,
        password_hash: str | None = None,
    ) -> User:
        """Ends all their sign-ins. Raises SettingsError rather than lose the last clinician."""
        raise NotImplementedError

    def password_hash(self, name: str) -> str | None:
        """Of an active user; None when there is no such."""
        raise NotImplementedError

    def save_sign_in(self, token_sha256: str, user_id: str, expires_at: datetime) -> None:
        """Somebody signed in; also makes an expiry later."""
        raise NotImplementedError

    def signed_in(self, token_sha256: str, now: datetime) -> User | None:
        """Who that is; None when unknown, over, or not active any more."""
        raise NotImplementedError

    def end_sign_in(self, token_sha256: str) -> None:
        """Signed out."""
        raise NotImplementedError
