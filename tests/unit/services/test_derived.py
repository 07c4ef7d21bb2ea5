"""Hours and days of the store to derived observations: their borders, revisions and vintages."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao import bootstrap
from dabiao.domain.observation import State, Tier
from dabiao.services.app import App
from dabiao.services.derive.derived import derive
from dabiao.services.derive.keep import NOT_VALID
from dabiao.standards import rules
from dabiao.store import derivations
from dabiao.store.observations import known_observations
from tests.factories import settings_of
from tests.unit.services.derive_cases import CITY, CLEAN, days_of, derived, hours_of, tell, tell_days, value

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
HJ2012 = "HJ633-2012"
SPARE = [date(2025, m, 1 + d) for m in range(1, 13) for d in range(4 if m in (1, 3, 5, 7, 8, 10, 12) else 3)]
"""Days of 2025 that can all be missing without a month having too few."""


def rows(app: App, table: str) -> int:
    found = app.store.row(f"SELECT count(*) FROM {table}")
    assert found is not None
    return int(found[0])


def derivation(app: App, indicator: str, period: str, as_of: str = "2026-11-21") -> dict[str, Any]:
    """The derivation of a period that was in force on a day."""
    (found,) = [
        dict(r)
        for r in derivations.known(app.store, date.fromisoformat(as_of), CITY, indicator)
        if r["period"] == period
    ]
    return found | {name: json.loads(found[name]) for name in ("rules", "reasons", "inputs")}


def test_a_year_of_days_gives_the_official_indicators(app: App) -> None:
    """Daily values give means, percentiles, good days and the composite index, each marked as computed here and by which text."""
    tell_days(app, days_of(2025), "2026-01-10")
    counts = derive(app, NOW)
    assert (counts.places, counts.revised, counts.not_valid) == (1, 0, 0)
    found = derived(app, "2026-11-21")
    assert {k[0]: str(o.value) for k, o in found.items() if k[1] == "2025"} == {
        "so2": "8", "no2": "20", "pm10": "40", "pm25": "20.0", "so2_p98": "8", "no2_p98": "20", "pm10_p95": "40",
        "pm25_p95": "20.0", "co_p95": "0.6", "o3_p90": "90", "good_days": "365", "good_day_ratio": "100.0",
        "heavy_pollution_days": "0", "heavy_pollution_day_ratio": "0.0", "air_composite_index": "2.48",
    }  # fmt: skip
    mean, ratio = found["pm25", "2025", ""], found["good_day_ratio", "2025", HJ2012]
    assert (mean.tier, mean.basis.authority, mean.known_rule) == (Tier.DERIVED, "derived", "derived")
    assert (mean.known_on, mean.published, mean.state) == (date(2026, 1, 10), None, State.FINAL)
    assert ratio.source.startswith("derived by dabiao: HJ 633-2012 table 1, 4.2")
    assert {p for i, p, _ in found if i == "pm25"} >= {
        "2025-01",
        "2025-12",
        "2025-01/2025-02",
        "2025-Q1",
        "2025",
    }


def test_each_derived_value_names_its_inputs_and_rules(app: App) -> None:
    """Beside an observation stand the rules, their certainty, the series with first and last day and count, and a digest."""
    tell_days(app, days_of(2025), "2026-01-10")
    derive(app, NOW)
    chosen = derived(app, "2026-11-21")["pm25", "2025", ""]
    found = derivation(app, "pm25", "2025")
    assert found["observation_id"] == chosen.id
    assert (found["outcome"], found["value"], found["unrounded"], found["count"]) == (
        "valid",
        "20.0",
        "20.000000",
        365,
    )
    assert (found["standard"], found["certainty"]) == (None, "C")
    (source,) = found["inputs"]
    assert (source["first"], source["last"], source["count"]) == ("2025-01-01", "2025-12-31", 365)
    assert set(found["rules"]) <= set(rules.RULES)
    assert len(found["digest"]) == 64
    of_index = derivation(app, "good_day_ratio", "2025")
    assert len(of_index["inputs"]) == 6
    assert of_index["digest"] != found["digest"]


@pytest.mark.parametrize(("missing", "valid"), [(41, True), (42, False)])
def test_324_days_make_a_year(app: App, missing: int, valid: bool) -> None:
    """A year of 324 days in whole enough months is evaluated; one of 323 has no value, and the reason instead."""
    gone = SPARE[:missing]
    tell_days(app, days_of(2025, without=gone), "2026-01-10")
    derive(app, NOW)
    found = derivation(app, "pm25", "2025")
    assert found["count"] == 365 - missing
    assert (found["outcome"] == "valid") is valid
    assert value(app, "pm25", "2025", "2026-11-21") == (Decimal("20.0") if valid else None)
    assert value(app, "good_day_ratio", "2025", "2026-11-21", HJ2012) == (Decimal("100.0") if valid else None)
    if not valid:
        assert {"code": "year", "params": {"count": 323, "needed": 324}} in found["reasons"]
        stored = [
            o
            for o in known_observations(app.store, date(2026, 11, 21), CITY, "pm25")
            if str(o.period) == "2025"
        ]
        assert [(o.value, o.printed) for o in stored] == [(None, NOT_VALID)]


@pytest.mark.parametrize(
    ("year", "month", "left", "valid"),
    [
        (2025, 1, 27, True),
        (2025, 1, 26, False),
        (2025, 2, 25, True),
        (2025, 2, 24, False),
        (2024, 2, 25, True),
        (2024, 2, 24, False),
    ],
)
def test_27_days_make_a_month_and_25_a_february(
    app: App, year: int, month: int, left: int, valid: bool
) -> None:
    """A month is evaluated from 27 days on, February from 25, in a leap year too; the months so far need each month."""
    first = date(year, month, 1)
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    tell_days(
        app, days_of(year, without=[first + timedelta(days=n) for n in range(length - left)]), "2026-01-10"
    )
    derive(app, NOW)
    for period in (f"{year}-{month:02}", f"{year}-01/{year}-04", f"{year}"):
        assert (value(app, "no2", period, "2026-11-21") is not None) is valid
    assert value(app, "no2", f"{year}-06", "2026-11-21") == 20


def test_a_leap_year_has_its_29_february(app: App) -> None:
    """The 29 February counts: 366 days, and a February of 29."""
    tell_days(app, days_of(2024), "2025-01-10")
    derive(app, NOW)
    assert derivation(app, "so2", "2024")["count"] == 366
    assert derivation(app, "so2", "2024-02")["count"] == 29
    assert value(app, "good_days", "2024", "2026-11-21", HJ2012) == 366


@pytest.mark.parametrize(("hours", "valid"), [(20, True), (19, False)])
def test_20_hours_make_a_day(app: App, hours: int, valid: bool) -> None:
    """A day of 20 hours counts, one of 19 does not: with 26 whole days beside it that decides the month."""
    days = [f"2025-03-{d:02}" for d in range(1, 28)]
    told = {h: "30" for d in days[:-1] for h in hours_of(d)} | dict.fromkeys(hours_of(days[-1], hours), "30")
    tell(app, "pm25", told, "2025-04-02")
    derive(app, NOW)
    assert derivation(app, "pm25", "2025-03")["count"] == 26 + valid
    assert (value(app, "pm25", "2025-03", "2026-11-21") is not None) is valid
    assert "hour_of_day" in derivation(app, "pm25", "2025-03")["rules"]


def test_a_given_day_goes_before_its_hours(app: App) -> None:
    """Where a day is given it is not computed from hours; the other days are."""
    days = [f"2025-03-{d:02}" for d in range(1, 31)]
    tell(app, "pm25", {h: "30" for d in days for h in hours_of(d)}, "2025-04-02")
    tell(app, "pm25", {days[0]: "60"}, "2025-04-02")
    derive(app, NOW)
    assert value(app, "pm25", "2025-03", "2026-11-21") == 31
    assert "given_day" in derivation(app, "pm25", "2025-03")["rules"]


def test_ozone_of_hours_is_the_highest_8_of_a_day(app: App) -> None:
    """Hours of ozone give the percentile of the days' highest 8 hours."""
    told = {h: str(10 * int(h[-2:])) for d in range(1, 32) for h in hours_of(f"2025-07-{d:02}")}
    tell(app, "o3", told, "2025-08-02")
    derive(app, NOW)
    assert value(app, "o3_p90", "2025-07", "2026-11-21") == 205
    assert {"mda8_days", "mda8_windows"} <= set(derivation(app, "o3_p90", "2025-07")["rules"])


