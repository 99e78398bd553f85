"""kneetrack trend and kneetrack reliability, through a store."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from kneetrack.cli import app
from kneetrack.clinic.catalogue import BODY_HEIGHT, YAW
from kneetrack.clinic.change import trend
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.reliability import own_reliability
from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.visits import Session, SetupFacts
from kneetrack.commands.reliability_table import show_reliability
from kneetrack.commands.trend_table import show_trend
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.store import Store, open_store
from tests.clinic import numbering as n
from tests.storing import new_client
from tests.test_wording import offences


@pytest.fixture
def db(store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the open store; its files are where the commands look for them."""
    monkeypatch.setenv("KNEETRACK_FILES", str(store.files))
    yield store_url


def run(*args: str) -> str:
    """Standard output of a command that ends well."""
    result = CliRunner().invoke(app, list(args), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def visit(
    store: Store,
    client: Client,
    day: int,
    kfo: float,
    *,
    setup: SetupFacts = n.TOLD,
    corrected: int | None = None,
) -> Session:
    """Squats from the front: the left knee fine, the right one so far inside."""
    at = n.DAY + timedelta(days=day)
    session = store.begin_session(client.id, "lower-limb", 1, setup, at=at)
    made = n.take(n.SQUAT).fact(BODY_HEIGHT, 0.6).fact(YAW, 1.0)
    made.put("kfo", [0.02, 0.03, 0.01, 0.02, 0.02], side="left")
    made.put("kfo", [kfo, kfo + 0.01, kfo - 0.01, None, kfo], side="right", corrected=corrected)
    made.put("weight_shift", [0.01] * 5, error=0.02)
    n.keep(store, session.id, made)
    return session


def row_of(told: dict[str, Any], measure: str, side: str) -> dict[str, Any]:
    found = [r for r in told["rows"] if (r["measure"], r["side"]) == (measure, side)]
    assert len(found) == 1
    row: dict[str, Any] = found[0]
    return row


def test_two_noisy_equal_sessions_are_no_real_change(store: Store, db: str) -> None:
    client = new_client(store)
    visit(store, client, 0, 0.20)
    visit(store, client, 42, 0.23)
    out = run("trend", client.code, "--db", db)
    assert "#1 to #2: 0 changed, 2 no real change, 1 cannot tell" in out
    assert "Set-up of #1 and #2: alike" in out


def test_two_that_differ_are_changed(store: Store, db: str) -> None:
    client = new_client(store)
    visit(store, client, 0, 0.25)
    visit(store, client, 42, 0.05)
    out = run("trend", client.code.lower(), "--db", db)
    assert "1 changed" in out
    assert "Squat, right: knee over foot (KFO) +25 → +5 % of the shank, from the front" in out
    assert "(4/5)" in out
    assert offences(out) == []


def test_a_set_up_that_differs_stands_at_the_top(store: Store, db: str) -> None:
    client = new_client(store)
    visit(store, client, 0, 0.25)
    visit(store, client, 42, 0.05, setup=replace(n.TOLD, footwear="running shoes", stance=""))
    out = run("trend", client.code, "--db", db)
    assert "0 changed, 0 no real change, 3 cannot tell" in out
    head = out[: out.index("#1 to #2")]
    assert "Footwear: barefoot before, running shoes now" in head
    assert "Stance not told now" in head


def test_a_corrected_number_has_a_star_and_a_line_at_the_foot(store: Store, db: str) -> None:
    client = new_client(store)
    visit(store, client, 0, 0.25, corrected=0)
    visit(store, client, 42, 0.05)
    out = run("trend", client.code, "--db", db)
    assert "+25 ± 3* (4/5)" in out
    assert "* a reviewer's correction is in this number" in out
    told = json.loads(run("trend", client.code, "--json", "--db", db))
    assert [v["corrected"] for v in row_of(told, "kfo", "right")["values"]] == [True, False]


def test_an_empty_session_names_no_protocol_in_the_heading(store: Store, db: str) -> None:
    client = new_client(store)
    visit(store, client, 0, 0.25)
    visit(store, client, 42, 0.05)
    at = n.DAY + timedelta(days=50)
    empty = store.begin_session(client.id, "step-down", 1, n.TOLD, at=at)
    heading = run("trend", client.code, "--db", db).splitlines()[0]
    assert heading == f"{client.code} · {load_protocol('lower-limb').title}"
    n.keep(store, empty.id, n.take(n.SQUAT).put("ktsr", [0.9]))
    heading = run("trend", client.code, "--db", db).splitlines()[0]
    titles = [load_protocol(name).title for name in ("step-down", "lower-limb")]
    assert heading == f"{client.code} · {', '.join(titles)}"


def test_json_has_everything(store: Store, db: str) -> None:
    client = new_client(store)
    for day, kfo in ((0, 0.25), (21, 0.15), (42, 0.05)):
        visit(store, client, day, kfo)
    told = json.loads(run("trend", client.code, "--json", "--db", db))
    assert [s["number"] for s in told["sessions"]] == [1, 2, 3]
    row = row_of(told, "kfo", "right")
    assert row["view"] == "front" and row["step"] == "squat" and row["unit"] == "ratio"
    assert [v["value"] for v in row["values"]] == pytest.approx([0.25, 0.15, 0.05])
    assert [(v["reps"], v["reps_total"]) for v in row["values"]] == [(4, 5)] * 3
    assert row["change"]["answer"] == "changed"
    assert row["change"]["difference"] == pytest.approx(-0.20)
    assert row["change"]["limit"]["mdc95"] > 0.074
    assert told["setup"]["matches"] is True
    sides = {s["measure"]: s for s in told["sides"]}
    assert sides["kfo"]["right_minus_left"] == pytest.approx(0.03)
    assert sides["kfo"]["percent"] is None


def test_from_and_to_choose_sessions(store: Store, db: str) -> None:
    client = new_client(store)
    for day, kfo in ((0, 0.25), (21, 0.06), (42, 0.05)):
        visit(store, client, day, kfo)
    told = json.loads(run("trend", client.code, "--from", "2", "--json", "--db", db))
    day = datetime.fromisoformat(told["sessions"][0]["at"]).astimezone().date()
    assert json.loads(run("trend", client.code, "--from", f"{day}", "--json", "--db", db)) == told
    assert row_of(told, "kfo", "right")["change"]["answer"] == "no_real_change"
    told = json.loads(run("trend", client.code, "--to", "2", "--json", "--db", db))
    assert row_of(told, "kfo", "right")["change"]["answer"] == "changed"


def test_one_session_and_none(store: Store, db: str) -> None:
    client = new_client(store)
    assert "nothing was measured yet" in run("trend", client.code, "--db", db)
    visit(store, client, 0, 0.2)
    assert "One session so far" in run("trend", client.code, "--db", db)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (("trend", "nobody"), UnknownRecordError),
        (("trend", "KT-017", "--from", "9"), SettingsError),
        (("reliability", "--adopt"), SettingsError),
        (("reliability", "--adopt", "--forget"), SettingsError),
        (("reliability", "--within-days", "0"), SettingsError),
        (("reliability", "--clients", "nobody"), UnknownRecordError),
    ],
)
def test_what_cannot_be_is_one_clear_line(
    store: Store, db: str, args: tuple[str, ...], error: type[Exception]
) -> None:
    new_client(store)
    with pytest.raises(error) as caught:
        run(*args, "--db", db)
    assert "\n" not in str(caught.value)


