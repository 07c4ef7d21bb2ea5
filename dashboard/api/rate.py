"""How often one caller may ask, held for all worker processes together: the generic cell rate algorithm over a small file.

The file is a table of moments, eight bytes a slot; a caller's slot is chosen by a keyed hash, so that nobody can aim at
another's. It holds nothing that is missed: deleted, it is made anew.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import math
import mmap
import os
import secrets
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = ".api-rate"
SLOTS = 1 << 14
PERIOD = 60.0
_KEY = 16
_SIZE = _KEY + 8 * SLOTS


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left.

    Attributes:
        limit: requests a minute.
        remaining: requests that may come at once.
        wait: seconds until one more may come; 0 if this one is let in.
    """

    limit: int
    remaining: int
    wait: float

    @property
    def allowed(self) -> bool:
        return self.wait == 0

    def headers(self) -> dict[str, str]:
        """``RateLimit`` headers as the IETF draft has them, and ``Retry-After`` for who must wait."""
        reset = math.ceil((self.limit - self.remaining) * PERIOD / self.limit)
        told = {
            "RateLimit-Policy": f'"minute";q={self.limit};w={int(PERIOD)}',
            "RateLimit": f'"minute";r={self.remaining};t={reset}',
        }
        return told if self.allowed else {**told, "Retry-After": str(math.ceil(self.wait))}


class Limiter:
    """The allowances of all callers.

    Args:
        folder: where the file lies; where it cannot be written each process counts for itself.
        limit: requests a minute and caller, all of which may come at once.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self._one = threading.Lock()
        self._file: int | None = None
        self._table: mmap.mmap | None = None

    def take(self, caller: str, now: float) -> Allowance:
        """Count a request.

        Args:
            now: seconds since the epoch, by the clock that all processes share.
        """
        each = PERIOD / self.limit
        with self._locked() as table:
            at = self._slot(table, caller)
            (due,) = struct.unpack_from("<d", table, at)
            # A moment further ahead than a full allowance is of another limit or of a clock that was set back.
            due = max(due, now) if now <= due <= now + PERIOD else now
            wait = due + each - PERIOD - now
            if wait > 1e-9:
                return Allowance(self.limit, 0, wait)
            struct.pack_into("<d", table, at, due + each)
        return Allowance(self.limit, int((now + PERIOD - due - each) / each + 1e-9), 0)

    @staticmethod
    def _slot(table: mmap.mmap, caller: str) -> int:
        digest = hashlib.blake2b(caller.encode("utf-8", "replace"), digest_size=8, key=table[:_KEY]).digest()
        return _KEY + 8 * (int.from_bytes(digest, "little") % SLOTS)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[mmap.mmap]:
        with self._one:
            table = self._table or self._open()
            if self._file is None:
                yield table
                return
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield table
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _open(self) -> mmap.mmap:
        with contextlib.suppress(OSError):
            self._file = os.open(self.folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                if os.fstat(self._file).st_size != _SIZE:
                    os.ftruncate(self._file, 0)
                    os.ftruncate(self._file, _SIZE)
                    os.pwrite(self._file, secrets.token_bytes(_KEY), 0)
                self._table = mmap.mmap(self._file, _SIZE)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        if self._table is None:
            self._file = None
            self._table = mmap.mmap(-1, _SIZE)
            self._table[:_KEY] = secrets.token_bytes(_KEY)
        return self._table
