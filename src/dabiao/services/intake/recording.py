"""An import as a row of the store, with its issues; and what an earlier import of the same bytes says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from dabiao import __version__
from dabiao.domain.issue import Issue
from dabiao.ingest.model import Candidate, Defaults
from dabiao.services.app import App
from dabiao.services.intake.imported import ImportResult
from dabiao.store import Store, imports


class Undo(Exception):
    """Ends a dry run."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What an import's row says of its file beside the result.

    Attributes:
        raw: where it is kept, below ``$DABIAO_HOME``.
        published: the day that was given for values without one.
        reading_key: see :func:`reading_key`; ``None`` where the file is read again each time.
    """

    size: int
    raw: str | None
    published: date | None
    recorded_at: str
    reading_key: str | None = None


def record_result(db: Database, result: ImportResult, file: ImportedFile, warned: int) -> int:
    """Append an import's row and give its id. Inside a write."""
    return imports.record_import(
        db,
        {
            "file": result.file,
            "sha256": result.sha256,
            "size": file.size,
            "raw_path": file.raw,
            "imported_at": file.recorded_at,
            "published": file.published.isoformat() if file.published else None,
            "reading": json.dumps(result.reading, ensure_ascii=False),
            "accepted": result.accepted,
            "revised": result.revised,
            "unchanged": result.unchanged,
            "refused": result.refused,
            "warned": warned,
            "reading_key": file.reading_key,
        },
    )


def record_issues(db: Database, import_id: int, issues: Iterable[Issue]) -> None:
    """Keep every refused or warned row with its cells. Inside a write."""
    imports.record_issues(
        db,
        import_id,
        (
            {
                "sheet": i.sheet,
                "row": i.row,
                "column": i.column,
                "code": i.code,
                "params": dict(i.params),
                "severity": i.severity,
                "raw": list(i.raw),
            }
            for i in issues
        ),
    )


def missing_over_number(file: str, c: Candidate, standing: str) -> Issue:
    """A missing mark where the same source has given a number."""
    params = {"text": c.printed or "–", "value": standing}
    return Issue(file, "missing_over_number", c.sheet, c.row, c.column, params, raw=c.raw)


def source_before(store: Store, sha256: str) -> str | None:
    """The source that these bytes were first imported under: a file renamed is not another source."""
    before = imports.import_by_sha256(store, sha256)
    if before is None:
        return None
    source = json.loads(before["reading"])["assumed"]["source"]
    return str(source)


def reading_key(app: App, name: str, defaults: Defaults) -> str:
    """A digest of all that decides how a file's bytes are read, but the day and what the store has been told."""
    decisive = (
        __version__,
        name,
        defaults.source or name,
        defaults.published,
        defaults.tier,
        defaults.mapping.to_json(),
        app.scope.to_json(),
        sorted(app.catalogue.regions.items()),
        sorted(app.catalogue.indicators.items()),
    )
    return hashlib.sha256(repr(decisive).encode()).hexdigest()
