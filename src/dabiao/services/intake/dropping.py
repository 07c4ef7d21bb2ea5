"""What becomes of a file that a person or a system hands over: mended rows go back to their place, any other file is imported.

Then the reviewed corrections are applied: one may wait for just this value.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Unpack

from dabiao.ingest.read import load
from dabiao.services.app import App
from dabiao.services.files import readable
from dabiao.services.intake import corrections
from dabiao.services.intake.importing import Given, ImportResult, import_file
from dabiao.services.intake.mending import import_mended
from dabiao.services.intake.quarantine_files import is_mended


def take_file(
    app: App, path: Path, *, now: datetime, dry_run: bool = False, **given: Unpack[Given]
) -> ImportResult:
    """Import a file or the mended rows of one; arguments and errors as :func:`dabiao.services.intake.importing.import_file`."""
    with readable(path):
        mended = load(path, app.settings.max_import_mb) if is_mended(path) else None
    if mended is not None:
        result = import_mended(app, path.name, mended, now=now, dry_run=dry_run)
    else:
        result = import_file(app, path, now=now, dry_run=dry_run, **given)
    if dry_run or not result.accepted + result.revised:
        return result
    return replace(result, issues=(*result.issues, *corrections.after_import(app, now)))
