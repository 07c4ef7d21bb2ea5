"""One process, several, or a cluster: the same outcomes in the same order."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator

import numpy as np
import pytest

from dabiao.errors import SchedulerUnreachable, SeriesTooShort
from dabiao.forecast.batch.batch import Batch
from dabiao.forecast.executors import Dask, Processes, Serial, executor
from dabiao.forecast.interface import History, Outcome, Packed
from dabiao.forecast.tasks import BatchTask, SingleTask, chunks

distributed = pytest.importorskip("distributed")


def monthly(seed: int, rows: int = 40) -> BatchTask:
    rng = np.random.default_rng(seed)
    season = 0.3 * np.cos(2 * np.pi * np.arange(72) / 12)
    values = np.round(40 * np.exp(season + rng.normal(0, 0.1, (rows, 72))), 1)
    return BatchTask("blend", _batch(values, 12), np.arange(rows), np.full(rows, 24))


def annual(seed: int) -> BatchTask:
    values = np.round(
        40 * np.exp(np.cumsum(np.random.default_rng(seed).normal(-0.03, 0.06, (30, 14)), axis=1)), 1
    )
    return BatchTask("pooled", _batch(values, 1), np.arange(10), np.arange(3, 13))


def _batch(values: np.ndarray, season: int) -> Batch:
    open_ = np.full(len(values), np.inf)
    return Batch(values, season, np.zeros(len(values)), open_, open_, -np.ones(len(values)))


def single() -> SingleTask:
    values = (40.0, 38.5, 37.0, 36.5, 35.0, 34.0)
    histories = [History(values[:n], 1, "log", 0.0, None, direction="lower") for n in (6, 2, 5)]
    return SingleTask("drift", histories, [3, 3, 3])


TASKS = [monthly(1), annual(2), single(), monthly(3), annual(4)]


def plain(outcomes: list[list[Outcome]]) -> list[list[Packed | str]]:
    """Outcomes that can be compared: a failure by what it says."""
    return [[str(o) if isinstance(o, Exception) else o for o in part] for part in outcomes]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of two real workers, each a process, on this machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        )
        yield made.scheduler_address
        made.close()


def test_a_failing_series_stops_no_other() -> None:
    """The exception of one stands in its place; a batch that cannot be fitted is the outcome of each of its series."""
    found = single().run()
    assert [isinstance(o, Packed) for o in found] == [True, False, True]
    assert isinstance(found[1], SeriesTooShort)
    task = annual(1)
    broken = BatchTask("pooled", task.batch, np.array([0, 99]), np.array([1, 1]))
    assert [type(o) for o in broken.run()] == [IndexError, IndexError]


def test_several_processes_give_the_digits_of_one() -> None:
    """A pool gives every outcome, in the tasks' order."""
    assert plain(list(Processes(2).run(iter(TASKS)))) == plain(list(Serial().run(TASKS)))


def test_no_more_is_taken_than_can_be_worked_on() -> None:
    """Tasks are made as they are needed: of a thousand few are there before the first outcome."""
    taken = 0

    def tasks() -> Iterator[SingleTask]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield single()

    outcomes = Processes(2).run(tasks())
    next(outcomes)
    assert taken < 20
    outcomes.close()  # type: ignore[attr-defined]


def test_a_cluster_gives_the_digits_of_one(cluster: str) -> None:
    """Dask workers in processes of their own give the same outcomes in the same order."""
    assert plain(list(Dask(cluster).run(iter(TASKS)))) == plain(list(Serial().run(TASKS)))


def test_a_worker_killed_half_way_loses_nothing(cluster: str) -> None:
    """SIGKILL for one of two workers after the first outcome: the run ends complete, with the same digits."""
    tasks = [monthly(seed, rows=200) for seed in range(12)]
    with distributed.Client(cluster, set_as_default=False) as client:
        workers = set(client.run(os.getpid).values())
    assert len(workers) == 2
    found = []
    for outcome in Dask(cluster).run(iter(tasks)):
        if not found:
            os.kill(workers.pop(), signal.SIGKILL)
        found.append(outcome)
    assert plain(found) == plain(list(Serial().run(tasks)))


def test_an_address_where_nobody_answers_is_said() -> None:
    """No traceback of the cluster's own, and the address in the sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(SchedulerUnreachable, match=r"127\.0\.0\.1:1"):
            list(Dask("tcp://127.0.0.1:1", timeout="1s").run(TASKS[:1]))


def test_the_executor_is_chosen_by_what_is_given() -> None:
    """One process: this one. More: a pool. An address: the cluster, whatever the processes."""
    assert isinstance(executor(1), Serial)
    assert isinstance(executor(2), Processes)
    assert isinstance(executor(2, "tcp://127.0.0.1:8786"), Dask)


def test_chunks_cover_all_once() -> None:
    """Every row in one chunk, none larger than asked."""
    for count in (0, 1, 10, 11):
        parts = chunks(np.arange(count), 5)
        assert [i for p in parts for i in p.tolist()] == list(range(count))
        assert all(0 < len(p) <= 5 for p in parts)
