"""How an exercise is done, as HTML: for the end of a report, other pages, or a page of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from kneetrack.guide import Page, load_page, page_names, picture_path
from kneetrack.records import SettingsError
from kneetrack.report.templating import asset, environment


@dataclass(frozen=True, slots=True)
class HowTo:
    """A page with its picture and the figures of its positions, as data URLs; "" for none."""

    page: Page
    picture: str
    figures: tuple[str, ...]


def guide_section(names: Iterable[str], *, opened: bool = False) -> Markup:
    """A section that folds out a page for each of these exercises; empty where there is no page.

    It is styled by ``guide_style()``, and is printed only where it is open.
    """
    shown = [how_to(name) for name in dict.fromkeys(names) if name in page_names()]
    return Markup(_template("guide_section.html.j2", how_tos=shown, opened=opened))


def guide_style() -> Markup:
    """What a page that carries ``guide_section`` puts into its style element."""
    return asset("templates", "guide.css")


def render_guide(name: str) -> str:
    """The page of one exercise as an HTML file that needs nothing else. Raises SettingsError."""
    style = asset("templates", "style.css") + guide_style()
    return _template("guide_page.html.j2", how=how_to(name, figures=True), style=style)


def how_to(name: str, *, figures: bool = False) -> HowTo:
    """The page of an exercise with its pictures. Raises SettingsError for an unknown name."""
    page = load_page(name)
    own = [position.figure for position in page.positions] if figures else []
    if len(own) == 1:
        own = []  # it is what the picture shows
    return HowTo(page, _source(page.picture), tuple(_source(figure) for figure in own))


@cache
def _source(name: str) -> str:
    from kneetrack.report.page import data_url

    try:
        return data_url(picture_path(name).read_bytes())
    except (SettingsError, OSError):
        return ""  # the text is worth having without its picture


def _template(name: str, **values: object) -> str:
    return environment("templates").get_template(name).render(**values)
