"""Every refusal under ``/api`` in one shape: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import flask
from pydantic import ValidationError

from dabiao import i18n
from dabiao.errors import AlertRefused, DabiaoError, StoreBusy, StoreError, UnknownName
from dashboard.api.operation import ROOT

MEDIA = "application/problem+json"
STATUSES = (400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 429, 500, 503)
"""What can go wrong; each has its title and sentence in the message catalogue (``api.problem.<status>``)."""

TOO_LARGE = "upload_too_large"
_CONFLICTS = ("alert_closed",)
_SAID = {
    "extra_forbidden",
    "missing",
    "greater_than_equal",
    "less_than_equal",
    "string_too_long",
    "string_too_short",
    "too_long",
    "literal_error",
    "enum",
}
"""Kinds of faults that have a sentence of their own (``api.wrong.<kind>``)."""

BUSY_SECONDS = 5
"""After how long to ask again where another process writes."""


class Refused(Exception):
    """A request that is not answered.

    Args:
        status: of HTTP.
        code: a fixed word for programs; ``http_<status>`` by default.
        detail: the sentence; that of the status by default.
        errors: the parts of the request that are wrong.
        headers: more headers of the answer.
    """

    def __init__(
        self,
        status: int,
        code: str | None = None,
        detail: str | None = None,
        errors: Iterable[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, code, detail)
        self.status = status
        self.code = code or f"http_{status}"
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


def response(problem: Refused, lang: str) -> flask.Response:
    """A refusal as it is sent."""
    known = problem.status if problem.status in STATUSES else 400 if problem.status < 500 else 500
    content = {
        "type": f"{ROOT}/docs#problem-{known}",
        "title": i18n.text(f"api.problem.{known}.title", lang),
        "status": problem.status,
        "detail": problem.detail or i18n.text(f"api.problem.{known}.detail", lang),
        "instance": flask.request.path,
        "code": problem.code,
        "errors": problem.errors,
    }
    headers = {"Cache-Control": "no-store", **problem.headers}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", 'Bearer realm="dabiao"')
    text = json.dumps(content, ensure_ascii=False)
    answer = flask.Response(text, problem.status, headers, mimetype=MEDIA)
    answer.headers["Content-Language"] = lang
    return answer


def of_error(error: DabiaoError, lang: str) -> Refused:
    """What an error of the program's own means to who asked."""
    said = i18n.text(f"error.{error.code}", lang, **error.params)
    if isinstance(error, StoreError):
        headers = {"Retry-After": str(BUSY_SECONDS)} if isinstance(error, StoreBusy) else None
        return Refused(503, error.code, said, headers=headers)
    if error.code == TOO_LARGE:
        return Refused(413, error.code, said)
    if isinstance(error, UnknownName) and error.code != "filter_unknown":
        return Refused(404, error.code, said)
    if isinstance(error, AlertRefused) and error.code in _CONFLICTS:
        return Refused(409, error.code, said)
    return Refused(422, error.code, said)


def of_shape(error: ValidationError, where: str, lang: str) -> Refused:
    """What a request has wrong, part by part.

    Args:
        where: ``query`` or ``body``.
    """
    wrong = [
        {
            "where": where,
            "name": ".".join(str(part) for part in fault["loc"]),
            "message": _said(fault["type"], fault.get("ctx") or {}, lang),
        }
        for fault in error.errors(include_url=False, include_input=False)
    ]
    return Refused(422, "request_wrong", errors=wrong)


def _said(kind: str, given: Mapping[str, Any], lang: str) -> str:
    if kind in _SAID:
        return i18n.text(f"api.wrong.{kind}", lang, **given)
    return i18n.text("api.wrong.other", lang)
