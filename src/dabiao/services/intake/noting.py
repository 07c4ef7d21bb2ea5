"""What the audit is told of files that people hand over."""

from __future__ import annotations

from datetime import datetime

from dabiao.errors import ImportRefused
from dabiao.services.access.visible import IMPORTED
from dabiao.services.app import App
from dabiao.services.intake.importing import ImportResult
from dabiao.services.keep import audit
from dabiao.store import imports

REFUSED = "data.refused"
"""The audit's word for a file of which nothing could be read."""


def imported(app: App, result: ImportResult, now: datetime, by: str) -> int | None:
    """Record who imported a file, and what became of it; gives the id of its import (``None`` if nothing was stored)."""
    row = imports.import_by_sha256(app.store, result.sha256)
    counts = {name: getattr(result, name) for name in ("file", "accepted", "revised", "refused")}
    number = row["id"] if row else None
    audit.noted(app, now, by, IMPORTED, f"import:{number or result.sha256}", counts)
    return number


def refused(app: App, subject: str, file: str, error: ImportRefused, now: datetime, by: str) -> None:
    """Record that a file was refused as a whole: nothing else of it is kept."""
    audit.noted(app, now, by, REFUSED, subject, {"file": file, "reason": error.code})
