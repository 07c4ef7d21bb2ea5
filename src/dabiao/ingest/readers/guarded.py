"""Workbooks are read in a process of their own, with a limit on its memory and time.

The parser is a library for sound files: two cells at opposite corners of a sheet make it ask for 550 GB, which ends the
process there and then, and a damaged container can make it panic or go round in circles. None of that can be caught in
the process in which it happens. Costs and reasons: docs/adr/0010-reading-in-a-process-of-its-own.md.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys

from dabiao.errors import DabiaoError, ImportRefused, ServiceError
from dabiao.ingest.readers.interface import LIMITS, Book, Limits

_CHILD = "from dabiao.ingest.readers.child import serve; serve()"
_STOPPED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_SAID = 300  # characters kept of what the child said last


class GuardedReader:
    """Reads a workbook as :class:`~dabiao.ingest.readers.workbook.WorkbookReader`, in a process that may die of it."""

    def read(self, data: bytes, name: str, limits: Limits = LIMITS) -> Book:
        """All visible worksheets.

        Raises:
            ImportRefused: as the reader; ``workbook_over_time`` or ``workbook_over_memory`` where the process ran into its
                limits.
            ServiceError: ``reading_stopped``: the process could not start, or was told to end. That is not the file's fault.
        """
        request = pickle.dumps((data, name, limits), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            # A session of its own: a Ctrl-C in the terminal is for this process, which then ends that one.
            child = subprocess.run(  # noqa: S603 - this interpreter, with nothing of the file in its arguments
                [sys.executable, "-P", "-c", _CHILD],
                input=request,
                capture_output=True,
                timeout=limits.seconds,
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ImportRefused("workbook_over_time", file=name, limit=limits.seconds) from error
        except OSError as error:
            raise ServiceError("reading_stopped", file=name, detail=error.strerror or str(error)) from error
        if child.returncode:
            raise _died(child.returncode, child.stderr.decode("utf-8", "replace").strip(), name, limits)
        answer = pickle.loads(child.stdout)  # noqa: S301 - from our own program, through a pipe that nobody else has
        if isinstance(answer, DabiaoError):
            raise answer
        assert isinstance(answer, Book)
        return answer


def _died(status: int, said: str, name: str, limits: Limits) -> DabiaoError:
    """Why the process ended without an answer."""
    if -status == signal.SIGXCPU:
        return ImportRefused("workbook_over_time", file=name, limit=limits.seconds)
    if -status == signal.SIGKILL or "memory allocation" in said or "MemoryError" in said:
        return ImportRefused("workbook_over_memory", file=name, limit_mb=limits.memory_mb)
    if -status in _STOPPED:
        return ServiceError("reading_stopped", file=name, detail=signal.Signals(-status).name)
    ended = signal.Signals(-status).name if status < 0 else f"exit {status}"
    return ImportRefused("workbook_damaged", file=name, detail=f"{ended} {said[-_SAID:]}".strip())
