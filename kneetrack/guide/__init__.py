"""The guide: a page for each exercise, with its text, its picture and its positions."""

from __future__ import annotations

from kneetrack.guide.pages import Page, Position, load_page, page_names, picture_path

__all__ = ["Page", "Position", "load_page", "page_names", "picture_path"]
