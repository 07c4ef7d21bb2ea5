"""What the batch model says in a backtest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dabiao.domain.period import Period
from dabiao.forecast.backtest import backtest
from dabiao.forecast.batch.panel import split
from dabiao.forecast.batch.priors import shipped

NUMBERS = ["probability", "point", "lower80", "upper80", "lower95", "upper95"]


def annual_panel(series: int = 12, years: int = 14, seed: int = 1, family: int = 1000) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(series):
        path = 60 * np.exp(np.cumsum(rng.normal(-0.03, 0.08, years)))
        rows += [
            {
                "series_id": f"s{i}",
                "indicator": f"X:{i // family}",
                "direction": -1,
                "upper": np.nan,
                "period": 2005 + t,
                "value": v,
            }
            for t, v in enumerate(np.round(path, 1))
        ]
    return pd.DataFrame(rows)


def monthly_panel(series: int = 6, months: int = 40, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    t = np.arange(months)
    common = 0.4 * np.cos(2 * np.pi * t / 12) + rng.normal(0, 0.1, months)
    rows = []
    for i in range(series):
        path = np.round(40 * np.exp(common + rng.normal(0, 0.1, months)), 2)
        rows += [
            {
                "series_id": f"m{i}",
                "indicator": "X:pm25m",
                "direction": -1,
                "upper": np.nan,
                "period": f"{2014 + k // 12}-{k % 12 + 1:02d}",
                "value": v,
            }
            for k, v in enumerate(path)
        ]
    return pd.DataFrame(rows)


def one_series(
    values: list[float], direction: int = 1, upper: float = np.nan, first: int = 2010
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series_id": "one",
            "indicator": "X:one",
            "direction": direction,
            "upper": upper,
            "period": range(first, first + len(values)),
            "value": values,
        }
    )


def asked(**columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({name: np.atleast_1d(given) for name, given in columns.items() if np.ndim(given)})
    frame = frame if len(frame) else pd.DataFrame(index=[0])
    frame = frame.assign(**{name: given for name, given in columns.items() if not np.ndim(given)})
    return frame.assign(case_id=range(len(frame)))


def cut(panel: pd.DataFrame, origin: object) -> pd.DataFrame:
    return panel[panel["period"].astype(str) <= str(origin)]


@pytest.mark.parametrize("series", [12, 160])
def test_truncating_an_annual_panel_changes_no_digit(series: int) -> None:
    """An annual forecast reads no row later than its origin, in its own or any other series."""
    panel = annual_panel(series)
    late = panel[(panel["series_id"] != "s3") | (panel["period"] >= 2012)]
    cases = pd.concat(
        [
            asked(
                series_id=[f"s{i}" for i in range(series)],
                origin=o,
                comparator="<=",
                target=40.0,
                deadline=o + lead,
            )
            for o in (2009, 2012, 2015)
            for lead in (1, 3)
        ]
    )
    cases = cases[(cases["series_id"] != "s3") | (cases["origin"] > 2012)].assign(
        case_id=lambda c: range(len(c))
    )
    whole = backtest(late, cases)
    for origin, some in cases.groupby("origin"):
        part = backtest(cut(late, origin), some)
        expected = whole.set_index("case_id").loc[some["case_id"], NUMBERS].to_numpy()
        assert np.array_equal(part[NUMBERS].to_numpy(), expected)


def test_truncating_a_monthly_panel_changes_no_digit() -> None:
    """An in-year forecast reads no row later than its origin month, in its own or any other series."""
    panel = monthly_panel()
    panel = panel[(panel["series_id"] != "m2") | (panel["period"] >= "2015-08")]
    cases = pd.concat(
        [
            asked(
                series_id=[f"m{i}" for i in range(6)],
                origin=o,
                comparator="<=",
                target=38.0,
                deadline=int(o[:4]),
            )
            for o in ("2015-03", "2015-10", "2016-06")
        ]
    ).assign(case_id=range(18))
    whole = backtest(panel, cases)
    for origin, some in cases.groupby("origin"):
        part = backtest(cut(panel, origin), some)
        expected = whole.set_index("case_id").loc[some["case_id"], NUMBERS].to_numpy()
        assert np.array_equal(part[NUMBERS].to_numpy(), expected, equal_nan=True)


def test_months_that_nobody_has_at_the_origin_change_no_digit() -> None:
    """Where every series falls silent before the origin and speaks again after it, the later months leave no trace."""
    panel = monthly_panel()
    panel = panel[(panel["period"] <= "2015-08") | (panel["period"] >= "2016-03")]
    cases = asked(
        series_id=[f"m{i}" for i in range(6)],
        origin="2015-11",
        comparator="<=",
        target=38.0,
        deadline=2015,
    )
    whole, part = backtest(panel, cases), backtest(cut(panel, "2015-11"), cases)
    assert np.array_equal(whole[NUMBERS].to_numpy(), part[NUMBERS].to_numpy())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 4, 12]))
def test_no_panel_lets_a_later_row_change_a_digit(seed: int, season: int) -> None:
    """Families, gaps, constants, zeros, words among the values, rows twice: what follows the origin never shows."""
    rng = np.random.default_rng(seed)
    panel = odd_panel(rng, season)
    year, month = int(rng.integers(2003, 2012)), int(rng.integers(1, 13))
    origin = str(year) if season == 1 else f"{year}-{month:02d}"
    last = year * 12 + (12 if season == 1 else month) - 1
    known = panel[[Period.parse(p).last <= last for p in panel["period"]]]
    cases = asked(
        series_id=[f"s{i}" for i in rng.integers(0, 9, 8)],
        origin=origin,
        comparator=rng.choice(["<=", "<", ">=", ">", "=", "~="], 8),
        target=rng.choice([-5.0, 0.0, 3.0, 50.0, 95.0, 100.0], 8),
        deadline=[year + int(lead) for lead in rng.integers(0, 4, 8)],
    )
    whole = backtest(panel, cases)
    assert whole["probability"].between(0, 1).all()
    assert np.array_equal(
        whole[NUMBERS].to_numpy(), backtest(known, cases)[NUMBERS].to_numpy(), equal_nan=True
    )


def odd_panel(rng: np.random.Generator, season: int) -> pd.DataFrame:
    """Eight series of all kinds, of one frequency, in no order."""
    rows: list[tuple[object, ...]] = []
    for number in range(8):
        first, size, kind = int(rng.integers(2000, 2006)), int(rng.integers(1, 10)), int(rng.integers(0, 6))
        family = (
            f"s{number}",
            str(rng.choice(["A:x", "A:y", "B:x"])),
            rng.choice([1, -1]),
            rng.choice(["", "100"]),
        )
        for at in range(size * season):
            period = Period(first * 12 + at * 12 // season, first * 12 + (at + 1) * 12 // season - 1)
            value = (
                50.0,
                0.0,
                100.0,
                float(rng.normal()),
                50 * np.exp(rng.normal() / 9),
                round(95 + rng.normal(), 1),
            )
            said = rng.choice(["", "NaN", "—"]) if rng.random() < 0.05 else value[kind]
            rows += [(*family, str(period), said)] * int(rng.choice([0, 1, 1, 1, 1, 2]))
    columns = ["series_id", "indicator", "direction", "upper", "period", "value"]
    return pd.DataFrame(rows, columns=columns).sample(frac=1.0, random_state=0)


def test_other_cases_and_row_order_change_no_digit() -> None:
    """An answer depends neither on the other cases nor on the order of the panel's rows."""
    panel = annual_panel()
    cases = asked(
        series_id=["s1", "s2", "s3"], origin=2014, comparator="<=", target=[30.0, 40, 50], deadline=2016
    )
    whole = backtest(panel, cases)
    alone = backtest(panel.sample(frac=1.0, random_state=0), cases.iloc[[1]])
    assert np.array_equal(alone[NUMBERS].to_numpy(), whole[NUMBERS].to_numpy()[[1]])


