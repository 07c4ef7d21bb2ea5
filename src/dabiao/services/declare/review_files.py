"""What a review comes to: a plan file, what the check says of it, and the file written below the home folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from dabiao.errors import DabiaoError
from dabiao.plans.catalogue import FILES
from dabiao.plans.load import load
from dabiao.plans.schema import PlanSpec, TargetSpec
from dabiao.services.app import App
from dabiao.services.declare.reviewing import FIELDS, HEAD, Proposed, Review
from dabiao.services.files import explained, write_whole

_LISTS = ("lead_units", "responsible_units", "same_as")
_NUMBERS = ("value", "tolerance", "baseline_value")
_REVIEW = "REVIEW"
"""What the extractor writes where no text says anything: to be filled in."""

REASONS = (
    "numeric_incomplete", "not_numeric", "tolerance", "tolerance_note", "deadline", "since", "printed", "change", "period",
)  # fmt: skip
"""What the schema's own sentences begin with; each has its words under ``review.fault.``."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with an accepted proposal, or with the head (``index`` is ``None``).

    Attributes:
        key: a message, ``finding.…`` or ``review.fault.…``.
        about: the field that it is about, where one can be named.
    """

    index: int | None
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "error"
    about: str | None = None


def check(app: App, review: Review) -> list[Remark]:
    """What ``plans check`` would say of the plan file, each remark with its proposal; the head's come first."""
    entries = {p.index: target_entry(review, p) for p in review.accepted}
    head = head_entry(review)
    remarks = list(_head(head, review))
    good: dict[int, dict[str, Any]] = {}
    seen: dict[str, int] = {}
    for index, entry in entries.items():
        wrong = list(_shape(TargetSpec, entry, index))
        remarks += wrong
        if entry["id"] in seen:
            double = {"id": entry["id"], "file": f"{review.plan_id}.yaml"}
            remarks.append(Remark(index, "finding.id_double", double, about="id"))
        elif not wrong:
            good[index] = entry
        seen.setdefault(entry["id"], index)
    if good:
        if any(r.index is None and r.severity == "error" for r in remarks):
            head = _stand_in(head)  # a faulty head must not hide what is wrong with the targets
        text = dump({"schema": 1, "plan": head, "targets": list(good.values())})
        folders = (app.paths.data, app.paths.declared)
        known = [f / name for f in folders for name in FILES if (f / name).is_file()]
        names = tuple((path, path.stat().st_mtime_ns) for path in known)
        by_id = {entry["id"]: index for index, entry in good.items()}
        for code, params, severity in _found(names, review.plan_id, text, review.text):
            said = dict(params)
            if code != "same_as_unknown" or said["other"] not in seen:
                remarks.append(Remark(by_id.get(said.get("id", "")), f"finding.{code}", said, severity))
    return remarks


def _head(head: Mapping[str, Any], review: Review) -> Iterator[Remark]:
    yield from _shape(PlanSpec, head, None)
    for name in HEAD:
        if _REVIEW in review.head.get(name, ""):
            yield Remark(None, "review.fault.to_fill_in", severity="warning", about=name)


def _shape(model: type[BaseModel], entry: Mapping[str, Any], index: int | None) -> Iterator[Remark]:
    try:
        model.model_validate({k: v for k, v in entry.items() if v is not None})
    except ValidationError as error:
        for fault in error.errors():
            name = "_".join(str(part) for part in fault["loc"][:2] if not isinstance(part, int)) or None
            reason = fault["msg"].removeprefix("Value error, ").split(":")[0]
            kind = fault["type"]
            key = (
                reason
                if reason in REASONS
                else "missing"
                if kind == "missing" or "too_short" in kind
                else "too_long"
                if "too_long" in kind
                else "not_a_number"
                if kind.startswith(("decimal", "int", "is_instance"))
                else "choice"
                if kind in ("enum", "literal_error")
                else "form"
            )
            yield Remark(index, f"review.fault.{key}", about=name or (reason if reason in FIELDS else None))


def _stand_in(head: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": head["id"], "title": "-", "title_en": "-", "short_zh": "-", "short_en": "-", "issued": "2000-01-01",
        "region": head.get("region") or "-", "period": {"start": 2000, "end": 2000}, "text_sha256": head["text_sha256"],
    }  # fmt: skip


