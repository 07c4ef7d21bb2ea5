"""One record → one candidate, or everything that is wrong with it. What a cell means is settled here and nowhere else."""

from __future__ import annotations

import re

from dabiao.domain.issue import Issue
from dabiao.domain.observation import Basis, Tier
from dabiao.domain.target import Indicator
from dabiao.ingest.changes import parse_change
from dabiao.ingest.figures import figure_of
from dabiao.ingest.findings import NONE, Cells, Context, Findings, text_of
from dabiao.ingest.model import Candidate, Record
from dabiao.ingest.places import check_statistic, indicator_of, region_of
from dabiao.ingest.times import date_of, known_of, period_of, state_of
from dabiao.ingest.words import allowed, word_of

__all__ = ["NONE", "Context", "resolve"]

_WATER = re.compile(r"水|断面|海|河|湖")
_PARTS = ("dust", "condition", "scope", "standard")


def resolve(record: Record, context: Context) -> tuple[Candidate | None, list[Issue]]:
    """The candidate of a record with its warnings, or ``None`` with everything that is wrong."""
    found = Findings(context, record)
    cells = record.fields
    if "overflow" in cells:
        found.add("row_too_long", None)
        return None, found.issues
    region, scope = region_of(found, cells)
    indicator, named = indicator_of(found, cells)
    if named:
        cells = {**cells, **{name: said for name, said in named.items() if not text_of(cells, name)}}
    period = period_of(found, cells)
    if indicator is not None and period is not None:
        check_statistic(found, cells, indicator, period)
    number, printed, qualifier, unit = figure_of(found, cells, indicator)
    words = {name: _word(found, cells, name) for name in ("tier", "state")}
    basis = _basis(found, cells, indicator, scope)
    published = date_of(found, cells, "published") or context.defaults.published
    known_on, rule = known_of(found, cells, published, period)
    url = text_of(cells, "source_url")
    if url and not url.lower().startswith(("http://", "https://")):
        found.add("url_not_http", "source_url", text=url[:80])
    if found.refused() or region is None or indicator is None or period is None:
        return None, found.issues
    tier = Tier(words["tier"]) if words["tier"] else context.defaults.tier or Tier.OFFICIAL
    state = state_of(found, words["state"], period, known_on)
    if found.refused():
        return None, found.issues
    authority = "third_party" if tier is Tier.THIRD_PARTY else "official"
    return (
        Candidate(
            region=region.id,
            indicator=indicator.id,
            period=period,
            value=number,
            printed=printed,
            qualifier=qualifier,
            unit=unit,
            basis=Basis(authority, **basis),
            tier=tier,
            state=state,
            source=text_of(cells, "source") or context.defaults.source or context.file,
            source_url=url,
            published=published,
            known_on=known_on,
            known_rule=rule,
            note=text_of(cells, "note") or None,
            sheet=record.sheet,
            row=record.row,
            column=record.column,
            raw=record.raw,
            change=parse_change(text_of(cells, "change"), record.columns.get("change", "")),
        ),
        found.issues,
    )


def _basis(found: Findings, cells: Cells, indicator: Indicator | None, scope: str) -> dict[str, str]:
    """What makes the value comparable. A column goes before a heading's bracket, that before the title.

    A title's section list is said of water only, its dust and gas state of air only.
    """
    water = indicator is not None and bool(_WATER.search(indicator.zh))
    basis = {}
    for name in _PARTS:
        titled = text_of(cells, f"title_{name}") if water is (name == "scope") else ""
        if name in ("dust", "condition"):
            basis[name] = _word(found, cells, name) or titled or "unknown"
        else:
            basis[name] = (text_of(cells, name) or (scope if name == "scope" else "") or titled).replace(
                "|", "｜"
            )
    if scope and text_of(cells, "scope") and scope != text_of(cells, "scope"):
        found.add("scope_conflict", "scope", one=scope, other=text_of(cells, "scope"))
    return basis


def _word(found: Findings, cells: Cells, name: str) -> str | None:
    text = text_of(cells, name)
    if not text:
        return None
    word = word_of(name, text)
    if word is None:
        found.add("word_unknown", name, text=text[:40], allowed=allowed(name))
    return word
