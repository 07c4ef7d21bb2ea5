"""Every target as of a day, found by what filters name: made once from the verdicts, and asked again by each page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dabiao.domain.assessment import Status
from dabiao.domain.catalogue import Catalogue
from dabiao.services.judge.judging import Verdict

FILTERS = ("plan", "region", "unit", "indicator", "deadline", "status", "measure")
"""Names of the filters, the same in the URL, the command line and the exports."""

Filters = Mapping[str, Sequence[str]]
"""Wanted values by filter name."""


def parents(region: str, catalogue: Catalogue) -> list[str]:
    """The regions that contain a region, the nearest first."""
    found = []
    parent = catalogue.regions[region].parent
    while parent is not None:
        found.append(parent)
        parent = catalogue.regions[parent].parent
    return found


def urgency(v: Verdict) -> tuple[Any, ...]:
    """Sorts what needs a person first: worst status, then lowest attainment, then nearest deadline."""
    a = v.assessment
    order = list(Status).index(a.status)
    attainment = 1.0 if a.attainment is None else a.attainment
    return (
        order,
        attainment,
        v.declared.target.deadline or "9999",
        v.declared.target.plan,
        v.declared.position,
    )


_VALUES: Mapping[str, Callable[[Verdict, Catalogue], Iterable[str]]] = {
    "plan": lambda v, _: (v.declared.target.plan,),
    "region": lambda v, catalogue: (v.declared.target.region, *parents(v.declared.target.region, catalogue)),
    "unit": lambda v, _: dict.fromkeys(u.id for u in v.declared.units),
    "indicator": lambda v, _: (v.declared.target.indicator,),
    "deadline": lambda v, _: ((v.declared.target.deadline or "none")[:4],),
    "status": lambda v, _: (str(v.assessment.status),),
    "measure": lambda v, _: (str(v.declared.target.measure),),
    "target": lambda v, _: (v.declared.target.id,),
}
"""What a target is found by, by the name of the filter, and by its own id; each value once."""


def matches(v: Verdict, filters: Filters, catalogue: Catalogue) -> bool:
    """Whether a verdict passes the filters: any of the values of each filter given. A region also lets its children in."""
    return _passes(v, _tests(filters), catalogue)


def passing(verdicts: Sequence[Verdict], filters: Filters, catalogue: Catalogue) -> tuple[Verdict, ...]:
    """Those that pass the filters, in their order."""
    tests = _tests(filters)
    return tuple(v for v in verdicts if _passes(v, tests, catalogue)) if tests else tuple(verdicts)


_Tests = Sequence[tuple[Callable[[Verdict, Catalogue], Iterable[str]], frozenset[str]]]


def _tests(filters: Filters) -> _Tests:
    return [(_VALUES[name], frozenset(wanted)) for name, wanted in filters.items() if wanted]


def _passes(v: Verdict, tests: _Tests, catalogue: Catalogue) -> bool:
    return all(not wanted.isdisjoint(values(v, catalogue)) for values, wanted in tests)


@dataclass(frozen=True, slots=True)
class Group:
    """Targets with something in common, the most urgent first, and how many there are by status."""

    verdicts: tuple[Verdict, ...]
    counts: Mapping[Status, int]
    provisional: Mapping[Status, int]

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> Group:
        """A group with its counts."""
        found = tuple(verdicts)
        return cls(
            found,
            Counter([v.assessment.status for v in found]),
            Counter([v.assessment.status for v in found if v.assessment.provisional]),
        )


_NONE = Group.of(())


@dataclass(frozen=True)
class Day:
    """Every target as of a day.

    What is found once is kept in the object: a day is made anew whenever anything that it hangs on changes.

    Attributes:
        verdicts: in the order of the plans.
        catalogue: by which a region lies in another.
    """

    verdicts: tuple[Verdict, ...]
    catalogue: Catalogue

    @cached_property
    def everything(self) -> Group:
        """All of them, the most urgent first."""
        return Group.of(sorted(self.verdicts, key=urgency))

    @cached_property
    def urgent(self) -> tuple[Verdict, ...]:
        return self.everything.verdicts

    @cached_property
    def by(self) -> Mapping[str, Mapping[str, Group]]:
        """The groups by filter name and value; a region's holds the targets of the places within it too."""
        found: dict[str, dict[str, list[Verdict]]] = {name: {} for name in FILTERS}
        for v in self.urgent:
            for name, groups in found.items():
                for value in _VALUES[name](v, self.catalogue):
                    groups.setdefault(value, []).append(v)
        return {name: {k: Group.of(vs) for k, vs in groups.items()} for name, groups in found.items()}

    def among(self, name: str, value: str) -> Group:
        """The targets with one value of one filter."""
        return self.by[name].get(value, _NONE)

    def passing(self, filters: Filters) -> Group:
        """Those that pass the filters."""
        wanted = {name: tuple(dict.fromkeys(values)) for name, values in filters.items() if values}
        alone = {name: values[0] for name, values in wanted.items() if len(values) == 1}
        if not alone:
            return Group.of(passing(self.urgent, wanted, self.catalogue)) if wanted else self.everything
        name, least = min(
            ((n, self.among(n, value)) for n, value in alone.items()), key=lambda g: len(g[1].verdicts)
        )
        rest = {n: values for n, values in wanted.items() if n != name}
        return Group.of(passing(least.verdicts, rest, self.catalogue)) if rest else least


__all__ = ["FILTERS", "Day", "Filters", "Group", "matches", "parents", "passing", "urgency"]
