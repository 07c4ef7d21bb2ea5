"""The record of the bundled data: what is asked, that nothing later is seen, and that live is what was stored."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dabiao.domain.track_record import Asked, Case, Mode, Record
from dabiao.services.app import App
from dabiao.services.record import track_record as records
from dabiao.services.record.replay import checkpoints
from dabiao.store import track_record as store

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture
def app(walked_app: App) -> App:
    """The walked store, which holds its record."""
    return walked_app


def test_checkpoints_lie_before_the_deadline() -> None:
    """A year's deadline is looked back at from three year's ends and the middle of its year, never from a day to come."""
    assert checkpoints("2025", TODAY) == [
        (1, date(2024, 12, 31)),
        (2, date(2023, 12, 31)),
        (3, date(2022, 12, 31)),
        (0, date(2025, 6, 30)),
    ]
    assert checkpoints("2022-06", TODAY)[-1] == (3, date(2019, 12, 31))
    assert checkpoints("2019", TODAY) == [(1, date(2018, 12, 31)), (0, date(2019, 6, 30))]
    assert checkpoints("2025", date(2024, 6, 1)) == [(2, date(2023, 12, 31)), (3, date(2022, 12, 31))]


def test_the_record_is_not_empty_on_the_first_day(app: App) -> None:
    """Replay and constructed questions have cases; nothing is live yet; each is asked from what the docs name."""
    found = records.by_record(records.cases(app, TODAY))
    assert not found[Record.LIVE]
    assert {c.target_id for c in found[Record.REPLAY]} >= {"huimin-2022-pm25", "quanzhou-2022-pm25"}
    assert {c.asked for c in found[Record.CONSTRUCTED]} == {
        Asked.LIMIT,
        Asked.DECLARED_VALUE,
        Asked.NO_WORSE,
    }
    for c in found[Record.CONSTRUCTED]:
        assert c.origin.year + c.lead == int(c.deadline)
        assert (c.origin.month, c.origin.day) == (12, 31)
        assert 0 <= c.attainment <= 1


def test_a_repeat_works_nothing_out(app: App) -> None:
    """The same store is left alone; asked for anyway, the same cases come out to the digit."""
    before = records.cases(app, TODAY)
    assert records.refresh(app, TODAY, LATER)["changed"] == 0
    assert records.refresh(app, TODAY, LATER, anyway=True)["changed"] == 2
    assert records.cases(app, TODAY) == before


def test_nothing_later_than_the_origin_is_used(app: App) -> None:
    """With every later value turned into another one, each case of an origin says the same; only what came differs."""
    origin = date(2022, 12, 31)

    def said(cases: list[Case]) -> set[str]:
        kept = [c for c in cases if c.origin == origin and c.target_id is None]
        blind = [replace(c, met=False, observed="", known_on=origin, provisional=False) for c in kept]
        return {json.dumps([str(c.forecast), c.value, c.attainment, c.climatology, c.drift, c.point, c.lower95,
                            dict(c.rules)], sort_keys=True) for c in blind}  # fmt: skip

    before = records.cases(app, TODAY)
    with app.store.write() as db:
        changed = db.execute(
            """UPDATE observations SET value = '77', printed = NULL WHERE value IS NOT NULL AND provenance_id IN
                   (SELECT id FROM provenances WHERE known_on > ?)""",
            [origin.isoformat()],
        ).rowcount
    assert changed > 50
    records.refresh(app, TODAY, LATER, anyway=True)
    after = records.cases(app, TODAY)
    assert said(after) == said(before) != set()
    assert {c.observed for c in before if c.origin == origin} != {
        c.observed for c in after if c.origin == origin
    }


def test_live_is_what_was_stored(app: App) -> None:
    """A stored assessment enters the live record with its own figures, at each checkpoint on which it stood; one made later does not."""
    key, day = "huimin-2022-pm25", date(2024, 12, 31)
    row = dict(app.store.rows("SELECT * FROM assessments WHERE target_id = 'jilin-2024-pm25'")[0])
    del row["id"]
    content = json.loads(row["content"]) | {"deadline": "2025"}
    stored = {
        **row,
        "target_id": key,
        "target_version": 1,
        "as_of": "2024-12-01",
        "content": json.dumps(content),
    }
    with app.store.write() as db:
        db.table("assessments").insert_all(
            [
                {**stored, "made_at": "2024-12-01T02:00:00Z", "attainment": 0.123, "point": 30.5},
                {**stored, "made_at": "2026-11-21T02:00:00Z", "as_of": "2024-12-02", "attainment": 0.9},
            ]
        )
    records.refresh(app, TODAY, LATER)
    live = records.by_record(records.cases(app, TODAY))[Record.LIVE]
    assert [(c.target_id, c.origin, c.lead, c.attainment, c.point) for c in live] == [
        (key, day, 1, 0.123, 30.5),
        (key, date(2025, 6, 30), 0, 0.123, 30.5),
    ]
    assert live[0].met is True
    assert live[0].lower95 is None  # of a forecast that is not the one of that day
    assert records.looked_back(live)[0].said == {1: 0.123, 0: 0.123}


def test_an_outcome_counts_from_the_day_it_was_known(app: App) -> None:
    """As of an earlier day the record holds only what had been decided by then."""
    early = records.cases(app, date(2024, 6, 1))
    assert early
    assert all(c.known_on <= date(2024, 6, 1) for c in early)
    assert len(early) < len(records.cases(app, TODAY))


def test_a_large_store_waits_for_the_command(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit the questions are left as they are until they are asked for."""
    with app.store.write() as db:
        db.execute("DELETE FROM track_record")
        db.execute("DELETE FROM track_record_state")
    monkeypatch.setattr(records, "LARGEST", 3)
    counts = records.refresh(app, TODAY, LATER)
    assert (counts["constructed"], counts["changed"]) == (0, 1)
    assert records.refresh(app, TODAY, LATER, anyway=True)["constructed"] > 100


