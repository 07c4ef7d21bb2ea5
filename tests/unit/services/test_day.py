"""A day finds by filters what going through all of it finds."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.domain.assessment import Status
from dabiao.domain.target import Measure
from dabiao.services.app import App
from dabiao.services.pages import day as days
from dabiao.services.pages import places, view_extras, views

TODAY = date(2026, 11, 21)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_groups_find_what_going_through_all_finds(
    walked_app: App, now: datetime, data: st.DataObject
) -> None:
    """For any filters: the same targets in the same order, and counts that are those of the targets."""
    found = views.day_of(walked_app, TODAY, now)
    offered = {
        "plan": [*view_extras.plans(walked_app), "none"],
        "region": [*walked_app.catalogue.regions, "none"],
        "unit": [*walked_app.catalogue.units, "none"],
        "indicator": [*walked_app.catalogue.indicators, "none"],
        "deadline": ["2025", "2030", "none"],
        "status": [str(s) for s in Status],
        "measure": [str(m) for m in Measure],
    }
    filters = {
        name: data.draw(st.lists(st.sampled_from(values), max_size=2))
        for name, values in offered.items()
        if data.draw(st.booleans())
    }
    group = found.passing(filters)
    assert group.verdicts == days.passing(found.urgent, filters, walked_app.catalogue)
    assert group.counts == Counter(v.assessment.status for v in group.verdicts)
    assert group.provisional == Counter(
        v.assessment.status for v in group.verdicts if v.assessment.provisional
    )


@pytest.mark.parametrize("name", days.FILTERS)
def test_every_value_has_its_group(walked_app: App, now: datetime, name: str) -> None:
    """A group is not empty, and holds what passes its value alone; a value that nothing has has an empty one."""
    found = views.day_of(walked_app, TODAY, now)
    for value, group in found.by[name].items():
        assert group.verdicts == days.passing(found.urgent, {name: [value]}, walked_app.catalogue)
        assert group.verdicts
    assert found.among(name, "nowhere").verdicts == ()


def test_a_regions_count_holds_the_places_within(walked_app: App, now: datetime) -> None:
    """The sum over a region is that of its own targets and of those of the places within it."""
    stands = {s.id: s.total for s in places.regions(walked_app, TODAY, now)}
    own = Counter(v.declared.target.region for v in views.verdicts(walked_app, TODAY, now))
    for region in walked_app.catalogue.regions.values():
        within = [r.id for r in walked_app.catalogue.regions.values() if r.parent == region.id]
        assert stands[region.id] == own[region.id] + sum(stands[r] for r in within)