def test_a_city_is_the_mean_of_three_quarters_of_its_sites(app: App) -> None:
    """Of four sites three make a city's day and two do not; a fifth that is there but once counts in its month."""
    every = [f"2025-03-{d:02}" for d in range(1, 32)]
    for site, missing, level in (("甲", 0, "20"), ("乙", 1, "24"), ("丙", 2, "28"), ("丁", 0, "32")):
        tell(app, "pm25", dict.fromkeys(every[missing:], level), "2025-04-02", scope=f"国控点位:{site}")
    derive(app, NOW)
    found = derivation(app, "pm25", "2025-03")
    assert (found["count"], found["basis"]) == (30, "derived|unknown|unknown|国控|")
    assert found["unrounded"] == "25.977778"  # 29 days of 26 and one of 25 1/3
    assert "city_sites" in found["rules"]
    tell(app, "pm25", {every[20]: "26"}, "2025-04-03", scope="国控点位:戊")
    derive(app, NOW)
    assert derivation(app, "pm25", "2025-03")["count"] == 29


def test_2026_comes_by_either_text(app: App) -> None:
    """January and February go by 2012, each month from March by 2026, what reaches over by either; a mean hangs on neither."""
    tell_days(app, days_of(2026), "2027-01-05", pm25="70")
    derive(app, datetime(2027, 2, 1, tzinfo=UTC))
    by = {
        (p, s): str(o.value) for (i, p, s), o in derived(app, "2027-02-01").items() if i == "good_day_ratio"
    }
    assert {s for p, s in by if p in ("2026-01", "2026-02", "2026-01/2026-02")} == {HJ2012}
    assert {s for p, s in by if p in ("2026-03", "2026-12")} == {"HJ633-2026"}
    assert by["2026", HJ2012] == by["2026-01/2026-06", HJ2012] == "100.0"
    assert by["2026", "HJ633-2026"] == by["2026-Q1", "HJ633-2026"] == "0.0"
    assert value(app, "pm25", "2026", "2027-02-01") == 70
    whole = [o for (i, p, _), o in derived(app, "2027-02-01").items() if (i, p) == ("good_day_ratio", "2026")]
    assert (
        min(whole, key=lambda o: o.precedence).basis.standard == "HJ633-2026"
    )  # the text in force when the year ended
    parts = [
        r
        for r in derivations.known(app.store, date(2027, 2, 1), CITY, "good_day_ratio")
        if r["period"] == "2026-03/2026-12"
    ]
    assert [(r["value"], r["standard"], r["observation_id"]) for r in parts] == [("0.0", "HJ633-2026", None)]


