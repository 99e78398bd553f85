"""What is wrong with a text that is no TOML: the line, what stands there, what usually helps."""

from __future__ import annotations

import re
from typing import Final

from kneetrack.programme.checking import shown

_REMEDIES: Final = (
    (r"Cannot declare \('part',\)", "write [[part]] for each part, with two brackets"),
    (r"Cannot declare", "that table is there already: put its lines together"),
    (r"Cannot overwrite", "this is told already: tell it only once"),
)


def toml_words(text: str, error: str) -> str:
    """In one line; error: the parser's own words, with the line at their end."""
    found = re.search(r"\(at line (\d+), column \d+\)", error)
    lines = text.splitlines()
    number = int(found[1]) if found else 0
    if not 0 < number <= len(lines):
        return shown(error)[1:-1]
    line = lines[number - 1].strip()
    return f"line {number}, {shown(line)}: {_remedy(line, error)}"


def _remedy(line: str, error: str) -> str:
    for pattern, words in _REMEDIES:
        if re.search(pattern, error):
            return words
    if re.search("[\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb]", line):
        return 'use straight quotation marks: "..."'
    if re.search(r"=\s*[\d.]+\s*[^\d\s.#]", line):
        return "write the number without a unit"
    return shown(error.split(" (at line", maxsplit=1)[0])[1:-1]
