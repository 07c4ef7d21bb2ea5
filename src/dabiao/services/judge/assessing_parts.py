"""Many targets judged part by part, in this process or in several. What is stored of them is the same to the digit."""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing import get_context
from typing import Any

from dabiao.forecast.executors import begin
from dabiao.services.app import App, Paths
from dabiao.services.judge import deciding
from dabiao.services.judge.assessment_rows import changed_rows
from dabiao.services.judge.judging import Kept, Verdict, judge, uncollected
from dabiao.settings import Settings
from dabiao.store import Store, declared

PART = 500
"""Targets of one part: what an interruption can cost, and what is held in memory at once."""
AHEAD = 6
"""Parts that another process has been given: enough to do while this one reads an indicator's series."""
ALONE = 10_000
"""Up to so many targets this process is done sooner than another one is started."""

Names = Sequence[str]


@dataclass(frozen=True, slots=True)
class Part:
    """What became of some targets.

    Attributes:
        rows: of the undecided ones whose assessment has changed, as they are stored.
        decided: live verdicts of those of which a final status is recorded, or is to be.
    """

    targets: int
    rows: Sequence[dict[str, Any]]
    decided: Sequence[Verdict]


def parts_of(targets: Iterable[tuple[str, str]], size: int = PART) -> list[list[str]]:
    """Ids of targets in parts, by deciding indicator: each part reads the series of few indicators, and a large indicator's
    parts, which share them, follow one another.

    Args:
        targets: id and deciding indicator.
    """
    by_indicator: dict[str, list[str]] = defaultdict(list)
    for name, indicator in targets:
        by_indicator[indicator].append(name)
    parts: list[list[str]] = []
    together: list[str] = []
    for _, names in sorted(by_indicator.items()):
        if len(names) > size:
            parts += [names[start : start + size] for start in range(0, len(names), size)]
        elif len(together) + len(names) > size:
            parts.append(together)
            together = names
        else:
            together = together + names
    return [*parts, together] if together else parts


def judged(app: App, parts: Sequence[Names], as_of: date, now: datetime) -> Iterator[Part]:
    """Each part judged, as they are done: this process is one of those that judge."""
    processes = min(app.settings.fit_processes, len(parts))
    alone = processes == 1 or sum(len(part) for part in parts) <= ALONE
    runs = Runs([parts] if alone else shares(parts, processes))
    with ExitStack() as stack:
        others = []
        for number in range(1, len(runs)):
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            # A pool of one each: the parts of an indicator stay with the process that has read its series.
            pool = ProcessPoolExecutor(1, get_context("spawn"), _start, (app.settings, app.paths, as_of, now))
            stack.callback(pool.shutdown, wait=True, cancel_futures=True)
            others.append(_Other(pool, runs, number))
        kept = Kept(app, as_of)
        while (names := runs.next(0)) is not None:
            yield judge_part(app, kept, names, now)
            for other in others:
                yield from other.done()
        while waiting := [future for other in others for future in other.waiting]:
            wait(waiting, return_when=FIRST_COMPLETED)
            for other in others:
                yield from other.done()


class Runs:
    """Parts that follow one another for each process. One that is through with its own takes the last of the longest run left."""

    def __init__(self, shares: Iterable[Sequence[Names]]) -> None:
        self._left = [deque(some) for some in shares]

    def __len__(self) -> int:
        return len(self._left)

    def next(self, process: int) -> Names | None:
        """The next part for a process; ``None`` when all are given out."""
        if own := self._left[process]:
            return own.popleft()
        longest = max(self._left, key=len)
        return longest.pop() if longest else None


class _Other:
    """Another process that judges, and the parts that it was given."""

    def __init__(self, pool: ProcessPoolExecutor, runs: Runs, number: int) -> None:
        self._pool, self._runs, self._number = pool, runs, number
        self.waiting: deque[Future[Part]] = deque()
        self._give()

    def _give(self) -> None:
        while len(self.waiting) < AHEAD and (names := self._runs.next(self._number)) is not None:
            self.waiting.append(self._pool.submit(_judge_part, names))

    def done(self) -> Iterator[Part]:
        """What it has judged since it was last asked; it is given as many parts anew."""
        found = []
        while self.waiting and self.waiting[0].done():
            found.append(self.waiting.popleft())
        self._give()
        for future in found:
            yield future.result()


def shares(parts: Sequence[Names], processes: int) -> list[Sequence[Names]]:
    """Parts that follow one another for each process, about as many targets for each."""
    total, before = sum(len(part) for part in parts), 0
    found: list[list[Names]] = [[] for _ in range(processes)]
    for part in parts:
        found[min((before + len(part) // 2) * processes // total, processes - 1)].append(part)
        before += len(part)
    return [some for some in found if some]


@uncollected()
def judge_part(app: App, kept: Kept, names: Names, now: datetime) -> Part:
    """Judge some targets as known on the day of ``kept``."""
    live = judge(app, kept.as_of, now, live=True, names=names, kept=kept)
    touched = deciding.touched(app, live)
    undecided = [v for v in live if v.assessment.target_id not in touched]
    decided = [v for v in live if v.assessment.target_id in touched]
    return Part(len(names), changed_rows(app, undecided, now), decided)


# -- in another process ------------------------------------------------------------------------------------------------

_given: tuple[App, Kept, datetime] | None = None


def _start(settings: Settings, paths: Paths, as_of: date, now: datetime) -> None:
    global _given  # noqa: PLW0603 - what every part of this process shares
    begin()
    store = Store.open(paths.store, settings.busy_timeout_ms)
    app = App(settings, paths, store, declared.catalogue(store))
    _given = (app, Kept(app, as_of), now)


def _judge_part(names: Names) -> Part:
    assert _given is not None
    app, kept, now = _given
    return judge_part(app, kept, names, now)
