"""Make the store ready: folders, schema, declared plans, bundled observations. Safe to repeat; repeats nothing needlessly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dabiao.domain.rounding import plain
from dabiao.errors import DeclarationError, StoreUnwritable
from dabiao.plans.attachments import with_attached
from dabiao.plans.load import Declared, load
from dabiao.services.app import App, Paths, stamp
from dabiao.services.declare.targets import content_of
from dabiao.store import declared as store


@dataclass(frozen=True, slots=True)
class SetUp:
    """What :func:`load_declared` did: counts of targets, and whether the files had changed at all."""

    changed: bool
    counts: dict[str, int]


def make_folders(paths: Paths) -> None:
    """Create the home folder and those in it.

    Raises:
        StoreUnwritable: the place cannot be written.
    """
    for folder in paths.folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnwritable("store_read_only", path=str(folder)) from error


def load_declared(app: App, declared: Declared, now: datetime) -> SetUp:
    """Bring the store's regions, indicators, plans and targets up to the declared files.

    Raises:
        DeclarationError: a file has an error; nothing is loaded.
    """
    if declared.errors:
        raise DeclarationError("declaration_refused", count=len(declared.errors))
    if store.file_digests(app.store) == declared.digests:
        return SetUp(False, {})
    counts = store.replace_catalogue(
        app.store,
        regions=[
            {
                "id": r.id,
                "zh": r.zh,
                "en": r.en,
                "short_zh": r.short_zh,
                "parent": r.parent,
                "level": r.level,
                "members": json.dumps(r.members),
                "aliases": json.dumps(r.aliases, ensure_ascii=False),
            }
            for r in declared.catalogue.regions.values()
        ],
        indicators=[
            {
                "id": i.id,
                "zh": i.zh,
                "en": i.en,
                "unit": i.unit,
                "type": str(i.type),
                "direction": i.direction,
                "low": None if i.bounds[0] is None else plain(i.bounds[0]),
                "high": None if i.bounds[1] is None else plain(i.bounds[1]),
                "decimals": i.decimals,
                "frequency": i.frequency,
                "aliases": json.dumps(i.aliases, ensure_ascii=False),
            }
            for i in declared.catalogue.indicators.values()
        ],
        units=[
            {
                "id": u.id,
                "region": u.region,
                "zh": u.zh,
                "en": u.en,
                "aliases": json.dumps(u.aliases, ensure_ascii=False),
            }
            for u in declared.catalogue.units.values()
        ],
        plans=[
            {
                "id": p.plan.id,
                "title": p.plan.title,
                "title_en": p.plan.title_en,
                "short_zh": p.plan.short_zh,
                "short_en": p.plan.short_en,
                "issuer": p.plan.issuer,
                "document_number": p.plan.document_number,
                "issued": p.plan.issued,
                "issued_note": p.plan.issued_note,
                "region": p.plan.region,
                "period_start": p.plan.period.start,
                "period_end": p.plan.period.end,
                "note": p.plan.note,
                "text_sha256": p.plan.text_sha256,
                "text": declared.texts[p.plan.id],
            }
            for p in declared.plans
        ],
        targets=_targets(declared),
        digests=declared.digests,
        now=stamp(now),
        today=app.today(now),
    )
    return SetUp(True, counts)


def _targets(declared: Declared) -> Iterator[tuple[str, str, int, str, dict[str, Any]]]:
    for plan in declared.plans:
        for position, spec in enumerate(plan.targets):
            yield spec.id, plan.plan.id, position, plan.plan.issued, content_of(spec, plan)


def read_declared(data: Path, attachments: Path | None = None, own: Path | None = None) -> Declared:
    """The declared files as they stand, the office's own with them, and the numbers that are attached to delegated targets."""
    declared = load(data, own)
    return declared if attachments is None else with_attached(declared, attachments)


def bundled_files(data: Path) -> list[Path]:
    """The bundled observation files, in a fixed order."""
    return sorted((data / "observations").glob("*.csv"))
