"""Read ``data/``: regions, indicators, plan files and the plans' texts. Every fault is collected, with file and line."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Comparator, Indicator, Kind, Measure, Region, Unit
from dabiao.plans.schema import IndicatorSpec, PlanFile, RegionSpec, TargetSpec, UnitSpec

_M = TypeVar("_M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a declared file. ``code`` is a key under ``finding.`` in the message catalogues."""

    file: str
    line: int | None
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Declared:
    """Everything that ``data/`` declares. ``findings`` with severity ``error`` mean that it must not be loaded."""

    catalogue: Catalogue
    plans: tuple[PlanFile, ...]
    texts: dict[str, str]
    digests: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity == "error")


def load(data: Path) -> Declared:
    """Read and check all declared files below ``data``.

    Reads ``regions.csv``, ``indicators.yaml``, ``units.csv``, ``plans/*.yaml`` and ``plans/texts/*.txt``. Never raises for a wrong
    file: each fault is a :class:`Finding`.
    """
    findings: list[Finding] = []
    digests: dict[str, str] = {}
    regions = _regions(data / "regions.csv", findings, digests)
    indicators = _indicators(data / "indicators.yaml", findings, digests)
    units = _units(data / "units.csv", regions, findings, digests)
    catalogue = Catalogue(regions, indicators, units)
    plans: list[PlanFile] = []
    lines_of: dict[str, int] = {}
    texts: dict[str, str] = {}
    seen: dict[str, str] = {}
    for path in sorted((data / "plans").glob("*.yaml")):
        raw = _bytes(path, findings, digests)
        if raw is None:
            continue
        text_path = path.parent / "texts" / f"{path.stem}.txt"
        text_raw = _bytes(text_path, findings, digests)
        text = "" if text_raw is None else text_raw.decode("utf-8", errors="strict")
        parsed = _plan(path, raw, findings)
        if parsed is None:
            continue
        plan, lines = parsed
        if plan.plan.id != path.stem:
            findings.append(
                Finding(path.name, 1, "plan_id_not_file_name", {"id": plan.plan.id, "name": path.stem})
            )
        if text_raw is not None and hashlib.sha256(text_raw).hexdigest() != plan.plan.text_sha256:
            findings.append(Finding(path.name, 1, "text_changed", {"text": text_path.name}))
        if plan.plan.region not in regions:
            findings.append(Finding(path.name, 1, "region_unknown", {"region": plan.plan.region}))
        for target, line in zip(plan.targets, lines, strict=True):
            if target.id in seen and (target.since is None or seen[target.id] != path.name):
                findings.append(
                    Finding(path.name, line, "id_double", {"id": target.id, "file": seen[target.id]})
                )
            seen[target.id] = path.name
            lines_of[target.id] = line
            findings.extend(
                Finding(path.name, line, code, {"id": target.id, **params}, severity)
                for code, params, severity in faults(target, plan, text, catalogue)
            )
        plans.append(plan)
        texts[plan.plan.id] = text
    for plan in plans:
        for target in plan.targets:
            findings.extend(
                Finding(
                    seen[target.id], lines_of[target.id], "same_as_unknown", {"id": target.id, "other": other}
                )
                for other in target.same_as
                if other not in seen
            )
    return Declared(catalogue, tuple(plans), texts, digests, tuple(findings))


# -- one target ------------------------------------------------------------------------------------------------

Fault = tuple[str, dict[str, Any], str]


