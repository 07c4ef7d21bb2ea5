"""Days of a city from its sites."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dabiao.standards.cities import first_of, mean_of_sites
from dabiao.standards.grid import Days, as_given, daily_means

MONTHS = np.array([1, 1, 1, 2])


def site(*values: int | None, scale: int = 1) -> Days:
    """A site's days; ``None`` is missing."""
    there = np.array([v is not None for v in values])
    return as_given(np.array([v or 0 for v in values]), there, scale)


def exact(days: Days) -> list[Fraction | None]:
    pairs = zip(days.numerators, days.valid, strict=True)
    return [Fraction(int(n), days.denominator) if v else None for n, v in pairs]


def test_three_of_four_sites_make_a_day_and_two_do_not() -> None:
    """The mean is over the sites that are there, exactly; with half of them there is none, and the day is partial."""
    found = mean_of_sites(
        [site(10, 10, 10, 10), site(20, 20, None, 20), site(30, None, None, 30), site(41, 40, 40, 40)], MONTHS
    )
    assert exact(found) == [Fraction(101, 4), Fraction(70, 3), None, 25]
    assert found.partial.tolist() == [False, False, True, False]


def test_a_site_counts_in_the_months_in_which_it_is_there() -> None:
    """A site that has nothing in a month holds nothing back in it."""
    found = mean_of_sites([site(10, 10, 10, 10), site(None, None, None, 30)], MONTHS)
    assert exact(found) == [10, 10, 10, 20]
    assert exact(mean_of_sites([site(10, 10, 10, 10), site(30, None, None, None)], MONTHS)) == [
        20,
        None,
        None,
        10,
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(20, 24), st.sampled_from([1, 10, 1000, 10**6])),
        min_size=2,
        max_size=40,
    )
)
def test_means_over_many_sites_are_exact(sites: list[tuple[int, int, int]]) -> None:
    """However many sites, hours and decimals: the mean is the exact fraction, beyond 64 bits too."""
    days, wanted = [], []
    for value, hours, scale in sites:
        there = np.arange(24) < hours
        days.append(daily_means(np.where(there, value, 0)[None, :], there[None, :], scale))
        wanted.append(Fraction(value, scale))
    found = mean_of_sites(days, np.array([1]))
    assert exact(found) == [sum(wanted, Fraction()) / len(wanted)]


def test_a_given_day_stands_before_a_computed_one() -> None:
    """What is given stays, the rest is filled, each exactly."""
    found = first_of(site(15, None, None, None, scale=10), site(2, 3, None, 4))
    assert exact(found) == [Fraction(3, 2), 3, None, 4]
    assert found.valid.tolist() == [True, True, False, True]
