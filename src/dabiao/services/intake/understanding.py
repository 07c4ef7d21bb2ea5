"""How a file would be read, without importing it."""

from __future__ import annotations

from collections.abc import Mapping as Map
from datetime import datetime
from pathlib import Path
from typing import Any

from dabiao.domain.rounding import plain
from dabiao.ingest.model import Candidate, Defaults, Reading
from dabiao.ingest.read import load, read_bytes
from dabiao.services.app import App
from dabiao.services.files import readable
from dabiao.services.intake.importing import issue_json

FIRST = 8  # values that are shown


def understand(
    app: App, path: Path, defaults: Defaults, *, now: datetime, lang: str | None = None
) -> dict[str, Any]:
    """How a file would be read: the contract of ``dabiao import --explain --format json``. Nothing is stored.

    Args:
        app: the process's settings, paths, store and catalogue.
        path: the file.
        defaults: what stands for values that do not say otherwise.
        now: the moment; its day dates values that have no date.
        lang: of the messages; the setting's by default.

    Raises:
        ImportRefused: the whole file cannot be read; its code says why.
    """
    with readable(path):
        data = load(path, app.settings.max_import_mb)
    return understand_bytes(app, path.name, data, defaults, now=now, lang=lang)


def understand_bytes(
    app: App, name: str, data: bytes, defaults: Defaults, *, now: datetime, lang: str | None = None
) -> dict[str, Any]:
    """How a file's bytes would be read; see :func:`understand`."""
    reading = read_bytes(
        data, name, app.catalogue, defaults, today=app.today(now), limits=app.settings.limits
    )
    return _explained(app, reading, lang or app.settings.lang)


def _explained(app: App, reading: Reading, lang: str) -> dict[str, Any]:
    how: Map[str, Any] = reading.description
    return {
        "file": reading.file,
        "sha256": reading.sha256,
        "encoding": how.get("encoding"),
        "delimiter": how.get("delimiter"),
        "mapping": how.get("mapping"),
        "sheets": how["sheets"],
        "assumed": how["assumed"],
        "taken": len(reading.rows),
        "refused": reading.refused,
        "repeated": reading.repeated,
        "ignored": reading.ignored,
        "records": [_record(app, c) for c in reading.rows[:FIRST]],
        "issues": [issue_json(i, lang) for i in reading.issues],
    }


def _record(app: App, c: Candidate) -> dict[str, Any]:
    return {
        "sheet": c.sheet,
        "row": c.row,
        "column": c.column,
        "region": app.catalogue.regions[c.region].zh,
        "indicator": c.indicator,
        "period": str(c.period),
        "value": None if c.value is None else plain(c.value),
        "printed": c.printed,
        "qualifier": str(c.qualifier) if c.qualifier else None,
        "unit": c.unit,
        "tier": str(c.tier),
        "state": str(c.state),
        "basis": str(c.basis),
        "known_on": c.known_on.isoformat(),
        "source": c.source,
    }
