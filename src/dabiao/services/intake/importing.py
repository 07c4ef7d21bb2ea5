"""One file → the store, in one transaction, with every value accounted for."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TypedDict

from sqlite_utils import Database

from dabiao.domain.issue import Issue
from dabiao.domain.observation import Tier
from dabiao.domain.progress import Progress, silent
from dabiao.errors import DabiaoError, ImportRefused
from dabiao.ingest.bulk.values import values_of
from dabiao.ingest.mapping import EMPTY
from dabiao.ingest.model import Defaults, Reading
from dabiao.ingest.read import load, read_bytes
from dabiao.services.app import App, stamp
from dabiao.services.files import keep_raw, readable, safe_name
from dabiao.services.intake.appending import append_values
from dabiao.services.intake.checking import check_series, flag_series
from dabiao.services.intake.differing import Diff, difference
from dabiao.services.intake.imported import ImportResult, issue_json
from dabiao.services.intake.importing_large import import_large, is_large
from dabiao.services.intake.limits import keep_within
from dabiao.services.intake.mappings import mapping_of
from dabiao.services.intake.quarantine import hold
from dabiao.services.intake.recording import (
    ImportedFile,
    Undo,
    missing_over_number,
    record_issues,
    record_result,
    source_before,
)
from dabiao.store import imports

__all__ = ["Given", "ImportResult", "import_bytes", "import_file", "issue_json", "store_reading"]


class Given(TypedDict, total=False):
    """What may be said of a file when it is handed over; see :func:`import_file`."""

    source: str | None
    published: date | None
    tier: Tier | None
    mapping: Path | None
    progress: Progress


def import_file(
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
    """Import a file.

    The raw file is kept in ``$DABIAO_HOME/raw`` before the rows are committed, so that no row is without its file. The
    same bytes a second time change nothing and write nothing.

    Args:
        app: the process's settings, paths, store and catalogue.
        path: the file.
        now: the moment of the import, with its timezone; its day where the office is dates values that have no date.
        source: title of the source of every value that does not name its own.
        published: day of publication of every value that does not say its own.
        tier: tier of every value that does not say its own; see :class:`dabiao.ingest.model.Defaults`.
        mapping: a mapping file; the one of ``$DABIAO_HOME/mappings`` that is for this file where ``None``.
        dry_run: do everything but keep nothing.
        progress: told how far a large file is.

    Raises:
        ImportRefused: the whole file cannot be read; nothing was written.
        StoreError: the store is busy, full or read-only; nothing was written.
    """
    name = safe_name(path.name)
    settled = mapping_of(app, name, source, mapping)
    defaults = Defaults(source, published, tier, settled)
    with readable(path):
        if is_large(path):
            result = import_large(app, path, defaults, now=now, dry_run=dry_run, progress=progress)
            if result is not None:
                return result
        data = load(path, app.settings.max_import_mb)
    return import_bytes(app, name, data, now=now, defaults=defaults, dry_run=dry_run)


def import_bytes(
    app: App,
    name: str,
    data: bytes,
    *,
    now: datetime,
    defaults: Defaults,
    dry_run: bool = False,
) -> ImportResult:
    """Import a file's bytes; see :func:`import_file`."""
    if defaults.mapping is EMPTY:
        defaults = replace(defaults, mapping=mapping_of(app, name, defaults.source))
    if defaults.source is None:
        defaults = replace(defaults, source=source_before(app.store, hashlib.sha256(data).hexdigest()))
    try:
        limits = app.settings.limits
        reading = read_bytes(data, name, app.catalogue, defaults, today=app.today(now), limits=limits)
    except DabiaoError:
        raise
    except Exception as error:
        # A file that a reader trips over is that file's trouble: it must not hold up the files behind it.
        detail = f"{type(error).__name__}: {error}"
        raise ImportRefused("reader_failed", file=name, detail=detail) from error
    return store_reading(app, reading, name, data, defaults, now=now, dry_run=dry_run)


def store_reading(
    app: App,
    reading: Reading,
    name: str,
    data: bytes,
    defaults: Defaults,
    *,
    now: datetime,
    dry_run: bool = False,
    then: Callable[[Database, int, ImportResult], None] | None = None,
) -> ImportResult:
    """Store what was read from a file's bytes, in one transaction; what the account may not bring is refused.

    Args:
        app: the process's settings, paths, store and catalogue.
        reading: what was read.
        name, data: the file as it came, which is kept.
        defaults: what stood for values that do not say otherwise.
        now: the moment of the import.
        dry_run: do everything but keep nothing.
        then: done with the import's id and result in the same transaction, in place of quarantining what was refused.
    """
    reading = keep_within(app, reading)
    raw = None if dry_run else keep_raw(app.paths.home, reading.sha256, name, data)
    result = None
    with contextlib.suppress(Undo), app.store.write() as db:
        checked = check_series(db, reading.rows, app.catalogue, reading.file)
        values = values_of(reading.rows)
        diff = difference(db, values, reading.sha256)
        refused = [
            missing_over_number(reading.file, reading.rows[values.origin[at]], said)
            for at, said in diff.refused
        ]
        result = _result(reading, diff, (*checked.issues, *refused), dry_run)
        if dry_run:
            raise Undo
        if then or diff.fresh.any() or imports.import_by_sha256(app.store, reading.sha256) is None:
            file = ImportedFile(reading.size, raw, defaults.published, stamp(now))
            warned = sum(i.severity == "warning" for i in result.issues)
            import_id = record_result(db, result, file, warned)
            record_issues(db, import_id, result.issues)
            append_values(db, values, diff, import_id, stamp(now))
            flag_series(db, checked, stamp(now), import_id)
            if then:
                then(db, import_id, result)
            else:
                hold(db, import_id, reading.sha256, (*result.issues, *reading.held), stamp(now))
    assert result is not None
    return result


def _result(reading: Reading, diff: Diff, warned: Sequence[Issue], dry_run: bool) -> ImportResult:
    issues = sorted((*reading.issues, *warned), key=lambda i: (i.sheet or "", i.row or 0))
    return ImportResult(
        reading.file,
        reading.sha256,
        diff.accepted,
        diff.revised,
        diff.unchanged + reading.repeated,
        reading.refused + len(diff.refused),
        tuple(issues),
        reading.description,
        dry_run,
    )
