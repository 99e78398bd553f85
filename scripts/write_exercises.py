"""Write docs/exercises.md from the pages of the guide.

python scripts/write_exercises.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kneetrack.guide import Page, load_page, page_names, spelt

WHERE = Path(__file__).resolve().parent.parent / "docs" / "exercises.md"
PICTURES = "../kneetrack/guide/pictures"
HEAD = """# The exercises

How each exercise of the hip programme and of the self-check is done, what the camera checks, and
when to stop. The same pages: `kneetrack exercises show lateral-lunge`, with `--open` in the browser
to print, and at the end of a report. This file is written from `kneetrack/guide/pages` by
`python scripts/write_exercises.py`.

The exercises with a camera are judged by the rules that `kneetrack exercises rules` lists; the
others are timed, and nothing is measured. Drawn figures and stills of rendered people, no real
person.

See also: [self-check](selfcheck.md), [programme](programme.md), [programme
files](programme-files.md), [diary](diary.md), [live](live.md), [all files](files.md).
"""


def text() -> str:
    """The whole file."""
    pages = [load_page(name) for name in page_names()]
    rows = [
        f"| [{page.title}](#{page.title.lower().replace(' ', '-').replace(',', '')}) "
        f"| `{spelt(page.name)}` | {page.dose} | {'camera' if page.judged else 'timed'} |"
        for page in pages
    ]
    table = "\n".join(
        ["| exercise | name | how much | judged |", "| --- | --- | --- | --- |", *rows]
    )
    return "\n".join([HEAD, table, "", *(_section(page) for page in pages)])


def _section(page: Page) -> str:
    parts = [
        f"## {page.title}\n\n{page.summary}",
        f"![{page.picture_alt}]({PICTURES}/{page.picture})",
        f"**How much:** {page.dose}.",
        f"**Get ready**\n\n{_lines(page.prepare)}",
        "**Step by step**\n\n" + "\n".join(f"{i}. {s}" for i, s in enumerate(page.steps, 1)),
        f"**Breathing:** {page.breathe}",
        "**What the camera checks**\n\n" + (_lines(page.camera) or "Nothing: it is timed."),
        "**Common slips**\n\n" + _lines(f"{slip.seen} {slip.do}" for slip in page.slips),
    ]
    if page.advice:
        parts.append(f"**Better left out:** {page.advice}")
    parts.append(f"**Stop if**\n\n{_lines(page.stop_if)}\n")
    return "\n\n".join(parts)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


if __name__ == "__main__":
    WHERE.write_text(text(), encoding="utf-8")
    print(WHERE)
