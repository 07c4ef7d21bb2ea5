"""The inbox: files that people or systems drop into ``$DABIAO_HOME/inbox`` are imported once and moved out of it.

A finished file is first *claimed*: renamed into the hidden folder ``inbox/.reading``, so that whatever is written to its
old name afterwards is another file. There it is imported, in one transaction, and from there it is moved on. A process
that dies leaves its file in the inbox or in ``.reading``; the next run reads that one first, finds the rows of a committed
transaction unchanged, and moves it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dabiao.domain.progress import overall
from dabiao.errors import ImportRefused, ServiceError, StoreBusy, StoreError
from dabiao.services.app import App
from dabiao.services.files import explained, move_whole, safe_name, write_whole
from dabiao.services.intake.dropping import take_file
from dabiao.services.intake.importing import ImportResult
from dabiao.services.intake.reasons import ISSUES, REASONS, issues_csv, reasons_text

LOOK_AGAIN = 2.0  # seconds between the two looks at a file's size
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download", "~")
_SYSTEM = ("thumbs.db", "desktop.ini")
_LOCK = ".inbox.lock"
_CLAIMED = ".reading"

Seen = tuple[int, int, int]
"""Size, time and identity of a regular file."""


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


@dataclass(frozen=True, slots=True)
class InboxRun:
    """What became of the inbox.

    Attributes:
        done: the files that were taken out of it, in the order in which they were read.
        waiting: finished files that stay for the next run.
        left: folders, links and pipes: they are never read.
        stopped_by: why files wait, where that is no fault of theirs; the first reason, if there were several.
    """

    done: tuple[InboxResult, ...] = ()
    waiting: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    stopped_by: Exception | None = None


def import_inbox(
    app: App,
    *,
    now: datetime,
    sleep: Callable[[float], None],
    progress: Callable[[float, int], None] = lambda _done, _total: None,
) -> InboxRun:
    """Import every finished file of the inbox, the oldest first.

    A file is finished when its size and time are the same at two looks. Each is one transaction; only when that is
    committed is the file moved: to ``processed/``, or to ``failed/`` where nothing of it could be taken, with its issues
    beside it. One importer works at the inbox at a time. What holds up every file (a store that is busy, full or
    read-only) ends the run, and the files stay.

    Args:
        app: the process's settings, paths, store and catalogue.
        now: the moment of the run, with its timezone.
        sleep: waits between the two looks.
        progress: called with files done (a fraction of the one in hand included) and files in all; it may raise to stop.

    Raises:
        StoreUnwritable: the inbox itself cannot be used.
    """
    with explained(app.paths.inbox):
        for folder in (app.paths.inbox, app.paths.processed, app.paths.failed):
            folder.mkdir(parents=True, exist_ok=True)
    with _alone(app.paths.home / _LOCK) as alone:
        if not alone:
            waiting = tuple(safe_name(name) for name in _looked(app.paths.inbox)[0])
            return InboxRun(waiting=waiting, stopped_by=StoreBusy("inbox_busy", path=str(app.paths.inbox)))
        return _Importer(app, now, progress).run(sleep)


class _Importer:
    """One run over the inbox."""

    def __init__(self, app: App, now: datetime, progress: Callable[[float, int], None]) -> None:
        self._app, self._now = app, now
        self._progress = progress
        self._done = self._total = 0
        self._inbox = app.paths.inbox
        self._claimed = self._inbox / _CLAIMED

    def run(self, sleep: Callable[[float], None]) -> InboxRun:
        found, left = _looked(self._inbox)
        if found:
            sleep(LOOK_AGAIN)
            after, left = _looked(self._inbox)
            found = {name: seen for name, seen in after.items() if found.get(name) == seen}
        names = sorted(found, key=lambda n: (found[n][1], n))
        done: list[InboxResult] = []
        waiting: list[str] = []
        stopped_by: Exception | None = None
        over = False  # what stopped the last file would stop the others too
        with explained(self._claimed):
            self._claimed.mkdir(exist_ok=True)
            for folder in (self._app.paths.processed, self._app.paths.failed):
                for half_written in folder.glob(".*.tmp"):  # of a run that died
                    half_written.unlink()
        try:
            files = [*self._left_over(), *((n, self._inbox / n) for n in names)]
            self._total = len(files)
            for self._done, (name, path) in enumerate(files):
                self._progress(self._done, self._total)
                if over:
                    waiting.append(safe_name(name))
                    continue
                try:
                    result = self._one(name, path, found.get(name) if path.parent == self._inbox else None)
                except Exception as error:  # whatever one file meets, the next one gets its turn
                    waiting.append(safe_name(name))
                    stopped_by = stopped_by or error
                    over = isinstance(error, StoreError | ServiceError)
                    continue
                if result is not None:
                    done.append(result)
        finally:
            with contextlib.suppress(OSError):
                self._claimed.rmdir()
        return InboxRun(tuple(done), tuple(waiting), left, stopped_by)

    def _left_over(self) -> Iterator[tuple[str, Path]]:
        """Files that a run which died had claimed."""
        for path in sorted(self._claimed.iterdir()):
            back = self._inbox / path.name
            if os.path.lexists(back) and back.samefile(path):
                path.unlink()  # it died while giving the file back
            else:
                yield path.name, path

    def _one(self, name: str, path: Path, seen: Seen | None) -> InboxResult | None:
        """Claim, import and move one file; ``None`` where it changed or vanished meanwhile."""
        claimed = self._claimed / safe_name(name)
        if path != claimed:
            if claimed.exists():
                return None
            try:
                path.rename(claimed)
            except FileNotFoundError:
                return None  # someone took it back
        try:
            return self._import(claimed, seen or _look(claimed))
        finally:
            _give_back(claimed, self._inbox / name)

    def _import(self, claimed: Path, seen: Seen | None) -> InboxResult | None:
        """Import and move a claimed file. Where nothing becomes of it, it is still there."""
        result: ImportResult | None = None
        refusal: ImportRefused | None = None
        if seen is None or _look(claimed) != seen:
            return None
        try:
            result = take_file(self._app, claimed, now=self._now, progress=self._told)
        except ImportRefused as error:
            refusal = error
        if _look(claimed) != seen:
            return None  # it was still being written: the whole of it is read the next time
        taken = result is not None and (
            result.accepted + result.revised + result.unchanged or not result.refused
        )
        target = self._move(claimed, bool(taken), result, refusal)
        return InboxResult(claimed.name, target.relative_to(self._app.paths.home).as_posix(), result, refusal)

    def _told(self, step: str, share: float) -> None:
        self._progress(self._done + overall(step, share), self._total)

    def _move(
        self, claimed: Path, taken: bool, result: ImportResult | None, refusal: ImportRefused | None
    ) -> Path:
        """Move a file on, after what is to stand beside it: a file in ``failed/`` always has its reasons."""
        folder = self._app.paths.processed if taken else self._app.paths.failed
        target = _free(folder / claimed.name)
        beside = {
            ISSUES: issues_csv(result, refusal, self._app.settings.lang),
            REASONS: None if taken else reasons_text(target.name, result, refusal),
        }
        with explained(target):
            for suffix, content in beside.items():
                path = target.with_name(target.name + suffix)
                if content is None:
                    path.unlink(missing_ok=True)  # of a run that died before it moved this file
                else:
                    write_whole(path, content)
            move_whole(claimed, target)
        return target


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    """Whether this is the only importer; the system drops the lock with the process, however that ends."""
    with explained(lock):
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def _looked(inbox: Path) -> tuple[dict[str, Seen], tuple[str, ...]]:
    """The files of the inbox that may be finished, and what is no file."""
    found: dict[str, Seen] = {}
    left = []
    for entry in os.scandir(inbox):
        lower = entry.name.lower()
        if lower.startswith((".", "~$")) or lower.endswith(_UNFINISHED) or lower in _SYSTEM:
            continue
        seen = _look(Path(entry.path))
        if seen is not None:
            found[entry.name] = seen
        elif not entry.is_file(follow_symlinks=False):
            left.append(safe_name(entry.name))
    return found, tuple(sorted(left))


def _look(path: Path) -> Seen | None:
    """A regular file as it is seen; ``None`` for anything else: a link may lead anywhere, a pipe may never end."""
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _give_back(claimed: Path, place: Path) -> None:
    """Put a claimed file back, never over another. Where that cannot be done it stays for the next run, which looks there."""
    with contextlib.suppress(OSError):
        try:
            place.hardlink_to(claimed)  # unlike a rename, it fails where there is a file of that name
        except FileExistsError:
            return
        except OSError:  # a file system without links, or the file of another user
            if claimed.exists() and not os.path.lexists(place):
                claimed.rename(place)
            return
        claimed.unlink()


def _free(target: Path) -> Path:
    """The path, or with ``-2``, ``-3`` … before its suffix where the name is taken or is one of those beside a file."""
    found, number = target, 1
    while found.name.endswith((ISSUES, REASONS)) or os.path.lexists(found):
        number += 1
        found = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return found