CASE = Case(
    Mode.REPLAY,
    Asked.NO_WORSE, None, "220200", "pm25", "official||||", "<=", "30", "2024", date(2023, 12, 31), 1, 0.8, 0.5, 0.6,
    29.0, 27.0, 31.0, 25.0, 33.0, True, "29.5", 1, date(2025, 1, 1), False, "pooled", "1", "v", {"dns": True, "eea": None},
)  # fmt: skip


def test_scores_count_a_forecast_once() -> None:
    """Three questions of one forecast give three probabilities and one interval; a rule without a word is left out."""
    other = replace(CASE, value="28", attainment=0.2, met=False, rules={"dns": True})
    third = replace(CASE, value="40", attainment=1.0, climatology=None, rules={})
    s = records.scores([CASE, other, third])
    assert (s.cases, s.series, s.forecasts, s.met, s.covered80.of) == (3, 1, 1, 2, 1)
    assert s.brier == pytest.approx((0.04 + 0.04 + 0) / 3)
    assert s.skill_climatology == pytest.approx(1 - 0.04 / 0.25)
    (rule,) = records.rule_scores([CASE, other, third])
    assert (rule.rule, rule.right.count, rule.right.of, rule.brier) == ("dns", 1, 2, 0.5)
    assert rule.brier_attainment == pytest.approx(0.04)


@pytest.mark.parametrize(
    ("observed", "low", "high", "held"),
    [
        ("0.0", 0.0001, 0.3, True),
        ("0.3", 0.0001, 0.24, False),
        ("0.3", 0.0001, 0.26, True),
        ("1", None, 2, None),
    ],
)
def test_an_interval_holds_a_value_as_published(
    observed: str, low: float | None, high: float, held: bool | None
) -> None:
    """A value published to one place is held by an interval that reaches what rounds to it."""
    assert replace(CASE, observed=observed).covered(low, high) is held


def test_the_filters_of_the_store(app: App) -> None:
    """Indicator, region and lead narrow what is read."""
    found = store.cases(app.store, TODAY, {"indicator": "pm25", "region": "220200", "lead": 2, "asked": None})
    assert found
    assert {(c.indicator, c.region, c.lead) for c in found} == {("pm25", "220200", 2)}
