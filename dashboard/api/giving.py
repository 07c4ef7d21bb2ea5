"""What an operation gives becomes a response: a page of rows as JSON or CSV, with its tag, links and language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import flask

from dabiao import __version__
from dabiao.reports.tables import BOM, csv_bytes
from dashboard import gate
from dashboard.api.asking import LARGEST_PAGE, Paged
from dashboard.api.operation import Call, Given, Made, Operation, Rows
from dashboard.asked import Asked

CSV = "text/csv"
JSON = "application/json"


def wants_csv(operation: Operation, query: Any) -> bool:
    """Whether a list is asked for as CSV: the address decides, then the header."""
    if not operation.listing or not isinstance(query, Paged):
        return False
    if query.format is not None:
        return query.format == "csv"
    accepts = flask.request.accept_mimetypes
    return bool(accepts) and accepts.best_match([JSON, CSV]) == CSV


def tag_of_store(asked: Asked, *, csv: bool) -> str:
    """What an answer hangs on that the store alone decides: its data, the question, the day, who asks, the program."""
    principal = gate.principal()
    parts = (
        __version__,
        asked.app.store.data_version(),
        asked.today.isoformat(),
        asked.lang,
        flask.request.full_path,
        str(csv),
        json.dumps(principal.scope.to_json()),
        asked.app.settings.model_dump_json(),
    )
    return _digest("\0".join(parts).encode())


def unchanged(tag: str, lang: str) -> flask.Response | None:
    """304 for who has this answer already."""
    given = flask.request.if_none_match
    if not given or not (given.contains_weak(tag) or given.star_tag):
        return None
    return _dressed(flask.Response(status=304), tag, lang)


def respond(operation: Operation, call: Call, given: Given, tag: str | None) -> flask.Response:
    """The response; ``tag`` is ``None`` where it is to be made of the answer, or nothing is to be kept."""
    lang = call.asked.lang
    if isinstance(given, Made):
        answer = _json(given.content, given.status)
        if given.location:
            answer.headers["Location"] = given.location
        answer.headers.update({"Content-Language": lang, "Cache-Control": "no-store"})
        return answer
    answer = _list(operation, call, given) if isinstance(given, Rows) else _json(given or {})
    if tag is None:
        tag = _digest(answer.get_data())
        if (known := unchanged(tag, lang)) is not None:
            return known
    return _dressed(answer, tag, lang)


def _list(operation: Operation, call: Call, rows: Rows) -> flask.Response:
    query: Paged = call.query
    csv = wants_csv(operation, query)
    if csv and query.page is None:
        parts: Iterator[bytes] = _csv(operation, rows)
        if operation.by_content:
            return _attached(operation, b"".join(parts), rows.total)
        return _attached(operation, flask.stream_with_context(parts), rows.total)
    page = query.page or 1
    found = rows.fetch((page - 1) * query.size, query.size)
    if csv:
        answer = _attached(operation, b"".join(_csv(operation, Rows.of(found))), rows.total)
    else:
        content = {"total": rows.total, "page": page, "size": query.size, "items": list(found)}
        answer = _json(content)
        answer.headers["Total-Count"] = str(rows.total)
    answer.headers["Link"] = _links(page, -(-rows.total // query.size) or 1)
    return answer


def _links(page: int, last: int) -> str:
    """The pages around one, as RFC 8288 has them."""
    pairs = [
        (n, v) for n, v in parse_qsl(flask.request.query_string.decode("utf-8", "replace")) if n != "page"
    ]
    there = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    return ", ".join(
        f'<{flask.request.path}?{urlencode([*pairs, ("page", number)])}>; rel="{name}"'
        for name, number in there.items()
        if 1 <= number <= last
    )


def _csv(operation: Operation, rows: Rows) -> Iterator[bytes]:
    """A list as CSV in parts: every field of the row's model; lists and objects as JSON."""
    assert operation.answer is not None
    names = [field.alias or name for name, field in operation.answer.model_fields.items()]
    if operation.answer.model_config.get("extra") == "allow":
        names = list(dict.fromkeys([*names, *(n for row in rows.fetch(0, rows.total) for n in row)]))
    yield csv_bytes(names, [])
    for offset in range(0, rows.total, LARGEST_PAGE):
        cells = [[_cell(row.get(n)) for n in names] for row in rows.fetch(offset, LARGEST_PAGE)]
        whole = csv_bytes(names, cells).removeprefix(BOM)
        yield whole[whole.index(b"\n") + 1 :]


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _attached(operation: Operation, content: bytes | Iterator[bytes], total: int) -> flask.Response:
    answer = flask.Response(content, mimetype=CSV)
    answer.headers["Content-Disposition"] = f'attachment; filename="dabiao-{operation.name}.csv"'
    answer.headers["Total-Count"] = str(total)
    return answer


def _json(content: Mapping[str, Any], status: int = 200) -> flask.Response:
    return flask.Response(json.dumps(content, ensure_ascii=False, allow_nan=False), status, mimetype=JSON)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def _dressed(answer: flask.Response, tag: str, lang: str) -> flask.Response:
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Language"] = lang
    answer.vary.update(("Accept", "Accept-Language", "Authorization", "Cookie"))
    return answer
