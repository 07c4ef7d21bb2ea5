"""How long the alerts job takes over many targets, and how long it takes to follow its audit chain.

    python benchmarks/alert_speed.py [TARGETS …]      (1000 10000 100000 by default)

A store with two stored assessments a target, with the content that the assessment job writes, is made in a temporary folder. Timed, in
one process, by the clock and by the processor's own time: a first look at which a tenth of the targets is off track or missed; the same again; a look a month later, when each alert is
counted; and one at which every target is missed at once. Beside them, as a measure of the machine, one pass of SQLite over the same rows.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dabiao import bootstrap
from dabiao.services.alerts import alerting
from dabiao.services.app import App
from dabiao.services.keep import audit
from dabiao.settings import load

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CONTENT = json.dumps(
    {"deadline": "2030", "reopened": None, "rules": [{"rule": "x", "message": "y" * 80}] * 12}
)


def make(home: Path, count: int) -> App:
    """A store of ``count`` targets that were on track."""
    app, _ = bootstrap.initialise(load({"DABIAO_HOME": str(home)}, home), NOW)
    plan = app.store.row("SELECT id FROM plans LIMIT 1")
    assert plan is not None
    content = json.dumps({"deadline": "2030", "lead_units": ["市生态环境局", "市住建局"], "quote": "x" * 400})
    with app.store.write(large=True) as db:
        db.execute("DELETE FROM target_versions")
        db.conn.executemany(
            "INSERT INTO target_versions VALUES (?, 1, ?, ?, '2024-01-01', '2024-01-01T00:00:00Z', 0, ?, ?)",
            ((f"t{i:06}", plan["id"], i, content, str(i)) for i in range(count)),
        )
    assess(app, count, "2026-11-01", lambda _: ("on_track", 0.8))
    return app


def assess(app: App, count: int, day: str, says: Callable[[int], tuple[str, float | None]]) -> None:
    """Store an assessment of each target."""

    def rows() -> Iterator[tuple[Any, ...]]:
        for i in range(count):
            status, attainment = says(i)
            yield f"t{i:06}", day, status, attainment, CONTENT

    with app.store.write(large=True) as db:
        db.conn.executemany(
            """INSERT INTO assessments (target_id, target_version, as_of, status, provisional, reason, attainment, proxy,
                   content, digest, made_at, program) VALUES (?, 1, ?, ?, 0, 'attainment_low', ?, 0, ?, '', '', '')""",
            rows(),
        )


def timed(what: str, work: Callable[[], object]) -> None:
    start, own = time.perf_counter(), time.process_time()
    result = work()
    wall, used = time.perf_counter() - start, time.process_time() - own
    print(f"  {what:<40} {wall:6.2f} s, of a processor {used:6.2f} s   {result}", flush=True)


def main(counts: list[int]) -> None:
    tenth = {0: ("off_track", 0.05), 1: ("off_track", 0.3), 2: ("missed", None)}
    for count in counts:
        print(f"{count} targets")
        with tempfile.TemporaryDirectory() as folder:
            app = make(Path(folder), count)
            assess(app, count, "2026-11-20", lambda i: tenth.get(i % 30, ("on_track", 0.8)))
            scan = "SELECT count(*), sum(length(content)) FROM assessments"
            timed("SQLite reads the assessments once", lambda: app.store.row(scan)[1])  # noqa: B023
            timed("a tenth is alarming", lambda: alerting.run_alerts(app, NOW))  # noqa: B023
            timed("the same again", lambda: alerting.run_alerts(app, NOW))  # noqa: B023
            later = NOW + timedelta(days=31)
            timed("a month later", lambda: alerting.run_alerts(app, later))  # noqa: B023
            assess(app, count, "2026-12-23", lambda _: ("missed", None))
            worst = NOW + timedelta(days=33)
            timed("every target is missed at once", lambda: alerting.run_alerts(app, worst))  # noqa: B023
            timed("following the chain and replaying it", lambda: audit.check(app, audit.START))  # noqa: B023
            app.store.close()
        print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [1000, 10_000, 100_000])
