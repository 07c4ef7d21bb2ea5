"""A city's days from those of its sites, and days that are given before those computed."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

import numpy as np

from dabiao.standards.grid import Days, Ints

SHARE_OF_SITES = (3, 4)
"""Of the sites of a month, how many must have a valid value on a day of the city (certainty C)."""
_ROOM = 2**62 // 10  # rounding to one decimal multiplies by ten


def mean_of_sites(sites: Sequence[Days], months: Ints) -> Days:
    """The city's days: the mean over the sites that have a valid value, of which there must be three quarters.

    Which sites a city has is counted month by month, so that a site that is added or closed changes no other month.

    Args:
        sites: one item at each site, all of one length.
        months: the month of each day.
    """
    if len(sites) == 1:
        return sites[0]
    some = np.array([s.valid | s.partial for s in sites])
    of = np.zeros(len(months), np.int64)
    for month in np.unique(months):
        of[months == month] = some[:, months == month].any(axis=1).sum()
    valid = np.sum([s.valid for s in sites], axis=0)
    needed, share = SHARE_OF_SITES
    enough = (valid > 0) & (valid * share >= needed * of)
    common = lcm(*(s.denominator for s in sites)) * lcm(*np.unique(valid[enough]).tolist())
    sums = sum((_over(s, common // s.denominator, len(sites)) for s in sites), np.zeros(len(valid), np.int64))
    return Days(np.where(enough, sums // np.maximum(valid, 1), 0), enough, some.any(axis=0) & ~enough, common)


def first_of(given: Days, computed: Days) -> Days:
    """Each day as given; where it is not, as computed."""
    common = lcm(given.denominator, computed.denominator)
    numerators = np.where(
        given.valid,
        _over(given, common // given.denominator, 1),
        _over(computed, common // computed.denominator, 1),
    )
    valid = given.valid | computed.valid
    return Days(numerators, valid, (given.partial | computed.partial) & ~valid, common)


def _over(days: Days, factor: int, terms: int) -> Ints:
    """Numerators over a larger denominator, as Python integers where a sum of so many would not fit into 64 bits."""
    values = np.where(days.valid, days.numerators, 0)
    highest = int(values.max(initial=0))
    return values * factor if highest * factor * terms < _ROOM else values.astype(object) * factor
