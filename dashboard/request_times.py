"""How long requests took, counted by all workers in one piece of memory that they share.

A scrape reaches one worker, whichever is free: a worker's own counters would jump back and forth. The main process
makes an anonymous shared mapping before it forks, and each worker writes to a slot of its own in it: no lock between
processes, so a worker that is killed leaves none behind; no file, so nothing is left on the disk; and a worker that
replaces another goes on in a slot without setting it to zero, so the sums never fall.
"""

from __future__ import annotations

import mmap
import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

KINDS = ("page", "callback", "api", "action", "file", "static", "service")
"""What was asked for; a few words, so that no address and no name becomes a label."""

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the buckets, in seconds; what is slower counts in the last one, which has none."""

CLASSES = ("2xx", "3xx", "4xx", "5xx")
SLOTS = 64
"""More than workers that live at one time; the number of a worker counts on, and begins anew after so many."""

_BUCKETS = len(BOUNDS) + 1
_CELLS = (
    _BUCKETS + 1 + len(CLASSES)
)  # a kind's: requests by bucket, microseconds, requests by class of answer
_WIDTH = len(KINDS) * _CELLS


@dataclass(frozen=True, slots=True)
class Taken:
    """The requests of one kind since the server started.

    Attributes:
        buckets: requests by bucket, each with its own alone.
        seconds: of all requests.
        answers: requests by class of their status code.
    """

    kind: str
    buckets: Sequence[int]
    seconds: float
    answers: Mapping[str, int]


class RequestTimes:
    """The counters. Made before the workers are forked; each worker then names its :attr:`slot`."""

    def __init__(self) -> None:
        self._cells = memoryview(mmap.mmap(-1, 8 * SLOTS * _WIDTH)).cast("Q")
        self._lock = threading.Lock()  # between the threads of this process alone
        self.slot = 0

    def forked(self, number: int) -> None:
        """In a new worker: count in the slot of its number, with a lock that no other thread held at the fork."""
        self.slot = number % SLOTS
        self._lock = threading.Lock()

    def add(self, kind: str, seconds: float, status: int) -> None:
        """Count one request."""
        start = self.slot * _WIDTH + KINDS.index(kind) * _CELLS
        family = min(max(status // 100 - 2, 0), len(CLASSES) - 1)
        with self._lock:
            self._cells[start + bisect_left(BOUNDS, seconds)] += 1
            self._cells[start + _BUCKETS] += round(1e6 * max(seconds, 0.0))
            self._cells[start + _BUCKETS + 1 + family] += 1

    def taken(self) -> Iterator[Taken]:
        """The sums over all workers, a kind at a time; kinds that nobody asked for are left out."""
        for number, kind in enumerate(KINDS):
            sums = [0] * _CELLS
            for slot in range(SLOTS):
                start = slot * _WIDTH + number * _CELLS
                sums = [a + b for a, b in zip(sums, self._cells[start : start + _CELLS], strict=True)]
            if any(sums):
                answers = dict(zip(CLASSES, sums[_BUCKETS + 1 :], strict=True))
                yield Taken(kind, sums[:_BUCKETS], sums[_BUCKETS] / 1e6, answers)


def kind_of(path: str) -> str:
    """What an address is for."""
    for start, kind in _STARTS:
        if path.startswith(start):
            return kind
    return "page"


_STARTS = (
    ("/_dash-component-suites/", "static"),
    ("/assets/", "static"),
    ("/_dash-", "callback"),
    ("/_favicon", "static"),
    ("/api/", "api"),
    ("/do/", "action"),
    ("/export/", "file"),
    ("/healthz", "service"),
    ("/readyz", "service"),
    ("/metrics", "service"),
)
