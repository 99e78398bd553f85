"""How the pages are made from the templates beside them: everything from outside is escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_HERE: Final = "kneetrack.report"


@cache
def environment(folder: str) -> Environment:
    """The templates of a folder below this one, such as ``clinic/templates``."""
    return Environment(
        loader=PackageLoader(_HERE, folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def asset(folder: str, name: str) -> Markup:
    """A file of our own in such a folder, which needs no escaping."""
    return Markup(files(_HERE).joinpath(folder, name).read_text("utf-8"))
