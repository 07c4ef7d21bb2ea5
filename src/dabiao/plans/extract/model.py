"""What the extractor hands on: a proposal with everything that a declared target has, and what is uncertain of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dabiao.domain.target import Comparator, Kind, Measure

CODES = (
    "baseline_assumed",
    "comparator_bare",
    "count_of_subject",
    "date_damaged",
    "deadline_after_plan",
    "deadline_inherited",
    "deadline_missing",
    "deadline_plan_end",
    "deadline_start_year",
    "from_table",
    "hedged",
    "indicator_inherited",
    "indicator_near",
    "indicator_new",
    "list_split",
    "no_finishing_date",
    "phrase_damaged",
    "region_assumed",
    "region_group",
    "region_unknown",
    "tolerance_assumed",
    "unit_converted",
    "unit_restored",
    "value_numeral",
    "value_range",
    "weak_task",
)
"""Every code that ``uncertain`` may hold; each has a message under ``extract.uncertain.`` in both languages."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A target as read from the text. Nothing enters the register unreviewed.

    Attributes:
        region: the place as named; ``region_id`` is its id in the catalogue, ``None`` where it has none.
        indicator: an id of the catalogue, or a new name where ``uncertain`` has ``indicator_new``.
        quote: characters ``start`` to ``start + len(quote)`` of the text as given, untouched.
        uncertain: codes of what a reviewer should look at, in alphabetical order.
        rules: names of the rules that spoke, so that a proposal can be explained.
    """

    id: str
    plan: str
    region: str | None
    region_id: str | None
    adcode: str | None
    indicator: str
    indicator_zh: str
    measure: Measure
    kind: Kind
    quote: str
    start: int
    clause: str
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: str | None = None
    tolerance: Decimal | None = None
    deadline: str | None = None
    deadline_note: str | None = None
    stretch: bool = False
    baseline_period: str | None = None
    baseline_value: Decimal | None = None
    change: Literal["relative", "absolute"] | None = None
    lead_units: tuple[str, ...] = ()
    responsible_units: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        """Where the quote ends in the text."""
        return self.start + len(self.quote)
