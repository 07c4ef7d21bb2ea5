"""Each check of a series at its border."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.domain.period import Period
from dabiao.ingest.changes import DIFFERENCE, EITHER, PERCENT, parse_change
from dabiao.ingest.checks.bounds import outside
from dabiao.ingest.checks.columns import Columns, Found, halves, medians, one_a_period
from dabiao.ingest.checks.components import larger_than_whole
from dabiao.ingest.checks.heaping import BORDER, heaps, statistic
from dabiao.ingest.checks.jumps import jumps
from dabiao.ingest.checks.parts import MEAN, QUANTILE, SUM, beyond_months
from dabiao.ingest.checks.repeats import repeats
from dabiao.ingest.checks.review import Changes, by_series, review
from dabiao.ingest.checks.stuck import stuck
from dabiao.ingest.checks.year_on_year import contradicted
from tests.unit.ingest.checks.made import Value, columns, facts, months, years


def places(found: Found, of: Columns) -> list[tuple[int, str]]:
    """Series and period of each finding."""
    return [(int(of.series[i]), str(Period.from_code(int(of.period[i])))) for i in found.at]


# -- bounds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "out"), [("0", False), ("-0.1", True), ("100", False), ("100.1", True), (None, False)]
)
def test_a_bound_itself_is_possible(value: str | None, out: bool) -> None:
    """The lowest and the highest possible value are possible; beyond them nothing is."""
    found = outside(columns([(0, "2024", value)]), facts({"low": 0.0, "high": 100.0}))
    assert found.tolist() == [out]


# -- PM2.5 within PM10 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fine", "coarse", "warned"),
    [
        ("30", "31", False),
        ("30", "30", False),
        ("30.5", "30", False),
        ("32", "30", True),
        ("30.6", "30", True),
        ("30.1", "30.0", False),
        ("30.2", "30.0", True),
    ],
)
def test_a_part_over_its_whole(fine: str, coarse: str, warned: bool) -> None:
    """PM2.5 above PM10 is warned of where the rounding of both does not explain it."""
    c = columns([(0, "2024-03", fine), (1, "2024-03", coarse)])
    found = larger_than_whole(c, facts({"whole": 1}, {}))
    assert places(found, c) == ([(0, "2024-03")] if warned else [])


def test_a_part_is_held_against_the_whole_of_its_own_period() -> None:
    """PM10 of another month, or no PM10 at all, says nothing."""
    c = columns([(0, "2024-03", "90"), (0, "2024-04", "20"), (1, "2024-04", "40")])
    assert not len(larger_than_whole(c, facts({"whole": 1}, {})))


def test_a_part_is_held_against_what_the_store_has_from_either_side() -> None:
    """The finding stands at the value that the file brings, be it the part or the whole."""
    for mine, known in (((0, "2024", "50"), (1, "2024", "40")), ((1, "2024", "40"), (0, "2024", "50"))):
        c = columns([mine], [known])
        assert places(larger_than_whole(c, facts({"whole": 1}, {})), c) == [(mine[0], "2024")]


# -- jumps -------------------------------------------------------------------------------------------------------


def zigzag(last: str, count: int = 10) -> list[Value]:
    """Yearly values that change by 1 each time, 20, 21, 20 …, then a last one."""
    return years(0, [*(("20", "21")[i % 2] for i in range(count)), last])


@pytest.mark.parametrize(("last", "warned"), [("29", False), ("29.1", True), ("12", False), ("11.9", True)])
def test_a_jump_begins_beyond_eight_usual_changes(last: str, warned: bool) -> None:
    """8 medians from the value before, and from the one before that, are still usual; more is warned of."""
    c = columns(zigzag(last))
    assert (places(jumps(c, facts({})), c) == [(0, "2011")]) is warned


@pytest.mark.parametrize(("count", "warned"), [(8, False), (9, True)])
def test_few_changes_give_no_border(count: int, warned: bool) -> None:
    """With fewer than eight changes nothing is called unusual: nine values and the new one are the fewest that speak."""
    c = columns(zigzag("90", count - 1))
    assert bool(len(jumps(c, facts({})))) is warned


def test_of_a_shift_the_first_and_of_an_outlier_only_itself() -> None:
    """A lasting shift is warned of once; the return from an outlier is no second one."""
    base = ["20", "21"] * 6
    shift = columns(years(0, [*base, "60", "61", "60"]))
    assert places(jumps(shift, facts({})), shift) == [(0, "2013")]
    outlier = columns(years(0, [*base, "60", "21", "20"]))
    assert places(jumps(outlier, facts({})), outlier) == [(0, "2013")]


def test_a_season_is_no_jump() -> None:
    """A month is compared with the same month of earlier years: winters of 90 beside summers of 10 are usual."""
    values = [str((90 if m in (0, 1, 11) else 10) + y % 2) for y in range(5) for m in range(12)]
    c = columns(months(0, values))
    assert not len(jumps(c, facts({})))
    values[-6] = "80"
    c = columns(months(0, values))
    assert places(jumps(c, facts({})), c) == [(0, "2024-07")]


def test_levels_are_compared_as_ratios() -> None:
    """Of a level that swings by half its size, a tenfold value jumps and a doubled one does not."""
    base = ["10", "15"] * 5
    for last, warned in (("25", False), ("1500", True)):
        c = columns(years(0, [*base, last]))
        assert bool(len(jumps(c, facts({"ratio": True})))) is warned


def test_a_series_that_rests_says_nothing_of_its_moves() -> None:
    """Years of 100 % and one of 97 %: with fewer than eight real changes there is no border."""
    c = columns(years(0, [*["100"] * 20, "97"]))
    assert not len(jumps(c, facts({})))


@pytest.mark.parametrize(
    "kind", ["2024", "2024-03", "2024-Q1", "2024-01/2024-05", "2024-03-05", "2024-03-05T14"]
)
def test_every_kind_of_period_has_its_own_history(kind: str) -> None:
    """A jump is found in each kind of period, and values of other kinds in the series do not hide it."""
    code, steps = Period.parse(kind).code, {"2024-03": 12, "2024-Q1": 4, "2024-01/2024-05": 12}.get(kind, 1)
    codes = [code - steps * i for i in range(12)]
    values: list[Value] = [
        (0, str(Period.from_code(c)), "20" if i % 2 else "21") for i, c in enumerate(codes)
    ]
    values[0] = (0, kind, "80")
    others = [] if kind == "2024" else years(0, ["500"], 2024)
    c = columns([*values, *others])
    assert places(jumps(c, facts({})), c) == [(0, kind)]


# -- stuck values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("run", "warned"), [(4, False), (5, True)])
def test_a_run_is_stuck_when_chance_cannot_be(run: int, warned: bool) -> None:
    """Changes of 1.0 printed to 0.1: a repeat has a chance of 1 in 20, four of them 6 in a million."""
    c = columns(months(0, [*(f"{20 + i % 2}.0" for i in range(10)), *["35.4"] * run], "2020-01"))
    found = stuck(c, facts({}))
    # one repeat 1/20, two 1/400, three 1/8000 (above the border of 1/10000), four 1/160000
    assert places(found, c) == (
        [(0, str(Period.from_code(Period.parse("2020-11").code + run - 1)))] if warned else []
    )


def test_coarse_decimals_repeat_by_themselves() -> None:
    """The same run in whole numbers that change by 1 is plausible: nothing is said."""
    c = columns(months(0, [*(str(20 + i % 2) for i in range(10)), *["35"] * 8]))
    assert not len(stuck(c, facts({})))


def test_a_bound_a_gap_and_a_count_are_not_stuck() -> None:
    """100 % for years is good news, a gap ends a run, and the number of what was built stays what it is."""
    base = [f"{20 + i % 2}.0" for i in range(10)]
    full = columns(months(0, [*base, *["100.0"] * 9]))
    assert not len(stuck(full, facts({"high": 100.0})))
    assert len(stuck(full, facts({"high": 500.0})))
    values = months(0, [*base, *["35.4"] * 4, "0", *["35.4"] * 4])
    gap = columns([v for v in values if v[2] != "0"])
    assert not len(stuck(gap, facts({})))
    assert not len(stuck(full, facts({"smooth": False})))


# -- longer periods and their months -----------------------------------------------------------------------------


def year_of_months(total: str, values: list[str], period: str = "2023") -> list[Value]:
    return [*months(0, values, "2023-01"), (0, period, total)]


def brute(values: list[float], most: list[int], fewest: list[int]) -> tuple[float, float]:
    """Lowest and highest mean over every corner of the valid days."""
    means = [
        sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)
        for weights in itertools.product(*zip(fewest, most, strict=True))
    ]
    return min(means), max(means)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=5))
def test_the_limits_of_a_mean_are_exact(values: list[int]) -> None:
    """The interval is that of every possible number of valid days, found by trying all corners."""
    most, fewest = [31, 29, 31, 30, 31][: len(values)], [27, 25, 27, 27, 27][: len(values)]
    low, high = brute([float(v) for v in values], most, fewest)
    last = f"2023-01/2023-{len(values):02d}" if len(values) != 3 else "2023-Q1"
    wide = [f"{v}.000000" for v in values]
    for total, out in ((high - 1e-4, False), (high + 1e-4, True), (low + 1e-4, False), (low - 1e-4, True)):
        c = columns(year_of_months(f"{total:.6f}", wide, last))
        inside = high - low < 2e-4  # equal months leave no room to be inside
        if out or not inside:
            assert bool(len(beyond_months(c, facts({"over": MEAN})))) is out


@pytest.mark.parametrize(
    ("total", "warned"), [("20", False), ("21", False), ("22", True), ("19", False), ("18", True)]
)
def test_rounding_of_both_is_taken_in(total: str, warned: bool) -> None:
    """Twelve months of 20 (19.5 to 20.5 before rounding) give years that print as 19 … 21, no other."""
    c = columns(year_of_months(total, ["20"] * 12))
    assert places(beyond_months(c, facts({"over": MEAN})), c) == ([(0, "2023")] if warned else [])


def test_a_month_that_is_missing_leaves_a_longer_period_unchecked() -> None:
    """Only where each of its months is known can a longer value be wrong."""
    values = year_of_months("99", ["20"] * 12)
    assert len(beyond_months(columns(values), facts({"over": MEAN})))
    assert not len(beyond_months(columns(values[1:]), facts({"over": MEAN})))


def test_percentiles_lie_between_and_days_add_up() -> None:
    """A year's percentile is between its months'; its good days are their sum; what is undeclared is not checked."""
    spread = [str(v) for v in (10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 100)]
    for over, total, warned in (
        (QUANTILE, "100", False),
        (QUANTILE, "102", True),
        (QUANTILE, "8", True),
        (SUM, "743", False),
        (SUM, "760", True),
        (0, "760", False),
    ):
        c = columns(year_of_months(total, spread))
        assert bool(len(beyond_months(c, facts({"over": over})))) is warned, (over, total)


def test_a_quarter_is_made_of_its_own_months() -> None:
    """The third quarter is held against July to September."""
    values = ["20"] * 6 + ["50"] * 3 + ["20"] * 3
    c = columns([*months(0, values, "2023-01"), (0, "2023-Q3", "50"), (0, "2023-Q2", "50")])
    assert places(beyond_months(c, facts({"over": MEAN})), c) == [(0, "2023-Q2")]


# -- printed changes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "heading", "amount", "kind"),
    [
        ("下降84.21%", "同比", "-84.21", PERCENT),
        ("上升4.3个百分点", "同比", "4.3", DIFFERENCE),
        ("-8.3", "同比(%)", "-8.3", PERCENT),
        ("+1.2", "同比变化(百分点)", "1.2", DIFFERENCE),
        ("8.3", "同比下降(%)", "-8.3", PERCENT),
        ("↑３．２", "同比", "3.2", EITHER),
        ("持平", "同比(%)", "0", EITHER),
        ("－5.0％", "同比", "-5.0", PERCENT),
        ("下降4微克/立方米", "同比", "-4", DIFFERENCE),
        ("3.1", "同比升降(%)", "3.1", PERCENT),
    ],
)
def test_a_printed_change(text: str, heading: str, amount: str, kind: int) -> None:
    """Sign, size and kind of a change, from the cell and from its heading."""
    found = parse_change(text, heading)
    assert found is not None
    assert (found.amount, found.kind) == (Decimal(amount), kind)


@pytest.mark.parametrize("text", ["", "—", "/", "上升-3%", "由70降至38", "改善", "3%～5%"])
def test_no_change_is_guessed(text: str) -> None:
    """What is no single change, or contradicts itself, is not read as one."""
    assert parse_change(text, "同比") is None


def held(before: str, value: str, printed: str, heading: str = "同比") -> list[str]:
    """The codes found for a change printed beside a value."""
    c = columns([(0, "2021-01/2021-04", value)], [(0, "2020-01/2020-04", before)])
    change = parse_change(printed, heading)
    assert change is not None
    found = contradicted(
        c,
        np.flatnonzero(c.row == 0).astype(np.int64),
        np.array([float(change.amount)]),
        np.array([change.half]),
        np.array([change.kind], np.int8),
    )
    return [f.code for f in found if len(f)]


@pytest.mark.parametrize(
    ("before", "value", "printed", "codes"),
    [
        (
            "70",
            "38",
            "下降84.21%",
            ["change_contradicted"],
        ),  # as printed in a bulletin: divided by the later value
        ("70", "38", "下降45.7%", []),
        ("70", "38", "下降45.71%", []),
        ("70", "38", "下降32", []),
        ("70", "38", "下降44.6%", []),  # 69.5 → 38.5 before rounding is -44.604 %, 70.5 → 37.5 is -46.81 %
        ("70", "38", "下降44.5%", ["change_contradicted"]),
        ("70", "38", "下降46.8%", []),
        ("70", "38", "下降46.9%", ["change_contradicted"]),
        ("70", "38", "上升45.7%", ["change_contradicted"]),
        ("80.4", "90.1", "上升9.7个百分点", []),
        ("80.4", "90.1", "上升9.7%", ["points_as_percent"]),
        ("80.4", "90.1", "上升12.1%", []),
        ("30", "30", "持平", []),
        ("30", "34", "持平", ["change_contradicted"]),
        ("0", "3", "上升300%", []),  # a change from what may be zero has no size
    ],
)
def test_a_change_is_held_against_its_figures(
    before: str, value: str, printed: str, codes: list[str]
) -> None:
    """A change is contradicted where no rounding of the figures gives it; points printed with % are told apart."""
    assert held(before, value, printed) == codes


def test_a_change_without_the_year_before_is_not_checked() -> None:
    """Neither the file nor the store has the earlier value: nothing can be said."""
    c = columns([(0, "2021", "38")])
    changes = Changes(np.array([0]), np.array([-84.21]), np.array([0.005]), np.array([PERCENT], np.int8))
    assert review(c, facts({}), changes)[0] == []


# -- heaping -----------------------------------------------------------------------------------------------------


def daily(values: list[int]) -> Columns:
    first = Period.parse("2015-01-01").code
    return columns([(0, str(Period.from_code(first + i)), str(v)) for i, v in enumerate(values)])


def test_heaping_is_told_from_a_falling_frequency() -> None:
    """Moving four days in five from 101–105 to 96–100 is flagged; the falling frequency itself is not."""
    chooser = random.Random(1)
    fair = [int(chooser.gauss(75, 25)) for _ in range(3650)]
    moved = [v - 5 if 101 <= v <= 105 and chooser.random() < 0.8 else v for v in fair]
    aqi = facts({"heap": 100.0})
    assert [h.flagged for h in heaps(daily(fair), aqi)] == [False]
    (heap,) = heaps(daily(moved), aqi)
    assert heap.flagged
    assert (heap.under, heap.over) == (
        sum(96 <= v <= 100 for v in moved),
        sum(101 <= v <= 105 for v in moved),
    )


def test_few_days_and_monthly_values_give_no_flag() -> None:
    """Under eight days in a window nothing is computed, nor where a value is no day's."""
    assert heaps(daily([98] * 30 + [103]), facts({"heap": 100.0})) == []
    assert heaps(columns(months(0, ["98"] * 40)), facts({"heap": 100.0})) == []


