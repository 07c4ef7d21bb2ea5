"""A status said to a person: one sentence, then what must be said with it."""

from __future__ import annotations

from typing import Any

from dabiao import i18n
from dabiao.domain.assessment import Assessment, Reason, RuleResult, Status
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Tier
from dabiao.domain.period import Period
from dabiao.domain.target import Indicator, Kind, Measure, Region, Target
from dabiao.i18n.format import COMPARATORS, listed, number, percent, spaced, unit, when


def region_name(region: Region, lang: str) -> str:
    """A region's name in a language."""
    return region.zh if lang == "zh-CN" else region.en


def indicator_name(indicator: Indicator, lang: str) -> str:
    """An indicator's name in a language."""
    return indicator.zh if lang == "zh-CN" else indicator.en


def subject(target: Target, catalogue: Catalogue, lang: str) -> str:
    """What the sentence is about: place, date, indicator, comparator, value."""
    region = region_name(catalogue.regions[target.region], lang)
    indicator = indicator_name(catalogue.indicators[target.indicator], lang)
    assert target.comparator is not None and target.value is not None
    key = "subject" if target.deadline else "subject_undated"
    if target.kind is Kind.CHANGE:
        key = f"subject_change_{catalogue.indicators[target.indicator].direction}"
    said = i18n.text(
        f"verdict.{key}",
        lang,
        region=region,
        indicator=indicator,
        deadline=when(target.deadline, lang),
        base=when(target.baseline_period, lang),
        comparator=COMPARATORS[target.comparator],
        value=number(target.value),
        unit=unit(target.unit, lang),
    )
    return spaced(said)


_BY_REASON = {
    Reason.NO_SERIES: "no_series",
    Reason.TOO_SHORT: "too_short",
    Reason.STALE: "stale",
    Reason.NO_DEADLINE: "no_deadline",
    Reason.BASELINE_MISSING: "baseline_missing",
    Reason.FORECAST_FAILED: "forecast_failed",
    Reason.REPORT_OVERDUE: "overdue",
}


def sentence(a: Assessment, target: Target, catalogue: Catalogue, lang: str) -> str:
    """The verdict in one sentence, without the clauses of :func:`also`."""
    name = _BY_REASON.get(a.reason, str(a.status))
    indicator = catalogue.indicators[target.indicator]
    params: dict[str, Any] = {
        "deadline": when(target.deadline, lang),
        "quote": target.quote,
        "unit": unit(indicator.unit, lang),
        **a.params,
    }
    if target.measure is Measure.NUMERIC:
        params["subject"] = subject(target, catalogue, lang)
        params["series_region"] = region_name(catalogue.regions[target.series.region], lang)
        params["series_indicator"] = indicator_name(catalogue.indicators[target.series.indicator], lang)
        if target.deadline:
            params["deadline_period"] = when(target.deadline, lang)
    if a.latest is not None:
        params |= {"period": when(str(a.latest.period), lang), "latest": number(a.latest.value)}
    if a.attainment is not None:
        assert a.point is not None and a.lower80 is not None and a.upper80 is not None
        decimals = max(indicator.decimals, target.decimals)
        params |= {
            "point": number(a.point, decimals),
            "lower": number(a.lower80, decimals),
            "upper": number(a.upper80, decimals),
            "attainment": percent(a.attainment),
        }
    if a.report is not None:
        params |= {
            "by": a.report.by,
            "date": a.report.reported_on.isoformat(),
            "state": i18n.text(f"report_state.{a.report.state}", lang),
        }
    return i18n.text(f"verdict.{name}", lang, **params)


def also(a: Assessment, target: Target, catalogue: Catalogue, lang: str) -> list[str]:
    """What must be said with the verdict: provisional and why, range of sources, latest value, rules, proxy."""
    said: list[str] = []
    indicator = catalogue.indicators[target.indicator]
    series_region = region_name(catalogue.regions[target.series.region], lang)

    def say(key: str, **params: Any) -> None:
        said.append(i18n.text(f"verdict.also.{key}", lang, **params))

    if a.provisional:
        say(
            "provisional",
            reasons=listed(
                (i18n.text(f"provisional.{p}", lang, region=series_region) for p in a.provisional), lang
            ),
        )
    if a.decided_by is not None:
        values = sorted([a.decided_by.value, *(o.value for o in a.decided_by.others if o.value is not None)])
        if values[0] != values[-1]:
            say("range", low=number(values[0]), high=number(values[-1]))
        if a.provisional:
            say("settle")
        return said
    if a.reason is Reason.RULES_DISAGREE:
        names = listed(
            (i18n.text(f"rule.{r.rule}.name", lang) for r in a.rules if r.decides and r.favourable is False),
            lang,
        )
        say("rules_disagree", rules=names)
    if a.latest is not None:
        say(
            "latest",
            period=when(str(a.latest.period), lang),
            latest=number(a.latest.value),
            unit=unit(indicator.unit, lang),
            tier=i18n.text(f"tier.{a.latest.chosen.tier}", lang),
        )
        if a.late and a.status is not Status.AWAITING:
            last = a.latest.period.year
            late = [str(Period.year_of(year)) for year in range(last + 1, last + 1 + a.late)]
            say("late", period=listed((when(year, lang) for year in late), lang))
        if a.proxy:
            say("proxy", region=series_region)
        if a.latest.chosen.tier is Tier.THIRD_PARTY:
            say("third_party")
    return said


def verdict(a: Assessment, target: Target, catalogue: Catalogue, lang: str) -> str:
    """The sentence and its clauses as one paragraph."""
    gap = "" if lang == "zh-CN" else " "
    return gap.join([sentence(a, target, catalogue, lang), *also(a, target, catalogue, lang)])


def rule_says(result: RuleResult, lang: str) -> str:
    """What one rule says, with its figure."""
    return i18n.text(result.message, lang, **result.params)
