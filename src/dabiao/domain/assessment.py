"""What is said of a target: its status, the reason, the figures behind it and the rules beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct

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
    REACHED_EARLY = "reached_early"
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
    BASELINE_NOT_POSITIVE = "baseline_not_positive"
    BASIS_MISMATCH = "basis_mismatch"
    MEMBER_MISSING = "member_missing"
    NOT_VALID = "not_valid"
    FORECAST_FAILED = "forecast_failed"


class Provisional(StrEnum):
    """Why a decided target is not settled yet."""

    THIRD_PARTY = "third_party"
    DERIVED = "derived"
    PROXY = "proxy"
    FLASH = "flash"
    TO_DATE = "to_date"


class Caution(StrEnum):
    """What a person must know of the values behind a status. Reporting only: no logic hangs on it."""

    BASIS_CHANGED = "basis_changed"
    SHORT_WINDOW = "short_window"
    GAP_YEARS = "gap_years"
    STALE = "stale"
    COARSE_ROUNDING = "coarse_rounding"
    HEAPING = "heaping"
    CONSTANT = "constant"
    AT_BOUND = "at_bound"
    TOTAL_FALLS = "total_falls"
    PROXY = "proxy"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True)
class Warned:
    """A caution with the figures of its sentence (``caution.<code>``)."""

    code: Caution
    params: Mapping[str, Any] = field(default_factory=dict)


NOT_APPLICABLE = "not_applicable"
"""The one outcome that every rule declares. It always comes with a reason."""


class RuleResult(Struct, frozen=True):
    """What one published rule says of a target.

    A struct: a year's judgement makes millions of them, each in a tenth of the time of a dataclass, and its encoder writes them
    into the row that is stored as they are.

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
    params: Mapping[str, Any] = {}
    decides: bool = False

    @property
    def applies(self) -> bool:
        """Whether the rule spoke at all; where it did not, its message says why."""
        return not self.message.startswith("rule.why.")

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
    """The stored forecast of one series: what made it, and its steps.

    Attributes:
        vintage: digest of the series' own periods and values.
        panel: digest of all series that the model learned from, empty if it learned from this one alone.
        panel_day: the day as of which those were known, ISO; empty without a panel.
        panel_series: how many they were, this one included.
    """

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
    steps: Sequence[Step]
    panel: str = ""
    panel_day: str = ""
    panel_series: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What a responsible unit has reported on a qualitative or delegated target.

    Attributes:
        state: ``done``, ``under_way`` or ``not_done``.
        reported_on: the day of the report, from which it stands.
        unit: who reports.
        evidence: a document's name, a link, or the name under which a file was kept.
        entered_by: who entered it here.
        evidence_kind: ``text``, ``url`` or ``file``.
        evidence_sha256: of the file.
        version: its number among the target's reports; 0 before it is recorded.
    """

    state: str
    reported_on: date
    unit: str
    evidence: str
    note: str
    entered_by: str = ""
    evidence_kind: str = "text"
    evidence_sha256: str | None = None
    version: int = 0


class Agreement(NamedTuple):
    """How many rules are on the right side, on the wrong side, on neither, and how many do not apply."""

    favourable: int
    against: int
    neither: int
    not_applicable: int

    @property
    def disagree(self) -> bool:
        """Whether rules that apply say both."""
        return self.favourable > 0 and self.against > 0


class Part(NamedTuple):
    """One member of a region group as it stands.

    Attributes:
        value, period: the value that decides it, else the latest one; ``None`` where none is known.
        decided: whether that value decides it.
        attainment: probability that this member holds.
        observations: ids of the observations behind the value.
    """

    region: str
    status: Status
    reason: Reason
    value: Decimal | None
    period: str | None
    decided: bool
    attainment: float | None
    observations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """How the members of a region group stand together.

    Attributes:
        worst: the member by which the target is judged; ``None`` where nothing is known of any.
        missing: members of which too little is known.
        upper, lower: the joint attainment if members moved as one (the worst member's own), and if they were independent.
    """

    parts: tuple[Part, ...]
    worst: str | None
    missing: tuple[str, ...] = ()
    upper: float | None = None
    lower: float | None = None


@dataclass(frozen=True, slots=True)
class Reopened:
    """That a frozen decision no longer agrees with what is known: why, and both sides.

    ``why`` is ``value_revised``, ``value_withdrawn`` or ``target_corrected``.
    """

    why: str
    since: date | None
    status: Status
    value: str | None


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
        warnings: what a person must know of the values.
        group: how the members stand, for a region group of which each must meet the target.
        reopened: set on a frozen decision that what is known now contradicts; the status is then the frozen one.
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
    warnings: tuple[Warned, ...] = ()
    group: Group | None = None
    reopened: Reopened | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def agreement(self) -> Agreement:
        """How far the rules agree."""
        said = [r.favourable for r in self.rules if r.applies]
        return Agreement(said.count(True), said.count(False), said.count(None), len(self.rules) - len(said))

    @property
    def worst_member(self) -> str | None:
        """The member by which a region group is judged."""
        return self.group.worst if self.group else None

    @property
    def latest_value(self) -> Decimal | None:
        return self.latest.value if self.latest else None
