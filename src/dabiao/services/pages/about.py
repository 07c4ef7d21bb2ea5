"""What the program is and what it goes by: rules, thresholds, standards in force, models, versions, sources. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dabiao import __version__
from dabiao.assess.rules import Rule, standing
from dabiao.domain.observation import Tier
from dabiao.forecast import carried, in_year
from dabiao.forecast.models import model
from dabiao.services.app import App
from dabiao.services.derive.keep import KEPT
from dabiao.standards import rules as standard_rules
from dabiao.standards.aqi import START_2026, Standard, standard_on
from dabiao.standards.limits import STAGES, Limits, limits_on
from dabiao.standards.rules import Certainty
from dabiao.store import SCHEMA_VERSION
from dabiao.store.sources import Source, sources_as_of


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a standard.

    Attributes:
        id: its name; ``first`` and ``last`` day in force, ``None`` where open.
        rule, certainty: the rule that brings it in, and how that is known.
        in_force: on the day that was asked for.
        limit: the annual limit, or that of the day for a percentile, where one indicator is asked for.
    """

    id: str
    first: date | None
    last: date | None
    rule: str
    certainty: Certainty
    in_force: bool
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Everything that the page says.

    Attributes:
        schema, standards: versions of the store's tables and of the standards' rules.
        models: name and version of each model in use, by what it forecasts (``year``, ``months``, ``year_in_progress``,
            ``years_after``).
        limits, indices: the stages of GB 3095 and the texts of the air quality index.
        clauses: every rule by which indicators are derived.
        tiers: how many sources there are of each tier; ``sources``: what was known of by the day, the latest first.
    """

    program: str
    schema: int
    standards: str
    models: Mapping[str, tuple[str, str]]
    rules: tuple[Rule, ...]
    limits: tuple[Stage, ...]
    indices: tuple[Stage, ...]
    clauses: tuple[standard_rules.Rule, ...]
    tiers: Mapping[Tier, int]
    sources: tuple[Source, ...]


def about(app: App, as_of: date) -> About:
    """What holds on a day."""
    settings = app.settings
    annual, monthly = model(settings.model), model(settings.model_monthly)
    models = {
        "year": (annual.name, annual.version),
        "months": (monthly.name, monthly.version),
        "year_in_progress": (in_year.NAME, in_year.version()),
        "years_after": (carried.NAME, carried.VERSION),
    }
    sources = sources_as_of(app.store, as_of)
    tiers = Counter(tier for s in sources for tier in s.tiers)
    return About(
        __version__,
        SCHEMA_VERSION,
        standard_rules.VERSION,
        models,
        standing(settings.lights),
        tuple(_limits(stage, as_of) for stage in STAGES),
        _indices(as_of),
        tuple(standard_rules.RULES.values()),
        {tier: tiers[tier] for tier in Tier if tiers[tier]},
        tuple(sources),
    )


def _limits(stage: Limits, as_of: date, limit: Decimal | None = None) -> Stage:
    rule = standard_rules.RULES[stage.rule]
    in_force = limits_on(as_of) is stage
    return Stage(stage.id, stage.first, stage.last, rule.id, rule.certainty, in_force, limit)


def _indices(as_of: date) -> tuple[Stage, ...]:
    found = []
    for text, rule_id in ((Standard.HJ633_2012, "aqi_2012"), (Standard.HJ633_2026, "aqi_2026")):
        rule = standard_rules.RULES[rule_id]
        first = START_2026 if text is Standard.HJ633_2026 else None
        last = None if first else date.fromordinal(START_2026.toordinal() - 1)
        found.append(Stage(str(text), first, last, rule.id, rule.certainty, standard_on(as_of) is text))
    return tuple(found)


def stages_of(indicator_id: str, as_of: date) -> tuple[Stage, ...]:
    """The stages of the standard that an indicator is evaluated by, with its limit in each; empty where there is none."""
    for (kind, pollutant), kept in KEPT.items():
        if kept != indicator_id:
            continue
        if kind == "mean" and pollutant:
            return tuple(_limits(s, as_of, s.limit(pollutant, "year")) for s in STAGES)
        if kind == "percentile" and pollutant:
            return tuple(_limits(s, as_of, s.daily(pollutant)) for s in STAGES)
        if kind in ("good_days", "good_ratio", "heavy_days", "heavy_ratio"):
            return _indices(as_of)
    return ()


__all__ = ["About", "Stage", "about", "stages_of"]
