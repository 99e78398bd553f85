"""The report of a visit as one HTML file that needs no network and prints on A4."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from kneetrack.report.clinic import page
from kneetrack.report.clinic.facts import ReportFacts
from kneetrack.report.templating import asset, environment


def render_html(facts: ReportFacts) -> str:
    """The text of the report. Every name that came from outside is escaped."""
    facts = replace(facts, client=page.fitting(facts.client))
    drawn = [page.draw_curve(curve) for curve in facts.curves]
    return (
        environment("clinic/templates")
        .get_template("visit.html.j2")
        .render(
            facts=facts,
            notes=page.notes_of(facts.tables),
            curves=[curve for curve in drawn if curve is not None],
            corrected=page.corrected_anywhere(facts),
            answers=page.ANSWERS,
            status_words=page.STATUS_WORDS,
            signs=page.SIGNS,
            picture_url=page.picture_url,
            layout=page.client_layout(facts.client),
            pictures_note=page.pictures_note(facts),
            own_pictures_note=page.own_pictures_note(facts),
            style=asset("clinic/templates", "visit.css"),
            footer=_footer(facts, "session"),
            own_footer=_footer(facts, "visit"),
        )
    )


def _footer(facts: ReportFacts, word: str) -> Markup:
    return Markup(page.css_text(f"{facts.code} · {word} {facts.visit} · {facts.on}"))
