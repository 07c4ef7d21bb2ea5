"""How each documented status of each operation of the API comes about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.api.operation import ROOT, Operation
from dashboard.api.table import OPERATIONS

CSV = "地区,指标,年份,数值,单位,来源\n磐石市,PM2.5,2024,{value},μg/m³,试验公报\n"

THERE = {"target_id": "jilin-2024-pm25", "series_id": 1, "import_id": 1, "alert_id": 1, "run_id": 1}
NOWHERE = {
    "target_id": "no-such-target",
    "series_id": 4242,
    "import_id": 4242,
    "alert_id": 4242,
    "run_id": 4242,
}


@dataclass(frozen=True)
class Ask:
    """One request: what of it is not the plain question."""

    path: str
    method: str = "GET"
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes | str | None = None


def plain(operation: Operation, **parts: Any) -> Ask:
    """A request that is right in every part."""
    path = ROOT + operation.path.format(**{**THERE, **parts})
    if operation.name == "add_import":
        return Ask(path, "POST", {"file": "a.csv"}, {"Content-Type": "text/csv"}, CSV.format(value=31))
    if operation.name == "acknowledge":
        return Ask(path, "POST", headers={"Content-Type": "application/json"}, data='{"by": "王五"}')
    return Ask(path, operation.method)


def changed(ask: Ask, **changes: Any) -> Ask:
    """The same request with something changed; headers and query are added to those there are."""
    kept = {name: getattr(ask, name) for name in ("path", "method", "query", "headers", "data")}
    for name, value in changes.items():
        kept[name] = {**kept[name], **value} if name in ("query", "headers") else value
    return Ask(**kept)


Case = tuple[Operation, int, Ask]


def of_one_request() -> list[Case]:
    """The statuses that one request brings about on a store of the bundled data with a run, at the machine."""
    found: list[Case] = []
    for o in OPERATIONS:
        ask = plain(o)
        found.append((o, 422, changed(ask, query={"no_such_parameter": "1"})))
        found.append((o, 414, changed(ask, query={"lang": "x" * 4001})))
        if o.reads:
            found.append((o, 200, ask))
            found.append((o, 304, changed(ask, headers={"If-None-Match": "*"})))
        if 404 in o.fails:
            where = plain(o, **NOWHERE) if o.parts else changed(ask, query={"series": "4242"})
            found.append((o, 404, where))
    return found


def of_posts(operations: Callable[[str], Operation]) -> list[Case]:
    """The statuses of what changes the store, in this order."""
    add, ack = operations("add_import"), operations("acknowledge")
    file, alert = plain(add), plain(ack)
    return [
        (add, 200, changed(file, query={"dry_run": "true"})),
        (add, 201, file),
        (add, 200, file),
        (add, 413, changed(file, data=b"x" * (12 * 2**20 + 1))),
        (add, 413, changed(file, data=b"x" * (16 * 2**20 + 1))),
        (add, 415, changed(file, headers={"Content-Type": "application/json"})),
        (add, 422, changed(file, data="")),
        (ack, 400, changed(alert, data="{")),
        (ack, 413, changed(alert, data=" " * (64 * 1024 + 1))),
        (ack, 415, changed(alert, headers={"Content-Type": "text/plain"})),
        (ack, 422, changed(alert, data='{"by": "\\ud800"}')),
        (ack, 422, changed(alert, data='{"by": ""}')),
        (ack, 200, alert),
    ]
