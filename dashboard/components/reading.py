"""How a file was read, or would be: its sheets, what each column is, the first values, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dabiao import i18n
from dabiao.i18n.format import unit, when
from dabiao.services.pages.data_views import Said
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import frame

RECORDS = ("where", "region", "indicator", "period", "printed", "value", "tier", "known")


def description(how: Mapping[str, Any], asked: Asked) -> list[Any]:
    """Encoding, what was taken for granted, and a table of columns a sheet."""
    say, assumed = asked.say, how.get("assumed") or {}
    mapping = how.get("mapping") or {}
    pairs: list[tuple[str, Any]] = [
        (say("reading.encoding"), how.get("encoding")),
        (say("reading.mapping"), mapping.get("name")),
        (say("reading.source"), assumed.get("source")),
        (say("reading.tier"), _tier(assumed, asked)),
        (say("reading.published"), assumed.get("published") or say("reading.each_own")),
    ]
    parts: list[Any] = [frame.facts(pairs)] if assumed else []
    return [*parts, *(_sheet(sheet, asked) for sheet in how.get("sheets", ()))]


def _tier(assumed: Mapping[str, Any], asked: Asked) -> str | None:
    tier = assumed.get("tier")
    return asked.say.word(f"tier.{tier}") if tier else None


def _sheet(sheet: Mapping[str, Any], asked: Asked) -> html.Div:
    say = asked.say
    shape = sheet.get("layout", "")
    known = i18n.has(f"understanding.shape.{shape}")
    heads = sheet.get("heading_row") or 0
    first = heads - max((sheet.get("heading_rows") or 1) - 1, 0)
    facts = [
        (say("reading.sheet"), sheet.get("sheet")),
        (say("reading.layout"), say.word(f"understanding.shape.{shape}") if known else shape),
        (say("reading.heading"), _rows(first, heads, asked)),
        (say("reading.title"), (sheet.get("title") or {}).get("text")),
    ]
    columns = [_column(c, asked) for c in sheet.get("columns", ())]
    table = frame.table(
        [say(f"reading.column_{n}") for n in ("letter", "heading", "role", "unit")],
        columns,
        caption=say("reading.columns"),
        row_classes=["aside" if c["role"] == "ignored" else "" for c in sheet.get("columns", ())],
    )
    return html.Div([frame.facts(facts), table if columns else None], className="sheet")


def _rows(first: int, last: int, asked: Asked) -> str | None:
    if not last:
        return None
    return (
        asked.say("data.row", row=last)
        if first == last
        else asked.say("reading.rows", first=first, last=last)
    )


def _column(column: Mapping[str, Any], asked: Asked) -> list[Any]:
    say, said = asked.say, column.get("says") or {}
    name = "，".join if asked.lang == "zh-CN" else ", ".join
    words = [_word(k, str(v), asked) for k, v in said.items()] or [_field(column.get("name") or "", asked)]
    if column["role"] == "ignored":
        why = column["kind"] if i18n.has(f"understanding.kind.{column['kind']}") else "other"
        words = [say.word(f"understanding.kind.{why}")]
    kind = "field" if column["name"] == "value" else column["role"]
    role = say.word(f"understanding.role.{kind}", name=name(words))
    said_unit = unit(column["unit"], asked.lang).strip() if column.get("unit") else ""
    return [column["column"], column["heading"], role, said_unit]


def _field(name: str, asked: Asked) -> str:
    if name in asked.app.catalogue.indicators:
        return present.indicator(asked.app.catalogue, name, asked.lang)
    key = f"dashboard.reading.field_{name}"
    return i18n.text(key, asked.lang) if i18n.has(key) else name


def _word(name: str, value: str, asked: Asked) -> str:
    catalogue = asked.app.catalogue
    if name == "indicator" and value in catalogue.indicators:
        return present.indicator(catalogue, value, asked.lang)
    if name == "region" and value in catalogue.regions:
        return present.short_region(catalogue, value, asked.lang)
    return value


def records(found: Sequence[Mapping[str, Any]], asked: Asked) -> html.Div:
    """The first values as they were understood."""
    say, lang, catalogue = asked.say, asked.lang, asked.app.catalogue
    rows, regions = [], {region.zh: region.id for region in catalogue.regions.values()}
    for r in found:
        value = (
            present.DASH
            if r["value"] is None
            else f"{r['value']}{unit(r['unit'], lang) if r['unit'] else ''}"
        )
        rows.append(
            [
                say("data.row", row=r["row"]),
                present.short_region(catalogue, regions[r["region"]], lang),
                present.indicator(catalogue, r["indicator"], lang),
                when(r["period"], lang),
                f"{r['qualifier'] or ''}{r['printed']}",
                value,
                say.word(f"tier.{r['tier']}"),
                r["known_on"],
            ]
        )
    return frame.table([say(f"reading.record_{n}") for n in RECORDS], rows, caption=say("reading.records"))


def issues(found: Sequence[Said], asked: Asked) -> html.Ul:
    """What is wrong, each with where it stands and its mend."""
    say = asked.say
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(say(f"data.severity.{i.severity}"), className=f"chip issue-{i.severity}"),
                    html.Span(" · ".join(i.place), className="soft"),
                    html.P([i.what, html.Span(f" {i.mend}", className="soft")] if i.mend else i.what),
                ],
                className=f"remark remark-{i.severity}",
            )
            for i in found
        ],
        className="remarks issues",
    )
