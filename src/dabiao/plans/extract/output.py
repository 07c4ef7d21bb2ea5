"""Proposals as JSON (PRODUCT §6) and as a plan file that ``plans check`` accepts after review."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import yaml

from dabiao import i18n
from dabiao.domain.target import Kind, Measure
from dabiao.errors import DabiaoError
from dabiao.plans.extract.model import Proposal
from dabiao.plans.extract.normal import normalise
from dabiao.plans.extract.pipeline import Reading
from dabiao.plans.extract.rules import lower_is_better

_TITLE = re.compile(r"方案|计划|规划|要点|意见|纲要|办法")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}〔20\d\d〕\d{1,4}号")
_DAY = re.compile(r"(20\d\d)(?:年|-|/)(\d{1,2})(?:月|-|/)(\d{1,2})日?")
_SHORT = 12
_SHARES = ("%", "‰")
_HEAD = 1500


def to_json(proposal: Proposal) -> dict[str, Any]:
    """One row of ``plans extract``: the fields of ``targets list``, the quote's offset and what is uncertain."""
    return {
        "id": proposal.id,
        "plan": proposal.plan,
        "region": proposal.region,
        "adcode": proposal.adcode,
        "indicator": proposal.indicator,
        "indicator_zh": proposal.indicator_zh,
        "comparator": str(proposal.comparator) if proposal.comparator else None,
        "value": _number(proposal.value),
        "unit": proposal.unit,
        "deadline": proposal.deadline,
        "measure": str(proposal.measure),
        "kind": str(proposal.kind),
        "stretch": proposal.stretch,
        "baseline_period": proposal.baseline_period,
        "baseline_value": _number(proposal.baseline_value),
        "quote": proposal.quote,
        "clause": proposal.clause,
        "lead_units": list(proposal.lead_units),
        "responsible_units": list(proposal.responsible_units),
        "start": proposal.start,
        "uncertain": list(proposal.uncertain),
        # more than the contract asks
        "region_id": proposal.region_id,
        "tolerance": _number(proposal.tolerance),
        "change": proposal.change,
        "same_as": list(proposal.same_as),
        "rules": list(proposal.rules),
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() and "." not in str(value) else float(value)


def to_plan_yaml(reading: Reading, text: str, *, plan: str) -> str:
    """A plan file of everything that was read, for a reviewer to mend.

    Each target carries a comment with its doubts, new indicators stand at the top as comments in the form of
    ``indicators.yaml``, and what no text says (English names, the day of issue) is filled in and marked REVIEW.

    Args:
        text: the text that was read; its digest goes into the file, so save it as it is, in UTF-8.
        plan: the plan's id, which is the file's name.

    Raises:
        DabiaoError: ``extract_no_period``: a plan file needs the plan's first and last year.
    """
    if reading.period is None:
        raise DabiaoError("extract_no_period")
    head = _plan_head(reading, text, plan)
    lines = [
        f"# {i18n.text('extract.yaml.head', lang, plan=plan, count=len(reading.proposals))}"
        for lang in i18n.LANGS
    ]
    lines += _new_indicators(reading.proposals)
    lines.append(_dump({"schema": 1, "plan": head}).rstrip())
    lines.append("targets:")
    for proposal in reading.proposals:
        if proposal.uncertain:
            lines.append(f"  # REVIEW: {', '.join(proposal.uncertain)}")
        entry = _dump([_target(proposal, head["region"])]).rstrip()
        lines.append("\n".join(f"  {line}" for line in entry.split("\n")))
    return "\n".join(lines) + "\n"


def _plan_head(reading: Reading, text: str, plan: str) -> dict[str, Any]:
    assert reading.period is not None
    plain = normalise(text).text
    title = _title(plain)
    number = _NUMBER.search(plain[:_HEAD])
    day = _issued(plain)
    first, last = reading.period
    region = reading.place.region
    return {
        "id": plan,
        "title": title,
        "title_en": f"REVIEW {plan}",
        "short_zh": title[:_SHORT],
        "short_en": plan,
        "issuer": None,
        "document_number": number[0] if number else None,
        "issued": day or f"{first}-01-01",
        "issued_note": None if day else "REVIEW 原文未见印发日期",
        "region": region.id if region else (reading.place.name or "REVIEW"),
        "period": {"start": first, "end": last},
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def _title(plain: str) -> str:
    lines = [line for line in plain[:_HEAD].split("\n") if line]
    for line in lines:
        if _TITLE.search(line) and len(line) <= 80:
            inner = re.search(r"印发《([^》]+)》", line)
            return inner[1] if inner else line
    return lines[0][:80] if lines else "REVIEW"


def _issued(plain: str) -> str | None:
    """The printed day of publication at the head, else the day that the text closes with."""
    head = re.search(rf"(?:时间|日期):\D{{0,3}}{_DAY.pattern}", plain[:_HEAD])
    closing = list(_DAY.finditer(plain[-200:]))
    match = head or (closing[-1] if closing else None)
    if match is None:
        return None
    year, month, day = (int(g) for g in match.groups()[-3:])
    return f"{year}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _target(proposal: Proposal, own: str) -> dict[str, Any]:
    """One entry; a place that is not declared is written as the plan's own, with a note of what the text says."""
    numeric = proposal.measure is Measure.NUMERIC
    changing = numeric and proposal.kind is Kind.CHANGE
    baseline = (
        {"period": proposal.baseline_period, "value": proposal.baseline_value}
        if proposal.baseline_period
        else None
    )
    entry: dict[str, Any] = {
        "id": proposal.id,
        "indicator": proposal.indicator,
        "region": proposal.region_id or own,
        "measure": str(proposal.measure),
        "kind": str(proposal.kind),
        "comparator": str(proposal.comparator) if proposal.comparator else None,
        "value": proposal.value,
        "unit": proposal.unit,
        "tolerance": proposal.tolerance,
        "tolerance_note": "原文未给允差,按本系统约定" if proposal.tolerance is not None else None,
        "deadline": proposal.deadline,
        "deadline_note": proposal.deadline_note,
        "stretch": proposal.stretch or None,
        "baseline": baseline,
        "change": proposal.change if changing else None,
        "clause": proposal.clause,
        "quote": proposal.quote,
        "lead_units": list(proposal.lead_units),
        "responsible_units": list(proposal.responsible_units),
        "same_as": list(proposal.same_as),
        "note": f"REVIEW 原文范围:{proposal.region}"
        if "region_group" in proposal.uncertain and not proposal.region_id
        else None,
    }
    return {key: value for key, value in entry.items() if value not in (None, [])}


def _new_indicators(proposals: Iterable[Proposal]) -> list[str]:
    """The indicators that the catalogue lacks, as comments to be moved to ``indicators.yaml``."""
    entries: dict[str, dict[str, Any]] = {}
    for one in proposals:
        if "indicator_new" not in one.uncertain or one.indicator in entries:
            continue
        share = one.unit in _SHARES
        numeric = one.measure is Measure.NUMERIC
        kind = "qualitative" if one.measure is not Measure.NUMERIC else "share" if share else "level"
        if one.kind is Kind.COUNT and kind == "level":
            kind = "count"
        entries[one.indicator] = {
            "id": one.indicator,
            "zh": one.indicator_zh,
            "en": "REVIEW",
            "unit": one.unit,
            "type": kind,
            "direction": "lower" if numeric and lower_is_better(one.indicator_zh) else "higher",
            "bounds": [0, 100] if share else [None, None],
            "decimals": 1 if share else 0,
            "frequency": "annual",
        }
    if not entries:
        return []
    lines = [f"# {i18n.text('extract.yaml.indicators', lang)}" for lang in i18n.LANGS]
    lines += [f"#   {line}" for line in _dump(list(entries.values())).rstrip().split("\n")]
    return lines


class _Dumper(yaml.SafeDumper):
    """Decimals with their digits as printed: 45.20 stays 45.20."""


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = format(value, "f")
    return dumper.represent_scalar("tag:yaml.org,2002:" + ("float" if "." in text else "int"), text)


_Dumper.add_representer(Decimal, _decimal)


def _dump(content: Any) -> str:
    dumped: str = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return dumped
