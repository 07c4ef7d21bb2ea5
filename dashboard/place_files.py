"""What of a unit or a target can be taken away: its sheet as a workbook and as the draft of a notice."""

from __future__ import annotations

import flask

from dabiao.reports.book import book_bytes
from dabiao.reports.letter import letter_bytes
from dabiao.services.pages.places import target_notice, unit_notice
from dabiao.services.publish.notice_book import book
from dabiao.services.publish.notice_files import TEMPLATE
from dabiao.services.publish.notice_letters import letter
from dabiao.services.publish.notices import Notice
from dabiao.settings import Settings
from dashboard.asked import Asked
from dashboard.downloads import asked_of, attachment

_OFFICE = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def register(server: flask.Flask, settings: Settings) -> None:
    """The addresses of the files."""

    @server.get("/export/unit/<unit_id>/notice.<any(xlsx, docx):kind>")
    def export_unit(unit_id: str, kind: str) -> flask.Response:
        asked = asked_of(settings)
        notice = unit_notice(asked.app, unit_id, asked.as_of, asked.now, asked.lang)
        return _file(asked, notice, "unit", unit_id, kind)

    @server.get("/export/target/<target_id>/notice.<any(xlsx, docx):kind>")
    def export_notice(target_id: str, kind: str) -> flask.Response:
        asked = asked_of(settings)
        notice = target_notice(asked.app, target_id, asked.as_of, asked.now, asked.lang)
        return _file(asked, notice, "target", target_id, kind)


def _file(asked: Asked, notice: Notice | None, what: str, name: str, kind: str) -> flask.Response:
    if notice is None:
        return flask.Response(f"no such {what}\n", 404, mimetype="text/plain")
    if kind == "xlsx":
        content = book_bytes(book(notice))
    else:  # charts are left to the command: drawing them takes a browser and seconds
        content = letter_bytes(letter(notice, {}), (asked.app.paths.data / TEMPLATE).read_bytes())
    response = attachment(content, f"{name}-{asked.as_of.isoformat()}.{kind}", _OFFICE[kind])
    response.headers["Content-Type"] = _OFFICE[kind]
    return response
