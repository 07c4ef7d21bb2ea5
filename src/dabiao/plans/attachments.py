"""Numbers that another document gives for delegated targets, one YAML file a target in ``$DABIAO_HOME/attachments``.

::

    target: panshi-2022-forest-cover
    comparator: ">="
    value: 55.2
    unit: "%"
    document: 吉林市“十四五”林业发展规划
    url: https://example.gov.cn/…      # or left out
    issued: "2023-03-01"               # the target has the number from this day on
    quote: 到2025年，磐石市森林覆盖率达到55.2%以上
    by: 王某

A file is checked like an entry of a plan. The plan's own entry stays as it is: the target has the number as a later version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Comparator, Kind, Measure
from dabiao.plans.findings import Finding, Loader
from dabiao.plans.load import Declared, Fault, faults
from dabiao.plans.schema import BaselineSpec, Day, Name, Number, PlanFile, Slug, TargetSpec, Text

SUFFIX = ".yaml"
_NUMBER = (
    "comparator", "value", "unit", "tolerance", "tolerance_note", "kind", "indicator", "deadline", "baseline", "change",
)  # fmt: skip


class Attachment(BaseModel):
    """One file: the number, the document that gives it, and who attached it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: Slug
    comparator: Comparator
    value: Number
    unit: Text | None = None
    tolerance: Number | None = None
    tolerance_note: Text | None = None
    kind: Kind = Kind.LEVEL
    indicator: Name | None = None
    deadline: Text | None = None
    baseline: BaselineSpec | None = None
    change: str | None = None
    document: Text
    url: Text | None = None
    issued: Day
    quote: Text
    by: Text | None = None
    withdrawn: Day | None = None
    withdrawn_by: Text | None = None
    withdrawn_note: Text | None = None


Entries = tuple[list[TargetSpec], list[Fault]]
"""The entries that a file adds to its plan (none where it is wrong), and what is to be said of it."""


def with_attached(declared: Declared, folder: Path) -> Declared:
    """What is declared, with the entries that attachments add right after those of their targets."""
    findings, digests = list(declared.findings), dict(declared.digests)
    targets = {plan.plan.id: list(plan.targets) for plan in declared.plans}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        raw, name = path.read_bytes(), f"{folder.name}/{path.name}"
        digests[name] = hashlib.sha256(raw).hexdigest()
        entries, wrong = entries_of(raw, declared.plans, declared.catalogue)
        findings += [Finding(name, 1, code, params, severity) for code, params, severity in wrong]
        for told in targets.values():
            last = max((n for n, t in enumerate(told) if entries and t.id == entries[0].id), default=None)
            if last is not None:
                told[last + 1 : last + 1] = entries
    plans = [plan.model_copy(update={"targets": targets[plan.plan.id]}) for plan in declared.plans]
    return replace(declared, plans=tuple(plans), digests=digests, findings=tuple(findings))


def entries_of(raw: bytes, plans: Sequence[PlanFile], catalogue: Catalogue) -> Entries:
    """What a file adds to its plan."""
    try:
        given = Attachment.model_validate(yaml.load(raw, Loader=Loader))  # noqa: S506 - the safe one, with decimals
    except yaml.YAMLError as error:
        return [], [("yaml_broken", {"detail": str(error)}, "error")]
    except ValidationError as error:
        return [], _shape(error, "—")
    for plan in plans:
        told = [t for t in plan.targets if t.id == given.target]
        if told:
            return _versions(given, plan, told[-1], catalogue)
    return [], [("attachment_target_unknown", {"id": given.target}, "warning")]


def _versions(a: Attachment, plan: PlanFile, own: TargetSpec, catalogue: Catalogue) -> Entries:
    """The target with the number from the document's day on, and without it again if it was withdrawn."""
    if own.measure is not Measure.DELEGATED:
        return [], [("attachment_not_delegated", {"id": own.id, "measure": str(own.measure)}, "warning")]
    if a.issued < plan.plan.issued:
        days = {"id": own.id, "issued": a.issued, "plan": plan.plan.issued}
        return [], [("attachment_before_plan", days, "error")]
    document = {"document": a.document, "url": a.url, "issued": a.issued, "quote": a.quote, "by": a.by}
    given = {name: value for name in _NUMBER if (value := getattr(a, name)) is not None}
    indicator = catalogue.indicators.get(a.indicator or own.indicator)
    if indicator is not None and a.kind is not Kind.CHANGE:
        given.setdefault("unit", indicator.unit)
    number = {
        **given,
        "measure": Measure.NUMERIC,
        "since": a.issued,
        "since_note": a.document,
        "attached": document,
    }
    try:
        found = [TargetSpec.model_validate({**own.model_dump(), **number})]
        if a.withdrawn is not None:
            back = {"since": max(a.withdrawn, a.issued), "since_note": a.withdrawn_note or a.document}
            found.append(TargetSpec.model_validate({**own.model_dump(), **back}))
    except ValidationError as error:
        return [], _shape(error, own.id)
    # The words that give the number are the document's, which is not kept as text.
    as_told = found[0].model_copy(update={"quote": a.quote, "lead_units": [], "responsible_units": []})
    wrong = [
        (code, {"id": own.id, **params}, severity)
        for code, params, severity in faults(as_told, plan, "", catalogue)
    ]
    return ([] if any(severity == "error" for _, _, severity in wrong) else found), wrong


def _shape(error: ValidationError, name: str) -> list[Fault]:
    return [
        (
            "shape",
            {
                "where": ".".join(str(part) for part in fault["loc"]) or name,
                "detail": fault["msg"].removeprefix("Value error, "),
            },
            "error",
        )
        for fault in error.errors()
    ]
