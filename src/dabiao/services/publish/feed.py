"""The Atom feed of alerts, for readers that come and look."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dabiao import i18n
from dabiao.reports.atom import Item, atom_bytes
from dabiao.services.alerts.alert_rows import STATES, alert_rows
from dabiao.services.app import App
from dabiao.services.publish.notice_files import write_files

FILE_NAME = "alerts.atom"
MOST = 200
"""Entries of the feed: the newest."""
_ID = "tag:dabiao,2026:alert"


def feed_bytes(app: App, now: datetime) -> bytes:
    """The newest alerts about targets and data, cleared ones too; those that wait to be raised are left out."""
    lang = app.settings.lang
    states = [s for s in STATES if s != "pending"]
    rows = [r for r in alert_rows(app, app.today(now), lang, states, None) if r["raised_at"]][:MOST]
    items = [
        Item(
            f"{_ID}:{r['id']}",
            i18n.text(
                "notice.feed.entry",
                lang,
                subject=r["key"],
                event=i18n.text(f"alert.state.{r['state']}", lang),
            ),
            r["raised_at"],
            max(filter(None, (r["raised_at"], r["acknowledged_at"], r["cleared_at"]))),
            r["message"],
            r["kind"],
        )
        for r in rows
    ]
    return atom_bytes(f"{_ID}s", i18n.text("notice.feed.title", lang), lang, "dabiao", items)


def write_feed(app: App, now: datetime) -> Path:
    """Write the feed to the exports folder.

    Raises:
        StoreUnwritable: the folder cannot be written.
    """
    return write_files(app.paths.exports, {FILE_NAME: feed_bytes(app, now)})[0]
