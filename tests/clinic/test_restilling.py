"""Stills of a corrected take: of the moments and landmarks as they now stand, whatever was kept."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kneetrack.clinic import correcting as co
from kneetrack.clinic import restilling
from kneetrack.clinic.again import retake
from kneetrack.clinic.moments import moments
from kneetrack.clinic.report_pictures import stills
from kneetrack.clinic.report_visit import visit
from kneetrack.clinic.review import Review
from kneetrack.clinic.settling import settle_left_over
from kneetrack.clinic_records.people import ConsentFacts
from kneetrack.records import OutputError
from kneetrack.report.video import VideoWriter
from kneetrack.sources.clip import ClipSource
from kneetrack.ui.film import i420
from kneetrack.ui.overlay import fit
from tests.clinic.reviewed import Reviewed, reviewed

DRAWN = {"still-typical-drawn.jpg", "still-telling-drawn.jpg"}
SHOT = {"still-typical.jpg", "still-telling.jpg"}


@pytest.fixture
def squat(tmp_path: Path) -> Iterator[Reviewed]:
    with reviewed(tmp_path) as made:
        yield made


@pytest.fixture
def filmed(tmp_path: Path) -> Iterator[Reviewed]:
    with reviewed(tmp_path, clip=True) as made:
        yield made


def names(made: Reviewed) -> set[str]:
    return {path.name for path in made.folder.glob("still-*")}


def settled(made: Reviewed) -> dict[str, bytes]:
    """The stills of the take without corrections."""
    co.settle(made.store, made.trial.id)
    return {path.name: path.read_bytes() for path in made.folder.glob("still-*")}


def move_knee(made: Reviewed, rep: int = 2) -> None:
    """Far inside, at the bottom: this repetition is the telling one then."""
    co.move_landmark(
        made.store,
        made.trial.id,
        at_s=made.original.reps[rep - 1].bottom_s,
        landmark="left_knee",
        to_px=(190.0, 420.0),
        reason="loose trousers",
    )


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)), float)


def shown(made: Reviewed) -> list[tuple[bytes, str]]:
    """Pictures and captions of the report."""
    session_id = made.trial.session_id
    about = visit(made.store, session_id, coaching=False, today=date(2027, 1, 1))
    return [(still.jpeg, still.caption) for still in stills(about)]


def test_the_figure_is_drawn_anew_where_a_landmark_was_moved(squat: Reviewed) -> None:
    before = settled(squat)
    move_knee(squat)
    telling = next(m for m in moments(squat.now) if m.key == "telling")
    assert telling.rep == 2
    after = {path.name: path.read_bytes() for path in squat.folder.glob("still-*")}
    assert set(after) == DRAWN
    assert after["still-telling-drawn.jpg"] != before.get("still-telling-drawn.jpg")


def test_the_report_shows_moment_number_and_picture_as_corrected(squat: Reviewed) -> None:
    settled(squat)
    before = shown(squat)
    move_knee(squat)
    after = shown(squat)
    assert after != before
    assert any("rep 2" in caption and "most marked" in caption for _, caption in after)
    pictures = {path.read_bytes() for path in squat.folder.glob("still-*")}
    assert {jpeg for jpeg, _ in after} <= pictures


def test_a_repetition_that_was_struck_out_is_not_shown(squat: Reviewed) -> None:
    settled(squat)
    first = next(m for m in moments(squat.now) if m.key == "typical")
    assert first.rep is not None
    co.strike_rep(squat.store, squat.trial.id, first.rep, reason="a practice one")
    own = squat.original.reps[first.rep - 1]
    assert all(not own.start_s <= m.t_s <= own.end_s for m in moments(squat.now))
    assert names(squat) == {f"still-{m.key}-drawn.jpg" for m in moments(squat.now)}


def test_a_correction_taken_back_gives_the_first_pictures_again(squat: Reviewed) -> None:
    before = settled(squat)
    move_knee(squat)
    co.withdraw(squat.store, squat.store.corrections(squat.trial.id)[0].id)
    assert settled(squat) == before


def test_photographs_come_from_the_kept_clip_at_the_moments_as_corrected(filmed: Reviewed) -> None:
    settled(filmed)
    assert names(filmed) <= SHOT
    move_knee(filmed)
    assert names(filmed) == SHOT, "no figure is left beside a photograph"
    path = filmed.folder / "still-telling.jpg"
    typical = filmed.folder / "still-typical.jpg"
    assert pixels(path.read_bytes()).std() > 5.0
    assert path.read_bytes() != typical.read_bytes()
    kept = path.read_bytes()
    co.settle(filmed.store, filmed.trial.id)
    assert path.read_bytes() == kept


def test_without_the_consent_to_video_the_figure_is_drawn(filmed: Reviewed) -> None:
    settled(filmed)
    client_id = filmed.store.session(filmed.trial.session_id).client_id
    narrower = ConsentFacts(date(2026, 1, 1), "numbers alone")
    filmed.store.give_consent(client_id, narrower)
    move_knee(filmed)
    assert names(filmed) == DRAWN


def test_a_clip_that_cannot_be_read_leaves_no_old_photograph(filmed: Reviewed) -> None:
    settled(filmed)
    (filmed.folder / "clip.mp4").write_bytes(b"no video")
    (filmed.folder / ".part-0a1b2c3d.jpg").write_bytes(b"left by a kill")
    move_knee(filmed)
    assert names(filmed) == DRAWN
    assert not list(filmed.folder.glob(".part-*"))


def test_another_verdict_alone_draws_nothing(
    squat: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(squat)

    def never(*_: object) -> None:
        raise AssertionError("nothing of it is seen")

    monkeypatch.setattr(restilling, "restill", never)
    co.overrule(squat.store, squat.trial.id, 1, "knee_valgus", "left", "flag", reason="seen")
    assert squat.now.reps[0].corrected or squat.now.corrections


def test_a_crash_before_the_stills_is_made_good(
    squat: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(squat)

    def killed(*_: object) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(restilling, "restill", killed)
    with pytest.raises(SystemExit):
        move_knee(squat)
    monkeypatch.undo()
    assert settle_left_over(squat.store) == [squat.trial.id]
    assert names(squat) == DRAWN


def test_a_full_disk_takes_the_correction_back(
    squat: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = settled(squat)
    whole, calls = restilling.drawn_stills, []

    def full(*args: object, **more: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            raise OutputError("the disk is full")
        return whole(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(restilling, "drawn_stills", full)
    with pytest.raises(OutputError):
        move_knee(squat)
    assert squat.store.corrections(squat.trial.id) == []
    assert {p.name: p.read_bytes() for p in squat.folder.glob("still-*")} == before


def test_a_copy_that_was_kept_smaller_gives_stills_of_the_first_size(filmed: Reviewed) -> None:
    """A clip longer than 1920 pixels is kept smaller: the skeleton must still fit the person."""
    review = Review(retake(filmed.store, filmed.trial.id))
    clip = filmed.folder / "clip.mp4"
    usual = restilling.photographed(review.first, clip)
    wide, high = filmed.original.source.size_px
    small = clip.with_name("small.mp4")
    with ClipSource(clip) as source, VideoWriter(small, (wide // 2, high // 2), fps=30.0) as out:
        for frame in source:
            image, _ = fit(frame.image, np.empty((0, 2), np.float32), (wide // 2, high // 2))
            out.write(i420(image), frame.t_s)
    again = restilling.photographed(review.first, small)
    assert usual.keys() == again.keys() and usual
    for key, data in usual.items():
        assert pixels(again[key]).shape == pixels(data).shape
        assert np.abs(pixels(again[key]) - pixels(data)).mean() < 6.0
