"""What a file is read into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from dabiao.domain.issue import Issue
from dabiao.domain.observation import Basis, Qualifier, State, Tier
from dabiao.domain.period import Period
from dabiao.ingest.changes import Change
from dabiao.ingest.mapping import EMPTY
from dabiao.ingest.mapping import Mapping as MappingFile


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands for every value of a file that does not say otherwise. A column of the file goes before it.

    Attributes:
        source: title of the source; the file's name where ``None``.
        published: day of publication; the day of import where ``None`` (then ``known_rule`` is ``imported``).
        mapping: what a mapping file settles.
        tier: how far the source speaks for the authority. ``None`` means nobody said: ``official`` is taken, because
            the office that owns a figure is the one that drops files here, and the reading says that it was taken.
    """

    source: str | None = None
    published: date | None = None
    tier: Tier | None = None
    mapping: MappingFile = EMPTY


@dataclass(frozen=True, slots=True)
class Record:
    """One value of a file with all that stands around it, nothing interpreted yet.

    Attributes:
        row: 1-based row as a spreadsheet shows it.
        column: heading of the value's column as printed, with its letter.
        fields: field name (see :mod:`dabiao.ingest.headings`) → cell.
        columns: field name → heading as printed, for issues.
        raw: the whole row's cells as text.
    """

    sheet: str | None
    row: int
    column: str
    fields: Mapping[str, Any]
    columns: Mapping[str, str]
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value that may become an observation: everything but who recorded it and what it supersedes.

    Attributes:
        value: in the indicator's own unit; ``None`` where the file marks the value as missing.
        printed: as the file prints it, with its unit where that was converted.
        unit: the indicator's unit; empty where it has none.
        change: what the file prints beside it as the change against the year before (同比).
    """

    region: str
    indicator: str
    period: Period
    value: Decimal | None
    printed: str
    qualifier: Qualifier | None
    unit: str
    basis: Basis
    tier: Tier
    state: State
    source: str
    source_url: str
    published: date | None
    known_on: date
    known_rule: str
    note: str | None
    sheet: str | None
    row: int
    column: str
    raw: tuple[str, ...]
    change: Change | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What a file may state once: the same figure, from the same source, in the same state, of the same day."""
        return (
            self.region,
            self.indicator,
            self.period,
            str(self.basis),
            self.source,
            self.source_url,
            self.state,
            self.published,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read.

    Attributes:
        rows: the values that can be taken, in the file's order.
        issues: everything refused or warned of.
        refused: how many values were refused (one value may have several issues).
        repeated: how many values only repeat another of the same file.
        ignored: how many cells were left aside: unread columns, ranks, averages. Each kind has its note among the issues.
        description: how the file was read, plain JSON: encoding rung, delimiter, and for each sheet its layout, heading row
            and what each column was taken for, then what was assumed.
        held: rows refused with their whole table, whose fault stands once among the issues.
    """

    file: str
    sha256: str
    size: int
    rows: tuple[Candidate, ...]
    issues: tuple[Issue, ...]
    refused: int
    repeated: int
    description: Mapping[str, Any] = field(default_factory=dict)
    ignored: int = 0
    held: tuple[Issue, ...] = ()
