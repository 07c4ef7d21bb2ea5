"""Files of the inbox to observations."""

from __future__ import annotations

from dabiao.services.inbox import import_inbox
from jobs.tasks import Work


def run(work: Work) -> dict[str, int]:
    """Import every finished file of the inbox; a file that is refused stops no other."""
    found = import_inbox(work.app, now=work.now, sleep=work.stop.sleep)
    counts = {"files": len(found), "refused_files": sum(f.refusal is not None for f in found)}
    for name in ("accepted", "revised", "unchanged", "refused"):
        counts[name] = sum(getattr(f.result, name) for f in found if f.result is not None)
    return counts
