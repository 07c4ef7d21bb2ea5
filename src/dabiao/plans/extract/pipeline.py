"""A plan's text in, proposals out. Pure: no store, no clock, no file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.rounding import decimals_of
from dabiao.domain.target import Comparator, Measure
from dabiao.errors import DabiaoError
from dabiao.plans.extract.dates import plan_period
from dabiao.plans.extract.found import Found
from dabiao.plans.extract.model import Proposal
from dabiao.plans.extract.naming import Namer
from dabiao.plans.extract.normal import Normal, normalise
from dabiao.plans.extract.numeric import NumericReader
from dabiao.plans.extract.offices import Offices, offices
from dabiao.plans.extract.outline import outline
from dabiao.plans.extract.places import Place, plan_place
from dabiao.plans.extract.segments import sentences
from dabiao.plans.extract.states import StateReader
from dabiao.plans.extract.table_targets import read_tables
from dabiao.plans.extract.tables import find_tables
from dabiao.plans.extract.timing import Timing

LONGEST_TEXT = 2_000_000
"""Characters. The longest plans have some 200 000; more is not a plan."""

_VISION = 4
"""Years past the plan's end after which a date without a number is a vision, not a target."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read: the proposals, and what they were read under."""

    proposals: list[Proposal]
    place: Place
    period: tuple[int, int] | None


def extract(
    text: str,
    catalogue: Catalogue,
    *,
    region: str | None = None,
    period: tuple[int, int] | None = None,
    plan: str = "plan",
) -> list[Proposal]:
    """Propose the targets of a plan, in the order of its text.

    Args:
        region: name or code of the place the plan binds; found in the text where none is given.
        period: first and last year of the plan; found in the text where none is given.
        plan: the plan's id, with which the proposals' ids begin.

    Raises:
        DabiaoError: ``extract_text_empty``, ``extract_text_too_long`` or ``extract_no_target``.
    """
    return read(text, catalogue, region=region, period=period, plan=plan).proposals


def read(
    text: str,
    catalogue: Catalogue,
    *,
    region: str | None = None,
    period: tuple[int, int] | None = None,
    plan: str = "plan",
) -> Reading:
    """As :func:`extract`, with the place and period that the text was read under."""
    if len(text) > LONGEST_TEXT:
        raise DabiaoError("extract_text_too_long", length=len(text), limit=LONGEST_TEXT)
    if not text.strip():
        raise DabiaoError("extract_text_empty")
    normal = normalise(text)
    own = plan_place(normal.text, catalogue, region)
    span = period or plan_period(normal.text)
    tables = find_tables(normal)
    clauses = outline(normal, [(t.start, t.end) for t in tables])
    named: dict[int, list[Offices]] = {c.start: offices(normal.text, c.start, c.end) for c in clauses}
    masked = _masked(normal.text, [o for found in named.values() for o in found])
    namer = Namer(catalogue)
    masked = _masked(masked, [(t.start, t.end) for t in tables])
    timing = Timing(masked, clauses, span)
    numeric = NumericReader(masked, catalogue, namer, own, timing, span)
    states = StateReader(masked, catalogue, namer, own, timing)
    found = read_tables(normal, tables, clauses, namer, own, span)
    for clause in clauses:
        for sentence in sentences(masked, clause.start, clause.end):
            ahead = _looks_ahead(masked[sentence.start : sentence.end], span)
            numbers = list(numeric.read(clause, sentence)) if ahead or not clause.past else []
            found += numbers
            if not clause.past:
                found += states.read(clause, sentence, [(n.start, n.end) for n in numbers])
    kept = [f for f in found if _dated_within(f, span)]
    proposals = _proposals(normal, _unique(kept), named, plan, own, span)
    if not proposals:
        raise DabiaoError("extract_no_target")
    return Reading(proposals, own, span)


def _looks_ahead(words: str, period: tuple[int, int] | None) -> bool:
    """Whether a sentence of a section on the past names a year of the plan."""
    return any(
        period is None or int(m[1]) >= period[0] for m in re.finditer(r"(?<!截)(?:到|至)(20\d\d)年", words)
    )


