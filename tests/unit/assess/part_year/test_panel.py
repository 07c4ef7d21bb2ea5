"""The year in progress from values alone: what counts as known, the year before, the season, the panel in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from dabiao.assess.part_year import season
from dabiao.assess.part_year.arithmetic import Outlook
from dabiao.assess.part_year.makeup import Makeup, makeup_of
from dabiao.assess.part_year.observed import (
    Line,
    Made,
    agree,
    known_of,
    lines_of,
    mean_over,
    month_tiles,
)
from dabiao.assess.part_year.panel import Goal, Held, Panel, panel
from dabiao.assess.part_year.words import Chance, facts
from dabiao.domain.observation import Basis, Tier
from dabiao.domain.period import Period
from dabiao.domain.target import Comparator, IndicatorType, accepted
from tests.factories import OFFICIAL, indicator, observation

PM25 = indicator(bounds=(Decimal(0), Decimal(1000)))
GOOD_DAYS = indicator(
    "good_day_ratio",
    "higher",
    type=IndicatorType.SHARE,
    unit="%",
    bounds=(Decimal(0), Decimal(100)),
)


def line(values: Mapping[str, str], basis: Basis = OFFICIAL) -> Line:
    return Line(basis, {Period.parse(p): Decimal(v) for p, v in values.items()})


def months(year: int, values: str, first: int = 1) -> dict[str, str]:
    return {f"{year}-{m:02d}": v for m, v in enumerate(values.split(), start=first)}


def goal(comparator: str = "<=", value: str = "30", held: Held = Held.TARGET) -> Goal:
    direction = "lower" if "<" in comparator else "higher"
    return Goal(accepted(Comparator(comparator), Decimal(value), None, direction), 0, held)  # type: ignore[arg-type]


def of(*lines: Line, year: int = 2025, g: Goal | None = None) -> Panel:
    found = panel(lines, year, g or goal(), PM25, Makeup.MEAN)
    assert found is not None
    return found


WINTER = "60 50 40 30 20 20 20 20 30 40 50 60"
"""A year whose winters are three times its summers; 36.7 by days."""


def test_the_states_own_figure_goes_before_the_months() -> None:
    """Where a 1—N月 figure is published it is the figure to date; months behind it are added by days."""
    found = known_of(line({**months(2025, "60 50 40"), "2025-Q1": "49.5", "2025-04": "31"}), 2025)
    assert found is not None
    assert (found.made, found.days) == (Made.MIXED, 120)
    assert found.mean == (Fraction(99, 2) * 90 + 31 * 30) / 120
    cumulative = known_of(line({**months(2025, "60 50"), "2025-01/2025-02": "54.9"}), 2025)
    assert cumulative is not None
    assert (cumulative.made, cumulative.mean) == (Made.PUBLISHED, Fraction("54.9"))


def test_months_count_by_their_days() -> None:
    """The mean of January and February leans to January, in a leap year less."""
    for year, days in ((2023, 28), (2024, 29)):
        found = known_of(line(months(year, "60 30")), year)
        assert found is not None
        assert found.made is Made.MONTHS
        assert found.mean == Fraction(60 * 31 + 30 * days, 31 + days)


def test_a_missing_month_belongs_to_the_rest() -> None:
    """What lies after a gap is still known; the gap is counted with what is to come and named."""
    found = known_of(line({**months(2025, "60 50"), **months(2025, "30 20", first=4)}), 2025)
    assert found is not None
    assert found.days == 31 + 28 + 30 + 31
    assert [str(p) for p in found.gaps] == ["2025-03"]
    assert len(found.rest) == 8


def test_quarters_alone_make_a_year() -> None:
    """Where only quarters are published they are the parts."""
    found = of(line({"2025-Q1": "50", "2025-Q2": "20", "2024-Q3": "20", "2024-Q4": "45"}))
    assert found.known.days == 181
    assert [r.year for r in found.reached] == [2024]
    assert known_of(line({"2025-Q2": "20"}), 2025).made is Made.QUARTERS  # type: ignore[union-attr]


def test_a_month_between_two_figures_to_date_is_known_within_its_rounding() -> None:
    """1—3月 41 and 1—4月 38 leave 29 for April, sure to ±3.5 only: what rounding can have moved is said."""
    tiles = month_tiles(line({"2021-Q1": "41", "2021-01/2021-04": "38"}), 2021)
    assert set(tiles) == {3}
    assert tiles[3].value == Fraction(38 * 120 - 41 * 90, 30) == 29
    assert tiles[3].error == Fraction(1, 2) * Fraction(120 + 90, 30)
    assert not tiles[3].sure
    fine = month_tiles(line({"2021-Q1": "41.0", "2021-01/2021-04": "38.0"}), 2021)
    assert fine[3].sure


def test_the_rest_of_an_earlier_year_is_what_its_figure_to_date_leaves() -> None:
    """The year less its first nine months is the mean of the last three."""
    found = mean_over(line({"2024": "30", "2024-01/2024-09": "27"}), 2024, frozenset({9, 10, 11}))
    assert found is not None
    assert found.value == Fraction(30 * 366 - 27 * 274, 92)
    assert found.error > 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Basis("official"), Basis("official", "deducted"), True),
        (Basis("official", "included"), Basis("official", "deducted"), False),
        (Basis("official"), Basis("third_party"), False),
        (Basis("official", scope="市区"), Basis("official"), False),
        (Basis("official", condition="actual"), Basis("official", condition="standard"), False),
    ],
)
def test_what_sets_two_bases_apart(one: Basis, other: Basis, same: bool) -> None:
    """Authority and scope must be equal; dust and gas state only where both state them."""
    assert agree(one, other) is agree(other, one) is same


def test_only_what_a_target_lets_in_makes_a_line() -> None:
    """Other tiles of source, and periods that had not ended on the day, stay out."""
    seen = [
        observation("2025-01", "50"),
        observation("2025-02", "40", tier=Tier.THIRD_PARTY, basis=Basis("third_party")),
        observation("2025-03", "30", known_on=date(2025, 3, 20)),
    ]
    found = lines_of(seen, (Tier.OFFICIAL,), date(2025, 3, 31))
    assert [[str(p) for p in one.values] for one in found] == [["2025-01"]]


def test_the_panel_of_a_winter_and_a_spring() -> None:
    """Required value, years in which it was kept, change on the same months, path by season."""
    found = of(line({**months(2024, WINTER), **months(2025, "57 50 41 29")}))
    assert found.required is not None
    known = Fraction(57 * 31 + 50 * 28 + 41 * 31 + 29 * 30)
    assert found.required.rest.high == (Fraction(61, 2) * 365 - known) / 245
    assert found.required.at_most == Decimal("23.7")
    assert [(r.year, r.enough) for r in found.reached] == [(2024, False)]
    change = found.year_on_year
    assert change is not None
    before = Fraction(60 * 31 + 50 * 29 + 40 * 31 + 30 * 30, 121)
    assert change.difference == known / 120 - before
    assert change.percent == 100 * change.difference / before
    assert found.path is not None
    assert found.path.linear == 30
    assert found.path.years == (2024,)
    assert found.path.seasonal is not None
    assert found.path.seasonal > 33  # winter lies behind: more than the target is in order
    assert found.outlook is Outlook.OPEN


def test_the_season_is_shrunk_towards_every_month_alike() -> None:
    """One earlier year counts two parts, "every month alike" one."""
    known = frozenset(range(4))
    own = line(months(2024, WINTER))
    raw = mean_over(own, 2024, known).value / mean_over(own, 2024, season.WHOLE).value  # type: ignore[union-attr]
    found = season.path([own], 2025, known, Fraction(30), Makeup.MEAN, {"known": 120, "total": 365}, False)
    assert found.ratio == (raw + Fraction(1, 2)) / Fraction(3, 2)
    assert found.seasonal == 30 * found.ratio


def test_a_good_day_shares_season_is_that_of_its_bad_days() -> None:
    """With all of last year's bad days before May, the share to date may be lower than the target now."""
    values = {**months(2024, "80 80 90 90 100 100 100 100 100 100 100 100"), **months(2025, "83.9 89.3 90.3")}
    found = panel([line(values)], 2025, goal(">=", "90"), GOOD_DAYS, Makeup.DAYS)
    assert found is not None
    assert found.path is not None
    assert found.path.seasonal is not None
    assert found.path.seasonal < 90
    assert found.days is not None
    assert (found.days.calendar, found.days.counted) == (90, 26 + 25 + 28)
    assert found.allowance is not None
    assert (found.allowance.used, found.allowance.allowed) == (11, 38)  # 89.59 % rounds to 90
    assert found.allowance.allowed_strict == 36
    assert found.year_on_year is not None
    assert found.year_on_year.percent is None  # percentage points, never percent of percent


