"""Attainment probabilities for cases whose outcome is known: what the batch model would have said at each origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dabiao.forecast.batch import experience, trend, windows
from dabiao.forecast.batch.distribution import COMPARATORS, Predictive, Texts, judge, pick
from dabiao.forecast.batch.groups import Floats, Ints
from dabiao.forecast.batch.panel import Panel, parse_periods, split
from dabiao.forecast.batch.priors import Priors, shipped
from dabiao.forecast.batch.season import outlook

NUMBERS = ("probability", "point", "lower80", "upper80", "lower95", "upper95")
_SPELT = {"≤": "<=", "=<": "<=", "＜": "<", "≥": ">=", "=>": ">=", "＞": ">", "==": "=", "＝": "=", "≈": "~="}
_QUANTILES = {"point": 0.5, "lower80": 0.1, "upper80": 0.9, "lower95": 0.025, "upper95": 0.975}


@dataclass(frozen=True, slots=True)
class _Cases:
    """Cases as arrays; ``end`` and ``start`` are months since year 0, ``rows`` the positions in the answer."""

    rows: Ints
    series: Ints
    origin_end: Ints
    start: Ints
    end: Ints
    comparator: Texts
    target: Floats
    tolerance: Floats

    def take(self, which: Ints) -> _Cases:
        return _Cases(
            self.rows[which],
            self.series[which],
            self.origin_end[which],
            self.start[which],
            self.end[which],
            self.comparator[which],
            self.target[which],
            self.tolerance[which],
        )


def backtest(panel: pd.DataFrame, cases: pd.DataFrame, priors: Priors | None = None) -> pd.DataFrame:
    """Probability, point and intervals of every case, in the cases' order.

    No number depends on a row of the panel later than the case's origin, nor on the other cases.

    Args:
        panel: ``series_id, indicator, direction, upper, period, value``; periods ``YYYY``, ``YYYY-Qn`` or ``YYYY-MM``.
        cases: ``case_id, series_id, origin, comparator, target, deadline`` and perhaps ``tolerance``. A deadline that is
            longer than the series' periods asks for the day-weighted mean of its periods.
        priors: the model's numbers; those shipped if not given.

    Returns:
        ``case_id, probability, point, lower80, upper80, lower95, upper95``. Where nothing of a series is known at the
        origin, or the case cannot be read (its periods, its target or its comparator), the probability is the prior's and the
        other numbers are missing.
    """
    priors = priors or shipped()
    answer = {name: np.full(len(cases), np.nan) for name in NUMBERS}
    answer["probability"][:] = priors.trend.unknown
    origin_start, origin_length = parse_periods(cases["origin"])
    start, length = parse_periods(cases["deadline"])
    everything = _Cases(
        rows=np.arange(len(cases)),
        series=np.zeros(len(cases), dtype=np.int64),
        origin_end=origin_start + origin_length - 1,
        start=start,
        end=start + length - 1,
        comparator=cases["comparator"].astype(str).str.strip().replace(_SPELT).to_numpy(dtype=str),
        target=pd.to_numeric(cases["target"], errors="coerce").to_numpy(float),
        tolerance=(
            pd.to_numeric(cases["tolerance"], errors="coerce").to_numpy(float)
            if "tolerance" in cases.columns
            else np.full(len(cases), np.nan)
        ),
    )
    readable = (origin_length > 0) & (length > 0) & np.isfinite(everything.target)
    readable &= np.isin(everything.comparator, COMPARATORS)
    for season, part in sorted(split(panel).items()):
        series = part.index_of(cases["series_id"].astype(str))
        mine = np.flatnonzero(readable & (series >= 0))
        some = everything.take(mine)
        some.series[:] = series[mine]
        if len(mine) and season == 1:
            _annual(part, some, priors, answer)
        elif len(mine):
            _within_year(part, some, priors, answer)
    return pd.DataFrame({"case_id": cases["case_id"].to_numpy(), **answer})


def _fill(answer: dict[str, Floats], cases: _Cases, predictive: Predictive, better: Floats) -> None:
    rows = cases.rows
    answer["probability"][rows] = predictive.attainment(
        cases.comparator, cases.target, cases.tolerance, better
    )
    for name, p in _QUANTILES.items():
        answer[name][rows] = predictive.quantile(p)


def _fill_known(answer: dict[str, Floats], cases: _Cases, value: Floats, better: Floats) -> None:
    met = judge(value, cases.comparator, cases.target, cases.tolerance, better)
    answer["probability"][cases.rows] = met.astype(np.float64)
    for name in _QUANTILES:
        answer[name][cases.rows] = value


def _annual(panel: Panel, cases: _Cases, priors: Priors, answer: dict[str, Floats]) -> None:
    periods = panel.values.shape[1]
    # A year is known at an origin only when the origin reaches its December.
    origin = (cases.origin_end + 1) // 12 - 1 - panel.first
    deadline = cases.end // 12 - panel.first
    known_until = np.minimum(np.minimum(origin, deadline), periods - 1)
    seen = np.isfinite(panel.values)
    latest = np.maximum.accumulate(np.where(seen, np.arange(periods), -1), axis=1)
    last = np.where(known_until >= 0, latest[cases.series, np.maximum(known_until, 0)], -1)
    lead = deadline - last
    past = np.flatnonzero((last >= 0) & (lead == 0))
    _fill_known(
        answer, cases.take(past), panel.values[cases.series[past], last[past]], panel.sign[cases.series[past]]
    )
    ahead = np.flatnonzero((last >= 0) & (lead > 0))
    if len(ahead) == 0:
        return
    known = windows.build(panel, int(last[ahead].max()))
    fitted = trend.fit(known, priors.trend)
    factor = experience.factors(panel, known, fitted, priors.trend)
    row_of = np.full(panel.values.shape, -1, dtype=np.int64)
    row_of[known.series, known.origin] = np.arange(len(known.series))
    some = cases.take(ahead)
    rows, years = row_of[some.series, last[ahead]], lead[ahead].astype(np.float64)
    spread = fitted.scale(rows, years) * factor[rows, np.minimum(lead[ahead], experience.LEADS) - 1]
    predictive = pick(
        rows, known.scales, fitted.location(rows, years), spread, fitted.freedom[rows], priors.trend.extreme
    )
    _fill(answer, some, predictive, panel.sign[some.series])


def _within_year(panel: Panel, cases: _Cases, priors: Priors, answer: dict[str, Floats]) -> None:
    length = 12 // panel.season
    origin = (cases.origin_end + 1) // length - 1 - panel.first
    start, end = cases.start // length - panel.first, cases.end // length - panel.first
    keys = np.stack([origin, start, end], axis=1)
    groups, group = np.unique(keys, axis=0, return_inverse=True)
    group = group.ravel()
    columns = np.arange(panel.values.shape[1])
    # The last period of which anything was known, not the origin itself: a panel cut off there has no more columns.
    latest = np.maximum.accumulate(np.where(np.isfinite(panel.values).any(axis=0), columns, -1))
    for number, (at, low, high) in enumerate(groups):
        some = cases.take(np.flatnonzero(group == number))
        if at < 0:
            continue
        until = int(latest[min(int(at), len(columns) - 1)])
        periods = np.arange(low, high + 1)
        view = outlook(panel, until, periods, _days(periods + panel.first, panel.season), priors.season)
        position = np.full(len(panel.values), -1, dtype=np.int64)
        position[view.series] = np.arange(len(view.series))
        there = np.flatnonzero(position[some.series] >= 0)
        some = some.take(there)
        settled = view.settled[position[some.series]]
        past = some.take(np.flatnonzero(settled))
        _fill_known(answer, past, view.mean[position[past.series]], panel.sign[past.series])
        some = some.take(np.flatnonzero(~settled))
        rows = position[some.series]
        freedom = np.full(len(rows), priors.season.freedom)
        predictive = Predictive(
            location=view.location[rows],
            spread=view.spread[rows],
            freedom=freedom,
            scales=view.scales.take(rows),
            # A mean of several published values falls between their steps.
            quantum=view.scales.quantum[rows] if low == high else np.zeros(len(rows)),
            extreme=priors.season.extreme,
        )
        _fill(answer, some, predictive, panel.sign[some.series])


def _days(periods: Ints, season: int) -> Floats:
    """Days of each period, given as year * season + place in the year."""
    length = 12 // season
    first = periods * length
    after = first + length
    days = _month_start(after) - _month_start(first)
    return days.astype(np.float64)


def _month_start(months: Ints) -> Ints:
    since_1970 = (months - 1970 * 12).astype("datetime64[M]")
    return since_1970.astype("datetime64[D]").astype(np.int64)
