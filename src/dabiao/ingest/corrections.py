"""Reviewed corrections, as YAML: what a source printed wrongly, what it should be, who says so and why.

::

    - id: hohhot-2021-04-pm25
      source: 呼和浩特市2021年1—4月环境空气质量通报
      region: "150100"
      indicator: pm25
      period: 2021-01/2021-04
      expect: "38"            # the guard: applied only while the source's value reads so
      value: "35"             # or  withdraw: true
      reason: 附表与正文不一致，以正文为准
      reviewer: 王某
      date: 2026-11-20        # known from this day
      evidence: https://example.gov.cn/…

A file is a list of such entries. The value that stood is never lost: the correction supersedes it from its own day on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from dabiao.domain.issue import Issue
from dabiao.domain.observation import Basis, State
from dabiao.domain.period import Period


def _address(text: str) -> str:
    if not text.lower().startswith(("http://", "https://")):
        raise ValueError("not a web address (http:// or https://)")
    return text


def _period(text: str) -> str:
    Period.parse(text)
    return text


def _basis(text: str) -> str:
    if Basis.parse(text).authority not in Basis.AUTHORITIES:
        raise ValueError("not a basis, as observations --format json has it")
    return text


def _number(text: Any) -> Any:
    if isinstance(text, float | bool):
        raise ValueError('write the number in quotation marks, as printed ("27.0")')
    return text


_Text = Annotated[str, Field(min_length=1), BeforeValidator(lambda v: str(v) if isinstance(v, int) else v)]


class Correction(BaseModel):
    """One entry.

    Attributes:
        basis, state: only needed where the source has several values for the period that read alike.
        expect: the value as the source prints it (``printed`` in ``observations --format json``).
        value: the corrected value in the indicator's unit; ``None`` where the value is withdrawn.
        date: the first day on which the correction is known.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    source: _Text
    region: _Text
    indicator: _Text
    period: Annotated[_Text, AfterValidator(_period)]
    basis: Annotated[str, AfterValidator(_basis)] | None = None
    state: State | None = None
    expect: Annotated[_Text, BeforeValidator(_number)]
    value: Annotated[Decimal | None, BeforeValidator(_number), Field(allow_inf_nan=False)] = None
    withdraw: bool = False
    reason: _Text
    reviewer: _Text
    date: date
    evidence: Annotated[str, AfterValidator(_address)]

    @model_validator(mode="after")
    def _one_of_both(self) -> Correction:
        if self.withdraw is (self.value is not None):
            raise ValueError("give either value or withdraw: true")
        return self

    @property
    def digest(self) -> str:
        """Of everything it says: a correction that is edited is applied again."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Declared:
    """A correction and the file where it stands."""

    path: Path
    correction: Correction


def read_corrections(paths: Iterable[Path]) -> tuple[list[Declared], list[Issue]]:
    """Every sound correction of some files, and what is wrong with the others; an id may stand once in all files."""
    found: dict[str, Declared] = {}
    issues: list[Issue] = []
    for path in paths:
        try:
            entries: Any = yaml.safe_load(path.read_text("utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
            detail = " ".join(str(error).split())
            issues.append(Issue(path.name, "correction_broken", params={"detail": detail}))
            continue
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
            try:
                correction = Correction.model_validate(entry)
            except ValidationError as error:
                issues += [_wrong(path, number, entry, e) for e in error.errors()]
                continue
            if correction.id in found:
                other = found[correction.id].path.name
                params = {"id": correction.id, "other": other}
                issues.append(Issue(path.name, "correction_id_twice", row=number, params=params))
                continue
            found[correction.id] = Declared(path, correction)
    return list(found.values()), issues


def _wrong(path: Path, number: int, entry: Any, error: Any) -> Issue:
    name = entry.get("id", number) if isinstance(entry, dict) else number
    where = ".".join(map(str, error["loc"]))
    said = error["msg"].removeprefix("Value error, ")
    params = {"id": str(name), "detail": f"{where}: {said}" if where else said}
    return Issue(path.name, "correction_wrong", row=number, params=params)
