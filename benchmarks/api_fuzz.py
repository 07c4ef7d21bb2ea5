"""Whether any of 10,000 odd requests makes the API fail: right and wrong parameters, bodies, headers and methods, at random.

    python benchmarks/api_fuzz.py [--requests 10000] [--seed 1] [--threads 8] [--seconds 600]

The requests are made from the OpenAPI document: each parameter is left out, given a value of its type, or one of the values
that programs trip over. Prints the statuses, and every request that was answered with 5xx, broke the connection, or was refused in
another shape than a problem document; exit status 1 if there is one. The same seed makes the same requests.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from api_server import running  # noqa: E402

NASTY = (
    "", " ", "0", "-1", "1", "2", "99999999999999999999", "1e9", "1.5", "NaN", "null", "true", "٣", "%00", "\x00", "\u202e", "\ufeff",
    "😀", "'", '"', "' OR 1=1 --", "../../etc/passwd", "..\\", "<script>", "{{7*7}}", "%s%n", "a" * 201, "a" * 1500, "吉林省", "220000",
    "pm25", "jilin-2024", "jilin-2024-pm25", "0000-00-00", "0001-01-01", "9999-12-31", "2025-06-30", "2026-02-29", "zh-CN", "csv",
)  # fmt: skip
METHODS = ("GET",) * 14 + ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "QUERY")
HEADERS: Mapping[str, tuple[str, ...]] = {
    "Accept": ("text/csv", "application/xml", "*/*", ";;;", "text/csv;q=x"),
    "Accept-Language": ("en", "zh", "fr", ",,;q="),
    "Accept-Encoding": ("gzip", "br", "gzip;q=0"),
    "If-None-Match": ("*", 'W/"x"', "x", '"'),
    "Authorization": ("Bearer", "Bearer dbt_x", "Basic eDp5", "Bearer \xff"),
    "Content-Type": (
        "application/json",
        "text/csv",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "",
        "a/b;;",
    ),
    "Range": ("bytes=0-1",),
    "X-Forwarded-For": ("1.2.3.4",),
}
BODIES = (
    b"", b"{}", b"[]", b"null", b"{", b"\xff\xfe", b'{"by": "x", "note": "y", "due": "2099-01-01"}', b'{"by": "\\ud800"}',
    b'{"by": 1, "more": []}', b"[" * 5000, "地区,指标,年份,数值,单位\n磐石市,PM2.5,2024,30,μg/m³\n".encode(), b"a,b\n1,2\n", b"PK\x03\x04",
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\n1,2\n\r\n--x--\r\n', b"\x00" * 1000,
)  # fmt: skip


def request(chosen: random.Random, document: Mapping[str, Any]) -> tuple[str, str, dict[str, str], bytes]:
    path = chosen.choice(list(document["paths"]))
    method, operation = chosen.choice(list(document["paths"][path].items()))
    query: list[tuple[str, str]] = []
    for p in operation["parameters"]:
        if p["in"] == "path":
            path = path.replace(f"{{{p['name']}}}", urllib.parse.quote(value(chosen, p["schema"]), safe=""))
        elif chosen.random() < 0.25:
            query += [(p["name"], value(chosen, p["schema"])) for _ in range(chosen.choice((1, 1, 1, 2)))]
    if chosen.random() < 0.05:
        query.append((chosen.choice(NASTY), chosen.choice(NASTY)))
    text = urllib.parse.urlencode(query, errors="surrogatepass")
    headers = {n: chosen.choice(v) for n, v in HEADERS.items() if chosen.random() < 0.12}
    body = chosen.choice(BODIES) if "requestBody" in operation or chosen.random() < 0.05 else b""
    if "requestBody" in operation and chosen.random() < 0.6:
        headers["Content-Type"] = chosen.choice(list(operation["requestBody"]["content"]))
    method = method.upper() if chosen.random() < 0.8 else chosen.choice(METHODS)
    return method, f"/api/v1{path}?{text}" if text else f"/api/v1{path}", headers, body


def value(chosen: random.Random, schema: Mapping[str, Any]) -> str:
    if chosen.random() < 0.4:
        return chosen.choice(NASTY)
    if "items" in schema:
        return value(chosen, schema["items"])
    if "enum" in schema:
        return str(chosen.choice(schema["enum"]))
    if schema.get("type") == "integer":
        return str(chosen.choice((1, 1, 2, 3, 5, 100, 1000, 2**31, 2**63 - 1, 2**63)))
    return chosen.choice(NASTY)


def attack(port: int, made: list[Any], tally: Counter[int], wrong: list[str], until: float) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while made and time.monotonic() < until:
        method, path, headers, body = made.pop()
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            wrong.append(f"{type(error).__name__} {method} {path} {headers}")
            connection.close()
            continue
        tally[answer.status] += 1
        odd = answer.status >= 500 or (
            answer.status >= 400
            and method != "HEAD"
            and not problem(answer.headers["Content-Type"], content, answer)
        )
        if odd:
            wrong.append(f"{answer.status} {method} {path[:150]} {headers} {body[:60]!r} → {content[:200]!r}")


def problem(kind: str | None, content: bytes, answer: http.client.HTTPResponse) -> bool:
    if (kind or "").partition(";")[0] != "application/problem+json":
        return False
    if answer.headers.get("Content-Encoding") == "gzip":
        return True
    return bool(json.loads(content)["status"] == answer.status)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=600)
    given = parser.parse_args()
    from dashboard.api.document import document

    chosen, tally, wrong = random.Random(given.seed), Counter[int](), list[str]()
    made = [request(chosen, document("en")) for _ in range(given.requests)]
    with running() as port:
        begun = time.monotonic()
        threads = [
            threading.Thread(target=attack, args=(port, made, tally, wrong, begun + given.seconds))
            for _ in range(given.threads)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print(
        f"{sum(tally.values())} requests in {time.monotonic() - begun:.0f} s, statuses {dict(sorted(tally.items()))}"
    )
    print(f"failures {len(wrong)}", *wrong[:40], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
