"""Months of the year in progress in the forecasts of later years, scored on cases with known outcome.

    python benchmarks/later_years.py MONTHLY_PANEL ANNUAL_PANEL [ANNUAL_CASES] [--source CN]

The panels are those of ``dabiao backtest``. At the end of each month from February to November of a year Y, targets of Y+1 and Y+2 are
asked: does the annual value come to at most 0.75, 0.8 … 1.1 times that of Y−1? Annual series and months belong to one place where what
stands after the last ``|`` of their ids is the same. Scored are the annual model from the years to Y−1, and the same moved by the months as
the service does it: one in-year forecast a place and month beside its companions, from rows up to that month alone.

With ANNUAL_CASES the gain is tried on annual cases of lead two and more, of every country: the first year ahead is told, with an error
of so many times the annual model's, and carried. With no error that should score what fitting anew from that year scores.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dabiao.domain.period import Period
from dabiao.forecast import carried, in_year
from dabiao.forecast.batch import pooled
from dabiao.forecast.batch.ahead import Ahead
from dabiao.forecast.batch.batch import Batch
from dabiao.forecast.batch.panel import Panel, split
from dabiao.forecast.batch.priors import shipped
from dabiao.forecast.in_year import YearInProgress, enough, panel_of
from dabiao.forecast.scaled_t import ScaledT
from dabiao.services.judge.in_year import COMPANIONS

BORDERS = (0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1)
LEADS = (2, 3)
MINIMUM = 3
"""Fewest annual values: those of the model."""
Months = Mapping[str, Mapping[int, float]]


def annual_steps(panel: Panel, until: int, horizon: int) -> dict[int, list[ScaledT]]:
    """The annual model's steps of every series of one indicator whose last value is of period index ``until``."""
    values = panel.values[:, : until + 1]
    rows = np.flatnonzero(np.isfinite(values).any(axis=1))
    low = np.where(np.nanmin(values[rows], axis=1) >= 0, 0.0, -np.inf)
    batch = Batch(values[rows], 1, low, np.full(len(rows), np.inf), panel.upper[rows], panel.sign[rows])
    wanted = np.flatnonzero(
        np.isfinite(values[rows, until]) & (np.isfinite(values[rows]).sum(axis=1) >= MINIMUM)
    )
    if not len(wanted):
        return {}
    ahead: Ahead = pooled.ahead(batch, wanted, horizon, shipped().trend)
    return {int(rows[w]): list(ahead.fitted(i, horizon).steps) for i, w in enumerate(wanted)}  # type: ignore[arg-type]


