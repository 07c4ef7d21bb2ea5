"""A place's years, rivers and trends."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from dabiao import i18n
from dabiao.standards import bodies, statistics, trend, year
from dabiao.standards.aqi import SIX
from dabiao.standards.bodies import Sample
from dabiao.standards.grid import Days, as_given
from dabiao.standards.limits import GB3095_2012
from dabiao.standards.outcome import Derived
from dabiao.standards.rivers import Change, class_change
from dabiao.standards.rules import RULES, Certainty, weakest
from dabiao.standards.water import WaterClass, section


def steady(first: date, last: date, **changes: int) -> dict[str, Days]:
    """Every day the same: 10 of everything unless it is given (in tenths for none)."""
    size = (last - first).days + 1
    there = np.ones(size, np.bool_)
    return {
        i: as_given(np.full(size, changes.get(i.partition("_")[0].replace(".", ""), 1)), there, 1)
        for i in SIX
    }


def pick(rows: list[Derived], indicator: str, subject: str | None = None) -> list[Derived]:
    return [r for r in rows if (r.indicator, r.subject) == (indicator, subject)]


def test_2026_comes_in_its_parts_and_as_a_whole_by_either_text() -> None:
    """PM2.5 of 70 every day is good by 2012 and not by 2026; the parts are labelled and never valid as a year."""
    rows = year.derive(date(2026, 1, 1), steady(date(2026, 1, 1), date(2026, 12, 31), PM25=70))
    assert [(r.period, r.variant, r.standard, r.value) for r in pick(rows, "good_ratio")] == [
        ("2026-01/2026-02", "in_force", "HJ633-2012", Decimal("100.0")),
        ("2026-03/2026-12", "in_force", "HJ633-2026", Decimal("0.0")),
        ("2026", "whole_year_2012", "HJ633-2012", Decimal("100.0")),
        ("2026", "whole_year_2026", "HJ633-2026", Decimal("0.0")),
    ]
    means = pick(rows, "mean", "PM2.5")
    assert [r.valid for r in means] == [False, False, True, True]
    assert means[0].why[0].code == "part_of_year"
    assert "calendar_2026" in pick(rows, "good_ratio")[2].rules


def test_a_year_takes_the_limits_in_force() -> None:
    """From 2031 the final limits hold while the index keeps its table: an AQI of 84 and no day within 50."""
    rows = year.derive(date(2031, 1, 1), steady(date(2031, 1, 1), date(2031, 12, 31), PM25=52))
    assert pick(rows, "good_ratio")[0].value == Decimal("100.0")
    assert pick(rows, "compliant_days", "PM2.5")[0].value == Decimal("0.0")
    assert pick(rows, "compliant", "PM2.5")[0].value is False
    assert pick(rows, "exceedance_mean", "PM2.5")[0].value == Decimal("1.08")


def test_an_invalid_year_keeps_its_mean_and_says_why() -> None:
    """With 323 days the mean is still given, not valid, with the count and each month that lacks days."""
    days = steady(date(2025, 1, 1), date(2025, 12, 31))
    days["NO2_24h"].valid[-42:] = False
    row = pick(year.derive(date(2025, 1, 1), days), "mean", "NO2")[0]
    assert (row.value, row.days, row.valid) == (1, 323, False)
    assert [w.code for w in row.why] == ["year", "month", "month"]


def test_five_valid_years_in_a_row_are_tested_for_a_trend() -> None:
    """A mean that falls each of five years is a significant fall; four years are not tested."""
    first, last = date(2019, 1, 1), date(2023, 12, 31)
    days = steady(first, last)
    for n in range(5):
        start = (date(2019 + n, 1, 1) - first).days
        days["PM2.5_24h"].numerators[start : start + 366] = 50 - n
    found = pick(year.derive(first, days), "trend_mean", "PM2.5")
    assert [(r.period, r.value, r.why[0].code) for r in found] == [
        ("2019/2023", Decimal("-1.000"), "trend_falling")
    ]
    assert trend.trend([4, 3, 2, 1]).verdict is trend.Verdict.TOO_SHORT
    assert trend.trend(range(11)).verdict is trend.Verdict.NO_CRITICAL_VALUE


def test_indices() -> None:
    """The single index is the worse of mean and percentile; the composite needs all six."""
    assert statistics.single_index(GB3095_2012, "PM2.5", 35, 150) == 2
    assert statistics.single_index(GB3095_2012, "CO", None, None) is None
    assert statistics.ranking_index(GB3095_2012, {"SO2": 1}) is None
    assert statistics.ratio_percent(0, 0) is None
    with pytest.raises(ValueError, match="no value"):
        statistics.percentile([], 90)


def test_main_pollutants_are_three_the_worst_first() -> None:
    """Of items worse than class III the worst class comes first, then the larger multiple; pH and oxygen have none."""
    found = section(
        {"COD": Decimal(21), "NH3N": Decimal(3), "TP": Decimal("0.3"), "BOD5": 5, "DO": Decimal("4.9")}
    )
    assert found.main_pollutants == ("NH3N", "TP", "BOD5")
    assert "DO" not in found.multiples
    with pytest.raises(ValueError, match="no item"):
        section({"TN": 9})


def test_a_section_changes_by_classes() -> None:
    """One class is somewhat, two or more markedly, none no change."""
    worse, v, iii = WaterClass.WORSE, WaterClass.V, WaterClass.III
    assert [class_change(*p) for p in ((iii, iii), (worse, v), (v, worse), (worse, iii), (iii, worse))] == [
        Change.NONE, Change.BETTER, Change.WORSE, Change.MUCH_BETTER, Change.MUCH_WORSE,
    ]  # fmt: skip


def test_months_make_a_year_of_eight() -> None:
    """A section with eight months has an annual class; one with seven is told so and left out of the shares."""
    rows = bodies.derive(
        [
            Sample(name, f"2025-{m:02}", None, None, {"CODMn": 5})
            for name, n in (("A", 8), ("B", 7))
            for m in range(1, n + 1)
        ]
    )
    annual = {place: r for place, r in rows if r.period == "2025" and r.indicator == "section_class"}
    assert (annual["A"].valid, annual["B"].valid) == (True, False)
    share = next(r for place, r in rows if r.period == "2025" and r.indicator == "good_share")
    assert (share.value, share.days, share.why[0].code) == (Decimal("100.0"), 1, "sections_left_out")


def test_few_sections_without_concentrations_have_no_word() -> None:
    """Fewer than five sections go by mean concentrations; with classes alone there is no word, and why."""
    rows = bodies.derive([Sample("A", "2025", "松花江", WaterClass.II)])
    grades = [r for place, r in rows if r.indicator == "grade"]
    assert [(r.value, r.valid, r.why[0].code) for r in grades] == [(None, False, "few_sections")] * 2


def test_every_rule_has_its_words() -> None:
    """Each rule that is applied can be said in both languages."""
    assert {r for r in RULES if not i18n.has(f"standards.rule.{r}")} == set()


def test_an_indicator_is_no_more_certain_than_what_it_rests_on() -> None:
    """What is computed from a statistic carries that statistic's rules, and what comes from hours those of the days."""
    first = date(2027, 1, 1)
    rows = year.derive(first, steady(first, date(2027, 12, 31), PM25=80, O3=200))
    for indicator in ("mean", "percentile"):
        base, times = pick(rows, indicator, "PM2.5")[0], pick(rows, f"exceedance_{indicator}", "PM2.5")[0]
        assert set(base.rules) <= set(times.rules)
        assert weakest(times.rules) is Certainty.C
    assert set(pick(rows, "percentile", "O3")[0].rules) <= set(pick(rows, "ranking_index")[0].rules)
    assert "mda8_windows" in year.from_hours(pick(rows, "good_ratio")[0]).rules
    assert "mda8_windows" not in year.from_hours(pick(rows, "mean", "PM2.5")[0]).rules
    assert {r for row in rows for r in row.rules} <= set(RULES)
