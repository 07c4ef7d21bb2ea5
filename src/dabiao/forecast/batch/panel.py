"""A table of series as arrays."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dabiao.forecast.batch.groups import Floats, Ints

_PERIOD = re.compile(r"(\d{4})(?:-?Q([1-4])|-(\d{2})(?:-\d{2})?)?(?:\.0)?")
_FIRST_YEAR, _LAST_YEAR = 1700, 2299
"""Years of a panel: a slip of the pen such as 0208 must not make it two thousand years wide."""
_DIRECTIONS = {"lower": -1.0, "higher": 1.0}


@dataclass(frozen=True, slots=True)
class Panel:
    """Series of one frequency.

    Attributes:
        ids: series ids, sorted; the position is the series' index.
        values: (series, periods), in the indicators' units, NaN where missing.
        first: number of the first column's period since year 0 (year * season + place in the year).
        season: periods in a year: 1, 4 or 12.
        sign: (series,), 1 where higher is better, −1 where lower is.
        upper: (series,), upper bound, infinite where open.
        indicator: (series,), code of the indicator.
        source: (series,), code of the indicator's source: what stands before the first colon of its name.
    """

    ids: pd.Index[str]
    values: Floats
    first: int
    season: int
    sign: Floats
    upper: Floats
    indicator: Ints
    source: Ints

    def index_of(self, ids: pd.Series[str]) -> Ints:
        """Series indices, −1 where unknown."""
        return np.asarray(self.ids.get_indexer(pd.Index(ids)), dtype=np.int64)


def parse_periods(periods: pd.Series) -> tuple[Ints, Ints]:
    """First months (year * 12 + month − 1) and lengths in months of ``YYYY``, ``YYYY-Qn``, ``YYYY-MM[-DD]``.

    Unreadable ones, and years that no record reaches, have length 0.
    """
    text = periods.astype(object).fillna("").astype(str).str.strip()
    known = {spelling: _parse(spelling) for spelling in text.unique()}
    pairs = np.array([known[t] for t in text], dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _parse(text: str) -> tuple[int, int]:
    match = _PERIOD.fullmatch(text)
    year = 0 if match is None else int(match[1])
    if match is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return 0, 0
    if match[2]:
        return year * 12 + 3 * (int(match[2]) - 1), 3
    if match[3]:
        return (year * 12 + int(match[3]) - 1, 1) if 1 <= int(match[3]) <= 12 else (0, 0)
    return year * 12, 12


def split(table: pd.DataFrame) -> dict[int, Panel]:
    """Panels by season from a table with ``series_id, indicator, direction, upper, period, value``. ``direction`` is 1 or −1, or
    ``higher`` or ``lower``; anything else counts as −1.

    Rows without a number or a readable period are left out; of a period given twice the last row counts. A series with
    periods of several lengths keeps that of its earliest one, and its other facts are those of its earliest row: what is
    added later must not change what was said before.
    """
    first, months = parse_periods(table["period"])
    frame = pd.DataFrame(
        {
            "id": table["series_id"].astype(str).to_numpy(),
            "indicator": _column(table, "indicator", "").astype(str).to_numpy(),
            "direction": _direction(_column(table, "direction", -1)),
            "upper": pd.to_numeric(_column(table, "upper", np.nan), errors="coerce").to_numpy(float),
            "value": pd.to_numeric(table["value"], errors="coerce").to_numpy(float),
            "first": first,
            "months": months,
        }
    )
    frame = frame[np.isfinite(frame["value"]) & (frame["months"] > 0)]
    if frame.empty:
        return {}
    frame = frame.sort_values(["id", "first"], kind="stable")
    length = frame.groupby("id", sort=True)["months"].transform("first")
    frame = frame[frame["months"] == length]
    return {12 // int(m): _panel(part, 12 // int(m)) for m, part in frame.groupby("months", sort=True)}


def _direction(given: pd.Series) -> Floats:
    """1 and −1, or the words ``higher`` and ``lower``; missing where neither."""
    return pd.to_numeric(given.replace(_DIRECTIONS), errors="coerce").to_numpy(float)


def _column(table: pd.DataFrame, name: str, default: object) -> pd.Series:
    return table[name] if name in table.columns else pd.Series([default] * len(table), index=table.index)


def _panel(frame: pd.DataFrame, season: int) -> Panel:
    number = frame["first"].to_numpy() // (12 // season)
    ids = pd.Index(np.unique(frame["id"].to_numpy(dtype=str)))
    at = ids.get_indexer(pd.Index(frame["id"]))
    start = int(number.min())
    values = np.full((len(ids), int(number.max()) - start + 1), np.nan)
    values[at, number - start] = frame["value"].to_numpy()
    facts = frame.drop_duplicates("id").set_index("id").loc[ids]
    indicator = facts["indicator"].to_numpy(dtype=str)
    source = np.array([name.partition(":")[0] if ":" in name else "" for name in indicator], dtype=str)
    upper = facts["upper"].to_numpy(float)
    return Panel(
        ids=ids,
        values=values,
        first=start,
        season=season,
        sign=np.where(facts["direction"].to_numpy(float) > 0, 1.0, -1.0),
        upper=np.where(np.isfinite(upper), upper, np.inf),
        indicator=np.unique(indicator, return_inverse=True)[1].ravel().astype(np.int64),
        source=np.unique(source, return_inverse=True)[1].ravel().astype(np.int64),
    )
