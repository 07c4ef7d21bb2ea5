"""What the pages of work can be taken away as: the list of alerts, refused rows to mend, a file as it was imported."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import flask

from dabiao.errors import DabiaoError
from dabiao.reports.tables import csv_bytes
from dabiao.reports.workbook import xlsx_bytes
from dabiao.services.intake import quarantine_files
from dabiao.services.pages import data_views
from dabiao.settings import Settings
from dashboard.asked import Asked
from dashboard.downloads import asked_of, attachment
from dashboard.pages import alerts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALERT = (
    "id", "kind", "cause", "severity", "level_name", "state", "target_id", "message", "raised_at", "acknowledged_by",
    "acknowledged_at", "note", "due", "snoozed_until", "cleared_at",
)  # fmt: skip


def register(server: flask.Flask, settings: Settings) -> None:
    """The addresses of the files."""

    @server.get("/export/alerts.<kind>")
    def export_alerts(kind: str) -> flask.Response:
        asked = asked_of(settings)
        rows = alerts.shown(asked)[1]
        name = f"dabiao-alerts-{asked.today.isoformat()}.{kind}"
        if kind == "json":
            text = json.dumps([dict(r) for r in rows], ensure_ascii=False, indent=1) + "\n"
            return attachment(text.encode(), name, "application/json")
        if kind == "csv":
            return attachment(csv_bytes(_headings(asked), _cells(rows)), name, "text/csv")
        if kind == "xlsx":
            lines = [[("" if c is None else str(c)) for c in line] for line in _cells(rows)]
            return _binary(xlsx_bytes("dabiao", [_headings(asked), *lines]), name)
        return _missing()

    @server.get("/export/quarantine.<kind>")
    def export_quarantine(kind: str) -> flask.Response:
        if kind not in ("csv", "xlsx"):
            return _missing()
        asked = asked_of(settings)
        name = f"dabiao-quarantine-{asked.today.isoformat()}.{kind}"
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / name
            try:
                quarantine_files.export(asked.app, target, asked.lang)
            except DabiaoError as error:
                return flask.Response(f"{error}\n", 404, mimetype="text/plain")
            return _binary(target.read_bytes(), name, XLSX if kind == "xlsx" else "text/csv")

    @server.get("/export/import/<int:import_id>/file")
    def export_file(import_id: int) -> flask.Response:
        found = data_views.raw_file(asked_of(settings).app, import_id)
        if found is None:
            return _missing()
        path, name = found
        # Never shown: whatever it says of itself, it is someone's file.
        return flask.send_file(
            path, mimetype="application/octet-stream", as_attachment=True, download_name=name
        )


def _headings(asked: Asked) -> list[str]:
    return [asked.say(f"alert_page.export_{name}") for name in ALERT]


def _cells(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    return [[r[name] for name in ALERT] for r in rows]


def _binary(content: bytes, name: str, mimetype: str = XLSX) -> flask.Response:
    response = flask.Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _missing() -> flask.Response:
    return flask.Response("no such file\n", 404, mimetype="text/plain")
