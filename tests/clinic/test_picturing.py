"""What is kept to look at: faces gone unless allowed, the whole picture where no head is known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from kneetrack.clinic.moments import moments
from kneetrack.clinic.picturing import kept_clip, kept_size, picture_take, picture_trial
from kneetrack.clinic.stills import drawn_pictures, kept_still, still_box, still_file
from kneetrack.clinic_records.kinds import Purpose
from kneetrack.clinic_records.visits import CLIP_FILE, FACES_FILE
from kneetrack.recorded import ClipOptions
from kneetrack.records import PoseTrack, SourceError
from kneetrack.result import Result
from kneetrack.sources.clip import ClipSource
from kneetrack.store import Store
from tests.clipmaking import write_clip
from tests.storing import new_client, new_session
from tests.ui.test_blur import HEAD, SIZE_PX, noise, person

COUNT = 24
ODD_PX = (321, 243)


@cache
def track(seen: bool = True, size_px: tuple[int, int] = SIZE_PX) -> PoseTrack:
    """Somebody who stands still, or nobody."""
    poses = [person(i / 30.0) for i in range(COUNT)]
    made = PoseTrack.from_poses(poses, size_px)
    if seen:
        return made
    return replace(made, xy_px=np.full_like(made.xy_px, np.nan), confidence=0 * made.confidence)


def clip_of_noise(folder: Path, size_px: tuple[int, int] = SIZE_PX, **facts: object) -> Path:
    """The same picture, full of detail, again and again."""
    image = cv2.resize(noise((size_px[0] // 4, size_px[1] // 4)), size_px)
    frames = ((np.asarray(image, np.uint8), i / 30.0) for i in range(COUNT))
    crf = {"options": {"crf": "4", "preset": "ultrafast"}}
    return write_clip(folder / "in.mp4", frames, **{**crf, **facts})


def detail(image: np.ndarray) -> float:
    """How much neighbouring pixels differ."""
    return float(np.abs(np.diff(image.astype(float), axis=1)).mean())


def around(image: np.ndarray, x: float, y: float, half: int = 14) -> np.ndarray:
    return image[int(y) - half : int(y) + half, int(x) - half : int(x) + half]


def frames_of(path: Path) -> list[tuple[float, np.ndarray]]:
    with ClipSource(path) as clip:
        return [(frame.t_s, frame.image.copy()) for frame in clip]


# --------------------------------------------------------------- the kept clip


def test_the_head_is_blurred_and_the_rest_is_not(tmp_path: Path) -> None:
    out = kept_clip(clip_of_noise(tmp_path), track(), tmp_path / CLIP_FILE, blur=True)
    shown = frames_of(out)
    assert len(shown) == COUNT
    last = shown[-1][1]
    assert detail(around(last, *HEAD)) < 0.2 * detail(around(last, 60, 400))


def test_the_picture_is_blurred_as_a_whole_until_a_head_is_sure(tmp_path: Path) -> None:
    out = kept_clip(clip_of_noise(tmp_path), track(), tmp_path / CLIP_FILE, blur=True)
    shown = frames_of(out)
    assert detail(shown[0][1]) < 0.2 * detail(around(shown[-1][1], 60, 400))


def test_without_a_head_everything_is_blurred(tmp_path: Path) -> None:
    source = clip_of_noise(tmp_path)
    sharp = detail(frames_of(source)[0][1])
    for unknown in (track(seen=False), PoseTrack.from_poses([], SIZE_PX)):
        out = kept_clip(source, unknown, tmp_path / CLIP_FILE, blur=True)
        assert all(detail(image) < 0.2 * sharp for _, image in frames_of(out))


def test_pictures_that_no_pose_belongs_to_are_blurred_as_a_whole(tmp_path: Path) -> None:
    """The landmarks break off, the recording goes on: nobody knows where the head went."""
    half = track()
    keep = slice(0, COUNT // 4)
    short = replace(
        half, xy_px=half.xy_px[keep], xyz_m=None, confidence=half.confidence[keep],
        t_s=half.t_s[keep],
    )  # fmt: skip
    source = clip_of_noise(tmp_path)
    out = kept_clip(source, short, tmp_path / CLIP_FILE, blur=True)
    assert detail(frames_of(out)[-1][1]) < 0.2 * detail(frames_of(source)[-1][1])


def test_faces_that_are_allowed_stay(tmp_path: Path) -> None:
    out = kept_clip(clip_of_noise(tmp_path), track(), tmp_path / CLIP_FILE, blur=False)
    last = frames_of(out)[-1][1]
    assert detail(around(last, *HEAD)) > 0.6 * detail(around(last, 60, 400))


def test_no_sound_and_nothing_about_the_file_is_kept(tmp_path: Path) -> None:
    source = clip_of_noise(tmp_path, metadata={"title": "Jane Roe", "location": "+52.5+13.4/"})
    out = kept_clip(source, track(), tmp_path / CLIP_FILE, blur=True)
    with av.open(str(out)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        assert container.streams.video[0].codec_context.name == "h264"
        told = {**container.metadata, **container.streams.video[0].metadata}
    assert not any("Jane" in text or "52.5" in text for text in told.values())
    assert b"Jane" not in out.read_bytes()


@pytest.mark.parametrize("blur", [True, False])
def test_odd_sides_become_even(tmp_path: Path, blur: bool) -> None:
    small = clip_of_noise(tmp_path, (320, 242))
    with av.open(str(tmp_path / "odd.mp4"), "w") as container:
        stream = container.add_stream("libx264rgb", rate=30)
        stream.width, stream.height = ODD_PX
        stream.pix_fmt = "rgb24"
        for _ in range(6):
            image = av.VideoFrame.from_ndarray(noise(ODD_PX), format="rgb24")
            container.mux(stream.encode(image))
        container.mux(stream.encode(None))
    for source in (small, tmp_path / "odd.mp4"):
        out = kept_clip(source, track(), tmp_path / CLIP_FILE, blur=blur)
        with av.open(str(out)) as container:
            width, height = container.streams.video[0].width, container.streams.video[0].height
        assert width % 2 == height % 2 == 0
        assert (width, height) in ((320, 242), (322, 244))


def test_large_pictures_are_reduced() -> None:
    assert kept_size((3840, 2160)) == (1920, 1080)
    assert kept_size((2161, 3840)) == (1082, 1920)
    assert kept_size((640, 480)) == (640, 480)
    assert kept_size((1, 1)) == (2, 2)


def test_a_part_of_a_clip_begins_with_the_first_landmark(tmp_path: Path) -> None:
    late = replace(track(), t_s=track().t_s + 0.4)
    source = clip_of_noise(tmp_path)
    options = ClipOptions(start_s=0.4)
    out = kept_clip(source, late, tmp_path / CLIP_FILE, blur=False, options=options)
    times = [t_s for t_s, _ in frames_of(out)]
    assert times[0] == 0.0
    assert len(times) == COUNT - 12
    assert times[-1] == pytest.approx((COUNT - 13) / 30, abs=0.002)


def test_progress_is_told_and_a_broken_clip_leaves_nothing(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    kept_clip(
        clip_of_noise(tmp_path), track(), tmp_path / CLIP_FILE, blur=True,
        progress=lambda *step: told.append(step),
    )  # fmt: skip
    assert told[-1][:2] == ("keeping", COUNT)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")
    before = (tmp_path / CLIP_FILE).read_bytes()
    with pytest.raises(SourceError):
        kept_clip(broken, track(), tmp_path / CLIP_FILE, blur=True)
    assert (tmp_path / CLIP_FILE).read_bytes() == before
    assert not list(tmp_path.glob(".part-*"))


# -------------------------------------------------------------------- stills


@cache
def made() -> Result:
    from tests.web import filling

    return filling.take("squat", "both", "front", filling.Knees(0.03, 0.24))


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise as long as the made-up take, in its size."""
    result = made()
    folder = tmp_path_factory.mktemp("filmed")
    width, height = result.source.size_px
    image = np.asarray(cv2.resize(noise((width // 4, height // 4)), (width, height)), np.uint8)
    assert result.track is not None
    frames = ((image, float(t_s)) for t_s in result.track.t_s)
    return write_clip(folder / "take.mp4", frames)


def still_image(path: Path) -> np.ndarray:
    image = cv2.imread(str(path))
    assert image is not None
    return image


def test_stills_come_from_the_clip_with_the_head_blurred(filmed: Path, tmp_path: Path) -> None:
    hidden, open_ = tmp_path / "hidden", tmp_path / "open"
    hidden.mkdir()
    open_.mkdir()
    picture_take(made(), filmed, hidden, blur=True)
    found = picture_take(made(), filmed, open_, blur=False)
    assert set(found.stills) == {moment.key for moment in moments(made())}
    assert (open_ / FACES_FILE).is_file()
    assert not (hidden / FACES_FILE).exists()
    name = still_file("typical")
    one, other = still_image(hidden / name), still_image(open_ / name)
    assert one.shape == other.shape
    different = np.abs(one.astype(int) - other.astype(int)).max(axis=2) > 60
    rows = np.flatnonzero(different.mean(axis=1) > 0.02)
    assert len(rows) > 0
    assert rows.max() < 0.4 * one.shape[0]


def test_what_is_around_the_client_is_blurred_even_where_faces_are_allowed(
    filmed: Path, tmp_path: Path
) -> None:
    """Bystanders and mirrors agreed to nothing."""
    image = still_image(picture_take(made(), filmed, tmp_path, blur=False).stills["typical"])
    height, width = image.shape[:2]
    middle = image[height // 3 : height // 2, width // 3 : 2 * width // 3]
    assert detail(image[:, : width // 24]) < 0.1 * detail(middle)


def test_without_a_clip_the_figure_is_drawn(tmp_path: Path) -> None:
    found = picture_take(made(), None, tmp_path, blur=True)
    assert found.clip is None
    assert not (tmp_path / CLIP_FILE).exists()
    assert {path.name for path in tmp_path.iterdir()} == {
        still_file(key, drawn=True) for key in found.stills
    }
    image = still_image(found.stills["typical"])
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 20
    assert detail(image) < 5


def test_the_photograph_is_shown_only_where_it_may_be(tmp_path: Path) -> None:
    for drawn in (False, True):
        (tmp_path / still_file("typical", drawn=drawn)).write_bytes(b"x")
    photograph = kept_still(tmp_path, "typical", photographs=True)
    figure = kept_still(tmp_path, "typical", photographs=False)
    assert photograph is not None and photograph.name == "still-typical.jpg"
    assert figure is not None and figure.name == "still-typical-drawn.jpg"
    assert kept_still(tmp_path, "telling", photographs=True) is None


@pytest.mark.parametrize(
    ("allows", "clip", "photograph", "faces"),
    [
        ({"measurements"}, False, False, False),
        ({"measurements", "faces"}, False, False, False),
        ({"measurements", "video"}, True, True, False),
        ({"measurements", "video", "faces"}, True, True, True),
    ],
)
def test_the_consent_decides(
    store: Store, filmed: Path, allows: set[Purpose], clip: bool, photograph: bool, faces: bool
) -> None:
    client = new_client(store, allows=frozenset(allows))
    trial = store.begin_trial(new_session(store, client).id, "squat", "front", "clip")
    picture_trial(store, trial.id, made(), filmed)
    folder = store.trial_folder(trial.id)
    assert (folder / CLIP_FILE).is_file() is clip
    assert (folder / still_file("typical")).is_file() is photograph
    assert (folder / still_file("typical", drawn=True)).is_file() is not photograph
    assert (folder / FACES_FILE).exists() is faces


def test_photographs_go_when_video_is_not_allowed_any_more(store: Store, filmed: Path) -> None:
    client = new_client(store, allows=frozenset({"measurements", "video"}))
    trial = store.begin_trial(new_session(store, client).id, "squat", "front", "clip")
    picture_trial(store, trial.id, made(), filmed)
    folder = store.trial_folder(trial.id)
    drawn = folder / still_file("typical", drawn=True)
    drawn.write_bytes(b"x")
    now = store.consent_now(client.id)
    assert now is not None
    store.give_consent(client.id, replace(now.facts, allows=frozenset({"measurements"})))
    assert not (folder / still_file("typical")).exists()
    assert not (folder / CLIP_FILE).exists()
    assert drawn.exists()


def test_a_still_shows_the_person_and_no_more_than_the_picture() -> None:
    xy = np.array([[[300.0, 100.0], [340.0, 460.0]]])
    left, top, right, bottom = still_box(xy, (640, 480))
    assert 0 <= left < 300 and 340 < right <= 640 and 0 <= top < 100 and 460 < bottom <= 480
    assert right - left < 400
    assert still_box(np.full((3, 33, 2), np.nan), (640, 480)) == (0, 0, 640, 480)
    assert still_box(np.array([[[-50.0, -50.0], [900.0, 700.0]]]), (641, 479)) == (0, 0, 641, 479)


def test_odd_pictures_are_drawn_on() -> None:
    result = made()
    width, height = result.source.size_px
    odd = result.model_copy(
        update={"source": result.source.model_copy(update={"size_px": (width - 1, height - 1)})}
    )
    assert drawn_pictures(odd)["typical"].startswith(b"\xff\xd8")
