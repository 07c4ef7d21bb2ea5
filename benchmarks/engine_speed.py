"""Speed of the engine on monthly series: 24 months ahead with 80 and 95 % intervals and one target's attainment each.

    python benchmarks/engine_speed.py [--series 100000] [--processes 2] [--sample 200] [--growth]

The peers, statsforecast's AutoETS(season_length=12) and AutoTheta(season_length=12), see a sample of the same series in the
same run, in one process and an environment of their own (benchmarks/peers); they are compared per series. ``--growth``
runs 10³ … 10⁶ series instead, without peers: seconds a series and peak memory must not grow.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "peers"))

import numpy as np
from run import peers

from dabiao.forecast.batch.batch import Batch
from dabiao.forecast.batch.distribution import pick
from dabiao.forecast.executors import executor
from dabiao.forecast.models import model
from dabiao.forecast.tasks import CHUNK

MONTHS, HORIZON = 120, 24


def series(first: int, count: int) -> np.ndarray:
    """Concentrations with level, season, drift and noise, two decimals; shape (count, 120)."""
    rng = np.random.default_rng([2026, first])
    t = np.arange(MONTHS)
    swing = rng.uniform(0.0, 0.6, (count, 1)) * np.cos(2 * np.pi * (t - rng.integers(0, 12, (count, 1))) / 12)
    level = np.cumsum(rng.normal(-0.002, 0.03, (count, MONTHS)), axis=1)
    noise = rng.normal(0.0, 0.1, (count, MONTHS))
    return np.round(rng.uniform(10.0, 90.0, (count, 1)) * np.exp(swing + level + noise), 2)


@dataclass(frozen=True)
class Chunk:
    """A chunk of series that makes its own values, so that what is timed is fitting and not copying."""

    first: int
    count: int
    values: np.ndarray

    def run(self) -> list:
        closed = np.full(self.count, np.inf)
        batch = Batch(self.values, 12, np.zeros(self.count), closed, closed, -np.ones(self.count))
        rows = np.arange(self.count)
        ahead = model("blend").ahead(batch, rows, HORIZON)
        quantiles = ahead.quantiles()
        deadline = HORIZON - 1
        predictive = pick(
            rows,
            ahead.scales,
            ahead.location[:, deadline],
            ahead.spread[:, deadline],
            ahead.freedom,
            ahead.extreme,
        )
        comparator = np.full(self.count, "<=")
        target = 0.9 * self.values[:, -12:].mean(axis=1)
        p = predictive.attainment(comparator, target, np.full(self.count, np.nan), -np.ones(self.count))
        return [quantiles.astype("<f8"), p]


def chunks(total: int) -> Iterator[Chunk]:
    for first in range(0, total, CHUNK):
        count = min(CHUNK, total - first)
        yield Chunk(first, count, series(first, count))


def engine(total: int, processes: int) -> tuple[float, float]:
    """Wall-clock seconds, the making of the values included, and the mean attainment."""
    started, attained = time.perf_counter(), 0.0
    for quantiles, p in executor(processes).run(chunks(total)):
        assert np.isfinite(quantiles).all()
        attained += float(p.sum())
    return time.perf_counter() - started, attained / total


def gibibytes(processes: int) -> float:
    """Peak memory of this process and its largest child, counted once a process."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + (processes * child if processes > 1 else 0)) / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--series", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--growth", action="store_true")
    given = parser.parse_args()
    if given.growth:
        for total in (1_000, 10_000, 100_000, 1_000_000):
            seconds, _ = engine(total, given.processes)
            memory = gibibytes(given.processes)
            print(
                f"{total:9,} series {seconds:8.2f} s {seconds / total * 1e6:7.0f} µs a series, {memory:.2f} GiB",
                flush=True,
            )
        return
    seconds, attained = engine(given.series, given.processes)
    memory = gibibytes(given.processes)
    ours = seconds / given.series
    print(f"engine: {given.series:,} series in {seconds:.1f} s with {given.processes} processes, {memory:.2f} GiB, "
          f"{ours * 1e6:.0f} µs a series, mean attainment {attained:.3f}")  # fmt: skip
    alone, _ = engine(min(given.series, 10_000), 1)
    alone /= min(given.series, 10_000)
    print(f"engine in one process: {alone * 1e6:.0f} µs a series")
    with tempfile.TemporaryDirectory() as folder:
        given_to, got = Path(folder) / "in.npz", Path(folder) / "out.npz"
        np.savez(given_to, values=series(0, CHUNK)[: given.sample], season=12, horizon=HORIZON)
        peers(str(given_to), got)
        with np.load(got) as found:
            for name in ("AutoETS", "AutoTheta"):
                theirs = float(found[f"{name}_seconds"])
                print(f"{name}: {theirs * 1e3:.1f} ms a series, one process; "
                      f"{theirs / alone:.0f} times one process of the engine, {theirs / ours:.0f} times {given.processes}")  # fmt: skip


if __name__ == "__main__":
    main()
