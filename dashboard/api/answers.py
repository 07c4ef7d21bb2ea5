"""What the operations answer, as models: the rows of the contracts (docs/api.md), field by field; here those of targets."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

Number = int | float


class Answer(BaseModel):
    """Every field is always there; one without a value is ``null``. A later version may have more fields."""

    model_config = ConfigDict(extra="forbid")


class Milestone(Answer):
    """A value issued for a period on the way."""

    period: str
    value: Number | None
    document: str


class Target(Answer):
    """A declared target: a row of ``dabiao targets list``."""

    id: str
    plan: str
    region: str
    adcode: str | None
    indicator: str
    indicator_zh: str
    comparator: str | None
    value: Number | None
    unit: str | None
    deadline: str | None
    measure: str
    kind: str
    stretch: bool
    baseline_period: str | None
    baseline_value: Number | None
    quote: str
    clause: str
    lead_units: list[str]
    responsible_units: list[str]
    region_id: str
    region_en: str
    indicator_en: str
    tolerance: Number | None
    deadline_note: str | None
    version: int
    known_on: str
    series_region: str
    proxy: bool
    milestones: list[Milestone]
    same_as: list[str]
    lead_unit_ids: list[str]
    responsible_unit_ids: list[str]
    note: str | None


class RuleOutcome(Answer):
    """What one published rule says of a target."""

    rule: str
    outcome: str
    figure: float | None
    says: str
    favourable: bool | None
    decides: bool
    source: str


class Agreement(Answer):
    """How many of the rules that apply are on which side."""

    favourable: int
    against: int
    neither: int
    not_applicable: int


class Caution(Answer):
    """What a person must know of the values behind a status."""

    model_config = ConfigDict(extra="forbid")

    code: str
    says: str


class Member(Answer):
    """A member of a region group where each must meet the target."""

    region_id: str
    region: str
    worst: bool
    status: str
    reason: str
    attainment: float | None
    period: str | None
    value: Number | None


class Reopened(Answer):
    """What contradicts a frozen status."""

    why: str
    says: str
    since: str | None
    status_now: str
    value_now: Number | None


class Status(Answer):
    """The status of a target as known on a day: a row of ``dabiao status``."""

    target_id: str
    as_of: str
    status: str
    provisional: bool
    reason: str
    attainment: float | None
    point: float | None
    lower80: float | None
    upper80: float | None
    latest_period: str | None
    latest_value: Number | None
    basis: str | None
    proxy: bool
    rules: list[RuleOutcome]
    plan: str
    region: str
    indicator: str
    indicator_name: str
    deadline: str | None
    target_version: int
    provisional_reasons: list[str]
    basis_text: str | None
    tier: str | None
    series_region: str | None
    model: str | None
    vintage: str | None
    sentence: str
    agreement: Agreement
    warnings: list[Caution]
    together: str | None
    worst_member: str | None
    members: list[Member] | None
    attainment_upper: float | None
    attainment_independent: float | None
    reopened: Reopened | None
    report_due: str | None


class Explanation(Status):
    """A status with everything behind it: headed lists of sentences."""

    explanation: dict[str, list[str]]


class Wrong(Answer):
    """A part of a request that cannot be used."""

    where: str
    name: str
    message: str


class Problem(Answer):
    """Why a request was not answered (RFC 9457); ``code`` is a fixed word for programs."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[Wrong]
