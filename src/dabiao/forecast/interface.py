"""The seam between a series and the models that forecast it.

A model takes the values of one series in time order and gives, for each period asked for, a predictive
distribution. Everything else — which series, which periods, bounds, storing — is done once, outside the models.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Scale = Literal["identity", "log", "logit"]
Direction = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class History:
    """What a model is given.

    Attributes:
        values: observed values in the indicator's unit, in time order, equally spaced; ``None`` where a period is missing.
            The first and the last are observed.
        season: periods in a year (1, 4 or 12).
        scale: the scale on which changes are comparable: ``log`` for concentrations, ``logit`` for shares.
        low, high: bounds of the indicator, ``None`` where open.
        direction: which way is better.
        first: index of the first value's period within its year (0 for January), for seasonal models.
    """

    values: tuple[float | None, ...]
    season: int
    scale: Scale
    low: float | None = None
    high: float | None = None
    first: int = 0
    # Never defaulted: a model that knows which way is better must be told.
    direction: Direction = field(kw_only=True)

    @property
    def observed(self) -> int:
        return sum(v is not None for v in self.values)


class Predictive(Protocol):
    """The distribution of one future value, in the indicator's unit."""

    def cdf(self, x: float) -> float:
        """P(value ≤ x)."""
        ...

    def quantile(self, p: float) -> float:
        """The value below which the outcome lies with probability ``p`` (0 < p < 1), within the indicator's bounds."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Plain numbers and strings from which :func:`dabiao.forecast.predictive.from_json` rebuilds it to the digit."""
        ...


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a model gives back.

    Attributes:
        steps: one distribution for each of the 1 … horizon periods after the last value.
        params: the fitted numbers, plain and named in the field's terms (level, drift, …), enough to say how it came about.
        warnings: codes under ``forecast.warning.`` in the message catalogues.
    """

    steps: Sequence[Predictive]
    params: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class Model(Protocol):
    """One way to forecast. Implementations are small, stateless, picklable and deterministic."""

    @property
    def name(self) -> str:
        """The name by which settings select it."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same history would give other digits."""
        ...

    @property
    def minimum(self) -> int:
        """Fewest observed values it may be given."""
        ...

    def fit(self, history: History, horizon: int) -> Fitted:
        """Forecast ``horizon`` periods ahead.

        Raises:
            SeriesTooShort: fewer observed values than ``minimum``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Packed:
    """A fit as it is kept: see :class:`dabiao.domain.steps.Steps` for the first two.

    Attributes:
        quantiles: point and interval borders of each step, little-endian doubles.
        distribution: JSON of the steps' distributions.
        params: JSON of the fitted numbers.
        warnings: codes under ``forecast.warning.``.
    """

    quantiles: bytes
    distribution: str
    params: str
    warnings: tuple[str, ...] = ()


Outcome = Packed | Exception
"""What becomes of one series: a failure is a result, so that one bad series stops no other."""


class Task(Protocol):
    """Series that are fitted together, with everything that needs: picklable, and the same digits wherever it runs."""

    def run(self) -> list[Outcome]:
        """Fit; one outcome for each series asked for, in order."""
        ...


class Executor(Protocol):
    """Where tasks run: in this process, in several, or on a cluster. The digits are the same."""

    def run(self, tasks: Iterable[Task]) -> Iterator[list[Outcome]]:
        """The tasks' outcomes, in the tasks' order, as they come in. No more tasks are taken than can be worked on."""
        ...
