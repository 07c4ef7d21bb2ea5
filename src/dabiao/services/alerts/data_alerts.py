"""Alerts about the data and the service itself: each stands as long as its condition does, and clears by itself.

The conditions are looked at anew each time, so that nothing has to be remembered where something fails: a process that
dies before it can raise an alert raises it at its next look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dabiao.domain.alert import DATA_CAUSES, Alert, Cause, Change, Event, Kind, State
from dabiao.services.alerts.alerting import counts_of
from dabiao.services.app import App, stamp
from dabiao.services.intake.reasons import ISSUES, REASONS
from dabiao.services.keep.verifying import Finding
from dabiao.store import alerts as store
from dabiao.store import conditions
from dabiao.store.audit import SYSTEM

_SEVERITY = {
    Cause.SERIES_STALE: "low",
    Cause.FILE_REFUSED: "medium",
    Cause.FORECAST_FAILED: "medium",
    Cause.JOB_FAILED: "high",
}
_LOOKED_AT = tuple(c for c in DATA_CAUSES if c is not Cause.CHECK_FAILED)


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is wrong now.

    Attributes:
        key: the series, file, job or finding; the same for as long as it is wrong.
        params: of the sentence ``alert.data.<cause>``.
    """

    cause: Cause
    key: str
    severity: str
    params: Mapping[str, Any]


def refresh(app: App, now: datetime, causes: Sequence[Cause] = _LOOKED_AT) -> dict[str, int]:
    """Raise an alert for each condition that holds and clear those that no longer do. Repeating it changes nothing.

    Args:
        causes: those to look at; a job that has just ended looks at ``Cause.JOB_FAILED`` alone.

    Returns:
        counts ``{"raised", "cleared", "open"}``.
    """
    found: list[Condition] = []
    day = app.today(now)
    for cause in causes:
        found += _LOOKS[cause](app, day)
    return _settle(app, now, causes, found)


def check_found(app: App, now: datetime, findings: Iterable[Finding]) -> dict[str, int]:
    """Bring the alerts of :func:`dabiao.services.keep.verifying.verify` up to what it has just found.

    Returns:
        counts as :func:`refresh`.
    """
    severities = {"error": "high", "warning": "medium"}
    found = [
        Condition(
            Cause.CHECK_FAILED, _key(f), severities[f.severity], {"code": f.code, "params": dict(f.params)}
        )
        for f in findings
    ]
    return _settle(app, now, (Cause.CHECK_FAILED,), found)


def _key(finding: Finding) -> str:
    """The same for as long as the same thing is wrong: figures that change each day are not in it."""
    about = finding.params.get("path") or finding.params.get("row") or finding.params.get("alert")
    return finding.code if about is None else f"{finding.code}:{about}"


def _settle(app: App, now: datetime, causes: Sequence[Cause], found: Iterable[Condition]) -> dict[str, int]:
    at = stamp(now)
    holds = {(c.cause, c.key): c for c in found}
    with app.store.write() as db:
        standing = {
            (cause, key): alert
            for key, (mine, _) in store.standing_and_last(app.store, Kind.DATA).items()
            for cause, alert in mine.items()
            if cause in causes
        }
        events = [*_events(holds, standing, app.today(now), at)]
        if events:
            store.happen(db, at, SYSTEM, events, {a.id: a for a in standing.values()})
    return {**counts_of(events), "open": len(holds)}


def _events(
    holds: Mapping[tuple[Cause, str], Condition],
    standing: Mapping[tuple[Cause, str], Alert],
    day: date,
    at: str,
) -> Iterator[Event]:
    for place, alert in standing.items():
        if place not in holds:
            closed = {"state": str(State.CLEARED), "reason": "condition_gone", "cleared_at": at}
            yield Event(Change.CLEARED, alert.id, closed)
        elif alert.severity != holds[place].severity:
            yield Event(Change.CHANGED, alert.id, {"severity": holds[place].severity})
    for place in sorted(holds.keys() - standing.keys()):
        c = holds[place]
        raised = {
            "kind": str(Kind.DATA),
            "cause": str(c.cause),
            "key": c.key,
            "state": str(State.OPEN),
            "severity": c.severity,
            "as_of": day.isoformat(),
            "raised_at": at,
            "params": dict(c.params),
        }
        yield Event(Change.RAISED, None, raised)


# -- the conditions --------------------------------------------------------------------------------------------------


def _stale(app: App, day: date) -> Iterator[Condition]:
    for r in conditions.stale_series(app.store, day):
        yield _condition(Cause.SERIES_STALE, r["key"], latest=r["latest"] or "—", targets=r["targets"])


def _refused(app: App, _day: date) -> Iterator[Condition]:
    """Files that lie in ``failed/``, as long as nothing of that name was taken since."""
    folder = app.paths.failed
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        told = path.name.endswith((ISSUES, REASONS)) or path.name.startswith(".")
        if path.is_file() and not told and not conditions.taken_since(app.store, path.name, _moment(path)):
            yield _condition(Cause.FILE_REFUSED, path.name)


def _moment(path: Any) -> str:
    return stamp(datetime.fromtimestamp(path.stat().st_ctime).astimezone())


def _not_forecast(app: App, day: date) -> Iterator[Condition]:
    for r in conditions.failed_forecasts(app.store, day):
        yield _condition(Cause.FORECAST_FAILED, r["key"], targets=r["targets"])


def _failed_jobs(app: App, _day: date) -> Iterator[Condition]:
    for r in conditions.failed_jobs(app.store):
        yield _condition(Cause.JOB_FAILED, r["job"], message=r["message"] or r["reason"] or "—")


def _condition(cause: Cause, key: str, **params: Any) -> Condition:
    return Condition(cause, key, _SEVERITY[cause], params)


_LOOKS = {
    Cause.SERIES_STALE: _stale,
    Cause.FILE_REFUSED: _refused,
    Cause.FORECAST_FAILED: _not_forecast,
    Cause.JOB_FAILED: _failed_jobs,
}