def test_a_second_run_does_nothing(app: App) -> None:
    """Deriving again, on the same day or a later one, writes no row."""
    tell_days(app, days_of(2025), "2026-01-10")
    derive(app, NOW)
    before = rows(app, "observations"), rows(app, "derivations")
    assert derive(app, NOW).places == 0
    later = derive(app, NOW + timedelta(days=40))
    assert (later.derived, later.revised) == (0, 0)
    assert (rows(app, "observations"), rows(app, "derivations")) == before


def test_a_revised_input_revises_what_rests_on_it_and_nothing_else(app: App) -> None:
    """A day of PM2.5 revised in June changes its month, the months so far, the year and the indices, from that day on."""
    tell_days(app, days_of(2025), "2026-01-10")
    derive(app, NOW)
    before = rows(app, "derivations")
    tell(app, "pm25", {"2025-11-05": "130"}, "2026-06-03")
    counts = derive(app, NOW)
    assert (counts.derived, counts.not_valid) == (0, 0)
    assert value(app, "pm25", "2025", "2026-06-02") == Decimal("20.0")
    assert value(app, "pm25", "2025", "2026-06-03") == Decimal("20.3")
    assert value(app, "good_days", "2025", "2026-06-02", HJ2012) == 365
    assert value(app, "good_days", "2025", "2026-06-03", HJ2012) == 364
    touched = app.store.rows(
        "SELECT DISTINCT s.indicator, d.period FROM derivations d JOIN series s ON s.id = d.series_id WHERE d.id > ?",
        [before],
    )
    assert {r["period"] for r in touched} == {"2025-11", "2025-01/2025-11", "2025"}
    assert not {"so2", "no2", "pm10", "co_p95", "o3_p90"} & {r["indicator"] for r in touched}
    replaced = app.store.rows(
        "SELECT supersedes FROM observed WHERE tier = 'derived' AND supersedes IS NOT NULL"
    )
    assert len(replaced) == counts.revised == len(touched)


