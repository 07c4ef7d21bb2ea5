"""Notices by the calendar, and their way to each recipient: at least once, with a record, and none in the way of another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from dabiao import i18n
from dabiao.errors import DabiaoError
from dabiao.services.app import App, stamp
from dabiao.services.publish import sinks
from dabiao.services.publish.notice_asked import Asked, NoticePeriod
from dabiao.services.publish.notice_files import write_notice
from dabiao.services.publish.notice_words import title
from dabiao.services.publish.recipients import KINDS, Kind, Recipient, recipients
from dabiao.store import deliveries as store
from dabiao.store.database import Row

FOLDER = "notices"
"""Below ``exports``."""
FIRST, LONGEST = timedelta(minutes=5), timedelta(hours=6)
"""Wait after the first failed attempt, doubled after each further one, and the longest."""

log = structlog.get_logger()


def last_due(kind: Kind, today: date, month_day: int) -> NoticePeriod:
    """The last period whose notice is due by a day: a week on the Monday after it, a month or quarter on that day of the
    month after it.
    """
    if kind == "weekly":
        week = (today - timedelta(days=7)).isocalendar()
        return NoticePeriod.parse(f"{week.year}-W{week.week:02}")
    complete = today.year * 12 + today.month - 1 - (1 if today.day >= month_day else 2)  # months since year 0
    if kind == "monthly":
        return NoticePeriod.parse(f"{complete // 12}-{complete % 12 + 1:02}")
    quarter = (complete + 1) // 3 - 1
    return NoticePeriod.parse(f"{quarter // 4}-Q{quarter % 4 + 1}")


def make_due(app: App, now: datetime, between: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Make each notice that the calendar asks for and that was not made yet, and put it in the outbox of its recipients.

    A notice of everything is made whoever receives it. One that cannot be made (a recipient's scope has no target) stops no other.

    Args:
        between: called between two notices.

    Returns:
        counts ``{"notices", "empty", "queued"}``.

    Raises:
        RecipientsRefused: the file of recipients is wrong; notices of everything have been made.
    """
    counts = {"notices": 0, "empty": 0, "queued": 0}
    today = app.today(now)
    periods = {kind: last_due(kind, today, app.settings.notice_month_day) for kind in KINDS}
    for kind in KINDS:
        between()
        _make(app, periods[kind], {}, app.settings.lang, now, counts)
    for one in recipients(app):
        for kind in one.when:
            between()
            lang = one.lang or app.settings.lang
            row = _make(app, periods[kind], one.filters, lang, now, counts)
            if row is not None:
                counts["queued"] += store.enqueue(app.store, [outbox_row(one, row, now)])
    return counts


def _make(
    app: App,
    period: NoticePeriod,
    filters: Mapping[str, Sequence[str]],
    lang: str,
    now: datetime,
    counts: dict[str, int],
) -> Row | None:
    """The notice of a period and scope, made if it is not there yet; ``None`` where there is nothing to say."""
    scope = json.dumps(filters, ensure_ascii=False, sort_keys=True)
    found = store.made(app.store, period.code, scope, lang)
    if found is not None:
        return found
    try:
        made = write_notice(
            app, Asked(app.today(now), lang, filters, period), app.paths.exports / FOLDER, now
        )
    except DabiaoError as error:
        if error.code != "notice_empty":
            raise
        log.info("notice_empty", period=period.code, scope=scope)
        counts["empty"] += 1
        return None
    files = [
        {
            "path": path.relative_to(app.paths.home).as_posix(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in made.files
    ]
    row = {
        "period": period.code,
        "scope": scope,
        "lang": lang,
        "as_of": made.notice.asked.as_of.isoformat(),
        "checksum": made.notice.checksum,
        "title": title(made.notice),
        "made_at": stamp(now),
    }
    store.record(app.store, row, files)
    counts["notices"] += 1
    return store.made(app.store, period.code, scope, lang)


def outbox_row(one: Recipient, notice: Row, now: datetime) -> dict[str, object]:
    """A row of the outbox; its key is the same whenever it is made."""
    words = "|".join((one.name, one.to, notice["period"], notice["scope"], notice["lang"]))
    return {
        "key": hashlib.sha256(words.encode()).hexdigest()[:32],
        "notice_id": notice["id"],
        "recipient": one.name,
        "address": one.to,
        "state": "waiting",
        "attempts": 0,
        "next_at": stamp(now),
        "created_at": stamp(now),
        "sent_at": None,
        "error": "",
    }


def send_due(app: App, now: datetime, between: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Send what the outbox holds and is due. An address that cannot be reached is left alone for the rest of this round.

    A delivery that a crash cut off is sent again under the same key, by which the other side can tell that it has it.

    Returns:
        counts ``{"sent", "waiting", "failed"}``.
    """
    counts = {"sent": 0, "waiting": 0, "failed": 0}
    unreached: set[str] = set()
    for row in store.due(app.store, stamp(now)):
        between()
        if row["address"] in unreached:
            counts["waiting"] += 1
            continue
        store.begin(app.store, row["id"])
        try:
            sinks.send(_parcel(app, row), app.settings, now)
        except sinks.Unreached as error:
            unreached.add(row["address"])
            state = _later(app, row, now, str(error))
        except (sinks.Refused, FilesGone) as error:
            state = "failed"
            store.end(app.store, row["id"], state, error=str(error)[:500])
        else:
            state = "sent"
            store.end(app.store, row["id"], state, at=stamp(now))
        log.info("delivery", recipient=row["recipient"], period=row["period"], state=state)
        counts[state] += 1
    return counts


def _later(app: App, row: Row, now: datetime, why: str) -> str:
    """A failed attempt: tried again later, or given up."""
    done = int(row["attempts"]) + 1
    state = "failed" if done >= app.settings.delivery_tries else "waiting"
    wait = min(FIRST * 2 ** min(done - 1, 12), LONGEST)
    store.end(
        app.store, row["id"], state, at=stamp(now + wait) if state == "waiting" else "", error=why[:500]
    )
    return state


class FilesGone(Exception):
    """A file of the notice is not what was made."""


def _parcel(app: App, row: Row) -> sinks.Parcel:
    files = []
    for file in json.loads(row["files"]):
        path = app.paths.home / file["path"]
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != file["sha256"]:
            raise FilesGone(f"{file['path']} is gone or changed")
        files.append((path.name, content))
    about = {name: row[name] for name in ("period", "as_of", "lang", "checksum", "recipient")}
    text = i18n.text(
        "notice.mail", row["lang"], title=row["title"], as_of=row["as_of"], checksum=row["checksum"]
    )
    created = datetime.fromisoformat(row["created_at"])
    return sinks.Parcel(row["key"], row["address"], row["title"], text, created, about, files)


def delivery_rows(app: App, limit: int = 100) -> list[dict[str, Any]]:
    """Rows of ``deliveries list``, the newest first."""
    names = (
        "id",
        "recipient",
        "address",
        "title",
        "period",
        "lang",
        "state",
        "attempts",
        "created_at",
        "next_at",
        "sent_at",
    )
    return [
        {
            **{n: r[n] for n in names},
            "next_at": r["next_at"] if r["state"] == "waiting" else None,
            "error": r["error"] or None,
        }
        for r in store.listed(app.store, limit)
    ]
