"""The forecast of a year in progress: which targets can have one, what it is made of, and where it is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dabiao.assess.part_year.makeup import Makeup, makeup_of
from dabiao.assess.part_year.observed import Line, agree, known_of, mean_over, month_tiles
from dabiao.assess.part_year.season import WHOLE
from dabiao.domain.assessment import SeriesForecast, Step
from dabiao.domain.observation import Basis, Series
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.target import Indicator, Target, Together
from dabiao.errors import DabiaoError
from dabiao.forecast import in_year as model
from dabiao.services.app import App
from dabiao.services.judge.months import SEASONS, Months
from dabiao.store import forecasts as store

COMPANIONS = 80
"""Most series of the same indicator that a forecast looks at beside its own; the nearest by code are taken."""


@dataclass(frozen=True)
class Need:
    """One series' year in progress, and the values that its forecast hangs on.

    Attributes:
        rows: ids and values by period number, the series itself first.
    """

    region: str
    indicator: Indicator
    basis: Basis
    kind: PeriodKind
    year: int
    last: int
    rows: tuple[tuple[str, Mapping[int, float]], ...]
    spans: tuple[model.Span, ...]
    annual: tuple[tuple[float, float], ...]

    @property
    def season(self) -> int:
        return SEASONS[self.kind]

    @cached_property
    def key(self) -> dict[str, Any]:
        """What the forecast is stored under. The vintage names every value that it hangs on, the companions' too."""
        content = [
            self.year,
            [
                [name, sorted((n, v) for n, v in row.items() if n > self.last - 3 * self.season)]
                for name, row in self.rows
            ],
            [(s.first, s.last, s.mean) for s in self.spans],
            self.annual,
        ]
        vintage = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
        return {
            "region": self.region,
            "indicator": self.indicator.id,
            "kind": str(self.kind),
            "basis": str(self.basis),
            "vintage": vintage,
            "model": model.NAME,
            "model_version": model.version(),
            "horizon": (self.year + 1) * self.season - 1 - self.last,
        }

    @cached_property
    def given(self) -> model.YearInProgress:
        """What the model is given."""
        low, high = (None if b is None else float(b) for b in self.indicator.bounds)
        share = makeup_of(self.indicator) is Makeup.DAYS
        return model.YearInProgress(
            panel=model.panel_of(
                self.rows, self.season, self.last, self.indicator.direction, high if share else None
            ),
            row=0,
            year=self.year,
            days=np.array([float(p.days) for p in periods_of(self.year, self.kind)]),
            spans=self.spans,
            annual=self.annual,
            low=low,
            high=high,
        )

    @property
    def sound(self) -> bool:
        """Whether enough is known for the model to be asked."""
        covered = [n for s in self.spans for n in range(s.first, s.last + 1)]
        return model.enough(self.given.panel, 0, self.year, covered)


def periods_of(year: int, kind: PeriodKind) -> list[Period]:
    """The months or quarters of a year."""
    size = 12 // SEASONS[kind]
    return [Period(m, m + size - 1) for m in range(year * 12, year * 12 + 12, size)]


def forecastable(indicator: Indicator, pooled: Target | None = None) -> bool:
    """Whether the indicator's year is made of its months in a way that can be forecast.

    Args:
        pooled: the target, where it takes several places together: a total of shares is no share.
    """
    makeup = makeup_of(indicator)
    if pooled is not None and pooled.together is Together.TOTAL:
        return makeup is Makeup.MEAN
    return makeup in (Makeup.MEAN, Makeup.DAYS)


def whole_year(target: Target) -> int | None:
    """The year that a target's deadline asks for as a whole; ``None`` where it asks for a part of one."""
    deadline = target.deadline
    if deadline is None or deadline[4:] not in ("", "-12", "-12-31"):
        return None
    return int(deadline[:4])


def need_of(
    months: Months,
    target: Target,
    indicator: Indicator,
    annual: Series,
    year: int,
    together: Sequence[str] = (),
) -> Need | None:
    """What a target's year in progress would be forecast from; ``None`` where its months do not bear it.

    The months must be of the annual series' basis, or of one that nothing sets apart from it and that an earlier year holds
    against it: figures of different basis are never joined.
    """
    if not forecastable(indicator, target if together else None):
        return None
    lines = [ln for ln in months.lines(target, indicator, together) if agree(ln.basis, annual.basis)]
    for line in sorted(lines, key=lambda ln: ln.basis != annual.basis):
        bridged = bridge_years(line, annual, year)
        if line.basis != annual.basis and not bridged:
            continue
        need = need_of_line(months, line, target.series.region, indicator, year, bridged)
        if need is not None and need.sound:
            return need
    return None


