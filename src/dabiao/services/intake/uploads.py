"""Files that a browser hands over: kept apart under a name that cannot be guessed, shown as they would be read, then taken.

Nothing of an upload is imported before a person has said so.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from dabiao.domain.observation import Tier
from dabiao.errors import DabiaoError, ImportRefused
from dabiao.ingest.model import Defaults
from dabiao.reports.tables import csv_bytes
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.files import explained, safe_name, write_whole
from dabiao.services.intake import noting
from dabiao.services.intake.dropping import take_file
from dabiao.services.intake.importing import ImportResult
from dabiao.services.intake.mappings import mapping_of
from dabiao.services.intake.quarantine_files import ID, headings_of, is_mended
from dabiao.services.intake.understanding import understand_bytes
from dabiao.store import imports
from dabiao.store import quarantine as table

LARGEST_UPLOAD = 12 * 2**20
"""Bytes of a file; a larger one goes through the inbox or the command line, which read it piece by piece."""

TIERS = (Tier.OFFICIAL, Tier.PRESS, Tier.THIRD_PARTY)
"""What a person may declare a file to be; derived values come from the program alone."""

_TOKEN = re.compile(r"[0-9a-f]{16}")
_KEPT = timedelta(days=1)
_HEAD = 1 << 18


@dataclass(frozen=True, slots=True)
class Options:
    """What a person says of a file that does not say so itself; empty for nothing."""

    source: str | None = None
    published: date | None = None
    tier: Tier | None = None

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Options:
        """From what stands in a form or an address.

        Raises:
            DabiaoError: ``upload_day_wrong`` or ``upload_tier_wrong``.
        """
        source, day, tier = (given.get(name, "").strip() for name in ("source", "published", "tier"))
        try:
            published = date.fromisoformat(day) if day else None
        except ValueError as error:
            raise DabiaoError("upload_day_wrong", text=day[:20]) from error
        if tier and tier not in TIERS:
            raise DabiaoError("upload_tier_wrong", text=tier[:20])
        return cls(source[:200] or None, published, Tier(tier) if tier else None)


@dataclass(frozen=True, slots=True)
class Preview:
    """How an upload would be read, and what importing it would do.

    Attributes:
        read: the contract of ``dabiao import --explain``, of a long text for its first rows alone; ``None`` for mended rows,
            which are read in their own file.
        result: of a dry run.
        before: the import that has brought these very bytes already.
    """

    read: Mapping[str, Any] | None
    result: ImportResult
    before: int | None


def folder(app: App) -> Path:
    """Where uploads wait."""
    return app.paths.home / "uploads"


def stage(app: App, name: str, data: bytes, now: datetime) -> str:
    """Put an upload aside and give its token. Uploads that have waited for more than a day are removed.

    Raises:
        DabiaoError: ``upload_empty`` or ``upload_too_large``.
        StoreUnwritable: the folder is read-only or the disk full.
    """
    kept_name = safe_name(PurePath(name.replace("\\", "/")).name)
    if not data:
        raise DabiaoError("upload_empty", file=kept_name)
    if len(data) > LARGEST_UPLOAD:
        raise DabiaoError("upload_too_large", file=kept_name, limit=LARGEST_UPLOAD // 2**20)
    _forget_old(app, now)
    token = secrets.token_hex(8)
    target = folder(app) / token / kept_name
    with explained(target):
        target.parent.mkdir(parents=True)
        write_whole(target, data)
    return token


def _forget_old(app: App, now: datetime) -> None:
    for old in folder(app).glob("*/"):
        with contextlib.suppress(OSError):
            if old.stat().st_mtime < (now - _KEPT).timestamp():
                discard(app, old.name)


def staged(app: App, token: str) -> Path | None:
    """The file of a token; ``None`` if there is none."""
    if not _TOKEN.fullmatch(token):
        return None
    return next((path for path in sorted((folder(app) / token).glob("*")) if path.is_file()), None)


def discard(app: App, token: str) -> None:
    """Forget an upload."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(folder(app) / token, ignore_errors=True)


