"""What the pages of sessions and takes say, where it was once misleading; without a browser."""

from __future__ import annotations

import re

import pytest

from kneetrack.clinic import correcting
from kneetrack.store import Store
from tests.web import filling
from tests.web.conftest import Pages


@pytest.fixture
def store(clinic_store: Store) -> Store:
    return clinic_store


@pytest.fixture
def filled(store: Store) -> filling.Filled:
    return filling.found(store)


def plain(html: str) -> str:
    """Words of a page without tags, spaces made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def moved_knee(store: Store, filled: filling.Filled) -> None:
    """The right knee of the first repetition of the first session, put 12 pixels aside."""
    trial = filled.trial()
    first = store.rep_lines(trial.id)[0]
    correcting.move_landmark(
        store,
        trial.id,
        at_s=first.bottom_s,
        landmark="right_knee",
        to_px=(150.0, 400.0),
        until_s=first.end_s,
        reason="on the trouser leg",
    )


def test_the_star_stands_at_the_session_that_was_corrected(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    moved_knee(store, filled)
    html = pages.get(f"/clients/{filled.client.id}/compare").text
    row = next(r for r in re.findall(r"<tr .*?</tr>", html, re.S) if "Knee over foot, right" in r)
    before, after, difference = (plain(cell) for cell in re.findall(r"<td>(.*?)</td>", row)[:3])
    assert before.endswith("* corrected")
    assert "*" not in after
    assert difference.endswith("* corrected")
