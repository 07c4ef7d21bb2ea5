"""The JSON of an assessment says what the assessment says, to the last digit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.domain.assessment import Reopened, RuleResult, Status
from dabiao.services.app import App
from dabiao.services.judge.assessment_rows import assessment_row
from dabiao.services.judge.judging import Verdict, judge

TODAY = date(2026, 11, 21)
FIGURES = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
RULES = st.builds(
    RuleResult,
    rule=st.sampled_from(["dns", "escap"]),
    outcome=st.text(max_size=3),
    figure=FIGURES,
    favourable=st.sampled_from([True, False, None]),
    message=st.text(max_size=3),
    params=st.dictionaries(st.sampled_from(["year", "base", "score"]), FIGURES | st.booleans() | st.text()),
    decides=st.booleans(),
)


def written(v: Verdict) -> str:
    return str(assessment_row(v, "2026-11-21T02:00:00Z")["content"])


def test_every_bundled_target(walked_app: App, now: datetime) -> None:
    """The content says what the assessment says, rule by rule, and leaves nothing out."""
    verdicts = judge(walked_app, TODAY, now)
    assert any(v.assessment.rules for v in verdicts)
    for v in verdicts:
        a, content = v.assessment, json.loads(written(v))
        assert content["deadline"] == v.declared.target.deadline
        assert [RuleResult(**r) for r in content["rules"]] == list(a.rules)
        assert [(w["code"], w["params"]) for w in content["warnings"]] == [
            (w.code, w.params) for w in a.warnings
        ]
        assert content["late"] == a.late
        assert (content["forecast"] is None) == (a.forecast is None)
        assert (content["decided_by"] is None) == (a.decided_by is None)


def test_a_reopened_decision_is_found_by_its_index(walked_app: App, now: datetime) -> None:
    """The index of reopened decisions looks for the word as it is spelt: with its space, and only where one is reopened."""
    v = judge(walked_app, TODAY, now, lambda d: d.position == 0)[0]
    reopened = Reopened("value_revised", TODAY, Status.MISSED, "36")
    again = replace(v, assessment=replace(v.assessment, reopened=reopened))
    assert '"reopened": ["value_revised"' in written(again)
    assert '"reopened": [' not in written(v)
    assert json.loads(written(again))["reopened"] == ["value_revised", "missed", "36"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(RULES, max_size=3).map(tuple))
def test_whatever_the_rules_say(walked_app: App, now: datetime, rules: tuple[RuleResult, ...]) -> None:
    """Words with quotes, figures of any size, truth values: each result comes back as it was given, to the last digit."""
    v = judge(walked_app, TODAY, now, lambda d: d.position == 0)[0]
    text = written(replace(v, assessment=replace(v.assessment, rules=rules)))
    assert [RuleResult(**r) for r in json.loads(text)["rules"]] == list(rules)
