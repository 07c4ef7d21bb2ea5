"""The OpenAPI 3.1 document, made from the operations and their models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from dabiao import __version__, i18n
from dabiao.i18n import Lang
from dashboard.api import answers, asking, giving, problems
from dashboard.api.operation import ROOT, Operation
from dashboard.api.table import OPERATIONS, TAGS, statuses

_REF = "#/components/schemas/{model}"
_COUNTS = ("Total-Count", "Retry-After")
_IN_FRONT = {414: {"text/html": {"schema": {"type": "string"}}}}
"""What the web server in front of the program answers itself, in its own words: an address of over 8,190 bytes."""

_AGAIN = {429: ("Retry-After",), 503: ("Retry-After",)}


@cache
def document(lang: Lang) -> Mapping[str, Any]:
    """The whole document; its sentences are in ``lang``, its names are the same in both languages."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, lang)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": i18n.text("api.title", lang),
            "version": __version__,
            "description": i18n.text("api.description", lang),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ROOT}],
        "tags": [{"name": tag, "description": i18n.text(f"api.tag.{tag}", lang)} for tag in TAGS],
        "security": [{"token": []}, {}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": i18n.text("api.token", lang),
                }
            },
            "schemas": _schemas(),
            "responses": _problems(lang),
        },
    }


def _schemas() -> dict[str, Any]:
    models: list[type[BaseModel]] = [o.answer for o in OPERATIONS if o.answer is not None]
    bodies: list[type[BaseModel]] = [m for o in OPERATIONS for m in o.body.values() if m is not None]
    told = _defined([*models, answers.Problem], "serialization")
    sent = _defined(bodies, "validation")
    found = {name: _open(schema) for name, schema in told.items()}
    return dict(sorted({**found, **sent}.items()))


def _defined(models: Sequence[type[BaseModel]], mode: JsonSchemaMode) -> dict[str, Any]:
    once: dict[type[BaseModel], None] = dict.fromkeys(models)
    _, found = models_json_schema([(m, mode) for m in once], ref_template=_REF)
    defined: dict[str, Any] = found["$defs"]
    return defined


def _open(schema: Mapping[str, Any]) -> dict[str, Any]:
    """An answer's schema without the promise that no field will ever be added."""
    return {
        name: value for name, value in schema.items() if name != "additionalProperties" or value is not False
    }


def _operation(operation: Operation, lang: Lang) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": i18n.text(f"api.operation.{operation.name}", lang),
        "description": i18n.text("api.needs", lang, right=str(operation.right)),
        "parameters": [*_parts(operation, lang), *_query(operation, lang)],
        "responses": {str(s): _response(operation, s, lang) for s in statuses(operation)},
    }
    if operation.body:
        found["requestBody"] = {
            "required": True,
            "content": {media: {"schema": _body(media, model)} for media, model in operation.body.items()},
        }
    return found


def _parts(operation: Operation, lang: Lang) -> Iterator[dict[str, Any]]:
    for name, kind in operation.parts.items():
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": i18n.text(f"api.parameter.{name}", lang),
            "schema": TypeAdapter(kind).json_schema(),
        }


def _query(operation: Operation, lang: Lang) -> Iterator[dict[str, Any]]:
    schema = operation.query.model_json_schema(ref_template="{model}")
    shared = schema.get("$defs", {})
    for name, given in schema.get("properties", {}).items():
        yield {
            "name": name,
            "in": "query",
            "description": i18n.text(f"api.parameter.{name}", lang),
            "schema": _plain(given, shared),
        }


def _plain(given: Any, shared: Mapping[str, Any]) -> Any:
    """A schema with what it refers to in its place, and no ``null``: a parameter that is not meant is left out."""
    if isinstance(given, list):
        return [_plain(part, shared) for part in given]
    if not isinstance(given, dict):
        return given
    if "$ref" in given:
        return _plain({**shared[given["$ref"]], **{k: v for k, v in given.items() if k != "$ref"}}, shared)
    found = {k: _plain(v, shared) for k, v in given.items() if k not in ("title", "description")}
    if found.get("default", ...) is None:
        del found["default"]
    kinds = [part for part in found.get("anyOf", ()) if part != {"type": "null"}]
    if len(kinds) == 1:
        del found["anyOf"]
        return {**kinds[0], **found}
    return found


def _body(media: str, model: type[BaseModel] | None) -> dict[str, Any]:
    if model is not None:
        return {"$ref": _REF.format(model=model.__name__)}
    if media == "multipart/form-data":
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        return {"type": "object", "required": ["file"], "properties": {"file": file}}
    return {}


def _response(operation: Operation, status: int, lang: Lang) -> dict[str, Any]:
    if status == 304:
        return {
            "description": i18n.text("api.unchanged", lang),
            "headers": _headers(_headers_of(operation, status), lang),
        }
    if status >= 400:
        return {"$ref": f"#/components/responses/{_problem_name(status)}"}
    return {
        "description": i18n.text(f"api.done.{status}", lang),
        "headers": _headers(_headers_of(operation, status), lang),
        "content": _content(operation),
    }


def _problem_name(status: int) -> str:
    return f"Problem{status}"


def _problems(lang: Lang) -> dict[str, Any]:
    """The refusals, which are the same everywhere."""
    shape = {"schema": {"$ref": _REF.format(model=answers.Problem.__name__)}}
    return {
        _problem_name(status): {
            "description": i18n.text(f"api.problem.{status}.title", lang),
            "headers": _headers(["RateLimit", "RateLimit-Policy", *_AGAIN.get(status, ())], lang),
            "content": {problems.MEDIA: shape, **_IN_FRONT.get(status, {})},
        }
        for status in sorted({s for o in OPERATIONS for s in statuses(o) if s >= 400})
    }


def _content(operation: Operation) -> dict[str, Any]:
    if operation.answer is None:
        kind = "object" if operation.media == giving.JSON else "string"
        return {operation.media or giving.JSON: {"schema": {"type": kind}}}
    row = {"$ref": _REF.format(model=operation.answer.__name__)}
    if not operation.listing:
        return {giving.JSON: {"schema": row}}
    count = {"type": "integer", "minimum": 0}
    page = {
        "type": "object",
        "required": ["total", "page", "size", "items"],
        "properties": {
            "total": count,
            "page": {"type": "integer", "minimum": 1},
            "size": {"type": "integer", "minimum": 1, "maximum": asking.LARGEST_PAGE},
            "items": {"type": "array", "items": row},
        },
    }
    return {giving.JSON: {"schema": page}, giving.CSV: {"schema": {"type": "string"}}}


def _headers_of(operation: Operation, status: int) -> list[str]:
    names = ["RateLimit", "RateLimit-Policy"]
    if operation.reads:
        names.append("ETag")
    if operation.listing and status == 200:
        names += ["Link", "Total-Count"]
    if operation.name == "add_import":
        names.append("Location")
    return names


def _headers(names: Iterable[str], lang: Lang) -> dict[str, Any]:
    return {
        name: {
            "description": i18n.text(f"api.header.{name.lower().replace('-', '_')}", lang),
            "schema": {"type": "integer" if name in _COUNTS else "string"},
        }
        for name in names
    }