@pytest.mark.parametrize("slope", [0.0, 0.05, 0.1])
@pytest.mark.parametrize("days", [25, 100, 400])
def test_a_fair_series_is_seldom_flagged(slope: float, days: int) -> None:
    """Of twenty thousand fair series, level or falling, no more than about one in two hundred is flagged."""
    source = np.random.default_rng(7)
    expected = days * np.exp(-slope * 5 * np.arange(4))
    z = statistic(source.poisson(expected, (20_000, 4)).astype(np.int64))
    assert np.mean(z > BORDER) <= 0.005 + 3 * 0.0005  # three standard errors of the simulation


# -- all of them -------------------------------------------------------------------------------------------------

VALUES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(
            [
                *(f"20{y}-{m:02d}" for y in (20, 21) for m in range(1, 13)),
                *map(str, range(2000, 2022)),
                "2021-01/2021-05",
            ]
        ),
        st.sampled_from(["20", "20.5", "21", "30", "90", "100"]),
    ),
    max_size=60,
    unique_by=lambda v: v[:2],
)
PAIR = facts({"over": MEAN, "whole": 1, "high": 100.0}, {"over": QUANTILE, "ratio": True})


def findings(c: Columns) -> set[tuple[str, int, int]]:
    found, _ = review(c, PAIR)
    return {(f.code, int(c.series[i]), int(c.period[i])) for f in found for i in f.at}


