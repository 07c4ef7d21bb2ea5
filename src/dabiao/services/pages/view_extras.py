"""Small read models beside :mod:`dabiao.services.pages.views`, for names and plans that pages need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dabiao.domain.assessment import Status
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import views
from dabiao.store import declared
from dabiao.store.database import Row


def plans(app: App) -> Mapping[str, Row]:
    """Every plan's row by its id: titles, short names, issuer, document number, issue date, period, note, text."""
    return {row["id"]: row for row in declared.plan_rows(app.store)}


def plan_names(app: App, lang: str) -> Mapping[str, str]:
    """Every plan's short name by its id."""
    column = "short_zh" if lang == "zh-CN" else "short_en"
    return {plan_id: row[column] for plan_id, row in plans(app).items()}


def has_plan(app: App, plan_id: str) -> bool:
    """Whether there is a plan of this id that the reader sees something of."""
    return plan_id in visible.plans(app)


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its targets as of a day.

    Attributes:
        verdicts: in the order of the plan's text.
        shown: those of them that pass the filters.
        counts: by status, of all of them.
    """

    plan: Row
    verdicts: tuple[Verdict, ...]
    shown: tuple[Verdict, ...]
    counts: Mapping[Status, int]


def plan_view(
    app: App,
    plan_id: str,
    as_of: date,
    now: datetime,
    filters: Mapping[str, Sequence[str]] | None = None,
) -> PlanView | None:
    """One plan, ``None`` if there is none of that id or nothing of it was declared on that day."""
    row = plans(app).get(plan_id)
    found = views.day_of(app, as_of, now).among("plan", plan_id)
    if row is None or not found.verdicts:
        return None
    ordered = tuple(sorted(found.verdicts, key=lambda v: v.declared.position))
    kept = views.passing(ordered, filters or {}, app.catalogue)
    return PlanView(row, ordered, kept, found.counts)


def plan_views(app: App, as_of: date, now: datetime) -> list[PlanView]:
    """Every plan of which something was declared on that day, the latest first."""
    found = [view for p in plans(app) if (view := plan_view(app, p, as_of, now)) is not None]
    return sorted(found, key=lambda view: (view.plan["issued"], view.plan["id"]), reverse=True)