def preview(app: App, path: Path, options: Options, now: datetime, lang: str) -> Preview:
    """How a file would be read and what would become of its values. Nothing is stored.

    Raises:
        ImportRefused: the whole file cannot be read.
    """
    read = None
    if not is_mended(path):
        settled = mapping_of(app, path.name, options.source)
        defaults = Defaults(options.source, options.published, options.tier, settled)
        read = understand_bytes(app, path.name, _head(path), defaults, now=now, lang=lang)
    result = _take(app, path, options, now, dry_run=True)
    before = imports.import_by_sha256(app.store, result.sha256)
    return Preview(read, result, before["id"] if before else None)


def _head(path: Path) -> bytes:
    """What shows how a file is read: all of it, of a long text its first rows."""
    data = path.read_bytes()
    if len(data) <= _HEAD or path.suffix.lower() not in (".csv", ".tsv", ".txt") or b"\0" in data[:_HEAD]:
        return data
    return data[: data.rfind(b"\n", 0, _HEAD) + 1] or data


def take(
    app: App, token: str, options: Options, now: datetime, by: str = ""
) -> tuple[ImportResult, int | None]:
    """Import an upload and forget it; gives what became of it and the id of its import (``None`` if nothing was stored).

    Args:
        app: the process's settings, paths, store and catalogue.
        token: of the upload.
        options: what a person says of the file.
        now: the moment.
        by: who imports it, for the audit.

    Raises:
        DabiaoError: ``upload_gone``.
        ImportRefused: the whole file cannot be read; the audit has a row of that, and the upload stays.
        StoreError: the store is busy, full or read-only; the upload stays.
    """
    path = staged(app, token)
    if path is None:
        raise DabiaoError("upload_gone")
    try:
        result = _take(app, path, options, now, dry_run=False)
    except ImportRefused as error:
        noting.refused(app, f"upload:{token}", path.name, error, now, by)
        raise
    discard(app, token)
    return result, noting.imported(app, result, now, by)


def _take(app: App, path: Path, options: Options, now: datetime, *, dry_run: bool) -> ImportResult:
    return take_file(
        app,
        path,
        now=now,
        source=options.source,
        published=options.published,
        tier=options.tier,
        dry_run=dry_run,
    )


def retry(
    app: App, rows: Mapping[int, Sequence[str]], headings: Sequence[str] | None, now: datetime
) -> tuple[ImportResult, int]:
    """Send refused rows of one sheet in again with mended cells; gives what became of them and how many are mended.

    It is the way of a mended file: the rows as typed are kept like any file that was imported.

    Args:
        app: the process's settings, paths, store and catalogue.
        rows: the cells of each refused row, by its id.
        headings: the sheet's headings as mended; as they were imported by default.
        now: the moment.

    Raises:
        DabiaoError: ``quarantine_unknown``: an id that there is not, or of another sheet than the rest.
        ImportRefused: the original file is gone.
    """
    held = [r for r in table.by_ids(app.store, list(rows)) if visible.imported(app, r["import_id"])]
    if len(held) != len(rows) or len({(r["import_id"], r["sheet"]) for r in held}) != 1:
        missing = sorted(set(rows) - {r["id"] for r in held}) or sorted(rows)
        raise DabiaoError("quarantine_unknown", ids=", ".join(map(str, missing)))
    original = table.import_of(app.store, held[0]["import_id"])
    width = max(len(json.loads(r["raw"])) for r in held)
    head = list(headings or headings_of(original, held[0]["sheet"], width)[1])
    lines = [[str(r["id"]), *_fitted(rows[r["id"]], len(head))] for r in held]
    name = f"{PurePath(original['file']).stem}-mended.csv"
    with _aside(app, name, csv_bytes([ID, *head], lines), now) as path:
        result = take_file(app, path, now=now)
    after = table.by_ids(app.store, list(rows))
    open_before = {r["id"] for r in held if r["state"] == table.OPEN}
    return result, sum(r["id"] in open_before and r["state"] == table.MENDED for r in after)


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


@contextlib.contextmanager
def _aside(app: App, name: str, data: bytes, now: datetime) -> Iterator[Path]:
    token = stage(app, name, data, now)
    try:
        path = staged(app, token)
        assert path is not None
        yield path
    finally:
        discard(app, token)
