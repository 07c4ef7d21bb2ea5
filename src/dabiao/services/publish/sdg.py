"""The declared targets as a site of Open SDG shows them: an indicator page a target, its series, its progress, its status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dabiao import i18n
from dabiao.assess.levels import border_of
from dabiao.assess.sentences import judged_region, region_name
from dabiao.domain.assessment import Status
from dabiao.domain.observation import Observation, Point, Series, State, series_of
from dabiao.domain.period import PeriodKind
from dabiao.domain.target import Measure, members
from dabiao.i18n.format import number, unit, when
from dabiao.reports.sdg import LANGUAGES, Page, Value, indicator_id, package
from dabiao.services.app import App
from dabiao.services.contract import basis_text, json_number
from dabiao.services.judge.judging import Verdict
from dabiao.services.listing import Line, lines
from dabiao.services.pages import views
from dabiao.services.publish.packages import write_package
from dabiao.store.observations import known_observations

_FIRST = "en"
"""The language of the data files and of the metadata outside language folders."""
_NOTICE = {
    Status.MET: "success",
    Status.ON_TRACK: "success",
    Status.AT_RISK: "warning",
    Status.OFF_TRACK: "danger",
    Status.MISSED: "danger",
}
_FOOTER = ("status", "provisional_reasons", "attainment", "point", "lower80", "upper80", "clause", "quote", "lead_units",
           "responsible_units", "as_of")  # fmt: skip
_SOURCES = 10

Places = Mapping[tuple[str, str], Sequence[Series]]


@dataclass(frozen=True, slots=True)
class _Told:
    """One target with everything its page is made of; ``line`` by language."""

    v: Verdict
    line: Mapping[str, Line]
    judged: Series | None
    others: Sequence[Series]


def export_sdg(app: App, as_of: date, now: datetime, out: Path) -> list[Path]:
    """Write data, metadata and translations of every target declared on a day, in both languages, for ``sdg-build``.

    The same store and day give the same bytes.

    Raises:
        StoreUnwritable: the folder cannot be written.
    """
    return write_package(app, out, sdg_files(app, as_of, now), "sdg", as_of, now)


def sdg_files(app: App, as_of: date, now: datetime) -> dict[str, bytes]:
    """The files of :func:`export_sdg` by their paths."""
    verdicts = views.verdicts(app, as_of, now)
    said = {lang: lines(app, verdicts, lang) for lang in LANGUAGES}
    places = _annual(app, verdicts, as_of)
    told = [
        _told(app, v, {lang: said[lang][i] for lang in LANGUAGES}, places) for i, v in enumerate(verdicts)
    ]
    return package([_page(app, t) for t in told], _translations(app, told))


def _annual(app: App, verdicts: Iterable[Verdict], as_of: date) -> Places:
    """Every annual series of the regions and indicators that decide."""
    asked = {
        (region, v.declared.target.series.indicator)
        for v in verdicts
        if v.declared.target.measure is Measure.NUMERIC
        for region in _regions(app, v)
    }
    found: dict[tuple[str, str], list[Series]] = {}
    known = known_observations(app.store, as_of, kinds={PeriodKind.YEAR}, places=asked)
    for (region, indicator, _), series in sorted(series_of(known, PeriodKind.YEAR, as_of).items()):
        found.setdefault((region, indicator), []).append(series)
    return found


def _regions(app: App, v: Verdict) -> tuple[str, ...]:
    t = v.declared.target
    return members(t, app.catalogue.regions[t.region]) or (t.series.region,)


def _told(app: App, v: Verdict, line: Mapping[str, Line], places: Places) -> _Told:
    """A target with its judged series, as the headline, and the others of its regions and indicator."""
    t, judged = v.declared.target, v.evidence.series if v.evidence else None
    among = (
        [s for region in _regions(app, v) for s in places.get((region, t.series.indicator), ())]
        if t.measure is Measure.NUMERIC
        else []
    )
    if judged is not None and judged.kind is not PeriodKind.YEAR:
        judged = None
    return _Told(v, line, judged, [s for s in among if judged is None or s.id != judged.id])


def _page(app: App, told: _Told) -> Page:
    t = told.v.declared.target
    by_language = {lang: _meta(app, told, lang) for lang in LANGUAGES}
    first = by_language[_FIRST]
    said = {
        LANGUAGES[lang]: {name: value for name, value in fields.items() if value != first.get(name)}
        for lang, fields in by_language.items()
        if lang != _FIRST
    }
    return Page(indicator_id(t.plan, t.id), tuple(_values(app, told)), first, said)


def _values(app: App, told: _Told) -> list[Value]:
    t = told.v.declared.target
    units = app.catalogue.indicators[t.series.indicator].unit

    def row(p: Point, region: str | None, basis: str | None) -> Value:
        return Value(p.period.year, region, basis, _state(p.chosen.state, _FIRST), units, p.value)

    found = [row(p, None, None) for p in told.judged.points] if told.judged else []
    for s in told.others:
        name = region_name(app.catalogue.regions[s.region], _FIRST)
        found += [row(p, name, basis_text(s.basis, _FIRST)) for p in s.points]
    return found


def _state(state: State, lang: str) -> str:
    return i18n.text(f"state.{state}", lang)


def _meta(app: App, told: _Told, lang: str) -> dict[str, Any]:
    """A page's fields in a language; what is absent is left out, as the forms of Open SDG do."""
    v, line = told.v, told.line[lang]
    t, a = v.declared.target, v.assessment
    words, cells, page = line.words(), line.cells(), indicator_id(t.plan, t.id)
    shown = told.judged is not None or bool(told.others)
    name = f"{words['region']} · {words['indicator']}"
    fields: dict[str, Any] = {
        "indicator_number": page.replace("-", "."),
        "indicator_name": f"{name} · {t.deadline}" if t.deadline else name,
        "indicator_sort_order": f"{t.plan}-{v.declared.position:04d}",
        "sdg_goal": t.plan.replace("-", ""),
        "goal_name": words["plan_title"],
        "target_number": page.replace("-", "."),
        "target_name": t.quote,
        "reporting_status": "complete" if shown or t.measure is not Measure.NUMERIC else "notstarted",
        "data_non_statistical": not shown,
        "published": True,
        "graph_title": name,
        "graph_type": "line",
        "computation_units": app.catalogue.indicators[t.series.indicator].unit,
        "national_geographical_coverage": region_name(app.catalogue.regions[judged_region(a, t)], lang),
        "data_notice_class": _NOTICE.get(a.status),
        "data_notice_heading": words["status"],
        "data_notice_text": words["sentence"],
        "footer_fields": [
            {"label": i18n.text(f"export.column.{column}", lang), "value": str(cells[column])}
            for column in _FOOTER
            if cells[column] is not None
        ],
        "dabiao_target_id": t.id,
        "dabiao_status": str(a.status),
        "dabiao_provisional": bool(a.provisional),
        "dabiao_attainment": a.attainment,
        "dabiao_as_of": a.as_of.isoformat(),
        **_targeted(app, v, lang),
        **_progress(app, told),
        **_sources(told),
    }
    return {key: value for key, value in fields.items() if value is not None}


