"""Precedence among values of one period, and what a series is made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dabiao.domain.observation import (
    Basis,
    Observation,
    Qualifier,
    State,
    Tier,
    choose,
    preferred,
    series_of,
)
from dabiao.domain.period import Period, PeriodKind

OFFICIAL, THIRD = Basis("official"), Basis("third_party", "included", "actual")


def obs(number: int = 1, value: str | None = "26.5", period: str = "2023", **changes: object) -> Observation:
    made = Observation(
        id=number,
        region="220000",
        indicator="pm25",
        period=Period.parse(period),
        value=None if value is None else Decimal(value),
        printed=value or "—",
        unit="µg/m3",
        basis=OFFICIAL,
        tier=Tier.PRESS,
        state=State.FINAL,
        source="bulletin",
        known_on=date(2024, 6, 3),
        published=date(2024, 6, 3),
    )
    return made._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"tier": Tier.OFFICIAL}, {"tier": Tier.PRESS}),
        ({"tier": Tier.PRESS}, {"tier": Tier.THIRD_PARTY}),
        # the tier goes before everything else
        ({"tier": Tier.PRESS, "state": State.TO_DATE}, {"tier": Tier.THIRD_PARTY, "state": State.FINAL}),
        ({"state": State.FINAL}, {"state": State.FLASH}),
        ({"state": State.FLASH}, {"state": State.TO_DATE}),
        # final goes before flash even when the flash was published later
        (
            {"state": State.FINAL, "published": date(2024, 1, 1)},
            {"state": State.FLASH, "published": date(2024, 9, 1)},
        ),
        ({"published": date(2024, 6, 4)}, {"published": date(2024, 6, 3)}),
        ({"published": date(2020, 1, 1)}, {"published": None}),
        (
            {"published": None, "known_on": date(2024, 7, 1)},
            {"published": None, "known_on": date(2024, 6, 30)},
        ),
    ],
)
def test_precedence(first: dict[str, object], second: dict[str, object]) -> None:
    """Official > press > third-party, then final > flash > year to date, then later publication, then dated before undated."""
    one, two = obs(1, "1", **first), obs(2, "2", **second)
    for order in ([one, two], [two, one]):
        point = preferred(order)
        assert point is not None
        assert point.chosen is one
        assert point.others == (two,)


def test_a_full_tie_goes_to_the_later_record() -> None:
    """Two statements alike in everything: the one recorded later is used, the other kept."""
    point = preferred([obs(1, "1"), obs(2, "2")])
    assert point is not None
    assert point.chosen.id == 2


def test_a_bound_is_kept_but_never_used() -> None:
    """“98%以上” is no value: it stays among the others, and alone makes no point."""
    bound = obs(1, "98", qualifier=Qualifier.AT_LEAST, tier=Tier.OFFICIAL)
    point = preferred([bound, obs(2, "97")])
    assert point is not None
    assert (point.chosen.id, point.others) == (2, (bound,))
    assert preferred([bound]) is None


def test_a_missing_value_makes_no_point() -> None:
    """A value that the source marks as missing is known to be missing, and is no number."""
    assert preferred([obs(1, None)]) is None


@pytest.mark.parametrize(("day", "seen"), [(date(2024, 6, 2), 0), (date(2024, 6, 3), 1)])
def test_a_value_is_known_from_its_day(day: date, seen: int) -> None:
    """Nothing enters an as-of view before the day on which it was known."""
    assert len(series_of([obs()], PeriodKind.YEAR, day)) == seen


@pytest.mark.parametrize(("day", "points"), [(date(2025, 12, 31), 0), (date(2026, 1, 1), 1)])
def test_an_unfinished_period_is_no_point(day: date, points: int) -> None:
    """A year's figure published in December is no point of the series before the year has ended."""
    early = obs(
        1, "22", "2025", state=State.TO_DATE, known_on=date(2025, 12, 24), published=date(2025, 12, 24)
    )
    found = series_of([early], PeriodKind.YEAR, day)
    assert sum(len(s) for s in found.values()) == points


def test_values_of_different_basis_are_different_series() -> None:
    """Official and third-party values of one place and year never stand in one series."""
    found = series_of(
        [obs(1), obs(2, "27.1", basis=THIRD, tier=Tier.THIRD_PARTY)], PeriodKind.YEAR, date(2026, 1, 1)
    )
    assert {key[2] for key in found} == {OFFICIAL, THIRD}


def test_months_do_not_enter_the_annual_series() -> None:
    """Each kind of period is its own series."""
    found = series_of([obs(1), obs(2, "50", "2023-01")], PeriodKind.YEAR, date(2026, 1, 1))
    assert [str(p.period) for s in found.values() for p in s.points] == ["2023"]


def test_the_vintage_is_the_values() -> None:
    """The same periods and values give the same vintage, whatever the source; another value gives another."""

    def vintage(*observations: Observation) -> str:
        return next(iter(series_of(observations, PeriodKind.YEAR, date(2026, 1, 1)).values())).vintage

    assert vintage(obs(1, "26.5")) == vintage(obs(9, "26.50", source="newspaper"))
    assert vintage(obs(1, "26.5")) != vintage(obs(1, "26.6"))


def _series(count: int, basis: Basis, tier: Tier) -> list[Observation]:
    return [
        obs(i + 1, str(20 + i), str(2015 + i), basis=basis, tier=tier, known_on=date(2025, 1, 1))
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("official", "third", "tiers", "expected"),
    [
        (5, 10, [Tier.PRESS, Tier.THIRD_PARTY], OFFICIAL),  # long enough: the official one
        (4, 10, [Tier.PRESS, Tier.THIRD_PARTY], THIRD),  # too short: the longest that is let in
        (4, 10, [Tier.PRESS], OFFICIAL),  # third-party only where it is let in
        (3, 3, [Tier.PRESS, Tier.THIRD_PARTY], OFFICIAL),  # a tie goes to the official one
        (0, 10, [Tier.PRESS], None),
    ],
)
def test_the_series_that_stands_for_a_target(
    official: int, third: int, tiers: list[Tier], expected: Basis | None
) -> None:
    """The official series if it can be forecast, else the longest of the tiers that the target lets in."""
    observations = [*_series(official, OFFICIAL, Tier.PRESS), *_series(third, THIRD, Tier.THIRD_PARTY)]
    candidates = list(series_of(observations, PeriodKind.YEAR, date(2026, 1, 1)).values())
    chosen = choose(candidates, tiers, minimum=5)
    assert (chosen.basis if chosen else None) == expected
