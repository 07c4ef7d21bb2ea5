"""What the operations on alerts, rules, the track record and jobs answer."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from dashboard.api.answers import Answer


class Rule(Answer):
    """A published on-track rule."""

    id: str
    zh: str
    en: str
    source: str
    applies_to: str
    types: list[str]
    outcomes: list[str]
    beside: bool


class Alert(Answer):
    """A recorded change that someone must see: a row of ``dabiao alerts list``."""

    id: int
    target_id: str | None
    raised_at: str | None
    from_status: str | None
    to_status: str | None
    severity: str
    attainment: float | None
    lead_units: list[str]
    acknowledged_by: str | None
    acknowledged_at: str | None
    note: str | None
    cleared_at: str | None
    kind: str
    cause: str
    key: str
    state: str
    level: int | None
    level_name: str | None
    counter: int
    due: str | None
    overdue: bool
    snoozed_until: str | None
    quiet: bool
    reason: str | None
    final_status: str | None
    target_version: int | None
    as_of: str
    message: str


class AlertEvent(Answer):
    """Something that happened to an alert."""

    id: int
    at: str
    actor: str
    change: str
    changes: dict[str, Any]


class AlertWithEvents(Alert):
    """An alert with everything that has happened to it, the oldest first."""

    events: list[AlertEvent]


class TrackRecordRow(Answer):
    """Figures of a record; which there are hangs on what they are parted by (``by``)."""

    model_config = ConfigDict(extra="allow")

    record: str


class Job(Answer):
    """A job with its schedule and last run."""

    name: str
    cron: str
    timezone: str
    next_run: str | None
    scheduler: bool
    running: bool
    progress: dict[str, Any] | None
    retry_at: str | None
    paused_at: str | None
    paused_by: str | None
    paused_note: str | None
    last_state: str
    last_trigger: str | None
    last_scheduled_for: str | None
    last_started: str | None
    last_finished: str | None
    last_reason: str | None
    last_message: str | None


class Attempt(Answer):
    """One attempt of a run."""

    attempt: int
    started_at: str
    finished_at: str | None
    state: str
    message: str | None


class Run(Answer):
    """A run of a job."""

    id: int
    job: str
    scheduled_for: str | None
    trigger: str
    state: str
    reason: str | None
    started_at: str | None
    finished_at: str | None
    seconds: int | None
    counts: dict[str, Any]
    message: str | None
    coalesced: int
    attempt: int
    retry_at: str | None
    attempts: list[Attempt]
    program: str | None
    models: str | None
    schema_: Annotated[int | None, Field(alias="schema")]
    log: list[str]