@pytest.mark.parametrize("comparator", ["<=", "<", ">=", ">"])
def test_probability_is_monotone_in_the_target(comparator: str) -> None:
    """A looser target is never less likely to be met."""
    targets = np.linspace(10, 90, 161)
    cases = asked(series_id="s4", origin=2016, comparator=comparator, target=targets, deadline=2018)
    step = np.diff(backtest(annual_panel(), cases)["probability"])
    assert ((step >= 0) if comparator.startswith("<") else (step <= 0)).all()


def test_intervals_are_nested_and_hold_the_point() -> None:
    """The 95 % interval holds the 80 % interval, which holds the point."""
    cases = asked(
        series_id=[f"s{i}" for i in range(12)], origin=2015, comparator="<=", target=40.0, deadline=2019
    )
    out = backtest(annual_panel(), cases)
    ordered = out[["lower95", "lower80", "point", "upper80", "upper95"]].to_numpy()
    assert (np.diff(ordered, axis=1) > 0).all()


def test_a_share_stays_within_its_bounds() -> None:
    """No number given for a share lies below 0 or above its upper bound."""
    panel = one_series([91.0, 95, 97.5, 99, 99.6, 99.9, 100, 100], upper=100)
    cases = asked(
        series_id="one", origin=2017, comparator=">=", target=[95.0, 100, 101], deadline=[2018, 2020, 2030]
    )
    out = backtest(panel, cases)
    assert (out[NUMBERS[1:]] <= 100).all(axis=None)
    assert (out[NUMBERS[1:]] >= 0).all(axis=None)
    assert out["probability"][2] < 0.01


