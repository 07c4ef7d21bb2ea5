"""Hours, days and sections to the official indicators."""

from __future__ import annotations

from itertools import count

from dabiao.services.derive.derived import derive
from jobs.tasks import Work


def run(work: Work) -> dict[str, int]:
    """Derive what has come in, was revised or has ended since the last run; each year of a place is one transaction."""
    years = count()
    return derive(work.app, work.now, between=lambda: work.told(next(years), None, "years")).to_json()
