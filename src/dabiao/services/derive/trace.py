"""How a derived value was made: its inputs, rules and validity, as rows and as sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from dabiao import i18n
from dabiao.assess.sentences import indicator_name, region_name
from dabiao.domain.observation import Basis, Observation, Tier
from dabiao.domain.period import Period
from dabiao.errors import UnknownName
from dabiao.i18n.format import unit, when
from dabiao.services.app import App
from dabiao.services.contract import basis_text, json_number
from dabiao.standards import rules
from dabiao.store import derivations as table
from dabiao.store.database import Row


def derivation_rows(
    app: App, as_of: date, lang: str, region: str | None = None, indicator: str | None = None
) -> list[dict[str, Any]]:
    """What was derived as known on a day, with what is not valid and why: one row a series and period."""
    found = table.known(app.store, as_of, region, indicator)
    ids = {source["series_id"] for r in found for source in json.loads(r["inputs"])}
    sources = table.series(app.store, ids)
    return [_row(app, r, sources, lang) for r in found if r["indicator"] in app.catalogue.indicators]


def _row(app: App, r: Row, sources: dict[int, table.Input], lang: str) -> dict[str, Any]:
    used = json.loads(r["rules"])
    indicator = app.catalogue.indicators[r["indicator"]]
    return {
        "observation": r["observation_id"],
        "region": region_name(app.catalogue.regions[r["region"]], lang),
        "region_id": r["region"],
        "indicator": r["indicator"],
        "indicator_name": indicator_name(indicator, lang),
        "period": r["period"],
        "value": json_number(r["value"]) if r["outcome"] != "not_valid" else None,
        "not_valid_value": json_number(r["value"]) if r["outcome"] == "not_valid" else None,
        "unit": indicator.unit,
        "unrounded": r["unrounded"],
        "count": r["count"],
        "outcome": r["outcome"],
        "why": [
            i18n.text(f"standards.why.{w['code']}", lang, **w["params"]) for w in json.loads(r["reasons"])
        ],
        "variant": r["variant"],
        "standard": r["standard"],
        "limits": r["limits"],
        "basis": r["basis"],
        "certainty": r["certainty"],
        "rules": used,
        "sources": list(rules.sources(used)),
        "unverified": [i18n.text(f"standards.rule.{rule}", lang) for rule in rules.unverified(used)],
        "inputs": [
            {
                **source,
                "region": sources[source["series_id"]].region,
                "indicator": sources[source["series_id"]].indicator,
                "basis": str(sources[source["series_id"]].basis),
            }
            for source in json.loads(r["inputs"])
        ],
        "known_on": r["known_on"],
        "recorded_at": r["recorded_at"],
        "digest": r["digest"],
        "program": r["program"],
    }


def trace(app: App, observation_id: int, lang: str) -> dict[str, Any]:
    """How one observation was derived.

    Raises:
        UnknownName: it was not, or there is no such observation.
    """
    found = table.of_observation(app.store, observation_id)
    if found is None:
        raise UnknownName("not_derived", id=observation_id)
    sources = table.series(app.store, {s["series_id"] for s in json.loads(found["inputs"])})
    return _row(app, found, sources, lang)


def says(app: App, row: dict[str, Any], lang: str) -> Iterator[str]:
    """A row of :func:`derivation_rows` in sentences: the value, its validity, every input and every rule."""

    def say(key: str, **params: Any) -> str:
        return i18n.text(f"derived.says.{key}", lang, **params)

    outcome = i18n.text(f"derived.outcome.{row['outcome']}", lang)
    value = row["value"]
    yield say(
        "heading",
        region=row["region"],
        period=_when(row["period"], lang),
        indicator=row["indicator_name"],
        value=outcome if value is None else value,
        unit="" if value is None else unit(row["unit"], lang),
    )
    yield say("outcome", outcome=outcome, count=row["count"], unrounded=row["unrounded"] or "–")
    for reason in row["why"]:
        yield say("reason", reason=reason)
    for source in row["inputs"]:
        yield say(
            "input",
            region=region_name(app.catalogue.regions[source["region"]], lang),
            indicator=indicator_name(app.catalogue.indicators[source["indicator"]], lang),
            basis=basis_text(Basis.parse(source["basis"]), lang),
            first=source["first"],
            last=source["last"],
            count=source["count"],
            series_id=source["series_id"],
        )
    for name in row["rules"]:
        rule = rules.RULES[name]
        yield say(
            "rule",
            rule=i18n.text(f"standards.rule.{name}", lang),
            certainty=str(rule.certainty),
            source=rule.source or say("unsourced"),
        )
    yield say("known", known_on=row["known_on"], program=row["program"], digest=row["digest"][:12])


def brief(app: App, o: Observation, lang: str) -> str:
    """In a clause, what a derived value rests on; nothing for a value that is not derived."""
    if o.tier not in (Tier.DERIVED, Tier.DERIVED_THIRD_PARTY):
        return ""
    row = trace(app, o.id, lang)
    return i18n.text(
        "derived.says.brief",
        lang,
        inputs=sum(s["count"] for s in row["inputs"]),
        series=len(row["inputs"]),
        count=row["count"],
        certainty=row["certainty"],
        id=o.id,
    )


def _when(period: str, lang: str) -> str:
    try:
        return when(str(Period.parse(period)), lang)
    except ValueError:  # March to December, which no series has
        return f" {period} "