def test_what_comes_late_is_known_from_its_own_day(app: App) -> None:
    """A day that was missing and is published in May makes the year valid from May; before that it was not."""
    gone = SPARE[:42]
    tell_days(app, days_of(2025, without=gone), "2026-01-10")
    tell_days(app, [gone[0].isoformat()], "2026-05-04")
    derive(app, NOW)
    assert value(app, "no2", "2025", "2026-05-03") is None
    assert value(app, "no2", "2025", "2026-05-04") == 20
    assert derivation(app, "no2", "2025", "2026-05-03")["outcome"] == "not_valid"


def test_a_span_is_derived_when_it_has_ended(app: App) -> None:
    """On 31 March there is no March yet; on 1 April there is, without a value having come in."""
    tell_days(app, [d for d in days_of(2026) if d < "2026-04-01"], "2026-03-31")
    derive(app, datetime(2026, 3, 31, 12, tzinfo=UTC))
    assert value(app, "so2", "2026-03", "2026-04-02") is None
    assert derive(app, datetime(2026, 4, 1, 4, tzinfo=UTC)).derived > 0
    assert value(app, "so2", "2026-03", "2026-04-01") == 8


def test_what_was_published_ahead_enters_on_its_day(app: App) -> None:
    """A value imported before its day of publication changes what is derived on that day, without anything having come in."""
    tell_days(app, days_of(2025), "2026-01-10")
    tell(app, "no2", {"2025-03-05": "50"}, "2026-11-25")
    derive(app, NOW)
    assert derive(app, NOW + timedelta(days=3)).revised == 0
    assert derive(app, NOW + timedelta(days=4)).revised > 0
    assert value(app, "no2", "2025-03", "2026-11-24") == 20
    assert value(app, "no2", "2025-03", "2026-11-25") == 21


def test_third_party_inputs_stay_third_party(app: App) -> None:
    """What is computed from a third party's days is a series of its own, beside that of official ones."""
    for authority, level in (("official", "20"), ("third_party", "25")):
        tell(app, "no2", dict.fromkeys(days_of(2025), level), "2026-01-10", authority=authority)
    derive(app, NOW)
    found = {
        o.basis.authority: (o.tier, o.value)
        for o in known_observations(app.store, date(2026, 11, 21), CITY, "no2")
        if str(o.period) == "2025"
    }
    assert found == {"derived": (Tier.DERIVED, 20), "derived_third_party": (Tier.DERIVED_THIRD_PARTY, 25)}


