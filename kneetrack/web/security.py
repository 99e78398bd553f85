"""What holds for every request and every answer, whatever the page."""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kneetrack.records import KneetrackError
from kneetrack.web.config import WebConfig, is_loopback
from kneetrack.web.pages import problem_page
from kneetrack.web.visit import SCOPE_KEY, Visit

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_FORM_BYTES: Final = 1_000_000
MOST_CHUNK_BYTES: Final = 32 * 1024**2
CSP: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_DONE: Final = re.compile(rb"(?:^|&)done=([0-9a-f]{16})(?:&|$)")
_log = logging.getLogger("kneetrack.web")


class TooLargeError(KneetrackError):
    """More was sent than is ever needed."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is turned away at the door."""

    status: int
    reason: str


class Doorkeeper:
    """Turns away what does not come from our own pages, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, config: WebConfig) -> None:
        self._app = app
        self._config = config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        visit = scope[SCOPE_KEY] = Visit()
        answer = _Answer(send, self._config, visit, scope)
        headers = Headers(scope=scope)
        refused = refusal(self._config, scope["method"], headers)
        most = most_bytes(scope["path"], self._config)
        if refused is None and _declared(headers) > most:
            refused = Refusal(413, "more was sent than this page takes")
        if refused is not None:
            page = problem_page(Request(scope), refused.status, refused.reason)
            await page(scope, receive, answer.send)
            return
        try:
            await self._app(scope, limited(receive, most), answer.send)
        except ClientDisconnect:
            return  # nobody is there to be told
        except TooLargeError as error:
            await self._sorry(scope, receive, answer, 413, str(error))
        except Exception as error:
            number = _noted(error)
            text = f"something went wrong here; it was noted as {number} in the server's window"
            await self._sorry(scope, receive, answer, 500, text)

    async def _sorry(
        self, scope: Scope, receive: Receive, answer: _Answer, status: int, text: str
    ) -> None:
        if answer.begun:
            raise ConnectionResetError("the answer broke off") from None
        await problem_page(Request(scope), status, text)(scope, receive, answer.send)


class _Answer:
    """Sends an answer on, with its headers and the cookie of the visit."""

    def __init__(self, send: Send, config: WebConfig, visit: Visit, scope: Scope) -> None:
        self._send, self._config, self._visit = send, config, visit
        self._path, self._query = scope["path"], scope.get("query_string", b"")
        self.begun = False

    async def send(self, message: Message) -> None:
        """One message of the answer."""
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            static = self._path.startswith("/static/")
            headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
            if self._config.secure:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            self._cookie(headers)
            self._tell_done(headers)
        await self._send(message)

    def _cookie(self, headers: MutableHeaders) -> None:
        visit, config = self._visit, self._config
        if not (visit.fresh or visit.gone):
            return
        secure = "; Secure" if config.secure else ""
        life = "; Max-Age=0" if visit.gone else ""
        value = "" if visit.gone else visit.token
        headers.append(
            "Set-Cookie",
            f"{config.cookie}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{life}",
        )

    def _tell_done(self, headers: MutableHeaders) -> None:
        """A page that waits for a file sees by this cookie that it comes: it holds nothing else."""
        asked = _DONE.search(self._query)
        if asked:
            value = asked[1].decode()
            headers.append(
                "Set-Cookie", f"kneetrack-done={value}; Path=/; Max-Age=60; SameSite=Strict"
            )


def refusal(config: WebConfig, method: str, headers: Headers) -> Refusal | None:
    """Whether a request may come in at all, by its host and by the page that sent it."""
    host = headers.get("host", "")
    if not _our_host(config, host):
        return Refusal(421, "this server is not known by that name; use the address it printed")
    if method in SAFE:
        return None
    site = headers.get("sec-fetch-site")
    if site not in (None, "same-origin", "none"):
        return Refusal(403, "this was sent from another website, and nothing was done")
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        return Refusal(403, "this was sent from another website, and nothing was done")
    return None


def most_bytes(path: str, config: WebConfig) -> int:
    """How much a request to that path may carry, in bytes."""
    if path.endswith(("/chunk", "/diary/bring")):
        return MOST_CHUNK_BYTES
    return config.most_clip_bytes if path.endswith("/upload/whole") else MOST_FORM_BYTES


def limited(receive: Receive, most: int) -> Receive:
    """The same body, which breaks off with TooLargeError where it is longer than it may be."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            raise TooLargeError("more was sent than this page takes")
        return message

    return counted


def _our_host(config: WebConfig, host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not name or parts.username is not None:
        return False
    known = {config.host.strip("[]").lower(), *(h.lower() for h in config.hosts)}
    if name in known or (config.loopback and is_loopback(name)):
        return True
    return not config.loopback and not config.hosts


def _declared(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0


def _noted(error: Exception) -> str:
    """Where it went wrong, without what was in hand: that may be personal."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f"{last[0].filename.rsplit('/', 1)[-1]}:{last[0].lineno}" if last else "?"
    number = f"{abs(hash((type(error).__name__, where))) % 10**6:06d}"
    _log.error("unexpected %s in %s (%s)", type(error).__name__, where, number)
    return number
