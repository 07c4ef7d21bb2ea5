"""The series of one kind of period on a day, and the work that their forecasts are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from dabiao.domain.assessment import SeriesForecast
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.steps import Steps
from dabiao.forecast.batch.batch import BatchModel
from dabiao.forecast.history import history_of
from dabiao.forecast.interface import History, Model, Packed, Task
from dabiao.forecast.models import model
from dabiao.forecast.tasks import BatchTask, SingleTask, chunks
from dabiao.services.app import App
from dabiao.services.judge.panels import Companions, Panels, Table
from dabiao.store.forecasts import Made, Panel

HORIZON = {PeriodKind.YEAR: 10, PeriodKind.QUARTER: 12, PeriodKind.MONTH: 24}
"""Periods forecast after the last value; a deadline further away asks for more."""
SEASONS = {PeriodKind.YEAR: 1, PeriodKind.QUARTER: 4, PeriodKind.MONTH: 12}
_LEAST_YEARS = 2
"""Years that a monthly or quarterly series must have: one alone says nothing of its season."""


@dataclass(frozen=True, slots=True)
class Need:
    """A series of a table, the panel that it learns from (``None``: itself alone), and how far it is asked for."""

    row: int
    horizon: int
    panel: Panel | None
    key: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A task and the needs that its outcomes answer, in step."""

    needs: Sequence[Need]
    task: Task


def model_for(app: App, kind: PeriodKind) -> Model:
    """The model of series of one kind of period."""
    return model(app.settings.model if kind is PeriodKind.YEAR else app.settings.model_monthly)


def least(app: App, kind: PeriodKind) -> int:
    """Fewest values from which a series is forecast."""
    own = app.thresholds.minimum if kind is PeriodKind.YEAR else _LEAST_YEARS * SEASONS[kind]
    return max(model_for(app, kind).minimum, own)


def horizon_of(kind: PeriodKind, last_year: int, deadline_year: int | None) -> int:
    """Periods to forecast: the usual number, or as many as reach the deadline."""
    usual = HORIZON[kind]
    if deadline_year is None or kind is not PeriodKind.YEAR:
        return usual
    return max(usual, deadline_year - last_year)


