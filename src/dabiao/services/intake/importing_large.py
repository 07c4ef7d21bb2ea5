"""A large text file → the store: in arrays and batches, in one transaction, with every value accounted for."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePath

import numpy as np

from dabiao.domain.issue import Issue
from dabiao.domain.progress import Progress, silent
from dabiao.errors import DabiaoError, ImportRefused
from dabiao.ingest.bulk.issues import LISTED, IssueLog
from dabiao.ingest.bulk.lines import survey
from dabiao.ingest.bulk.reading import Large, read_large
from dabiao.ingest.model import Defaults
from dabiao.services.app import App, stamp
from dabiao.services.files import keep_file, safe_name
from dabiao.services.intake.appending import append_values
from dabiao.services.intake.checking import flag_series
from dabiao.services.intake.checking_large import check_values
from dabiao.services.intake.differing import Diff, difference
from dabiao.services.intake.imported import ImportResult
from dabiao.services.intake.limits import CODE as OUTSIDE_LIMITS
from dabiao.services.intake.limits import keep_large_within
from dabiao.services.intake.quarantine import hold_batches
from dabiao.services.intake.recording import (
    ImportedFile,
    Undo,
    missing_over_number,
    reading_key,
    record_issues,
    record_result,
    source_before,
)
from dabiao.store import imports
from dabiao.store.database import Row

LARGE = 1 << 20
"""Bytes from which a text file is read in arrays."""
SUFFIXES = (".csv", ".tsv")
DEPENDS = frozenset(
    (
        "period_not_begun", "period_not_ended", "date_in_future", "known_before_period", "final_before_end",
        "missing_over_number", OUTSIDE_LIMITS,
    )
)  # fmt: skip
"""Issues that the same bytes need not have on another day, beside other values, or from another hand: with one of them a file is read again."""


def is_large(path: Path) -> bool:
    """Whether a file is one for :func:`import_large`.

    Raises:
        OSError: there is no such file.
    """
    return PurePath(path.name).suffix.lower() in SUFFIXES and path.stat().st_size >= LARGE


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without passes over all objects of the process in search of cycles: an import makes none, and one costs as much as 20,000 rows."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@_uncollected()
def import_large(
    app: App,
    path: Path,
    defaults: Defaults,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = silent,
) -> ImportResult | None:
    """Import a large text file; ``None`` where it is not one tidy table, and nothing has been done.

    Bytes that were imported before, and would be read as they were then, are not read again: nothing of them can be new.

    Raises:
        ImportRefused: the whole file cannot be read; nothing was written.
        StoreError: the store is busy, full or read-only; nothing was written.
        OSError: the file cannot be read.
    """
    name = safe_name(path.name)
    if path.stat().st_size > app.settings.max_text_mb << 20:
        raise ImportRefused("text_too_large", file=name, limit_mb=app.settings.max_text_mb)
    seen = survey(path, progress)
    if seen is None:
        return None
    if defaults.source is None and (source := source_before(app.store, seen.sha256)):
        defaults = Defaults(source, defaults.published, defaults.tier, defaults.mapping)
    key = reading_key(app, name, defaults)
    before = imports.import_by_reading(app.store, seen.sha256, key)
    if before is not None and not imports.issue_codes(app.store, before["id"]) & DEPENDS:
        return _again(app, before, dry_run)
    raw = None if dry_run else keep_file(app.paths.home, seen.sha256, path, seen.stamp)
    with IssueLog() as log:
        try:
            large = read_large(
                path if raw is None else app.paths.home / raw,
                name,
                seen,
                app.catalogue,
                defaults,
                log,
                today=app.today(now),
                progress=progress,
            )
        except (DabiaoError, OSError):
            raise
        except Exception as error:
            detail = f"{type(error).__name__}: {error}"
            raise ImportRefused("reader_failed", file=name, detail=detail) from error
        if large is None:
            return None
        keep_large_within(app, large, log)
        file = ImportedFile(seen.stamp[0], raw, defaults.published, stamp(now), key)
        return _store(app, large, log, file, dry_run, progress)


def _again(app: App, before: Row, dry_run: bool) -> ImportResult:
    """What comes of bytes that the store has taken in already."""
    issues = [
        Issue(
            before["file"],
            r["code"],
            r["sheet"],
            r["row"],
            r["column"],
            json.loads(r["params"]),
            r["severity"],
            tuple(json.loads(r["raw"])),
        )
        for r in imports.issues_of(app.store, before["id"], LISTED)
    ]
    return ImportResult(
        before["file"],
        before["sha256"],
        accepted=0,
        revised=0,
        unchanged=before["accepted"] + before["revised"] + before["unchanged"],
        refused=before["refused"],
        issues=tuple(issues),
        reading=json.loads(before["reading"]),
        dry_run=dry_run,
        more_issues=imports.issue_count(app.store, before["id"]) - len(issues),
    )


def _store(
    app: App, large: Large, log: IssueLog, file: ImportedFile, dry_run: bool, progress: Progress
) -> ImportResult:
    result: ImportResult | None = None
    with contextlib.suppress(Undo), app.store.write(large=True) as db:
        heaps = check_values(db, large, app.catalogue, log, progress)
        diff = difference(db, large.values, large.survey.sha256, progress)
        _refuse_missing(large, diff, log)
        result = _result(large, diff, log, dry_run)
        if dry_run:
            raise Undo
        if diff.fresh.any() or imports.import_by_sha256(app.store, large.survey.sha256) is None:
            import_id = record_result(db, result, file, log.warned)
            append_values(db, large.values, diff, import_id, file.recorded_at, progress)
            flag_series(db, heaps, file.recorded_at, import_id)
            record_issues(db, import_id, (issue for batch in log.batches() for issue in batch))
            hold_batches(db, import_id, large.survey.sha256, log.batches(), file.recorded_at)
    assert result is not None
    return result


def _refuse_missing(large: Large, diff: Diff, log: IssueLog) -> None:
    """The issues of missing marks over numbers."""
    standing = {int(large.values.row[at]): said for at, said in diff.refused}
    for candidates in large.candidates(np.array(sorted(standing), np.int32)):
        log.add([missing_over_number(large.file, c, standing[row]) for row, c in candidates.items()])


def _result(large: Large, diff: Diff, log: IssueLog, dry_run: bool) -> ImportResult:
    return ImportResult(
        large.file,
        large.survey.sha256,
        diff.accepted,
        diff.revised,
        diff.unchanged + large.repeated,
        large.refused + len(diff.refused),
        tuple(sorted(log.first, key=lambda i: i.row or 0)),
        large.description,
        dry_run,
        len(log) - len(log.first),
    )
