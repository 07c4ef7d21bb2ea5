"""Which forecasts a year in progress moves, and which it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dabiao.domain.assessment import SeriesForecast
from dabiao.domain.steps import Steps, pack, pack_quantiles
from dabiao.errors import SeriesTooShort
from dabiao.forecast import carried
from dabiao.forecast.interface import History
from dabiao.forecast.models import model
from dabiao.forecast.tasks import packed
from dabiao.services.judge import running
from tests.factories import series, target

VALUES = (40.0, 38.5, 37.9, 35.2, 34.8, 33.1, 31.0, 30.2)


def forecast(name: str = "shrunk", first: str = "2025", **more: Any) -> SeriesForecast:
    """An annual forecast of a falling concentration, its first step in ``first``."""
    fitted = model(name).fit(History(VALUES, 1, "log", 0.0, direction="lower"), 3)
    p = packed(fitted)
    steps = Steps(first, p.quantiles, p.distribution)
    kept: dict[str, Any] = {
        "id": 7,
        "model": name,
        "model_version": "1",
        "vintage": "annual",
        "first_period": "2017",
        "last_period": "2024",
        "observed": len(VALUES),
        "params": dict(fitted.params),
        "warnings": (),
        "made_at": "",
        "steps": steps,
    }
    return SeriesForecast(**(kept | more))


def begun(year: str = "2025", shift: float = -0.1) -> SeriesForecast:
    """The year in progress as known to October."""
    step = forecast(first=year).steps[0]
    numbers = {**step.distribution, "location": step.distribution["location"] + shift, "spread": 0.02}
    quantiles = pack_quantiles([[28.0, 27.0, 29.0, 26.0, 30.0]])
    return forecast(
        first=year,
        model="in_year",
        vintage="months",
        last_period=f"{year}-10",
        steps=Steps(year, quantiles, pack([numbers])),
    )


def test_a_forecast_is_moved_and_says_from_what() -> None:
    """Model, version and vintage name both parts; the first step is the year in progress itself; panel and window stay."""
    annual, year = forecast(panel="p", panel_day="2025-06-01", panel_series=9), begun()
    found = running.moved(annual, year)
    assert isinstance(found, SeriesForecast)
    assert (found.id, found.model, found.last_period) == (0, carried.NAME, "2025-10")
    assert "shrunk 1" in found.model_version
    assert found.vintage not in (annual.vintage, year.vintage)
    assert (found.panel, found.panel_day, found.panel_series) == ("p", "2025-06-01", 9)
    assert found.steps[0] == year.steps[0]
    assert [s.period for s in found.steps] == ["2025", "2026", "2027"]
    assert all(a.point < b.point for a, b in zip(found.steps[1:], annual.steps[1:], strict=True))
    other = running.moved(annual, begun(shift=-0.2))
    assert isinstance(other, SeriesForecast)
    assert other.steps[1].point < found.steps[1].point
    assert running.moved(replace(annual, panel="q"), year).vintage != found.vintage  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("annual", "year"),
    [
        (forecast(), None),
        (forecast(), begun("2026")),
        (forecast("drift"), begun()),
        (SeriesTooShort("series_too_short", model="shrunk", observed=1, minimum=3), begun()),
    ],
    ids=["no months", "months of another year", "a model it was not tried with", "no annual forecast"],
)
def test_what_it_does_not_bear_on_stays(
    annual: SeriesForecast | Exception, year: SeriesForecast | None
) -> None:
    """The annual forecast is handed on as it is."""
    assert running.moved(annual, year) is annual


def test_targets_on_one_series_share_the_work() -> None:
    """Two names for one forecast and one year give one moved forecast; a name without a year keeps its own."""
    annual, year = forecast(), begun()
    found = running.moved_all({"a": annual, "b": annual, "c": annual}, {"a": year, "b": year})
    assert found["a"] is found["b"]
    assert found["c"] is annual


@pytest.mark.parametrize(
    ("deadline", "day", "years"),
    [
        ("2026", date(2026, 5, 1), [2026]),
        ("2026", date(2025, 5, 1), [2025]),
        ("2030", date(2025, 1, 2), [2025]),
        ("2030", date(2026, 5, 1), [2025]),
        ("2026", date(2026, 1, 9), [2026, 2025]),
        ("2025", date(2025, 12, 31), [2025]),
        ("2030", date(2024, 12, 31), []),
        ("2030-06", date(2025, 5, 1), [2025]),
        (None, date(2025, 5, 1), []),
    ],
)
def test_the_year_that_counts(deadline: str | None, day: date, years: list[int]) -> None:
    """The deadline's own year once it has begun; else, and before anything of it is known, the first without an annual value."""
    annual = series({2020: "31", 2021: "30", 2022: "29", 2023: "28", 2024: "27"})
    if (deadline, day) == ("2026", date(2026, 5, 1)):
        annual = series({2021: "30", 2022: "29", 2023: "28", 2024: "27", 2025: "26"})
    assert running.years_in_progress(target(deadline=deadline), annual, day) == years


def test_the_deadlines_own_year_decides() -> None:
    """Only the year that a target is due in takes the place of its forecast."""
    assert running.decides(begun("2025"), target(deadline="2025"))
    assert not running.decides(begun("2025"), target(deadline="2026"))
    assert not running.decides(None, target(deadline="2025"))
    assert not running.decides(begun("2025"), target(deadline=None))
