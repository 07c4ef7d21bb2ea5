"""What the pages read is what a judgement says, whoever asked before, and changes with what it hangs on."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.domain.assessment import Report, Status
from dabiao.domain.target import Measure
from dabiao.services.alerts import alerting
from dabiao.services.app import App
from dabiao.services.declare import reporting
from dabiao.services.judge.assessment_rows import assessment_row
from dabiao.services.judge.judging import Verdict, judge
from dabiao.services.pages import views
from dabiao.store import alerts as stored_alerts
from dabiao.store import assessments

TODAY, EARLIER = date(2026, 11, 21), date(2025, 3, 1)


def digests(verdicts: tuple[Verdict, ...] | list[Verdict], now: datetime) -> list[str]:
    """What is stored of verdicts, to the last digit."""
    return [assessment_row(v, now)["digest"] for v in verdicts]


@pytest.mark.parametrize("day", [TODAY, EARLIER])
def test_what_is_kept_is_what_a_judgement_says(walked_app: App, now: datetime, day: date) -> None:
    """The first and the second to ask get every target as it is judged afresh, in the same order."""
    fresh = digests(judge(walked_app, day, now), now)
    assert digests(views.verdicts(walked_app, day, now), now) == fresh
    assert digests(views.verdicts(walked_app, day, now), now) == fresh


def test_a_target_judged_alone_is_the_same(walked_app: App, now: datetime) -> None:
    """A target's page, which judges one, agrees with the lists, which judge all."""
    everything = views.verdicts(walked_app, TODAY, now)
    for v in islice(everything, 0, None, 9):
        alone = views.find(walked_app, v.assessment.target_id, TODAY, now)
        assert alone is not None
        assert digests([alone], now) == digests([v], now)


def test_an_acknowledgement_costs_no_judgement(walked_app: App, now: datetime) -> None:
    """What happens to alerts changes what pages show, but no verdict: those that are kept stay."""
    before, version = views.verdicts(walked_app, TODAY, now), walked_app.store.data_version()
    alert = next(iter(stored_alerts.listed(walked_app.store)))
    alerting.acknowledge(walked_app, alert.id, "王芳", "已安排", None, now)
    assert walked_app.store.data_version() != version
    assert views.verdicts(walked_app, TODAY, now) is before


def test_a_report_is_seen_at_once(walked_app: App, now: datetime) -> None:
    """A verdict follows what it hangs on, without anything having been told to forget."""
    waiting = next(
        v
        for v in views.verdicts(walked_app, TODAY, now)
        if v.declared.target.measure is Measure.QUALITATIVE and v.assessment.status is Status.UNREPORTED
    )
    name, before = waiting.assessment.target_id, assessments.inputs(walked_app.store)
    alone = views.find(walked_app, name, TODAY, now)
    assert alone is not None and alone.assessment.report is None
    report = Report("done", TODAY, "泉州市生态环境局", "泉环〔2026〕1号", "")
    reporting.add(walked_app, name, report, TODAY, now)
    assert assessments.inputs(walked_app.store) != before
    listed = next(v for v in views.verdicts(walked_app, TODAY, now) if v.assessment.target_id == name)
    alone = views.find(walked_app, name, TODAY, now)
    assert alone is not None
    assert listed.assessment.report is not None and alone.assessment.report is not None
    assert digests([alone], now) == digests([listed], now)


def test_the_most_urgent_come_first(walked_app: App, now: datetime) -> None:
    """The order of the lists is that of urgency, whatever passes."""
    found = views.urgent(walked_app, TODAY, now, {})
    assert sorted(found, key=views.urgency) == list(found)
    assert len(found) == len(views.verdicts(walked_app, TODAY, now))
    off = views.urgent(walked_app, TODAY, now, {"status": ["off_track"]})
    assert list(off) == [v for v in found if v.assessment.status is Status.OFF_TRACK]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_filter_lets_pass_what_has_one_of_its_values(
    walked_app: App, now: datetime, data: st.DataObject
) -> None:
    """For any filters: what passes has one of the wanted values of each, and nothing else has."""
    everything = views.verdicts(walked_app, TODAY, now)
    offered = {
        "plan": sorted({v.declared.target.plan for v in everything}),
        "region": sorted(walked_app.catalogue.regions),
        "status": [str(s) for s in Status],
        "measure": [str(m) for m in Measure],
        "deadline": ["2025", "2030", "none"],
    }
    filters = {
        name: data.draw(st.lists(st.sampled_from(values), max_size=3)) for name, values in offered.items()
    }

    def passes(v: Verdict) -> bool:
        t = v.declared.target
        own = {
            "plan": {t.plan},
            "region": {t.region, *views.parents(t.region, walked_app.catalogue)},
            "status": {v.assessment.status.value},
            "measure": {t.measure.value},
            "deadline": {t.deadline[:4] if t.deadline else "none"},
        }
        return all(own[name] & set(wanted) for name, wanted in filters.items() if wanted)

    expected = [v.assessment.target_id for v in everything if passes(v)]
    found = views.passing(everything, filters, walked_app.catalogue)
    assert [v.assessment.target_id for v in found] == expected
