"""What the pages need to know of the place where they run."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from kneetrack.store.store import Store
from kneetrack.web.worker import INTAKE

DEFAULT_PORT: Final = 8321
IDLE: Final = timedelta(minutes=30)
"""A sign-in ends after this long without a page."""
ABSOLUTE: Final = timedelta(hours=12)
"""A sign-in ends after this long, whatever happens."""
MOST_CLIP_BYTES: Final = 64 * 1024**3
"""No clip is larger than this: an hour of the best that a phone records."""
KEEP_INCOMING: Final = timedelta(hours=48)
"""A clip that was sent and never analysed is deleted after this long."""


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this computer alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Where the pages run, and on which store.

    host: the address that is listened on. secure: browsers come by TLS, here or at the proxy in
    front. behind_proxy: a proxy stands in front and passes the Host header on. hosts: more names
    that a browser may use for this server. now: the clock, in UTC. analyse: whether clips are
    analysed in the background by this process; db: the address of the store, and intake: what
    analyses them, for those that do.
    """

    store: Store
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    secure: bool = False
    behind_proxy: bool = False
    hosts: tuple[str, ...] = ()
    now: Callable[[], datetime] = utc_now
    idle: timedelta = IDLE
    absolute: timedelta = ABSOLUTE
    most_clip_bytes: int = MOST_CLIP_BYTES
    analyse: bool = True
    db: str | None = None
    intake: str = INTAKE

    @property
    def loopback(self) -> bool:
        """Whether only this computer can reach the pages."""
        return is_loopback(self.host) and not self.behind_proxy

    @property
    def cookie(self) -> str:
        """Name of the one cookie; the port keeps two servers of one computer apart."""
        return f"__Host-kneetrack-{self.port}" if self.secure else f"kneetrack-{self.port}"
