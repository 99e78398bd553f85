"""kneetrack serve and kneetrack user."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kneetrack.clinic import settling
from kneetrack.clinic_records.people import User
from kneetrack.commands import serving
from kneetrack.records import SettingsError
from kneetrack.store import open_store
from kneetrack.web import server
from kneetrack.web.server import Place, bind, check_place
from kneetrack.web.sign_ins import password_fits

LIMIT_S = 60
MARIA = User("1" * 32, "Maria", "clinician")
VERA = User("2" * 32, "Vera", "viewer")
GONE = User("3" * 32, "Gone", "clinician", active=False)


def kneetrack(*args: str, given: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "kneetrack", *args],
        input=given,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_users_from_the_command_line(tmp_path: Path) -> None:
    db = str(tmp_path / "clinic.db")
    add = ("user", "add", "Maria", "--db", db, "--role")
    code, _, said = kneetrack(*add, "viewer", given="a long password\n")
    assert (code, "first user must be a clinician" in said) == (2, True)
    code, _, said = kneetrack(*add, "clinician", given="short\n")
    assert (code, "10 to 200 characters" in said) == (2, True)
    assert kneetrack(*add, "clinician", given="a long password\n")[0] == 0
    code, _, said = kneetrack(*add, "clinician", given="a long password\n")
    assert (code, "taken" in said) == (2, True)
    assert kneetrack("user", "password", "maria", "--db", db, given="another password\n")[0] == 0
    code, _, said = kneetrack("user", "disable", "Maria", "--db", db)
    assert (code, "last clinician" in said) == (2, True)
    code, _, said = kneetrack("user", "disable", "Nobody", "--db", db)
    assert (code, said.count("\n")) == (7, 1)
    with open_store(db) as store:
        assert password_fits(store.password_hash("Maria"), "another password")
        store.add_user("Vera", "viewer", "x")
    assert kneetrack("user", "disable", "Vera", "--db", db)[0] == 0
    assert kneetrack("user", "list", "--db", db)[1] == "Maria\tclinician\nVera\tviewer\tdisabled\n"


def test_where_pages_may_be_served() -> None:
    check_place(Place(), [])
    check_place(Place("::1"), [])
    check_place(Place("0.0.0.0", behind_proxy=True), [MARIA])
    check_place(Place("0.0.0.0", cert=Path("c"), key=Path("k")), [MARIA])
    with pytest.raises(SettingsError, match="others can listen in"):
        check_place(Place("0.0.0.0"), [MARIA])
    with pytest.raises(SettingsError, match="go together"):
        check_place(Place("0.0.0.0", cert=Path("c")), [MARIA])
    for nobody in ([], [VERA], [GONE]):
        with pytest.raises(SettingsError, match="user add NAME --role clinician"):
            check_place(Place("0.0.0.0", cert=Path("c"), key=Path("k")), nobody)
        with pytest.raises(SettingsError, match="behind a proxy everybody has to sign in"):
            check_place(Place(behind_proxy=True), nobody)


@pytest.mark.parametrize("place", [("--host", "0.0.0.0"), ("--behind-proxy",)])
def test_a_place_that_is_refused_says_nothing_else(tmp_path: Path, place: tuple[str, ...]) -> None:
    code, out, said = kneetrack("serve", *place, "--port", "1", "--db", str(tmp_path / "c.db"))
    assert code == 2
    assert "Nobody has to sign in" not in out + said
    assert len(said.strip().splitlines()) == 1


def test_addresses() -> None:
    assert Place().address == "http://127.0.0.1:8321"
    assert Place("::1", 80, Path("c"), Path("k")).address == "https://[::1]:80"


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, said = kneetrack(
            "serve", "--db", str(tmp_path / "clinic.db"), "--port", str(port)
        )
    assert (code, out) == (2, "")
    assert f"port {port} is taken" in said
    assert "Traceback" not in said


def test_a_port_or_address_that_is_none() -> None:
    with pytest.raises(SettingsError, match="1 to 65535"):
        bind(Place(port=70_000))
    with pytest.raises(SettingsError, match="cannot serve on"):
        bind(Place("203.0.113.7"))


def test_certificates_that_are_none(tmp_path: Path) -> None:
    db, odd = str(tmp_path / "clinic.db"), tmp_path / "odd.pem"
    odd.write_text("no certificate")
    tls = ("serve", "--db", db, "--tls-cert", str(odd), "--tls-key")
    code, _, said = kneetrack(*tls, str(tmp_path / "none.pem"))
    assert (code, "there is no file" in said) == (2, True)
    code, _, said = kneetrack(*tls, str(odd))
    assert (code, "cannot be used" in said) == (2, True)


def test_serving_by_tls_and_ending(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = (
        f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -keyout {key}"
    )
    subprocess.run(
        [openssl, *make.split(), "-out", str(cert), "-subj", "/CN=localhost"],
        check=True,
        capture_output=True,
        timeout=LIMIT_S,
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    db = ("--db", str(tmp_path / "clinic.db"), "--port", str(port))
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "kneetrack", "serve", *db),
            *("--tls-cert", str(cert), "--tls-key", str(key)),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        assert "Nobody has to sign in" in server.stderr.readline()
        assert f"https://127.0.0.1:{port}" in server.stderr.readline()
        answer = httpx.get(f"https://127.0.0.1:{port}/", verify=False, timeout=10)
        assert answer.status_code == 200
        assert "; Secure" in answer.headers["set-cookie"]
        server.terminate()
        assert server.wait(20) == 0
        assert server.stderr.read() == ""
    finally:
        server.kill()
        server.communicate(timeout=10)


def test_serving_finishes_what_a_crash_cut_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A correction that a killed server left half done must not stand in the pages."""
    done: list[str] = []
    monkeypatch.setattr(settling, "settle_left_over", lambda store: done.append(store.place))
    monkeypatch.setattr(server, "serve", lambda *_, **__: done.append("served"))
    db = str(tmp_path / "clinic.db")
    serving.serve(port=8321, db=db)
    assert done == [db, "served"]
