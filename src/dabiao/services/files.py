"""Files written whole or not at all, and the raw file of every import."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dabiao.errors import StoreUnwritable


def keep_raw(home: Path, sha256: str, name: str, data: bytes) -> str:
    """Keep a file's bytes as ``raw/<sha256 prefix>/<name>``, whole or not at all; give that path below ``home``.

    Raises:
        StoreUnwritable: the folder is read-only or the disk full.
    """
    safe = re.sub(r"[\x00-\x1f\x7f/\\\\:]", "_", name).strip(". ")[-120:] or "file"
    folder = home / "raw" / sha256[:16]
    target = folder / safe
    with explained(target):
        folder.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.stat().st_size != len(data):
            write_whole(target, data)
    return target.relative_to(home).as_posix()


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, finds it whole or not there."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the system's refusals to write into errors that say what to do."""
    try:
        yield
    except OSError as error:
        code = (
            "store_read_only"
            if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
            else "store_disk_full"
        )
        raise StoreUnwritable(code, path=str(path), detail=error.strerror or str(error)) from error
