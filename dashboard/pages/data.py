"""数据 Data: bring a file, and what has been imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dabiao.services.app import App
from dabiao.services.intake.uploads import LARGEST_UPLOAD
from dabiao.services.pages import data_views, held_views
from dabiao.store.database import Row
from dashboard import gate, present, rights, urls
from dashboard.asked import Asked, Say
from dashboard.components import forms, frame
from dashboard.components.attributes import aria, data
from dashboard.components.reading import description
from dashboard.components.reading import issues as issue_list
from dashboard.pages import desk_page
from dashboard.pages.page import Page

SUFFIXES = ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json,.zip"
PLACES = (
    ("imports", "/data"),
    ("quarantine", "/data/quarantine"),
    ("series", "/data/series"),
    ("corrections", "/data/corrections"),
)
COUNTS = ("accepted", "revised", "unchanged", "refused", "warned")


def known(app: App, number: str) -> bool:
    """Whether there is an import of this number."""
    return data_views.has_import(app, desk_page.number_of(number))


def layout(asked: Asked) -> Page:
    """The imports, the newest first, with the place to bring a file before them."""
    say = asked.say
    paged = data_views.imports(asked.app, asked.as_of, asked.query.page)
    return desk_page.page(
        say("pages.data"),
        [
            *head("imports", asked),
            frame.panel(
                say("data.bring"), bring(say), note=say("data.bring_note", home=_inbox(asked)), name="bring"
            )
            if forms.may("data/bring")
            else None,
            frame.panel(
                say("data.imports"),
                [_imports(paged.rows, asked), desk_page.pager(paged, "/data", asked)]
                if paged.total
                else [html.P(say("data.no_imports"), className="calm")],
                note=say("data.imports_note", count=paged.total),
                name="imports",
            ),
        ],
        asked,
    )


def _inbox(asked: Asked) -> str:
    return f"{asked.app.paths.inbox}"


def head(here: str, asked: Asked, *, crumb: str = "") -> list[Any]:
    """The heading of every page of data with the way to the others."""
    say = asked.say
    waiting = held_views.held_count(asked.app)
    items = []
    for name, path in PLACES:
        if not gate.principal().may(rights.of_page(name)):
            continue
        count = [html.Span(str(waiting), className="tab-count")] if name == "quarantine" and waiting else []
        current: dict[str, Any] = aria(current="page" if not crumb else "true") if name == here else {}
        items.append(
            html.Li(
                dcc.Link([say(f"data.tab.{name}"), *count], href=urls.desk(path, asked.query)),
                className="current" if name == here else "",
                **current,
            )
        )
    title = crumb or say(f"data.tab.{here}")
    return [
        html.H1(f"{say('pages.data')} · {title}", className="verdict"),
        html.Nav(html.Ul(items), className="tabs", **aria(label=say("data.tabs"))),
    ]


def bring(say: Say) -> list[Any]:
    """The place to drop a file; the script in ``assets`` sends it as it is."""
    return [
        forms.drop_zone("data-upload", say("data.choose"), say("data.drop_here")),
        html.Div(
            id="data-upload-rules",
            hidden=True,
            **data(
                limit=str(LARGEST_UPLOAD),
                accept=SUFFIXES,
                toolarge=say("data.too_large", limit=LARGEST_UPLOAD // 2**20),
                reading=say("data.reading"),
            ),
        ),
    ]


def _imports(rows: Sequence[Row], asked: Asked) -> html.Div:
    say = asked.say
    return frame.table(
        [say("data.file"), say("data.at"), *(say(f"data.{c}") for c in COUNTS)],
        [
            [
                dcc.Link(row["file"], href=urls.desk(f"/data/import/{row['id']}", asked.query)),
                present.moment(row["imported_at"], asked.app.settings.timezone, asked.today, asked.lang),
                *(_count(row, name, asked) for name in COUNTS),
            ]
            for row in rows
        ],
        caption=say("data.imports"),
        classes="counts-table",
    )


def _count(row: Row, name: str, asked: Asked) -> Any:
    if name != "refused" or not row["refused"]:
        return str(row[name]) if row[name] else present.DASH
    if not row["held"]:
        return str(row["refused"])
    return dcc.Link(
        asked.say("data.refused_held", refused=row["refused"], held=row["held"]),
        href=urls.desk(f"/data/quarantine/{row['id']}", asked.query),
        className="strong",
    )


def one_import(asked: Asked, number: str) -> Page:
    """One import: counts, issues, how it was read."""
    say = asked.say
    import_id = desk_page.number_of(number)
    view = data_views.import_view(asked.app, import_id, asked.query.page, asked.lang)
    if view is None:
        return desk_page.unknown(asked, "import", number, "/data")
    row, path = view.row, f"/data/import/{import_id}"
    at = present.moment(row["imported_at"], asked.app.settings.timezone, asked.today, asked.lang)
    tools: list[Any] = []
    if row["held"]:
        href = urls.desk(f"/data/quarantine/{import_id}", asked.query)
        tools.append(dcc.Link(say("data.mend", count=row["held"]), href=href, className="button primary"))
    if data_views.raw_file(asked.app, import_id):
        tools.append(frame.button(say("data.raw"), f"/export/import/{import_id}/file", download=True))
    how = description(view.reading, asked)
    return desk_page.page(
        row["file"],
        [
            *head("imports", asked, crumb=row["file"]),
            html.P(say("data.imported_at", at=at, id=import_id), className="verdict-also"),
            html.Dl(
                [
                    html.Div([html.Dt(say(f"data.{name}")), html.Dd(str(row[name]))], className=f"of-{name}")
                    for name in COUNTS
                ],
                className="tally",
            ),
            html.Div(tools, className="tools"),
            frame.panel(
                say("data.issues"),
                [issue_list(view.issues.rows, asked), desk_page.pager(view.issues, path, asked)]
                if view.issues.total
                else [html.P(say("data.no_issues"), className="calm")],
                note=say("data.issues_note", count=view.issues.total),
                name="issues",
            ),
            frame.panel(
                say("data.how"),
                [*(how or [html.P(say("data.no_reading"), className="calm")]), _fingerprint(row, say)],
                name="how",
            ),
        ],
        asked,
    )


def _fingerprint(row: Row, say: Say) -> html.Dl:
    return frame.facts(
        [
            (say("data.sha256"), html.Code(row["sha256"])),
            (say("data.size"), say("data.bytes", count=row["size"])),
        ]
    )
