"""``python -m jobs`` is the scheduler; ``python -m jobs run NAME`` runs one job now and prints its run as JSON.

Exit status: 0 done or stopped, 1 refused or failed (and why, on standard error), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from dabiao import bootstrap, i18n
from dabiao.errors import DabiaoError, UnknownName
from dabiao.services.jobs import run_row
from dabiao.settings import Settings, load
from jobs import logs
from jobs.catalog import CATALOG
from jobs.control import Stop, Stopped
from jobs.lease import TTL, Clock, holder_name
from jobs.runner import Runner
from jobs.scheduler import GRACE, serve
from jobs.signals import stop_on_signals
from jobs.tasks import Task

PATIENCE = 60.0  # seconds that a run by hand waits for the one that is running


def wall_clock() -> datetime:
    """The one clock of this process."""
    return datetime.now(UTC)


def main(
    argv: Sequence[str] | None = None,
    *,
    clock: Clock = wall_clock,
    ttl: float = TTL,
    grace: float = GRACE,
    catalog: Mapping[str, Task] = CATALOG,
) -> int:
    """Run the process; the arguments after ``argv`` are for tests."""
    parser = argparse.ArgumentParser(prog="python -m jobs", description="The scheduler of dabiao.")
    commands = parser.add_subparsers(dest="command")
    run = commands.add_parser("run", help="run one job now")
    run.add_argument("name", metavar="NAME", help=", ".join(catalog))
    given = parser.parse_args(argv)
    logs.configure()
    stop = Stop()
    stop_on_signals(stop)
    lang = "en"
    try:
        settings = load()
        lang = settings.lang
        logs.configure(settings=settings)
        opens = functools.partial(bootstrap.open_app, settings)
        opens().store.close()
        if given.command == "run":
            return _run_now(
                settings, Runner(opens, holder_name(), clock, stop, ttl=ttl, patience=PATIENCE), given.name
            )
        ended = serve(opens, holder_name(), clock, stop, ttl=ttl, grace=grace, catalog=catalog)
    except DabiaoError as error:
        sys.stderr.write(i18n.text(f"error.{error.code}", lang, **error.params) + "\n")
        return 1
    if not ended:
        _leave_at_once()
    return 0


def _run_now(settings: Settings, runner: Runner, name: str) -> int:
    if name not in CATALOG:
        raise UnknownName("job_unknown", name=name, known=", ".join(CATALOG))
    try:
        outcome = runner.by_hand(name)
    except Stopped:
        return 0
    app = bootstrap.open_app(settings)
    row = None if outcome is None else run_row(app, outcome.id)
    app.store.close()
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0 if outcome is not None and outcome.state == "done" else 1


def _leave_at_once(leave: Callable[[int], object] = os._exit) -> None:
    """End although a thread still works: what it has not committed, the store undoes."""
    sys.stdout.flush()
    sys.stderr.flush()
    leave(0)


if __name__ == "__main__":
    raise SystemExit(main())
