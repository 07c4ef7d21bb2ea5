"""A plan under review: its text read into proposals, each accepted, mended or dropped by a person, and a plan file of the rest.

Nothing here touches the register: what comes out (:mod:`dabiao.services.declare.review_files`) is a file that a person puts among
the declared ones.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from dabiao.errors import DabiaoError
from dabiao.plans.extract import Reading, read, to_plan_yaml
from dabiao.plans.reading import text_of
from dabiao.services.app import App, stamp
from dabiao.store import reviews as store
from dabiao.store.database import Row

LARGEST_UPLOAD = 10 * 1024 * 1024
"""Bytes of an uploaded plan."""

DECISIONS = ("accepted", "mended", "dropped")

FIELDS = (
    "id", "indicator", "region", "measure", "kind", "comparator", "value", "unit", "deadline", "deadline_note",
    "stretch", "tolerance", "tolerance_note", "baseline_period", "baseline_value", "change", "clause", "quote",
    "lead_units", "responsible_units", "same_as", "printed", "read_as", "read_why", "note",
)  # fmt: skip
"""What can be mended of a proposal, all of it as text: lists a line an item, ``stretch`` as ``true`` or nothing."""

HEAD = (
    "id", "title", "title_en", "short_zh", "short_en", "issuer", "document_number", "issued", "issued_note",
    "region", "period_start", "period_end", "note",
)  # fmt: skip
"""What can be mended of the plan's head."""