def test_a_section_share_is_no_mean_of_months() -> None:
    """Sections are counted where a source names their number; nothing is required of the months."""
    share = indicator("surface_water_good_ratio", "higher", type=IndicatorType.SHARE, unit="%")
    for scope, left in (("国考断面111个", 27 - 21), ("国考断面", None)):
        values = line({"2025-06": "81.1", "2025-05": "70"}, Basis("official", scope=scope))
        found = panel([values], 2025, Goal(goal(">=", "76").bounds, 0, Held.TARGET), share, Makeup.SECTIONS)
        assert found is not None
        assert found.required is None
        assert found.to_date == Fraction("81.1")
        assert (found.allowance and found.allowance.left) == left


def test_a_running_total_has_time_progress() -> None:
    """317 wanted, 240 by September: just ahead of the time gone."""
    total = indicator("green_factories", "higher", type=IndicatorType.COUNT, unit="家", decimals=0)
    assert makeup_of(total) is Makeup.TOTAL
    found = panel([line({"2025-01/2025-09": "240"})], 2025, goal(">=", "317"), total, Makeup.TOTAL)
    assert found is not None
    assert found.progress is not None
    assert float(found.progress.attainment or 0) == pytest.approx(1.012236974382085)
    assert found.required is None
    assert found.to_date == 240


