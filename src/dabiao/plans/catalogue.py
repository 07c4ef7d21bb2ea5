"""The names that plans and files may use: ``regions.csv``, ``indicators.yaml`` and ``units.csv`` of one folder or several.

The program's own files come first; a folder of the office adds to them (docs/plan-files.md). What stands in one cannot be said
otherwise in another.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from dabiao.domain.catalogue import Catalogue, normalise_name
from dabiao.domain.target import Indicator, Region, Unit
from dabiao.plans.findings import Files, Loader
from dabiao.plans.schema import IndicatorSpec, RegionSpec, UnitSpec

FILES = ("regions.csv", "indicators.yaml", "units.csv")
_REGION = ("id", "zh", "en", "parent", "level")
_UNIT = ("id", "region", "zh", "en", "aliases")
_M = TypeVar("_M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of declared files. ``prefix`` stands before the names of its files in messages; the program's own has none."""

    path: Path
    prefix: str = ""

    def name(self, file: str) -> str:
        """A file of the folder as messages name it."""
        return f"{self.prefix}{file}"


@dataclass(slots=True)
class _Places:
    """Where each thing was declared: id → file and line."""

    of: dict[str, tuple[str, int]] = field(default_factory=dict)

    def take(self, key: str, file: str, line: int, files: Files) -> bool:
        """Note where a thing is declared; ``False``, and a finding, where another was called so before."""
        if key in self.of:
            files.add(file, line, "id_double", {"id": key, "file": self.of[key][0]})
            return False
        self.of[key] = (file, line)
        return True


def read_catalogue(folders: Sequence[Folder], files: Files) -> Catalogue:
    """Regions, indicators and units of all folders.

    Args:
        folders: the first must have each of the three files, the others may.
        files: takes in findings and digests.
    """
    regions = _regions(_texts(folders, "regions.csv", files), files)
    indicators = _indicators(_texts(folders, "indicators.yaml", files), files)
    units = _units(_texts(folders, "units.csv", files), regions, files)
    return Catalogue(regions, indicators, units)


def _texts(folders: Sequence[Folder], file: str, files: Files) -> Iterator[tuple[str, str]]:
    """The name and content of a file in each folder that has it."""
    for number, folder in enumerate(folders):
        path = folder.path / file
        if number and not path.exists():
            continue
        raw = files.read(path, folder.name(file))
        if raw is not None:
            yield folder.name(file), raw.decode("utf-8-sig")