def test_a_series_at_its_bound_is_expected_to_stay() -> None:
    """A share that has long been 100 will most likely be 100, and certainly at least 90."""
    panel = one_series([100.0] * 10, upper=100)
    cases = asked(series_id="one", origin=2019, comparator=[">=", ">="], target=[100.0, 90], deadline=2021)
    out = backtest(panel, cases)
    assert out["probability"][0] > 0.6
    assert out["probability"][1] > 0.95


def test_a_constant_series_is_expected_to_stay() -> None:
    """A series that never moved is likely to meet a target just beyond its value, and unlikely one far off."""
    cases = asked(series_id="one", origin=2019, comparator="<=", target=[50.0, 51, 40], deadline=2020)
    out = backtest(one_series([50.0] * 10, direction=-1), cases)
    assert out["probability"][0] > 0.5
    assert out["probability"][1] > 0.9
    assert out["probability"][2] < 0.05


@pytest.mark.parametrize("values", [[30.0], [30.0, 28], [30.0, 28, 29], [0.0, 0, 0], [-3.0, 2, 0, 5], [0.0]])
def test_short_and_odd_histories_get_an_answer(values: list[float]) -> None:
    """The fewest values, zeros and negative ones give a finite answer within [0, 1]."""
    cases = asked(
        series_id="one", origin=2009 + len(values), comparator="<=", target=[-1.0, 0, 27, 300], deadline=2022
    )
    out = backtest(one_series(values, direction=-1), cases)
    assert np.isfinite(out[NUMBERS].to_numpy(float)).all()
    assert out["probability"].between(0, 1).all()
    assert out["probability"].is_monotonic_increasing


def test_nothing_known_gets_the_prior() -> None:
    """An unknown series, an origin before the first value and an unreadable deadline get the prior's probability."""
    cases = asked(
        series_id=["nowhere", "one", "one"],
        origin=[2012, 2001, 2012],
        comparator="<=",
        target=5.0,
        deadline=["2014", "2014", "soon"],
    )
    out = backtest(one_series([3.0, 4, 5, 6]), cases)
    assert out["probability"].nunique() == 1
    assert 0.2 < out["probability"][0] < 0.8
    assert out["point"].isna().all()


def test_a_comparator_that_nobody_knows_gets_the_prior() -> None:
    """The usual other spellings are read; of a case whose comparator means nothing no number but the prior's is given."""
    cases = asked(
        series_id="one",
        origin=2012,
        comparator=["<=", "≤", "=<", "roughly", ""],
        target=[5.0] * 5,
        deadline=2014,
    )
    out = backtest(one_series([3.0, 4, 5, 6]), cases)
    assert out["probability"][:3].nunique() == 1
    assert out["point"].isna().tolist() == [False, False, False, True, True]
    assert out["probability"][3] == out["probability"][4] == shipped().trend.unknown


def test_a_year_that_no_record_reaches_is_no_period() -> None:
    """A slip of the pen (0208 for 2008) is left out and does not make the panel two thousand years wide."""
    typed = pd.concat([one_series([3.0, 4, 5]), one_series([9.0]).assign(period="0208")])
    assert split(typed)[1].values.shape == (1, 3)


def test_a_known_deadline_is_judged_not_forecast() -> None:
    """Where the deadline's value is known at the origin the probability is 0 or 1, raw value against raw target."""
    cases = asked(
        series_id="one", origin=2012, comparator=["<=", "<", ">=", ">", "="], target=5.0, deadline=2012
    )
    out = backtest(one_series([3.0, 4, 5]), cases)
    assert out["probability"].tolist() == [1.0, 0.0, 1.0, 0.0, 1.0]
    assert (out["point"] == 5.0).all()


def test_comparators_share_out_the_steps_of_published_values() -> None:
    """Of whole numbers, "at most 20", "more than 20" and so on are judged at the halves, so that they add up."""
    panel = one_series([24.0, 21, 22, 20, 23, 19, 21, 20], direction=-1)
    cases = asked(
        series_id="one", origin=2017, comparator=["<=", ">", "<", ">=", "="], target=20.0, deadline=2018
    )
    at_most, above, below, at_least, equal = backtest(panel, cases)["probability"]
    assert at_most + above == pytest.approx(1, abs=1e-9)
    assert below + at_least == pytest.approx(1, abs=1e-9)
    assert at_most - below == pytest.approx(equal, abs=1e-9)
    assert equal > 0.02


