"""A client of the dabiao API, written by ``examples/make_client.py`` from ``/api/v1/openapi.json``. Standard library only.

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
        self.root = address.rstrip("/") + "/api/v1"
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
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: bytes | None = None,
        media: str | None = None,
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

    def targets(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        as_of: str | None = None,
        plan: list[str] | None = None,
        region: list[str] | None = None,
        unit: list[str] | None = None,
        indicator: list[str] | None = None,
        deadline: list[str] | None = None,
        measure: list[str] | None = None,
    ) -> Any:
        """Declared targets, in the order of the plans."""
        return self._ask(
            "GET",
            "/targets",
            {
                "lang": lang,
                "page": page,
                "size": size,
                "as_of": as_of,
                "plan": plan,
                "region": region,
                "unit": unit,
                "indicator": indicator,
                "deadline": deadline,
                "measure": measure,
            },
        )

    def target(
        self,
        target_id: str,
        *,
        lang: str | None = None,
        as_of: str | None = None,
    ) -> Any:
        """One target."""
        return self._ask("GET", f"/targets/{_part(target_id)}", {"lang": lang, "as_of": as_of})

    def target_status(
        self,
        target_id: str,
        *,
        lang: str | None = None,
        as_of: str | None = None,
    ) -> Any:
        """The status of one target as known on a day."""
        return self._ask("GET", f"/targets/{_part(target_id)}/status", {"lang": lang, "as_of": as_of})

    def target_rules(
        self,
        target_id: str,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        as_of: str | None = None,
    ) -> Any:
        """What each rule says of one target."""
        return self._ask(
            "GET",
            f"/targets/{_part(target_id)}/rules",
            {"lang": lang, "page": page, "size": size, "as_of": as_of},
        )

    def target_explanation(
        self,
        target_id: str,
        *,
        lang: str | None = None,
        as_of: str | None = None,
    ) -> Any:
        """Everything behind one status, in sentences."""
        return self._ask("GET", f"/targets/{_part(target_id)}/explanation", {"lang": lang, "as_of": as_of})

    def statuses(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        as_of: str | None = None,
        plan: list[str] | None = None,
        region: list[str] | None = None,
        unit: list[str] | None = None,
        indicator: list[str] | None = None,
        deadline: list[str] | None = None,
        measure: list[str] | None = None,
        status: list[str] | None = None,
    ) -> Any:
        """Statuses as known on a day, the most urgent first."""
        return self._ask(
            "GET",
            "/status",
            {
                "lang": lang,
                "page": page,
                "size": size,
                "as_of": as_of,
                "plan": plan,
                "region": region,
                "unit": unit,
                "indicator": indicator,
                "deadline": deadline,
                "measure": measure,
                "status": status,
            },
        )

    def forecasts(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        target: str | None = None,
        series: int | None = None,
    ) -> Any:
        """Stored forecasts, the last made first; of one target or one series where asked."""
        return self._ask(
            "GET",
            "/forecasts",
            {"lang": lang, "page": page, "size": size, "target": target, "series": series},
        )

    def series(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        as_of: str | None = None,
        q: str | None = None,
    ) -> Any:
        """Series of which something was known on a day."""
        return self._ask("GET", "/series", {"lang": lang, "page": page, "size": size, "as_of": as_of, "q": q})

    def one_series(
        self,
        series_id: int,
        *,
        lang: str | None = None,
        as_of: str | None = None,
    ) -> Any:
        """One series."""
        return self._ask("GET", f"/series/{_part(series_id)}", {"lang": lang, "as_of": as_of})

    def statements(
        self,
        series_id: int,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        as_of: str | None = None,
    ) -> Any:
        """Everything that sources said of a series, what was replaced included."""
        return self._ask(
            "GET",
            f"/series/{_part(series_id)}/statements",
            {"lang": lang, "page": page, "size": size, "as_of": as_of},
        )

    def imports(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        as_of: str | None = None,
    ) -> Any:
        """Imports, the newest first."""
        return self._ask("GET", "/imports", {"lang": lang, "page": page, "size": size, "as_of": as_of})

    def add_import(
        self,
        content: bytes,
        *,
        lang: str | None = None,
        file: str | None = None,
        source: str | None = None,
        published: str | None = None,
        tier: str | None = None,
        dry_run: bool | None = None,
    ) -> Any:
        """Import a file; with dry_run=true only say how it would be read. The same file a second time changes nothing."""
        return self._ask(
            "POST",
            "/imports",
            {
                "lang": lang,
                "file": file,
                "source": source,
                "published": published,
                "tier": tier,
                "dry_run": dry_run,
            },
            content,
            "application/octet-stream",
        )

    def one_import(
        self,
        import_id: int,
        *,
        lang: str | None = None,
    ) -> Any:
        """One import with its issues."""
        return self._ask("GET", f"/imports/{_part(import_id)}", {"lang": lang})

    def alerts(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        state: list[str] | None = None,
        kind: str | None = None,
    ) -> Any:
        """Alerts, the newest first."""
        return self._ask(
            "GET", "/alerts", {"lang": lang, "page": page, "size": size, "state": state, "kind": kind}
        )

    def alert(
        self,
        alert_id: int,
        *,
        lang: str | None = None,
    ) -> Any:
        """One alert with all that has happened to it."""
        return self._ask("GET", f"/alerts/{_part(alert_id)}", {"lang": lang})

    def acknowledge(
        self,
        alert_id: int,
        body: dict[str, Any],
        *,
        lang: str | None = None,
    ) -> Any:
        """Acknowledge an alert: who deals with it, how, and by when."""
        return self._ask(
            "POST",
            f"/alerts/{_part(alert_id)}/acknowledgement",
            {"lang": lang},
            json.dumps(body).encode(),
            "application/json",
        )

    def rules(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Any:
        """The published on-track rules."""
        return self._ask("GET", "/rules", {"lang": lang, "page": page, "size": size})

    def track_record(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        as_of: str | None = None,
        record: str | None = None,
        indicator: str | None = None,
        region: str | None = None,
        lead: int | None = None,
        by: str | None = None,
    ) -> Any:
        """How the probabilities that were given came out."""
        return self._ask(
            "GET",
            "/track-record",
            {
                "lang": lang,
                "page": page,
                "size": size,
                "as_of": as_of,
                "record": record,
                "indicator": indicator,
                "region": region,
                "lead": lead,
                "by": by,
            },
        )

    def jobs(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Any:
        """Each job with its schedule and last run."""
        return self._ask("GET", "/jobs", {"lang": lang, "page": page, "size": size})

    def runs(
        self,
        *,
        lang: str | None = None,
        page: int | None = None,
        size: int | None = None,
        job: str | None = None,
    ) -> Any:
        """Runs of the jobs, the newest first."""
        return self._ask("GET", "/jobs/runs", {"lang": lang, "page": page, "size": size, "job": job})

    def run(
        self,
        run_id: int,
        *,
        lang: str | None = None,
    ) -> Any:
        """One run of a job."""
        return self._ask("GET", f"/jobs/runs/{_part(run_id)}", {"lang": lang})

    def openapi(
        self,
        *,
        lang: str | None = None,
    ) -> Any:
        """The OpenAPI 3.1 document of this interface."""
        return self._ask("GET", "/openapi.json", {"lang": lang})


def _part(value: Any) -> str:
    return urllib.parse.quote(str(value), safe="")
