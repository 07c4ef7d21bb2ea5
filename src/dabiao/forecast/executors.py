"""Where fits run: in this process or in several. The digits are the same."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from dabiao.forecast.interface import Executor, Fitted, History, Model

Job = tuple[Model, History, int]


def fit_one(job: Job) -> Fitted | Exception:
    """Fit one job; its exception is a result, so that one bad series stops no other."""
    model, history, horizon = job
    try:
        return model.fit(history, horizon)
    except Exception as error:
        return error


class Serial:
    """One after the other, in this process."""

    def map(self, jobs: Sequence[Job]) -> list[Fitted | Exception]:
        return [fit_one(job) for job in jobs]


class Processes:
    """A pool of processes. Fewer than :attr:`worth` jobs are fitted here: starting a pool costs more than they do."""

    worth = 64

    def __init__(self, processes: int) -> None:
        self.processes = processes

    def map(self, jobs: Sequence[Job]) -> list[Fitted | Exception]:
        if len(jobs) < self.worth:
            return Serial().map(jobs)
        # Each process fits alone: with the default, every one of them starts a BLAS thread a core and they
        # spend their time waiting for each other.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        with ProcessPoolExecutor(self.processes, mp_context=get_context("spawn")) as pool:
            return list(pool.map(fit_one, jobs, chunksize=max(1, len(jobs) // (self.processes * 8))))


def executor(processes: int) -> Executor:
    """Serial for one process, a pool for more."""
    return Serial() if processes == 1 else Processes(processes)