def test_a_width_of_100_holds_two_sessions_and_says_what_is_left_out(store: Store) -> None:
    client = new_client(store)
    for i in range(6):
        visit(store, client, 7 * i, 0.25 - 0.03 * i)
    narrow, wide = (shown(store, client, width) for width in (100, 160))
    assert max(len(line) for line in narrow.splitlines()) <= 100
    assert "Not shown for want of room: #2, #3, #4, #5" in narrow
    assert "Not shown" not in wide
    assert "Knee over foot (KFO), % of shank  R" in narrow


def test_a_number_from_another_view_says_so(store: Store) -> None:
    client = new_client(store)
    visit(store, client, 0, 0.25)
    session = store.begin_session(client.id, "lower-limb", 1, n.TOLD, at=n.DAY + timedelta(days=9))
    n.keep(store, session.id, n.take(n.SQUAT).put("kfo", [0.1], side="right", view="oblique"))
    out = shown(store, client, 120)
    assert "+25 ± 3 (4/5) front" in out
    assert "obliquely from the front" in out
    assert "seen from front before, from oblique now: not comparable" in out


def shown(store: Store, client: Client, width: int) -> str:
    out = io.StringIO()
    show_trend(trend(store, client.id), Console(file=out, width=width, highlight=False))
    return out.getvalue()