@lru_cache(maxsize=16)
def _found(
    names: tuple[tuple[Path, int], ...], plan: str, content: str, text: str
) -> tuple[tuple[str, tuple[tuple[str, Any], ...], str], ...]:
    """What the loader says of one plan file among the declared regions, indicators and units: files of ``names``, with their age."""
    with tempfile.TemporaryDirectory() as folder:
        place, own = Path(folder), Path(folder) / "own"
        (place / "plans" / "texts").mkdir(parents=True)
        own.mkdir()
        for source, _ in names:
            shutil.copyfile(source, (place if source.parent == names[0][0].parent else own) / source.name)
        (place / "plans" / f"{plan}.yaml").write_text(content, "utf-8")
        (place / "plans" / "texts" / f"{plan}.txt").write_bytes(text.encode())
        found = load(place, own).findings
    return tuple((f.code, tuple(f.params.items()), f.severity) for f in found if f.file == f"{plan}.yaml")


def write(app: App, review: Review) -> Path:
    """Write the plan file and its text below ``$DABIAO_HOME/plans-review``, each whole or not at all; the plan file's path.

    Raises:
        DabiaoError: nothing is accepted, or the place cannot be written.
    """
    if not review.accepted:
        raise DabiaoError("review_nothing_accepted")
    folder = app.paths.home / "plans-review"
    target = folder / f"{review.plan_id}.yaml"
    with explained(target):
        (folder / "texts").mkdir(parents=True, exist_ok=True)
        write_whole(folder / "texts" / f"{review.plan_id}.txt", review.text.encode())
        write_whole(target, plan_yaml(review).encode())
    return target


def head_entry(review: Review) -> dict[str, Any]:
    """The plan's head as a plan file has it."""
    head = review.head
    years = {end: _integer(head.get(f"period_{end}", "")) for end in ("start", "end")}
    plain = {k: head.get(k) or None for k in HEAD if not k.startswith("period_") and k != "id"}
    return {"id": review.plan_id, **plain, "period": years, "text_sha256": review.sha256}


def target_entry(review: Review, one: Proposed) -> dict[str, Any]:
    """One proposal as a plan file has it; what cannot be read stays as typed, for the check to name."""
    fields, prefix = one.fields, f"{review.plan_id}-"
    found: dict[str, Any] = {}
    for name in FIELDS:
        said = fields.get(name, "").strip() if name != "quote" else fields.get(name, "")
        if not said or name.startswith("baseline_"):
            continue
        if name in _LISTS:
            items = [line.strip() for line in said.splitlines() if line.strip()]
            found[name] = [prefix + item for item in items] if name == "same_as" else items
        elif name == "stretch":
            found[name] = True
        else:
            found[name] = _number(said) if name in _NUMBERS else said
    found["id"] = prefix + fields.get("id", "")
    if fields.get("baseline_period"):
        value = fields.get("baseline_value", "")
        found["baseline"] = {"period": fields["baseline_period"], "value": _number(value) if value else None}
    return found


def plan_yaml(review: Review) -> str:
    """The plan file of what was accepted; new indicators stand at its top as comments."""
    used = {p.fields.get("indicator") for p in review.accepted}
    lines = [
        f"#   {line}"
        for indicator, block in review.how["indicators"].items()
        if indicator in used
        for line in block.split("\n")
    ]
    if lines:
        lines.insert(0, "# indicators.yaml:")
    content = {
        "schema": 1,
        "plan": {k: v for k, v in head_entry(review).items() if v is not None},
        "targets": [target_entry(review, p) for p in review.accepted],
    }
    return "\n".join([*lines, dump(content)])


def dump(content: Any) -> str:
    """YAML as people write it, numbers with their digits as printed."""
    found: str = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return found


class _Dumper(yaml.SafeDumper):
    """Decimals with their digits as printed."""


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = format(value, "f")
    return dumper.represent_scalar("tag:yaml.org,2002:" + ("float" if "." in text else "int"), text)


_Dumper.add_representer(Decimal, _decimal)


def _number(said: str) -> Decimal | str:
    try:
        found = Decimal(said)
    except InvalidOperation:
        return said
    return found if found.is_finite() else said


def _integer(said: str) -> int | str | None:
    return int(said) if said.isascii() and said.isdigit() else said or None
