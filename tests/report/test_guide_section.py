from __future__ import annotations

import re

from kneetrack.guide import load_page, page_names
from kneetrack.report.guide_section import guide_section, guide_style, how_to, render_guide
from kneetrack.report.html import render_report
from tests.report.test_report_html import Page, take


def test_a_report_folds_out_how_its_exercise_is_done() -> None:
    page = Page(render_report([take("lunges")]))
    assert "How to do it: Lateral lunge" in page.text
    assert "How to do it: Squat" not in page.text
    for slip in load_page("lateral_lunge").slips:
        assert slip.do in page.text
    assert load_page("lateral_lunge").picture_alt in page.values("alt")


def test_the_fold_is_closed_at_first_and_one_for_each_exercise() -> None:
    text = guide_section(["squat", "lateral_lunge", "squat"])
    assert re.findall(r"<details[^>]*>", text) == ['<details class="how-to">'] * 2
    assert '<details class="how-to" open>' in guide_section(["squat"], opened=True)


def test_what_has_no_page_has_no_section() -> None:
    assert guide_section(["none", "mystery"]).strip() == ""
    assert 'class="guide"' not in render_report([take("nothing_recognised")])


def test_a_closed_page_is_not_printed() -> None:
    printed = guide_style().split("@media print")[1]
    assert re.search(r"\.how-to:not\(\[open\]\)[^{]*\{ display: none", printed)


def test_the_section_keeps_a_report_small() -> None:
    assert len(guide_section(["glute_bridge"])) < 100_000


def test_every_page_stands_alone_with_its_pictures() -> None:
    for name in page_names():
        page = Page(render_guide(name))
        guide = load_page(name)
        assert guide.title in page.text
        sources = page.values("src")
        assert len(sources) == max(1, len(guide.positions))
        assert all(src.startswith("data:image/jpeg;base64,") for src in sources)
        assert not {tag for tag, _, _ in page.attributes} & {"script", "link"}
        assert "Not a medical device" in page.text


def test_figures_are_shown_where_there_are_several_positions() -> None:
    assert len(how_to("soft_tissue", figures=True).figures) == 5
    assert how_to("figure_four", figures=True).figures == ()
    assert how_to("soft_tissue").figures == ()
