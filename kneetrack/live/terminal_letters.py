"""Letters five lines high for a terminal, for words that have to be read from across the room."""

from __future__ import annotations

import textwrap
from typing import Final

from rich.text import Text

_ROWS: Final = 5
_DRAWN: Final = """
A=25755 B=65656 C=34443 D=65556 E=74647 F=74644 G=34553 H=55755 I=72227 J=11152 K=55655 L=44447
M=57755 N=65555 O=25552 P=65644 Q=25563 R=65655 S=34216 T=72222 U=55557 V=55552 W=55775 X=55255
Y=55222 Z=71247 0=75557 1=26227 2=71747 3=71717 4=55711 5=74717 6=74757 7=71111 8=75757 9=75717
.=00002 ,=00024 :=02020 ?=71202 !=22202 -=00700 '=22000 /=11244 (=24442 )=21112 °=25200 ·=00200
"""
"""Each row of a letter as an octal digit: its bits are the three columns."""
_GLYPHS: Final = dict(drawn.split("=") for drawn in _DRAWN.split())


def large(words: str, width: int, most_lines: int = 2) -> list[Text]:
    """The words in large letters; [] where a letter is not known, or there is no room."""
    capitals = words.upper()
    lines = textwrap.wrap(capitals, max(1, width // 4), break_long_words=False)
    known = all(sign in _GLYPHS for sign in capitals if sign != " ")
    if not known or not lines or len(lines) > most_lines or 4 * max(map(len, lines)) > width:
        return []
    rows: list[Text] = []
    for line in lines:
        rows += [Text("")] if rows else []
        rows += [Text(_row(line, row), "bold") for row in range(_ROWS)]
    return rows


def _row(line: str, row: int) -> str:
    return " ".join(_bits(_GLYPHS[sign][row]) if sign != " " else "  " for sign in line).rstrip()


def _bits(digit: str) -> str:
    return f"{int(digit):03b}".replace("1", "█").replace("0", " ")
