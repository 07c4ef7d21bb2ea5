"""Files written whole or not at all, names that every system can hold, and the raw file of every import."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import BinaryIO

from dabiao.errors import ImportRefused, StoreUnwritable
from dabiao.ingest.bulk.lines import Stamp, stamp_of

# Control characters and marks that turn the direction of a text, lone surrogates, and what no Windows name may hold.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff" + r'<>:"/\\|?*]'
)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)
_PIECE = 1 << 23
_LONGEST = 180  # bytes; a file system has 255, and a number and ``.issues.csv`` may follow
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def safe_name(name: str) -> str:
    """A file's name as it may be kept, listed and printed, whatever bytes the file system has for it.

    A name that is not UTF-8 is read as GB18030, as older Windows programs write it.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        with contextlib.suppress(UnicodeDecodeError):
            name = os.fsencode(name).decode("gb18030")
    safe = _UNSAFE.sub("_", name).strip(". ") or "file"
    if _DEVICE.match(safe):
        safe = f"_{safe}"
    path = PurePath(safe)
    stem, suffix = (path.stem, path.suffix) if len(path.suffix) <= 10 else (safe, "")
    room = _LONGEST - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + suffix


def keep_raw(home: Path, sha256: str, name: str, data: bytes) -> str:
    """Keep a file's bytes as ``raw/<sha256 prefix>/<name>``, whole or not at all; give that path below ``home``.

    Raises:
        StoreUnwritable: the folder is read-only or the disk full.
    """
    folder = home / "raw" / sha256[:16]
    target = folder / safe_name(name)
    with explained(target):
        _made(folder)
        if not target.is_file() or target.stat().st_size != len(data):
            write_whole(target, data)
    return target.relative_to(home).as_posix()


def keep_file(home: Path, sha256: str, path: Path, stamp: Stamp) -> str:
    """Keep a file of any size as :func:`keep_raw` keeps bytes; it is copied piece by piece.

    Args:
        home, sha256: as :func:`keep_raw` has them.
        path: the file.
        stamp: what the file was when its digest was taken.

    Raises:
        ImportRefused: ``file_changed``: it is no longer that file.
        StoreUnwritable: the folder is read-only or the disk full.
    """
    folder = home / "raw" / sha256[:16]
    target = folder / safe_name(path.name)

    def copy(kept: BinaryIO) -> None:
        with path.open("rb") as file:
            shutil.copyfileobj(file, kept, _PIECE)
            if stamp_of(file) != stamp or kept.tell() != stamp[0]:
                raise ImportRefused("file_changed", file=path.name)

    with explained(target):
        _made(folder)
        if not target.is_file() or target.stat().st_size != stamp[0]:
            _whole(target, copy)
    return target.relative_to(home).as_posix()


def _made(folder: Path) -> None:
    """Make a folder below one of ours, and its name last."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        sync_folder(folder.parent.parent)


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, finds it whole or not there."""
    _whole(target, lambda file: file.write(data))


def move_whole(source: Path, target: Path) -> None:
    """Move a file, also to another file system: there it is whole before it is gone here."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with source.open("rb") as content:
            _whole(target, lambda file: shutil.copyfileobj(content, file))
        source.unlink()


def _whole(target: Path, fill: Callable[[BinaryIO], object]) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last: a file's own sync does not."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn the system's refusals to read a file into one that names it.

    Raises:
        ImportRefused: ``file_unreadable``.
    """
    try:
        yield
    except OSError as error:
        detail = error.strerror or str(error)
        raise ImportRefused("file_unreadable", file=safe_name(path.name), detail=detail) from error


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the system's refusals to write into errors that say what to do."""
    try:
        yield
    except OSError as error:
        detail = error.strerror or str(error)
        if error.errno in _READ_ONLY:
            raise StoreUnwritable("store_read_only", path=str(path)) from error
        if error.errno in _FULL:
            raise StoreUnwritable("store_disk_full", path=str(path), detail=detail) from error
        raise StoreUnwritable("file_not_written", path=str(path), detail=detail) from error
