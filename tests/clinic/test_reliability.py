"""ICC(2,1), SEM and MDC95 from sessions that were repeated."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from kneetrack.clinic.reliability import first_run, icc21, mdc95, own_reliability
from kneetrack.clinic_records.visits import Session
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.store import Store
from tests.clinic import numbering as n
from tests.storing import new_client

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
TABLES = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7),
    elements=st.integers(-500, 500).map(lambda i: i / 10),
)


def test_the_example_of_shrout_and_fleiss() -> None:
    """1979, table 2: MSE = 1.02, ICC(2,1) = .29."""
    found = icc21(SHROUT_FLEISS)
    assert found.icc is not None and round(found.icc, 2) == 0.29
    assert round(found.sem**2, 2) == 1.02


def test_three_clients_by_hand() -> None:
    """Rows 1 3, 4 4, 6 8: means 2 4 7, columns 11/3 5, all 13/3.

    MSR = 2 (49 + 1 + 64) / 9 / 2 = 114/9; MSC = 3 (4/9 + 4/9) = 8/3; total 88/3 + ... the rest:
    residuals -1/3 1/3, 2/3 -2/3, -1/3 1/3: sum of squares 12/9, over 2: MSE = 2/3.
    ICC = (38/3 - 2/3) / (38/3 + 2/3 + 2 (8/3 - 2/3) / 3) = 12 / (44/3) = 9/11.
    """
    found = icc21(np.array([[1.0, 3.0], [4.0, 4.0], [6.0, 8.0]]))
    assert found.icc == pytest.approx(9 / 11)
    assert found.sem == pytest.approx(math.sqrt(2 / 3))
    assert found.mdc95 == pytest.approx(1.96 * math.sqrt(2) * math.sqrt(2 / 3))


def pingouin_icc21(table: np.ndarray) -> float:
    import pandas as pd
    import pingouin

    clients, sessions = np.indices(table.shape)
    long = pd.DataFrame(
        {"client": clients.ravel(), "session": sessions.ravel(), "value": table.ravel()}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = pingouin.intraclass_corr(long, targets="client", raters="session", ratings="value")
    chosen = rows[rows["Type"].isin(["ICC2", "ICC(A,1)"])]
    assert len(chosen) == 1
    return float(chosen["ICC"].iloc[0])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("clients", "sessions"), [(3, 2), (15, 2), (8, 3), (40, 4)])
def test_as_pingouin_has_it(clients: int, sessions: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(8, 5, (clients, 1)) + rng.normal(0, 3, (clients, sessions))
    table += rng.normal(0, 1, (1, sessions))
    found = icc21(table)
    assert found.icc == pytest.approx(pingouin_icc21(table), abs=1e-9)


def test_the_example_as_pingouin_has_it() -> None:
    assert icc21(SHROUT_FLEISS).icc == pytest.approx(pingouin_icc21(SHROUT_FLEISS), abs=1e-9)


def test_the_sem_is_recovered_from_many_clients() -> None:
    """True SEM 3, spread of clients 5: ICC 25 / 34."""
    rng = np.random.default_rng(1)
    found = icc21(rng.normal(8, 5, (4000, 1)) + rng.normal(0, 3, (4000, 2)))
    assert found.sem == pytest.approx(3.0, rel=0.04)
    assert found.icc == pytest.approx(25 / 34, abs=0.03)
    assert mdc95(3.0) == pytest.approx(8.3156, abs=1e-4)


@given(TABLES, st.integers(-100, 100), st.sampled_from([-3.0, -0.5, 0.1, 2.0]))
def test_another_zero_or_unit_changes_no_icc(table: np.ndarray, by: int, factor: float) -> None:
    found, other = icc21(table), icc21(factor * table + by)
    assert other.sem == pytest.approx(abs(factor) * found.sem, abs=1e-6)
    assume(found.icc is not None and np.ptp(table) > 1)
    assert other.icc == pytest.approx(found.icc, abs=1e-6)


@given(TABLES, st.integers(0, 1000))
def test_the_order_of_clients_and_sessions_does_not_matter(table: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mixed = table[rng.permutation(len(table))][:, rng.permutation(table.shape[1])]
    found, other = icc21(table), icc21(mixed)
    assert other.sem == pytest.approx(found.sem, abs=1e-9)
    assert (other.icc is None) == (found.icc is None)
    if found.icc is not None:
        assert other.icc == pytest.approx(found.icc, abs=1e-9)


@given(TABLES)
def test_an_icc_is_at_most_one_and_an_sem_at_least_nought(table: np.ndarray) -> None:
    found = icc21(table)
    assert found.sem >= 0 and found.mdc95 == pytest.approx(1.96 * math.sqrt(2) * found.sem)
    assert found.icc is None or found.icc <= 1 + 1e-9


def test_perfect_agreement_is_one_and_no_spread_is_none() -> None:
    same = icc21(np.array([[1.0, 1.0], [2.0, 2.0], [5.0, 5.0]]))
    assert (same.icc, same.sem) == (1.0, 0.0)
    assert icc21(np.full((4, 2), 3.3)).icc is None


def test_one_client_has_a_typical_error_and_no_icc() -> None:
    found = icc21(np.array([[4.0, 6.0]]))
    assert found.icc is None
    assert found.sem == pytest.approx(math.sqrt(2))


@pytest.mark.parametrize(
    "table", [np.zeros((3, 1)), np.zeros((0, 2)), np.zeros(3), np.array([[1.0, math.nan]])]
)
def test_what_is_no_table_is_refused(table: np.ndarray) -> None:
    with pytest.raises(ValueError, match="two or more sessions"):
        icc21(table)


# ------------------------------------------------------------------ from a store


def days(*numbers: int) -> list[Session]:
    return [replace(n.session(), id=f"s{d}", at=n.DAY + timedelta(days=d)) for d in numbers]


@pytest.mark.parametrize(
    ("on", "within", "chosen"),
    [
        ((0, 7), 14, [0, 7]),
        ((0, 14), 14, [0, 14]),
        ((0, 15), 14, []),
        ((0, 42, 44, 50), 14, [42, 44, 50]),
        ((0, 3, 42, 44), 14, [0, 3]),
        ((0,), 14, []),
        ((), 14, []),
    ],
)
def test_the_first_run_of_sessions_close_together(
    on: tuple[int, ...], within: int, chosen: list[int]
) -> None:
    assert [s.id for s in first_run(days(*on), within)] == [f"s{d}" for d in chosen]


def test_of_several_sessions_on_one_day_the_first_is_taken() -> None:
    morning, week = days(0, 7)
    noon = replace(morning, id="noon", at=morning.at + timedelta(hours=2))
    assert first_run([morning, noon], 14) == []
    assert first_run([noon, morning, week], 14) == [morning, week]


def test_twice_on_one_day_is_said_and_left_out(store: Store) -> None:
    fill(store, [[0.8, 0.85], [0.9, 0.88], [1.0, 1.05]])
    client = new_client(store, "D-1")
    for j in range(2):
        at = n.DAY + timedelta(hours=j)
        session = store.begin_session(client.id, "lower-limb", 1, n.TOLD, at=at)
        n.keep(store, session.id, n.take(n.SQUAT).put("ktsr", [3.0 + 4 * j]))
    found = own_reliability(store)
    assert found.rows[0].subjects == 3 and found.rows[0].sem < 0.1
    assert found.warnings[-1].startswith("1 client was measured twice on one day alone")


def test_a_session_without_a_take_that_counts_opens_no_run(store: Store) -> None:
    """Sessions on days 0, 10 and 20, of which the first is empty: 10 and 20 are the repeats."""
    for i, row in enumerate([[0.8, 0.85], [0.9, 0.88], [1.0, 1.05]]):
        client = new_client(store, f"E-{i}")
        store.begin_session(client.id, "lower-limb", 1, n.TOLD, at=n.DAY)
        for j, value in enumerate(row):
            at = n.DAY + timedelta(days=10 * (j + 1))
            session = store.begin_session(client.id, "lower-limb", 1, n.TOLD, at=at)
            n.keep(store, session.id, n.take(n.SQUAT).put("ktsr", [value]))
    found = own_reliability(store)
    assert found.clients == 3 and found.rows[0].subjects == 3


def test_a_rejected_take_is_in_no_reliability(store: Store) -> None:
    fill(store, [[0.8, 0.85], [0.9, 0.88], [1.0, 1.05]])
    client = store.client("C-0")
    trial = store.trials(store.sessions(client.id)[1].id)[0]
    store.reject_trial(trial.id, "shoes on")
    found = own_reliability(store)
    assert found.clients == 2 and found.rows == ()
    store.restore_trial(trial.id)
    assert own_reliability(store).rows[0].subjects == 3


def fill(store: Store, table: list[list[float]], *, code: str = "C") -> None:
    """A client a row, a session a column, a week apart; KTSR of a squat, one repetition each."""
    for i, row in enumerate(table):
        client = new_client(store, f"{code}-{i}")
        for j, value in enumerate(row):
            session = store.begin_session(
                client.id, "lower-limb", 1, n.TOLD, at=n.DAY + timedelta(days=3 * j)
            )
            n.keep(store, session.id, n.take(n.SQUAT).put("ktsr", [value]))


def test_a_store_gives_what_its_table_gives(store: Store) -> None:
    table = [[0.8, 0.85], [0.9, 0.88], [1.0, 1.05], [0.95, 0.9]]
    fill(store, table)
    found = own_reliability(store)
    want = icc21(np.array(table))
    assert len(found.rows) == 1 and found.clients == 4
    row = found.rows[0]
    assert (row.measure, row.exercise, row.view, row.unit) == ("ktsr", "squat", "front", "ratio")
    assert (row.subjects, row.sessions, row.adopted_at) == (4, 2, None)
    assert row.icc == pytest.approx(want.icc) and row.sem == pytest.approx(want.sem)
    assert found.warnings == ("4 clients are few: with fewer than 15 these numbers are rough",)


def test_the_first_sessions_that_all_have_are_taken(store: Store) -> None:
    fill(store, [[0.8, 0.85, 5.0], [0.9, 0.88], [1.0, 1.05], [7.0]])
    row = own_reliability(store).rows[0]
    assert (row.subjects, row.sessions) == (3, 2)
    assert row.sem == pytest.approx(icc21(np.array([[0.8, 0.85], [0.9, 0.88], [1.0, 1.05]])).sem)


def test_fewer_than_three_clients_are_refused_with_the_reason(store: Store) -> None:
    fill(store, [[0.8, 0.85], [0.9, 0.88]])
    found = own_reliability(store)
    assert found.rows == () and found.clients == 2
    assert [left.key.measure for left in found.refused] == ["ktsr"]
    assert found.refused[0].why == "2 clients have it twice: at least 3 are needed"
    assert found.warnings[0].startswith("2 clients have two sessions within 14 days: at least 3")


def test_one_client_is_told_the_typical_error(store: Store) -> None:
    fill(store, [[0.8, 0.9]])
    left = own_reliability(store).refused[0]
    assert left.why == "1 client has it twice: at least 3 are needed"
    assert left.typical_error == pytest.approx(0.1 / math.sqrt(2))


def test_nobody_measured_twice_says_so(store: Store) -> None:
    fill(store, [[0.8], [0.9]])
    found = own_reliability(store)
    assert found.warnings == ("no client has two sessions within 14 days",)


def test_only_the_clients_that_are_named(store: Store) -> None:
    fill(store, [[0.8, 0.85], [0.9, 0.88], [1.0, 1.05], [3.0, 9.0]])
    found = own_reliability(store, codes=["C-0", "c-1", "C-2"])
    assert found.clients == 3 and found.rows[0].sem < 0.1
    with pytest.raises(UnknownRecordError):
        own_reliability(store, codes=["C-9"])
    with pytest.raises(SettingsError, match="within-days"):
        own_reliability(store, within_days=0)


def test_sessions_far_apart_are_not_repeats(store: Store) -> None:
    fill(store, [[0.8, 0.85], [0.9, 0.88], [1.0, 1.05]])
    assert own_reliability(store, within_days=2).clients == 0


def test_each_leg_is_a_row_and_a_client_is_a_subject(store: Store) -> None:
    table = [[0.0, 0.01], [0.05, 0.02], [0.1, 0.12], [0.2, 0.22], [0.3, 0.25], [0.15, 0.2]]
    for i in range(3):
        client = new_client(store, f"L-{i}")
        for j in range(2):
            session = store.begin_session(
                client.id, "lower-limb", 1, n.TOLD, at=n.DAY + timedelta(days=j)
            )
            made = n.take(n.SQUAT).put("kfo", [table[2 * i][j]], side="left")
            n.keep(store, session.id, made.put("kfo", [table[2 * i + 1][j]], side="right"))
    row = own_reliability(store).rows[0]
    assert row.subjects == 3
    assert row.sem == pytest.approx(icc21(np.array(table)).sem)


def set_up_otherwise(store: Store, *footwear_later: str) -> None:
    """A client a word: barefoot on the first day, so on the second."""
    for i, later in enumerate(footwear_later):
        client = new_client(store, f"U-{i}")
        for j, footwear in enumerate(("barefoot", later)):
            setup, at = replace(n.TOLD, footwear=footwear), n.DAY + timedelta(days=j)
            session = store.begin_session(client.id, "lower-limb", 1, setup, at=at)
            n.keep(store, session.id, n.take(n.SQUAT).put("ktsr", [0.9 + 0.1 * i + 0.01 * j]))


def test_a_set_up_that_differed_between_the_days_is_left_out_and_said(store: Store) -> None:
    set_up_otherwise(store, "shoes", "barefoot", "barefoot", "barefoot")
    found = own_reliability(store)
    assert found.rows[0].subjects == 3
    assert found.warnings[-1] == (
        "1 client was not set up alike on both days: 1 value is left out, "
        "as a trend cannot tell there"
    )


def test_the_next_session_that_was_set_up_alike_takes_its_place(store: Store) -> None:
    set_up_otherwise(store, "shoes", "barefoot", "barefoot")
    client = store.client("U-0")
    session = store.begin_session(client.id, "lower-limb", 1, n.TOLD, at=n.DAY + timedelta(days=5))
    n.keep(store, session.id, n.take(n.SQUAT).put("ktsr", [0.93]))
    row = own_reliability(store).rows[0]
    assert (row.subjects, row.sessions) == (3, 2)


def test_a_depth_that_differs_bars_what_it_bars_in_a_trend_alone(store: Store) -> None:
    for i in range(4):
        client = new_client(store, f"P-{i}")
        for j in range(2):
            at = n.DAY + timedelta(days=j)
            session = store.begin_session(client.id, "lower-limb", 1, n.TOLD, at=at)
            deep = 0.9 if i == 0 and j else 0.4 + 0.01 * j
            made = n.take(n.SQUAT).put("depth", [deep]).put("ktsr", [0.9 + 0.1 * i + 0.01 * j])
            n.keep(store, session.id, made)
    subjects = {row.measure: row.subjects for row in own_reliability(store).rows}
    assert subjects == {"depth": 4, "ktsr": 3}


def test_who_agrees_no_longer_is_left_out(store: Store) -> None:
    fill(store, [[0.8, 0.85], [0.9, 0.88], [1.0, 1.05], [3.0, 9.0]])
    store.withdraw_consent(store.consents(store.client("C-3").id)[0].id)
    found = own_reliability(store)
    assert found.clients == 3 and found.rows[0].sem < 0.1
    assert found.warnings[-1] == "1 client has no consent in force: left out"


# ------------------------------------------------------------------ what is in doubt


def test_all_that_moved_one_way_are_said_to_have(store: Store) -> None:
    """The SEM is small, but the second day is 0.3 higher for all: the MDC95 is too small."""
    fill(store, [[0.8 + 0.1 * i, 1.1 + 0.1 * i + 0.01 * (i % 2)] for i in range(12)])
    found = own_reliability(store)
    (doubt,) = found.doubts
    assert doubt.row == found.rows[0] and doubt.row.sem < 0.01
    assert doubt.why.startswith("all together +0.30") and "in the second session" in doubt.why
    assert found.sound == ()


def test_days_that_differ_by_chance_are_sound(store: Store) -> None:
    fill(store, [[0.8 + 0.1 * i, 0.8 + 0.1 * i + (0.02 if i % 2 else -0.02)] for i in range(12)])
    found = own_reliability(store)
    assert found.doubts == () and found.sound == found.rows


@pytest.mark.parametrize("clients", [9, 10])
def test_fewer_than_ten_clients_are_a_doubt(store: Store, clients: int) -> None:
    fill(store, [[0.8 + i / 10, 0.8 + i / 10 + (0.02, -0.02)[i % 2]] for i in range(clients)])
    whys = [doubt.why for doubt in own_reliability(store).doubts]
    assert whys == (["from fewer than 10 clients"] if clients == 9 else [])


def test_an_icc_below_nought_or_none_is_a_doubt(store: Store) -> None:
    fill(store, [[0.8, 1.2] if i % 2 else [1.2, 0.8] for i in range(10)])
    (doubt,) = own_reliability(store).doubts
    assert doubt.row.icc is not None and doubt.row.icc < 0
    assert doubt.why.startswith("the ICC is below nought")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shape", [(8, 2), (12, 3)])
def test_the_test_for_a_systematic_difference_is_that_of_scipy(
    shape: tuple[int, int], seed: int
) -> None:
    from scipy import stats

    rng = np.random.default_rng(seed)
    table = rng.normal(8, 5, (shape[0], 1)) + rng.normal(0, 3, shape)
    table[:, 1] += 2.0
    found = icc21(table)
    if shape[1] == 2:
        assert found.p == pytest.approx(stats.ttest_rel(table[:, 0], table[:, 1]).pvalue)
        assert found.shift == pytest.approx(float((table[:, 1] - table[:, 0]).mean()))
    else:
        import pandas as pd
        import pingouin

        clients, sessions = np.indices(shape)
        long = pd.DataFrame({"c": clients.ravel(), "s": sessions.ravel(), "v": table.ravel()})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = pingouin.rm_anova(long, dv="v", within="s", subject="c", correction=False)
        assert found.p == pytest.approx(float(rows.filter(like="p").iloc[0, 0]))


def test_no_error_at_all_and_a_shift_is_systematic() -> None:
    assert icc21(np.array([[1.0, 2.0], [3.0, 4.0]])).systematic
    assert not icc21(np.array([[1.0, 1.0], [3.0, 3.0]])).systematic
    assert not icc21(np.array([[1.0, 5.0]])).systematic
