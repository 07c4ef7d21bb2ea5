"""Whether a deployment is set up as it should be: each thing that goes wrong in practice, with how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from dabiao.errors import DabiaoError
from dabiao.services import jobs
from dabiao.services.access import accounts
from dabiao.services.access.doors import is_loopback
from dabiao.services.app import App, Paths
from dabiao.services.keep import verifying
from dabiao.services.operate import machine
from dabiao.services.operate.outcome import Level, Outcome, fail, ok, refused, warn
from dabiao.settings import Settings
from dabiao.store import conditions, copies, runs

_WRONG = {"error": Level.FAIL, "warning": Level.WARN}


def examine(
    settings: Settings, paths: Paths, opens: Callable[[], App], now: datetime, *, network: bool = False
) -> Iterator[Outcome]:
    """Look at everything, in the order in which one thing hangs on another. Reads only, but for one probe file.

    Args:
        opens: opens the app.
        network: also reach out to the mail server and the hosts of web hooks; nothing is sent to them.
    """
    yield ok(
        "settings", timezone=settings.timezone, time=f"{now.astimezone(ZoneInfo(settings.timezone)):%F %H:%M}"
    )
    yield from machine.looks(settings, paths, network=network)
    if paths.store.is_file() and (faults := copies.quick_faults(paths.store)):
        yield fail("store", path=str(paths.store), detail=faults[0])
        return
    try:
        app = opens()
    except DabiaoError as error:
        yield refused("store", error)
        return
    try:
        yield from _store(app, now)
    except DabiaoError as error:
        yield refused("store", error)
    finally:
        app.store.close()


def _store(app: App, now: datetime) -> Iterator[Outcome]:
    yield ok("store", path=str(app.store.path), schema=app.store.schema_version())
    mode = str(app.store.rows("PRAGMA journal_mode")[0][0])
    yield ok("journal", mode=mode) if mode == "wal" else fail("journal", mode=mode)
    for check, findings in verifying.at_hand(app, now).items():
        yield from (
            (Outcome(check, _WRONG[f.severity], f"verify.{f.code}", f.params) for f in findings)
            if findings
            else (ok(check),)
        )
    yield _accounts(app)
    yield from _jobs(app, now)


def _accounts(app: App) -> Outcome:
    host = app.settings.host
    if is_loopback(host) or accounts.any_admin(app):
        return ok("accounts", host=host)
    return fail("accounts", host=host)


def _jobs(app: App, now: datetime) -> Iterator[Outcome]:
    lease = runs.lease(app.store, "scheduler")
    if jobs.scheduler_alive(app, now):
        yield ok("scheduler", holder=lease["holder"] if lease is not None else "?")
    else:
        yield warn("scheduler")
    failed = conditions.failed_jobs(app.store)
    yield from (warn("runs", job=r["job"], reason=r["reason"] or "?") for r in failed)
    if not failed:
        yield ok("runs")
    for job, pause in runs.pauses(app.store).items():
        yield warn("pause", job=job, at=pause["paused_at"])