def faults(
    target: TargetSpec,
    plan: PlanFile,
    text: str,
    catalogue: Catalogue,
) -> Iterator[Fault]:
    """What is wrong with one target beside its shape: names, units, direction, and its quote against the text."""
    regions, indicators = catalogue.regions, catalogue.indicators
    if not target.id.startswith(f"{plan.plan.id}-"):
        yield "id_prefix", {"plan": plan.plan.id}, "error"
    if target.region not in regions:
        yield "region_unknown", {"region": target.region}, "error"
    if target.series is not None:
        if target.series.region not in regions:
            yield "region_unknown", {"region": target.series.region}, "error"
        if target.series.proxy != (target.series.region != target.region):
            yield "proxy_flag", {}, "error"
        if target.series.indicator is not None and target.series.indicator not in indicators:
            yield "indicator_unknown", {"indicator": target.series.indicator}, "error"
    if text and target.quote not in text:
        yield "quote_not_in_text", {"quote": target.quote}, "error"
    for name in (*target.lead_units, *target.responsible_units):
        if catalogue.unit_of(plan.plan.region, name) is None:
            yield "unit_of_government_unknown", {"name": name}, "warning"
    indicator = indicators.get(target.indicator)
    if indicator is None:
        yield "indicator_unknown", {"indicator": target.indicator}, "error"
        return
    if target.measure is not Measure.NUMERIC or target.value is None:
        return
    if not _states(target.quote, str(target.value)):
        yield "quote_without_value", {"quote": target.quote, "value": str(target.value)}, "warning"
    if target.kind in (Kind.LEVEL, Kind.COUNT) and target.unit != indicator.unit:
        yield (
            "unit_not_indicators",
            {"unit": target.unit or "—", "indicator": indicator.id, "own": indicator.unit or "—"},
            "error",
        )
    low, high = indicator.bounds
    if target.kind is Kind.LEVEL and (
        (low is not None and target.value < low) or (high is not None and target.value > high)
    ):
        yield "value_out_of_bounds", {"value": str(target.value), "indicator": indicator.id}, "error"
    worse = (
        {Comparator.GE, Comparator.GT} if indicator.direction == "lower" else {Comparator.LE, Comparator.LT}
    )
    if target.kind is not Kind.CHANGE and target.comparator in worse:
        yield (
            "comparator_against_direction",
            {
                "comparator": str(target.comparator),
                "indicator": indicator.id,
                "direction": indicator.direction,
            },
            "error",
        )


_NUMERAL = re.compile(r"[一二三四五六七八九十百千万两零半]")


def _states(quote: str, value: str) -> bool:
    """Whether a quote prints the value, in digits of either width, or at least has a Chinese numeral to be read."""
    plain = unicodedata.normalize("NFKC", quote).replace(",", "")
    if re.search(rf"(?<![\d.]){re.escape(value)}(?![\d]|\.\d)", plain):
        return True
    # 五分之一, 两次: a numeral that only a reader can hold against the value
    return "分之" in quote or (_NUMERAL.search(quote) is not None and not re.search(r"\d", plain))


class Loader(yaml.CSafeLoader):
    """Numbers with the digits as written: a float would make 45.20 of a plan 45.2, and its precision is what binds."""


