"""What was said of decided targets at fixed days before: as it was stored then, and as it is worked out now (回算)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dabiao.domain.assessment import Assessment, RuleResult, Status
from dabiao.domain.rounding import decimals_of, plain
from dabiao.domain.steps import step_of
from dabiao.domain.target import Kind
from dabiao.domain.track_record import FIRST_YEAR, LEADS, Asked, Case, Mode
from dabiao.forecast.references import References
from dabiao.services.app import App
from dabiao.services.judge.judging import Verdict, judge
from dabiao.store import track_record as store
from dabiao.store.database import Row

DECIDED = (Status.MET, Status.MISSED)


def checkpoints(deadline: str, until: date) -> list[tuple[int, date]]:
    """Leads and days at which one looks back: the last day of the years before a deadline's, and the middle of its own.

    A deadline within a year has no middle of its year to look back at.
    """
    year = int(deadline[:4])
    found = [(lead, date(year - lead, 12, 31)) for lead in LEADS]
    if len(deadline) == 4:
        found.append((0, date(year, 6, 30)))
    return [(lead, day) for lead, day in found if day.year >= FIRST_YEAR and day < until]


@dataclass(frozen=True, slots=True)
class _Said:
    """The figures that were given on one day."""

    attainment: float
    point: float | None
    lower80: float | None
    upper80: float | None
    lower95: float | None
    upper95: float | None
    model: str
    model_version: str
    vintage: str
    rules: Mapping[str, bool | None]


def of_targets(app: App, as_of: date, now: datetime, decided: Iterable[Verdict]) -> Iterator[Case]:
    """The cases of decided targets, in both modes.

    Args:
        decided: the targets that are decided as of ``as_of``.
    """
    by_day: dict[date, dict[str, tuple[int, Verdict]]] = defaultdict(dict)
    for v in decided:
        for lead, day in checkpoints(v.declared.target.deadline or "", as_of):
            by_day[day][v.declared.target.id] = (lead, v)
    for day, asked in sorted(by_day.items()):
        stored = store.standing_on(app.store, day, list(asked))
        for then in _judged(app, day, now, asked):
            lead, came = asked[then.declared.target.id]
            if then.declared.target.deadline != came.declared.target.deadline:
                continue
            live = stored.get(then.declared.target.id)
            if live is not None:
                yield _case(app, Mode.LIVE, _stored(live, then.assessment), then, came, day, lead)
            if then.assessment.attainment is not None:
                yield _case(app, Mode.REPLAY, _worked_out(then), then, came, day, lead)


def _judged(app: App, day: date, now: datetime, asked: Mapping[str, object]) -> list[Verdict]:
    """The targets as they stood on a day."""
    return judge(app, day, now, only=lambda d: d.target.id in asked, live=True)


def _worked_out(v: Verdict) -> _Said:
    a, deadline = v.assessment, v.declared.target.deadline or ""
    assert a.attainment is not None
    step = step_of(a.forecast.steps, deadline[:4]) if a.forecast else None
    return _Said(
        a.attainment,
        a.point,
        a.lower80,
        a.upper80,
        step.lower95 if step else None,
        step.upper95 if step else None,
        a.forecast.model if a.forecast else "",
        a.forecast.model_version if a.forecast else "",
        a.forecast.vintage if a.forecast else "",
        spoken(a.rules),
    )


def _stored(row: Row, again: Assessment) -> _Said:
    """The figures of a stored assessment; its wider interval is that of its forecast, where that can still be found."""
    content = json.loads(row["content"])
    forecast = content["forecast"] or {"model": "", "model_version": "", "vintage": ""}
    made = again.forecast
    same = made is not None and all(
        getattr(made, name) == forecast[name] for name in ("model", "model_version", "vintage")
    )
    step = step_of(made.steps, content["deadline"][:4]) if made is not None and same else None
    return _Said(
        row["attainment"],
        row["point"],
        row["lower80"],
        row["upper80"],
        step.lower95 if step else None,
        step.upper95 if step else None,
        forecast["model"],
        forecast["model_version"],
        forecast["vintage"],
        {r["rule"]: r["favourable"] for r in content["rules"] if not r["message"].startswith("rule.why.")},
    )


def _case(app: App, mode: Mode, said: _Said, then: Verdict, came: Verdict, day: date, lead: int) -> Case:
    a, t = then.assessment, then.declared.target
    decided = came.assessment.decided_by
    assert decided is not None
    assert t.value is not None
    # Of a group the forecast is one member's and the deciding value perhaps another's: no interval can be held against it.
    series = None if a.group else a.series
    indicator = app.catalogue.indicators[t.series.indicator]
    climatology = drift = None
    if series is not None and a.bounds is not None:
        decimals = indicator.decimals if t.kind is Kind.CHANGE else t.decimals
        simple = References(series, indicator)
        climatology = simple.climatology(a.bounds, decimals)
        drift = simple.drift(int((t.deadline or "")[:4]), a.bounds, decimals)
    return Case(
        mode=mode,
        asked=Asked.DECLARED,
        target_id=t.id,
        region=t.series.region,
        indicator=t.series.indicator,
        basis=str(series.basis) if series else "",
        comparator=str(t.comparator),
        value=plain(t.value),
        deadline=t.deadline or "",
        origin=day,
        lead=lead,
        attainment=said.attainment,
        climatology=climatology,
        drift=drift,
        point=said.point if series else None,
        lower80=said.lower80 if series else None,
        upper80=said.upper80 if series else None,
        lower95=said.lower95 if series else None,
        upper95=said.upper95 if series else None,
        met=came.assessment.status is Status.MET,
        observed=plain(decided.value),
        decimals=max(indicator.decimals, decimals_of(decided.value)),
        known_on=decided.chosen.known_on,
        provisional=bool(came.assessment.provisional),
        model=said.model,
        model_version=said.model_version,
        vintage=said.vintage,
        rules=dict(said.rules),
    )


def spoken(rules: Sequence[RuleResult]) -> dict[str, bool | None]:
    """What the rules that applied said: on the right side, on the wrong side, or neither."""
    return {r.rule: r.favourable for r in rules if r.applies}
