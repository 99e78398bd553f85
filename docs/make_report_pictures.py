"""Make the pictures of docs/handing-over.md again, from samples/ alone.

python docs/make_report_pictures.py
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import pypdfium2

from kneetrack.clinic.intake import take_clip
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.reporting import report_pdf
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.store import Store, open_store

ROOT = Path(__file__).resolve().parent.parent
FIRST = datetime(2026, 9, 7, 9, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(days=42)
SETUP = SetupFacts(3.0, 0.8, "trainers", "hip width", "leggings", "phone on a tripod")
Takes = dict[tuple[str, ViewAsked], str]
VISITS: tuple[tuple[datetime, Takes], ...] = (
    (FIRST, {("squat", "front"): "sq_in20_anna"}),
    (
        SECOND,
        {
            ("squat", "front"): "sq_good_anna",
            ("lunge", "front"): "lunge_good_L_anna",
            ("bridge", "side"): "bridge_side_low",
        },
    ),
)
NAMES = ("report-client", "report-clinician")
SCALE = 1.5


def main() -> None:
    """Write both pictures and print their sizes."""
    with TemporaryDirectory() as folder, open_store(f"{folder}/clinic.db", by="mw") as store:
        session_id = fill(store)
        data = report_pdf(store, session_id, today=date(2026, 10, 19))
    document = pypdfium2.PdfDocument(data)
    for name, page in zip(NAMES, document, strict=False):
        image = page.render(scale=SCALE).to_numpy()
        done, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 82])
        assert done
        path = ROOT / "docs" / "pictures" / f"{name}.jpg"
        path.write_bytes(jpeg.tobytes())
        print(f"{path.name}: {image.shape[1]} x {image.shape[0]}, {len(jpeg) / 1000:.0f} kB")
    document.close()


def fill(store: Store) -> str:
    """A client with two visits; returns the second one's id."""
    client = store.add_client(ClientFacts("K-022", complaint="right"))
    allows = frozenset({"measurements", "video"})
    store.give_consent(client.id, ConsentFacts(FIRST.date(), "To see whether it helps.", allows))
    protocol = load_protocol("lower-limb")
    last = ""
    for at, takes in VISITS:
        session = store.begin_session(client.id, protocol.name, protocol.version, SETUP, at=at)
        for (key, view), clip in takes.items():
            step = protocol.step(key)
            assert step is not None
            trial = store.begin_trial(session.id, key, view, "clip")
            take_clip(store, trial.id, step, ROOT / "samples" / f"{clip}.mp4")
        last = session.id
    return last


if __name__ == "__main__":
    main()
