"""上传预览 Upload: how a file would be read and what importing it would do, before it is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dabiao import i18n
from dabiao.errors import DabiaoError
from dabiao.services.app import App
from dabiao.services.intake import uploads
from dabiao.services.intake.imported import issue_json
from dabiao.services.intake.uploads import Options, Preview
from dabiao.services.pages import data_views
from dabiao.services.pages.data_views import Said
from dashboard import urls
from dashboard.asked import Asked
from dashboard.components import forms, frame, reading
from dashboard.pages import data, desk_page
from dashboard.pages.page import Page

SHOWN = 50
"""Issues that a preview names; the import's page has all of them."""

COUNTS = ("accepted", "revised", "unchanged", "refused")


def known(app: App, token: str) -> bool:
    """Whether there is an upload of this token."""
    return uploads.staged(app, token) is not None


def layout(asked: Asked, token: str) -> Page:
    """One upload."""
    path = uploads.staged(asked.app, token)
    if path is None:
        return desk_page.unknown(asked, "upload", token, "/data")
    say = asked.say
    try:
        options = Options.parse(asked.query.own)
        seen = uploads.preview(asked.app, path, options, asked.now, asked.lang)
        parts = _seen(seen, token, asked)
    except DabiaoError as error:
        said = i18n.text(f"error.{error.code}", asked.lang, **error.params)
        parts = [html.Div([html.H2(say("upload.refused")), html.P(said)], className="refusal", role="alert")]
        parts.append(html.Div([_discard(token, asked)], className="tools"))
    return desk_page.page(
        path.name,
        [*data.head("imports", asked, crumb=path.name), *parts, _options(token, asked)],
        asked,
    )


def _seen(seen: Preview, token: str, asked: Asked) -> list[Any]:
    say, result = asked.say, seen.result
    fresh = result.accepted + result.revised
    said = say("upload.would", **{n: getattr(result, n) for n in COUNTS})
    notes = [html.P(say("upload.nothing_new"), className="calm")] if not fresh else []
    if seen.before is not None and seen.read is not None:
        notes.append(html.P(say("upload.before", id=seen.before), className="calm"))
    errors = Counter(i.severity for i in result.issues)
    found = [_said(issue_json(i, asked.lang), asked) for i in _worst_first(result.issues)[:SHOWN]]
    parts: list[Any] = [
        html.P(say("upload.not_yet"), className="verdict-also"),
        html.Div(
            [
                html.P(said, className="strong"),
                *notes,
                html.Div([_take(token, asked), _discard(token, asked)], className="tools"),
            ],
            className="panel",
        ),
        frame.panel(
            say("data.issues"),
            [reading.issues(found, asked)] if found else [html.P(say("data.no_issues"), className="calm")],
            note=say("upload.issues_note", errors=errors["error"], warnings=errors["warning"]),
            name="issues",
        ),
    ]
    if seen.read is None:
        return [*parts, frame.panel(say("data.how"), [html.P(say("upload.mended"))], name="how")]
    records = seen.read["records"]
    return [
        *parts,
        frame.panel(say("data.how"), reading.description(seen.read, asked), name="how"),
        frame.panel(say("reading.records"), [reading.records(records, asked)], name="records")
        if records
        else None,
    ]


def _worst_first(issues: Sequence[Any]) -> list[Any]:
    return sorted(issues, key=lambda i: i.severity != "error")


def _said(issue: Mapping[str, Any], asked: Asked) -> Said:
    place = data_views.place(issue["sheet"], issue["row"], issue["column"], asked.lang)
    return Said(place, issue["severity"], issue["message"].removesuffix(issue["mend"] or "\0"), issue["mend"])


def _take(token: str, asked: Asked) -> html.Form:
    own = asked.query.own
    kept = [forms.hidden(n, own[n]) for n in ("source", "published", "tier") if own.get(n)]
    button = html.Button(
        asked.say("upload.take"), className="button primary", type="submit", id="upload-take"
    )
    return forms.form("data/import", [forms.hidden("token", token), *kept, button])


def _discard(token: str, asked: Asked) -> html.Form:
    button = html.Button(asked.say("upload.discard"), className="button", type="submit")
    return forms.form("data/discard", [forms.hidden("token", token), button])


def _options(token: str, asked: Asked) -> html.Section:
    """What the file may not say itself; reading it again with that is an address of its own."""
    say, own = asked.say, asked.query.own
    tiers = [{"value": str(t), "label": say.word(f"tier.{t}")} for t in uploads.TIERS]
    fields = [
        forms.text_field("source", say("upload.source"), value=own.get("source", "")),
        forms.date_field("published", say("upload.published"), asked, value=own.get("published", "")),
        dmc.Select(
            name="tier",
            label=say("upload.tier"),
            data=tiers,
            value=own.get("tier") or None,
            placeholder=say("upload.by_file"),
            clearable=True,
            clearButtonProps={"aria-label": say("filters.clear_one"), "tabIndex": 0},
            comboboxProps={"withinPortal": True},
            className="field",
        ),
    ]
    again = html.Button(say("upload.again"), className="button", type="submit")
    form = html.Form(
        [html.Div(fields, className="fields"), again],
        action=urls.desk(f"/data/upload/{token}", asked.query),
        method="get",
        className="narrow",
    )
    return frame.panel(say("upload.options"), [form], note=say("upload.options_note"), name="options")
