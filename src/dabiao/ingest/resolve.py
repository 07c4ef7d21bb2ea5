"""One record → one candidate, or everything that is wrong with it. What a cell means is settled here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dabiao.domain.catalogue import Catalogue, Lookup
from dabiao.domain.issue import Issue
from dabiao.domain.observation import Basis, Qualifier, State, Tier
from dabiao.domain.period import Period
from dabiao.domain.target import Indicator, Region
from dabiao.ingest import values
from dabiao.ingest.model import Candidate, Defaults, Record
from dabiao.ingest.periods import PeriodError, parse_period
from dabiao.ingest.readers.interface import Cell, Hole, blank, shown
from dabiao.ingest.words import allowed, word_of

NONE = "–"  # stands in a sentence where there is nothing to name, in either language


@dataclass(frozen=True, slots=True)
class Context:
    """What every record of a file is read against. ``days``: its time column holds days."""

    file: str
    catalogue: Catalogue
    defaults: Defaults
    today: date
    days: bool = False


@dataclass(slots=True)
class _Findings:
    """Collects a record's issues, so that a row with three faults is mended in one go."""

    context: Context
    record: Record
    issues: list[Issue] = field(default_factory=list)

    def add(self, code: str, field_name: str | None, severity: str = "error", **params: Any) -> None:
        column = self.record.columns.get(field_name) if field_name else None
        self.issues.append(
            Issue(
                self.context.file,
                code,
                self.record.sheet,
                self.record.row,
                column,
                params,
                severity,
                self.record.raw,
            )
        )

    def refused(self) -> bool:
        return any(i.severity == "error" for i in self.issues)


def resolve(record: Record, context: Context) -> tuple[Candidate | None, list[Issue]]:
    """The candidate of a record with its warnings, or ``None`` with everything that is wrong."""
    found = _Findings(context, record)
    cells = record.fields
    if "overflow" in cells:
        found.add("row_too_long", None)
        return None, found.issues
    region = _region(found, cells)
    indicator = _indicator(found, cells)
    period = _period(found, cells)
    number, printed, qualifier, unit = _value(found, cells, indicator)
    words = {name: _word(found, cells, name) for name in ("tier", "state", "dust", "condition")}
    published = _date(found, cells, "published") or context.defaults.published
    known_on, rule = _known(found, cells, published, period)
    url = _text(cells, "source_url")
    if url and not url.lower().startswith(("http://", "https://")):
        found.add("url_not_http", "source_url", text=url[:80])
    if found.refused() or region is None or indicator is None or period is None:
        return None, found.issues
    tier = Tier(words["tier"]) if words["tier"] else context.defaults.tier or Tier.OFFICIAL
    state = _state(found, words["state"], period, known_on)
    if found.refused():
        return None, found.issues
    basis = Basis(
        authority="third_party" if tier is Tier.THIRD_PARTY else "official",
        dust=words["dust"] or "unknown",
        condition=words["condition"] or "unknown",
        scope=_text(cells, "scope").replace("|", "｜"),
        standard=_text(cells, "standard").replace("|", "｜"),
    )
    return (
        Candidate(
            region=region.id,
            indicator=indicator.id,
            period=period,
            value=number,
            printed=printed,
            qualifier=qualifier,
            unit=unit,
            basis=basis,
            tier=tier,
            state=state,
            source=_text(cells, "source") or context.defaults.source or context.file,
            source_url=url,
            published=published,
            known_on=known_on,
            known_rule=rule,
            note=_text(cells, "note") or None,
            sheet=record.sheet,
            row=record.row,
            column=record.column,
            raw=record.raw,
        ),
        found.issues,
    )


def _text(cells: Mapping[str, Cell | Hole], name: str) -> str:
    return " ".join(shown(cells.get(name)).split())


def _region(found: _Findings, cells: Mapping[str, Cell | Hole]) -> Region | None:
    hits: dict[str, Region] = {}
    for name in ("region", "adcode"):
        text = _text(cells, name)
        if not text:
            continue
        looked = found.context.catalogue.find_region(text)
        if looked.found is None:
            _unknown(found, "region", name, text, looked, [r.zh for r in looked.among])
            return None
        hits[name] = looked.found
    if not hits:
        found.add("region_missing", "region" if "region" in cells else "adcode")
        return None
    if len({r.id for r in hits.values()}) > 1:
        found.add("region_conflict", "adcode", one=hits["region"].zh, other=hits["adcode"].zh)
        return None
    return next(iter(hits.values()))


def _indicator(found: _Findings, cells: Mapping[str, Cell | Hole]) -> Indicator | None:
    text = _text(cells, "indicator")
    if not text:
        found.add("indicator_missing", "indicator")
        return None
    looked = found.context.catalogue.find_indicator(text)
    if looked.found is None:
        _unknown(found, "indicator", "indicator", text, looked, [i.zh for i in looked.among])
    return looked.found


