"""Final statuses: recorded when a value decides, kept when it is revised, confirmed by a person (docs/adr/0013)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dabiao import __version__
from dabiao.domain.assessment import Assessment
from dabiao.domain.decision import Decision, Event, decision_of, digest, stands_against, why_reopened
from dabiao.errors import DabiaoError
from dabiao.services.app import App, stamp
from dabiao.store import decisions as store
from dabiao.store.database import Row

if TYPE_CHECKING:
    from dabiao.services.judge.judging import Verdict

_GONE = {Event.REOPENED, Event.LAPSED, Event.WITHDRAWN}
"""Events after which the record and what is known part ways until another event."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The decision of a target that stood on a day, and since when it is contradicted."""

    decision: Decision
    since: date | None

    def over(self, a: Assessment, deadline: str | None) -> Assessment:
        """An assessment of that day under this decision."""
        return stands_against(a, self.decision, deadline, self.since)


def standing(app: App, as_of: date, names: Collection[str] | None = None) -> dict[str, Standing]:
    """What had been decided by a day, by target; of some targets where they are named."""
    events = store.last_events(app.store, as_of, names)
    found = {}
    for target_id, decision in store.decisions_as_of(app.store, as_of, names).items():
        event = events.get(target_id)
        since = date.fromisoformat(event["as_of"]) if event and event["event"] == Event.REOPENED else None
        found[target_id] = Standing(decision, since)
    return found


def touched(app: App, live: Collection[Verdict]) -> set[str]:
    """Ids of the targets of which a final status is recorded, or is to be: :func:`record` leaves all others as they are."""
    found = set(store.latest_decisions(app.store, [v.assessment.target_id for v in live]))
    found |= {
        v.assessment.target_id
        for v in live
        if decision_of(v.assessment, v.declared.target.deadline) is not None
    }
    return found


def record(
    app: App, live: Iterable[Verdict], as_of: date, now: datetime, names: Collection[str] | None = None
) -> int:
    """Record what the values decide, and each way in which they part from what was decided before.

    A day before the last decision of a target adds nothing to it. Repeating changes nothing.

    Args:
        live: verdicts of all targets, whatever was decided before.
        names: ids of all targets, where ``live`` are only those that are :func:`touched`.

    Returns:
        how many events were recorded.
    """
    before, last = store.latest_decisions(app.store), store.last_events(app.store, date.max)
    decisions: list[Decision] = []
    events: list[dict[str, Any]] = []
    seen = set(names or ())
    for v in live:
        target_id = v.assessment.target_id
        seen.add(target_id)
        decided = before.get(target_id)
        if decided is not None and as_of < decided.as_of:
            continue
        step = _step(v, decided, last.get(target_id), as_of)
        if step is not None:
            events.append(step.event)
            decisions += [] if step.decision is None else [step.decision]
    for target_id, decided in before.items():
        event = last.get(target_id)
        gone = target_id not in seen and as_of >= decided.as_of
        if gone and (event is None or event["event"] != Event.WITHDRAWN):
            events.append(_event(Event.WITHDRAWN, decided, as_of, None, None, "", "target_withdrawn"))
    store.record(app.store, decisions, events, stamp(now), __version__)
    return len(events)


@dataclass(frozen=True, slots=True)
class _Step:
    event: dict[str, Any]
    decision: Decision | None = None


def _step(v: Verdict, decided: Decision | None, last: Row | None, as_of: date) -> _Step | None:
    """What a target's values have newly brought about; ``None`` for nothing."""
    a, deadline = v.assessment, v.declared.target.deadline
    made = decision_of(a, deadline, 1 if decided is None else decided.version + 1)
    word = digest(a, deadline)
    if decided is None:
        return None if made is None else _Step(_of(Event.DECIDED, made, None, a, as_of, word), made)
    parted = last is not None and Event(last["event"]) in _GONE
    if made is not None and made.digest == decided.digest:
        return _Step(_of(Event.RESTORED, decided, decided, a, as_of, word)) if parted else None
    if decided.settled:
        if last is not None and last["event"] == Event.REOPENED and last["digest"] == word:
            return None
        why = why_reopened(a, decided, deadline)
        return _Step(_of(Event.REOPENED, decided, decided, a, as_of, word, why))
    if made is not None:
        event = Event.CHANGED if made.provisional else Event.SETTLED
        event = Event.DECIDED if decided.status is None else event
        return _Step(_of(event, made, decided, a, as_of, word), made)
    if decided.status is None or parted:
        return None
    return _Step(_of(Event.LAPSED, decided, decided, a, as_of, word, "value_withdrawn"))


