"""Scores against worked examples and what must hold of every score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.forecast.scoring import brier, calibration, earlier_share, share_of, skill

PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_brier_by_hand() -> None:
    """Sure and right costs nothing, sure and wrong 1, a half a quarter; of nothing there is no score."""
    assert brier([(1.0, True), (0.0, False)]) == 0
    assert brier([(1.0, False)]) == 1
    assert brier([(0.5, True), (0.5, False)]) == 0.25
    assert brier([(0.8, True), (0.4, False)]) == pytest.approx((0.04 + 0.16) / 2)
    assert brier([]) is None


def test_skill_needs_a_reference_that_errs() -> None:
    """Half the reference's error is a skill of a half; none is given against nothing or against a perfect reference."""
    assert skill(0.1, 0.2) == pytest.approx(0.5)
    assert skill(0.3, 0.2) == pytest.approx(-0.5)
    assert skill(0.1, 0.0) is None
    assert skill(None, 0.2) is None
    assert skill(0.2, None) is None


def test_wilson_as_published() -> None:
    """Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for count, of, lower, upper in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = share_of(count, of)
        assert (round(found.lower or 0, 4), round(found.upper or 0, 4)) == (lower, upper)
    assert share_of(0, 0).share is None


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_its_share(counts: tuple[int, int]) -> None:
    """The interval lies within 0 and 1, holds the share, and is mirrored by counting the others."""
    one, other = share_of(*counts), share_of(counts[1] - counts[0], counts[1])
    assert one.lower is not None and one.upper is not None and one.share is not None
    assert 0 <= one.lower <= one.share + 1e-12 and one.share <= one.upper + 1e-12 <= 1 + 1e-9
    assert one.lower == pytest.approx(1 - (other.upper or 0), abs=1e-12)


@given(PAIRS)
def test_calibration_holds_every_case_once(pairs: list[tuple[float, bool]]) -> None:
    """Each case stands in one bin, its probability within the borders; a probability of 1 in the highest."""
    bins = calibration(pairs)
    assert sum(b.came.of for b in bins) == len(pairs)
    assert sum(b.came.count for b in bins) == sum(met for _, met in pairs)
    assert all(b.low - 1e-9 <= b.said <= b.high + 1e-9 for b in bins)


@given(st.lists(st.booleans(), max_size=30))
def test_climatology_is_never_sure(met: list[bool]) -> None:
    """The share of earlier years is drawn to a half: no year ever known gives a half, and no number of years gives 0 or 1."""
    assert 0 < earlier_share(met) < 1
    assert earlier_share([]) == 0.5
