"""Operations on data: series with what was said of them, imports, and a file handed over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

import flask

from dabiao.domain.access import Right
from dabiao.errors import UnknownName
from dabiao.services.access import visible
from dabiao.services.contract_data import import_row_json, series_json, statement_json, stored_issue_json
from dabiao.services.intake import uploads
from dabiao.services.intake.uploads import Options
from dabiao.services.pages import data_views
from dabiao.services.pages.data_views import SeriesRow
from dabiao.store import holdings
from dabiao.store import imports as stored_imports
from dashboard import gate
from dashboard.api import answers_data as answers
from dashboard.api import asking
from dashboard.api.operation import ROOT, Call, Made, Operation, Rows
from dashboard.api.problems import Refused

ISSUES = 100
"""Issues of an import that come with it; the page of the import has all of them."""

FORM = "multipart/form-data"
RAW = (
    "application/octet-stream",
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/zip",
)
"""Media types of a body that is the file itself."""


def series(call: Call) -> Rows:
    """The series of which something was known on a day."""
    asked = call.asked
    found = data_views.series_rows(asked.app, asked.as_of, call.query.q)
    return Rows.of(found, lambda s: series_json(asked.app, s, asked.lang))


def _series(call: Call) -> SeriesRow:
    asked, number = call.asked, call.path["series_id"]
    found = data_views.series_row(asked.app, number, asked.as_of)
    if found is None:
        raise UnknownName("series_unknown", name=number)
    return found


def one_series(call: Call) -> Mapping[str, Any]:
    """One series."""
    return series_json(call.asked.app, _series(call), call.asked.lang)


def statements(call: Call) -> Rows:
    """Everything that any source said of a series by a day: what stands and what was replaced."""
    store, number, until = call.asked.app.store, _series(call).id, call.asked.as_of.isoformat()

    def fetch(offset: int, limit: int) -> Sequence[Mapping[str, Any]]:
        return [statement_json(r) for r in holdings.statements(store, number, until, limit, offset)]

    return Rows(holdings.statement_count(store, number, until), fetch)


def imports(call: Call) -> Rows:
    """Imports, the newest first."""
    app, as_of = call.asked.app, call.asked.as_of

    def fetch(offset: int, limit: int) -> Sequence[Mapping[str, Any]]:
        return [import_row_json(r) for r in data_views.import_rows(app, as_of, limit, offset)]

    return Rows(data_views.import_count(app, as_of), fetch)


def one_import(call: Call) -> Mapping[str, Any]:
    """One import with its first issues."""
    store, number, lang = call.asked.app.store, call.path["import_id"], call.asked.lang
    row = holdings.import_by_id(store, number)
    if row is None or not visible.imported(call.asked.app, number):
        raise UnknownName("import_unknown", name=number)
    issues = [stored_issue_json(row["file"], r, lang) for r in holdings.issues(store, number, ISSUES, 0)]
    more = stored_imports.issue_count(store, number) - len(issues)
    return {
        **import_row_json(row),
        "reading": json.loads(row["reading"]),
        "issues": issues,
        "more_issues": more,
    }


def add_import(call: Call) -> Made:
    """Import a file; of the same bytes a second time nothing is stored, and the first import is named."""
    app, query, now = call.asked.app, call.query, call.asked.now
    name, data = _file(query.file)
    options = Options(query.source, query.published, query.tier)
    before = stored_imports.import_by_sha256(app.store, hashlib.sha256(data).hexdigest())
    token = uploads.stage(app, name, data, now)
    try:
        path = uploads.staged(app, token)
        assert path is not None
        if query.dry_run:
            seen = uploads.preview(app, path, options, now, call.asked.lang)
            known = seen.before is not None and visible.imported(app, seen.before)
            return Made(
                {
                    "id": seen.before if known else None,
                    **seen.result.to_json(call.asked.lang),
                    "read": seen.read,
                }
            )
        result, number = uploads.take(app, token, options, now, gate.principal().name)
    finally:
        uploads.discard(app, token)
    content = {"id": number, **result.to_json(call.asked.lang), "read": None}
    location = None if number is None else f"{ROOT}/imports/{number}"
    return Made(content, 200 if before or number is None else 201, location)


def _file(named: str | None) -> tuple[str, bytes]:
    """The name and bytes of the file that a request carries.

    Raises:
        Refused: 415 for a body that is no file, 422 where there is no file or no name.
    """
    request = flask.request
    if request.mimetype == FORM:
        sent = request.files.get("file")
        if sent is None:
            raise Refused(422, "file_missing")
        name, data = named or sent.filename or "", sent.stream.read()
    elif request.mimetype in RAW:
        name, data = named or "", request.get_data(cache=False)
    else:
        raise Refused(415)
    name = PurePath(name.replace("\\", "/")).name
    if not name:
        raise Refused(422, "file_name_missing")
    return name, data


_SERIES = {"series_id": asking.Number}

OPERATIONS = (
    Operation(
        "series", "GET", "/series", Right.READ, "data", series, asking.Series, answers.Series, listing=True
    ),
    Operation(
        "one_series", "GET", "/series/{series_id}", Right.READ, "data", one_series, asking.OnDay,
        answers.Series, parts=_SERIES, fails=(404,),
    ),
    Operation(
        "statements", "GET", "/series/{series_id}/statements", Right.READ, "data", statements,
        asking.DayPage, answers.Statement, parts=_SERIES, listing=True, fails=(404,),
    ),
    Operation(
        "imports", "GET", "/imports", Right.READ, "imports", imports, asking.DayPage, answers.ImportRow,
        listing=True, by_content=True,
    ),
    Operation(
        "one_import", "GET", "/imports/{import_id}", Right.READ, "imports", one_import, asking.Query,
        answers.Import, parts={"import_id": asking.Number}, by_content=True, fails=(404,),
    ),
    Operation(
        "add_import", "POST", "/imports", Right.IMPORT, "imports", add_import, asking.Import,
        answers.Imported, done=(200, 201), fails=(413, 415), body=dict.fromkeys((FORM, *RAW)),
    ),
)  # fmt: skip
