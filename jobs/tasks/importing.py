"""Files of the inbox to observations."""

from __future__ import annotations

from dabiao.services.intake.inbox import import_inbox
from jobs.tasks import Incomplete, Work


def run(work: Work) -> dict[str, int]:
    """Import every finished file of the inbox; a file that is refused stops no other.

    Raises:
        Incomplete: files wait for the next run through no fault of theirs.
    """
    found = import_inbox(
        work.app,
        now=work.now,
        sleep=work.stop.sleep,
        progress=lambda done, total: work.told(done, total, "files"),
    )
    counts = {
        "files": len(found.done),
        "refused_files": sum(f.refusal is not None for f in found.done),
        "waiting_files": len(found.waiting),
        "no_files": len(found.left),
    }
    for name in ("accepted", "revised", "unchanged", "refused"):
        counts[name] = sum(getattr(f.result, name) for f in found.done if f.result is not None)
    if found.stopped_by is not None:
        raise Incomplete(counts) from found.stopped_by
    return counts
