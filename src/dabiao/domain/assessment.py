"""What is said of a target: its status, the reason, the figures behind it and the rules beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from dabiao.domain.observation import Basis, Point, Series
from dabiao.domain.target import Bounds


class Status(StrEnum):
    """The one word for a target now. Listed in the order in which a person should meet them."""

    MISSED = "missed"
    OFF_TRACK = "off_track"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"
    MET = "met"
    AWAITING = "awaiting"
    UNREPORTED = "unreported"
    REPORTED = "reported"
    NO_DATA = "no_data"


class Reason(StrEnum):
    """Why a target has its status. Reporting only: no logic hangs on it."""

    # decided
    VALUE_MEETS = "value_meets"
    VALUE_MISSES = "value_misses"
    # judged by attainment
    ATTAINMENT_HIGH = "attainment_high"
    ATTAINMENT_MIDDLE = "attainment_middle"
    ATTAINMENT_LOW = "attainment_low"
    RULES_DISAGREE = "rules_disagree"
    # waiting
    VALUE_NOT_IN = "value_not_in"
    REPORT_NOT_IN = "report_not_in"
    REPORT_OVERDUE = "report_overdue"
    REPORT_IN = "report_in"
    # no data
    NO_SERIES = "no_series"
    TOO_SHORT = "too_short"
    STALE = "stale"
    NO_DEADLINE = "no_deadline"
    BASELINE_MISSING = "baseline_missing"
    FORECAST_FAILED = "forecast_failed"


class Provisional(StrEnum):
    """Why a decided target is not settled yet."""

    THIRD_PARTY = "third_party"
    PROXY = "proxy"
    FLASH = "flash"
    TO_DATE = "to_date"


NOT_APPLICABLE = "not_applicable"
"""The one outcome that every rule declares. It always comes with a reason."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one published rule says of a target.

    Attributes:
        outcome: the published word, one of those that the rule declares.
        figure: the number behind the outcome, ``None`` where there is none; infinite only where a rule itself is asked.
        favourable: whether the outcome is on the right side; ``None`` where it is on neither or the rule does not apply.
        message: key of the sentence: ``rule.<rule>.…`` or, where the rule does not apply, ``rule.why.<why>``.
        params: values for the sentence, and further figures of the rule.
        decides: whether this rule may turn ``on_track`` into ``at_risk`` (setting ``deciding_rules``).
    """

    rule: str
    outcome: str
    figure: float | None
    favourable: bool | None
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    decides: bool = False

    @property
    def source(self) -> str:
        """Key of the text that says where the rule was published."""
        return f"rule.{self.rule}.source"


@dataclass(frozen=True, slots=True)
class Step:
    """A forecast of one period: its centre, its intervals, in the indicator's unit."""

    period: str
    point: float
    lower80: float
    upper80: float
    lower95: float
    upper95: float
    distribution: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SeriesForecast:
    """The stored forecast of one series: what made it, and its steps."""

    id: int
    model: str
    model_version: str
    vintage: str
    first_period: str
    last_period: str
    observed: int
    params: Mapping[str, Any]
    warnings: tuple[str, ...]
    made_at: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a responsible unit has reported on a qualitative or delegated target."""

    state: str
    reported_on: date
    by: str
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """One target as it stood on one day, with everything the sentence needs.

    Attributes:
        target_version: version of the target that was valid on ``as_of``.
        bounds: the values that meet it, at the target's precision; ``None`` unless numeric.
        decided_by: the observation period and values that decided it (``met``/``missed`` only).
        series: the series that was judged, ``None`` where there was none.
        attainment: probability that the target holds at its deadline, ``None`` where none can be given.
        late: years after the last observed value that ought to be in but are not.
    """

    target_id: str
    target_version: int
    as_of: date
    status: Status
    reason: Reason
    provisional: tuple[Provisional, ...] = ()
    bounds: Bounds | None = None
    attainment: float | None = None
    point: float | None = None
    lower80: float | None = None
    upper80: float | None = None
    latest: Point | None = None
    decided_by: Point | None = None
    basis: Basis | None = None
    proxy: bool = False
    series: Series | None = None
    forecast: SeriesForecast | None = None
    rules: tuple[RuleResult, ...] = ()
    report: Report | None = None
    late: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def latest_value(self) -> Decimal | None:
        return self.latest.value if self.latest else None