def test_nothing_is_taken_for_a_mean_by_default() -> None:
    """Ozone's year is a percentile of days: without a word on it no arithmetic of months is done."""
    assert makeup_of(indicator("o3_8h_p90")) is None
    assert makeup_of(PM25) is Makeup.MEAN


def test_the_line_that_reaches_furthest_tells_the_year() -> None:
    """Lines are not joined: the year is told by one; the other may tell last year, and then says so."""
    stated = Basis("official", "deducted", "actual")
    one = line({**months(2024, WINTER), **months(2025, "57 50")})
    other = line({"2025-01/2025-06": "33"}, stated)
    found = of(one, other)
    assert found.line.basis == stated
    assert found.year_on_year is not None
    assert found.year_on_year.other_basis == OFFICIAL


def test_no_value_no_panel() -> None:
    """A year of which nothing is known has none."""
    assert panel([line(months(2024, WINTER))], 2025, goal(), PM25, Makeup.MEAN) is None


def test_a_complete_year_meets_or_misses() -> None:
    """With every month known the day-weighted mean stands against the goal, and nothing is required."""
    found = of(line(months(2025, WINTER)), g=goal("<=", "37"))
    assert found.complete
    assert found.required is None
    assert found.year_value is not None
    assert found.meets(found.year_value)
    assert not of(line(months(2025, WINTER)), g=goal("<", "37")).meets(found.year_value)


def test_a_typed_month_replaces_nothing_observed() -> None:
    """A scenario's line keeps what is observed; a figure to date over a typed month gives way."""
    own = line({"2025-01": "50", "2025-01/2025-03": "45"})
    tried = own.with_typed({Period.parse("2025-02"): Decimal(30)})
    assert {str(p) for p in tried.values} == {"2025-01", "2025-02"}
    assert known_of(tried, 2025).tiles[-1].made is Made.TYPED  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("known", ["57", "57 50 41 29", "5 5 5 5 5 5 5 5 5", "200 200 200", WINTER])
def test_every_panel_can_be_said(known: str, lang: str) -> None:
    """Each line is made in both languages, whatever is known."""
    found = of(line({**months(2024, WINTER), **months(2025, known)}))
    said = facts(found, PM25, "≤ 30 µg/m³", Chance(0.4, 31.0, 28.0, 34.0, "2025-04", 7, 0), lang)
    names = [f.name for f in said]
    assert names[:2] == ["held", "to_date"]
    assert "required" in names
    assert len(set(names)) == len(names)
    assert all(f.said for f in said)


def test_out_of_reach_is_said() -> None:
    """When even nothing at all in the rest would not do, the panel says so in place of a number."""
    found = of(line(months(2025, "300 300 300")))
    assert found.outlook is Outlook.NOT_ATTAINABLE
    text = dict(facts(found, PM25, "≤ 30 µg/m³", None, "zh-CN"))
    assert "已不可能达标" in text["required"]
    assert "reached" not in text
