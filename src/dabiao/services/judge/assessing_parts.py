"""Many targets judged part by part, in this process or in several. What is stored of them is the same to the digit."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
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

PART = 1000
"""Targets of one part: what an interruption can cost, and what is held in memory at once."""
ALONE = 10 * PART
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
    own, *others = [parts] if alone else shares(parts, processes)
    waiting: list[Future[Part]] = []
    with ExitStack() as stack:
        for some in others:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            # A pool of one each: the parts of an indicator stay with the process that has read its series.
            pool = ProcessPoolExecutor(1, get_context("spawn"), _start, (app.settings, app.paths, as_of, now))
            stack.callback(pool.shutdown, wait=True, cancel_futures=True)
            waiting += [pool.submit(_judge_part, names) for names in some]
        kept = Kept(app, as_of)
        for names in own:
            yield judge_part(app, kept, names, now)
            done = [one for one in waiting if one.done()]
            waiting = [one for one in waiting if one not in done]
            yield from (one.result() for one in done)
        for one in as_completed(waiting):
            yield one.result()


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
