"""A changed basis is never forecast across, and what weakens a series is said beside its status."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dabiao import i18n
from dabiao.assess.evidence import follows
from dabiao.assess.sentences import also, caution
from dabiao.domain.assessment import Caution, Reason, Status
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Basis, Tier
from dabiao.domain.target import DecidingSeries, IndicatorType, Region
from tests.factories import indicator, series, target
from tests.unit.assess.judging import judged, known, likely, values

CATALOGUE = Catalogue(
    {"220000": Region("220000", "吉林省", "Jilin Province", "吉林省", None, "province")},
    {"pm25": indicator()},
)
OLD, NEW = Basis("official", standard="GB3095-2012"), Basis("official", standard="GB3095-2026")
LONG = {2012: "61", 2013: "58", 2014: "52", 2015: "50", 2016: "46", 2017: "43", 2018: "41", 2019: "39"}


def run_of(first: int, count: int, basis: Basis) -> Any:
    return series({y: str(90 - y % 100) for y in range(first, first + count)}, basis=basis)


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        (run_of(2012, 8, OLD), run_of(2020, 1, NEW), True),  # both state it: one value is enough
        (run_of(2012, 8, OLD), run_of(2018, 4, NEW), True),  # an overlap is no bridge
        (run_of(2012, 8, Basis("official")), run_of(2020, 2, NEW), True),  # the old one ended, two stand on the new
        (run_of(2012, 8, Basis("official")), run_of(2020, 1, NEW), False),  # one fuller statement
        (run_of(2012, 8, Basis("official")), run_of(2018, 4, NEW), False),  # side by side, and only one states it
        (run_of(2012, 8, OLD), run_of(2015, 5, NEW), False),  # both end in one year: two readings
        (run_of(2012, 8, OLD), run_of(2012, 12, NEW), False),  # both begin in one year
        (run_of(2012, 8, OLD), run_of(2020, 4, Basis("third_party", standard="x")), False),
        (run_of(2020, 4, NEW), run_of(2012, 8, OLD), False),
    ],
)  # fmt: skip
def test_when_one_series_follows_another(older: Any, newer: Any, expected: bool) -> None:
    """A basis has changed where a series of one authority ends and one on another basis takes its place."""
    assert follows(newer, older) is expected


def test_nothing_is_forecast_across_a_change_of_basis() -> None:
    """Only the new basis counts, though the old one is longer: too short, and the year and the unused values are said."""
    seen = [
        *values(LONG, basis=OLD),
        *values({2020: "20", 2021: "19", 2022: "19", 2023: "18"}, basis=NEW, id=50),
    ]
    found = judged(seen, target(), forecast=likely(0.9))
    assert (found.status, found.reason, found.params["count"]) == (Status.NO_DATA, Reason.TOO_SHORT, 4)
    assert found.series is not None
    assert [str(p.period) for p in found.series.points] == ["2020", "2021", "2022", "2023"]
    for lang, words in (
        ("zh-CN", "口径自 2020 年起改变，此前 8 个值未采用"),
        ("en", "changed in 2020; 8 earlier values"),
    ):
        assert any(words in said for said in also(found, target(), CATALOGUE, lang))


def test_a_base_year_on_the_old_basis_is_none() -> None:
    """The schedule does not start on a value that cannot be compared."""
    seen = [*values(LONG, basis=OLD), *values({2020 + i: "20" for i in range(5)}, basis=NEW, id=50)]
    found = judged(seen, target(baseline_period="2015"), forecast=likely(0.9))
    assert found.status is Status.ON_TRACK
    assert next(r for r in found.rules if r.rule == "linear_schedule").message == "rule.why.base_not_observed"
    assert {str(w.code) for w in found.warnings} >= {"basis_changed", "constant"}


@pytest.mark.parametrize(
    ("of", "more", "expected"),
    [
        ({2019 + i: f"{31 - i}.3" for i in range(5)}, {}, {"short_window"}),
        ({2016 + i: f"{31 - i}.3" for i in range(8)}, {}, set()),
        ({2014 + i: f"{35 - i}.3" for i in range(10) if i != 4}, {}, {"gap_years"}),
        ({2013 + i: f"{35 - i}.3" for i in range(10)}, {}, {"stale"}),
        ({2016 + i: "30" for i in range(8)}, {}, {"constant"}),
        ({2016 + i: "0" for i in range(8)}, {}, {"at_bound"}),
        ({2016 + i: v for i, v in enumerate(("31", "31", "31", "30", "30", "30", "30", "29"))}, {}, {"coarse_rounding"}),
        ({2016 + i: str(65 - 5 * i) for i in range(8)}, {}, {"heaping"}),
        (
            {2016 + i: f"{31 - i}.3" for i in range(8)},
            {"tier": Tier.THIRD_PARTY, "basis": Basis("third_party")},
            {"third_party"},
        ),
    ],
)  # fmt: skip
def test_each_caution_by_what_leads_there(
    of: dict[int, str], more: dict[str, Any], expected: set[str]
) -> None:
    """Short, gappy, late, constant, at its limit, coarse, heaped or third-party values are each said, and nothing else is."""
    everyone = DecidingSeries("220000", "pm25", tuple(Tier), proxy=False)
    level = indicator(type=IndicatorType.LEVEL)
    found = judged(values(of, **more), target(series=everyone), level, date(2024, 6, 1), likely(0.5))
    assert {str(w.code) for w in found.warnings} == expected


def test_a_proxy_is_named() -> None:
    """A series of another region says which."""
    proxy = DecidingSeries("220000", "pm25", tuple(Tier), proxy=True)
    seen = values({2016 + i: f"{31 - i}.3" for i in range(8)})
    found = judged(seen, target(series=proxy), as_of=date(2024, 6, 1), forecast=likely(0.5))
    assert [(w.code, w.params) for w in found.warnings] == [(Caution.PROXY, {"region": "220000"})]


def test_a_target_without_series_has_no_caution() -> None:
    """Where nothing is known there is nothing to warn of."""
    assert known([], target()).series is None
    assert judged([]).warnings == ()


@pytest.mark.parametrize("code", list(Caution))
def test_every_caution_can_be_said(code: Caution) -> None:
    """In both languages, with the figures that it is given."""
    from dabiao.domain.assessment import Warned

    params = {"year": 2020, "count": 4, "years": [2015, 2017], "last": 2019, "step": "0.1", "value": "30"}
    params["region"] = "220000"
    for lang in i18n.LANGS:
        assert caution(Warned(code, params), CATALOGUE, lang)
