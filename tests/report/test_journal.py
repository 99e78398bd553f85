"""A live session's landmarks survive whatever ends it, and can be analysed from what is there."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

import numpy as np
import pytest

from kneetrack.recorded import stored_landmarks
from kneetrack.records import OutputError, Pose, PoseTrack, SourceError
from kneetrack.report.journal import FRAME, HEAD, JournalWriter
from kneetrack.report.journalreading import Journal, read_journal
from kneetrack.report.landmarks import StoredLandmarks, write_landmarks
from kneetrack.result import Result
from kneetrack.skeleton import N_LANDMARKS
from kneetrack.work import Job, run
from tests import motions as mo

SIZE_PX = (1280, 720)
RECORD = HEAD.size + FRAME.itemsize


def pose(t_s: float) -> Pose:
    random = np.random.default_rng(abs(hash(t_s)))
    xy = random.uniform(0, 700, (N_LANDMARKS, 2)).astype(np.float32)
    xy[4] = np.nan
    return Pose(
        xy,
        random.normal(size=(N_LANDMARKS, 3)).astype(np.float32),
        random.random(N_LANDMARKS).astype(np.float32),
        t_s,
    )


def poses_of(track: PoseTrack) -> Iterator[Pose]:
    for index, t_s in enumerate(track.t_s):
        xyz = None if track.xyz_m is None else track.xyz_m[index]
        yield Pose(track.xy_px[index], xyz, track.confidence[index], float(t_s))


def kept(path: Path, frames: int = 10) -> Path:
    """A closed journal of that many frames."""
    with JournalWriter(path, SIZE_PX) as journal:
        for index in range(frames):
            journal.write(pose(index / 30))
    return path


def test_all_of_it_comes_back(tmp_path: Path) -> None:
    facts = {"name": "2026-11-24_1830_squat", "versions": {"mediapipe": "1.2.2"}, "sets": 3}
    path = tmp_path / "session.landmarks"
    given = [pose(5 + index / 30) for index in range(20)] + [Pose.unseen(6.0)]
    with JournalWriter(path, SIZE_PX, facts) as journal:
        for one in given:
            assert journal.write(one)
        journal.add_note("the camera gave 24 frames a second")
        assert journal.frames == 21
    read = read_journal(path)
    expected = PoseTrack.from_poses(given, SIZE_PX)
    track, clip = read.stored.track, read.stored.clip
    np.testing.assert_array_equal(track.xy_px, expected.xy_px)
    np.testing.assert_array_equal(track.xyz_m, expected.xyz_m)
    np.testing.assert_array_equal(track.confidence, expected.confidence)
    np.testing.assert_array_equal(track.t_s, expected.t_s)
    assert track.size_px == clip.size_px == SIZE_PX
    assert (clip.file, clip.frames) == ("2026-11-24_1830_squat", 21)
    assert clip.fps == pytest.approx(20 / 1.0)
    assert clip.duration_s == pytest.approx(1 + 1 / 30)
    assert clip.notes == ("the camera gave 24 frames a second",)
    assert read.stored.versions == {"mediapipe": "1.2.2"}
    assert read.facts == facts
    assert read.complete and read.events == ()


def test_it_becomes_a_landmarks_npz(tmp_path: Path) -> None:
    stored = read_journal(kept(tmp_path / "session.landmarks")).stored
    assert isinstance(stored, StoredLandmarks)
    write_landmarks(stored, tmp_path / "landmarks.npz")
    again = stored_landmarks(tmp_path / "landmarks.npz")
    np.testing.assert_array_equal(again.track.xy_px, stored.track.xy_px)


def test_a_pose_without_metres_is_kept(tmp_path: Path) -> None:
    with JournalWriter(tmp_path / "a.landmarks", SIZE_PX) as journal:
        flat = pose(0.0)
        journal.write(Pose(flat.xy_px, None, flat.confidence, 0.0))
    track = read_journal(tmp_path / "a.landmarks").stored.track
    assert track.xyz_m is not None and np.isnan(track.xyz_m).all()


def test_a_frame_that_is_not_later_is_left_out(tmp_path: Path) -> None:
    with JournalWriter(tmp_path / "a.landmarks", SIZE_PX) as journal:
        written = [journal.write(pose(t_s)) for t_s in (0.0, 0.1, 0.1, 0.05, np.nan, np.inf, 0.2)]
    assert written == [True, True, False, False, False, False, True]
    assert read_journal(tmp_path / "a.landmarks").stored.track.t_s.tolist() == [0.0, 0.1, 0.2]


def test_events_tell_sets_and_pauses(tmp_path: Path) -> None:
    with JournalWriter(tmp_path / "a.landmarks", SIZE_PX) as journal:
        journal.mark("set_start", 0.5, {"set": 1, "exercise": "glute_bridge"})
        for index in range(60):
            journal.write(pose(index / 10))
            if index == 20:
                journal.mark("pause_start", 2.0)
            if index == 30:
                journal.mark("pause_end", 3.0)
        journal.mark("pause_start", 4.0, {"why": "raised arms, José"})
    read = read_journal(tmp_path / "a.landmarks")
    assert [event.kind for event in read.events] == [
        "set_start",
        "pause_start",
        "pause_end",
        "pause_start",
    ]
    assert read.events[0].data == {"set": 1, "exercise": "glute_bridge"}
    assert read.spans("pause") == ((2.0, 3.0), (4.0, pytest.approx(5.9)))
    assert read.spans("set") == ((0.5, pytest.approx(5.9)),)
    assert read.spans("rest") == ()


def test_a_block_left_by_an_exception_counts_as_broken_off(tmp_path: Path) -> None:
    path = tmp_path / "a.landmarks"
    with pytest.raises(ZeroDivisionError), JournalWriter(path, SIZE_PX) as journal:
        for index in range(31):
            journal.write(pose(7 + index / 10))
        raise ZeroDivisionError
    read = read_journal(path)
    assert not read.complete
    assert read.stored.clip.notes == ("the session broke off after 3.0 s; analysed what is there",)


@pytest.mark.parametrize("cut", [1, HEAD.size - 1, HEAD.size + 5, RECORD - 1])
def test_a_half_written_record_is_dropped(tmp_path: Path, cut: int) -> None:
    with pytest.raises(KeyboardInterrupt), JournalWriter(tmp_path / "a", SIZE_PX) as journal:
        for index in range(10):
            journal.write(pose(index / 30))
        raise KeyboardInterrupt
    data = (tmp_path / "a").read_bytes()
    (tmp_path / "a").write_bytes(data[:-cut])
    read = read_journal(tmp_path / "a")
    assert len(read.stored.track) == 9
    assert "broke off after 0.3 s" in read.stored.clip.notes[0]


def test_damage_costs_only_the_records_it_hits(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.landmarks", 10)
    data = bytearray(path.read_bytes())
    start = data.index(b"\n") + 1
    data[start + 3 * RECORD + 100] ^= 0xFF
    data[start + 6 * RECORD : start + 6 * RECORD + HEAD.size] = bytes(HEAD.size)
    path.write_bytes(data)
    read = read_journal(path)
    whole = [index / 30 for index in range(10) if index not in (3, 6)]
    assert read.stored.track.t_s.tolist() == whole
    assert read.complete


def test_zeros_after_a_power_cut_are_passed_over(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.landmarks", 5)
    path.write_bytes(path.read_bytes() + bytes(4096))
    assert len(read_journal(path).stored.track) == 5


GARBAGE = {
    "nothing": b"",
    "text": b"hello\n",
    "noise": np.random.default_rng(0).bytes(5000),
    "half a header": b'{"format": "kneetrack/journal/1", "size_',
    "a header of another version": b'{"format": "kneetrack/journal/9", "size_px": [4, 4], '
    b'"landmark_names": [], "facts": {}}\n',
    "a header without size": b'{"format": "kneetrack/journal/1"}\n',
    "a header of other landmarks": b'{"format": "kneetrack/journal/1", "size_px": [4, 4], '
    b'"landmark_names": ["nose"], "facts": {}}\n',
    "a header that is no JSON": b'{"format": "kneetrack/journal/1", \n',
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_one_clear_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "session.landmarks"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"session\.landmarks is ") as caught:
        read_journal(path)
    assert "\n" not in str(caught.value)


def test_a_missing_journal_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot read .*: No such file"):
        read_journal(tmp_path / "session.landmarks")


def test_a_record_of_another_kneetrack_does_no_harm(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.landmarks", 5)
    from kneetrack.report.journal import pack

    with path.open("ab") as file:
        file.write(pack(b"Z", b"later idea") + pack(b"E", b"[1, 2]") + pack(b"F", b"short"))
    read = read_journal(path)
    assert len(read.stored.track) == 5 and read.events == ()


def test_an_older_journal_is_never_overwritten(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.landmarks")
    before = path.read_bytes()
    with pytest.raises(OutputError, match="a file is in the way"), JournalWriter(path, SIZE_PX):
        pass
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        JournalWriter(tmp_path / "no" / "a.landmarks", SIZE_PX).__enter__()


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes; the system answers as a full disk does."""
    resource = pytest.importorskip("resource")
    import signal

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_full_disk_is_told_once_and_what_was_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.landmarks"
    errors = 0
    with JournalWriter(path, SIZE_PX) as journal:
        with small_disk(20_000):
            for index in range(60):
                try:
                    journal.write(pose(index / 30))
                except OutputError as error:
                    assert error.exit_code == 5 and "\n" not in str(error)
                    errors += 1
        assert journal.failed and not journal.write(pose(9.0))
        journal.mark("set_end", 2.0)
    assert errors == 1
    read = read_journal(path)
    header = path.read_bytes().index(b"\n") + 1
    assert len(read.stored.track) == journal.frames == (20_000 - header) // RECORD
    assert (path.stat().st_size - header) % RECORD == 0, "half a record was left behind"
    assert not read.complete


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(FileIO):
        full = False

        def write(self, data: object) -> int:
            if self.full:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)  # type: ignore[arg-type]

    monkeypatch.setattr("kneetrack.report.journal.FileIO", Full)
    with (
        pytest.raises(OutputError, match="the disk is full"),
        JournalWriter(tmp_path / "a.landmarks", SIZE_PX) as journal,
    ):
        journal.write(pose(0.0))
        Full.full = True
        journal.write(pose(0.1))
    assert len(read_journal(tmp_path / "a.landmarks").stored.track) == 1