class Day:
    """The series of one kind of period on a day, and what each of their forecasts hangs on.

    Args:
        indicators: series of these alone; of all by default.
    """

    def __init__(
        self, app: App, kind: PeriodKind, as_of: date, indicators: Collection[str] | None = None
    ) -> None:
        self.app, self.kind = app, kind
        self.model = model_for(app, kind)
        self.pooled = isinstance(self.model, BatchModel) and self.model.pooled
        self.table = Table(app.store, app.catalogue.indicators, kind, as_of, indicators)
        self.panels = Panels(self.table)
        seen = np.isfinite(self.table.today.values)
        self.observed = seen.sum(axis=1)
        first = self.table.today.first
        self.first = first + seen.argmax(axis=1)
        self.last = first + seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)

    def needs(self, asked: Iterable[tuple[int, int]]) -> list[Need]:
        """What the forecasts of ``(row, horizon)`` hang on, panel by panel."""
        by_panel: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for row, horizon in asked:
            by_panel[self.panels.names[row] if self.pooled else (0, 0)].append((row, horizon))
        found = []
        for name, rows in sorted(by_panel.items()):
            panel = self.panels.of(name).panel if self.pooled else None
            found += [Need(row, horizon, panel, self._key(row, horizon, panel)) for row, horizon in rows]
        return found

    def _key(self, row: int, horizon: int, panel: Panel | None) -> dict[str, Any]:
        c = self.table.columns
        return {
            "region": c.regions[row],
            "indicator": c.indicators[row],
            "kind": str(self.kind),
            "basis": self.table.basis_texts[row],
            "vintage": self.table.today.vintages[row],
            "panel": "" if panel is None else panel.digest,
            "model": self.model.name,
            "model_version": self.model.version,
            "horizon": horizon,
        }

    def jobs(self, needs: Sequence[Need]) -> Iterator[Job]:
        """The work that the needs are, made as it is asked for."""
        if not isinstance(self.model, BatchModel):
            yield from self._single(needs)
        elif self.pooled:
            by_panel: dict[tuple[int, int], list[Need]] = defaultdict(list)
            for need in needs:
                by_panel[self.panels.names[need.row]].append(need)
            for name, some in by_panel.items():
                yield self._together(some, self.panels.of(name))
        else:
            for part in chunks(np.arange(len(needs))):
                some = [needs[i] for i in part]
                rows = np.array([n.row for n in some])
                batch = self.table.batch(self.table.today, rows)
                yield Job(some, BatchTask(self.model.name, batch, np.arange(len(some)), _horizons(some)))

    def _together(self, needs: Sequence[Need], companions: Companions) -> Job:
        place = {row: i for i, row in enumerate(companions.grid.rows.tolist())}
        wanted = np.array([place[n.row] for n in needs], dtype=np.int64)
        return Job(needs, BatchTask(self.model.name, companions.batch, wanted, _horizons(needs)))

    def _single(self, needs: Sequence[Need]) -> Iterator[Job]:
        for part in chunks(np.arange(len(needs)), 64):
            some = [needs[i] for i in part]
            histories = [self._history(n.row) for n in some]
            yield Job(some, SingleTask(self.model.name, histories, [n.horizon for n in some]))

    def _history(self, row: int) -> History:
        indicator = self.app.catalogue.indicators[self.table.columns.indicators[row]]
        first = self.table.today.first
        own = self.table.today.values[row, self.first[row] - first : self.last[row] - first + 1]
        return history_of(
            [None if np.isnan(v) else float(v) for v in own],
            indicator,
            SEASONS[self.kind],
            int(self.first[row]) % SEASONS[self.kind],
        )

    def made(self, need: Need, packed: Packed, made_at: str) -> Made:
        """An outcome as it is kept."""
        first, last = int(self.first[need.row]), int(self.last[need.row])
        return Made(
            key=need.key,
            first_period=self.spelt(first),
            last_period=self.spelt(last),
            observed=int(self.observed[need.row]),
            steps=Steps(self.spelt(last + 1), packed.quantiles, packed.distribution),
            params=packed.params,
            warnings=packed.warnings,
            made_at=made_at,
        )

    def forecast(self, need: Need, packed: Packed, made_at: str) -> SeriesForecast:
        """An outcome as the domain has it."""
        made = self.made(need, packed, made_at)
        return SeriesForecast(
            id=0,
            model=self.model.name,
            model_version=self.model.version,
            vintage=need.key["vintage"],
            first_period=made.first_period,
            last_period=made.last_period,
            observed=made.observed,
            params=json.loads(made.params),
            warnings=made.warnings,
            made_at=made_at,
            steps=made.steps,
            panel=need.key["panel"],
            panel_day="" if need.panel is None else need.panel.day,
            panel_series=1 if need.panel is None else need.panel.series,
        )

    @staticmethod
    @lru_cache(maxsize=4096)
    def spelt(code: int) -> str:
        """A period as it is written."""
        return str(Period.from_code(code))


class Days:
    """A day's look-ups of series: those made last are taken again where they hold what is asked for.

    Args:
        keep: how many of them, of each kind of period.
    """

    def __init__(self, app: App, as_of: date, keep: int = 1) -> None:
        self.app, self.as_of, self.keep = app, as_of, keep
        self._last: dict[PeriodKind, list[tuple[frozenset[str], Day]]] = defaultdict(list)

    def of(self, kind: PeriodKind, indicators: frozenset[str]) -> Day:
        """The series of some indicators, and perhaps of others."""
        last = self._last[kind]
        found = next((pair for pair in last if indicators <= pair[0]), None)
        if found is None:
            found = (indicators, Day(self.app, kind, self.as_of, indicators))
        self._last[kind] = [found, *(pair for pair in last if pair is not found)][: self.keep]
        return found[1]


def _horizons(needs: Sequence[Need]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([n.horizon for n in needs], dtype=np.int64)
