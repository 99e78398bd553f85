"""The own programme: adopted, forgotten, damaged; and which programme holds for whom."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kneetrack.programme.effective import clip_settings, live_settings
from kneetrack.programme.own import adopt, forget, own_path, own_programme, programme_for
from kneetrack.records import OutputError, SettingsError
from kneetrack.settings import Settings
from kneetrack.store import Store
from tests.storing import new_client, store, store_files, store_url

__all__ = ["store", "store_files", "store_url"]
SQUATS = 'title = "Squats"\n[[part]]\nexercise = "squat"\nreps = 5\n'
LIMITED = 'title = "Knee first"\nleave_out = ["single-leg-squat"]\n[limits.lateral_lunge]\n' + (
    'knee_flexion_deg = 80\n[[part]]\nexercise = "squat"\nreps = 5\n'
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("KNEETRACK_DATA", str(folder))
    return folder


def test_adopted_it_is_there_word_for_word_until_it_is_forgotten(tmp_path: Path) -> None:
    assert own_programme() is None
    file = tmp_path / "mine.toml"
    file.write_text("# mine\n" + SQUATS, "utf-8")
    assert adopt(file).title == "Squats"
    assert os.name == "nt" or own_path().stat().st_mode & 0o777 == 0o600
    assert own_path().read_text("utf-8") == "# mine\n" + SQUATS
    own = own_programme()
    assert own is not None
    assert (own.title, own.by) == ("Squats", "own")
    assert adopt(LIMITED).title == "Knee first"
    assert forget()
    assert not forget()
    assert own_programme() is None


def test_one_with_an_error_leaves_the_one_before_in_place(tmp_path: Path) -> None:
    adopt(SQUATS)
    file = tmp_path / "bad.toml"
    file.write_text(SQUATS.replace("5", "500"), "utf-8")
    with pytest.raises(SettingsError, match=r"bad\.toml: part 'squat': reps = 500"):
        adopt(file)
    assert own_path().read_text("utf-8") == SQUATS
    assert [path.name for path in own_path().parent.iterdir()] == ["programme.toml"]


def test_a_damaged_one_is_told_with_what_to_do(data: Path) -> None:
    adopt(SQUATS)
    own_path().write_text("title = ", "utf-8")
    with pytest.raises(SettingsError, match=r"damaged: .*kneetrack programme reset"):
        own_programme()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_folder_that_cannot_be_written_is_told(data: Path) -> None:
    data.mkdir(mode=0o500)
    with pytest.raises(OutputError):
        adopt(SQUATS)


def test_file_then_prescription_then_own_then_default(store: Store, tmp_path: Path) -> None:
    me, other = store.make_own_client(), new_client(store)
    assert programme_for(store, me, None)[0].by == "default"
    adopt(SQUATS)
    assert programme_for(store, me, None)[0].title == "Squats"
    assert programme_for(store, None, None)[0].title == "Squats"
    assert programme_for(store, other, None)[0].by == "default"
    for client in (me, other):
        made = store.prescribe(client.id, "Knee first", LIMITED)
        programme, number = programme_for(store, client, None)
        assert (programme.title, programme.by) == ("Knee first", "clinician")
        assert number == programme.prescription == made.number
    file = tmp_path / "squats.toml"
    file.write_text(SQUATS, "utf-8")
    programme, number = programme_for(store, other, file)
    assert (programme.title, number) == ("Squats", None)
    store.withdraw_prescription(made.id)
    assert programme_for(store, other, None)[0].by == "default"


# ------------------------------------------------------------------ in live and in analyse


def lunge_watch(settings: Settings) -> float:
    band = settings.exercises["lateral_lunge"].rule("lunge_too_deep").readers[0].above
    assert band is not None
    return band.watch


def test_live_respects_the_own_programme_and_says_so_in_one_line() -> None:
    said: list[str] = []
    assert live_settings(None, None, "auto", said.append) == Settings()
    assert said == []
    adopt(SQUATS)
    assert live_settings(None, None, "auto", said.append) == Settings()
    assert said == [], "it sets no limits"
    adopt(LIMITED)
    assert lunge_watch(live_settings(None, None, "auto", said.append)) == 80.0
    assert said == [
        "Respects the programme 'Knee first': lateral lunge no deeper than 80°; single-leg squat: "
        "left out."
    ]
    said.clear()
    assert lunge_watch(live_settings(None, None, "auto", said.append, ignore=True)) == 100.0
    assert said == []


def test_live_takes_another_file_instead(tmp_path: Path) -> None:
    adopt(LIMITED)
    said: list[str] = []
    file = tmp_path / "squats.toml"
    file.write_text(SQUATS, "utf-8")
    assert lunge_watch(live_settings(None, file, "auto", said.append)) == 100.0
    assert said == ["The programme 'Squats' sets no limits: nothing is judged differently."]
    with pytest.raises(SettingsError, match="not both"):
        live_settings(None, file, "auto", said.append, ignore=True)


def test_live_refuses_what_is_left_out_and_a_damaged_file() -> None:
    adopt(LIMITED)
    live_settings(None, None, "squat", str)
    with pytest.raises(SettingsError, match="leaves out single-leg squat"):
        live_settings(None, None, "sls", str)
    live_settings(None, None, "sls", str, ignore=True)
    own_path().write_text("title = ", "utf-8")
    with pytest.raises(SettingsError, match=r"damaged.*--no-programme"):
        live_settings(None, None, "auto", str)


def test_recorded_clips_ask_for_it_by_name(tmp_path: Path) -> None:
    adopt(LIMITED)
    assert clip_settings(None, None) == Settings()
    assert lunge_watch(clip_settings(None, own_path())) == 80.0
    config = tmp_path / "own.toml"
    config.write_text("[bands.lateral_lunge.lunge_too_deep.lead_knee_flexion]\nwatch = 105\n")
    assert lunge_watch(clip_settings(config, None)) == 105.0
    assert lunge_watch(clip_settings(config, own_path())) == 80.0