def _unknown(
    found: _Findings, what: str, name: str, text: str, looked: Lookup[Any], among: list[str]
) -> None:
    if among:
        found.add(f"{what}_ambiguous", name, text=text[:80], among=" / ".join(among))
    else:
        found.add(f"{what}_unknown", name, text=text[:80], near=" / ".join(looked.near) or NONE)


def _period(found: _Findings, cells: Mapping[str, Cell | Hole]) -> Period | None:
    cell, year = cells.get("period"), None
    name = "period" if "period" in cells else "year"
    if not blank(cells.get("year")):
        try:
            year = parse_period(cells["year"]).year
        except PeriodError:
            found.add("period_unreadable", "year", text=_text(cells, "year")[:80])
            return None
    if blank(cell):
        cell = _composed(cells)
    if blank(cell):
        found.add("period_missing", name)
        return None
    try:
        period = parse_period(cell, year=year, days=found.context.days)
    except PeriodError as error:
        found.add(error.code, name, text=shown(cell)[:80])
        return None
    if year is not None and period.year != year:
        found.add("period_conflict", name, one=str(period), other=str(year))
        return None
    if period.start > found.context.today:
        found.add("period_not_begun", name, period=str(period), today=found.context.today.isoformat())
    return period


def _composed(cells: Mapping[str, Cell | Hole]) -> Cell:
    """The period's own words where year, month and quarter stand in columns of their own."""
    for name, sign in (("month", "月"), ("quarter", "季度")):
        text = _text(cells, name)
        if text:
            return f"{text}{sign}" if text.isdigit() else text
    return _text(cells, "year")


def _value(
    found: _Findings, cells: Mapping[str, Cell | Hole], indicator: Indicator | None
) -> tuple[Decimal | None, str, Qualifier | None, str]:
    nothing = (None, "", None, "")
    try:
        parsed = values.parse_value(cells.get("value"))
    except values.NotAValueError as error:
        found.add(error.code, "value", text=shown(cells.get("value"))[:80])
        return nothing
    stated = _text(cells, "unit")
    if parsed.unit and stated and not values.same_unit(parsed.unit, stated):
        found.add("unit_conflict", "value", one=parsed.unit, other=stated)
        return nothing
    unit = parsed.unit or stated
    if indicator is None:
        return nothing
    kept = indicator.unit or ""
    if parsed.number is None:
        return None, parsed.printed, None, kept
    if not unit and kept:
        found.add("unit_missing", "unit" if "unit" in cells else "value", indicator=indicator.zh, unit=kept)
        return nothing
    number = values.converted(parsed.number, unit, kept) if unit else parsed.number
    if number is None:
        where = "unit" if stated else "value"
        found.add("unit_wrong", where, text=unit[:40], indicator=indicator.zh, unit=kept or NONE)
        return nothing
    if not unit or values.same_unit(unit, kept):
        return number, parsed.printed, parsed.qualifier, kept
    printed = parsed.printed if parsed.unit else f"{parsed.printed} {values.unit_of(unit)}"
    return number, printed, parsed.qualifier, kept


def _word(found: _Findings, cells: Mapping[str, Cell | Hole], name: str) -> str | None:
    text = _text(cells, name)
    if not text:
        return None
    word = word_of(name, text)
    if word is None:
        found.add("word_unknown", name, text=text[:40], allowed=allowed(name))
    return word


def _date(found: _Findings, cells: Mapping[str, Cell | Hole], name: str) -> date | None:
    cell = cells.get(name)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cells, name)
    if not text:
        return None
    plain = text.translate(str.maketrans("年月/.", "----", "日 "))
    try:
        year, month, day = (int(part) for part in plain.split("-"))
        return date(year, month, day)
    except ValueError:
        found.add("date_unreadable", name, text=text[:40])
        return None


def _known(
    found: _Findings, cells: Mapping[str, Cell | Hole], published: date | None, period: Period | None
) -> tuple[date, str]:
    """The first day on which the value may enter an as-of view, and how that was settled."""
    today = found.context.today
    stated = _date(found, cells, "known_on")
    if published and stated and published != stated:
        found.add("known_on_conflict", "known_on", one=stated.isoformat(), other=published.isoformat())
    known_on = published or stated or today
    name = "published" if published else "known_on"
    if known_on > today:
        found.add("date_in_future", name, text=known_on.isoformat(), today=today.isoformat())
    elif period is not None and known_on < period.start <= today:
        found.add("known_before_period", name, text=known_on.isoformat(), period=str(period))
    return known_on, "published" if published else "period_end" if stated else "imported"


def _state(found: _Findings, word: str | None, period: Period, known_on: date) -> State:
    """Final, unless the file says otherwise or the period had not ended when the value was known."""
    if known_on > period.end:
        return State(word) if word else State.FINAL
    if word is None:
        found.add("period_not_ended", "period", "warning", period=str(period), known_on=known_on.isoformat())
    elif word == State.FINAL:
        found.add("final_before_end", "state", period=str(period), known_on=known_on.isoformat())
    return State(word) if word else State.TO_DATE
