"""Backups that have been proved whole, kept by age, and restored only into a home that has no store."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dabiao import __version__
from dabiao.errors import BackupRefused, StoreUnwritable
from dabiao.services.app import App, Paths, stamp
from dabiao.services.files import explained, sync_folder
from dabiao.settings import FILE_NAME
from dabiao.store import SCHEMA_VERSION, Store, copies

STORE = "dabiao.sqlite"
MANIFEST = "manifest.json"
FOLDERS = ("raw", "mappings", "corrections", "attachments", "declared")
"""What stands beside the store and cannot be made again from it."""
_NAME = "%Y%m%dT%H%M%SZ"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: a folder with the store's copy, the files beside it, and a manifest that says what must be in them.

    Attributes:
        at: the moment it was made, UTC.
        schema: of the store's copy.
        rows: by table.
        files: sha256 of each file, by its path below the folder.
    """

    path: Path
    at: datetime
    schema: int
    rows: Mapping[str, int]
    files: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """As ``dabiao backup --format json`` prints it."""
        return {
            "path": str(self.path),
            "made_at": stamp(self.at),
            "schema": self.schema,
            "observations": self.rows.get("observations", 0),
            "files": len(self.files),
            "bytes": sum((self.path / name).stat().st_size for name in self.files),
        }


def back_up(
    app: App, now: datetime, out: Path | None = None, progress: Callable[[int, int], None] | None = None
) -> Backup:
    """Make a backup beside the work of others, prove it, and only then give it its name.

    Args:
        out: folder of the backups; the home's own by default.
        progress: called with pages copied and pages in all.

    Raises:
        StoreUnwritable: the disk is full or the folder read-only; nothing is left behind.
        BackupRefused: the copy is not whole: the store itself is damaged.
    """
    folder = out or app.paths.backups
    target = folder / now.astimezone(UTC).strftime(_NAME)
    partial = folder / f".{target.name}.tmp"
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)  # of a run that was killed
        partial.mkdir()
    try:
        with explained(partial):
            rows = copies.copy_store(app.store, partial / STORE, progress)
            _copy_beside(app.paths.home, partial)
        if found := copies.faults(partial / STORE, rows):
            raise BackupRefused("backup_damaged", path=str(app.paths.store), detail="; ".join(found[:3]))
        with explained(partial):
            files = {name: _sha256(partial / name) for name in _below(partial)}
            manifest = {
                "format": _FORMAT,
                "program": __version__,
                "made_at": stamp(now),
                "schema": SCHEMA_VERSION,
                "rows": rows,
                "files": files,
            }
            (partial / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
            _sync(partial)
            if target.exists():
                raise BackupRefused("backup_exists", path=str(target))
            partial.rename(target)
            sync_folder(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return Backup(target, now, SCHEMA_VERSION, rows, files)


def read_backup(path: Path) -> Backup:
    """A backup's manifest.

    Raises:
        BackupRefused: there is none, or it cannot be read.
    """
    try:
        found = json.loads((path / MANIFEST).read_text("utf-8"))
        at = datetime.fromisoformat(found["made_at"])
        return Backup(path, at, int(found["schema"]), dict(found["rows"]), dict(found["files"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupRefused("backup_unreadable", path=str(path), detail=str(error)) from error


def verify_backup(path: Path) -> Backup:
    """Prove a backup: every file is the one that the manifest names, and the store's copy is whole.

    Raises:
        BackupRefused: it is not; the first fault is named.
    """
    backup = read_backup(path)
    for name, sha256 in backup.files.items():
        file = path / name
        if not file.is_file():
            raise BackupRefused("backup_file_missing", path=str(path), name=name)
        if _sha256(file) != sha256:
            raise BackupRefused("backup_file_changed", path=str(path), name=name)
    if found := copies.faults(path / STORE, backup.rows):
        raise BackupRefused("backup_damaged", path=str(path), detail="; ".join(found[:3]))
    return backup


def restore(path: Path, home: Path) -> Backup:
    """Restore a backup into a home that has no store; the backup stays as it is. An older schema is brought forward.

    Everything is proved and copied beside the new home first: a restore that is cut off leaves no store.

    Raises:
        BackupRefused: the backup is not whole, or the home has a store already.
        StoreTooNew: a newer program made it.
        StoreUnwritable: the disk is full or the folder read-only.
    """
    backup = verify_backup(path)
    target = Paths(home, home).store
    if target.exists():
        raise BackupRefused("restore_not_empty", path=str(target))
    partial = home / ".restore.tmp"
    with explained(home):
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
    try:
        with explained(home):
            shutil.copytree(path, partial, ignore=shutil.ignore_patterns(MANIFEST))
        Store.create(partial / STORE).close()
        with explained(home):
            _sync(partial)
            for entry in sorted(partial.iterdir(), key=lambda e: e.name.startswith(STORE)):
                _put(entry, home / entry.name)
            sync_folder(home)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return backup


def backups(folder: Path) -> list[Backup]:
    """The backups of a folder, the oldest first; what cannot be read is left out."""
    found = []
    for path in sorted(folder.glob("*T*Z")) if folder.is_dir() else ():
        with contextlib.suppress(BackupRefused):
            found.append(read_backup(path))
    return found


def to_keep(made: Iterable[datetime], daily: int, weekly: int, monthly: int) -> set[datetime]:
    """Which backups stay: the last of each of the newest ``daily`` days, ``weekly`` weeks and ``monthly`` months that have one.

    The newest stays whatever the numbers are.
    """
    newest_first = sorted(made, reverse=True)
    kept = set(newest_first[:1])
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (daily, lambda at: at.date()),
        (weekly, lambda at: at.isocalendar()[:2]),
        (monthly, lambda at: (at.year, at.month)),
    )
    for count, span in rules:
        seen: dict[object, datetime] = {}
        for at in newest_first:
            seen.setdefault(span(at), at)
        kept |= set(list(seen.values())[:count])
    return kept


def to_rotate(folder: Path, daily: int, weekly: int, monthly: int) -> list[Path]:
    """The backups that :func:`to_keep` does not keep."""
    found = backups(folder)
    keep = to_keep((b.at for b in found), daily, weekly, monthly)
    return [b.path for b in found if b.at not in keep]


def rotate(folder: Path, daily: int, weekly: int, monthly: int) -> list[Path]:
    """Remove the backups that :func:`to_keep` does not keep, and give their paths."""
    gone = to_rotate(folder, daily, weekly, monthly)
    for path in gone:
        with explained(path):
            shutil.rmtree(path)
    return gone


def _copy_beside(home: Path, target: Path) -> None:
    settings = home / FILE_NAME
    if settings.is_file():
        shutil.copy2(settings, target / FILE_NAME)
    for name in FOLDERS:
        if (home / name).is_dir():
            # Files of these folders are written whole and never changed in place, so a link is a copy.
            shutil.copytree(home / name, target / name, copy_function=_link_or_copy, symlinks=True)


def _link_or_copy(source: str, target: str) -> None:
    if Path(source).parts[-3:-2] == ("raw",):
        with contextlib.suppress(OSError):  # another file system, or one without links
            os.link(source, target)
            return
    shutil.copy2(source, target)


def _put(source: Path, target: Path) -> None:
    if source.is_dir() and target.is_dir():
        for entry in source.iterdir():
            _put(entry, target / entry.name)
    else:
        source.replace(target)


def _below(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            except OSError as error:
                raise StoreUnwritable("store_disk_full", path=str(path), detail=str(error)) from error
            finally:
                os.close(handle)
    sync_folder(folder)
