"""The air quality index where the vectors do not reach."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.standards import aqi, grid
from dabiao.standards.aqi import SIX, Level, Standard, iaqi, index, standard_on

OLD, NEW = Standard.HJ633_2012, Standard.HJ633_2026
CLEAN = {i: Decimal(1) for i in SIX}


def test_the_text_changes_on_the_first_of_march_2026() -> None:
    """HJ 633-2012 holds to the end of February 2026, HJ 633-2026 from the first of March."""
    assert (standard_on(date(2026, 2, 28)), standard_on(date(2026, 3, 1))) == (OLD, NEW)


def test_ozone_above_800_is_300_in_2026_and_the_hours_matter_in_2012() -> None:
    """8 hours of ozone above 800 are 300 in 2026; in 2012 the highest hour counts instead."""
    assert (iaqi(NEW, "O3_8h", Decimal(801)), iaqi(OLD, "O3_8h", Decimal(801))) == (300, None)
    by_hour = index(OLD, CLEAN | {"O3_8h": Decimal(801), "O3_1h": Decimal(1000)})
    assert (by_hour.aqi, by_hour.primary, by_hour.missing) == (400, ("O3_1h",), ())
    alone = index(OLD, CLEAN | {"O3_8h": Decimal(801)})
    assert (alone.aqi, alone.missing) == (None, ("O3_8h",))


def test_an_hour_of_so2_above_800() -> None:
    """An hour of SO2 above 800 is 200 in 2026; in 2012 the day's SO2 counts instead."""
    hour = {"SO2_1h": Decimal(900), "NO2_1h": Decimal(10), "CO_1h": Decimal(1), "O3_1h": Decimal(10)}
    hour |= {"PM10_24h": Decimal(10), "PM2.5_24h": Decimal(10)}
    assert index(NEW, hour, hourly=True).aqi == 200
    assert index(OLD, hour | {"O3_8h": Decimal(10)}, hourly=True).aqi is None
    assert index(OLD, hour | {"O3_8h": Decimal(10), "SO2_24h": Decimal(700)}, hourly=True).aqi == 185


def test_a_pollutant_never_monitored_holds_nothing_back() -> None:
    """An item declared never monitored leaves the index of the others (HJ 633-2026 5.3.2)."""
    without = {i: v for i, v in CLEAN.items() if i != "CO_24h"}
    assert index(NEW, without).aqi is None
    assert index(NEW, without, exempt=("CO_24h",)).aqi == 2


def test_nothing_measured_is_no_index() -> None:
    """A day without any value has neither index nor level nor primary pollutant."""
    found = index(NEW, {})
    assert (found.aqi, found.level, found.good, found.heavy, found.primary) == (None, None, None, None, ())


def test_what_exceeds_is_listed_apart_from_what_leads() -> None:
    """Every item above 100 exceeds (2012); the highest alone is primary."""
    found = index(OLD, CLEAN | {"PM2.5_24h": Decimal(100), "PM10_24h": Decimal(200)})
    assert (found.primary, found.exceeding) == (("PM2.5_24h",), ("PM10_24h", "PM2.5_24h"))


@pytest.mark.parametrize(
    ("number", "name"),
    [(0, Level.EXCELLENT), (50, Level.EXCELLENT), (51, Level.GOOD), (300, Level.HEAVY), (301, Level.SEVERE)],
)
def test_levels_end_at_their_upper_number(number: int, name: Level) -> None:
    """A level includes its upper number; zero is the first level."""
    assert aqi.level(number) is name


def test_a_concentration_is_not_negative() -> None:
    """A concentration below zero is a wrong program, not an index."""
    with pytest.raises(ValueError, match="below zero"):
        iaqi(NEW, "CO_24h", Decimal(-1))


values = st.one_of(st.none(), st.integers(0, 12000).map(lambda n: Decimal(n) / 10))


@given(
    st.sampled_from(Standard),
    st.fixed_dictionaries(dict.fromkeys((*SIX, "O3_1h"), values)),
    st.sets(st.sampled_from(SIX)),
)
def test_arrays_say_what_single_days_say(
    standard: Standard, day: dict[str, Decimal | None], exempt: set[str]
) -> None:
    """The index over arrays of days is the index of each day, primary pollutants and NA included."""
    days = {
        i: grid.as_given(np.array([0 if v is None else int(v * 10)]), np.array([v is not None]), 10)
        for i, v in day.items()
    }
    one, many = index(standard, day, exempt=exempt), grid.index_days(standard, days, exempt)
    assert int(many.aqi[0]) == (-1 if one.aqi is None else one.aqi)
    assert {i for i, hit in many.primary.items() if hit[0]} == set(one.primary)


@pytest.mark.parametrize("standard", list(Standard))
@pytest.mark.parametrize("item", [*SIX, "O3_1h"])
def test_the_table_of_sub_indices_is_the_rule(standard: Standard, item: str) -> None:
    """The sub-index of every concentration, computed in whole numbers at once, is that of the rule for one."""
    unit = 10 ** aqi.decimals(item)
    table = grid.sub_indices(standard, item)
    assert len(table) == aqi.BREAKPOINTS[standard][item][-1] * unit + 2
    for number, found in enumerate(table.tolist()):
        wanted = iaqi(standard, item, Decimal(number) / unit)
        assert found == (-1 if wanted is None else wanted)
