"""The report of a visit as PDF: WeasyPrint lays the HTML out on A4. Nothing is fetched."""

from __future__ import annotations

import base64
import warnings
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from kneetrack.records import OutputError

FAMILY: Final = "DejaVu Sans"
_FACES: Final = (("DejaVuSans.ttf", 400), ("DejaVuSans-Bold.ttf", 700))
MOST_PAGES: Final = 3
"""With more the letters become smaller, once."""
PACKAGES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""Debian's packages of what WeasyPrint loads from outside its wheel."""


def render_pdf(html: str) -> bytes:
    """The PDF of a report's HTML, its fonts embedded; equal texts give equal pages.

    Only what stands in the text itself is shown: no address is fetched. Raises OutputError when
    WeasyPrint or its system libraries are missing.
    """
    weasyprint, fetcher, fonts = _library()
    sheet = weasyprint.CSS(string=_font_sheet(), font_config=fonts, url_fetcher=fetcher)

    def laid_out(text: str) -> Any:
        document = weasyprint.HTML(string=text, base_url=None, url_fetcher=fetcher)
        return document.render(stylesheets=[sheet], font_config=fonts)

    document = laid_out(html)
    if len(document.pages) > MOST_PAGES:
        document = laid_out(html.replace("<body>", '<body class="dense">', 1))
    return bytes(document.write_pdf())


def missing() -> str:
    """Why no PDF can be made here, in one line with what to do; "" when it can."""
    try:
        _library()
    except OutputError as error:
        return str(error)
    return ""


def _library() -> tuple[Any, Any, Any]:
    """weasyprint, a fetcher that knows data URLs alone, and a font configuration."""
    try:
        with warnings.catch_warnings():
            # A machine without fonts is no trouble: ours come along.
            warnings.simplefilter("ignore", UserWarning)
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher
    except ImportError as error:
        raise OutputError(
            "no PDF can be made: WeasyPrint is missing or too old; install kneetrack with its "
            "clinic extra (kneetrack[clinic]), or ask for --html"
        ) from error
    except OSError as error:
        raise OutputError(
            "no PDF can be made: the system libraries Pango or HarfBuzz are missing; on Debian or "
            f"Ubuntu: sudo apt-get install -y {PACKAGES}; or ask for --html"
        ) from error
    return weasyprint, URLFetcher(allowed_protocols=("data",)), FontConfiguration()


@cache
def _font_sheet() -> str:
    """Embeds DejaVu Sans, which Matplotlib brings along: a bare machine has no font at all."""
    rules = [
        f"@font-face {{ font-family: '{FAMILY}'; font-weight: {weight}; "
        f"src: url(data:font/ttf;base64,{base64.b64encode(data).decode('ascii')}); }}"
        for name, weight in _FACES
        if (data := _font(name))
    ]
    return "\n".join([*rules, f"html, body {{ font-family: '{FAMILY}', sans-serif; }}"])


def _font(name: str) -> bytes:
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return b""
    path = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / name
    return path.read_bytes() if path.is_file() else b""
