"""The guide: a page for each exercise, with its text, its picture and its positions."""

from __future__ import annotations

from kneetrack.guide.pages import (
    Page,
    Position,
    Slip,
    load_page,
    page_names,
    picture_path,
    spelt,
)

__all__ = ["Page", "Position", "Slip", "load_page", "page_names", "picture_path", "spelt"]
