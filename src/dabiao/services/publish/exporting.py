"""The list that a supervising office takes away: what is off track or missed, and who answers for it."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

from dabiao import i18n
from dabiao.reports.book import book_bytes
from dabiao.reports.tables import csv_bytes
from dabiao.services.alerts.alerting import ALARMING
from dabiao.services.app import App
from dabiao.services.keep import audit
from dabiao.services.listing import COLUMNS, Line, lines
from dabiao.services.pages import views
from dabiao.services.publish.notice_asked import Asked
from dabiao.services.publish.notice_book import book
from dabiao.services.publish.notice_files import write_files
from dabiao.services.publish.notices import notice_of


def export_alerts(app: App, as_of: date, now: datetime, out: Path, lang: str) -> list[Path]:
    """Write the targets that are off track or missed as of a day, the most urgent first, as CSV, JSON and XLSX.

    The files are ``alerts-<as_of>.csv``, the same as ``alerts-latest.csv``, ``alerts-<as_of>.json`` and ``alerts-<as_of>.xlsx``,
    which holds the other targets and the sources too and is left out where no target was declared on that day. Each appears whole
    or not at all, and the same store, day and language give the same bytes.

    Raises:
        StoreUnwritable: the folder cannot be written.
    """
    everything = views.verdicts(app, as_of, now)
    shown = sorted((v for v in everything if v.assessment.status in ALARMING), key=views.urgency)
    found = lines(app, shown, lang)
    day = as_of.isoformat()
    table = csv_bytes(
        [i18n.text(f"export.column.{name}", lang) for name in COLUMNS], [_row(line) for line in found]
    )
    listing = {
        "as_of": day,
        "lang": lang,
        "thresholds": {"on_track": app.settings.on_track, "off_track": app.settings.off_track},
        "count": len(found),
        "targets": [line.json() for line in found],
    }
    text = json.dumps(listing, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    files = {
        f"alerts-{day}.csv": table,
        f"alerts-{day}.json": text.encode(),
        "alerts-latest.csv": table,
    }
    if everything:
        files[f"alerts-{day}.xlsx"] = book_bytes(book(notice_of(app, Asked(as_of, lang), now)))
    written = write_files(out, files)
    audit.exported(app, now, out, files)
    return written


def _row(line: Line) -> list[object]:
    cells = line.cells()
    return [cells[name] for name in COLUMNS]
