"""The inbox: files that people or systems drop into ``$DABIAO_HOME/inbox`` are imported once and moved out of it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dabiao import i18n
from dabiao.errors import ImportRefused
from dabiao.ingest import Defaults
from dabiao.ingest.read import load
from dabiao.reports.tables import csv_bytes
from dabiao.services.app import App
from dabiao.services.files import explained, write_whole
from dabiao.services.importing import ImportResult, import_bytes, issue_json

LOOK_AGAIN = 2.0  # seconds between the two looks at a file's size
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", "~")


@dataclass(frozen=True, slots=True)
class InboxResult:
    """What became of one file of the inbox.

    Attributes:
        moved_to: where it lies now, below ``$DABIAO_HOME``.
        result: counts and issues; ``None`` where the whole file was refused.
        refusal: why it was refused.
    """

    file: str
    moved_to: str
    result: ImportResult | None
    refusal: ImportRefused | None


def import_inbox(
    app: App,
    *,
    now: datetime,
    sleep: Callable[[float], None],
    defaults: Defaults | None = None,
) -> list[InboxResult]:
    """Import every finished file of the inbox, the oldest first.

    A file is finished when its size and time are the same at two looks. Each is one transaction; only when that is
    committed is the file moved: to ``processed/``, or to ``failed/`` where nothing of it could be taken, with its issues
    beside it as CSV. A process that dies in between leaves the file in the inbox; read again, the same bytes change
    nothing, and it is moved.

    Args:
        app: the process's settings, paths, store and catalogue.
        now: the moment of the run, with its timezone.
        sleep: waits between the two looks.
        defaults: what stands for values that do not say otherwise.

    Raises:
        StoreError: the store is busy, full or read-only. What is not imported yet stays in the inbox.
    """
    inbox = app.paths.inbox
    with explained(inbox):
        for folder in (inbox, app.paths.processed, app.paths.failed):
            folder.mkdir(parents=True, exist_ok=True)
    before = _looked(inbox)
    if not before:
        return []
    sleep(LOOK_AGAIN)
    after = _looked(inbox)
    finished = [name for name, seen in after.items() if before.get(name) == seen]
    done = []
    for name in sorted(finished, key=lambda n: (after[n][1], n)):
        found = _one(app, inbox / name, after[name], now, defaults or Defaults())
        if found is not None:
            done.append(found)
    return done


def _one(
    app: App,
    path: Path,
    seen: tuple[int, int, int],
    now: datetime,
    defaults: Defaults,
) -> InboxResult | None:
    """Import and move one file; ``None`` where it changed meanwhile and is left for the next time."""
    result: ImportResult | None = None
    refusal: ImportRefused | None = None
    try:
        data = load(path, app.settings.max_import_mb)
        if _look(path) != seen:
            return None
        result = import_bytes(app, path.name, data, now=now, defaults=defaults)
    except ImportRefused as error:
        refusal = error
    except FileNotFoundError:
        return None  # someone took it back
    except OSError as error:
        refusal = ImportRefused("file_unreadable", file=path.name, detail=error.strerror or str(error))
    if _look(path) != seen:
        return None
    taken = result is not None and (result.accepted + result.revised + result.unchanged or not result.refused)
    issues = issues_csv(result, refusal, app.settings.lang)
    target = _move(path, app.paths.processed if taken else app.paths.failed, issues)
    return InboxResult(path.name, target.relative_to(app.paths.home).as_posix(), result, refusal)


def _looked(inbox: Path) -> dict[str, tuple[int, int, int]]:
    found = {}
    for entry in os.scandir(inbox):
        lower = entry.name.lower()
        if lower.startswith((".", "~$")) or lower.endswith(_UNFINISHED):
            continue
        seen = _look(Path(entry.path))
        if seen is not None:
            found[entry.name] = seen
    return found


def _look(path: Path) -> tuple[int, int, int] | None:
    """Size, time and identity of a regular file; ``None`` for anything else: a link may lead anywhere."""
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _move(path: Path, folder: Path, issues: bytes | None) -> Path:
    target = _free(folder / path.name)
    with explained(target):
        if issues:
            write_whole(target.with_name(f"{target.name}.issues.csv"), issues)
        path.rename(target)
    return target


def _free(target: Path) -> Path:
    """The path, or with ``-2``, ``-3`` … before its suffix where that name is taken."""
    found, number = target, 1
    while found.exists() or found.is_symlink():
        number += 1
        found = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return found


def issues_csv(result: ImportResult | None, refusal: ImportRefused | None, lang: str) -> bytes | None:
    """The issues of a file as CSV (UTF-8 with BOM) that a spreadsheet opens without running anything; ``None`` if none."""
    columns = ("file", "sheet", "row", "column", "severity", "code", "message", "raw")
    rows: list[list[object]] = []
    if refusal is not None:
        said = i18n.text(f"error.{refusal.code}", lang, **refusal.params)
        rows.append([refusal.params.get("file", ""), "", "", "", "error", refusal.code, said, ""])
    for issue in result.issues if result is not None else ():
        found = issue_json(issue, lang)
        found["raw"] = json.dumps(found["raw"], ensure_ascii=False)
        rows.append([found[c] for c in columns])
    if not rows:
        return None
    return csv_bytes(list(columns), rows)