def test_a_disk_that_hangs_delays_no_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging, release = threading.Event(), threading.Event()

    def hang(_: int) -> None:
        hanging.set()
        assert release.wait(10)

    monkeypatch.setattr(os, "fsync", hang)
    monkeypatch.setattr("kneetrack.report.journal._SYNC_EVERY_S", 0.01)
    with JournalWriter(tmp_path / "a.landmarks", SIZE_PX) as journal:
        assert journal.write(pose(0.0))
        assert hanging.wait(10), "it never goes to the disk"
        assert all(journal.write(pose(1 + index / 30)) for index in range(30))
        release.set()
    assert len(read_journal(tmp_path / "a.landmarks").stored.track) == 31


def test_no_thread_is_left_behind(tmp_path: Path) -> None:
    with suppress(ZeroDivisionError), JournalWriter(tmp_path / "a", SIZE_PX):
        raise ZeroDivisionError
    assert not [thread for thread in threading.enumerate() if thread.name == "journal"]


CHILD = """
import sys, time
from pathlib import Path
import numpy as np
from kneetrack.records import Pose
from kneetrack.report.journal import JournalWriter

arrays, path, stop = np.load(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
size = tuple(int(n) for n in arrays["size_px"])
with JournalWriter(path, size, {"name": path.parent.name}) as journal:
    journal.mark("set_start", 0.0, {"set": 1})
    for i in range(stop):
        journal.write(
            Pose(arrays["xy"][i], arrays["xyz"][i], arrays["confidence"][i], arrays["t_s"][i])
        )
    print("written", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a session of five squats that was killed with -9 after three of them."""
    folder = tmp_path_factory.mktemp("sessions") / "2026-11-24_1830_squat"
    folder.mkdir()
    track = session_track()
    arrays = folder.parent / "arrays.npz"
    np.savez(
        arrays,
        xy=track.xy_px,
        xyz=track.xyz_m,
        confidence=track.confidence,
        t_s=track.t_s,
        size_px=track.size_px,
    )
    command = [sys.executable, "-c", CHILD, arrays, folder / "session.landmarks", killed_after()]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        child.kill()
    return folder


