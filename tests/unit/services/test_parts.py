"""A forecast's parts in words: the figures are those of the model, and the values named are those that move it most."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from dabiao.services.app import App
from dabiao.services.judge import judging
from dabiao.services.judge.explaining import explanation
from dabiao.services.judge.judging import Verdict
from dabiao.services.judge.parts import influences, parts_of

KEY = "jilin-2024-pm25"


@pytest.fixture
def verdict(walked_app: App, now: datetime) -> Verdict:
    found = judging.judge(walked_app, walked_app.today(now), now, lambda d: d.target.id == KEY)
    return found[0]


def test_the_parts_add_up_to_the_forecast(verdict: Verdict) -> None:
    """From the level, one year of the drift leads to the first step; what is believed lies between what is seen and usual."""
    f, series = verdict.assessment.forecast, verdict.assessment.series
    assert f is not None
    assert series is not None
    last = float(series.last.value)
    parts = parts_of(f, last)
    assert parts.level == pytest.approx(last - parts.taken_back)
    assert parts.kept is not None
    assert f.steps[0].point == pytest.approx(parts.level + parts.kept * parts.drift, abs=0.1)
    assert parts.seen is not None
    assert parts.usual is not None
    assert min(parts.seen, parts.usual) <= parts.drift <= max(parts.seen, parts.usual)
    assert 0 < (parts.believed or 0) < 1
    assert 0 < (parts.own or 0) < 1
    assert parts.spread > 0


def test_influential_values_are_found_by_leaving_them_out(walked_app: App, verdict: Verdict) -> None:
    """Each value is left out in turn; those that move the forecast most come first, and a repeat gives the same digits."""
    a = verdict.assessment
    assert a.series is not None
    assert a.bounds is not None
    found = influences(walked_app, a.series, "2027", (a.bounds, 0), "2026-11-21T02:00:00Z")
    moved = [abs(point - before) for _, point, _, before, _ in found]
    assert len(found) == 3
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > 0
    assert found == influences(walked_app, a.series, "2027", (a.bounds, 0), "2026-11-21T02:00:00Z")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh-CN", ["起点水平", "的权重采信", "每过一年留下", "来自本序列的波动", "若没有", "合计：符合"]),
        (
            "en",
            [
                "at the start",
                "believed with a weight of",
                "a year later",
                "own changes",
                "Without",
                "In all:",
            ],
        ),
    ],
)
def test_explain_says_the_parts(walked_app: App, verdict: Verdict, lang: str, words: list[str]) -> None:
    """Level, drift and its shrinkage, season, uncertainty, influential values and agreement are said in both languages."""
    said = " ".join(line for _, lines in explanation(walked_app, verdict, lang) for line in lines)
    assert [w for w in words if w not in said] == []
    assert "µg/m³" in said


def test_a_change_is_explained_by_its_level(walked_app: App, now: datetime) -> None:
    """What is compared is the level that the change comes to; without a baseline nothing is compared."""
    (v,) = judging.judge(
        walked_app, date(2026, 11, 21), now, lambda d: d.target.id == "quanzhou-2022-fertilizer-use"
    )
    headings = [heading for heading, _ in explanation(walked_app, v, "en")]
    assert ("How it is compared" in headings) == (v.assessment.bounds is not None)
