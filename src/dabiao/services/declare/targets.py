"""Targets as domain objects, as they were valid on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from dabiao.domain.observation import Tier, with_derived
from dabiao.domain.reports_due import ReportsDue
from dabiao.domain.target import (
    Attached,
    Comparator,
    DecidingSeries,
    Kind,
    Measure,
    Milestone,
    Target,
    Together,
    Unit,
)
from dabiao.plans.schema import PlanFile, TargetSpec
from dabiao.services.app import App
from dabiao.store import declared as store


@dataclass(frozen=True, slots=True)
class DeclaredTarget:
    """A target with its version and place in its plan.

    Attributes:
        lead, responsible: the declared units behind the names that the plan prints; a name that is not declared is
            left out here and stays on the target as printed.
    """

    target: Target
    version: int
    position: int
    known_on: str
    why_base_zh: str | None
    why_base_en: str | None
    lead: tuple[Unit, ...] = ()
    responsible: tuple[Unit, ...] = ()

    @property
    def units(self) -> tuple[Unit, ...]:
        """Every unit that leads or answers for the target, once each."""
        return tuple(dict.fromkeys((*self.lead, *self.responsible)))


@lru_cache
def _tiers(*named: str) -> tuple[Tier, ...]:
    return with_derived(Tier(t) for t in named)


def content_of(spec: TargetSpec, plan: PlanFile) -> dict[str, Any]:
    """A plan file's entry as stored: JSON types only, plus the plan's own schedule base and the days on which reports are due."""
    content = spec.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    if plan.plan.schedule_base is not None:
        content["schedule_base"] = plan.plan.schedule_base.model_dump(mode="json")
    reports = spec.reports or plan.plan.reports
    if reports is not None and spec.measure is not Measure.NUMERIC:
        content["reports"] = {"by": reports.by, "since": spec.since or plan.plan.issued}
    return content


def from_content(target_id: str, plan: str, content: Mapping[str, Any]) -> Target:
    """The domain object of a stored version."""

    def decimal(name: str) -> Decimal | None:
        value = content.get(name)
        return None if value is None else Decimal(str(value))

    series = content.get("series")
    baseline = content.get("baseline")
    base = content.get("schedule_base")
    return Target(
        id=target_id,
        plan=plan,
        region=content["region"],
        indicator=content["indicator"],
        measure=Measure(content["measure"]),
        kind=Kind(content["kind"]),
        quote=content["quote"],
        clause=content["clause"],
        series=DecidingSeries(
            region=series["region"] if series else content["region"],
            indicator=(series or {}).get("indicator") or content["indicator"],
            tiers=_tiers(*(series or {}).get("tiers", ("official", "press"))),
            proxy=bool((series or {}).get("proxy", False)),
            why_zh=(series or {}).get("why_zh"),
            why_en=(series or {}).get("why_en"),
        ),
        together=Together(content.get("together", Together.EACH)),
        comparator=Comparator(content["comparator"]) if content.get("comparator") else None,
        value=decimal("value"),
        unit=content.get("unit"),
        tolerance=decimal("tolerance"),
        tolerance_note=content.get("tolerance_note"),
        deadline=content.get("deadline"),
        deadline_note=content.get("deadline_note"),
        stretch=bool(content.get("stretch", False)),
        baseline_period=baseline["period"] if baseline else base["period"] if base else None,
        baseline_value=Decimal(str(baseline["value"])) if baseline and baseline.get("value") else None,
        baseline_declared=baseline is not None,
        change=content.get("change"),
        lead_units=tuple(content.get("lead_units", ())),
        responsible_units=tuple(content.get("responsible_units", ())),
        printed=content.get("printed"),
        read_as=content.get("read_as"),
        read_why=content.get("read_why"),
        same_as=tuple(content.get("same_as", ())),
        milestones=tuple(
            Milestone(m["period"], Decimal(str(m["value"])), m["document"])
            for m in content.get("milestones", ())
        ),
        attached=Attached(**content["attached"]) if content.get("attached") else None,
        reports=_due(content["reports"]) if content.get("reports") else None,
        note=content.get("note"),
    )


def _due(stored: Mapping[str, Any]) -> ReportsDue:
    by = (day.split("-") for day in stored["by"])
    return ReportsDue(tuple((int(m), int(d)) for m, d in by), date.fromisoformat(stored["since"]))


def targets_as_of(app: App, as_of: date, names: Collection[str] | None = None) -> list[DeclaredTarget]:
    """Every target that was declared and not withdrawn on a day, in the order of the plans; some alone where named."""
    found = []
    regions = {p["id"]: p["region"] for p in store.plan_rows(app.store)}
    for row in store.targets_as_of(app.store, as_of, names):
        base = row.content.get("schedule_base") or {}
        found.append(
            DeclaredTarget(
                from_content(row.target_id, row.plan, row.content),
                row.version,
                row.position,
                row.known_on,
                base.get("why_zh"),
                base.get("why_en"),
                _units(app, regions[row.plan], row.content.get("lead_units", ())),
                _units(app, regions[row.plan], row.content.get("responsible_units", ())),
            )
        )
    return found


def _units(app: App, region: str, printed: Collection[str]) -> tuple[Unit, ...]:
    if not printed:
        return ()
    found = (app.catalogue.unit_of(region, name) for name in printed)
    return tuple(dict.fromkeys(u for u in found if u is not None))
