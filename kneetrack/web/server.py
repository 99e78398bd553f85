"""Serving the pages: on which address, under which conditions, until when."""

from __future__ import annotations

import contextlib
import errno
import gc
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn

from kneetrack.clinic_records.people import User
from kneetrack.records import SettingsError
from kneetrack.store import Store
from kneetrack.web.app import make_app
from kneetrack.web.config import WebConfig, is_loopback

GRACE_S: Final = 2
"""How long requests that are under way may take when the server is to end."""
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to serve. cert, key: PEM files, both or neither."""

    host: str = "127.0.0.1"
    port: int = 8321
    cert: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False

    @property
    def tls(self) -> bool:
        """Whether this server speaks TLS itself."""
        return self.cert is not None

    @property
    def address(self) -> str:
        """What to type into a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


def check_place(place: Place, users: Sequence[User]) -> None:
    """Whether pages may be served there. Raises SettingsError with what is missing."""
    if (place.cert is None) != (place.key is None):
        raise SettingsError("--tls-cert and --tls-key go together")
    if is_loopback(place.host) and not place.behind_proxy:
        return
    where = "behind a proxy" if place.behind_proxy else f"on {place.host}"
    if not place.tls and not place.behind_proxy:
        raise SettingsError(
            f"{where} others can listen in: give --tls-cert and --tls-key, or --behind-proxy when "
            "a proxy in front speaks TLS"
        )
    if not any(user.active and user.role == "clinician" for user in users):
        raise SettingsError(
            f"{where} everybody has to sign in, and nobody can yet: "
            "kneetrack user add NAME --role clinician"
        )


def bind(place: Place) -> socket.socket:
    """Listens. Raises SettingsError in one line when the port is taken or not allowed."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle on: 40 ms more for every answer on a kept connection.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((place.host, place.port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise SettingsError(_why_not(place, error)) from error
    except OverflowError as error:
        listening.close()
        raise SettingsError(f"port {place.port}: use 1 to 65535") from error
    return listening


def _why_not(place: Place, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {place.port} is taken: kneetrack serve may be running already, or something "
            f"else is; choose another with --port {place.port + 1}"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {place.port} is not allowed for this user: choose one from 1024 up"
    return f"cannot serve on {place.host}: {error.strerror}"


def serve(
    store: Store,
    place: Place,
    *,
    db: str | None = None,
    say: Callable[[str], None] = lambda _: None,
    config: WebConfig | None = None,
) -> None:
    """Serves until SIGINT or SIGTERM, and then ends within seconds, whatever is open.

    say: is told the address once pages are served. config: in place of the usual one (tests).
    Raises SettingsError.
    """
    check_place(place, store.users())
    if place.tls:
        _check_certificate(place)
    with bind(place) as listening:
        app = make_app(
            config
            or WebConfig(
                store,
                host=place.host,
                port=place.port,
                secure=place.tls or place.behind_proxy,
                behind_proxy=place.behind_proxy,
                db=db,
            )
        )
        settings = uvicorn.Config(
            app,
            ssl_certfile=place.cert,
            ssl_keyfile=place.key,
            proxy_headers=place.behind_proxy,
            forwarded_allow_ips="127.0.0.1,::1",
            access_log=False,
            log_config=None,
            log_level="error",
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=GRACE_S,
        )
        _Server(settings, lambda: say(place.address)).run(sockets=[listening])


def _check_certificate(place: Place) -> None:
    for what, path in (("--tls-cert", place.cert), ("--tls-key", place.key)):
        if path is not None and not path.is_file():
            raise SettingsError(f"{what}: there is no file {path}")
    try:
        assert place.cert is not None
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            place.cert, place.key, password=_no_password
        )
    except (ssl.SSLError, OSError) as error:
        raise SettingsError(
            "the certificate and its key cannot be used: both must be PEM files that belong "
            "together, the key without a password"
        ) from error


def _no_password() -> str:
    raise ssl.SSLError("a password is wanted")


def settle_memory() -> None:
    """What is there when serving begins stays: the collector does not look at it again.

    A page of many rows was interrupted for up to 130 ms by a look at every module's objects.
    """
    gc.collect()
    gc.freeze()


class _Server(uvicorn.Server):
    """Says when it has begun, and ends in order on a signal, without passing it on."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        settle_memory()
        if self.started:
            self._begun()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._end) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.handle_exit(number, frame)
