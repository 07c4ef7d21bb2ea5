"""Which region and indicator a record names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dabiao.domain.catalogue import Catalogue, Lookup
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.target import Indicator, Region
from dabiao.ingest.findings import NONE, Cells, Findings, text_of
from dabiao.ingest.headings import split_unit, split_words
from dabiao.ingest.values import FOOTNOTE
from dabiao.ingest.words import scope_of

_BRACKETED = re.compile(r"(.+?)[(（]([^()（）]+)[)）]")
_PART_OF = re.compile(r"其中\s*[:：]?\s*(?=.)")  # a county below its city in one list
_PARTS = re.compile(r"[、,，;；和及]")

OF_DAYS = {"co": "co_p95", "o3": "o3_p90", "o3_8h": "o3_p90"}
"""Indicators of hours and days, with the statistic that is published of months and years (HJ 663): a bulletin heads both
with the bare name."""
_STATISTIC = re.compile(r"平均|均值|小时|mean|average|hour", re.IGNORECASE)


def region_of(found: Findings, cells: Cells) -> tuple[Region | None, str]:
    """The region of a record, and the scope that its name says: 泉州市(市区), 泉州市市区. Name and code must agree."""
    hits: dict[str, Region] = {}
    scope = ""
    for name in ("region", "adcode"):
        text = text_of(cells, name)
        if not text:
            continue
        region, said = _named(found, name, text)
        if region is None:
            return None, ""
        hits[name], scope = region, scope or said
    if not hits:
        found.add("region_missing", "region" if "region" in cells else "adcode")
        return None, ""
    if len({r.id for r in hits.values()}) > 1:
        found.add("region_conflict", "adcode", one=hits["region"].zh, other=hits["adcode"].zh)
        return None, ""
    return next(iter(hits.values())), scope


def _named(found: Findings, name: str, text: str) -> tuple[Region | None, str]:
    catalogue, mapping = found.context.catalogue, found.context.mapping
    text = mapping.name_of("region", text) or text
    looked = catalogue.find_region(text)
    if looked.found or looked.among:
        return _settled(found, name, text, looked), ""
    bare = FOOTNOTE.sub("", text).strip()
    if bare != text and (marked := catalogue.find_region(bare)).found:
        return marked.found, ""
    if part := _PART_OF.match(bare):
        return _named(found, name, bare[part.end() :])
    bracketed = _BRACKETED.fullmatch(bare)
    if bracketed and (scope := scope_of(bracketed[2])):
        return _settled(found, name, text, catalogue.find_region(bracketed[1])), scope
    for word in ("中心市区", "中心城区", "市区", "城区"):
        place = bare.removesuffix(word)
        if place and place != bare and (inner := catalogue.find_region(place)).found:
            return inner.found, scope_of(word) or ""
    parts = [p for p in _PARTS.split(bare) if p.strip()]
    if len(parts) > 1 and all(catalogue.find_region(p).found for p in parts):
        found.add("region_list", name, text=text[:80])
        return None, ""
    return _settled(found, name, text, looked), ""


def _settled(found: Findings, name: str, text: str, looked: Lookup[Region]) -> Region | None:
    if looked.found is None:
        _unknown(found, "region", name, text, looked, [r.zh for r in looked.among])
    return looked.found


def indicator_of(found: Findings, cells: Cells) -> tuple[Indicator | None, Mapping[str, str]]:
    """The indicator of a record, and what its name says of unit and basis: PM2.5(剔除沙尘)(μg/m3)."""
    text = text_of(cells, "indicator")
    if not text:
        found.add("indicator_missing", "indicator")
        return None, {}
    text = found.context.mapping.name_of("indicator", text) or text
    looked = found.context.catalogue.find_indicator(text)
    if looked.found is None and not looked.among:
        said = _bracketed(text, found.context.catalogue)
        if said[0]:
            return said
    if looked.found is None:
        _unknown(found, "indicator", "indicator", text, looked, [i.zh for i in looked.among])
    return looked.found, {}


def check_statistic(found: Findings, cells: Cells, indicator: Indicator, period: Period) -> None:
    """Refuse a bare CO or O3 of more than a day: a percentile is meant as a rule, a mean now and then."""
    name = text_of(cells, "indicator")
    usual = found.context.catalogue.indicators.get(OF_DAYS.get(indicator.id, ""))
    if usual is None or period.kind in (PeriodKind.DAY, PeriodKind.HOUR):
        return
    if "8" not in indicator.id and _STATISTIC.search(name):
        return
    found.add("statistic_unnamed", "indicator", text=name[:80], usual=usual.aliases[0], period=str(period))


def _bracketed(text: str, catalogue: Catalogue) -> tuple[Indicator | None, dict[str, str]]:
    """An indicator once its unit is taken off, else once unit and words of its basis are."""
    bare, unit = split_unit(text)
    if unit and (found := catalogue.find_indicator(bare).found):
        return found, {"unit": unit}
    body, unit, words = split_words(text)
    found = catalogue.find_indicator(body).found if body != text else None
    return found, {**words, **({"unit": unit} if unit else {})}


def _unknown(found: Findings, what: str, name: str, text: str, looked: Lookup[Any], among: list[str]) -> None:
    if among:
        found.add(f"{what}_ambiguous", name, text=text[:80], among=" / ".join(among))
    else:
        found.add(f"{what}_unknown", name, text=text[:80], near=" / ".join(looked.near) or NONE)
