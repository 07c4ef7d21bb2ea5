"""Mapping files: what a person has settled for one source's files, where the files themselves leave it open."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping as Map
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from dabiao.domain.catalogue import normalise_name
from dabiao.errors import ImportRefused

SUFFIXES = (".yaml", ".yml")
IGNORE = "ignore"
Text = Annotated[str, Field(min_length=1)]
FieldName = Literal[
    "region", "adcode", "indicator", "period", "year", "month", "quarter", "hour", "value", "unit", "tier", "state", "dust",
    "condition", "scope", "standard", "source", "source_url", "published", "known_on", "note",
]  # fmt: skip
_LETTER = re.compile(r"\$[A-Za-z]{1,3}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Match(_Strict):
    """Which files the mapping is for; what is given must all hold."""

    file: Annotated[Text | None, Field(description="Glob of the file's name: 泉州*月报*.xls*")] = None
    source: Annotated[Text | None, Field(description="Glob of the source given with the import.")] = None

    @model_validator(mode="after")
    def _something(self) -> Match:
        if self.file is None and self.source is None:
            raise ValueError("give file or source")
        return self


class Constants(_Strict):
    """What holds for every value that does not say otherwise in a column of its own."""

    region: Text | None = None
    indicator: Text | None = None
    unit: Text | None = None
    period: Text | None = None
    year: Text | None = None
    tier: Text | None = None
    state: Text | None = None
    dust: Text | None = None
    condition: Text | None = None
    scope: Text | None = None
    standard: Text | None = None
    source: Text | None = None
    source_url: Text | None = None
    published: Text | None = None
    note: Text | None = None

    @field_validator("published", "period", mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        """YAML takes 2024-06-05 for a date."""
        return value.isoformat() if isinstance(value, date) else value


class Column(Constants):
    """What one column holds: a ``field`` of its rows, values that the other keys describe, or nothing to be read."""

    field: FieldName | None = None
    ignore: bool = False

    @model_validator(mode="after")
    def _one_meaning(self) -> Column:
        said = self.model_dump(exclude_none=True, exclude={"field", "ignore"})
        if self.ignore and (said or self.field):
            raise ValueError("ignore stands alone")
        if not self.ignore and not said and self.field is None:
            raise ValueError("give field, ignore, or what the values are (indicator, period, region, unit …)")
        if self.field not in (None, "value") and said:
            raise ValueError("a column that is a field says nothing of values")
        return self


class Mapping(_Strict):
    """One mapping file.

    Attributes:
        match: which files it is for, when it lies in the folder of mappings.
        sheets: globs of the sheets to read; all where empty.
        heading_rows: the rows of the heading, 1-based and next to each other; 0 for a table without one; found where ``None``.
        last_row: rows below are not read.
        skip_rows: rows that hold no values: averages, notes, sub-titles.
        fill_down: fields whose empty cells take the value above (merged cells that a text file has lost).
        columns: heading as printed, or ``$C`` for the column C → what it holds: a field's name, ``ignore``, or a table of keys.
        constants: what holds for every value.
        regions, indicators, periods: names as this source prints them → declared name or id, or a period.
        missing: words by which this source marks a value as missing.
    """

    match: Match | None = None
    sheets: tuple[Text, ...] = ()
    heading_rows: tuple[Annotated[int, Field(ge=0, le=1000)], ...] | None = None
    last_row: Annotated[int, Field(ge=1)] | None = None
    skip_rows: tuple[Annotated[int, Field(ge=1)], ...] = ()
    fill_down: tuple[FieldName, ...] = ()
    columns: dict[Text, Column] = Field(default_factory=dict)
    constants: Constants = Constants()
    regions: dict[Text, Text] = Field(default_factory=dict)
    indicators: dict[Text, Text] = Field(default_factory=dict)
    periods: dict[Text, Text] = Field(default_factory=dict)
    missing: tuple[Text, ...] = ()
    name: Annotated[str, Field(exclude=True)] = ""

    @field_validator("sheets", "fill_down", "missing", "skip_rows", "heading_rows", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str | int) else value

    @field_validator("heading_rows")
    @classmethod
    def _adjoining(cls, value: tuple[int, ...] | None) -> tuple[int, ...] | None:
        if value in (None, (0,)):
            return value
        if not value or 0 in value or list(value) != list(range(value[0], value[0] + len(value))):
            raise ValueError(
                "rows of one heading stand next to each other, such as [2, 3]; 0 alone means none"
            )
        return value

    @field_validator("columns", mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """``城市: region`` for ``{field: region}``, ``排名: ignore`` for ``{ignore: true}``, ``浓度: pm25`` for ``{indicator: pm25}``."""
        if not isinstance(value, dict):
            return value
        return {key: _spelt_out(said) if isinstance(said, str) else said for key, said in value.items()}

    def to_json(self) -> dict[str, Any] | None:
        """What the mapping says, with its file's name; ``None`` for the empty one."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        return {**said, "name": self.name} if said or self.name else None

    @classmethod
    def from_json(cls, said: Map[str, Any] | None) -> Mapping:
        """The inverse of :meth:`to_json`."""
        return cls.model_validate(said) if said else EMPTY

    def column(self, number: int, printed: str) -> Column | None:
        """What the mapping says of a column, by its letter or its heading; ``None`` if nothing."""
        wanted = normalise_name(printed)
        for key, column in self.columns.items():
            if _LETTER.fullmatch(key):
                if key[1:].upper() == letter(number):
                    return column
            elif normalise_name(key) == wanted:
                return column
        return None

    def translated(self, printed: str) -> Column | None:
        """A heading that is one of this source's names for an indicator, a region or a period."""
        for key in ("indicator", "region", "period"):
            name = self.name_of(key, printed)
            if name is not None:
                return Column.model_validate({key: name})
        return None

    def name_of(self, key: Literal["region", "indicator", "period"], printed: str) -> str | None:
        """The declared name of one of this source's names; ``None`` where the mapping has none."""
        names: dict[str, str] = getattr(self, f"{key}s")
        if not names or not printed:
            return None
        wanted = normalise_name(printed)
        return next((name for text, name in names.items() if normalise_name(text) == wanted), None)

    def reads(self, sheet: str | None) -> bool:
        """Whether a sheet is among those to be read."""
        return sheet is None or not self.sheets or any(fnmatch.fnmatchcase(sheet, s) for s in self.sheets)


