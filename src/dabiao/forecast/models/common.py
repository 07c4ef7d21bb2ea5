"""What the models share: the transform of a history, the floor of its spread, the minimum length."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from dabiao.errors import SeriesTooShort
from dabiao.forecast.interface import History
from dabiao.forecast.predictive import Transform

FLOOR = {"log": 0.005, "logit": 0.02, "identity": 1e-6}
"""Least spread of one period's change. A published value is rounded, so even a constant series is not known exactly:
0.5 % of a concentration, or the width of 0.1 percentage point of a share near 95 %."""


def transformed(history: History, name: str, minimum: int) -> tuple[Transform, NDArray[np.float64]]:
    """The history on its own scale, NaN where a period is missing; shape (periods,).

    Raises:
        SeriesTooShort: fewer observed values than ``minimum``.
    """
    if history.observed < minimum:
        raise SeriesTooShort("series_too_short", model=name, observed=history.observed, minimum=minimum)
    transform = Transform(history.scale, history.low, history.high)
    values = [np.nan if v is None else transform.forward(v) for v in history.values]
    return transform, np.asarray(values, dtype=np.float64)


@contextmanager
def caught() -> Iterator[list[str]]:
    """Collect the codes of a fit's warnings in place of printing them."""
    codes: list[str] = []
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield codes
    for warning in found:
        name = warning.category.__name__
        code = "not_converged" if name == "ConvergenceWarning" else "fit_warning"
        if code not in codes:
            codes.append(code)
