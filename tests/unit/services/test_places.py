"""What the pages of a region, a unit and an indicator are given."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from dabiao.services.app import App
from dabiao.services.pages import places, views
from dabiao.services.pages.about import about, stages_of
from dabiao.standards.rules import RULES
from dashboard import urls

DAY = date(2026, 11, 21)


def test_a_region_counts_what_is_within_it_once(walked_app: App, now: datetime) -> None:
    """A region's targets are its own and those of every place within; the index counts the same."""
    view = places.region_view(walked_app, "350500", DAY, now)
    assert view is not None
    inside = {"350500", *(s.id for s in view.within)}
    own = [v for v in views.verdicts(walked_app, DAY, now) if v.declared.target.region in inside]
    assert len(view.offered) == len(view.seen.verdicts) == len(own)
    listed = {s.id: s.total for s in places.regions(walked_app, DAY, now)}
    assert listed["350500"] == len(own)
    assert [r.id for r in view.above] == ["350000"]
    assert listed["350000"] == listed["350500"]


def test_a_member_is_bound_by_its_groups(walked_app: App, now: datetime) -> None:
    """A member without a target of its own knows the targets of the groups that name it."""
    view = places.region_view(walked_app, "360681", DAY, now)
    assert view is not None
    assert [g.id for g in view.groups] == ["yingtan-guixi-yujiang-longhushan"]
    assert {v.declared.target.region for v in view.bound} == {"yingtan-guixi-yujiang-longhushan"}
    assert view.offered == ()


def test_filters_narrow_what_is_shown_and_not_what_is_offered(walked_app: App, now: datetime) -> None:
    """The counts beside "of" stay; a filter on the page's own kind cannot lead away from it."""
    all_of_it = places.unit_view(walked_app, "quanzhou-ecology-environment", DAY, now, "en")
    filters = {"measure": ["numeric"], "unit": ["panshi-housing"]}
    some = places.unit_view(walked_app, "quanzhou-ecology-environment", DAY, now, "en", filters)
    assert all_of_it is not None
    assert some is not None
    assert len(some.offered) == len(all_of_it.offered)
    assert 0 < len(some.entries) < len(all_of_it.entries)
    assert len(some.entries) == len(some.seen.verdicts)


def test_a_units_worst_target_comes_first(walked_app: App, now: datetime) -> None:
    """Entries stand in the order of urgency."""
    view = places.unit_view(walked_app, "quanzhou-ecology-environment", DAY, now, "en")
    assert view is not None
    assert [e.v for e in view.entries] == sorted((e.v for e in view.entries), key=views.urgency)


def test_nothing_passes_and_nothing_is_there(walked_app: App, now: datetime) -> None:
    """Filters that nothing passes give no entry; an id that nothing has gives no view."""
    none = places.unit_view(walked_app, "panshi-housing", DAY, now, "en", {"deadline": ["1999"]})
    assert none is not None
    assert none.entries == ()
    assert none.offered != ()
    assert places.unit_view(walked_app, "no-such", DAY, now, "en") is None
    assert places.region_view(walked_app, "no-such", DAY, now) is None
    assert places.indicator_view(walked_app, "no-such", DAY, now) is None
    assert places.unit_notice(walked_app, "no-such", DAY, now, "en") is None


def test_an_indicator_has_every_region_once(walked_app: App, now: datetime) -> None:
    """Regions with targets come first, those with values alone after them; under a filter only those that pass."""
    view = places.indicator_view(walked_app, "pm25", DAY, now)
    assert view is not None
    names = [row.region for row in view.rows]
    assert len(names) == len(set(names))
    with_targets = [bool(row.verdicts) for row in view.rows]
    assert with_targets == sorted(with_targets, reverse=True)
    assert not with_targets[-1]
    missed = places.indicator_view(walked_app, "pm25", DAY, now, {"status": ["missed"]})
    assert missed is not None
    assert {row.region for row in missed.rows} == {"220284", "350500"}


@pytest.mark.parametrize(
    ("day", "limit"),
    [(date(2026, 2, 28), 35), (date(2026, 3, 1), 30), (date(2030, 12, 31), 30), (date(2031, 1, 1), 25)],
)
def test_the_limit_in_force_changes_on_its_day(day: date, limit: int) -> None:
    """PM2.5: 35 until February 2026, 30 until 2030, then 25; one stage is in force on any day."""
    assert [s.limit for s in stages_of("pm25", day) if s.in_force] == [Decimal(limit)]


def test_an_indicator_that_no_standard_limits_has_no_stage() -> None:
    """Only indicators that are evaluated by GB 3095 or the index have stages."""
    assert stages_of("forest_coverage", DAY) == ()
    assert [s.id for s in stages_of("good_day_ratio", DAY) if s.in_force] == ["HJ633-2026"]


def test_about_knows_only_what_was_known(walked_app: App) -> None:
    """Sources that became known after the day are not counted."""
    now_known, before = about(walked_app, DAY), about(walked_app, date(2020, 1, 1))
    assert 0 < len(before.sources) < len(now_known.sources)
    assert all(s.known_on <= "2020-01-01" for s in before.sources)
    assert {c.id for c in now_known.clauses} == set(RULES)


def test_the_walls_words_in_the_address_come_back() -> None:
    """Seconds and views survive the way into the address and back; what is no number is passed over."""
    query = urls.parse("?seconds=30&views=plans,counts&plan=jilin-2024")
    assert (query.seconds, query.views) == (30, ("plans", "counts"))
    assert urls.parse(urls.encode(query)) == query
    assert urls.parse("?seconds=soon&views=").seconds is None
    assert query.without_filters().views == ()
