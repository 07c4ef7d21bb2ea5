"""What is old enough to go: exports, imported files whose raw copy is kept, records of runs, backups by their rotation.

Nothing else is ever removed: no observation, no audit entry, no raw file, and no file of the inbox or of ``failed/``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dabiao.services.app import App, stamp
from dabiao.services.files import explained
from dabiao.services.intake.reasons import ISSUES
from dabiao.services.keep import backup
from dabiao.store import imports, runs

_ALWAYS = "-latest"
"""In the name of an export that is written anew each time."""


@dataclass(frozen=True, slots=True)
class Old:
    """Something that may go.

    Attributes:
        kind: ``export``, ``processed``, ``backup`` or ``runs``.
        path: below the home folder; ``None`` for rows of the store.
        count: files or rows.
    """

    kind: str
    path: str | None
    count: int
    size: int

    def to_json(self) -> dict[str, Any]:
        """As ``dabiao retention --format json`` prints it."""
        return {"kind": self.kind, "path": self.path, "count": self.count, "bytes": self.size}


def old_things(app: App, now: datetime) -> list[Old]:
    """What :func:`remove_old` would remove. Removes nothing."""
    settings = app.settings
    found = [
        *(_file(app, "export", path) for path in _exports(app, now, settings.keep_exports_days)),
        *(_file(app, "processed", path) for path in _processed(app, now, settings.keep_processed_days)),
        *(_folder(app, path) for path in backup.to_rotate(app.paths.backups, *_rotation(app))),
    ]
    rows = runs.old_runs(app.store, _before(now, settings.keep_runs_days)) if settings.keep_runs_days else 0
    return [*found, Old("runs", None, rows, 0)] if rows else found


def remove_old(app: App, now: datetime, between: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Remove what the settings say may go. A run that is cut off is taken up by the next.

    Args:
        between: called before each file; it may raise to stop.

    Returns:
        counts ``{"exports", "processed", "backups", "runs", "bytes"}``.
    """
    settings = app.settings
    counts = {"exports": 0, "processed": 0, "backups": 0, "runs": 0, "bytes": 0}
    for name, paths in (
        ("exports", _exports(app, now, settings.keep_exports_days)),
        ("processed", _processed(app, now, settings.keep_processed_days)),
    ):
        for path in list(paths):
            between()
            size = path.stat().st_size
            with explained(path):
                path.unlink()
            counts[name] += 1
            counts["bytes"] += size
    between()
    sizes = {path: _size(path) for path in backup.to_rotate(app.paths.backups, *_rotation(app))}
    gone = backup.rotate(app.paths.backups, *_rotation(app))
    counts["backups"] = len(gone)
    counts["bytes"] += sum(sizes.get(path, 0) for path in gone)
    if settings.keep_runs_days:
        counts["runs"] = runs.old_runs(app.store, _before(now, settings.keep_runs_days), remove=True)
    return counts


def _rotation(app: App) -> tuple[int, int, int]:
    s = app.settings
    return s.backup_daily, s.backup_weekly, s.backup_monthly


def _before(now: datetime, days: int) -> str:
    return stamp(now - timedelta(days=days))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path


def _exports(app: App, now: datetime, days: int) -> Iterator[Path]:
    for path in _files(app.paths.exports) if days else ():
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if _ALWAYS not in path.name and now - written > timedelta(days=days):
            yield path


def _processed(app: App, now: datetime, days: int) -> Iterator[Path]:
    """Imported files whose bytes stand in ``raw/``, with their lists of issues, which the store has too."""
    for path in _files(app.paths.processed) if days else ():
        if path.name.endswith(ISSUES):
            continue
        moved = datetime.fromtimestamp(path.stat().st_ctime, UTC)  # when it came into this folder
        if now - moved > timedelta(days=days) and _is_kept(app, path):
            yield path
            beside = path.with_name(path.name + ISSUES)
            if beside.is_file():
                yield beside


def _is_kept(app: App, path: Path) -> bool:
    """Whether the raw copy of a file is there, byte for byte."""
    row = imports.import_by_sha256(app.store, _sha256(path))
    if row is None or row["raw_path"] is None:
        return False
    raw = app.paths.home / row["raw_path"]
    return raw.is_file() and _sha256(raw) == str(row["sha256"])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _file(app: App, kind: str, path: Path) -> Old:
    return Old(kind, path.relative_to(app.paths.home).as_posix(), 1, path.stat().st_size)


def _folder(app: App, path: Path) -> Old:
    return Old("backup", path.relative_to(app.paths.home).as_posix(), 1, _size(path))


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
