"""One plan as a readable table, with the status of each target as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dabiao import i18n
from dabiao.assess.sentences import indicator_name, region_name
from dabiao.domain.target import Unit
from dabiao.i18n.format import COMPARATORS, listed, number, unit, when
from dabiao.reports.markdown import document
from dabiao.services.app import App
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import views
from dabiao.store import declared

COLUMNS = ("quote", "region", "indicator", "target", "deadline", "status", "lead", "responsible")


def plan_markdown(app: App, plan: str, as_of: date, now: datetime, lang: str) -> str:
    """A plan's targets by clause, in the order of its text, as Markdown."""
    row = next(p for p in declared.plan_rows(app.store) if p["id"] == plan)
    verdicts = [v for v in views.verdicts(app, as_of, now) if v.declared.target.plan == plan]
    clauses: dict[str, list[list[str]]] = {}
    for v in verdicts:
        clauses.setdefault(v.declared.target.clause, []).append(_cells(app, v, lang))
    intro = [
        i18n.text(
            "plan_report.intro",
            lang,
            issued=row["issued"],
            number=row["document_number"] or "—",
            targets=len(verdicts),
            as_of=as_of.isoformat(),
        )
    ]
    intro += [row["note"]] if row["note"] else []
    title = row["title"] if lang == "zh-CN" else f"{row['title_en']} ({row['title']})"
    headings = [i18n.text(f"plan_report.{c}", lang) for c in COLUMNS]
    return document(title, intro, headings, clauses.items())


def _cells(app: App, v: Verdict, lang: str) -> list[str]:
    t, a = v.declared.target, v.assessment
    declared_value = i18n.text(f"measure.{t.measure}", lang)
    if t.comparator is not None and t.value is not None:
        declared_value = f"{COMPARATORS[t.comparator]} {number(t.value)}{unit(t.unit, lang)}"
    status = i18n.text(f"status.{a.status}", lang)
    if a.provisional:
        status += f" ({i18n.text('word.provisional', lang)})"
    return [
        t.quote,
        region_name(app.catalogue.regions[t.region], lang),
        indicator_name(app.catalogue.indicators[t.indicator], lang),
        declared_value,
        when(t.deadline, lang),
        status,
        _units(v.declared.lead, t.lead_units, lang),
        _units(v.declared.responsible, t.responsible_units, lang),
    ]


def _units(known: Sequence[Unit], printed: Sequence[str], lang: str) -> str:
    """The units as printed, in Chinese; their English names where they are declared."""
    if lang == "zh-CN" or not known:
        return listed(printed, lang)
    return listed((u.en for u in known), lang)
