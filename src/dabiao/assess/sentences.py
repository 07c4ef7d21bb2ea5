"""A status said to a person: one sentence, then what must be said with it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from dabiao import i18n
from dabiao.assess.joint import COMMON
from dabiao.domain.assessment import Assessment, Caution, Reason, RuleResult, Status, Warned
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Tier
from dabiao.domain.period import Period
from dabiao.domain.target import Indicator, Kind, Measure, Region, Target, Together
from dabiao.i18n.format import COMPARATORS, listed, number, percent, spaced, unit, when


def region_name(region: Region, lang: str) -> str:
    """A region's name in a language."""
    return region.zh if lang == "zh-CN" else region.en


def judged_region(a: Assessment, target: Target) -> str:
    """The region whose series the status hangs on: of a group judged by each member, the worst one."""
    return a.worst_member or target.series.region


def wanted_regions(a: Assessment, target: Target) -> tuple[str, ...]:
    """The regions whose values a target without data waits for: members that lack them, else the judged region."""
    if a.group is not None and a.group.missing:
        return a.group.missing
    return (judged_region(a, target),)


def names(regions: Iterable[str], catalogue: Catalogue, lang: str) -> str:
    """Regions' names as a list."""
    return listed((region_name(catalogue.regions[r], lang) for r in regions), lang)


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
    Reason.REACHED_EARLY: "reached_early",
    Reason.BASELINE_NOT_POSITIVE: "baseline_not_positive",
    Reason.BASIS_MISMATCH: "basis_mismatch",
    Reason.MEMBER_MISSING: "member_missing",
    Reason.NOT_VALID: "not_valid",
}


def sentence(a: Assessment, target: Target, catalogue: Catalogue, lang: str) -> str:
    """The verdict in one sentence, without the clauses of :func:`also`."""
    name = _BY_REASON.get(a.reason, str(a.status))
    if a.reason is Reason.VALUE_NOT_IN and a.group is not None:
        name = "members_awaited"
    if a.reason is Reason.REPORT_OVERDUE and (a.report is not None or "due" in a.params):
        name = _overdue(a)
    indicator = catalogue.indicators[target.indicator]
    params: dict[str, Any] = {
        "deadline": when(target.deadline, lang),
        "quote": target.quote,
        "unit": unit(indicator.unit, lang),
        **a.params,
    }
    if target.measure is Measure.NUMERIC:
        params["subject"] = subject(target, catalogue, lang)
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
    if "members" in a.params:
        params["members"] = names(a.params["members"], catalogue, lang)
    if a.report is not None:
        params |= {
            "by": a.report.unit,
            "date": a.report.reported_on.isoformat(),
            "state": i18n.text(f"report_state.{a.report.state}", lang),
        }
    return i18n.text(f"verdict.{name}", lang, **params)


def _overdue(a: Assessment) -> str:
    """Which sentence says that a report is overdue: a due day before the deadline was missed, or the final one."""
    if "due" in a.params:
        return "report_due" if a.report is None else "report_due_again"
    return "unfinished"


def also(a: Assessment, target: Target, catalogue: Catalogue, lang: str) -> list[str]:
    """What must be said with the verdict: what contradicts it, provisional and why, range of sources, the worst member, rules
    that disagree, the latest value, a changed basis, proxy.
    """
    said: list[str] = []
    indicator = catalogue.indicators[target.indicator]
    series_region = region_name(catalogue.regions[judged_region(a, target)], lang)

    def say(key: str, **params: Any) -> None:
        said.append(i18n.text(f"verdict.also.{key}", lang, **params))

    if a.reopened is not None:
        say(
            "reopened",
            why=i18n.text(f"reopened.{a.reopened.why}", lang),
            value=number(Decimal(a.reopened.value)) if a.reopened.value else "—",
            word=i18n.text(f"status.{a.reopened.status}", lang),
        )
    if a.reason is Reason.NO_SERIES:
        wanted = catalogue.indicators[target.series.indicator]
        region = names(wanted_regions(a, target), catalogue, lang)
        say("bring", region=region, indicator=indicator_name(wanted, lang))
    if "next_due" in a.params:
        say("next_due", day=a.params["next_due"])
    if a.provisional:
        say(
            "provisional",
            reasons=listed(
                (i18n.text(f"provisional.{p}", lang, region=series_region) for p in a.provisional), lang
            ),
        )
    said += _together(a, target, catalogue, lang)
    if a.decided_by is not None:
        values = sorted([a.decided_by.value, *(o.value for o in a.decided_by.others if o.value is not None)])
        if values[0] != values[-1] and target.together in (Together.EACH, Together.WHOLE):
            say("range", low=number(values[0]), high=number(values[-1]))
        if a.provisional:
            say("settle")
    elif a.reason is Reason.RULES_DISAGREE:
        against = (r.rule for r in a.rules if r.decides and r.favourable is False)
        say("rules_disagree", rules=listed((i18n.text(f"rule.{r}.name", lang) for r in against), lang))
    if a.agreement.disagree:
        say("agreement", **a.agreement._asdict())
    if a.decided_by is not None:
        return said
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
        if a.latest.chosen.tier in (Tier.THIRD_PARTY, Tier.DERIVED_THIRD_PARTY):
            say("third_party")
    said += [caution(w, catalogue, lang) for w in a.warnings if w.code in _GRAVE]
    return said


_GRAVE = {Caution.BASIS_CHANGED, Caution.TOTAL_FALLS}
"""Cautions that are said with the verdict itself."""


def caution(w: Warned, catalogue: Catalogue, lang: str) -> str:
    """A caution in a sentence."""
    params = dict(w.params)
    if "region" in params:
        params["region"] = region_name(catalogue.regions[params["region"]], lang)
    if "years" in params:
        params["years"] = listed((str(y) for y in params["years"]), lang)
    return i18n.text(f"caution.{w.code}", lang, **params)


def _together(a: Assessment, target: Target, catalogue: Catalogue, lang: str) -> list[str]:
    """How a region group was judged: its worst member, and what all of them together come to."""

    def say(key: str, **params: Any) -> str:
        return i18n.text(f"verdict.also.{key}", lang, **params)

    if target.together in (Together.MEAN, Together.TOTAL) and a.latest is not None:
        return [say(f"together_{target.together}")]
    group = a.group
    if group is None or group.worst is None:
        return []
    region = region_name(catalogue.regions[group.worst], lang)
    said = [say("worst", count=len(group.parts), region=region)]
    if a.attainment is not None and group.upper is not None:
        if group.lower is not None:
            said.append(
                say(
                    "joint",
                    region=region,
                    upper=percent(group.upper),
                    lower=percent(group.lower),
                    common=f"{COMMON:g}",
                    attainment=percent(a.attainment),
                )
            )
        else:
            said.append(say("joint_missing", region=region, upper=percent(group.upper)))
    if group.missing and a.reason not in (Reason.MEMBER_MISSING, Reason.VALUE_NOT_IN):
        said.append(say("missing", members=names(group.missing, catalogue, lang)))
    return said


def verdict(a: Assessment, target: Target, catalogue: Catalogue, lang: str) -> str:
    """The sentence and its clauses as one paragraph."""
    gap = "" if lang == "zh-CN" else " "
    return gap.join([sentence(a, target, catalogue, lang), *also(a, target, catalogue, lang)])


def rule_says(result: RuleResult, lang: str) -> str:
    """What one rule says, with its figure."""
    return i18n.text(result.message, lang, **result.params)