@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(values: list[Value], chooser: random.Random) -> None:
    """A file says the same whichever way its rows are sorted."""
    other = list(values)
    chooser.shuffle(other)
    assert findings(columns(values)) == findings(columns(other))


@given(VALUES, VALUES)
def test_an_unrelated_series_changes_nothing(values: list[Value], unrelated: list[Value]) -> None:
    """What is found of a series does not hang on other series that are no part of it."""
    more = facts(
        {"over": MEAN, "whole": 1, "high": 100.0},
        {"over": QUANTILE, "ratio": True},
        {"over": MEAN},
        {"ratio": True},
    )
    c = columns([*values, *((s + 2, p, v) for s, p, v in unrelated)])
    found, _ = review(c, more)
    mine = {(f.code, int(c.series[i]), int(c.period[i])) for f in found for i in f.at if c.series[i] < 2}
    assert mine == findings(columns(values))


@given(VALUES)
def test_what_the_store_has_is_never_warned_of(values: list[Value]) -> None:
    """A finding is about the file: nothing is said of a file that brings nothing."""
    assert review(columns([], values), PAIR)[0] == []


@given(VALUES, VALUES)
def test_one_number_a_period_and_the_file_first(values: list[Value], stored: list[Value]) -> None:
    """File and store together give one number for each series and period, the file's where it has one."""
    merged = one_a_period(columns(values), None, columns([], stored))
    expected = {(s, p): v for s, p, v in stored} | {(s, p): v for s, p, v in values}
    got = {
        (int(s), str(Period.from_code(int(p)))): float(v)
        for s, p, v in zip(merged.series, merged.period, merged.value, strict=True)
    }
    assert got == {key: float(v) for key, v in expected.items() if v is not None}
    assert bool(np.all(np.diff(merged.key) > 0))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-9, 9)), max_size=40))
