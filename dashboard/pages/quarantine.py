"""待修正 Quarantine: the rows that imports refused, to mend in the page and send in again."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dabiao.services.pages import held_views
from dabiao.services.pages.held_views import HeldImport, HeldRow, HeldSheet
from dabiao.store.database import Row
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import forms, frame
from dashboard.components.attributes import aria
from dashboard.pages import data, desk_page
from dashboard.pages.page import Page


def layout(asked: Asked) -> Page:
    """Every import with refused rows."""
    say = asked.say
    found = held_views.held_imports(asked.app, asked.lang)
    waiting = sum(h.row["open"] for h in found)
    tools = []
    if waiting:
        tools = [
            frame.button(say(f"held.as_{kind}"), f"/export/quarantine.{kind}", download=True)
            for kind in ("xlsx", "csv")
        ]
    return desk_page.page(
        say("data.tab.quarantine"),
        [
            *data.head("quarantine", asked),
            html.P(say("held.promise", count=waiting), className="verdict-also"),
            frame.panel(
                say("held.files"),
                [_files(found, asked)] if found else [html.P(say("held.none"), className="calm")],
                tools=tools,
                name="held",
            ),
        ],
        asked,
    )


def _files(found: list[HeldImport], asked: Asked) -> html.Div:
    say = asked.say
    rows = []
    for h in found:
        at = present.moment(h.row["imported_at"], asked.app.settings.timezone, asked.today, asked.lang)
        href = urls.desk(f"/data/quarantine/{h.row['id']}", asked.query)
        why = [html.Li(say("held.reason", what=what, count=n)) for what, n in h.reasons]
        rows.append(
            [
                dcc.Link(h.row["file"], href=href),
                at,
                html.Span(str(h.row["open"]), className="strong") if h.row["open"] else "0",
                str(h.row["mended"]),
                str(h.row["dismissed"]),
                html.Ul(why),
            ]
        )
    names = ("file", "at", "open", "mended", "dismissed", "why")
    return frame.table([say(f"held.{n}") for n in names], rows, caption=say("held.files"))


def one_file(asked: Asked, number: str) -> Page:
    """The refused rows of one import with their cells to mend."""
    say = asked.say
    import_id = desk_page.number_of(number)
    view = held_views.held_view(asked.app, import_id, asked.query.page, asked.lang)
    if view is None:
        return desk_page.unknown(asked, "import", number, "/data/quarantine")
    path, row = f"/data/quarantine/{import_id}", view.imported
    parts: list[Any] = [_sheet(sheet, n, asked) for n, sheet in enumerate(view.sheets)]
    if not parts:
        parts = [
            frame.empty(
                say("held.all_done"),
                say("held.all_done_says"),
                [
                    dcc.Link(
                        say("held.back"), href=urls.desk("/data/quarantine", asked.query), className="button"
                    )
                ],
                glyph="✓",
            )
        ]
    return desk_page.page(
        row["file"],
        [
            *data.head("quarantine", asked, crumb=row["file"]),
            html.P(say("held.of", count=row["held"]), className="verdict-also") if row["held"] else None,
            html.Div(
                dcc.Link(
                    say("held.import"),
                    href=urls.desk(f"/data/import/{import_id}", asked.query),
                    className="button",
                ),
                className="tools",
            ),
            *parts,
            desk_page.pager(view.page, path, asked),
            frame.panel(
                say("held.closed"),
                [html.Ul([_closed(r, asked) for r in view.closed], className="remarks")],
                name="closed",
            )
            if view.closed
            else None,
        ],
        asked,
    )


def _sheet(sheet: HeldSheet, number: int, asked: Asked) -> html.Section:
    say = asked.say
    heads = [
        html.Th(_box(f"head-{i}", text, say("held.heading_of", column=_letter(i))), scope="col")
        for i, text in enumerate(sheet.headings)
    ]
    table = html.Table(
        [
            html.Caption(say("held.cells"), className="unseen"),
            html.Thead(html.Tr([html.Th(say("held.row"), scope="col"), *heads])),
            *[_row(r, sheet, asked) for r in sheet.rows],
        ],
        className="plain mending",
    )
    form = forms.form(
        "data/retry",
        [
            html.Div(
                table,
                className="scroller",
                tabIndex="0",
                role="region",
                **aria(label=say("held.cells")),
            ),
            html.Div(
                html.Button(
                    say("held.retry", count=len(sheet.rows)), className="button primary", type="submit"
                ),
                className="tools",
            ),
        ],
        name=f"retry-{number}",
    )
    dismissals = frame.fold(say("held.dismiss_any"), [_dismiss(r, asked) for r in sheet.rows])
    heading = say("held.sheet", sheet=sheet.sheet) if sheet.sheet else say("held.rows")
    return frame.panel(heading, [form, dismissals], note=say("held.how"), name=f"sheet-{number}")


def _row(r: HeldRow, sheet: HeldSheet, asked: Asked) -> html.Tbody:
    """A row's cells, and under them what is wrong with it."""
    say = asked.say
    marked = {_letter_of(c) for c in r.columns}
    cells = []
    for i, text in enumerate(r.cells):
        wrong = _letter(i) in marked
        name = say("held.cell_of", row=r.row, column=sheet.headings[i] or _letter(i))
        box = _box(f"cell-{r.id}-{i}", text, f"{name}  {r.says}" if wrong else name)
        cells.append(html.Td(box, className="wrong-cell" if wrong else ""))
    return html.Tbody(
        [
            html.Tr([html.Th(str(r.row), scope="row", rowSpan=2), *cells]),
            html.Tr(html.Td(html.P(r.says), colSpan=len(sheet.headings), className="why")),
        ]
    )


def _box(name: str, value: str, label: str) -> html.Label:
    """A cell to change; its name is for those who do not see where it stands."""
    return html.Label(
        [html.Span(label, className="unseen"), dcc.Input(name=name, value=value, autoComplete="off")]
    )


def _dismiss(r: HeldRow, asked: Asked) -> html.Form:
    say = asked.say
    return forms.form(
        "data/dismiss",
        [
            forms.hidden("row", r.id),
            forms.text_field("note", say("held.note_of", row=r.row), required=True),
            html.Button(say("held.dismiss"), className="button", type="submit"),
        ],
        classes="inline",
    )


def _closed(r: Row, asked: Asked) -> html.Li:
    say = asked.say
    at = present.moment(r["closed_at"], asked.app.settings.timezone, asked.today, asked.lang)
    parts: list[Any] = [say(f"held.was_{r['state']}", row=r["row"], at=at)]
    if r["closed_by"]:
        href = urls.desk(f"/data/import/{r['closed_by']}", asked.query)
        parts += [" ", dcc.Link(say("held.by_import", id=r["closed_by"]), href=href)]
    if r["note"]:
        parts += [" ", html.Q(r["note"])]
    return html.Li(parts, className=f"remark was-{r['state']}")


def _letter(i: int) -> str:
    """A column's letter as a spreadsheet has it."""
    name = ""
    i += 1
    while i:
        i, rest = divmod(i - 1, 26)
        name = chr(65 + rest) + name
    return name


def _letter_of(column: str) -> str:
    """The letter of a column as issues name it: ``数值 [D]`` or ``D``."""
    return column.rpartition("[")[2].rstrip("]").strip() if "[" in column else column
