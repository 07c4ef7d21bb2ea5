"""Packed steps are the steps that were packed."""

from __future__ import annotations

import json

import pytest

from dabiao.domain.assessment import Step
from dabiao.domain.period import Period
from dabiao.domain.steps import Steps, pack, period_after


def step(period: str, location: float, scale: str = "log") -> Step:
    return Step(
        period, location, location - 1, location + 1, location - 2, location + 2,
        {"family": "student_t", "scale": scale, "low": None, "location": location, "spread": 0.1},
    )  # fmt: skip


@pytest.mark.parametrize(
    "periods",
    [("2025",), ("2025", "2026", "2027"), ("2024-11", "2024-12", "2025-01"), ("2024-Q4", "2025-Q1")],
)
def test_they_come_back_as_they_were(periods: tuple[str, ...]) -> None:
    """Periods, figures and distributions, one by one, as a slice and in a loop."""
    given = tuple(step(p, 1 / 3 + i) for i, p in enumerate(periods))
    kept = Steps.of_all(given)
    assert tuple(kept) == given
    assert kept[:] == given
    assert kept[-1] == given[-1]
    assert len(kept) == len(given)
    assert kept == Steps(kept.first, kept.quantiles, kept.distribution)


def test_what_steps_have_alike_is_kept_once() -> None:
    """The JSON names each common number once; what differs in any step stays apart."""
    kept = json.loads(pack([step("2025", 1.0).distribution, step("2026", 2.0, "logit").distribution]))
    assert kept == {
        "family": "student_t",
        "low": None,
        "each": {"scale": ["log", "logit"], "location": [1.0, 2.0], "spread": [0.1, 0.1]},
    }


def test_a_step_is_found_by_its_period() -> None:
    """Within the horizon; a period before it, after it or of another kind has none."""
    kept = Steps.of_all([step("2025", 1.0), step("2026", 2.0)])
    found = kept.of("2026")
    assert found is not None
    assert found.point == 2.0
    assert [kept.of(p) for p in ("2024", "2027", "2026-01", "2026-Q1")] == [None] * 4


def test_the_period_after_keeps_its_kind() -> None:
    """Years follow years, quarters quarters, months months, over the turn of the year."""
    said = [str(period_after(Period.parse(p), 2)) for p in ("2024", "2024-Q4", "2024-11")]
    assert said == ["2026", "2025-Q2", "2025-01"]
