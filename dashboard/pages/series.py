"""序列 Series: what the store has of each figure, by whom it was said and what stands; and the reviewed corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dabiao.domain.observation import Basis
from dabiao.domain.period import Period
from dabiao.i18n.format import number, unit, when
from dabiao.services.app import App
from dabiao.services.contract import basis_text
from dabiao.services.intake import corrections
from dabiao.services.pages import data_views
from dabiao.services.pages.data_views import SeriesRow
from dabiao.store.database import Row
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import forms, frame
from dashboard.pages import data, desk_page
from dashboard.pages.page import Page

COLUMNS = ("region", "indicator", "basis", "span", "statements", "sources", "flags")
STATEMENTS = ("period", "value", "printed", "stands", "tier", "state", "source", "published", "known", "file")
CORRECTIONS = ("id", "state", "what", "expect", "value", "by", "why")


def known(app: App, number: str) -> bool:
    """Whether there is a series of this number."""
    return data_views.has_series(app, desk_page.number_of(number))


def layout(asked: Asked) -> Page:
    """Every series, to search."""
    say = asked.say
    wanted = asked.query.own.get("q", "")
    paged = data_views.series(asked.app, asked.as_of, wanted, asked.query.page)
    found: list[Any] = [
        frame.table(
            [say(f"series.{c}") for c in COLUMNS],
            [_series(r, asked) for r in paged.rows],
            caption=say("series.heading"),
        ),
        desk_page.pager(paged, "/data/series", asked),
    ]
    if not paged.total:
        found = [html.P(say("series.none"), className="calm")]
    box = forms.search("/data/series", asked, say("series.search"), say("series.search_hint"))
    return desk_page.page(
        say("data.tab.series"),
        [
            *data.head("series", asked),
            frame.panel(
                say("series.heading"),
                [box, *found],
                note=say("series.note", count=paged.total),
                name="series",
            ),
        ],
        asked,
    )


def _series(r: SeriesRow, asked: Asked) -> list[Any]:
    lang, catalogue = asked.lang, asked.app.catalogue
    return [
        present.short_region(catalogue, r.region, lang),
        dcc.Link(
            present.indicator(catalogue, r.indicator, lang),
            href=urls.desk(f"/data/series/{r.id}", asked.query),
        ),
        _basis(r.basis, lang),
        present.years(*r.years, lang),
        str(r.statements),
        str(r.sources),
        _flags(r.flags, asked) or present.DASH,
    ]


def _basis(basis: Basis, lang: str) -> str:
    return basis_text(basis, lang) or present.DASH


def _flags(flags: Sequence[tuple[str, Mapping[str, Any]]], asked: Asked) -> list[Any]:
    return [
        html.Span(asked.say.word(f"flag.{code}", **params), className="flagged small")
        for code, params in flags
    ]


def one(asked: Asked, number_text: str) -> Page:
    """One series: every statement of every source, those that stand and those that were replaced."""
    say, lang, catalogue = asked.say, asked.lang, asked.app.catalogue
    view = data_views.series_view(asked.app, desk_page.number_of(number_text), asked.as_of, asked.query.page)
    if view is None:
        return desk_page.unknown(asked, "series", number_text, "/data/series")
    name = say(
        "series.name",
        region=present.region(catalogue, view.region, lang),
        indicator=present.indicator(catalogue, view.indicator, lang),
    )
    rows = view.statements.rows
    table = frame.table(
        [say(f"series.{c}") for c in STATEMENTS],
        [_statement(r, asked) for r in rows],
        caption=say("series.statements_heading"),
        classes="statements",
        row_classes=["" if r["standing"] else "replaced" for r in rows],
    )
    return desk_page.page(
        name,
        [
            *data.head("series", asked, crumb=name),
            html.P(say("series.basis_is", basis=_basis(view.basis, lang)), className="verdict-also"),
            *_flags(view.flags, asked),
            frame.panel(
                say("series.statements_heading"),
                [table, desk_page.pager(view.statements, f"/data/series/{number_text}", asked)],
                note=say("series.statements_note", count=view.statements.total),
                name="values",
            ),
        ],
        asked,
    )


def _statement(r: Row, asked: Asked) -> list[Any]:
    say, lang = asked.say, asked.lang
    value = present.DASH if r["value"] is None else f"{number(r['value'])}{unit(r['unit'], lang)}"
    source: Any = r["source"]
    if (r["source_url"] or "").startswith(("https://", "http://")):
        source = html.A(source, href=r["source_url"], target="_blank", rel="noreferrer noopener")
    if r["note"]:
        source = html.Div([source, html.Div(r["note"], className="soft small", lang="zh-CN")])
    file: Any = present.DASH
    if r["import_id"]:
        file = dcc.Link(r["file"], href=urls.desk(f"/data/import/{r['import_id']}", asked.query))
    stands = say("series.stands_yes" if r["standing"] else "series.stands_no")
    if r["correction"]:
        stands += say("series.is_correction", id=r["correction"])
    return [
        when(str(Period.from_code(r["period"])), lang),
        value,
        f"{r['qualifier'] or ''}{r['printed']}",
        html.Span(stands, className="strong" if r["standing"] else "soft"),
        say.word(f"tier.{r['tier']}"),
        say.word(f"state.{r['state']}"),
        source,
        r["published"] or present.DASH,
        r["known_on"],
        file,
    ]


def correction_list(asked: Asked) -> Page:
    """Every reviewed correction, and how it stands."""
    say = asked.say
    every, faults = corrections.stands(asked.app, asked.today)
    found = corrections.seen(asked.app, every)
    rows = [_correction(s.to_json(asked.lang), asked) for s in found]
    parts: list[Any] = [html.P(say("correct.none"), className="calm")]
    if rows:
        heads = [say(f"correct.{c}") for c in CORRECTIONS]
        parts = [frame.table(heads, rows, caption=say("data.tab.corrections"), classes="corrections")]
    wrong = [
        html.Li([html.Strong(i.file), " ", _fault(i, asked)], className="remark remark-error") for i in faults
    ]
    return desk_page.page(
        say("data.tab.corrections"),
        [
            *data.head("corrections", asked),
            html.Ul(wrong, className="remarks") if wrong else None,
            frame.panel(
                say("data.tab.corrections"),
                parts,
                note=say("correct.note", count=len(rows)),
                name="corrections",
            ),
        ],
        asked,
    )


def _fault(issue: Any, asked: Asked) -> str:
    return asked.say.word(f"issue.{issue.code}", **issue.params).replace("\n", " ")


def _correction(c: Mapping[str, Any], asked: Asked) -> list[Any]:
    say, lang, catalogue = asked.say, asked.lang, asked.app.catalogue
    region, indicator = (
        catalogue.find_region(c["region"]).found,
        catalogue.find_indicator(c["indicator"]).found,
    )
    where = present.short_region(catalogue, region.id, lang) if region else c["region"]
    what = present.indicator(catalogue, indicator.id, lang) if indicator else c["indicator"]
    return [
        c["id"],
        html.Span(c["message"], className=f"correction-{c['state']}"),
        f"{where} {what} {when(c['period'], lang)}",
        c["expect"],
        say("correct.withdrawn") if c["withdraw"] else c["value"],
        f"{c['reviewer']} {c['date']}",
        html.Div([c["reason"], html.Div(c["evidence"], className="soft small")], lang="zh-CN"),
    ]