def test_a_flash_input_makes_a_flash_value(app: App) -> None:
    """A value is as settled as the least settled of what it rests on."""
    tell(app, "no2", dict.fromkeys(days_of(2025), "20"), "2026-01-10")
    tell(app, "no2", {"2025-03-05": "21"}, "2026-01-11", state="flash")
    derive(app, NOW)
    found = derived(app, "2026-11-21")
    assert (found["no2", "2025", ""].state, found["no2", "2025-04", ""].state) == (State.FLASH, State.FINAL)


def test_changed_rules_derive_everything_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A raised version of the rules derives all again, in the place of what stood."""
    tell(app, "no2", dict.fromkeys(days_of(2025), "20"), "2026-01-10")
    first = derive(app, NOW)
    for module in ("dabiao.standards.rules", "dabiao.services.derive.air"):
        monkeypatch.setattr(f"{module}.VERSION", "next")
    again = derive(app, NOW)
    assert (again.derived, again.revised) == (0, first.derived)
    assert value(app, "no2", "2025", "2026-11-21") == 20


def test_a_run_that_is_cut_off_is_taken_up(app: App) -> None:
    """Stopped between two years, the next run does the rest and repeats nothing."""
    for year in (2023, 2024, 2025):
        tell(app, "no2", dict.fromkeys(days_of(year), "20"), "2026-01-10")
    calls = iter([None, None, KeyboardInterrupt()])

    def between() -> None:
        if error := next(calls):
            raise error

    with pytest.raises(KeyboardInterrupt):
        derive(app, NOW, between=between)
    done = rows(app, "derivations")
    assert done > 0
    counts = derive(app, NOW)
    assert counts.unchanged > 0
    assert rows(app, "derivations") == done + counts.derived
    found = app.store.rows(
        "SELECT 1 FROM observed WHERE tier = 'derived' GROUP BY region, indicator, basis, period HAVING count(*) > 1"
    )
    assert found == []


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 500),  # day on which it became known, after 1 January 2025
        st.sampled_from(["pm25", "no2", "o3_8h"]),
        st.integers(1, 12),  # month
        st.integers(1, 26),  # first day
        st.integers(1, 8),  # days
        st.integers(1, 300),  # value
    ),
    min_size=1,
    max_size=8,
)


@given(CHANGES, st.booleans())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_step_by_step_is_the_same_as_from_scratch(
    app: App, tmp_path: Path, changes: list[tuple[int, str, int, int, int, int]], backwards: bool
) -> None:
    """Deriving after every revision gives, on every day, what deriving once from all of them gives; in whatever order they came."""
    apps = []
    for name in ("steps", "whole"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
        shutil.copytree(app.paths.home, tmp_path / name)
        apps.append(bootstrap.open_app(settings_of(tmp_path / name)))
    steps = apps[0]
    ordered = changes if not backwards else sorted(changes, reverse=True)
    for each in apps:
        for indicator, level in CLEAN.items():
            tell(
                each,
                indicator,
                dict.fromkeys([d for d in days_of(2025) if not d.endswith(("-05", "-06", "-07"))], level),
                "2025-02-20",
            )
        for offset, indicator, month, first, length, level in ordered:
            known_on = (date(2025, 1, 1) + timedelta(days=offset)).isoformat()
            last = 26 if month == 2 else 28
            told = {
                f"2025-{month:02}-{d:02}": str(level) for d in range(first, min(first + length, last + 1))
            }
            tell(each, indicator, told, known_on)
            if each is steps:
                derive(each, NOW)
        derive(each, NOW)
    marks = sorted(
        {date(2025, 1, 1) + timedelta(days=o) for o, *_ in changes} | {date(2025, m, 1) for m in range(1, 13)}
    )
    for day in [*marks, date(2026, 1, 1), date(2026, 11, 21)]:
        found = [
            {k: (o.value, o.known_on) for k, o in derived(each, day.isoformat()).items()} for each in apps
        ]
        assert found[0] == found[1]
    for each in apps:
        each.store.close()
