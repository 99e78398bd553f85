"""Pages with practice at home and a prescription: no more of them than without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kneetrack.report.clinic.facts import AtHome, Cell, Practice, Prescribed, ReportFacts
from kneetrack.report.clinic.html import render_html
from kneetrack.report.clinic.pdf import render_pdf
from tests.report.clinic import making
from tests.report.clinic.test_visit_pages import texts

HOME = AtHome(
    "1, 1 December 2026",
    (
        "18 practices on 17 days, the last on 11 January 2027. 2 self-checks.",
        "Stopped by pain once, stopped early 3 times.",
        "Pain (0 to 10) before practice: 5 at first, 1 last, at most 6.",
        "More after it in 2 of 18, by up to 2.",
        "Clean by the camera at home: glute bridge with a block 12 of 18, lateral lunge 9 of 17.",
    ),
    "prescription 2, Hip programme, since 1 December 2026: Lateral lunge: no deeper than 80°",
)
PARTS = tuple(
    Practice(title, "2 sets of 8 on each side, no deeper than 80°", ("Hold on to a chair.",))
    for title in ("Release", "Bridge", "Lunge", "Soft tissue", "Figure-four", "Pigeon")
)
SHORT = Prescribed("Hip programme", ("Lateral lunge: no deeper than 80°",), PARTS, "Gently.")
DOSE = "3 sets of 12 on each side, held for 10 s, no deeper than 100°"
WORDY = "a word that goes on " * 15
LONG = Prescribed(
    "A programme with a title that is as long as a title of a programme may be, and no more",
    tuple(f"Single-leg squat, number {n}: no deeper than 80°" for n in range(6)),
    tuple(Practice(WORDY[:80], DOSE, (WORDY[:90],)) for _ in range(9)),
    WORDY[:240],
)


def with_home(facts: ReportFacts, given: Prescribed) -> ReportFacts:
    return replace(facts, home=HOME, client=replace(facts.client, prescribed=given))


@pytest.mark.parametrize("given", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("scores", [False, True])
def test_the_report_has_three_pages(given: Prescribed, scores: bool) -> None:
    found = texts(render_pdf(render_html(with_home(making.full(scores=scores), given))))
    assert len(found) == 3
    assert f"What to practise: {given.title}" in found[0]
    assert given.limits[0] in found[0] and "does not diagnose" in found[0]
    assert "At home since session 1, 1 December 2026" in found[1]
    assert "Prescribed now: prescription 2, Hip programme" in found[1]


@pytest.mark.parametrize("pictures", [0, 3])
def test_the_clients_page_stays_one_page(pictures: int) -> None:
    client = making.client()
    told = replace(
        client,
        pictures=client.pictures[:pictures],
        seen=(WORDY,) * 4,
        changed=(WORDY,) * 3,
        same=(WORDY,),
        prescribed=LONG,
    )
    found = texts(render_pdf(render_html(replace(making.nothing(), client=told, last="1"))))
    assert len(found) == 2
    assert "does not diagnose" in found[0]


def test_words_from_outside_cannot_become_markup() -> None:
    given = Prescribed("<b>x", ("<i>y",), (Practice("<u>z", "<s>d", ("<q>c",)),), "<a>n")
    home = AtHome("<em>1", ("<tt>l",), "<kbd>g")
    facts = making.full()
    text = render_html(replace(facts, home=home, client=replace(facts.client, prescribed=given)))
    assert not any(tag in text for tag in ("<b>x", "<i>y", "<u>z", "<s>d", "<q>c", "<a>n"))
    assert not any(tag in text for tag in ("<em>1", "<tt>l", "<kbd>g"))


def test_what_is_beyond_the_prescription_is_said_below_the_table() -> None:
    facts = making.full()
    table = facts.tables[0]
    row = table.rows[0]
    cell = Cell("88.8 ± 5.5", "5/5", status="watch", beyond="beyond the prescribed 80°")
    changed = replace(table, rows=(replace(row, cells={"left": cell}), *table.rows[1:]))
    text = render_html(replace(facts, coaching=True, tables=(changed, *facts.tables[1:])))
    assert "</b> beyond the prescribed 80°" in text
