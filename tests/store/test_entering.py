"""What is refused when facts are written down, and what a narrower consent is said to take away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kneetrack.clinic_records.people import ClientFacts, ConsentFacts, Losing
from kneetrack.records import SettingsError
from kneetrack.store import Store
from kneetrack.store.files import INCOMING
from tests.store.test_consents import ALL, filmed
from tests.storing import PURPOSE, new_client

TODAY = date.today()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("given_on", "keep_until", "says"),
    [
        (TODAY + DAY, None, "still to come"),
        (date(1900, 1, 1), None, "from 1990 on"),
        (TODAY - 9 * DAY, TODAY - DAY, "which is over"),
    ],
)
def test_days_on_which_no_consent_holds(
    store: Store, given_on: date, keep_until: date | None, says: str
) -> None:
    client = new_client(store)
    before = store.consent_now(client.id)
    with pytest.raises(SettingsError, match=says):
        store.give_consent(client.id, ConsentFacts(given_on, PURPOSE, keep_until=keep_until))
    assert store.consent_now(client.id) == before


def test_days_on_which_one_does(store: Store) -> None:
    client = new_client(store)
    given = ConsentFacts(TODAY, PURPOSE, keep_until=TODAY)
    assert store.give_consent(client.id, given).holds(TODAY)


@pytest.mark.parametrize("year", [1900, TODAY.year + 1, 2090])
def test_years_in_which_nobody_was_born(store: Store, year: int) -> None:
    with pytest.raises(SettingsError, match=rf"year of birth {year}: use one from"):
        store.add_client(ClientFacts("K-1", birth_year=year))
    client = store.add_client(ClientFacts("K-2", birth_year=TODAY.year))
    with pytest.raises(SettingsError, match="year of birth"):
        store.change_client(client.id, replace(client.facts, birth_year=year))


def test_a_year_far_back_is_no_matter_of_digits() -> None:
    with pytest.raises(SettingsError, match="from 1900 on"):
        ClientFacts("K-1", birth_year=1850)


def test_what_a_narrower_consent_takes_away_is_told_before_and_written_down(store: Store) -> None:
    client = new_client(store, allows=ALL)
    trial = filmed(store, client, faces=True)
    (store.files / INCOMING / trial.session_id / ("0" * 32)).mkdir(parents=True)
    assert not store.would_lose(client.id, ALL)
    assert store.would_lose(client.id, {"measurements", "video"}) == Losing(1, 1)
    losing = store.would_lose(client.id)
    assert str(losing) == "1 kept clip, 1 still picture and 1 clip that is not measured yet"
    assert store.trial(trial.id).clip_kept, "only asked"
    store.give_consent(client.id, ConsentFacts(TODAY, PURPOSE))
    line = store.audit(record_id=trial.id)[0]
    assert (line.what, line.kind) == ("deleted", "clip")
    assert line.detail == "1 kept clip and 1 still picture, which the consent does not cover"
    assert not store.would_lose(client.id, {"measurements"})
    assert not store.trial(trial.id).clip_kept
    assert store.audit(record_id=client.id)[0] == line, "of the client, too"
