"""Read ``data/``: regions, indicators, plan files and the plans' texts. Every fault is collected, with file and line."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Comparator, Kind, Measure
from dabiao.plans.catalogue import Folder, read_catalogue
from dabiao.plans.findings import Files, Finding, Loader
from dabiao.plans.schema import PlanFile, TargetSpec


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


def load(data: Path, own: Path | None = None) -> Declared:
    """Read and check all declared files below ``data``, and those that the office adds to them below ``own``.

    Reads ``regions.csv``, ``indicators.yaml``, ``units.csv``, ``plans/*.yaml`` and ``plans/texts/*.txt``; of ``own`` what there is.
    Never raises for a wrong file: each fault is a :class:`~dabiao.plans.findings.Finding`.
    """
    files = Files()
    folders = [Folder(data), *([Folder(own, f"{own.name}/")] if own is not None and own.is_dir() else [])]
    catalogue = read_catalogue(folders, files)
    seen = _Seen(files)
    for folder in folders:
        for path in sorted((folder.path / "plans").glob("*.yaml")):
            seen.take(path, folder, catalogue)
    seen.check_same()
    return Declared(catalogue, tuple(seen.plans), seen.texts, files.digests, tuple(files.findings))


@dataclass(slots=True)
class _Seen:
    """The plans read so far, and where each target stands."""

    files: Files
    plans: list[PlanFile] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)

    def take(self, path: Path, folder: Folder, catalogue: Catalogue) -> None:
        """Read and check one plan file and its text."""
        name = folder.name(path.name)
        raw = self.files.read(path, name)
        if raw is None:
            return
        text_path = path.parent / "texts" / f"{path.stem}.txt"
        text_raw = self.files.read(text_path, folder.name(text_path.name))
        text = "" if text_raw is None else text_raw.decode("utf-8", errors="strict")
        parsed = _plan(raw, name, self.files)
        if parsed is None:
            return
        plan, lines = parsed
        if plan.plan.id != path.stem:
            self.files.add(name, 1, "plan_id_not_file_name", {"id": plan.plan.id, "name": path.stem})
        if plan.plan.id in self.texts:
            self.files.add(name, 1, "plan_double", {"id": plan.plan.id})
        if text_raw is not None and hashlib.sha256(text_raw).hexdigest() != plan.plan.text_sha256:
            self.files.add(name, 1, "text_changed", {"text": text_path.name})
        if plan.plan.region not in catalogue.regions:
            self.files.add(name, 1, "region_unknown", {"region": plan.plan.region})
        for target, line in zip(plan.targets, lines, strict=True):
            before = self.places.get(target.id)
            if before is not None and (target.since is None or before[0] != name):
                self.files.add(name, line, "id_double", {"id": target.id, "file": before[0]})
            self.places[target.id] = (name, line)
            for code, params, severity in faults(target, plan, text, catalogue):
                self.files.add(name, line, code, {"id": target.id, **params}, severity)
        self.plans.append(plan)
        self.texts[plan.plan.id] = text

    def check_same(self) -> None:
        """Find what names a target as the same as one that there is not."""
        for plan in self.plans:
            for target in plan.targets:
                for other in target.same_as:
                    if other not in self.places:
                        params = {"id": target.id, "other": other}
                        self.files.add(*self.places[target.id], "same_as_unknown", params)


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


# -- files -----------------------------------------------------------------------------------------------------


def _plan(raw: bytes, name: str, files: Files) -> tuple[PlanFile, list[int]] | None:
    try:
        node = yaml.compose(raw)
        content = yaml.load(raw, Loader=Loader)  # noqa: S506 - the safe one, with decimals
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        files.add(name, mark.line + 1 if mark else None, "yaml_broken", {"detail": problem})
        return None
    lines = _target_lines(node)
    try:
        return PlanFile.model_validate(content), lines
    except ValidationError as error:
        for fault in error.errors():
            files.add(name, _line(fault["loc"], lines), "shape", _shape(fault, content))
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
