"""The steps of a forecast, packed: what a store keeps of each and what a page asks for."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, overload

from dabiao.domain.assessment import Step
from dabiao.domain.period import Period

QUANTILES = (0.5, 0.1, 0.9, 0.025, 0.975)
"""Probabilities of a step's point, lower80, upper80, lower95 and upper95."""
MOVING = ("location", "spread")
"""What every step has for itself."""
_EACH = "each"
_STEP = struct.Struct(f"<{len(QUANTILES)}d")


class Steps(Sequence[Step]):
    """Steps that are unpacked when they are asked for.

    Attributes:
        first: the period of the first step; the others follow one another.
        quantiles: :data:`QUANTILES` of each step, little-endian doubles.
        distribution: JSON of the distributions (:func:`pack`).
    """

    __slots__ = ("distribution", "first", "quantiles")

    def __init__(self, first: str, quantiles: bytes, distribution: str) -> None:
        self.first = first
        self.quantiles = quantiles
        self.distribution = distribution

    @classmethod
    def of_all(cls, steps: Sequence[Step]) -> Steps:
        """Pack steps that follow one another."""
        rows = [(s.point, s.lower80, s.upper80, s.lower95, s.upper95) for s in steps]
        return cls(steps[0].period, pack_quantiles(rows), pack([s.distribution for s in steps]))

    def __len__(self) -> int:
        return len(self.quantiles) // _STEP.size

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        at = range(len(self))[index]
        return self._step(at, period_after(Period.parse(self.first), at))

    def _step(self, at: int, period: Period) -> Step:
        point, *borders = _STEP.unpack_from(self.quantiles, at * _STEP.size)
        lower80, upper80, lower95, upper95 = borders
        return Step(str(period), point, lower80, upper80, lower95, upper95, self._distribution(at))

    def __iter__(self) -> Iterator[Step]:
        return (self[i] for i in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Steps) and (self.first, self.quantiles, self.distribution) == (
            other.first,
            other.quantiles,
            other.distribution,
        )

    def __hash__(self) -> int:
        return hash((self.first, self.quantiles, self.distribution))

    def of(self, period: str) -> Step | None:
        """The step of one period, ``None`` if the forecast does not reach it."""
        first, asked = Period.parse(self.first), Period.parse(period)
        at = (asked.first - first.first) // first.months
        return self._step(at, asked) if asked.kind is first.kind and 0 <= at < len(self) else None

    def _distribution(self, at: int) -> dict[str, Any]:
        same, each = _parsed(self.distribution)
        return same | {name: values[at] for name, values in each.items()}


def step_of(steps: Sequence[Step], period: str) -> Step | None:
    """The step of one period, ``None`` if the forecast does not reach it; packed steps are not all unpacked for it."""
    if isinstance(steps, Steps):
        return steps.of(period)
    return next((s for s in steps if s.period == period), None)


@lru_cache(maxsize=256)
def _parsed(distribution: str) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """What all steps have, and lists of what each has."""
    same: dict[str, Any] = json.loads(distribution)
    each: dict[str, list[Any]] = same.pop(_EACH)
    return same, each


def period_after(period: Period, lead: int) -> Period:
    """The period of the same kind ``lead`` periods later (whole months only)."""
    first = period.first + lead * period.months
    return Period(first, first + period.months - 1)


def pack(distributions: Sequence[Mapping[str, Any]]) -> str:
    """Distributions of one forecast's steps as one JSON text: location and spread as lists, the rest once if it is one."""
    first = distributions[0]
    each = {
        name: [d[name] for d in distributions]
        for name in first
        if name in MOVING or any(d[name] != first[name] for d in distributions)
    }
    return dump({name: value for name, value in first.items() if name not in each}, each)


def dump(same: Mapping[str, Any], each: Mapping[str, Sequence[Any]]) -> str:
    """The JSON text that :class:`Steps` reads: ``same`` of all steps, and lists of what each has."""
    return json.dumps({**same, _EACH: each}, sort_keys=True)


def pack_quantiles(rows: Sequence[Sequence[float]]) -> bytes:
    """:data:`QUANTILES` of each step as :class:`Steps` reads them."""
    return b"".join(_STEP.pack(*row) for row in rows)
