"""One file → the store, in one transaction, with every value accounted for."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from dabiao import i18n
from dabiao.domain.issue import Issue
from dabiao.domain.observation import Tier
from dabiao.errors import DabiaoError, ImportRefused
from dabiao.ingest import Defaults, Reading, read_bytes
from dabiao.ingest.read import load
from dabiao.services.app import App, stamp
from dabiao.services.differing import Diff, difference
from dabiao.services.files import keep_raw
from dabiao.store import Store
from dabiao.store import observations as table


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file. ``accepted + revised + unchanged + refused`` is the number of its values.

    Attributes:
        accepted: new to the store.
        revised: differ from what the same source said before, and now stand in its place.
        unchanged: the store has them already (or the file repeats them).
        refused: each has at least one issue of severity ``error``.
        reading: how the file was read.
        dry_run: nothing was written.
    """

    file: str
    sha256: str
    accepted: int
    revised: int
    unchanged: int
    refused: int
    issues: tuple[Issue, ...]
    reading: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False

    @classmethod
    def refused_file(cls, path: Path, code: str, message: str) -> RefusedFile:
        """What stands in a listing for a file of which nothing could be read."""
        return RefusedFile(path.name, code, message)

    def to_json(self, lang: str) -> dict[str, Any]:
        """The contract of ``dabiao import --format json``; messages in ``lang``."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "accepted": self.accepted,
            "revised": self.revised,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "issues": [issue_json(i, lang) for i in self.issues],
            "dry_run": self.dry_run,
            "reading": dict(self.reading),
        }


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A whole file that was refused, in the shape of an :class:`ImportResult`."""

    file: str
    code: str
    message: str

    def to_json(self, _lang: str) -> dict[str, Any]:
        """As :meth:`ImportResult.to_json`; the message is in its language already."""
        issue: dict[str, Any] = {
            "file": self.file,
            "sheet": None,
            "row": None,
            "column": None,
            "code": self.code,
            "message": self.message,
            "mend": None,
            "severity": "error",
            "raw": [],
        }
        counts = {"accepted": 0, "revised": 0, "unchanged": 0, "refused": 0}
        return {
            "file": self.file,
            "sha256": None,
            **counts,
            "issues": [issue],
            "dry_run": False,
            "reading": None,
        }


def issue_json(issue: Issue, lang: str) -> dict[str, Any]:
    """An issue with its sentence; ``mend`` is the sentence's second half alone."""
    said = i18n.text(f"issue.{issue.code}", lang, **issue.params)
    what, _, mend = said.partition("\n")
    return {
        "file": issue.file,
        "sheet": issue.sheet,
        "row": issue.row,
        "column": issue.column,
        "code": issue.code,
        "message": what + ("" if lang.startswith("zh") else " ") + mend,
        "mend": mend,
        "severity": issue.severity,
        "raw": list(issue.raw),
    }


def import_file(
    app: App,
    path: Path,
    *,
    now: datetime,
    source: str | None = None,
    published: date | None = None,
    tier: Tier | None = None,
    dry_run: bool = False,
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
        dry_run: do everything but keep nothing.

    Raises:
        ImportRefused: the whole file cannot be read; nothing was written.
        StoreError: the store is busy, full or read-only; nothing was written.
    """
    try:
        data = load(path, app.settings.max_import_mb)
    except OSError as error:
        raise ImportRefused("file_unreadable", file=path.name, detail=error.strerror or str(error)) from error
    return import_bytes(
        app, path.name, data, now=now, defaults=Defaults(source, published, tier), dry_run=dry_run
    )


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
    if defaults.source is None:
        defaults = replace(defaults, source=_source_before(app.store, hashlib.sha256(data).hexdigest()))
    try:
        reading = read_bytes(data, name, app.catalogue, defaults, today=app.today(now))
    except DabiaoError:
        raise
    except Exception as error:
        # A file that a reader trips over is that file's trouble: it must not hold up the files behind it.
        detail = f"{type(error).__name__}: {error}"
        raise ImportRefused("reader_failed", file=name, detail=detail) from error
    raw = None if dry_run else keep_raw(app.paths.home, reading.sha256, name, data)
    result = None
    with contextlib.suppress(_Undo), app.store.write() as db:
        diff = difference(db, reading)
        result = _result(reading, diff, dry_run)
        if dry_run:
            raise _Undo
        if diff.rows or table.import_by_sha256(app.store, reading.sha256) is None:
            _record(db, reading, result, diff, raw, defaults, now)
    assert result is not None
    return result


class _Undo(Exception):
    """Ends a dry run: it goes the whole way through the store, and then back."""


def _source_before(store: Store, sha256: str) -> str | None:
    """The source that these bytes were first imported under: a file renamed is not another source."""
    before = table.import_by_sha256(store, sha256)
    if before is None:
        return None
    source = json.loads(before["reading"])["assumed"]["source"]
    return str(source)


def _result(reading: Reading, diff: Diff, dry_run: bool) -> ImportResult:
    issues = sorted((*reading.issues, *diff.issues), key=lambda i: (i.sheet or "", i.row or 0))
    return ImportResult(
        reading.file,
        reading.sha256,
        diff.accepted,
        diff.revised,
        diff.unchanged + reading.repeated,
        reading.refused + len(diff.issues),
        tuple(issues),
        reading.description,
        dry_run,
    )


def _record(
    db: Database,
    reading: Reading,
    result: ImportResult,
    diff: Diff,
    raw: str | None,
    defaults: Defaults,
    now: datetime,
) -> None:
    recorded_at = stamp(now)
    import_id = table.record_import(
        db,
        {
            "file": reading.file,
            "sha256": reading.sha256,
            "size": reading.size,
            "raw_path": raw,
            "imported_at": recorded_at,
            "published": defaults.published.isoformat() if defaults.published else None,
            "reading": json.dumps(reading.description, ensure_ascii=False),
            "accepted": result.accepted,
            "revised": result.revised,
            "unchanged": result.unchanged,
            "refused": result.refused,
            "warned": sum(i.severity == "warning" for i in result.issues),
        },
    )
    if diff.rows:
        table.append(
            db,
            [
                {
                    "id": new_id,
                    "series_id": series,
                    "period": str(c.period),
                    "value": None if c.value is None else format(c.value, "f"),
                    "printed": c.printed,
                    "qualifier": str(c.qualifier) if c.qualifier else None,
                    "unit": c.unit,
                    "tier": str(c.tier),
                    "state": str(c.state),
                    "source_id": source,
                    "published": c.published.isoformat() if c.published else None,
                    "known_on": c.known_on.isoformat(),
                    "known_rule": c.known_rule,
                    "recorded_at": recorded_at,
                    "import_id": import_id,
                    "sheet": c.sheet,
                    "row": c.row,
                    "note": c.note,
                    "supersedes": supersedes,
                }
                for c, new_id, series, source, supersedes in diff.rows
            ],
        )
    if result.issues:
        table.record_issues(
            db,
            import_id,
            [
                {
                    "sheet": i.sheet,
                    "row": i.row,
                    "column": i.column,
                    "code": i.code,
                    "params": dict(i.params),
                    "severity": i.severity,
                    "raw": list(i.raw),
                }
                for i in result.issues
            ],
        )
