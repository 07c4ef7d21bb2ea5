"""Writes ``api_client.py`` from the OpenAPI document: a function an operation, standard library only.

Run from the project's folder: ``python examples/make_client.py [OPENAPI.json]``; without a file the document is that of the
program beside it.
"""

from __future__ import annotations

import json
import keyword
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OUT = HERE / "api_client.py"

HEAD = '''"""A client of the dabiao API, written by ``examples/make_client.py`` from ``/api/v1/openapi.json``. Standard library only.

::

    api = Client("http://127.0.0.1:8050", token="dbt_…")
    for row in api.every(api.statuses, status=["off_track"]):
        print(row["target_id"], row["attainment"])
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any


class ApiError(Exception):
    """A refusal; ``problem`` is the problem document (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status = status
        self.problem = problem


class Client:
    """The operations of one server.

    Args:
        address: such as ``http://127.0.0.1:8050``.
        token: as ``dabiao tokens add`` gave it; none for a server of this machine without accounts.
    """

    def __init__(self, address: str, token: str | None = None, timeout: float = 60) -> None:
        self.root = address.rstrip("/") + "ROOT"
        self.token = token
        self.timeout = timeout

    def every(self, operation: Callable[..., Any], *path: Any, **query: Any) -> Iterator[Any]:
        """The rows of all pages of a list."""
        page = 1
        while True:
            found = operation(*path, **{"size": 1000, **query, "page": page})
            yield from found["items"]
            if page * found["size"] >= found["total"]:
                return
            page += 1

    def _ask(
        self, method: str, path: str, query: dict[str, Any], body: bytes | None = None, media: str | None = None
    ) -> Any:
        given = {n: str(v).lower() if isinstance(v, bool) else v for n, v in query.items() if v is not None}
        text = urllib.parse.urlencode(given, doseq=True)
        request = urllib.request.Request(  # noqa: S310  # the address is the caller's own
            self.root + path + (f"?{text}" if text else ""), body, method=method
        )
        request.add_header("Accept", "application/json")
        if media:
            request.add_header("Content-Type", media)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise ApiError(error.code, json.loads(error.read() or b"{}")) from None


def _part(value: Any) -> str:
    return urllib.parse.quote(str(value), safe="")
'''


def client(document: Mapping[str, Any]) -> str:
    """The client's text."""
    head, tail = HEAD.replace("ROOT", document["servers"][0]["url"]).split("\n\ndef _part", 1)
    methods = [
        _method(path, method, operation)
        for path, by_method in document["paths"].items()
        for method, operation in by_method.items()
        if _is_json(operation)
    ]
    return f"{head.rstrip()}\n\n" + "\n".join(methods) + "\n\ndef _part" + tail


def _is_json(operation: Mapping[str, Any]) -> bool:
    return "application/json" in operation["responses"]["200"]["content"]


def _method(path: str, method: str, operation: Mapping[str, Any]) -> str:
    parts = [p for p in operation["parameters"] if p["in"] == "path"]
    query = [p for p in operation["parameters"] if p["in"] == "query" and p["name"] != "format"]
    media = list(operation.get("requestBody", {}).get("content", ()))
    args = [f"{p['name']}: {_kind(p['schema'])}" for p in parts]
    if media:
        args.append("body: dict[str, Any]" if "application/json" in media else "content: bytes")
    args += ["*", *(f"{_name(p['name'])}: {_kind(p['schema'])} | None = None" for p in query)]
    where = path
    for p in parts:
        where = where.replace(f"{{{p['name']}}}", f"{{_part({p['name']})}}")
    asked = ", ".join(f'"{p["name"]}": {_name(p["name"])}' for p in query)
    call = [f'"{method.upper()}"', f'{"f" if parts else ""}"{where}"', f"{{{asked}}}"]
    if media:
        sent = 'json.dumps(body).encode(), "application/json"'
        call.append(sent if "application/json" in media else 'content, "application/octet-stream"')
    text = (
        f"def {operation['operationId']}(\n    self,\n    {', '.join(args)},\n) -> Any:\n"
        f'    """{operation["summary"]}"""\n'
        f"    return self._ask({', '.join(call)})\n"
    )
    return textwrap.indent(text, "    ")


def _name(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _kind(schema: Mapping[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"list[{_kind(schema['items'])}]"
    return {"integer": "int", "boolean": "bool", "number": "float"}.get(schema.get("type", ""), "str")


def formatted(text: str) -> str:
    """The text as the project's formatter has it."""
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(OUT), "-"]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=True)  # noqa: S603
    return done.stdout


def main() -> None:
    """Write the client beside this script."""
    if len(sys.argv) > 1:
        document = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    else:
        from dashboard.api.document import document as made  # noqa: PLC0415

        document = made("en")
    OUT.write_text(formatted(client(document)), "utf-8")


if __name__ == "__main__":
    main()
