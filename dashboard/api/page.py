"""The OpenAPI document for people: one page, made here, that loads nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import flask

from dabiao import i18n
from dashboard.api import problems
from dashboard.api.operation import ROOT

_STYLE = """
body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;font:16px/1.6 system-ui,sans-serif;color:#1c2733;background:#fff}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #c6cfd8}h3{margin:2rem 0 .2rem;font-size:1.05rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}pre{overflow-x:auto;padding:.8rem;background:#f1f4f7}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{padding:.25rem .6rem .25rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #e2e8ee}
.method{display:inline-block;min-width:3rem;font-weight:700}a{color:#0b5c99}p{margin:.3rem 0}
@media (prefers-color-scheme:dark){body{color:#dfe6ed;background:#14191f}pre{background:#1e262e}
th,td,h2{border-color:#36424e}a{color:#7cbcf0}}
"""


def response(document: Mapping[str, Any], lang: i18n.Lang, tag: str) -> flask.Response:
    """The page."""
    answer = flask.Response(html(document, lang), mimetype="text/html")
    answer.set_etag(tag, weak=True)
    answer.headers["Content-Language"] = lang
    return answer


def html(document: Mapping[str, Any], lang: i18n.Lang) -> str:
    """The page's text."""

    def say(name: str) -> str:
        return escape(i18n.text(f"api.page.{name}", lang))

    info = document["info"]
    other = "en" if lang == "zh-CN" else "zh-CN"
    document_link = f'<a href="{ROOT}/openapi.json?lang={lang}">openapi.json</a>'
    other_link = f'<a href="{ROOT}/docs?lang={other}" hreflang="{other}">{say("other_language")}</a>'
    body = [
        f"<h1>{escape(info['title'])}</h1>",
        f"<p>{escape(info['description'])}</p>",
        f"<p>{escape(i18n.text('api.token', lang))}</p>",
        f"<p>{document_link} · {other_link}</p>",
        f"<h2>{say('example')}</h2>",
        f"<pre>curl -H 'Authorization: Bearer …' '{escape(flask.request.host_url)}{ROOT[1:]}/status?status=off_track'</pre>",
    ]
    for tag in document["tags"]:
        body.append(f"<h2>{escape(tag['description'])}</h2>")
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    body += _operation(path, method, operation, say("parameters"), say("answers"))
    body.append(f"<h2>{say('problems')}</h2><p>{say('problems_note')}</p><dl>")
    for status in problems.STATUSES:
        title = escape(i18n.text(f"api.problem.{status}.title", lang))
        detail = escape(i18n.text(f"api.problem.{status}.detail", lang))
        body.append(f'<dt id="problem-{status}"><strong>{status} {title}</strong></dt><dd>{detail}</dd>')
    body.append("</dl>")
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>"
    )


def _operation(
    path: str, method: str, operation: Mapping[str, Any], parameters: str, answers: str
) -> Iterator[str]:
    name = operation["operationId"]
    yield f'<h3 id="{name}"><code><span class="method">{method.upper()}</span> {escape(ROOT + path)}</code></h3>'
    yield f"<p>{escape(operation['summary'])} {escape(operation['description'])}</p>"
    if operation["parameters"]:
        rows = "".join(
            f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(_kind(p['schema']))}</td>"
            f"<td>{escape(p['description'])}</td></tr>"
            for p in operation["parameters"]
        )
        yield f'<div class="wide"><table><caption hidden>{parameters}</caption><tbody>{rows}</tbody></table></div>'
    yield f"<p>{answers} {', '.join(operation['responses'])}</p>"


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value may be, in a few words of the schema's own."""
    if "items" in schema:
        return f"{_kind(schema['items'])} …"
    if "anyOf" in schema:
        return " | ".join(_kind(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(v) for v in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    return str(schema.get("format") or schema.get("type", ""))
