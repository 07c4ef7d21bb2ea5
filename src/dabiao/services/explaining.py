"""Everything behind one status, in sentences a person can check."""

from __future__ import annotations

from collections.abc import Iterator

from dabiao import i18n
from dabiao.assess.sentences import also, indicator_name, region_name, rule_says, sentence
from dabiao.domain.assessment import NOT_APPLICABLE, RuleResult, SeriesForecast
from dabiao.domain.observation import Observation, Point
from dabiao.domain.target import Measure, Target
from dabiao.i18n.format import COMPARATORS, listed, number, percent, unit, when
from dabiao.services.app import App
from dabiao.services.contract import basis_text
from dabiao.services.judging import Verdict

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
        yield heading("comparison"), [_comparison(v, lang)]
    if a.forecast is not None and a.attainment is not None:
        yield heading("forecast"), list(_forecast(app, t, a.forecast, a.attainment, lang))
    if a.rules:
        yield (
            heading("rules"),
            [_rule(r, lang) for r in a.rules],
        )
    points = list(a.series.points) if a.series else []
    if a.decided_by is not None and all(p.period != a.decided_by.period for p in points):
        points.append(a.decided_by)
    if a.decided_by is not None:
        points = [a.decided_by if p.period == a.decided_by.period else p for p in points]
    if points:
        yield heading("values"), [_value(p, lang) for p in points]


def _rule(r: RuleResult, lang: str) -> str:
    said = f"{i18n.text(f'rule.{r.rule}.name', lang)}: {i18n.text(f'outcome.{r.outcome}', lang)} — {rule_says(r, lang)}"
    return said if r.outcome == NOT_APPLICABLE else f"{said} [{i18n.text(r.source, lang)}]"


def _target(v: Verdict, lang: str) -> Iterator[str]:
    d = v.declared
    t = d.target

    def say(key: str, **params: object) -> str:
        return i18n.text(f"explain.target.{key}", lang, **params)

    yield say("clause", plan=t.plan, clause=t.clause, quote=t.quote)
    yield say("version", version=d.version, known_on=d.known_on)
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


def _comparison(v: Verdict, lang: str) -> str:
    t = v.declared.target
    assert t.comparator is not None and t.value is not None
    return i18n.text(
        "explain.comparison.text",
        lang,
        decimals=t.decimals,
        comparator=COMPARATORS[t.comparator],
        value=number(t.value),
        unit=unit(t.unit, lang),
    )


def _forecast(app: App, t: Target, f: SeriesForecast, attainment: float, lang: str) -> Iterator[str]:
    def say(key: str, **params: object) -> str:
        return i18n.text(f"explain.forecast.{key}", lang, **params)

    indicator = app.catalogue.indicators[t.series.indicator]
    region = region_name(app.catalogue.regions[t.series.region], lang)
    yield say(
        "window",
        region=region,
        indicator=indicator_name(indicator, lang),
        first=when(f.first_period, lang),
        last=when(f.last_period, lang),
        observed=f.observed,
        vintage=f.vintage,
    )
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
    yield say("attainment", attainment=percent(attainment), exact=f"{attainment:.4f}")
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
