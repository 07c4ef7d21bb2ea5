"""The JSON of an assessment, put together from parts, is the one that an encoder writes of the whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.domain.assessment import RuleResult
from dabiao.services.app import App, stamp
from dabiao.services.judge.assessment_rows import assessment_row
from dabiao.services.judge.judging import Verdict, judge

TODAY = date(2026, 11, 21)
FIGURES = st.none() | st.floats() | st.integers()
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
    """Read and written again by the encoder, the content is the same text."""
    verdicts = judge(walked_app, TODAY, now)
    assert any(v.assessment.rules for v in verdicts)
    for v in verdicts:
        text = str(assessment_row(v, stamp(now))["content"])
        assert json.dumps(json.loads(text), ensure_ascii=False) == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(RULES, max_size=3).map(tuple))
def test_whatever_the_rules_say(walked_app: App, now: datetime, rules: tuple[RuleResult, ...]) -> None:
    """Words with quotes, endless figures, truth values: each result is there as it was given."""
    v = judge(walked_app, TODAY, now, lambda d: d.position == 0)[0]
    text = written(replace(v, assessment=replace(v.assessment, rules=rules)))
    told = [
        {
            "rule": r.rule,
            "outcome": r.outcome,
            "figure": r.figure,
            "favourable": r.favourable,
            "decides": r.decides,
            "message": r.message,
            "params": r.params,
        }
        for r in rules
    ]
    assert f'"rules": {json.dumps(told, ensure_ascii=False)}, ' in text
