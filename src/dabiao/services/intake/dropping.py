"""What becomes of a file that a person or a system hands over: mended rows go back to their place, any other file is imported.

Then the reviewed corrections are applied: one may wait for just this value.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from dabiao.domain.observation import Tier
from dabiao.domain.progress import Progress, silent
from dabiao.errors import ImportRefused
from dabiao.ingest.read import load
from dabiao.services.app import App
from dabiao.services.intake import corrections
from dabiao.services.intake.importing import ImportResult, import_file
from dabiao.services.intake.mending import import_mended
from dabiao.services.intake.quarantine_files import is_mended


def take_file(
    app: App,
    path: Path,
    *,
    now: datetime,
    source: str | None = None,
    published: date | None = None,
    tier: Tier | None = None,
    mapping: Path | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> ImportResult:
    """Import a file or the mended rows of one; arguments and errors as :func:`dabiao.services.intake.importing.import_file`."""
    try:
        mended = load(path, app.settings.max_import_mb) if is_mended(path) else None
    except OSError as error:
        raise ImportRefused("file_unreadable", file=path.name, detail=error.strerror or str(error)) from error
    if mended is not None:
        result = import_mended(app, path.name, mended, now=now, dry_run=dry_run)
    else:
        result = import_file(
            app,
            path,
            now=now,
            source=source,
            published=published,
            tier=tier,
            mapping=mapping,
            dry_run=dry_run,
            progress=progress,
        )
    if dry_run or not result.accepted + result.revised:
        return result
    return replace(result, issues=(*result.issues, *corrections.after_import(app, now)))
