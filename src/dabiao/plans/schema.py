"""The shape of a plan file (docs/plan-files.md). A file that is incomplete or names an unknown field is refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from dabiao.domain.observation import Tier
from dabiao.domain.period import Period, deadline_end
from dabiao.domain.target import Comparator, IndicatorType, Kind, Measure, Together


def _as_printed(value: Any) -> Any:
    """A number from YAML as a decimal; :mod:`dabiao.plans.load` keeps the digits of 45.20 as written."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Number = Annotated[Decimal, BeforeValidator(_as_printed)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
MonthDay = Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BaselineSpec(_Strict):
    """Baseline of a ``change`` target; ``value`` only where the plan prints it."""

    period: Text
    value: Number | None = None

    @model_validator(mode="after")
    def _period(self) -> Self:
        Period.parse(self.period)
        return self


class MilestoneSpec(_Strict):
    """A value to reach on the way, as issued by the plan or a later document. Never one that we drew."""

    period: Text
    value: Number
    document: Text
    quote: Text | None = None

    @model_validator(mode="after")
    def _period(self) -> Self:
        Period.parse(self.period)
        return self


class SeriesSpec(_Strict):
    """Which series decides, where the target's own region and official sources do not give one."""

    region: Text
    indicator: Name | None = None
    tiers: Annotated[list[Tier], Field(min_length=1)] = [Tier.OFFICIAL, Tier.PRESS]
    proxy: bool = False
    why_zh: Text
    why_en: Text


class AttachedSpec(_Strict):
    """The document that gives a delegated target its number."""

    document: Text
    url: Text | None = None
    issued: Day
    quote: Text
    by: Text | None = None


class ReportsSpec(_Strict):
    """The days of every year by which the responsible unit reports on a target without a number, and who says so."""

    by: Annotated[list[MonthDay], Field(min_length=1)]
    note: Text

    @model_validator(mode="after")
    def _days(self) -> Self:
        for day in self.by:
            date.fromisoformat(f"2001-{day}")  # no leap year: a day that every year has
        if self.by != sorted(set(self.by)):
            raise ValueError("reports: write each day once, in the order of the year")
        return self


class TargetSpec(_Strict):
    """One entry of ``targets``."""

    id: Slug
    indicator: Name
    region: Text
    measure: Measure
    kind: Kind
    comparator: Comparator | None = None
    value: Number | None = None
    unit: Text | None = None
    tolerance: Number | None = None
    tolerance_note: Text | None = None
    deadline: Text | None = None
    deadline_note: Text | None = None
    stretch: bool = False
    baseline: BaselineSpec | None = None
    change: Literal["relative", "absolute"] | None = None
    clause: Text
    quote: Annotated[str, StringConstraints(min_length=1)]
    lead_units: list[Text] = []
    responsible_units: list[Text] = []
    series: SeriesSpec | None = None
    together: Together = Together.EACH
    printed: Text | None = None
    read_as: Text | None = None
    read_why: Text | None = None
    same_as: list[Slug] = []
    milestones: list[MilestoneSpec] = []
    since: Day | None = None
    since_note: Text | None = None
    attached: AttachedSpec | None = None
    reports: ReportsSpec | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        numeric = self.measure is Measure.NUMERIC
        if numeric and (self.comparator is None or self.value is None):
            raise ValueError("numeric_incomplete: a numeric target needs comparator and value")
        if not numeric and (self.comparator is not None or self.value is not None):
            raise ValueError("not_numeric: only a numeric target has comparator and value")
        if (self.comparator is Comparator.ABOUT) != (self.tolerance is not None):
            raise ValueError("tolerance: ~= needs a tolerance, and nothing else has one")
        if (self.tolerance is None) != (self.tolerance_note is None):
            raise ValueError("tolerance_note: a tolerance says why it is that wide")
        if self.deadline is None and self.deadline_note is None:
            raise ValueError("deadline: give a deadline, or deadline_note why there is none")
        if self.deadline is not None:
            if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", self.deadline):
                raise ValueError("deadline: write YYYY, YYYY-MM or YYYY-MM-DD")
            deadline_end(self.deadline)
        if (self.since is None) != (self.since_note is None):
            raise ValueError(
                "since: a correction names the day from which it counts and the document that makes it"
            )
        if (self.printed is None) != (self.read_as is None) or (self.printed is None) != (
            self.read_why is None
        ):
            raise ValueError("printed: printed, read_as and read_why come together")
        if numeric and self.kind is Kind.CHANGE and (self.baseline is None or self.change is None):
            raise ValueError(
                "change: a numeric change needs its baseline and whether it is relative or absolute"
            )
        return self


class YearSpan(_Strict):
    """First and last year of a plan."""

    start: Annotated[int, Field(ge=1990, le=2100)]
    end: Annotated[int, Field(ge=1990, le=2100)]

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end < self.start:
            raise ValueError("period: ends before it starts")
        return self


class ScheduleBase(_Strict):
    """Where our linear schedule line starts when a target declares no baseline. Not official, and shown so."""

    period: Text
    why_zh: Text
    why_en: Text


class PlanSpec(_Strict):
    """The head of a plan file."""

    id: Slug
    title: Text
    title_en: Text
    short_zh: Annotated[str, StringConstraints(min_length=1, max_length=12)]
    short_en: Text
    issuer: Text | None = None
    document_number: Text | None = None
    issued: Day
    issued_note: Text | None = None
    region: Text
    period: YearSpan
    schedule_base: ScheduleBase | None = None
    reports: ReportsSpec | None = None
    note: Text | None = None
    text_sha256: Sha256


class PlanFile(_Strict):
    """A whole plan file."""

    # Not named ``schema``: that would hide pydantic's own method.
    version: Annotated[Literal[1], Field(alias="schema")]
    plan: PlanSpec
    targets: Annotated[list[TargetSpec], Field(min_length=1)]


class IndicatorSpec(_Strict):
    """One entry of ``indicators.yaml``."""

    id: Name
    zh: Text
    en: Text
    unit: Text | None
    type: IndicatorType
    direction: Literal["lower", "higher"]
    bounds: tuple[Number | None, Number | None]
    decimals: Annotated[int, Field(ge=0, le=6)]
    frequency: Literal["annual", "quarterly", "monthly"]
    aliases: list[Text] = []


class UnitSpec(_Strict):
    """One row of ``units.csv``."""

    id: Slug
    region: Text
    zh: Text
    en: Text
    aliases: Annotated[list[Text], Field(min_length=1)]


class RegionSpec(_Strict):
    """One row of ``regions.csv``."""

    id: Annotated[str, StringConstraints(pattern=r"^(\d{6}|[a-z][a-z0-9]*(-[a-z0-9]+)*)$")]
    zh: Text
    en: Text
    short_zh: Text
    parent: str | None
    level: Literal["province", "prefecture", "county", "group"]
    members: list[str]
    aliases: list[str]
