"""Everything behind one status, in sentences a person can check."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dabiao import i18n
from dabiao.assess.levels import border_of, level_bounds
from dabiao.assess.sentences import (
    also,
    caution,
    indicator_name,
    judged_region,
    region_name,
    rule_says,
    sentence,
)
from dabiao.domain.assessment import NOT_APPLICABLE, Assessment, Part, RuleResult, SeriesForecast
from dabiao.domain.observation import Observation, Point
from dabiao.domain.target import Attached, Kind, Measure, Target
from dabiao.i18n.format import COMPARATORS, listed, number, percent, unit, when
from dabiao.services.app import App
from dabiao.services.contract import basis_text
from dabiao.services.derive.trace import brief
from dabiao.services.judge import deciding
from dabiao.services.judge.judging import Verdict
from dabiao.services.judge.moved_said import moved_said, unmoved
from dabiao.services.judge.part_year import part_year
from dabiao.services.judge.part_year_said import facts_of, why_text
from dabiao.services.judge.parts import influences_said, parts_said

Section = tuple[str, list[str]]


def explanation(app: App, v: Verdict, lang: str) -> Iterator[Section]:
    """Headed lists of sentences: verdict, target, evidence, forecast, rules, values."""

    def heading(name: str) -> str:
        return i18n.text(f"explain.{name}.heading", lang)

    def say(key: str, **params: object) -> str:
        return i18n.text(f"explain.{key}", lang, **params)

    a, t = v.assessment, v.declared.target
    word = i18n.text(f"status.{a.status}", lang)
    if a.provisional:
        word += f" ({i18n.text('word.provisional', lang)})"
    yield (
        heading("verdict"),
        [
            say(
                "verdict.as_of",
                day=a.as_of.isoformat(),
                word=word,
                reason=i18n.text(f"reason.{a.reason}", lang),
            ),
            sentence(a, t, app.catalogue, lang),
            *also(a, t, app.catalogue, lang),
        ],
    )
    yield heading("target"), list(_target(v, lang))
    if t.measure is not Measure.NUMERIC:
        return
    if a.bounds is not None and t.comparator is not None:
        yield heading("comparison"), [_comparison(app, v, lang)]
    if decided := list(_decisions(app, v, lang)):
        yield heading("decision"), decided
    if a.group is not None:
        yield heading("group"), [_member(app, v, p, lang) for p in a.group.parts]
    if a.forecast is not None and a.attainment is not None:
        said = [*_forecast(app, t, a, a.forecast, lang), *moved_said(app, v, lang)]
        yield heading("forecast"), said
        yield from _made_of(app, v, lang)
    if a.warnings:
        yield heading("cautions"), [caution(w, app.catalogue, lang) for w in a.warnings]
    year = part_year(app, v)
    yield heading("part_year"), [f.said for f in facts_of(app, year, lang)] or [why_text(app, year, lang)]
    if a.rules:
        yield (
            heading("rules"),
            [*(_rule(r, lang) for r in a.rules), say("agreement", **a.agreement._asdict())],
        )
    points = list(a.series.points) if a.series else []
    if a.decided_by is not None and all(p.period != a.decided_by.period for p in points):
        points.append(a.decided_by)
    if a.decided_by is not None:
        points = [a.decided_by if p.period == a.decided_by.period else p for p in points]
    if points:
        yield heading("values"), [_value(p, lang) + brief(app, p.chosen, lang) for p in points]


def _rule(r: RuleResult, lang: str) -> str:
    said = f"{i18n.text(f'rule.{r.rule}.name', lang)}: {i18n.text(f'outcome.{r.outcome}', lang)} — {rule_says(r, lang)}"
    return said if r.outcome == NOT_APPLICABLE else f"{said} [{i18n.text(r.source, lang)}]"


def _attached(given: Attached) -> dict[str, str]:
    return {
        "document": given.document,
        "issued": given.issued,
        "quote": given.quote,
        "url": f" {given.url}" if given.url else "",
    }


def _target(v: Verdict, lang: str) -> Iterator[str]:
    d = v.declared
    t = d.target

    def say(key: str, **params: object) -> str:
        return i18n.text(f"explain.target.{key}", lang, **params)

    yield say("clause", plan=t.plan, clause=t.clause, quote=t.quote)
    yield say("version", version=d.version, known_on=d.known_on)
    if t.attached:
        yield say("attached", **_attached(t.attached))
    if t.printed:
        yield say("read_as", printed=t.printed, read_as=t.read_as, why=t.read_why)
    for text, key in (
        (t.deadline_note, "deadline_note"),
        (t.tolerance_note, "tolerance_note"),
        (t.note, "note"),
    ):
        if text:
            yield say(key, text=text)
    if t.lead_units:
        yield say("lead", units=listed(t.lead_units, lang))
    if t.responsible_units:
        yield say("responsible", units=listed(t.responsible_units, lang))
    why = t.series.why_zh if lang == "zh-CN" else t.series.why_en
    if why:
        yield say("series", why=why)


def _comparison(app: App, v: Verdict, lang: str) -> str:
    t, bounds = v.declared.target, v.assessment.bounds
    assert t.comparator is not None and t.value is not None and bounds is not None
    indicator = app.catalogue.indicators[t.indicator]
    if t.kind is Kind.CHANGE:
        strict = not (bounds.low_in and bounds.high_in)
        sign = {"lower": "<" if strict else "<=", "higher": ">" if strict else ">="}[indicator.direction]
        return i18n.text(
            "explain.comparison.change",
            lang,
            decimals=indicator.decimals,
            comparator=COMPARATORS[sign],
            value=number(border_of(bounds)),
            unit=unit(indicator.unit, lang),
            base=when(t.baseline_period, lang),
        )
    return i18n.text(
        "explain.comparison.text",
        lang,
        decimals=t.decimals,
        comparator=COMPARATORS[t.comparator],
        value=number(t.value),
        unit=unit(t.unit, lang),
    )


def _decisions(app: App, v: Verdict, lang: str) -> Iterator[str]:
    """Every version of the decision by the day."""
    for d in deciding.versions(app, v.declared.target.id, v.assessment.as_of):
        params = {"version": d.version, "day": d.as_of.isoformat()}
        if d.status is None:
            line = i18n.text("explain.decision.lifted", lang, **params)
        else:
            word = i18n.text(f"status.{d.status}", lang)
            line = i18n.text(
                "explain.decision.version",
                lang,
                word=word,
                period=when(d.period, lang),
                value=number(Decimal(d.value or 0)),
                **params,
            )
        yield line + (i18n.text("explain.decision.by", lang, by=d.by, note=d.note) if d.by else "")


def _member(app: App, v: Verdict, p: Part, lang: str) -> str:
    """How one member of a region group stands."""

    def say(key: str, **params: object) -> str:
        return i18n.text(f"explain.group.{key}", lang, **params)

    line = say(
        "part",
        region=region_name(app.catalogue.regions[p.region], lang),
        word=i18n.text(f"status.{p.status}", lang),
        reason=i18n.text(f"reason.{p.reason}", lang),
    )
    if p.value is not None and p.period is not None:
        shown = unit(app.catalogue.indicators[v.declared.target.indicator].unit, lang)
        line += say("value", value=number(p.value), unit=shown, period=when(p.period, lang))
    return line if p.attainment is None else line + say("attainment", attainment=percent(p.attainment))


def _made_of(app: App, v: Verdict, lang: str) -> Iterator[Section]:
    """The parts of an annual forecast, and the values that move it most."""
    a, t = v.assessment, v.declared.target
    f, series = unmoved(app, v), a.series
    if f is None or series is None or t.deadline is None or len(f.last_period) > len("2025"):
        return
    indicator = app.catalogue.indicators[t.series.indicator]
    said = list(parts_said(indicator, f, series.last, lang))
    yield i18n.text("explain.parts.heading", lang), said
    baseline = v.evidence.baseline.value if v.evidence and v.evidence.baseline else None
    level = level_bounds(t, app.catalogue.indicators[t.indicator], baseline)
    if level is None:
        return
    told = list(influences_said(app, indicator, series, t.deadline, level, f.made_at, lang))
    if told:
        yield i18n.text("explain.influence.heading", lang), told


def _forecast(app: App, t: Target, a: Assessment, f: SeriesForecast, lang: str) -> Iterator[str]:
    def say(key: str, **params: object) -> str:
        return i18n.text(f"explain.forecast.{key}", lang, **params)

    indicator = app.catalogue.indicators[t.series.indicator]
    region = region_name(app.catalogue.regions[judged_region(a, t)], lang)
    yield say(
        "window",
        region=region,
        indicator=indicator_name(indicator, lang),
        first=when(f.first_period, lang),
        last=when(f.last_period, lang),
        observed=f.observed,
        vintage=f.vintage,
    )
    if f.panel:
        yield say("panel", series=f.panel_series, day=f.panel_day, panel=f.panel)
    yield say("model", model=i18n.text(f"model.{f.model}", lang), version=f.model_version)
    params = {k: v for k, v in f.params.items() if isinstance(v, int | float)}
    yield say("params", params=", ".join(f"{k} {v:.4g}" for k, v in params.items()))
    for step in f.steps:
        if t.deadline and step.period <= t.deadline[:4]:
            yield say(
                "step",
                period=when(step.period, lang),
                point=number(step.point, indicator.decimals),
                lower80=number(step.lower80, indicator.decimals),
                upper80=number(step.upper80, indicator.decimals),
                lower95=number(step.lower95, indicator.decimals),
                upper95=number(step.upper95, indicator.decimals),
            )
    assert a.attainment is not None
    yield say("attainment", attainment=percent(a.attainment), exact=f"{a.attainment:.4f}")
    for code in f.warnings:
        yield say(f"warning.{code}")


def _value(p: Point, lang: str) -> str:
    line = i18n.text(
        "explain.values.used", lang, period=when(str(p.period), lang), source=_source(p.chosen, lang)
    )
    if p.others:
        line += i18n.text(
            "explain.values.not_used", lang, others=listed((_source(o, lang) for o in p.others), lang)
        )
    return line


def _source(o: Observation, lang: str) -> str:
    published = (
        o.published.isoformat()
        if o.published
        else i18n.text(f"explain.values.{o.known_rule}", lang, day=o.known_on.isoformat())
    )
    return i18n.text(
        "explain.values.source",
        lang,
        printed=o.printed,
        unit=unit(o.unit, lang),
        tier=i18n.text(f"tier.{o.tier}", lang),
        state=i18n.text(f"state.{o.state}", lang),
        basis=basis_text(o.basis, lang),
        source=o.source,
        published=published,
    )