def bridge_years(line: Line, annual: Series, year: int) -> list[tuple[float, float]]:
    """Published annual figure and mean of the months, for earlier years that have both."""
    found = []
    for point in annual.points:
        parts = Line(
            line.basis,
            {p: v for p, v in line.values.items() if p.months < 12 and p.year == point.period.year},
        )
        mean = mean_over(parts, point.period.year, WHOLE) if point.period.year < year else None
        if mean is not None:
            found.append((float(point.value), float(mean.value)))
    return found


def need_of_line(
    months: Months,
    line: Line,
    region: str,
    indicator: Indicator,
    year: int,
    annual: Sequence[tuple[float, float]],
) -> Need | None:
    """The need of one line; ``None`` where nothing of the year is known. By months, or by quarters where only they exist."""
    known = known_of(line, year)
    if known is None:
        return None
    monthly = any(p.kind is PeriodKind.MONTH for p in line.values) or not any(
        p.kind is PeriodKind.QUARTER for p in line.values
    )
    kind = PeriodKind.MONTH if monthly else PeriodKind.QUARTER
    size = 12 // SEASONS[kind]
    own = _own(line, year, kind)
    spans = tuple(
        model.Span(t.period.first // size, t.period.last // size, float(t.value))
        for t in known.tiles
        if t.period.months > size and t.period.months % size == 0
    )
    last = max([n for n in own if n // SEASONS[kind] == year] + [s.last for s in spans], default=None)
    if last is None:
        return None
    name = f"{region}|{line.basis}"
    others = [row for row in months.companions(indicator.id, line.basis, kind) if row[0] != name]
    nearest = sorted(others, key=lambda row: (row[0][:2] != region[:2], row[0][:4] != region[:4], row[0]))[
        :COMPANIONS
    ]
    rows = ((name, own), *sorted(nearest, key=lambda row: row[0]))
    return Need(region, indicator, line.basis, kind, year, last, rows, spans, tuple(annual))


def _own(line: Line, year: int, kind: PeriodKind) -> dict[int, float]:
    if kind is PeriodKind.QUARTER:
        return {p.first // 3: float(v) for p, v in line.values.items() if p.kind is kind}
    return {
        y * 12 + m: float(tile.value)
        for y in range(year - 3, year + 1)
        for m, tile in month_tiles(line, y).items()
        if tile.sure
    }


def fitted(need: Need, made_at: str) -> SeriesForecast:
    """Fit one need.

    Raises:
        SeriesTooShort: too little of the year, or of the years before, is known.
    """
    result = model.fit(need.given)
    p = result.steps[0]
    step = Step(
        period=str(need.year),
        point=p.quantile(0.5),
        lower80=p.quantile(0.1),
        upper80=p.quantile(0.9),
        lower95=p.quantile(0.025),
        upper95=p.quantile(0.975),
        distribution=p.to_json(),
    )
    own = sorted(n for n in need.rows[0][1] if n > need.last - 3 * need.season)
    size = 12 // need.season
    first = min([*own, *(s.first for s in need.spans)])
    return SeriesForecast(
        id=0,
        model=model.NAME,
        model_version=model.version(),
        vintage=need.key["vintage"],
        first_period=str(Period(first * size, first * size + size - 1)),
        last_period=str(Period(need.last * size, need.last * size + size - 1)),
        observed=len(own),
        params=dict(result.params),
        warnings=result.warnings,
        made_at=made_at,
        steps=(step,),
    )


def find_or_fit(app: App, needs: Mapping[str, Need], made_at: str) -> dict[str, SeriesForecast]:
    """The forecast of each need, by the needs' names: the stored one, else fitted in passing. One that fails is left out."""
    by_key = {json.dumps(need.key): need for need in needs.values()}
    stored = store.forecasts_by_key(app.store, [need.key for need in by_key.values()])
    made: dict[str, SeriesForecast] = {}
    for (word, need), kept in zip(by_key.items(), stored, strict=True):
        try:
            made[word] = kept if kept is not None else fitted(need, made_at)
        except DabiaoError:
            continue
    words = {name: json.dumps(need.key) for name, need in needs.items()}
    return {name: made[word] for name, word in words.items() if word in made}
