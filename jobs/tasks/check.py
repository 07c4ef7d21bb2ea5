"""What is kept, held against what was put in."""

from __future__ import annotations

from dabiao.services.alerts import data_alerts
from dabiao.services.keep.verifying import verify
from jobs.tasks import Work


def run(work: Work) -> dict[str, int]:
    """Check the store, the raw files whose turn it is, the clock, the disk and the backups; what is wrong becomes an alert."""
    found = verify(
        work.app,
        work.now,
        everything=False,
        progress=lambda done, total: work.told(done, total, "files"),
    )
    work.stop.check()
    data_alerts.check_found(work.app, work.now, found.findings)
    severities = [f.severity for f in found.findings]
    return {**found.checked, "errors": severities.count("error"), "warnings": severities.count("warning")}
