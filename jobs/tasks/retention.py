"""What is old enough to go."""

from __future__ import annotations

from dabiao.services.keep.retention import remove_old
from jobs.tasks import Work


def run(work: Work) -> dict[str, int]:
    """Remove old exports, imported files whose raw copy is kept, records of runs and rotated backups."""
    return remove_old(work.app, work.now, between=work.stop.check)
