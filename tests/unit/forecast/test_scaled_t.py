"""One distribution says what the batch's rows say, without arrays; constant series and series at their limit stay unsure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.domain.target import Bounds, unrounded
from dabiao.forecast.attainment import attainment
from dabiao.forecast.batch.scales import LOG, LOGIT, SYMMETRIC
from dabiao.forecast.interface import History
from dabiao.forecast.models import model
from dabiao.forecast.scaled_t import ScaledT

KINDS = st.sampled_from([LOG, LOGIT, SYMMETRIC])


@given(
    kind=KINDS,
    location=st.floats(-4, 4),
    spread=st.floats(0.01, 3),
    freedom=st.floats(2, 60),
    x=st.floats(-20, 120),
)
def test_the_scalar_way_is_the_arrays_way(
    kind: int, location: float, spread: float, freedom: float, x: float
) -> None:
    """The probability below any border is that of the batch's own formula."""
    share = kind == LOGIT
    numbers = {
        "location": location,
        "spread": spread,
        "freedom": freedom,
        "kind": float(kind),
        "upper": 100.0 if share else float("inf"),
        "margin": 0.025 if share else 0.0,
        "bend": 2.5,
        "floor": 0.0 if kind != SYMMETRIC else float("-inf"),
        "quantum": 0.1,
    }
    one = ScaledT(numbers, None, None, 0.0)
    assert one.cdf(x) == pytest.approx(float(one._rows().below(np.array([x]))[0]), abs=1e-12)


def chance(values: list[float], bounds: Bounds, share: bool) -> float:
    history = History(
        tuple(values),
        season=1,
        scale="logit" if share else "log",
        low=0.0,
        high=100.0 if share else None,
        direction="higher" if share else "lower",
    )
    fitted = model("pooled").fit(history, 3)
    return attainment(fitted.steps[2], unrounded(bounds, 1))


def test_a_constant_series_is_likely_but_not_certain() -> None:
    """Eight years at 26 meet 27 with a high probability and 25 with a low one, neither certain; at 26 itself it is open."""
    from decimal import Decimal

    same = [26.0] * 8
    at_most = [chance(same, Bounds(None, Decimal(b)), share=False) for b in ("25.0", "26.0", "27.0")]
    assert 0.0 < at_most[0] < 0.33
    assert at_most[0] < at_most[1] < at_most[2]
    assert 0.66 < at_most[2] < 1.0


def test_a_series_at_its_limit_can_only_get_worse() -> None:
    """Eight years at 100 % hold 95 % and 100 % with a high probability, never with certainty, and the higher is less likely."""
    from decimal import Decimal

    full = [100.0] * 8
    at_least = [chance(full, Bounds(Decimal(b), None), share=True) for b in ("95.0", "100.0")]
    assert 0.66 < at_least[0] < 1.0
    assert 0.33 < at_least[1] < at_least[0]
