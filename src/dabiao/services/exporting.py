"""The list that a supervising office takes away: what is off track or missed, and who answers for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from dabiao import i18n
from dabiao.assess.sentences import indicator_name, region_name, verdict
from dabiao.domain.rounding import round_gbt8170, to_decimal
from dabiao.i18n.format import listed
from dabiao.reports.tables import csv_bytes
from dabiao.services import judging
from dabiao.services.alerting import ALARMING
from dabiao.services.app import App
from dabiao.services.contract import basis_text, status_json, target_json
from dabiao.services.files import explained, write_whole
from dabiao.services.judging import Verdict
from dabiao.services.views import urgency
from dabiao.store import declared

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
"""Columns of the CSV; each has its heading under ``export.column``."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One target of the list: its words in one language, and its figures."""

    app: App
    v: Verdict
    titles: dict[str, Any]
    lang: str

    def cells(self) -> list[object]:
        """A row of the CSV: figures with the decimals that the sentence beside them has."""
        v, lang = self.v, self.lang
        t, a = v.declared.target, v.assessment
        indicator = self.app.catalogue.indicators[t.indicator]
        decimals = max(indicator.decimals, t.decimals)

        def figure(value: float | None, places: int) -> Decimal | None:
            return None if value is None else round_gbt8170(to_decimal(value), places)

        words = self.words()
        row: dict[str, object] = {
            "target_id": t.id,
            "plan": t.plan,
            "comparator": str(t.comparator) if t.comparator else None,
            "value": t.value,
            "unit": t.unit,
            "deadline": t.deadline,
            "attainment": figure(a.attainment, 4),
            "point": figure(a.point, decimals),
            "lower80": figure(a.lower80, decimals),
            "upper80": figure(a.upper80, decimals),
            "latest_period": str(a.latest.period) if a.latest else None,
            "latest_value": a.latest_value,
            "clause": t.clause,
            "quote": t.quote,
            "as_of": a.as_of,
            "vintage": self._vintage(),
            "model": self._model(),
            "target_version": a.target_version,
            **words,
            "provisional": i18n.text("export.yes" if a.provisional else "export.no", lang),
        }
        return [row[name] for name in COLUMNS]

    def words(self) -> dict[str, str | None]:
        """What is said in words, in the asked language."""
        v, lang, catalogue = self.v, self.lang, self.app.catalogue
        t, a = v.declared.target, v.assessment
        series_region = region_name(catalogue.regions[t.series.region], lang)
        reasons = (i18n.text(f"provisional.{p}", lang, region=series_region) for p in a.provisional)
        return {
            "plan_title": self.titles[t.plan]["title" if lang == "zh-CN" else "title_en"],
            "region": region_name(catalogue.regions[t.region], lang),
            "indicator": indicator_name(catalogue.indicators[t.indicator], lang),
            "status": i18n.text(f"status.{a.status}", lang),
            "provisional_reasons": listed(reasons, lang) or None,
            "tier": i18n.text(f"tier.{a.latest.chosen.tier}", lang) if a.latest else None,
            "basis": basis_text(a.basis, lang),
            "proxy_region": series_region if a.proxy else None,
            "lead_units": listed(t.lead_units, lang) or None,
            "responsible_units": listed(t.responsible_units, lang) or None,
            "sentence": verdict(a, t, catalogue, lang),
        }

    def json(self) -> dict[str, Any]:
        """An entry of the JSON: the two contracts of target and status, then the words."""
        target, status = target_json(self.app, self.v.declared), status_json(self.app, self.v, self.lang)
        words = self.words()
        return {
            **target,
            **{name: value for name, value in status.items() if name not in target},
            "plan_title": words["plan_title"],
            "status_word": words["status"],
            "tier_word": words["tier"],
            "proxy_region": words["proxy_region"],
        }

    def _vintage(self) -> str | None:
        a = self.v.assessment
        return a.forecast.vintage if a.forecast else a.series.vintage if a.series else None

    def _model(self) -> str | None:
        forecast = self.v.assessment.forecast
        return f"{forecast.model} {forecast.model_version}" if forecast else None


def export_alerts(app: App, as_of: date, now: datetime, out: Path, lang: str) -> list[Path]:
    """Write the targets that are off track or missed as of a day, the most urgent first, as CSV and JSON.

    The files are ``alerts-<as_of>.csv``, the same as ``alerts-latest.csv``, and ``alerts-<as_of>.json``; each appears
    whole or not at all, and the same store, day and language give the same bytes.

    Raises:
        StoreUnwritable: the folder cannot be written.
    """
    verdicts = judging.judge(app, as_of, now)
    titles = {str(p["id"]): dict(p) for p in declared.plan_rows(app.store)}
    shown = sorted((v for v in verdicts if v.assessment.status in ALARMING), key=urgency)
    lines = [_Line(app, v, titles, lang) for v in shown]
    table = csv_bytes(
        [i18n.text(f"export.column.{name}", lang) for name in COLUMNS], [line.cells() for line in lines]
    )
    listing = {
        "as_of": as_of.isoformat(),
        "lang": lang,
        "thresholds": {"on_track": app.settings.on_track, "off_track": app.settings.off_track},
        "count": len(lines),
        "targets": [line.json() for line in lines],
    }
    text = json.dumps(listing, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    day = as_of.isoformat()
    files = {
        f"alerts-{day}.csv": table,
        f"alerts-{day}.json": text.encode(),
        "alerts-latest.csv": table,
    }
    with explained(out):
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_whole(out / name, content)
            (out / name).chmod(0o644)  # made to be taken away by others than the service's own user
    return [out / name for name in files]
