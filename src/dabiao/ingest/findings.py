"""What a record is read against, and what is found wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.issue import Issue
from dabiao.ingest.mapping import Mapping as MappingFile
from dabiao.ingest.model import Defaults, Record
from dabiao.ingest.periods import Grain
from dabiao.ingest.readers.interface import Cell, Hole, shown

NONE = "–"  # stands in a sentence where there is nothing to name, in either language
Cells = Mapping[str, Cell | Hole]


@dataclass(frozen=True, slots=True)
class Context:
    """What every record of a file is read against. ``grain``: the finest stretch of time that its time column holds."""

    file: str
    catalogue: Catalogue
    defaults: Defaults
    today: date
    grain: Grain = "month"

    @property
    def mapping(self) -> MappingFile:
        """The mapping file of this import."""
        return self.defaults.mapping


@dataclass(slots=True)
class Findings:
    """Collects a record's issues, so that a row with three faults is mended in one go."""

    context: Context
    record: Record
    issues: list[Issue] = field(default_factory=list)

    def add(self, code: str, field_name: str | None, severity: str = "error", **params: Any) -> None:
        """An issue in the column of a field; without one, of the whole row."""
        column = self.record.columns.get(field_name) if field_name else None
        self.issues.append(
            Issue(
                self.context.file,
                code,
                self.record.sheet,
                self.record.row,
                column,
                params,
                severity,
                self.record.raw,
            )
        )

    def refused(self) -> bool:
        """Whether anything found refuses the record."""
        return any(i.severity == "error" for i in self.issues)


def text_of(cells: Cells, name: str) -> str:
    """A field's cell as text on one line; empty where it holds nothing."""
    return " ".join(shown(cells.get(name)).split())
