"""The report of a visit: so many pages, in plain words, without an address outside."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

import pypdfium2
import pytest

from kneetrack.records import OutputError
from kneetrack.report.clinic import page, pdf
from kneetrack.report.clinic.facts import (
    Cell,
    ChangeCell,
    ClientFacts,
    Curve,
    CurveLine,
    Practice,
    ReportFacts,
    Row,
    StepTable,
)
from kneetrack.report.clinic.html import render_html
from kneetrack.report.clinic.pdf import render_pdf
from tests.report.clinic import making
from tests.test_wording import offences

KINDS = {
    "second": making.full,
    "coaching with scores": lambda: making.full(coaching=True, scores=True),
    "first": making.first_visit,
    "nothing": making.nothing,
}


@cache
def html(kind: str) -> str:
    return render_html(KINDS[kind]())


@cache
def pages(kind: str) -> tuple[str, ...]:
    """The text of every page of the PDF."""
    return texts(render_pdf(html(kind)))


def texts(data: bytes) -> tuple[str, ...]:
    document = pypdfium2.PdfDocument(data)
    try:
        return tuple(" ".join(sheet.get_textpage().get_text_range().split()) for sheet in document)
    finally:
        document.close()


def words(text: str) -> str:
    """What is read of an HTML page."""
    bare = re.sub(r"<style>.*?</style>|<head>.*?</head>", " ", text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


@pytest.mark.parametrize(
    ("kind", "count"),
    [("second", 3), ("coaching with scores", 3), ("first", 3), ("nothing", 2)],
)
def test_one_page_for_the_client_and_at_most_two_for_the_clinician(kind: str, count: int) -> None:
    found = pages(kind)
    assert len(found) == count
    assert "Your visit on 12 January 2027" in found[0]
    assert "does not diagnose" in found[0]
    assert "kneetrack for the clinician" in found[1]
    assert not any("kneetrack for the clinician" in text for text in (found[0], *found[2:]))


def test_much_to_tell_makes_the_letters_smaller_not_the_pages_more() -> None:
    facts = making.full(coaching=True, scores=True)
    long = " because of something that has to be told at some length, as it stood in the way"
    rows = tuple(
        replace(r, changes={s: replace(c, answer="cannot_tell", why=f"{n}{long}")
                            for s, c in r.changes.items()} if n < 16 else r.changes)
        for n, r in enumerate(facts.tables[0].rows)
    )  # fmt: skip
    facts = replace(
        facts,
        tables=(StepTable("Squat", rows), *facts.tables[1:]),
        corrections=facts.corrections * 4,
        notes=tuple(f"take {n}: the client wore wide trousers{long}" for n in range(5)),
        untold=facts.untold * 4,
    )
    assert len(texts(render_pdf(render_html(facts)))) == 3


def test_every_page_says_whose_it_is_and_which_page() -> None:
    for number, text in enumerate(pages("second"), 1):
        assert f"page {number} of 3" in text
        word = "visit" if number == 1 else "session"
        assert f"K-104 · {word} 2 · 12 January 2027" in text


@pytest.mark.parametrize("pictures", [0, 3])
@pytest.mark.parametrize("long", [False, True])
def test_the_clients_page_is_one_page_whatever_it_tells(pictures: int, long: bool) -> None:
    told = making.client()
    if long:
        wordy = "a" + " word that goes on" * 14
        cue = "a cue that is long and goes on and on and on, so it does, and even more than so"
        told = ClientFacts(
            did=wordy,
            seen=(wordy,) * 5,
            pictures=told.pictures,
            practice=(Practice("Squat", wordy[:60], (cue, cue)),) * 4,
            changed=(wordy,) * 4,
            same=(wordy,),
            unsure=(wordy, wordy),
        )
    told = replace(told, pictures=told.pictures[:pictures])
    found = texts(render_pdf(render_html(replace(making.nothing(), client=told, last="1"))))
    assert len(found) == 2
    assert "does not diagnose" in found[0]
    assert "kneetrack for the clinician" in found[1]


def test_the_clients_page_shows_pictures_and_what_to_practise() -> None:
    text = pages("second")[0]
    assert html("second").split('class="sheet clinician"')[0].count("<img") == 3
    for part in ("What was measured", "What has changed since visit 1", "What to practise"):
        assert part in text
    for part in ("Changed:", "No real change:", "Cannot tell:", "give or take 3"):
        assert part in text
    assert "What has changed" not in pages("first")[0]


def test_the_clinician_finds_every_number_with_error_view_and_reps() -> None:
    text = pages("second")[1]
    for part in ("+12 ± 3 %", "5/5", "4/5", "foot end", "+8 ± 4 %", "no real change", "changed"):
        assert part in text
    for why in (making.YAW, making.NO_LIMIT, making.DEPTH):
        assert text.count(why) >= 1
        assert f"</b> {why}" in html("second")
    assert "the far leg" not in text
    rest = pages("second")[2]
    for part in ("Definitions", "Software and thresholds", "4eaa5eb7a98365221087693f"):
        assert part in rest


def test_a_reason_is_told_once_with_its_letter() -> None:
    rows = html("second").split('class="fine notes"')[1].split("</p>")[0]
    assert rows.count("<b>") == 3
    assert [letter for letter in re.findall(r"<b>(\w)</b>", rows)] == ["a", "b", "c"]


def test_corrections_are_marked_where_their_number_stands_and_listed() -> None:
    text = pages("second")
    assert "+20 ± 3 %*" in text[1]
    assert "rests on a correction" in text[1]
    assert "the knee sat on the hem of the shorts" in text[2]
    assert "originally +23 ± 3 %" in text[2]
    assert "*" not in pages("nothing")[1]


def test_measurement_mode_judges_nothing() -> None:
    read = words(html("second"))
    assert not re.search(r"[✓△▲]", read)
    assert "st-flag" not in html("second").split("</style>")[1]
    assert "coaching" not in read.lower()
    assert "in its coaching band" in words(html("coaching with scores"))
    assert re.search(r"△|▲", pages("coaching with scores")[1])
    assert "Coaching bands" in pages("coaching with scores")[2]


def test_scores_show_what_was_confirmed() -> None:
    text = pages("coaching with scores")[1]
    assert "QASLS, single-leg squat, left: 4 of 10 (last time 6)" in text
    assert "Trunk leans in any direction: 1" in text
    assert "The other 6 confirmed: 0" in text


@pytest.mark.parametrize("kind", KINDS)
def test_wording(kind: str) -> None:
    assert offences(words(html(kind))) == []
    assert not re.search(r"\b(?:fail|pass|poor|wrong|bad)\w*\b", words(html(kind)), re.IGNORECASE)


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_outside(kind: str) -> None:
    text = re.sub(r"data:image/jpeg;base64,[\w+/=]+", "data:", html(kind))
    assert "://" not in text
    assert re.findall(r'(?:src|href)="(?!data:)', text) == []
    assert "url(" not in text
    assert "default-src 'none'" in text
    assert "<script" not in text


def test_the_title_tells_nothing_of_the_client_unless_asked() -> None:
    title = re.search(r"<title>(.*?)</title>", html("second"))
    assert title is not None
    assert title[1] == "Movement report, visit 2, 12 January 2027"
    document = pypdfium2.PdfDocument(render_pdf(html("nothing")))
    assert "K-104" not in str(document.get_metadata_dict())
    document.close()
    asked = render_html(replace(making.nothing(), initials="J.D."))
    assert "J.D." in asked.split("</title>")[0]
    assert "J.D." in words(asked)


def test_words_from_outside_cannot_become_markup() -> None:
    evil = '<img src="http://x.example/a.png"> "; } body { display: none'
    text = render_html(replace(making.nothing(), code=evil, notes=(evil,), by=evil))
    assert "<img" not in text.replace("&lt;img", "")
    assert "display: none" not in text.split("</style>")[0]
    assert evil.replace('"', "”") not in text
    assert len(texts(render_pdf(text))) == 2


def test_the_pdf_fetches_nothing(tmp_path: Any) -> None:
    picture = tmp_path / "secret.jpg"
    picture.write_bytes(making.still("x").jpeg)
    text = html("nothing").replace("</body>", f'<img src="{picture.as_uri()}"></body>')
    document = pypdfium2.PdfDocument(render_pdf(text))
    kinds = [thing.type for sheet in document for thing in sheet.get_objects()]
    document.close()
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


def test_a_picture_in_the_text_is_shown() -> None:
    document = pypdfium2.PdfDocument(render_pdf(html("second")))
    kinds = [thing.type for thing in document[0].get_objects()]
    document.close()
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == 3


def test_equal_facts_give_equal_pages() -> None:
    assert render_html(making.nothing()) == render_html(making.nothing())


def test_the_fonts_come_along() -> None:
    assert pdf._font_sheet().count("base64,") == 2


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ImportError("no module"), "kneetrack[clinic]"),
        (OSError("cannot load library"), "apt-get install -y libpango-1.0-0"),
    ],
)
def test_what_is_missing_for_a_pdf_is_one_line(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Missing:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name.partition(".")[0] == "weasyprint":
                raise error

    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing, *sys.meta_path])
    with pytest.raises(OutputError, match=re.escape(says)) as raised:
        render_pdf("<p>")
    assert "\n" not in str(raised.value)
    assert pdf.missing() == str(raised.value)


def test_nothing_is_missing_here() -> None:
    assert pdf.missing() == ""
    assert isinstance(pdf._library()[0], ModuleType)


def test_a_gap_in_the_numbers_is_a_gap_in_the_line() -> None:
    known = Curve("Squat", "Depth", "", "side", (CurveLine("both", (0.0, None, 1.0)),))
    drawn = page.draw_curve(known)
    assert drawn is not None
    assert drawn.lines[0][1].count("M") == 2
    unknown = Curve("Squat", "Depth", "", "side", (CurveLine("both", (None, None)),))
    assert page.draw_curve(unknown) is None


def test_a_number_that_is_not_known_shows_its_reason_not_a_zero() -> None:
    row = Row(
        "FPPA", "", "front",
        {"left": Cell("", "0/5", "the feet were hidden"), "right": Cell("+3.0 ± 2.0°", "5/5")},
        changes={
            "left": ChangeCell("+4.0°", why="now: the feet were hidden"),
            "right": ChangeCell("", why="before: not measured"),
        },
    )  # fmt: skip
    facts: ReportFacts = replace(
        making.nothing(), last="1, 1 May 2026", tables=(StepTable("Squat", (row,)),)
    )
    read = words(render_html(facts))
    assert "cannot tell a 0/5" in read
    assert "a the feet were hidden" in read
    assert "b before: not measured" in read
    assert "now: the feet were hidden" not in read


@pytest.mark.parametrize("blurred", [True, False])
def test_stills_say_who_is_blurred_and_who_is_not(blurred: bool) -> None:
    facts = replace(making.full(), blurred=blurred)
    shown = words(render_html(facts))
    assert ("the client’s face and what is around the client are blurred" in shown) is blurred
    assert ("the client’s face is shown, as agreed" in shown) is not blurred
    assert "other people right beside or behind the client are not" in shown
    assert "other people right beside or behind you are not" in shown


def test_figures_are_not_said_to_be_blurred() -> None:
    facts = making.full()
    drawn = tuple(replace(still, drawn=True) for still in facts.stills)
    client = replace(facts.client, pictures=drawn[:2])
    shown = words(render_html(replace(facts, stills=drawn, client=client)))
    assert "drawn from the landmarks, no photographs" in shown
    assert "other people" not in shown
