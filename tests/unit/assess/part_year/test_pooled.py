"""Places taken together: which months count, what rounding leaves open, and what no arithmetic is done with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.assess.part_year.makeup import Makeup
from dabiao.assess.part_year.observed import Line, known_of, mean_over
from dabiao.assess.part_year.panel import panel
from dabiao.assess.part_year.pooled import pooled
from dabiao.domain.period import Period
from dabiao.domain.target import Together
from tests.factories import OFFICIAL
from tests.unit.assess.part_year.test_panel import GOOD_DAYS, PM25, goal, months


def line(values: Mapping[str, str], scope: str = "") -> Line:
    return Line(replace(OFFICIAL, scope=scope), {Period.parse(p): Decimal(v) for p, v in values.items()})


def of(line: Line) -> dict[str, Decimal]:
    return {str(p): v for p, v in line.values.items()}


@pytest.mark.parametrize(
    ("together", "value"), [(Together.MEAN, Decimal("20.3333")), (Together.TOTAL, Decimal(61))]
)
def test_a_month_counts_where_every_member_has_it(together: Together, value: Decimal) -> None:
    """Mean and total are of the values of one month; a month of which one member has none is left out."""
    members = [[line(months(2025, v))] for v in ("20 30 40", "21 31", "20 29 38")]
    (found,) = pooled(members, together, averaged=True)
    assert list(of(found)) == ["2025-01", "2025-02"]
    assert of(found)["2025-01"] == round(value, 3)
    assert found.together is together


@given(st.lists(st.integers(1, 999), min_size=2, max_size=6))
def test_the_mean_is_exact_to_three_places_more(values: list[int]) -> None:
    """From whole numbers the mean comes with three places, rounded once, half to even."""
    (found,) = pooled([[line({"2025-01": str(v)})] for v in values], Together.MEAN, averaged=True)
    (mean,) = found.values.values()
    assert abs(Fraction(mean) - Fraction(sum(values), len(values))) <= Fraction(1, 2000)


def test_scopes_differ_by_member_but_bases_may_not() -> None:
    """Each member's scope is the member; of two scopes that with the years is taken; another authority's months do not count."""
    city = line({"2024": "30", **months(2025, "30 31")}, scope="贵溪市")
    centre = line(months(2025, "50 51 52"), scope="中心城区")
    other = line({"2024": "20", **months(2025, "20 21")}, scope="余江区")
    (found,) = pooled([[centre, city], [other]], Together.MEAN, averaged=True)
    assert found.basis.scope == ""
    assert of(found) == {"2024": 25, "2025-01": 25, "2025-02": 26}
    press = Line(replace(OFFICIAL, authority="press"), other.values)
    assert pooled([[city], [press]], Together.MEAN, averaged=True) == []
    assert pooled([[city], []], Together.MEAN, averaged=True) == []


def test_a_figure_to_date_stands_beside_months() -> None:
    """Means by days of one member's months meet the other's figure to date; a running total must be printed by each."""
    one, other = line(months(2025, "20 30 40")), line({"2025-01/2025-03": "24"})
    (found,) = pooled([[one], [other]], Together.MEAN, averaged=True)
    by_days = Fraction(20 * 31 + 30 * 28 + 40 * 31, 90)
    (value,) = found.values.values()
    assert abs(Fraction(value) - (by_days + 24) / 2) <= Fraction(1, 2000)
    assert pooled([[one], [other]], Together.TOTAL, averaged=False) == []


def test_a_year_is_never_made_of_months() -> None:
    """The annual figure is a published one: twelve months of one member do not stand for it."""
    whole, parts = line({"2024": "30"}), line(months(2024, " ".join(["30"] * 12)))
    assert pooled([[whole], [parts]], Together.MEAN, averaged=True) == []


@pytest.mark.parametrize(("together", "times"), [(Together.MEAN, 1), (Together.TOTAL, 2)])
def test_what_rounding_leaves_open_is_that_of_the_printed_values(together: Together, times: int) -> None:
    """Three places more in a mean do not make a month got by difference any surer than the members' whole numbers do."""
    alone = line({"2025-01/2025-08": "28", "2025-01/2025-09": "27"})
    both = [[alone], [line({"2025-01/2025-08": "30", "2025-01/2025-09": "29"})]]
    (found,) = pooled(both, together, averaged=True)
    september = frozenset({8})
    single, taken = mean_over(alone, 2025, september), mean_over(found, 2025, september)
    assert single is not None
    assert taken is not None
    assert taken.error == times * single.error


def test_a_mean_of_shares_counts_no_days() -> None:
    """Of several places' good-day shares the required share is told, but no allowance of whole days."""
    members = [[line(months(2025, v))] for v in ("90 95 100", "80 100 90")]
    lines = pooled(members, Together.MEAN, averaged=True)
    found = panel(lines, 2025, goal(">=", "92"), GOOD_DAYS, Makeup.DAYS)
    assert found is not None
    assert found.allowance is None
    assert found.required is not None
    assert found.required.at_least is not None
    known = known_of(lines[0], 2025)
    assert known is not None
    left = found.required.days
    reached = (known.sum + Fraction(found.required.at_least) * left) / 365
    assert Fraction(183, 2) <= reached < Fraction(183, 2) + Fraction(left, 365)


def test_a_total_has_no_bounds_that_secure_it() -> None:
    """The bound of one place's value says nothing of a total: it is neither secured nor out of reach by it."""
    lines = pooled(
        [[line(months(2025, "900 900"))], [line(months(2025, "900 900"))]], Together.TOTAL, averaged=True
    )
    found = panel(lines, 2025, goal("<=", "1500"), PM25, Makeup.MEAN)
    assert found is not None
    assert str(found.outlook) == "open"