_SHORT_ID = 40


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal with what was decided on it.

    Attributes:
        fields: as it was proposed; ``id`` and ``same_as`` without the plan's id in front.
        edits: the fields that a person changed.
        decision: one of :data:`DECISIONS`, or ``None``.
    """

    index: int
    start: int
    uncertain: tuple[str, ...]
    rules: tuple[str, ...]
    proposed: Mapping[str, str]
    edits: Mapping[str, str]
    decision: str | None

    @property
    def fields(self) -> dict[str, str]:
        """As it stands now."""
        return {**self.proposed, **self.edits}

    @property
    def kept(self) -> bool:
        return self.decision in ("accepted", "mended")


@dataclass(frozen=True, slots=True)
class Review:
    """A plan under review. ``how`` says how it was read: file, size, place and period."""

    id: str
    created_at: str
    updated_at: str
    text: str
    sha256: str
    head: Mapping[str, str]
    how: Mapping[str, Any]
    proposals: tuple[Proposed, ...]

    @property
    def plan_id(self) -> str:
        """The plan's id, fit for a file's name whatever was typed."""
        return _slug(self.head.get("id", "")) or "plan"

    @property
    def accepted(self) -> tuple[Proposed, ...]:
        """What goes into the plan file."""
        return tuple(p for p in self.proposals if p.kept)

    @property
    def undecided(self) -> tuple[Proposed, ...]:
        return tuple(p for p in self.proposals if p.decision is None)


def create(
    app: App,
    data: bytes,
    name: str,
    now: datetime,
    *,
    region: str | None = None,
    period: tuple[int, int] | None = None,
) -> str:
    """Read a plan's bytes and keep what it proposes for review; the new review's id.

    Args:
        region, period: what the plan binds and when, where the text does not say.

    Raises:
        DabiaoError: too large, not to be read, or without any target; the code says which.
    """
    if len(data) > LARGEST_UPLOAD:
        raise DabiaoError("review_too_large", file=name, limit=LARGEST_UPLOAD // 2**20)
    text = text_of(data, name)
    reading = read(text, app.catalogue, region=region or None, period=period, plan="plan")
    head, entries, indicators = _proposed(reading, text)
    head["id"] = _plan_id(reading, name)
    for key in ("title_en", "short_en"):
        head[key] = head[key].replace("REVIEW plan", "REVIEW").replace("plan", head["id"])
    made = stamp(now)
    review_id = uuid.uuid4().hex[:12]
    how = {
        "file": name,
        "size": len(data),
        "characters": len(text),
        "place": reading.place.name,
        "period": list(reading.period) if reading.period else None,
    }
    proposals = [
        {
            "start": p.start,
            "uncertain": list(p.uncertain),
            "rules": list(p.rules),
            "fields": fields,
            "decision": None,
            "edits": {},
        }
        for p, fields in zip(reading.proposals, entries, strict=True)
    ]
    content = {"fields": head, "how": how, "indicators": indicators}
    digest = hashlib.sha256(text.encode()).hexdigest()
    store.add(app.store, store.ReviewRow(review_id, made, content, text, digest, proposals, made))
    return review_id


def find(app: App, review_id: str) -> Review | None:
    """A review as it stands, ``None`` if there is none of that id."""
    row = store.find(app.store, review_id)
    if row is None:
        return None
    proposals = tuple(
        Proposed(
            i, p["start"], tuple(p["uncertain"]), tuple(p["rules"]), p["fields"], p["edits"], p["decision"]
        )
        for i, p in enumerate(row.proposals)
    )
    how = {**row.head["how"], "indicators": row.head["indicators"]}
    return Review(
        row.id, row.created_at, row.updated_at, row.text, row.sha256, row.head["fields"], how, proposals
    )


def listing(app: App) -> list[Row]:
    """The reviews under way, the last touched first."""
    return store.listing(app.store)


def decide(
    app: App, review_id: str, index: int, decision: str | None, edits: Mapping[str, str], now: datetime
) -> str | None:
    """Decide on one proposal; ``None`` opens it again. Gives what was stored: an accepted one with changes is a mended one.

    Raises:
        DabiaoError: ``review_missing``, or ``review_nothing_mended`` where nothing was changed.
    """
    review = find(app, review_id)
    if review is None or not 0 <= index < len(review.proposals):
        raise DabiaoError("review_missing", review=review_id)
    if decision is not None and decision not in DECISIONS:
        raise ValueError(decision)
    before = review.proposals[index].proposed
    changed = {
        k: v.strip() for k, v in edits.items() if k in FIELDS and v.strip() != before.get(k, "").strip()
    }
    if decision == "mended" and not changed:
        raise DabiaoError("review_nothing_mended")
    if decision == "accepted" and changed:
        decision = "mended"
    store.decide(app.store, review_id, index, decision, changed if decision == "mended" else {}, stamp(now))
    return decision


def set_head(app: App, review_id: str, fields: Mapping[str, str], now: datetime) -> None:
    """Mend the plan's head: only what differs is written.

    Raises:
        DabiaoError: ``review_missing``.
    """
    review = find(app, review_id)
    if review is None:
        raise DabiaoError("review_missing", review=review_id)
    changed = {k: v.strip() for k, v in fields.items() if k in HEAD and v.strip() != review.head.get(k, "")}
    if changed:
        store.set_head(app.store, review_id, changed, stamp(now))


# -- what was read ---------------------------------------------------------------------------------------------


def _proposed(reading: Reading, text: str) -> tuple[dict[str, str], list[dict[str, str]], dict[str, str]]:
    """The head, the targets and the new indicators that the extractor's own plan file has, as text for a form."""
    filled = reading if reading.period else replace(reading, period=(1990, 1990))
    printed = to_plan_yaml(filled, text, plan="plan")
    content = yaml.load(printed, Loader=yaml.BaseLoader)  # noqa: S506 - strings alone: digits stay as printed
    plan = content["plan"]
    head = {k: _said(plan.get(k)) for k in HEAD}
    years = plan["period"] if reading.period else {}
    head |= {f"period_{end}": _said(years.get(end)) for end in ("start", "end")}
    indicators: dict[str, str] = {}
    for block in re.split(r"\n(?=- id:)", "\n".join(m[1] for m in re.finditer(r"(?m)^#   (.*)$", printed))):
        if block.startswith("- id:"):
            indicators[block.split("\n")[0].removeprefix("- id:").strip()] = block
    return head, [_flat(entry) for entry in content["targets"]], indicators


def _flat(entry: Mapping[str, Any]) -> dict[str, str]:
    baseline = entry.get("baseline") or {}
    found = {k: _said(entry.get(k)) for k in FIELDS}
    found |= {f"baseline_{k}": _said(baseline.get(k)) for k in ("period", "value")}
    found["id"] = found["id"].removeprefix("plan-")
    found["same_as"] = "\n".join(line.removeprefix("plan-") for line in found["same_as"].split("\n"))
    return {k: v for k, v in found.items() if v}


def _said(value: str | Sequence[str] | None) -> str:
    if value is None or value == "null":
        return ""
    return value if isinstance(value, str) else "\n".join(value)


def _plan_id(reading: Reading, name: str) -> str:
    """``quanzhou-2022`` where place and period are known, else the file's name, else what there is."""
    start = str(reading.period[0]) if reading.period else ""
    region = reading.place.region
    place = (
        re.sub(r"\b(City|Province|County|District|Autonomous|Region|Prefecture)\b", "", region.en)
        if region
        else ""
    )
    stem = _slug(Path(name).stem)
    found = f"{_slug(place)}-{start}" if place.strip() and start else stem or f"plan-{start}"
    return found.strip("-")[:_SHORT_ID].strip("-") or "plan"


def _slug(said: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-")
