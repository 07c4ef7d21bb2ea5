"""The process that reads one workbook for :mod:`dabiao.ingest.readers.guarded`, and ends."""

from __future__ import annotations

import contextlib
import pickle
import resource
import sys

from dabiao.errors import DabiaoError, ImportRefused
from dabiao.ingest.readers.interface import Book, Limits
from dabiao.ingest.readers.workbook import WorkbookReader

_SAID = 300  # characters kept of what went wrong


def serve() -> None:
    """Read the one workbook that comes through standard input; its book or refusal goes to standard output."""
    data, name, limits = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    _bound(limits)
    pickle.dump(_answer(data, name, limits), sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


def _answer(data: bytes, name: str, limits: Limits) -> Book | DabiaoError:
    try:
        return _checked(WorkbookReader().read(data, name, limits), name, limits)
    except DabiaoError as error:
        return error
    except MemoryError:
        return ImportRefused("workbook_over_memory", file=name, limit_mb=limits.memory_mb)
    except Exception as error:
        return ImportRefused("reader_failed", file=name, detail=f"{type(error).__name__}: {error}"[:_SAID])
    except BaseException as error:  # a panic of the parser
        return ImportRefused("workbook_damaged", file=name, detail=str(error)[:_SAID])


def _checked(book: Book, name: str, limits: Limits) -> Book:
    if sum(len(row) for sheet in book.sheets for row in sheet.rows) > limits.cells:
        raise ImportRefused("too_many_cells", file=name, limit=limits.cells)
    return book


def _bound(limits: Limits) -> None:
    """Bound this process. Where the system knows a limit not (macOS and address space), the others stand."""
    memory = limits.memory_mb << 20
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, limits.seconds),  # also ends it when its parent was killed
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (value, value))
