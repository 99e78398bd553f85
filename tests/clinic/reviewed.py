"""A store with one made-up take to correct."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kneetrack.clinic.kept import current_result, original_result
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.visits import Trial
from kneetrack.result import Result
from kneetrack.store import Store, open_store
from tests.web import filling

CODE = "R-007"


@dataclass(frozen=True)
class Reviewed:
    """A trial in a store."""

    store: Store
    trial: Trial

    @property
    def folder(self) -> Path:
        return self.store.trial_folder(self.trial.id)

    @property
    def now(self) -> Result:
        return current_result(self.store, self.trial.id)

    @property
    def original(self) -> Result:
        return original_result(self.store, self.trial.id)

    def originals(self) -> dict[str, bytes]:
        """The files that no correction may touch."""
        names = ("result.json", "frames.csv", "landmarks.npz")
        return {name: (self.folder / name).read_bytes() for name in names}


@contextmanager
def reviewed(
    folder: Path,
    step: str = "squat",
    view: ViewAsked = "front",
    protocol: str = "lower-limb",
    *,
    clip: bool = False,
) -> Iterator[Reviewed]:
    """One session with one good take of the step."""
    with open_store(str(folder / "clinic.db"), by="KF") as store:
        client = filling.fill_client(store, CODE)
        plan = load_protocol(protocol)
        session = store.begin_session(client.id, plan.name, plan.version, filling.SETUP)
        wanted = plan.step(step)
        assert wanted is not None
        knees = filling.Knees(0.03, 0.24)
        trial = filling.fill_trial(store, session.id, wanted, view, knees, clip=clip)
        yield Reviewed(store, trial)