def _targeted(app: App, v: Verdict, lang: str) -> dict[str, Any]:
    """The line of the level that meets the target; a target of a change gives one only where its baseline is known."""
    t, a = v.declared.target, v.assessment
    if a.bounds is None or (a.bounds.low is None and a.bounds.high is None):
        return {}
    border = border_of(a.bounds)
    value = number(border) + unit(app.catalogue.indicators[t.series.indicator].unit, lang)
    label = i18n.text("exchange.sdg.target_line", lang, value=value, deadline=when(t.deadline, lang))
    return {"graph_target_lines": [{"value": json_number(border), "label_content": label}]}


def _progress(app: App, told: _Told) -> dict[str, Any]:
    """What Open SDG computes its own progress from, where its rule speaks here too; what it will say stands beside it.

    ``sdg-build`` takes the last year of the headline series as the current value and, where the base year has none, the next
    that has: only where these are the values that the rule was given here is it asked.
    """
    v, judged = told.v, told.judged
    t, a, e = v.declared.target, v.assessment, v.evidence
    rule = next((r for r in a.rules if r.rule == "open_sdg" and r.applies), None)
    given = e.baseline if e else None
    asked = (
        rule is not None
        and rule.figure is not None
        and judged is not None
        and given is not None
        and a.bounds is not None
        and t.deadline is not None
        and a.latest is not None
        and a.latest.chosen.id == judged.last.chosen.id
    )
    if not asked:
        return {"auto_progress_calculation": False}
    assert rule is not None and given is not None and a.bounds is not None and t.deadline is not None
    better = app.catalogue.indicators[t.indicator].direction
    return {
        "auto_progress_calculation": True,
        "progress_calculation_options": [
            {
                "direction": "positive" if better == "higher" else "negative",
                "base_year": given.period.year,
                "target": json_number(border_of(a.bounds)),
                "target_year": int(t.deadline[:4]),
            }
        ],
        "dabiao_open_sdg": rule.outcome,
    }


def _sources(told: _Told) -> dict[str, Any]:
    """The sources of the headline's values, the latest first; Open SDG numbers their fields."""
    points = reversed(told.judged.points) if told.judged else ()
    chosen: dict[str, Observation] = {}
    for p in points:
        chosen.setdefault(p.chosen.source, p.chosen)
    found: dict[str, Any] = {}
    for i, o in enumerate(list(chosen.values())[:_SOURCES], 1):
        found |= {f"source_active_{i}": True, f"source_organisation_{i}": o.source}
        if o.source_url:
            found |= {f"source_url_{i}": o.source_url, f"source_url_text_{i}": o.source}
    return found


def _translations(app: App, told: Iterable[_Told]) -> dict[str, dict[str, str]]:
    """The words of the data files in each language: headings, regions, bases, states."""
    regions = {s.region for t in told for s in t.others}
    bases = {s.basis for t in told for s in t.others}

    def words(lang: str) -> dict[str, str]:
        found = {name: i18n.text(f"exchange.sdg.{name.lower()}", lang) for name in ("Region", "Basis")}
        for r in regions:
            found[app.catalogue.regions[r].en] = region_name(app.catalogue.regions[r], lang)
        for b in bases:
            found[basis_text(b, _FIRST) or ""] = basis_text(b, lang) or ""
        return found | {_state(s, _FIRST): _state(s, lang) for s in State}

    return {code: words(lang) for lang, code in LANGUAGES.items()}