def running(months: Months, name: str, annual: Mapping[int, float], year: int, month: int) -> object | None:
    """The in-year forecast as the service makes it; ``None`` where too little is known."""
    last, names = year * 12 + month - 1, sorted(months)
    at = max(0, names.index(name) - COMPANIONS // 2)
    beside = [n for n in names[at : at + COMPANIONS + 1] if n != name][:COMPANIONS]
    rows = [(n, {m: v for m, v in months[n].items() if m <= last}) for n in (name, *beside)]
    given = YearInProgress(
        panel_of(rows, 12, last, "lower", None),
        0,
        year,
        days_of(year),
        annual=tuple(bridges(months[name], annual, year)),
        low=0.0,
    )
    return in_year.fit(given).steps[0] if enough(given.panel, 0, year) else None


def days_of(year: int) -> np.ndarray:
    return np.array([float(Period.month_of(year, m).days) for m in range(1, 13)])


def bridges(
    months: Mapping[int, float], annual: Mapping[int, float], year: int
) -> Iterator[tuple[float, float]]:
    """Annual value and mean of the months of earlier years."""
    for y in range(min(months) // 12, year):
        of_year = [months.get(y * 12 + m) for m in range(12)]
        if y in annual and None not in of_year:
            yield annual[y], float(np.average(np.array(of_year, dtype=float), weights=days_of(y)))


@dataclass(frozen=True)
class Said:
    """One forecast of one case, and what came."""

    place: str
    month: int
    year: int
    lead: int
    step: ScaledT
    base: float
    outcome: float

    def row(self, way: str) -> dict[str, object]:
        chances = np.array([self.step.cdf(self.base * b) for b in BORDERS])
        met = np.array([float(self.outcome <= self.base * b) for b in BORDERS])
        log = -(met * np.log(chances) + (1 - met) * np.log(1 - chances))
        inside = {
            level: self.step.quantile((1 - level) / 2) <= self.outcome <= self.step.quantile((1 + level) / 2)
            for level in (0.8, 0.95)
        }
        return {
            "way": way,
            "place": self.place,
            "month": self.month,
            "year": self.year,
            "lead": self.lead,
            "brier": ((chances - met) ** 2).mean(),
            "log": log.mean(),
            "in80": inside[0.8],
            "in95": inside[0.95],
        }


def score(months: Months, panel: Panel) -> pd.DataFrame:
    """Every forecast of both ways, one row each."""
    places = {name.rpartition("|")[2]: row for row, name in enumerate(panel.ids)}
    found: list[dict[str, object]] = []
    for until in range(MINIMUM - 1, panel.values.shape[1] - 2):
        year = panel.first + until + 1
        steps = annual_steps(panel, until, max(LEADS))
        for name in months:
            row = places.get(name.rpartition("|")[2])
            if row not in steps:
                continue
            known = {
                panel.first + i: float(v)
                for i, v in enumerate(panel.values[row, : until + 1])
                if np.isfinite(v)
            }
            for month in range(2, 12):
                if year * 12 + month - 1 not in months[name]:
                    continue
                now = running(months, name, known, year, month)
                if now is None:
                    continue
                moved = carried.carry(steps[row], now).steps  # type: ignore[arg-type]
                for lead in LEADS:
                    at = until + lead
                    outcome = float(panel.values[row, at]) if at < panel.values.shape[1] else np.nan
                    if np.isfinite(outcome):
                        for way, step in (("annual", steps[row][lead - 1]), ("moved", moved[lead - 1])):
                            said = Said(name, month, year, lead, step, known[year - 1], outcome)  # type: ignore[arg-type]
                            found.append(said.row(way))
    return pd.DataFrame(found)


def report(found: pd.DataFrame) -> None:
    numbers = ["brier", "log", "in80", "in95"]
    for by in ([], ["month"], ["lead"], ["year"]):
        table = (
            found.groupby([*by, "way"])[numbers].mean().unstack("way")
            if by
            else found.groupby("way")[numbers].mean()
        )
        print(table.round(4).to_string(), end="\n\n")
    places = len(found.drop_duplicates(["place", "year"]))
    print(f"{len(found) // 2} forecasts of {places} city-years, {len(found) // 2 * len(BORDERS)} cases\n")


# -- the gain, on annual cases ---------------------------------------------------------------------------------------


def gains(table: pd.DataFrame, cases: pd.DataFrame) -> None:
    """Brier score and coverage of annual cases whose first year ahead is told with more or less error, by the gain."""
    panel = split(table)[1]
    cases = cases.assign(at=panel.index_of(cases.series_id), lead=cases.deadline - cases.origin)
    index = cases.origin.to_numpy() - panel.first
    inside = index + 1 < panel.values.shape[1]
    first = np.where(
        inside, panel.values[cases["at"], np.minimum(index + 1, panel.values.shape[1] - 1)], np.nan
    )
    cases = cases.assign(first=first)[(cases.lead >= 2) & np.isfinite(first)]
    told = {(c.origin, c.at): float(c.first) for c in cases.itertuples()}
    steps = {
        (origin, row): own
        for origin in sorted({*cases.origin, *(cases.origin + 1)})
        for indicator in np.unique(panel.indicator)
        for row, own in _of_family(panel, indicator, int(origin) - panel.first).items()
    }
    chances = {"annual": lambda c: steps[c.origin, c.at][c.lead - 1]}
    chances["fitted anew"] = lambda c: steps[c.origin + 1, c.at][c.lead - 2]
    asked = [c for c in cases.itertuples() if {(c.origin, c.at), (c.origin + 1, c.at)} <= steps.keys()]
    print(f"{len(asked)} annual cases of lead 2 and more")
    for way, chance in chances.items():
        print(f"  {way}: {_brier(asked, chance)}")
    usual, drawn = carried.GAIN, np.random.default_rng(1).normal(size=(len(panel.ids), 200))
    for noise in (0.0, 0.6):
        for gain in (0.6, 0.7, 0.8, 0.9, 1.0):
            carried.GAIN = gain
            made = {
                key: _told(own, told[key], noise * drawn[key[1], key[0] % 200], max(noise, 1e-6))
                for key, own in steps.items()
                if key in told
            }
            found = _brier(asked, lambda c, made=made: made[c.origin, c.at][c.lead - 1])
            print(f"  error {noise}, gain {gain}: {found}")
            if gain == usual:
                print(f"    {_covers(asked, lambda c, made=made: made[c.origin, c.at][c.lead - 1], panel)}")
    carried.GAIN = usual


def _of_family(panel: Panel, indicator: int, until: int) -> dict[int, list[ScaledT]]:
    rows = np.flatnonzero(panel.indicator == indicator)
    family = replace(
        panel,
        ids=panel.ids[rows],
        values=panel.values[rows],
        sign=panel.sign[rows],
        upper=panel.upper[rows],
        indicator=panel.indicator[rows],
        source=panel.source[rows],
    )
    if not np.isfinite(family.values[:, : until + 1]).any():
        return {}
    return {int(rows[r]): own for r, own in annual_steps(family, until, 4).items()}


def _told(own: list[ScaledT], value: float, error: float, doubt: float) -> list[ScaledT]:
    """The steps carried from a first year that is told with an error, in spreads of the annual model, and its doubt."""
    first = own[0]
    spread = first.numbers["spread"]
    location = float(first.scales.forward(np.array([value]))[0]) + error * spread
    told = replace(first, numbers={**first.numbers, "location": location, "spread": doubt * spread})
    return list(carried.carry(own, told).steps)  # type: ignore[arg-type]


def _brier(asked: Sequence[Any], chance: Callable[[Any], ScaledT]) -> str:
    """Brier score, and by source."""
    wrong, source = [], []
    for c in asked:
        below = chance(c).cdf(c.target)
        wrong.append(((below if "<" in c.comparator else 1 - below) - c.met) ** 2)
        source.append(c.series_id.partition("|")[0])
    by = pd.Series(wrong).groupby(source).mean()
    return f"{np.mean(wrong):.4f}  " + "  ".join(f"{name} {value:.4f}" for name, value in by.items())


def _covers(asked: Sequence[Any], chance: Callable[[Any], ScaledT], panel: Panel) -> str:
    """How often the intervals hold the outcome, by lead; each series, origin and lead counts once."""
    inside = []
    for c in {(c.origin, c.at, c.lead): c for c in asked}.values():
        outcome = panel.values[c.at, c.deadline - panel.first]
        if np.isfinite(outcome):
            step = chance(c)
            inside += [
                (level, c.lead, step.quantile((1 - level) / 2) <= outcome <= step.quantile((1 + level) / 2))
                for level in (0.8, 0.95)
            ]
    table = pd.DataFrame(inside, columns=["level", "lead", "in"]).groupby(["level", "lead"])["in"].mean()
    return "  ".join(f"{level:.0%} at lead {lead}: {share:.3f}" for (level, lead), share in table.items())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("months")
    parser.add_argument("annual")
    parser.add_argument("cases", nargs="?")
    parser.add_argument("--source", default="CN", help="of the annual series that the months belong to")
    given = parser.parse_args()
    text = {"period": str}
    monthly, annual = pd.read_csv(given.months, dtype=text), pd.read_csv(given.annual, dtype=text)
    numbered = monthly.assign(number=[Period.parse(p).first for p in monthly.period])
    months = {name: dict(zip(g.number, g.value, strict=True)) for name, g in numbered.groupby("series_id")}
    own = annual[annual.series_id.str.startswith(f"{given.source}|")]
    report(score(months, split(own)[1]))
    if given.cases:
        gains(annual, pd.read_csv(given.cases))


if __name__ == "__main__":
    main()