EMPTY = Mapping()


def _spelt_out(said: str) -> dict[str, Any]:
    if said == IGNORE:
        return {"ignore": True}
    return {"field": said} if said in get_args(FieldName) else {"indicator": said}


def letter(number: int) -> str:
    """A column as a spreadsheet names it: 0 → A, 26 → AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def load_mapping(path: Path) -> Mapping:
    """Read one mapping file.

    Raises:
        ImportRefused: ``mapping_unreadable`` or ``mapping_wrong``; it names the file, the key and the mend.
    """
    return _validated(_raw(path), path)


def mapping_for(folder: Path, file: str, source: str | None) -> Mapping | None:
    """The mapping of a folder that is for a file, ``None`` if none is.

    Args:
        folder: holds ``*.yaml``; it need not be there.
        file: the file's name.
        source: the source given with the import.

    Raises:
        ImportRefused: as :func:`load_mapping`; ``mapping_twice`` where several are for this file. A file of the folder that is
            for others is not validated.
    """
    found: list[Mapping] = []
    for path in sorted(p for p in folder.glob("*") if p.suffix in SUFFIXES) if folder.is_dir() else ():
        raw = _raw(path)
        match = raw.get("match")
        if match is not None and not isinstance(match, dict):
            _validated(raw, path)
        if match and _matches(match, file, source):
            found.append(_validated(raw, path))
    if len(found) > 1:
        raise ImportRefused("mapping_twice", file=file, mappings=", ".join(m.name for m in found))
    return found[0] if found else None


def _matches(match: Map[str, Any], file: str, source: str | None) -> bool:
    for key, text in (("file", file), ("source", source or "")):
        glob = match.get(key)
        if glob is not None and not fnmatch.fnmatchcase(text.casefold(), str(glob).casefold()):
            return False
    return bool(match.get("file") or match.get("source"))


def _raw(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        detail = getattr(error, "problem", None) or str(error)
        raise ImportRefused("mapping_unreadable", file=path.name, line=line, detail=detail) from error
    if not isinstance(raw, dict):
        raise ImportRefused("mapping_unreadable", file=path.name, line=1, detail="not a mapping of keys")
    return raw


def _validated(raw: dict[str, Any], path: Path) -> Mapping:
    try:
        return Mapping.model_validate({**raw, "name": path.name})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "–"
        detail = first["msg"].removeprefix("Value error, ")
        known = ", ".join(n for n in Mapping.model_fields if n != "name")
        raise ImportRefused("mapping_wrong", file=path.name, key=key, detail=detail, known=known) from error
