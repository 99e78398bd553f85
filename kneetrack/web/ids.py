"""Ids in addresses: 32 hex digits without meaning; anything else is not found."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
