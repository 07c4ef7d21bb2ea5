"""Columns and facts with plain defaults: a test names only what it is about."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dabiao.domain.period import Period
from dabiao.domain.rounding import decimals_of, to_decimal
from dabiao.ingest.checks.columns import Columns, Facts, facts_of
from dabiao.ingest.checks.parts import NONE

Value = tuple[int, str, str | None]
"""Series, period as spelt, value as printed (``None`` for a missing one)."""


def columns(values: Sequence[Value], stored: Sequence[Value] = ()) -> Columns:
    """Values of a file, then of the store, in the order of series and period."""
    everything = [*values, *stored]
    made = Columns(
        np.array([s for s, _, _ in everything], np.int32),
        np.array([Period.parse(p).code for _, p, _ in everything], np.int64),
        np.array([math.nan if v is None else float(v) for _, _, v in everything], np.float64),
        np.array(
            [0.5 if v is None else 0.5 * 10.0 ** -decimals_of(to_decimal(v)) for _, _, v in everything],
            np.float64,
        ),
        np.array([*range(len(values)), *[-1] * len(stored)], np.int64),
    )
    return made.take(np.argsort(made.key, kind="stable").astype(np.int64))


def months(series: int, values: Sequence[str | None], start: str = "2020-01") -> list[Value]:
    """A value a month from a month on."""
    first = Period.parse(start).code
    return [(series, str(Period.from_code(first + i)), v) for i, v in enumerate(values)]


def years(series: int, values: Sequence[str | None], start: int = 2001) -> list[Value]:
    """A value a year from a year on."""
    return [(series, str(start + i), v) for i, v in enumerate(values)]


def facts(*series: dict[str, Any]) -> Facts:
    """Facts of series: a level without bounds by default."""
    plain = {
        "low": -math.inf,
        "high": math.inf,
        "ratio": False,
        "smooth": True,
        "over": NONE,
        "whole": -1,
        "heap": math.nan,
    }
    return facts_of([tuple((plain | s).values()) for s in series])  # type: ignore[misc]