def test_medians_by_group(values: list[tuple[int, int]]) -> None:
    """The median of each group is that of the group alone."""
    found, count = medians(
        np.array([g for g, _ in values], np.int64), np.array([float(v) for _, v in values]), 4
    )
    for group in range(4):
        own = [v for g, v in values if g == group]
        assert count[group] == len(own)
        assert np.isnan(found[group]) if not own else found[group] == np.median(own)


def test_decimals_of_numbers_without_their_text() -> None:
    """Half a unit of the last place that a number needs; six places are the most that is looked for."""
    assert halves(np.array([27.0, 27.5, 45.22, 0.1 + 0.2, 1 / 3, np.nan])).tolist() == pytest.approx(
        [0.5, 0.05, 0.005, 0.05, 5e-7, 5e-7]
    )


# -- rows that state one figure ----------------------------------------------------------------------------------

STATED = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["2020", "2021"]),
        st.integers(0, 1),
        st.sampled_from(["1", "2", None]),
    ),
    max_size=14,
)


@given(STATED)
def test_repeats_are_those_of_a_plain_comparison(rows: list[tuple[int, str, int, str | None]]) -> None:
    """Against a comparison row by row: alike they repeat the first, unlike all of them contradict."""
    c = columns([(s, p, v) for s, p, _, v in rows])
    said = np.array([rows[i][2] for i in c.row], np.int32)
    found = repeats(c, said, np.zeros(len(rows), np.int32))
    for at, row in enumerate(c.row.tolist()):
        same = [i for i, r in enumerate(rows) if r[:3] == rows[row][:3]]
        unlike = len({rows[i][3] for i in same}) > 1
        assert found.contradicted[at] == unlike
        assert found.repeated[at] == (not unlike and row != same[0])
        if len(same) > 1:
            other = int(c.row[found.other[at]])
            assert other in same
            assert other != row


def test_a_word_beside_the_number_is_part_of_it() -> None:
    """98 and 98%以上 are two statements, though the digits are alike."""
    c = columns([(0, "2020", "98"), (0, "2020", "98")])
    found = repeats(c, np.zeros(2, np.int32), np.array([0, 1], np.int32))
    assert found.contradicted.tolist() == [True, True]


@given(VALUES, st.integers(1, 40))
def test_parts_for_the_memorys_sake_are_whole_series(values: list[Value], size: int) -> None:
    """Cut into parts, no series is cut, and together they are the columns."""
    c = columns(values)
    parts = list(by_series(c, size))
    assert [first for first, _ in parts] == list(np.cumsum([0, *(len(p) for _, p in parts)])[:-1])
    assert sum(len(p) for _, p in parts) == len(c)
    held = [set(p.series.tolist()) for _, p in parts]
    assert sum(map(len, held)) == len(set().union(*held))