def _as_written(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Decimal | float:
    try:
        return Decimal(node.value)
    except InvalidOperation:
        found: float = loader.construct_yaml_float(node)
        return found


Loader.add_constructor("tag:yaml.org,2002:float", _as_written)


# -- files -----------------------------------------------------------------------------------------------------


def _bytes(path: Path, findings: list[Finding], digests: dict[str, str]) -> bytes | None:
    try:
        raw = path.read_bytes()
        raw.decode("utf-8")
    except FileNotFoundError:
        findings.append(Finding(path.name, None, "file_missing"))
        return None
    except UnicodeDecodeError as error:
        findings.append(Finding(path.name, None, "file_not_utf8", {"position": error.start}))
        return None
    digests[path.name] = hashlib.sha256(raw).hexdigest()
    return raw


def _plan(path: Path, raw: bytes, findings: list[Finding]) -> tuple[PlanFile, list[int]] | None:
    try:
        node = yaml.compose(raw)
        content = yaml.load(raw, Loader=Loader)  # noqa: S506 - the safe one, with decimals
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or str(error)
        findings.append(Finding(path.name, line, "yaml_broken", {"detail": problem}))
        return None
    lines = _target_lines(node)
    try:
        return PlanFile.model_validate(content), lines
    except ValidationError as error:
        findings.extend(
            Finding(path.name, _line(fault["loc"], lines), "shape", _shape(fault, content))
            for fault in error.errors()
        )
        return None


def _target_lines(node: Any) -> list[int]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "targets" and isinstance(value, yaml.SequenceNode):
                return [item.start_mark.line + 1 for item in value.value]
    return []


def _line(loc: Sequence[Any], lines: list[int]) -> int | None:
    if len(loc) >= 2 and loc[0] == "targets" and isinstance(loc[1], int) and loc[1] < len(lines):
        return lines[loc[1]]
    return 1


def _shape(fault: Any, content: Any) -> dict[str, Any]:
    where = ".".join(str(part) for part in fault["loc"])
    loc = fault["loc"]
    name = where
    if len(loc) >= 2 and loc[0] == "targets" and isinstance(content, dict):
        entry = content["targets"][loc[1]]
        if isinstance(entry, dict) and "id" in entry:
            name = f"{entry['id']}: {'.'.join(str(part) for part in loc[2:]) or '—'}"
    return {"where": name, "detail": fault["msg"].removeprefix("Value error, ")}


def _regions(path: Path, findings: list[Finding], digests: dict[str, str]) -> dict[str, Region]:
    raw = _bytes(path, findings, digests)
    if raw is None:
        return {}
    found: dict[str, Region] = {}
    lines: dict[str, int] = {}
    for number, row in enumerate(csv.DictReader(raw.decode("utf-8-sig").splitlines()), start=2):
        entry = {
            **row,
            "parent": row.get("parent") or None,
            "members": (row.get("members") or "").split(),
            "aliases": [a for a in (row.get("aliases") or "").split("|") if a],
        }
        spec = _entry(RegionSpec, entry, path.name, number, findings)
        if spec is None:
            continue
        if spec.id in found:
            findings.append(Finding(path.name, number, "id_double", {"id": spec.id, "file": path.name}))
        lines[spec.id] = number
        found[spec.id] = Region(
            spec.id,
            spec.zh,
            spec.en,
            spec.short_zh,
            spec.parent,
            spec.level,
            tuple(spec.members),
            tuple(spec.aliases),
        )
    for region in found.values():
        findings.extend(
            Finding(path.name, lines[region.id], "region_unknown", {"id": region.id, "region": other})
            for other in (*region.members, *([region.parent] if region.parent else []))
            if other not in found
        )
    return found


def _units(
    path: Path, regions: dict[str, Region], findings: list[Finding], digests: dict[str, str]
) -> dict[str, Unit]:
    raw = _bytes(path, findings, digests)
    if raw is None:
        return {}
    found: dict[str, Unit] = {}
    printed: dict[tuple[str, str], str] = {}
    for number, row in enumerate(csv.DictReader(raw.decode("utf-8-sig").splitlines()), start=2):
        entry = {**row, "aliases": [a for a in (row.get("aliases") or "").split("|") if a]}
        spec = _entry(UnitSpec, entry, path.name, number, findings)
        if spec is None:
            continue
        if spec.id in found:
            findings.append(Finding(path.name, number, "id_double", {"id": spec.id, "file": path.name}))
        if spec.region not in regions:
            findings.append(
                Finding(path.name, number, "region_unknown", {"id": spec.id, "region": spec.region})
            )
        for alias in spec.aliases:
            other = printed.setdefault((spec.region, alias), spec.id)
            if other != spec.id:
                params = {"name": alias, "id": spec.id, "other": other}
                findings.append(Finding(path.name, number, "unit_name_double", params))
        found[spec.id] = Unit(spec.id, spec.region, spec.zh, spec.en, tuple(spec.aliases))
    return found


def _indicators(path: Path, findings: list[Finding], digests: dict[str, str]) -> dict[str, Indicator]:
    raw = _bytes(path, findings, digests)
    if raw is None:
        return {}
    try:
        node = yaml.compose(raw)
        content = yaml.load(raw, Loader=Loader)  # noqa: S506 - the safe one, with decimals
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        findings.append(
            Finding(path.name, mark.line + 1 if mark else None, "yaml_broken", {"detail": str(error)})
        )
        return {}
    if not isinstance(node, yaml.SequenceNode):
        findings.append(Finding(path.name, 1, "shape", {"where": "—", "detail": "not a list of indicators"}))
        return {}
    lines = [item.start_mark.line + 1 for item in node.value]
    found: dict[str, Indicator] = {}
    for line, entry in zip(lines, content, strict=True):
        spec = _entry(IndicatorSpec, entry, path.name, line, findings)
        if spec is None:
            continue
        if spec.id in found:
            findings.append(Finding(path.name, line, "id_double", {"id": spec.id, "file": path.name}))
        found[spec.id] = Indicator(
            spec.id,
            spec.zh,
            spec.en,
            spec.unit,
            spec.type,
            spec.direction,
            spec.bounds,
            spec.decimals,
            spec.frequency,
            tuple(spec.aliases),
        )
    return found


def _entry(model: type[_M], entry: Any, file: str, line: int, findings: list[Finding]) -> _M | None:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        name = entry.get("id", "?") if isinstance(entry, dict) else "?"
        for fault in error.errors():
            where = f"{name}: {'.'.join(str(p) for p in fault['loc'])}"
            findings.append(Finding(file, line, "shape", {"where": where, "detail": fault["msg"]}))
        return None