def test_about_binds_on_the_worse_side_only() -> None:
    """A target of about 20, give or take 2, "at most 22" where lower is better, "at least 18" where higher is."""
    values = [24.0, 21, 22, 20, 23, 19, 21, 20]
    for direction, same, goal in ((-1, "<=", 22.0), (1, ">=", 18.0)):
        cases = asked(
            series_id="one",
            origin=2017,
            comparator=["~=", same],
            target=[20.0, goal],
            deadline=2019,
            tolerance=[2.0, np.nan],
        )
        about, plain = backtest(one_series(values, direction=direction), cases)["probability"]
        assert about == plain


def test_gaps_and_a_silent_end_are_bridged() -> None:
    """A series with gaps, or without a value at the origin, is forecast from its last value over the longer lead."""
    panel = one_series([30.0, 29, 30, 28, 27, 28, 26, 27, 25, 26], direction=-1)
    gappy = panel[~panel["period"].isin([2012, 2015, 2018, 2019])]
    cases = asked(series_id="one", origin=2019, comparator="<=", target=26.0, deadline=2021)
    full, holed = backtest(panel, cases), backtest(gappy, cases)
    assert np.isfinite(holed[NUMBERS].to_numpy(float)).all()
    assert (holed["upper80"] - holed["lower80"])[0] > (full["upper80"] - full["lower80"])[0]


def test_a_year_of_months_is_weighted_by_days() -> None:
    """The mean of a year whose months are all known is their day-weighted mean, and its target is judged."""
    panel = monthly_panel()
    known = panel[(panel["series_id"] == "m0") & panel["period"].str.startswith("2015")]
    days = pd.to_datetime(known["period"] + "-01").dt.days_in_month
    mean = float((known["value"] * days).sum() / days.sum())
    cases = asked(
        series_id="m0", origin="2015-12", comparator="<=", target=[mean - 0.01, mean + 0.01], deadline=2015
    )
    out = backtest(panel, cases)
    assert out["point"].to_numpy() == pytest.approx([mean, mean])
    assert out["probability"].tolist() == [0.0, 1.0]


def test_the_year_gets_surer_with_its_months() -> None:
    """The interval of a year's mean narrows as its months become known."""
    origins = ["2015-01", "2015-04", "2015-08", "2015-11"]
    out = backtest(
        monthly_panel(), asked(series_id="m1", origin=origins, comparator="<=", target=40.0, deadline=2015)
    )
    assert (out["upper80"] - out["lower80"]).is_monotonic_decreasing


def test_missing_months_and_quarters_are_forecast() -> None:
    """Missing months are filled in, and quarters are seasons as months are."""
    panel = monthly_panel()
    holed = panel[~panel["period"].isin(["2015-02", "2015-07", "2016-02"])]
    cases = asked(
        series_id=[f"m{i}" for i in range(6)], origin="2016-05", comparator="<=", target=40.0, deadline="2016"
    )
    assert np.isfinite(backtest(holed, cases)[NUMBERS].to_numpy(float)).all()
    month = panel["period"].str[5:].astype(int)
    quarters = panel[month % 3 == 1].assign(
        period=lambda p: p["period"].str[:4] + "-Q" + ((month + 2) // 3).astype(str)
    )
    cases = cases.assign(origin="2016-Q1")
    assert np.isfinite(backtest(quarters, cases)[NUMBERS].to_numpy(float)).all()


def test_intervals_cover_what_they_say() -> None:
    """On simulated random walks with a common drift the 80 % interval holds 80 % of the outcomes, at each lead."""
    panel = annual_panel(series=150, years=16, seed=5, family=10)
    for lead in (1, 2, 4):
        origins = np.arange(2010, 2021 - lead)
        cases = asked(
            series_id=np.tile([f"s{i}" for i in range(150)], len(origins)),
            origin=np.repeat(origins, 150),
            comparator="<=",
            target=40.0,
            deadline=np.repeat(origins, 150) + lead,
        )
        truth = cases.merge(panel, left_on=["series_id", "deadline"], right_on=["series_id", "period"])[
            "value"
        ]
        out = backtest(panel, cases)
        assert 0.74 < float(((truth >= out["lower80"]) & (truth <= out["upper80"])).mean()) < 0.88
        met = (truth <= 40.0).astype(float)
        assert float(((out["probability"] - met) ** 2).mean()) < float((met.mean() * (1 - met.mean())) * 0.6)
