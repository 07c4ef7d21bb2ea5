"""The units of work that an executor runs: chunks of series, with everything that fitting them needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dabiao.domain.steps import QUANTILES, pack, pack_quantiles
from dabiao.forecast.batch.batch import Batch, BatchModel
from dabiao.forecast.batch.groups import Ints
from dabiao.forecast.interface import Fitted, History, Outcome, Packed
from dabiao.forecast.models import model

CHUNK = 1024
"""Series of one task: enough that arrays are worked on and not calls, few enough that they stay in a core's cache."""


@dataclass(frozen=True, slots=True)
class BatchTask:
    """Series that one call of a batch model fits.

    Attributes:
        model: name of the model.
        batch: the series, companions included.
        wanted: rows of the batch to be forecast.
        horizons: periods ahead, one for each of them.
    """

    model: str
    batch: Batch
    wanted: Ints
    horizons: Ints

    def run(self) -> list[Outcome]:
        """Fit all; what stops the batch is the outcome of each of its series."""
        chosen = model(self.model)
        assert isinstance(chosen, BatchModel)
        try:
            ahead = chosen.ahead(self.batch, self.wanted, int(self.horizons.max()))
            return list(ahead.packed(self.horizons))
        except Exception as error:
            return [error] * len(self.wanted)


@dataclass(frozen=True, slots=True)
class SingleTask:
    """Series that a model fits one by one; histories and horizons in step."""

    model: str
    histories: Sequence[History]
    horizons: Sequence[int]

    def run(self) -> list[Outcome]:
        """Fit each; its exception is its outcome."""
        chosen = model(self.model)
        outcomes: list[Outcome] = []
        for history, horizon in zip(self.histories, self.horizons, strict=True):
            try:
                outcomes.append(packed(chosen.fit(history, horizon)))
            except Exception as error:
                outcomes.append(error)
        return outcomes


def packed(fitted: Fitted) -> Packed:
    """One series' fit as it is kept."""
    return Packed(
        quantiles=pack_quantiles([[step.quantile(p) for p in QUANTILES] for step in fitted.steps]),
        distribution=pack([step.to_json() for step in fitted.steps]),
        params=json.dumps(dict(fitted.params), sort_keys=True),
        warnings=fitted.warnings,
    )


def chunks(wanted: Ints, size: int = CHUNK) -> list[Ints]:
    """``wanted`` in parts of at most ``size``."""
    return np.array_split(wanted, range(size, len(wanted), size)) if len(wanted) else []
