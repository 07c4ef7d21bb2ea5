"""The year in progress of one series: the batch engine's own answer, and what figures to date and annual figures add."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dabiao.errors import SeriesTooShort
from dabiao.forecast import in_year, predictive
from dabiao.forecast.backtest import backtest
from dabiao.forecast.in_year import Span, YearInProgress, enough, fit, panel_of

SEASON = np.array([60, 52, 44, 33, 26, 21, 19, 19, 25, 36, 47, 58])
DAYS = np.array([31.0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
YEAR = 2025


def rows(until: int, places: int = 6) -> list[tuple[str, dict[int, float]]]:
    """Places whose months follow one season, each at its own level and with its own noise, to a month of the year."""
    noise = np.random.default_rng(7).normal(0, 0.06, (places, 48))
    made = []
    for place in range(places):
        known = {
            (YEAR - 3) * 12 + m: round(
                float(SEASON[m % 12] * (0.8 + 0.1 * place) * np.exp(noise[place, m])), 1
            )
            for m in range(36 + until)
        }
        made.append((f"place-{place}", known))
    return made


def given(until: int = 6, **more: object) -> YearInProgress:
    last = YEAR * 12 + until - 1
    start = YearInProgress(
        panel_of(rows(until), 12, last, "lower", None), 0, YEAR, DAYS, low=0.0, high=1000.0
    )
    return replace(start, **more)  # type: ignore[arg-type]


def test_it_is_the_batch_engine() -> None:
    """Without spans and annual figures the centre is the backtest's, and the spread wider by the bridge's doubt alone."""
    table = pd.DataFrame(
        [
            {"series_id": name, "indicator": "x", "direction": -1, "upper": np.nan, "value": v}
            | {"period": f"{n // 12}-{n % 12 + 1:02d}"}
            for name, known in rows(6)
            for n, v in known.items()
        ]
    )
    cases = pd.DataFrame(
        [
            {
                "case_id": 1,
                "series_id": "place-0",
                "origin": "2025-06",
                "comparator": "<=",
                "target": 30,
                "deadline": "2025",
            }
        ]
    )
    expected = backtest(table, cases).iloc[0]
    step = fit(given()).steps[0]
    assert step.quantile(0.5) == pytest.approx(expected["point"], rel=1e-9)
    assert step.quantile(0.9) - step.quantile(0.1) > expected["upper80"] - expected["lower80"]


def test_it_is_rebuilt_to_the_digit() -> None:
    """The stored distribution is the distribution."""
    step = fit(given()).steps[0]
    again = predictive.from_json(step.to_json())
    assert [again.cdf(x) for x in (20.0, 30.0)] == [step.cdf(x) for x in (20.0, 30.0)]


def test_the_later_the_surer() -> None:
    """Each further month known leaves less to doubt; with all twelve only the bridge's own doubt is left."""
    widths = []
    for until in (2, 5, 8, 11, 12):
        step = fit(given(until)).steps[0]
        widths.append(step.quantile(0.9) - step.quantile(0.1))
    assert widths == sorted(widths, reverse=True)
    complete = fit(given(12))
    values = [rows(12)[0][1][YEAR * 12 + m] for m in range(12)]
    assert complete.steps[0].quantile(0.5) == pytest.approx(float(np.dot(values, DAYS) / 365), rel=1e-9)
    assert complete.params["spread_rest"] == 0.0


def test_a_figure_to_date_goes_before_its_months() -> None:
    """A published half-year 2 above its months moves the year by 2 times its share of days."""
    own = rows(6)[0][1]
    months = np.array([own[YEAR * 12 + m] for m in range(6)])
    mean = float(np.dot(months, DAYS[:6]) / DAYS[:6].sum())
    plain = fit(given())
    span = Span(YEAR * 12, YEAR * 12 + 5, mean + 2)
    moved = fit(given(spans=(span,)))
    assert moved.params["expected"] - plain.params["expected"] == pytest.approx(2 * DAYS[:6].sum() / 365)