def session_track() -> PoseTrack:
    return mo.film(mo.squats(mo.Tempo(depths=(1,) * 5, top_s=0.5)), mo.FRONT)


def killed_after() -> int:
    """Frames until just after the third squat."""
    motion = mo.squats(mo.Tempo(depths=(1,) * 5, top_s=0.5))
    return int(np.searchsorted(motion.t_s, motion.reps[2].end_s + 0.3))


def test_a_kill_loses_nothing(killed: Path) -> None:
    read = read_journal(killed / "session.landmarks")
    track = session_track()
    assert len(read.stored.track) == killed_after()
    np.testing.assert_allclose(read.stored.track.xy_px, track.xy_px[: killed_after()], rtol=1e-6)
    assert not read.complete
    assert read.spans("set") == ((0.0, pytest.approx(float(track.t_s[killed_after() - 1]))),)


def test_a_killed_session_is_completed_by_analyse(killed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kneetrack", "analyse", str(killed), "--exercise", "squat"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = {path.name for path in killed.iterdir()}
    assert names == {
        "session.landmarks",
        "landmarks.npz",
        "result.json",
        "frames.csv",
        "reps.csv",
        "report.html",
    }
    result = Result.model_validate_json((killed / "result.json").read_text("utf-8"))
    assert (result.exercise, len(result.reps)) == ("squat", 3)
    assert result.source.file == killed.name
    assert any("the session broke off after" in note for note in result.source.notes)
    assert "the session broke off after" in (killed / "report.html").read_text("utf-8")


def test_the_whole_landmarks_are_preferred_and_the_journal_stands_in(
    killed: Path, tmp_path: Path
) -> None:
    journal = read_journal(killed / "session.landmarks")
    (tmp_path / "session.landmarks").write_bytes((killed / "session.landmarks").read_bytes())
    assert len(stored_landmarks(tmp_path).track) == len(journal.stored.track)
    shorter = kept(tmp_path / "other", 7)
    write_landmarks(read_journal(shorter).stored, tmp_path / "landmarks.npz")
    assert len(stored_landmarks(tmp_path).track) == 7
    (tmp_path / "landmarks.npz").write_bytes(b"PK half")
    assert len(stored_landmarks(tmp_path).track) == len(journal.stored.track)
    assert len(stored_landmarks(tmp_path / "session.landmarks").track) == killed_after()


def test_a_folder_without_a_session_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds neither .*session\.landmarks") as caught:
        run(Job({"": tmp_path}))
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_where_results_go(tmp_path: Path) -> None:
    session = tmp_path / "2026-11-24_1830_squat"
    session.mkdir()
    path = kept(session / "session.landmarks")
    assert Job({"": session}).folder == session
    assert Job({"": path}).folder == session
    loose = kept(tmp_path / "mine.landmarks")
    assert Job({"": loose}).folder == tmp_path / "mine.landmarks.kneetrack"
    clips = tmp_path / "clip.mp4.kneetrack"
    clips.mkdir()
    assert Job({"": clips}).folder != clips, "the results of a clip would be overwritten"


def test_facts_are_json(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.landmarks")
    header = json.loads(path.read_bytes().split(b"\n", 1)[0])
    assert header["format"] == "kneetrack/journal/1"
    assert len(header["landmark_names"]) == N_LANDMARKS
    assert isinstance(read_journal(path), Journal)
