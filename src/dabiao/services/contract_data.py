"""The JSON of what is held: series with what was said of them, stored forecasts, imports. Absent is ``null``."""

from __future__ import annotations

import json
from typing import Any

from dabiao import i18n
from dabiao.assess.sentences import indicator_name, region_name
from dabiao.domain.assessment import SeriesForecast
from dabiao.domain.issue import Issue
from dabiao.domain.period import Period
from dabiao.domain.rounding import to_decimal
from dabiao.services.app import App
from dabiao.services.contract import basis_text, json_number
from dabiao.services.intake.imported import issue_json
from dabiao.services.pages.data_views import SeriesRow
from dabiao.store.database import Row


def series_json(app: App, s: SeriesRow, lang: str) -> dict[str, Any]:
    """One series: what it is of, how much was said of it, and what the checks noted."""
    return {
        "id": s.id,
        "region_id": s.region,
        "region": region_name(app.catalogue.regions[s.region], lang),
        "indicator": s.indicator,
        "indicator_name": indicator_name(app.catalogue.indicators[s.indicator], lang),
        "unit": app.catalogue.indicators[s.indicator].unit,
        "basis": str(s.basis),
        "basis_text": basis_text(s.basis, lang),
        "statements": s.statements,
        "sources": s.sources,
        "first_year": s.years[0],
        "last_year": s.years[1],
        "flags": [
            {"flag": code, "message": i18n.text(f"flag.{code}", lang, **params)} for code, params in s.flags
        ],
    }


def statement_json(r: Row) -> dict[str, Any]:
    """One statement of a source on one period; ``standing`` is false for one that another has replaced."""
    return {
        "id": r["id"],
        "period": str(Period.from_code(r["period"])),
        "value": None if r["value"] is None else json_number(to_decimal(r["value"])),
        "printed": None if r["printed"] is None else str(r["printed"]),
        "qualifier": r["qualifier"] or None,
        "unit": r["unit"],
        "tier": r["tier"],
        "state": r["state"],
        "standing": bool(r["standing"]),
        "source": r["source"],
        "source_url": r["source_url"] or None,
        "published": r["published"] or None,
        "known_on": r["known_on"],
        "known_rule": r["known_rule"],
        "recorded_at": r["recorded_at"],
        "import_id": r["import_id"],
        "file": r["file"],
        "sheet": r["sheet"],
        "row": r["row"],
        "note": r["note"] or None,
        "correction": r["correction"],
    }


def forecast_json(f: SeriesForecast) -> dict[str, Any]:
    """One forecast: what it was made of and by, and its steps."""
    return {
        "id": f.id,
        "model": f.model,
        "model_version": f.model_version,
        "vintage": f.vintage,
        "first_period": f.first_period,
        "last_period": f.last_period,
        "observed": f.observed,
        "made_at": f.made_at,
        "warnings": list(f.warnings),
        "panel_day": f.panel_day or None,
        "panel_series": f.panel_series,
        "steps": [
            {
                "period": s.period,
                "point": s.point,
                "lower80": s.lower80,
                "upper80": s.upper80,
                "lower95": s.lower95,
                "upper95": s.upper95,
            }
            for s in f.steps
        ],
    }


def stored_forecast_json(region: str, indicator: str, basis: str, f: SeriesForecast) -> dict[str, Any]:
    """:func:`forecast_json` with the series that it is of."""
    return {"region_id": region, "indicator": indicator, "basis": basis, **forecast_json(f)}


def import_row_json(r: Row) -> dict[str, Any]:
    """One import as it stands in the list; ``held`` counts its rows that stand in quarantine."""
    names = ("id", "file", "sha256", "size", "imported_at")
    counts = ("accepted", "revised", "unchanged", "refused", "warned", "held")
    return {**{n: r[n] for n in names}, "published": r["published"] or None, **{n: r[n] for n in counts}}


def stored_issue_json(file: str, r: Row, lang: str) -> dict[str, Any]:
    """A stored issue with its sentence, in the shape of ``dabiao import``."""
    names = ("sheet", "row", "column", "code", "severity")
    issue = Issue(
        file, params=json.loads(r["params"]), raw=tuple(json.loads(r["raw"])), **{n: r[n] for n in names}
    )
    return issue_json(issue, lang)
