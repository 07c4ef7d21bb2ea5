"""An alert: something that someone must see. It is made of its events alone (docs/alerts.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Whether an alert is about a target or about the data and the service itself."""

    TARGET = "target"
    DATA = "data"


class Cause(StrEnum):
    """Why an alert is raised. Of one cause and key at most one stands at a time."""

    OFF_TRACK = "off_track"
    MISSED = "missed"
    REOPENED = "reopened"

    SERIES_STALE = "series_stale"
    FILE_REFUSED = "file_refused"
    FORECAST_FAILED = "forecast_failed"
    JOB_FAILED = "job_failed"
    CHECK_FAILED = "check_failed"


TARGET_CAUSES = (Cause.OFF_TRACK, Cause.MISSED, Cause.REOPENED)
DATA_CAUSES = (
    Cause.SERIES_STALE,
    Cause.FILE_REFUSED,
    Cause.FORECAST_FAILED,
    Cause.JOB_FAILED,
    Cause.CHECK_FAILED,
)


class State(StrEnum):
    """Where an alert stands. Acknowledged and snoozed alerts are open."""

    PENDING = "pending"
    OPEN = "open"
    DROPPED = "dropped"
    CLEARED = "cleared"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Change(StrEnum):
    """What happens to an alert; the audit row's action is ``alert.<change>``."""

    CARRIED = "carried"
    PENDING = "pending"
    SEEN = "seen"
    DROPPED = "dropped"
    RAISED = "raised"
    CHANGED = "changed"
    COUNTED = "counted"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    REOPENED = "reopened"
    CLEARED = "cleared"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RECORDED = "recorded"


_PENDING, _OPEN = frozenset({State.PENDING}), frozenset({State.OPEN})
FOLLOWS: Mapping[Change, frozenset[State | None]] = {
    Change.CARRIED: frozenset({None}),
    Change.PENDING: frozenset({None}),
    Change.SEEN: _PENDING,
    Change.DROPPED: _PENDING,
    Change.RAISED: frozenset({None, State.PENDING}),
    Change.CHANGED: _OPEN,
    Change.COUNTED: _OPEN,
    Change.ESCALATED: _OPEN,
    Change.ACKNOWLEDGED: frozenset(
        {State.OPEN, State.CLEARED}
    ),  # stores of schema 11 acknowledged cleared ones too
    Change.SNOOZED: _OPEN,
    Change.REOPENED: frozenset({State.OPEN, State.EXPIRED}),
    Change.CLEARED: _OPEN,
    Change.EXPIRED: _OPEN,
    Change.WITHDRAWN: _OPEN,
    Change.RECORDED: frozenset({State.EXPIRED}),
}
"""The states in which each change may meet an alert; ``None`` is one that there is not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert as it stands.

    Attributes:
        key: what it is about: a target's id; of a data alert, a series, file, job or finding.
        target_version, attainment, assessment_id: of the assessment that raised it.
        severity: ``high``, ``medium`` or ``low``.
        level: number of the escalation level, from 1; 0 for a data alert.
        counter: months in which it stood, counted for the escalation.
        counted: the last month that was counted, ``YYYY-MM``.
        evidence: the last days looked at while it was pending, and whether the status was across the border on each.
        quiet: raised because a border was moved, not because the target got worse.
        reason: why it was closed; of an open one, why it is quiet.
        as_of: the day on which it was raised, before that the day on which it became pending.
        due: day by which the one who acknowledged it will have dealt with it.
        snoozed_until: the day on which it is shown again.
        final_status: of an expired one, what became of the target.
        params: figures of a data alert's sentence.
    """

    id: int
    kind: Kind
    cause: Cause
    key: str
    state: State
    severity: str
    as_of: str
    target_id: str | None = None
    target_version: int | None = None
    from_status: str | None = None
    to_status: str | None = None
    attainment: float | None = None
    assessment_id: int | None = None
    lead_units: tuple[str, ...] = ()
    level: int = 0
    counter: int = 0
    counted: str | None = None
    evidence: tuple[tuple[str, bool], ...] = ()
    quiet: bool = False
    reason: str | None = None
    raised_at: str | None = None
    acknowledged_by: str | None = None
    acknowledged_at: str | None = None
    note: str | None = None
    due: str | None = None
    snoozed_until: str | None = None
    cleared_at: str | None = None
    final_status: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def held(self, day: str) -> bool:
        """Whether someone has promised to deal with it by a day that is not over."""
        return self.due is not None and day <= self.due

    def snoozed(self, day: str) -> bool:
        """Whether it is not to be shown on a day."""
        return self.snoozed_until is not None and day < self.snoozed_until


FIELDS = tuple(f.name for f in fields(Alert))


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one alert.

    Attributes:
        alert: its id; ``None`` for one that the event makes.
        changes: the fields that get another value, as JSON types.
    """

    change: Change
    alert: int | None
    changes: Mapping[str, Any]


def evolve(alert: Alert | None, number: int, changes: Mapping[str, Any]) -> Alert:
    """An alert after an event; ``None`` before its first.

    Raises:
        TypeError: an event that names no field of an alert, or a first one that lacks one.
    """
    made = {name: _FROM_JSON[name](value) if name in _FROM_JSON else value for name, value in changes.items()}
    return Alert(id=number, **made) if alert is None else replace(alert, **made)


_FROM_JSON: Mapping[str, Any] = {
    "kind": Kind,
    "cause": Cause,
    "state": State,
    "lead_units": tuple,
    "evidence": lambda days: tuple((day, bool(across)) for day, across in days),
    "quiet": bool,
    "params": dict,
}
