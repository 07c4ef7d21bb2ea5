"""Where tasks run: in this process, in several, or on a Dask cluster. The digits are the same."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from typing import Any

from dabiao.errors import SchedulerUnreachable
from dabiao.forecast.interface import Executor, Outcome, Task

AHEAD = 3
"""Tasks handed out for each process beyond the one whose outcome is waited for: memory stays flat however many there are."""


def run_task(task: Task) -> list[Outcome]:
    """A task's own work, by a name that other processes find."""
    return task.run()


def begin() -> None:
    """What each process of a pool does first.

    A Ctrl-C on the terminal reaches the whole group: the process that handed the work out decides what it means. Where that one
    is killed, nobody would tell its pool, which would wait for work for ever: so each process ends with its parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Serial:
    """One after the other, in this process."""

    def run(self, tasks: Iterable[Task]) -> Iterator[list[Outcome]]:
        return map(run_task, tasks)


class Processes:
    """A pool of processes, started with the second task: a single one is done sooner here."""

    def __init__(self, processes: int) -> None:
        self.processes = processes

    def run(self, tasks: Iterable[Task]) -> Iterator[list[Outcome]]:
        waiting = iter(tasks)
        first = list(islice(waiting, 2))
        if len(first) < 2:
            yield from Serial().run(first)
            return
        # Each process fits alone: with the default, every one of them starts a BLAS thread a core and they
        # spend their time waiting for each other.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        pool = ProcessPoolExecutor(self.processes, get_context("spawn"), begin)
        try:
            yield from in_order(
                lambda task: pool.submit(run_task, task), chain(first, waiting), self.processes + AHEAD
            )
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class Dask:
    """The workers of a Dask distributed cluster, which need this program installed in the same version.

    A task whose worker dies is given to another by the scheduler; only one that has taken several workers with it fails.

    Args:
        address: of the scheduler, such as ``tcp://10.0.0.5:8786``.
        timeout: how long it may take to answer.
    """

    def __init__(self, address: str, timeout: str = "10s") -> None:
        self.address = address
        self.timeout = timeout

    def run(self, tasks: Iterable[Task]) -> Iterator[list[Outcome]]:
        """As every executor.

        Raises:
            SchedulerUnreachable: Dask is not installed, or nobody answers at the address.
        """
        try:
            from distributed import Client  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise SchedulerUnreachable("dask_missing") from error
        try:
            client: Any = Client(self.address, timeout=self.timeout, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise SchedulerUnreachable(
                "scheduler_unreachable", address=self.address, detail=str(error)
            ) from error
        with client:
            workers = max(sum(client.nthreads().values()), 1)
            yield from in_order(
                lambda task: client.submit(run_task, task, pure=False, retries=2), tasks, workers + AHEAD
            )


def in_order(submit: Callable[[Task], Any], tasks: Iterable[Task], ahead: int) -> Iterator[list[Outcome]]:
    """Outcomes in the tasks' order, at most ``ahead`` tasks being handed out."""
    out: deque[Any] = deque()
    for task in tasks:
        out.append(submit(task))
        if len(out) >= ahead:
            yield out.popleft().result()
    while out:
        yield out.popleft().result()


def executor(processes: int, scheduler: str | None = None) -> Executor:
    """A cluster if its address is given; else serial for one process, a pool for more."""
    if scheduler is not None:
        return Dask(scheduler)
    return Serial() if processes == 1 else Processes(processes)
