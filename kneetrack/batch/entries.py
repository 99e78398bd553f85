"""What crosses the borders inside a batch: the rows asked for, how they are analysed, the work."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Final, Literal, get_args

from kneetrack import __version__
from kneetrack.question import BridgeMode
from kneetrack.recorded import Quality
from kneetrack.records import KneetrackError

KeptFile = Literal["landmarks", "result", "report", "video"]
KEPT_FILES: Final[tuple[KeptFile, ...]] = get_args(KeptFile)
Status = Literal["analysed", "no_exercise", "nobody", "error", "pending"]
"""pending: not done yet, in the tables of a batch that was interrupted."""
ENDED: Final = "the process that read it ended unexpectedly, twice; there may be too little memory"


class ClusterError(KneetrackError):
    """The cluster cannot be reached or used, or was lost."""

    exit_code = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One row asked for: a clip's path or address, and what the manifest says of it.

    exercise "" stands for the batch's own. identity: size and age of the file (or its ETag), by
    which one that was seen before is known again; "" when nobody knows. problem: why it cannot
    be analysed.
    """

    address: str
    client: str = ""
    exercise: str = ""
    side: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    identity: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class How:
    """How every clip of a batch is analysed; travels to the workers.

    settings_toml: the text of the settings file, "" for the defaults. settings_sha256: of the
    effective settings. model: path of the pose model, None for the bundled one.
    """

    exercise: str = "auto"
    bridge: BridgeMode = "low"
    quality: Quality = "standard"
    model: str | None = None
    model_sha256: str = ""
    settings_toml: str = ""
    settings_sha256: str = ""
    keep: tuple[KeptFile, ...] = ("landmarks", "result")


@dataclass(frozen=True, slots=True)
class Task:
    """One clip's work: what is done in a worker. out: where records and kept files go."""

    key: str
    address: str
    sha256: str
    exercise: str
    how: How
    out: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker tells of a finished clip; everything else is in its record."""

    key: str
    status: Status
    error: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the content that was found: key "" when it cannot be read."""

    entry: Entry
    key: str = ""
    sha256: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the tables need besides the records: rows in order, how, and the sources."""

    rows: tuple[Row, ...]
    how: How
    sources: tuple[str, ...] = ()
    kneetrack: str = __version__

    def to_json(self) -> str:
        """The text of plan.json."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Plan:
        """Read plan.json. Raises ValueError, KeyError or TypeError when it is something else."""
        data = json.loads(text)
        rows = tuple(_row(row) for row in data["rows"])
        how = How(**(data["how"] | {"keep": tuple(data["how"]["keep"])}))
        return Plan(rows, how, tuple(data["sources"]), data["kneetrack"])


@dataclass(frozen=True, slots=True)
class Counts:
    """How a batch stands, in rows; ``new``: clips worked on in this run, failed ones included."""

    rows: int = 0
    analysed: int = 0
    no_exercise: int = 0
    nobody: int = 0
    failed: int = 0
    pending: int = 0
    duplicates: int = 0
    new: int = 0
    seconds: float = field(default=0.0, compare=False)


def work_key(sha256: str, exercise: str, how: How) -> str:
    """What identifies a clip's work: content, settings, options, version, model, files kept."""
    parts = {
        "content": sha256,
        "exercise": exercise,
        "bridge": how.bridge,
        "quality": how.quality,
        "keep": sorted(how.keep),
        "settings": how.settings_sha256,
        "kneetrack": __version__,
        "model": how.model_sha256,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _row(data: dict[str, object]) -> Row:
    entry = data["entry"]
    assert isinstance(entry, dict)
    extra = tuple((str(name), str(value)) for name, value in entry["extra"])
    return Row(**(data | {"entry": Entry(**(entry | {"extra": extra}))}))  # type: ignore[arg-type]
