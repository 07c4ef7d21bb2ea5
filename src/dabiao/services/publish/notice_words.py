"""Words that the letter and the workbook of a notice share: title, names, targets, scope, numbers of headings."""

from __future__ import annotations

from collections.abc import Sequence

from dabiao import i18n
from dabiao.domain.target import Measure
from dabiao.i18n.format import COMPARATORS, listed, number, unit
from dabiao.services.publish.notice_asked import Asked
from dabiao.services.publish.notices import Entry, Notice

_DIGITS = "零一二三四五六七八九"


def chinese_number(n: int) -> str:
    """A number of headings in Chinese, 1 to 9999: 十二, 一百零五."""
    if not 0 < n < 10_000:
        raise ValueError(f"no heading has the number {n}")
    said, gap = "", False
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // power % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + word
        gap = not digit
    return said[1:] if 10 <= n < 20 else said


def title(notice: Notice) -> str:
    """The notice's title: 关于…进展情况的通报（稿）."""
    asked, lang = notice.asked, notice.asked.lang
    period = ""
    if asked.period is not None:
        period = i18n.text(
            "notice.title.period", lang, period=asked.period.words(lang).replace(" ", gap(lang))
        )
    return i18n.text(f"notice.title.{_about(asked)}", lang, period=period, scope=notice.scope)


def _about(asked: Asked) -> str:
    """What a notice is about, as the keys of its titles have it."""
    if asked.one_target:
        return "target"
    given = [name for name in ("region", "plan", "unit") if asked.filters.get(name)]
    if "unit" in given:
        return "unit"
    return {(): "all", ("plan",): "plan"}.get(tuple(given), "of")


def gap(lang: str) -> str:
    """What stands between two sentences."""
    return "" if lang == "zh-CN" else " "


def role_of(e: Entry, units: Sequence[str], lang: str) -> str:
    """What some units do for a target: lead it, share it, or both."""
    d, asked = e.v.declared, set(units)
    roles = [r for r, found in (("lead", d.lead), ("shared", d.responsible)) if asked & {u.id for u in found}]
    return listed((i18n.text(f"notice.role.{r}", lang) for r in roles), lang)


def name_of(e: Entry, lang: str) -> str:
    """A target in a few words: region and indicator, or what a qualitative one asks."""
    t, words = e.v.declared.target, e.line.words()
    if t.measure is Measure.QUALITATIVE:
        return i18n.text("notice.name_qualitative", lang, region=words["region"], quote=t.quote)
    return i18n.text("notice.name", lang, region=words["region"], indicator=words["indicator"])


def target_text(e: Entry, lang: str) -> str:
    """What is to be reached: ``≤ 27 µg/m³``."""
    t = e.v.declared.target
    if t.comparator is None or t.value is None:
        return i18n.text(f"measure.{t.measure}", lang)
    return f"{COMPARATORS[t.comparator]} {number(t.value)}{unit(t.unit, lang)}"


def required_text(e: Entry, lang: str) -> str:
    """The required value of the year in progress: ``≤ 33.1 µg/m³``."""
    if e.required is None or e.required_side is None:
        return "—"
    sign = {"at_most": "≤", "at_least": "≥"}[e.required_side]
    indicator = e.line.app.catalogue.indicators[e.v.declared.target.series.indicator]
    return f"{sign} {number(e.required)}{unit(indicator.unit, lang)}"


def scope_text(notice: Notice) -> str:
    """The filters in words."""
    lang, asked = notice.asked.lang, notice.asked
    said = [
        i18n.text(f"notice.filter.{name}", lang, values=listed(values, lang))
        for name, values in sorted(asked.filters.items())
        if values
    ]
    said += [i18n.text("notice.filter.period", lang, values=asked.period.code)] if asked.period else []
    return listed(said or [i18n.text("notice.filter.all", lang)], lang)