# ------------------------------------------------------------------ reliability


def measured_twice(store: Store, clients: int) -> None:
    for i in range(clients):
        client = new_client(store, f"R-{i}")
        visit(store, client, 0, 0.05 * i)
        visit(store, client, 7, 0.05 * i + (0.02 if i % 2 else -0.02))


def test_adopting_and_forgetting(store: Store, db: str) -> None:
    measured_twice(store, 4)
    out = run("reliability", "--db", db)
    assert "4 clients measured again within 14 days" in out
    assert "4 clients are few" in out and store.adopted_reliability() == []
    assert "Adopted only with --anyway:" in out
    assert "every measure: from fewer than 10 clients" in out
    with pytest.raises(SettingsError, match=r"all 2 measures are in doubt .*--anyway"):
        run("reliability", "--adopt", "--db", db)
    with pytest.raises(SettingsError, match="--anyway goes with --adopt"):
        run("reliability", "--anyway", "--db", db)
    assert store.adopted_reliability() == []
    run("reliability", "--adopt", "--anyway", "--db", db)
    adopted = {r.measure: r for r in store.adopted_reliability()}
    assert adopted["kfo"].adopted_at is not None
    assert adopted["kfo"].mdc95 == pytest.approx(1.96 * 2**0.5 * adopted["kfo"].sem)
    run("reliability", "--forget", "--db", db)
    assert store.adopted_reliability() == []
    run("reliability", "--forget", "--db", db)


def test_what_was_adopted_decides_from_then_on(store: Store, db: str) -> None:
    measured_twice(store, 4)
    client = new_client(store, "K-1")
    visit(store, client, 0, 0.02)
    visit(store, client, 42, 0.03)
    before = json.loads(run("trend", "K-1", "--json", "--db", db))
    assert row_of(before, "weight_shift", "both")["change"]["answer"] == "cannot_tell"
    run("reliability", "--adopt", "--anyway", "--db", db)
    after = json.loads(run("trend", "K-1", "--json", "--db", db))
    assert row_of(after, "weight_shift", "both")["change"]["answer"] == "no_real_change"


def test_clients_are_named_with_commas_and_json_names_none(store: Store, db: str) -> None:
    measured_twice(store, 5)
    text = run("reliability", "--clients", "R-0,R-1, r-2", "--json", "--db", db)
    told = json.loads(text)
    assert told["clients"] == 3 and told["adopted"] is False
    kfo = next(r for r in told["rows"] if r["measure"] == "kfo")
    assert kfo["subjects"] == 3 and kfo["sessions"] == 2
    assert "R-0" not in text


def test_too_few_clients_say_what_is_needed(store: Store, db: str) -> None:
    measured_twice(store, 2)
    out = run("reliability", "--db", db)
    assert "2 clients have two sessions within 14 days: at least 3 are needed" in out
    assert "Left out, too few clients were measured twice" in out
    assert offences(out) == []


def test_the_table_of_reliability_fits_100_columns(store: Store) -> None:
    measured_twice(store, 4)
    out = io.StringIO()
    show_reliability(own_reliability(store), Console(file=out, width=100, highlight=False))
    assert "ICC(2,1)" in out.getvalue()
    assert max(len(line) for line in out.getvalue().splitlines()) <= 100


def test_a_store_that_is_opened_by_its_environment(
    store: Store, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(store)
    visit(store, client, 0, 0.2)
    monkeypatch.setenv("KNEETRACK_DB", db)
    assert "Squat, from the front" in run("trend", client.code)
    with open_store() as again:
        assert again.client(client.code).id == client.id
