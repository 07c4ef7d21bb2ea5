"""The operations on the server: a request is let in, read, answered; whatever goes wrong becomes a problem document."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import flask
from pydantic import TypeAdapter, ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from dabiao import i18n
from dabiao.errors import DabiaoError
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import gate, urls
from dashboard.api import giving, page, problems
from dashboard.api.document import document
from dashboard.api.operation import Call, Operation
from dashboard.api.problems import Refused
from dashboard.api.rate import Allowance, Limiter
from dashboard.api.table import BY_ENDPOINT, OPERATIONS

_BELOW = "/api"
LARGEST_BODY = 64 * 1024
"""Bytes of a JSON body."""

LONGEST_QUERY = 4000
"""Bytes of an address's parameters; beyond some 8,000 the server in front answers itself, in its own words."""

log = logging.getLogger("dashboard")


def register(server: flask.Flask, settings: Settings) -> None:
    """Put the API on a server, after the entrance."""
    known = Map([Rule(o.rule, methods=[o.method]) for o in OPERATIONS], merge_slashes=False).bind("")
    limiter = Limiter(settings.home, settings.api_rate_per_minute) if settings.api_rate_per_minute else None
    gate.declare(server, {o.endpoint: o.right for o in OPERATIONS})
    for operation in OPERATIONS:
        server.add_url_rule(
            operation.rule, operation.endpoint, _view(operation, settings), methods=[operation.method]
        )

    @server.before_request
    def let_in() -> flask.Response | None:
        if not _ours():
            return None
        _count(limiter, gate.principal().name or _address())
        request = flask.request
        if len(request.query_string) > LONGEST_QUERY:
            raise Refused(414)
        if request.endpoint in BY_ENDPOINT and request.method != "OPTIONS":
            return None
        # Any address is also the pages' own, so the router's word on what there is counts them too.
        allowed = set(known.allowed_methods(request.path))
        told = {"Allow": ", ".join(sorted({*allowed, "OPTIONS"}))}
        if allowed and request.method == "OPTIONS":
            return flask.Response(status=204, headers=told)
        raise Refused(405, headers=told) if allowed and request.method not in allowed else Refused(404)

    @server.errorhandler(Refused)
    def refused(problem: Refused) -> flask.Response:
        return problems.response(problem, _lang(settings))

    @server.errorhandler(HTTPException)
    def failed(error: HTTPException) -> flask.typing.ResponseReturnValue:
        if not _ours():
            return error
        if error.code in (401, 403) and not gate.principal().rights:
            try:  # whoever is not let in has its tries counted too
                _count(limiter, _address())
            except Refused as wait:
                return problems.response(wait, _lang(settings))
        headers = {n: v for n, v in error.get_headers() if n in ("Allow", "WWW-Authenticate", "Retry-After")}
        return problems.response(Refused(error.code or 500, headers=headers), _lang(settings))

    @server.after_request
    def tell(response: flask.Response) -> flask.Response:
        allowance: Allowance | None = flask.g.get("dabiao_allowance")
        if allowance is not None:
            response.headers.update(allowance.headers())
        return response


def _ours() -> bool:
    path = flask.request.path
    return path == _BELOW or path.startswith(f"{_BELOW}/")


def _address() -> str:
    return flask.request.remote_addr or ""


def _count(limiter: Limiter | None, caller: str) -> None:
    """Count a request of a caller.

    Raises:
        Refused: 429, there were too many.
    """
    if limiter is None:
        return
    flask.g.dabiao_allowance = limiter.take(caller, time.time())
    if not flask.g.dabiao_allowance.allowed:
        raise Refused(429)


def _lang(settings: Settings) -> i18n.Lang:
    return asking.request_language(
        settings, urls.parse(flask.request.query_string.decode("utf-8", "replace"))
    )


def _view(operation: Operation, settings: Settings) -> Any:
    def view(**parts: str) -> flask.Response:
        lang = _lang(settings)
        try:
            return _answer(operation, settings, parts, lang)
        except DabiaoError as error:
            raise problems.of_error(error, lang) from error
        except (Refused, HTTPException):
            raise
        except Exception as error:
            log.exception("an operation failed: %s", operation.name)
            raise Refused(500) from error

    return view


def _answer(
    operation: Operation, settings: Settings, parts: Mapping[str, str], lang: i18n.Lang
) -> flask.Response:
    path = {name: _part(operation.parts[name], text) for name, text in parts.items()}
    query = _read_query(operation, lang)
    body = _read_body(operation, lang)
    asked = asking.read(settings, urls.Query(as_of=getattr(query, "as_of", None), lang=query.lang))
    call = Call(asked, path, query, body)
    tag = None
    if operation.reads and not operation.by_content:
        tag = giving.tag_of_store(asked, csv=giving.wants_csv(operation, query))
        if (known := giving.unchanged(tag, lang)) is not None:
            return known
    if operation.name == "docs":
        return page.response(document(lang), lang, tag or "")
    given = document(lang) if operation.name == "openapi" else operation.run(call)
    return giving.respond(operation, call, given, tag)


def _part(kind: Any, text: str) -> Any:
    """A part of the address.

    Raises:
        Refused: 404, there can be nothing of that name.
    """
    try:
        return TypeAdapter(kind).validate_python(text)
    except ValidationError as error:
        raise Refused(404) from error


def _read_query(operation: Operation, lang: str) -> Any:
    given: dict[str, Any] = {}
    for name, values in flask.request.args.lists():
        field = operation.query.model_fields.get(name)
        many = field is not None and isinstance(field.default, list)
        given[name] = values if many or len(values) > 1 else values[0]
    return _shaped(lambda: operation.query.model_validate(given), "query", lang)


def _read_body(operation: Operation, lang: str) -> Any:
    model = operation.body.get("application/json")
    if model is None:
        return None
    request = flask.request
    if request.mimetype != "application/json":
        raise Refused(415)
    if (request.content_length or 0) > LARGEST_BODY:
        raise Refused(413)
    data = request.get_data(cache=False)
    try:
        flask.json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused(400) from error
    return _shaped(lambda: model.model_validate_json(data), "body", lang)


def _shaped(made: Any, where: str, lang: str) -> Any:
    try:
        return made()
    except ValidationError as error:
        raise problems.of_shape(error, where, lang) from error
