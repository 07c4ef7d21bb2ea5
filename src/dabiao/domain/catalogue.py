"""The declared regions and indicators, found by the names that people write. A name that fits two is not guessed."""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from dabiao.domain.target import Indicator, Region, Unit

T = TypeVar("T")

_DASHES = re.compile(r"[‐‑‒–—―−﹣~～〜∼]+")
_REMEMBERED = 10_000
_SPACE = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")
_NATIONS = "朝鲜|蒙古|满|回|藏|维吾尔|哈萨克|柯尔克孜|苗|侗|彝|壮|瑶|白|傣|景颇|傈僳|哈尼|土家|布依|羌|黎|畲|仫佬|水|土|撒拉|达斡尔|鄂温克|鄂伦春"
_SUFFIXES_ZH = re.compile(
    rf"(?:(?:(?:{_NATIONS})族)*(?:自治区|自治州|自治县|自治旗)|特别行政区|地区|省|市|州|盟|县|区|旗)$"
)
_SUFFIXES_EN = re.compile(
    r"(?:autonomous(?:region|prefecture|county)|province|prefecture|city|county|district)$"
)


@functools.lru_cache(_REMEMBERED)  # a process opens the same catalogue for each run of a job
def normalise_name(text: str) -> str:
    """One spelling for names that a person would call the same.

    Full width and compatibility forms become plain (``PM₂.₅`` → ``pm2.5``, ``Ⅰ～Ⅲ类`` → ``i-iii类``), every dash and wave
    becomes ``-``, spaces and zero-width characters go, letters are lower case.
    """
    plain = unicodedata.normalize("NFKC", _DASHES.sub("-", text))
    return _SPACE.sub("", _DASHES.sub("-", plain)).replace("、", ",").casefold()


@dataclass(frozen=True, slots=True)
class Lookup(Generic[T]):
    """What a name led to.

    Attributes:
        found: the one thing of that name, else ``None``.
        among: the things it could be, where there are several.
        near: names that look like it (declared spelling), where there is none; nearest first.
    """

    found: T | None = None
    among: tuple[T, ...] = ()
    near: tuple[str, ...] = ()


class _Names(Generic[T]):
    """Two layers of names: declared ones decide; short ones only where nothing else could be meant."""

    def __init__(self) -> None:
        self.declared: dict[str, dict[str, T]] = {}
        self.short: dict[str, dict[str, T]] = {}
        self.spelling: dict[str, str] = {}
        self.asked: dict[str, Lookup[T]] = {}  # a file asks for the same few names thousands of times

    def add(self, key: str, thing: T, declared: Iterable[str], short: Iterable[str] = ()) -> None:
        for layer, names in ((self.declared, declared), (self.short, short)):
            for name in names:
                normal = normalise_name(name)
                if normal:
                    layer.setdefault(normal, {})[key] = thing
                    self.spelling.setdefault(normal, name)

    def find(self, text: str) -> Lookup[T]:
        found = self.asked.get(text)
        if found is None:
            found = self._find(text)
            if len(self.asked) < _REMEMBERED:
                self.asked[text] = found
        return found

    def _find(self, text: str) -> Lookup[T]:
        normal = normalise_name(text)
        for layer in (self.declared, self.short):
            hits = layer.get(normal, {})
            if len(hits) == 1:
                return Lookup(found=next(iter(hits.values())))
            if hits:
                return Lookup(among=tuple(hits.values()))
        close = difflib.get_close_matches(normal[:80], self.spelling, n=3, cutoff=0.6)
        return Lookup(near=tuple(dict.fromkeys(self.spelling[name] for name in close)))


@dataclass(frozen=True)
class Catalogue:
    """All declared regions and indicators by id.

    A region is found by its code, its full names and its declared aliases; also by its short name or its name without
    省, 市, 县 …, unless two regions share that (吉林 is a province and a city). An indicator is found by its id, its names
    and its declared aliases.
    """

    regions: Mapping[str, Region]
    indicators: Mapping[str, Indicator]
    units: Mapping[str, Unit] = field(default_factory=dict)

    @functools.cached_property
    def _regions(self) -> _Names[Region]:
        """The names of regions, gathered for the first who asks: to judge targets nobody does."""
        names: _Names[Region] = _Names()
        for key, region in self.regions.items():
            full = (region.zh, region.en)
            names.add(key, region, (region.id, *full, *region.aliases), (region.short_zh, *_bare(full)))
        return names

    @functools.cached_property
    def _indicators(self) -> _Names[Indicator]:
        names: _Names[Indicator] = _Names()
        for key, indicator in self.indicators.items():
            names.add(key, indicator, (indicator.id, indicator.zh, indicator.en, *indicator.aliases))
        return names

    @functools.cached_property
    def _units(self) -> dict[tuple[str, str], Unit]:
        units: dict[tuple[str, str], Unit] = {}
        for unit in self.units.values():
            for name in (unit.zh, *unit.aliases):
                units.setdefault((unit.region, name), unit)
        return units

    def find_region(self, text: str) -> Lookup[Region]:
        """The region of a name or code; see the class."""
        return self._regions.find(text)

    def unit_of(self, region: str, printed: str) -> Unit | None:
        """The unit that a plan of a region means by a printed name; ``None`` if it is not declared."""
        return self._units.get((region, printed))

    def find_units(self, text: str) -> list[Unit]:
        """Every unit that is called so: by id exactly one, by a printed name those of all places where it is printed."""
        if text in self.units:
            return [self.units[text]]
        return [u for u in self.units.values() if text in (u.zh, u.en, *u.aliases)]

    def find_indicator(self, text: str) -> Lookup[Indicator]:
        """The indicator of a name or id; see the class."""
        return self._indicators.find(text)


def _bare(names: Iterable[str]) -> list[str]:
    """Names without the word for their kind of place, where at least two characters are left."""
    found = []
    for name in names:
        normal = normalise_name(name)
        for suffixes in (_SUFFIXES_ZH, _SUFFIXES_EN):
            bare = suffixes.sub("", normal)
            if bare != normal and len(bare) >= 2:
                found.append(bare)
    return found