def _of(
    event: Event,
    recorded: Decision,
    before: Decision | None,
    a: Assessment,
    as_of: date,
    word: str,
    why: str | None = None,
) -> dict[str, Any]:
    value = str(a.decided_by.value) if a.decided_by else None
    row = _event(event, recorded, as_of, str(a.status), value, word, why)
    row["from_status"] = None if before is None or before.status is None else str(before.status)
    row["from_value"] = None if before is None else before.value
    return row


def _event(
    event: Event,
    d: Decision,
    as_of: date,
    status: str | None,
    value: str | None,
    word: str,
    why: str | None,
) -> dict[str, Any]:
    return {
        "target_id": d.target_id,
        "version": d.version,
        "event": str(event),
        "why": why,
        "as_of": as_of.isoformat(),
        "period": d.period,
        "from_status": None if d.status is None else str(d.status),
        "to_status": status,
        "from_value": d.value,
        "to_value": value,
        "digest": word,
        "by": d.by,
        "note": d.note,
    }


def confirm(app: App, target_id: str, by: str, note: str, as_of: date, now: datetime) -> Decision:
    """Take what the values say for a reopened target's new decision; the frozen one stays as an earlier version.

    Where they decide nothing any more, the decision is lifted and the target is judged again.

    Raises:
        DabiaoError: nothing was decided, or what was decided is not contradicted.
    """
    from dabiao.services.judge.judging import judge  # noqa: PLC0415 - judging reads decisions

    decided = store.latest_decisions(app.store).get(target_id)
    if decided is None:
        raise DabiaoError("decision_none", name=target_id)
    live = judge(app, as_of, now, lambda d: d.target.id == target_id, live=True)
    a, deadline = live[0].assessment, live[0].declared.target.deadline
    word = digest(a, deadline)
    if not decided.settled or word == decided.digest:
        raise DabiaoError("decision_stands", name=a.target_id, status=str(decided.status))
    made = decision_of(a, deadline, decided.version + 1)
    if made is None:
        made = replace(
            decided, version=decided.version + 1, status=None, period=None, value=None, digest=word
        )
    made = replace(made, as_of=as_of, by=by, note=note)
    event = _of(Event.CONFIRMED, made, decided, a, as_of, word, why_reopened(a, decided, deadline))
    store.record(app.store, [made], [event], stamp(now), __version__)
    return made


def decision_row(d: Decision, event: Row | None) -> dict[str, Any]:
    """One row of ``decisions list``."""
    reopened = event is not None and event["event"] == Event.REOPENED and event["version"] == d.version
    chosen = d.evidence["decided_by"]["chosen"]
    return {
        "target_id": d.target_id,
        "version": d.version,
        "status": None if d.status is None else str(d.status),
        "provisional": d.provisional,
        "period": d.period,
        "value": d.value,
        "decided_on": d.as_of.isoformat(),
        "target_version": d.target_version,
        "source": chosen["source"] if d.period else None,
        "digest": d.digest,
        "by": d.by or None,
        "note": d.note or None,
        "reopened": event["why"] if event is not None and reopened else None,
        "reopened_on": event["as_of"] if event is not None and reopened else None,
        "value_now": event["to_value"] if event is not None and reopened else None,
        "status_now": event["to_status"] if event is not None and reopened else None,
    }


def versions(app: App, target_id: str, as_of: date) -> list[Decision]:
    """A target's decisions by a day, the oldest first."""
    return [d for d in store.decision_versions(app.store, target_id) if d.as_of <= as_of]


def decision_rows(app: App) -> list[dict[str, Any]]:
    """Rows of ``decisions list``: the decision that stands on each target."""
    events = store.last_events(app.store, date.max)
    found = store.latest_decisions(app.store)
    return [decision_row(found[name], events.get(name)) for name in sorted(found)]


def event_rows(app: App, after: int = 0, target_id: str | None = None) -> list[dict[str, Any]]:
    """Events as alerts and other programs read them, the oldest first."""
    return [{name: r[name] for name in EVENT_FIELDS} for r in store.event_rows(app.store, after, target_id)]


EVENT_FIELDS = (
    "id",
    "target_id",
    "version",
    "event",
    "why",
    "as_of",
    "period",
    "from_status",
    "to_status",
    "from_value",
    "to_value",
    "by",
    "note",
    "recorded_at",
)
