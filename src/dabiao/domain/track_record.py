"""What was said of a question before it was decided, beside what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

LEADS = (1, 2, 3)
"""Years from the year of an origin to that of the deadline. 0 stands for half a year before a deadline at a year's end."""
FIRST_YEAR = 2018
"""Year of the first origin that is looked back at."""


class Mode(StrEnum):
    """``live``: what was stored by the day. ``replay``: what this program says as of that day, worked out afterwards."""

    LIVE = "live"
    REPLAY = "replay"


class Part(StrEnum):
    """What is worked out together: the declared targets in both modes, or the questions put to the series."""

    TARGETS = "targets"
    SERIES = "series"


class Asked(StrEnum):
    """Where a question comes from: a declared target, or one that is put to a series to have more of them.

    ``limit`` asks for the limit of the ambient air standard in force on the day, ``declared_value`` for a value that a plan
    declares for the same indicator, ``no_worse`` for the last value known.
    """

    DECLARED = "declared"
    LIMIT = "limit"
    DECLARED_VALUE = "declared_value"
    NO_WORSE = "no_worse"


class Record(StrEnum):
    """The three records that are never added together: as stored, worked out afterwards, and of questions put to the series."""

    LIVE = "live"
    REPLAY = "replay"
    CONSTRUCTED = "constructed"


class By(StrEnum):
    """What the figures are parted by."""

    RECORD = "record"
    INDICATOR = "indicator"
    REGION = "region"
    LEAD = "lead"
    RULE = "rule"
    CALIBRATION = "calibration"
    TARGET = "target"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what was said of it on one day, and what came.

    Attributes:
        target_id: ``None`` for a question that no plan declares.
        basis: of the series that was forecast.
        value: the border of the values that meet it, in the indicator's unit, as text.
        origin: the day on which it was said.
        lead: years from the origin's to the deadline's; 0 is half a year before.
        attainment: the probability that was given.
        climatology: the share of the earlier years that would have met it.
        drift: the probability that a random walk with drift gives.
        point, lower80 … upper95: of the series' value, in its unit; ``None`` where several series decide.
        met: what came.
        observed: the value that decided it, as text.
        decimals: places with which such values are published.
        known_on: the day from which that value was known.
        provisional: whether the outcome is.
        rules: what each rule that applied said: on the right side, on the wrong side, or neither (``None``).
    """

    mode: Mode
    asked: Asked
    target_id: str | None
    region: str
    indicator: str
    basis: str
    comparator: str
    value: str
    deadline: str
    origin: date
    lead: int
    attainment: float
    climatology: float | None
    drift: float | None
    point: float | None
    lower80: float | None
    upper80: float | None
    lower95: float | None
    upper95: float | None
    met: bool
    observed: str
    decimals: int
    known_on: date
    provisional: bool
    model: str
    model_version: str
    vintage: str
    rules: Mapping[str, bool | None] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        """To which record it belongs."""
        if self.mode is Mode.LIVE:
            return Record.LIVE
        return Record.REPLAY if self.asked is Asked.DECLARED else Record.CONSTRUCTED

    def covered(self, low: float | None, high: float | None) -> bool | None:
        """Whether an interval holds the value, compared as published: 0.00 lies in an interval from 0.0001 on."""
        if low is None or high is None:
            return None
        half = 0.5 * 10.0**-self.decimals
        return low - half <= float(self.observed) <= high + half

    @property
    def forecast(self) -> tuple[str, str, str, date, str]:
        """Which forecast it is of: questions that share one share its interval too."""
        return (self.region, self.indicator, self.basis, self.origin, self.deadline)