def test_months_inside_a_figure_to_date_are_filled_to_its_mean() -> None:
    """With 1—9月 published and months only to June, July to September take what is left, by their season."""
    own = dict(rows(6)[0][1])
    months = [own[YEAR * 12 + m] for m in range(6)]
    rest = 20.0
    mean = (float(np.dot(months, DAYS[:6])) + rest * DAYS[6:9].sum()) / DAYS[:9].sum()
    others = [(name, known) for name, known in rows(9)[1:]]
    panel = panel_of([("place-0", own), *others], 12, YEAR * 12 + 8, "lower", None)
    found = fit(given(panel=panel, spans=(Span(YEAR * 12, YEAR * 12 + 8, mean),)))
    assert found.params["days_known"] == pytest.approx(DAYS[:9].sum() / 365)
    floor = mean * DAYS[:9].sum() / 365
    assert floor < found.params["expected"] < floor + 70 * DAYS[9:].sum() / 365


def test_annual_figures_bridge_from_the_months() -> None:
    """Annual figures 10 % below the months' mean in three years take off three quarters of that, and the doubt is said."""
    annual = tuple((0.9 * m, m) for m in (30.0, 32.0, 28.0))
    plain, bridged = fit(given()), fit(given(annual=annual))
    assert bridged.params["bridge"] == pytest.approx(0.75 * np.log(0.9))
    assert bridged.steps[0].quantile(0.5) < plain.steps[0].quantile(0.5)
    assert bridged.params["bridge_years"] == 3
    assert bridged.params["bridge_spread"] > plain.params["bridge_spread"] == 0.02


def test_companions_that_know_more_months_move_it() -> None:
    """Other places' autumn, known before the own, moves the own rest its way."""
    own = rows(6)[0]

    def with_autumn(factor: float) -> float:
        others = [
            (name, {n: v * (factor if n >= YEAR * 12 + 6 else 1) for n, v in known.items()})
            for name, known in rows(9)[1:]
        ]
        panel = panel_of([own, *others], 12, YEAR * 12 + 8, "lower", None)
        return float(fit(given(panel=panel)).params["expected"])

    assert with_autumn(0.7) < with_autumn(1.0) < with_autumn(1.4)


def test_nothing_after_the_last_known_month_counts() -> None:
    """Later values of a companion, or values older than the window, change no digit."""
    more = [(name, {**known, YEAR * 12 + 6: 500.0, (YEAR - 5) * 12: 500.0}) for name, known in rows(6)]
    panel = panel_of(more, 12, YEAR * 12 + 5, "lower", None)
    assert fit(given(panel=panel)).steps[0].to_json() == fit(given()).steps[0].to_json()


def test_a_share_stays_within_its_bounds() -> None:
    """A share of good days is forecast on its own scale and never above 100 %."""
    made = [(name, {n: min(100.0, 130 - v) for n, v in known.items()}) for name, known in rows(6)]
    panel = panel_of(made, 12, YEAR * 12 + 5, "higher", 100.0)
    step = fit(given(panel=panel, high=100.0)).steps[0]
    assert step.quantile(0.975) <= 100
    assert step.cdf(100.0) == 1.0


@pytest.mark.parametrize(("until", "does"), [(1, False), (2, True)])
def test_how_much_must_be_known(until: int, does: bool) -> None:
    """Two months of the year and a whole year before; less is refused, never guessed."""
    asked = given(until)
    assert enough(asked.panel, 0, YEAR) is does
    if not does:
        with pytest.raises(SeriesTooShort):
            fit(asked)


def test_every_month_must_have_been_seen() -> None:
    """Without any December within the window there is no answer, however many other months there are."""
    own = {n: v for n, v in rows(6)[0][1].items() if n % 12 != 11}
    panel = panel_of([("place-0", own), *rows(6)[1:]], 12, YEAR * 12 + 5, "lower", None)
    assert not enough(panel, 0, YEAR)


def test_quarters_do_as_well() -> None:
    """Where only quarters are published the same engine runs by quarters."""
    values = {(YEAR - 2) * 4 + q: float(v) for q, v in enumerate([50, 24, 21, 47, 48, 25, 20, 46, 45])}
    panel = panel_of([("place", values)], 4, YEAR * 4, "lower", None)
    days = np.array([90.0, 91, 92, 92])
    found = fit(YearInProgress(panel, 0, YEAR, days, low=0.0))
    assert 28 < found.params["expected"] < 38
    assert in_year.version().startswith("1+")
