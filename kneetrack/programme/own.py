"""The programme that one's own computer follows, and which one holds for whom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.practice import Prescription
from kneetrack.folders import data_folder
from kneetrack.programme.reading import checked, load_programme, programme_from, programme_text
from kneetrack.programme.values import Programme
from kneetrack.records import OutputError, SettingsError
from kneetrack.report.writing import make_folder, write_private

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import Client
    from kneetrack.store import Store

OWN_FILE: Final = "programme.toml"


def own_path() -> Path:
    """Where the own programme lies. Makes nothing."""
    return data_folder() / OWN_FILE


def own_programme() -> Programme | None:
    """The own programme, None when none was adopted. Raises SettingsError for a damaged one."""
    path = own_path()
    if not path.exists():
        return None
    try:
        return load_programme(path)
    except SettingsError as error:
        raise SettingsError(
            f"your own programme is damaged: {error}; mend the file, or go back to the default "
            "one: kneetrack programme reset"
        ) from None


def adopt(source: Path | str) -> Programme:
    """Follow the programme of a file, or of a text, from now on. Raises SettingsError, OutputError.

    What was adopted before stays as it is when the new one has an error.
    """
    if isinstance(source, Path):
        text = programme_text(source)
        programme = checked(text, "own", str(source))
    else:
        text, programme = source, programme_from(source, "own")
    path = own_path()
    make_folder(path.parent)
    write_private(path, text.encode("utf-8"))
    return programme


def forget() -> bool:
    """Follow the default programme again. Whether there was an own one. Raises OutputError."""
    path = own_path()
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OutputError(f"cannot remove {path}: {error.strerror}") from error
    return True


def programme_for(
    store: Store, client: Client | None, file: Path | None
) -> tuple[Programme, int | None]:
    """The programme that a client follows, and its number where it is a prescription.

    That of a file; else the client's prescription; else, for who practises at this computer (and
    for nobody in particular), the own one; else the default one. Raises SettingsError.
    """
    if file is not None:
        return load_programme(file), None
    prescribed = None if client is None else store.prescription_now(client.id)
    if prescribed is not None:
        programme = prescribed_programme(prescribed)
        return programme, programme.prescription
    own = store.own_client()
    if client is None or (own is not None and own.id == client.id):
        return own_programme() or load_programme(None), None
    return load_programme(None), None


def prescribed_programme(prescription: Prescription) -> Programme:
    """The programme of a prescription. Raises SettingsError when it cannot be read any more."""
    where = f"prescription {prescription.number}, {prescription.title!r}"
    programme = checked(prescription.text, "clinician", where)
    return replace(programme, prescription=prescription.number)
