"""Targets as rows of what leaves: one row a target, its words in one language, its figures as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from dabiao import i18n
from dabiao.assess.sentences import indicator_name, region_name, verdict
from dabiao.domain.rounding import round_gbt8170, to_decimal
from dabiao.i18n.format import listed
from dabiao.services.app import App
from dabiao.services.contract import basis_text, status_json, target_json
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages.view_extras import plans
from dabiao.store.database import Row

COLUMNS = (
    "target_id",
    "plan",
    "plan_title",
    "region",
    "indicator",
    "comparator",
    "value",
    "unit",
    "deadline",
    "status",
    "provisional",
    "provisional_reasons",
    "attainment",
    "point",
    "lower80",
    "upper80",
    "latest_period",
    "latest_value",
    "tier",
    "basis",
    "proxy_region",
    "lead_units",
    "responsible_units",
    "clause",
    "quote",
    "sentence",
    "as_of",
    "vintage",
    "model",
    "target_version",
)
"""Columns of the list; each has its heading under ``export.column``."""


@dataclass(frozen=True)
class Line:
    """One target of a list, in one language."""

    app: App
    v: Verdict
    plan: Row
    lang: str

    def cells(self) -> dict[str, object]:
        """By the names of :data:`COLUMNS`: figures with the decimals that the sentence beside them has."""
        v = self.v
        t, a = v.declared.target, v.assessment
        return {
            "target_id": t.id,
            "plan": t.plan,
            "comparator": str(t.comparator) if t.comparator else None,
            "value": t.value,
            "unit": t.unit,
            "deadline": t.deadline,
            "attainment": None if a.attainment is None else round_gbt8170(to_decimal(a.attainment), 4),
            "point": self.figure(a.point),
            "lower80": self.figure(a.lower80),
            "upper80": self.figure(a.upper80),
            "latest_period": str(a.latest.period) if a.latest else None,
            "latest_value": a.latest_value,
            "clause": t.clause,
            "quote": t.quote,
            "as_of": a.as_of,
            "vintage": vintage(v),
            "model": model(v),
            "target_version": a.target_version,
            **self.words(),
            "provisional": i18n.text("export.yes" if a.provisional else "export.no", self.lang),
        }

    @property
    def decimals(self) -> int:
        """Places that the target's figures are shown with."""
        t = self.v.declared.target
        return max(self.app.catalogue.indicators[t.indicator].decimals, t.decimals)

    def figure(self, value: float | None) -> Decimal | None:
        """A forecast's figure, rounded by GB/T 8170 as it is shown."""
        return None if value is None else round_gbt8170(to_decimal(value), self.decimals)

    def words(self) -> Mapping[str, str | None]:
        """What is said in words, in the asked language."""
        return self._words

    @cached_property
    def _words(self) -> Mapping[str, str | None]:
        v, lang, catalogue = self.v, self.lang, self.app.catalogue
        t, a = v.declared.target, v.assessment
        series_region = region_name(catalogue.regions[t.series.region], lang)
        reasons = (i18n.text(f"provisional.{p}", lang, region=series_region) for p in a.provisional)
        return {
            "plan_title": self.plan["title" if lang == "zh-CN" else "title_en"],
            "region": region_name(catalogue.regions[t.region], lang),
            "indicator": indicator_name(catalogue.indicators[t.indicator], lang),
            "status": i18n.text(f"status.{a.status}", lang),
            "provisional_reasons": listed(reasons, lang) or None,
            "tier": i18n.text(f"tier.{a.latest.chosen.tier}", lang) if a.latest else None,
            "basis": basis_text(a.basis, lang),
            "proxy_region": series_region if a.proxy else None,
            "lead_units": self.units(t.lead_units) or None,
            "responsible_units": self.units(t.responsible_units) or None,
            "sentence": verdict(a, t, catalogue, lang),
        }

    def units(self, printed: Iterable[str]) -> str:
        """Units as the language names them; one that is not declared as the plan prints it."""
        if self.lang == "zh-CN":
            return listed(printed, self.lang)
        region = self.plan["region"]
        found = ((self.app.catalogue.unit_of(region, name), name) for name in printed)
        return listed((name if u is None else u.en for u, name in found), self.lang)

    def json(self) -> dict[str, Any]:
        """An entry of the JSON: the two contracts of target and status, then the words."""
        target = target_json(self.app, self.v.declared)
        status = status_json(self.app, self.v, self.lang)
        words = self.words()
        return {
            **target,
            **{name: value for name, value in status.items() if name not in target},
            "plan_title": words["plan_title"],
            "status_word": words["status"],
            "tier_word": words["tier"],
            "proxy_region": words["proxy_region"],
        }


def lines(app: App, verdicts: Iterable[Verdict], lang: str) -> list[Line]:
    """A line a verdict, in their order."""
    rows: Mapping[str, Row] = plans(app)
    return [Line(app, v, rows[v.declared.target.plan], lang) for v in verdicts]


def vintage(v: Verdict) -> str | None:
    """Digest of the values that a verdict rests on."""
    a = v.assessment
    return a.forecast.vintage if a.forecast else a.series.vintage if a.series else None


def model(v: Verdict) -> str | None:
    """Name and version of the model that spoke."""
    forecast = v.assessment.forecast
    return f"{forecast.model} {forecast.model_version}" if forecast else None
