"""The JSON of the listings (PRODUCT §6): field names are fixed, more may be added, absent is ``null``, never missing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dabiao import i18n
from dabiao.assess.sentences import (
    caution,
    indicator_name,
    judged_region,
    region_name,
    rule_says,
    verdict,
)
from dabiao.domain.assessment import Assessment
from dabiao.domain.observation import Basis, Observation
from dabiao.domain.rounding import plain
from dabiao.domain.target import Target
from dabiao.i18n.format import listed
from dabiao.services.app import App
from dabiao.services.declare.targets import DeclaredTarget
from dabiao.services.judge.judging import Verdict


def json_number(value: Any) -> int | float | None:
    """A decimal as the JSON number with the same digits: 27 stays 27, 45.22 stays 45.22."""
    if value is None:
        return None
    text = plain(value)
    return float(text) if "." in text else int(text)


def target_json(app: App, d: DeclaredTarget) -> dict[str, Any]:
    """One row of ``targets list``."""
    t: Target = d.target
    region = app.catalogue.regions[t.region]
    indicator = app.catalogue.indicators[t.indicator]
    return {
        "id": t.id,
        "plan": t.plan,
        "region": region.zh,
        "adcode": region.adcode,
        "indicator": t.indicator,
        "indicator_zh": indicator.zh,
        "comparator": str(t.comparator) if t.comparator else None,
        "value": json_number(t.value),
        "unit": t.unit,
        "deadline": t.deadline,
        "measure": str(t.measure),
        "kind": str(t.kind),
        "stretch": t.stretch,
        "baseline_period": t.baseline_period if t.baseline_declared else None,
        "baseline_value": json_number(t.baseline_value),
        "quote": t.quote,
        "clause": t.clause,
        "lead_units": list(t.lead_units),
        "responsible_units": list(t.responsible_units),
        # more than the contract asks
        "region_id": t.region,
        "region_en": region.en,
        "indicator_en": indicator.en,
        "tolerance": json_number(t.tolerance),
        "deadline_note": t.deadline_note,
        "version": d.version,
        "known_on": d.known_on,
        "series_region": t.series.region,
        "proxy": t.series.proxy,
        "milestones": [
            {"period": m.period, "value": json_number(m.value), "document": m.document} for m in t.milestones
        ],
        "same_as": list(t.same_as),
        "lead_unit_ids": [u.id for u in d.lead],
        "responsible_unit_ids": [u.id for u in d.responsible],
        "note": t.note,
    }


def basis_text(basis: Basis | None, lang: str) -> str | None:
    """A basis in words: authority, dust, gas state, scope, standard."""
    if basis is None:
        return None
    words = [i18n.text(f"tier.{basis.authority}", lang)]
    words += [i18n.text(f"dust.{basis.dust}", lang)] if basis.dust != "unknown" else []
    words += [i18n.text(f"condition.{basis.condition}", lang)] if basis.condition != "unknown" else []
    words += [part for part in (basis.scope, basis.standard) if part]
    return listed(words, lang)


def status_json(app: App, v: Verdict, lang: str) -> dict[str, Any]:
    """One row of ``status``."""
    a, t = v.assessment, v.declared.target
    return {
        "target_id": t.id,
        "as_of": a.as_of.isoformat(),
        "status": str(a.status),
        "provisional": bool(a.provisional),
        "reason": str(a.reason),
        "attainment": a.attainment,
        "point": a.point,
        "lower80": a.lower80,
        "upper80": a.upper80,
        "latest_period": str(a.latest.period) if a.latest else None,
        "latest_value": json_number(a.latest_value),
        "basis": str(a.basis) if a.basis else None,
        "proxy": a.proxy,
        "rules": [
            {
                "rule": r.rule,
                "outcome": r.outcome,
                "figure": r.figure,
                "says": rule_says(r, lang),
                "favourable": r.favourable,
                "decides": r.decides,
                "source": i18n.text(r.source, lang),
            }
            for r in a.rules
        ],
        # more than the contract asks
        "plan": t.plan,
        "region": region_name(app.catalogue.regions[t.region], lang),
        "indicator": t.indicator,
        "indicator_name": indicator_name(app.catalogue.indicators[t.indicator], lang),
        "deadline": t.deadline,
        "target_version": a.target_version,
        "provisional_reasons": [str(p) for p in a.provisional],
        "basis_text": basis_text(a.basis, lang),
        "tier": str(a.latest.chosen.tier) if a.latest else None,
        "series_region": judged_region(a, t) if v.evidence else None,
        "model": f"{a.forecast.model} {a.forecast.model_version}" if a.forecast else None,
        "vintage": a.forecast.vintage if a.forecast else a.series.vintage if a.series else None,
        "sentence": verdict(a, t, app.catalogue, lang),
        "agreement": a.agreement._asdict(),
        "warnings": [{"code": str(w.code), "says": caution(w, app.catalogue, lang)} for w in a.warnings],
        "together": str(t.together) if app.catalogue.regions[t.region].members else None,
        "worst_member": None
        if a.worst_member is None
        else region_name(app.catalogue.regions[a.worst_member], lang),
        "members": _members(app, a, lang),
        "attainment_upper": a.group.upper if a.group else None,
        "attainment_independent": a.group.lower if a.group else None,
        "reopened": _reopened(a, lang),
        "report_due": a.params.get("due") or a.params.get("next_due"),
    }


def _members(app: App, a: Assessment, lang: str) -> list[dict[str, Any]] | None:
    """A region group's members as they stand, where each must meet the target."""
    if a.group is None:
        return None
    return [
        {
            "region_id": p.region,
            "region": region_name(app.catalogue.regions[p.region], lang),
            "worst": p.region == a.group.worst,
            "status": str(p.status),
            "reason": str(p.reason),
            "attainment": p.attainment,
            "period": p.period,
            "value": json_number(p.value),
        }
        for p in a.group.parts
    ]


def _reopened(a: Assessment, lang: str) -> dict[str, Any] | None:
    """What contradicts a frozen status; the fields of the status itself are those of the frozen one."""
    r = a.reopened
    if r is None:
        return None
    return {
        "why": r.why,
        "says": i18n.text(f"reopened.{r.why}", lang),
        "since": r.since.isoformat() if r.since else None,
        "status_now": str(r.status),
        "value_now": None if r.value is None else json_number(Decimal(r.value)),
    }


def observation_json(app: App, o: Observation, flags: Sequence[str] = ()) -> dict[str, Any]:
    """One row of ``observations``; ``flags`` are those of its series."""
    return {
        "id": o.id,
        "region": app.catalogue.regions[o.region].zh,
        "region_id": o.region,
        "indicator": o.indicator,
        "indicator_zh": app.catalogue.indicators[o.indicator].zh,
        "period": str(o.period),
        "value": json_number(o.value),
        "printed": o.printed,
        "qualifier": str(o.qualifier) if o.qualifier else None,
        "unit": o.unit,
        "tier": str(o.tier),
        "state": str(o.state),
        "basis": str(o.basis),
        "source": o.source,
        "source_url": o.source_url,
        "published": o.published.isoformat() if o.published else None,
        "known_on": o.known_on.isoformat(),
        "known_rule": o.known_rule,
        "recorded_at": o.recorded_at,
        "note": o.note,
        "series_flags": list(flags),
    }