def _masked(text: str, spans: list[Offices] | list[tuple[int, int]]) -> str:
    """The text with stretches blanked by full stops, so that no rule reads across them; offsets stay."""
    chars = list(text)
    for span in spans:
        start, end = span if isinstance(span, tuple) else (span.start, span.end)
        chars[start:end] = "。" * (end - start)
    return "".join(chars)


def _dated_within(found: Found, period: tuple[int, int] | None) -> bool:
    """A far year binds a number; without one it is a vision."""
    if found.measure is Measure.NUMERIC or period is None or found.bound.value is None:
        return True
    return int(found.bound.value[:4]) <= period[1] + _VISION


def _unique(found: list[Found]) -> list[Found]:
    """Each reading once, in the order of the text."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for one in sorted(found, key=lambda f: (f.start, f.end)):
        key = (
            one.end,
            one.measure,
            one.named.id,
            one.named.zh,
            one.value,
            one.unit,
            one.bound.value,
            one.stretch,
            one.place.name,
        )
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept


def _proposals(
    normal: Normal,
    found: list[Found],
    named: dict[int, list[Offices]],
    plan: str,
    own: Place,
    period: tuple[int, int] | None,
) -> list[Proposal]:
    ids: dict[str, int] = {}
    made: list[Proposal] = []
    first: dict[tuple[object, ...], str] = {}
    for one in found:
        start, end = normal.span(one.start, one.end)
        base = f"{plan}-{one.named.id.replace('_', '-')}" + ("-stretch" if one.stretch else "")
        ids[base] = ids.get(base, 0) + 1
        target = base if ids[base] == 1 else f"{base}-{ids[base]}"
        region = one.place.region
        here = _answering(named.get(one.clause.start, []), one)
        same = (
            one.named.id,
            one.place.name,
            one.comparator,
            one.value,
            one.unit,
            one.bound.value,
            one.stretch,
        )
        flags = set(one.flags) | set(one.bound.flags)
        if one.bound.value and period and int(one.bound.value[:4]) > period[1]:
            flags.add("deadline_after_plan")
        if not one.place.flags and own.flags and one.place is own:
            flags |= set(own.flags)
        made.append(
            Proposal(
                id=target,
                plan=plan,
                region=one.place.name,
                region_id=region.id if region else None,
                adcode=region.adcode if region else None,
                indicator=one.named.id,
                indicator_zh=one.named.zh,
                measure=one.measure,
                kind=one.kind,
                quote=normal.source[start:end],
                start=start,
                clause=one.clause.label,
                comparator=one.comparator,
                value=one.value,
                unit=one.unit,
                tolerance=_tolerance(one),
                deadline=one.bound.value,
                deadline_note=None if one.bound.value else "原文未载日期",
                stretch=one.stretch,
                baseline_period=one.baseline_period,
                baseline_value=one.baseline_value,
                change=one.change,
                lead_units=here.lead if here else (),
                responsible_units=here.responsible if here else (),
                same_as=(first[same],) if same in first and one.measure is Measure.NUMERIC else (),
                uncertain=tuple(sorted(flags)),
                rules=tuple(dict.fromkeys(one.rules)),
            )
        )
        first.setdefault(same, target)
    return made


def _answering(here: list[Offices], one: Found) -> Offices | None:
    """The first offices named after a target in its clause; several stretches in a row are one naming."""
    after = [o for o in here if o.start >= one.start]
    if not after:
        return None
    nearest = after[0]
    lead, responsible = list(nearest.lead), list(nearest.responsible)
    end = nearest.end
    for more in after[1:]:
        if more.start - end > 2:
            break
        lead += more.lead
        responsible += more.responsible
        end = more.end
    return Offices(
        nearest.start, end, tuple(dict.fromkeys(lead)), tuple(dict.fromkeys(responsible)), nearest.rule
    )


def _tolerance(one: Found) -> Decimal | None:
    """The convention of docs/plan-files.md for ``~=`` where the plan gives no width."""
    if one.comparator is not Comparator.ABOUT or one.value is None:
        return None
    if one.unit in ("%", "‰", "个百分点"):
        return Decimal(1) if decimals_of(one.value) == 0 else Decimal("0.5")
    return abs(one.value) * Decimal("0.02")