def _rows(name: str, text: str, columns: Sequence[str], files: Files) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a CSV by heading, with their lines; a list of names is parted by bars."""
    reader = csv.DictReader(text.splitlines())
    lacking = [c for c in columns if c not in (reader.fieldnames or ())]
    if lacking:
        params = {"columns": ",".join(columns), "lacking": ", ".join(lacking)}
        files.add(name, 1, "columns_lacking", params)
        return
    for row in reader:
        listed = [a.strip() for a in (row.get("aliases") or "").split("|") if a.strip()]
        yield reader.line_num, {**row, "aliases": listed}


def _regions(texts: Iterator[tuple[str, str]], files: Files) -> dict[str, Region]:
    found: dict[str, Region] = {}
    places = _Places()
    for name, text in texts:
        for line, row in _rows(name, text, _REGION, files):
            members = (row.get("members") or "").split()
            entry = {
                **row,
                "short_zh": row.get("short_zh") or row.get("zh"),
                "parent": row.get("parent") or None,
                "members": members,
            }
            spec = _entry(RegionSpec, entry, name, line, files)
            if spec is not None and places.take(spec.id, name, line, files):
                found[spec.id] = Region(
                    spec.id, spec.zh, spec.en, spec.short_zh, spec.parent, spec.level,
                    tuple(spec.members), tuple(spec.aliases),
                )  # fmt: skip
    for region in found.values():
        file, line = places.of[region.id]
        for other in (*region.members, *([region.parent] if region.parent else [])):
            if other not in found:
                files.add(file, line, "region_unknown", {"id": region.id, "region": other})
    _circles(found, places, files)
    _aliases(found, places, files, lambda r: (r.id, r.zh, r.en))
    return found


def _circles(regions: Mapping[str, Region], places: _Places, files: Files) -> None:
    """Regions that lie in themselves, or groups that hold themselves, by whatever way round; each circle once."""
    circles = []
    for start in regions:
        for around in (
            _way_round(start, lambda key: [p] if key in regions and (p := regions[key].parent) else []),
            _way_round(start, lambda key: regions[key].members if key in regions else ()),
        ):
            if around and set(around) not in circles:
                circles.append(set(around))
                file, line = places.of[start]
                params = {"id": start, "way": " → ".join((*around, start))}
                files.add(file, line, "region_in_itself", params)


def _way_round(start: str, following: Callable[[str], Sequence[str]]) -> list[str] | None:
    """The ids from one back to itself; ``None`` where no way leads back."""
    ways, seen = [[start]], set()
    while ways:
        way = ways.pop()
        for other in following(way[-1]):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return None


_Named = TypeVar("_Named", Region, Indicator)


def _aliases(
    things: Mapping[str, _Named],
    places: _Places,
    files: Files,
    names: Callable[[_Named], tuple[str, ...]],
) -> None:
    """Aliases that are a name of something else: whoever writes such a name would be asked which of the two is meant."""
    taken: dict[str, str] = {}
    for thing in things.values():
        for name in names(thing):
            taken.setdefault(normalise_name(name), thing.id)
    for thing in things.values():
        for alias in thing.aliases:
            other = taken.setdefault(normalise_name(alias), thing.id)
            if other != thing.id:
                file, line = places.of[thing.id]
                params = {"id": thing.id, "name": alias, "other": other}
                files.add(file, line, "alias_double", params)


def _units(texts: Iterator[tuple[str, str]], regions: Mapping[str, Region], files: Files) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    printed: dict[tuple[str, str], str] = {}
    places = _Places()
    for name, text in texts:
        for line, row in _rows(name, text, _UNIT, files):
            spec = _entry(UnitSpec, row, name, line, files)
            if spec is None or not places.take(spec.id, name, line, files):
                continue
            if spec.region not in regions:
                files.add(name, line, "region_unknown", {"id": spec.id, "region": spec.region})
            for alias in spec.aliases:
                other = printed.setdefault((spec.region, alias), spec.id)
                if other != spec.id:
                    params = {"name": alias, "id": spec.id, "other": other}
                    files.add(name, line, "unit_name_double", params)
            found[spec.id] = Unit(spec.id, spec.region, spec.zh, spec.en, tuple(spec.aliases))
    return found


def _indicators(texts: Iterator[tuple[str, str]], files: Files) -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    places = _Places()
    for name, text in texts:
        for line, entry in _entries(text, name, files):
            spec = _entry(IndicatorSpec, entry, name, line, files)
            if spec is not None and places.take(spec.id, name, line, files):
                found[spec.id] = Indicator(
                    spec.id, spec.zh, spec.en, spec.unit, spec.type, spec.direction,
                    spec.bounds, spec.decimals, spec.frequency, tuple(spec.aliases),
                )  # fmt: skip
    _aliases(found, places, files, lambda i: (i.id, i.zh, i.en))
    return found


def _entries(text: str, name: str, files: Files) -> list[tuple[int, Any]]:
    """The entries of a YAML list, with their lines."""
    try:
        node = yaml.compose(text)
        content = yaml.load(text, Loader=Loader)  # noqa: S506 - the safe one, with decimals
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        files.add(name, mark.line + 1 if mark else None, "yaml_broken", {"detail": str(error)})
        return []
    if not isinstance(node, yaml.SequenceNode):
        files.add(name, 1, "shape", {"where": "—", "detail": "not a list of indicators"})
        return []
    return list(zip([item.start_mark.line + 1 for item in node.value], content, strict=True))


def _entry(model: type[_M], entry: Any, file: str, line: int, files: Files) -> _M | None:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        name = entry.get("id", "?") if isinstance(entry, dict) else "?"
        for fault in error.errors():
            where = f"{name}: {'.'.join(str(p) for p in fault['loc'])}"
            files.add(file, line, "shape", {"where": where, "detail": fault["msg"]})
        return None
