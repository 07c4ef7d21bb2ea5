"""Whether what is kept is still what was put in: the store's file, the raw files, the backups, the clock and the disk."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from dabiao import i18n
from dabiao.services.app import App, stamp
from dabiao.services.keep import audit, backup
from dabiao.store import copies, runs
from dabiao.store.database import Row

SAMPLE = 200 << 20
"""Bytes of raw files that one check reads unless it is asked for all; the next day's check goes on where it ended."""
CLOCK = timedelta(minutes=5)
"""How far the newest record may lie in the future: two machines' clocks are never quite the same."""
BACKUP_AGE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        code: key of the sentence ``verify.<code>``.
        severity: ``error`` (what is kept is harmed) or ``warning`` (it is in danger).
    """

    code: str
    severity: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self, lang: str) -> dict[str, Any]:
        """As ``dabiao verify --format json`` prints it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": i18n.text(f"verify.{self.code}", lang, **self.params),
        }


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check looked at and found.

    Attributes:
        checked: counts of what was looked at, by name.
        findings: the harmed first.
    """

    checked: Mapping[str, int]
    findings: Sequence[Finding]

    @property
    def whole(self) -> bool:
        """Nothing that is kept is harmed; warnings may stand."""
        return all(f.severity != "error" for f in self.findings)


def verify(
    app: App,
    now: datetime,
    *,
    everything: bool = True,
    anchor: audit.Anchor = audit.START,
    progress: Progress | None = None,
) -> Verified:
    """Check what is kept. Reads only.

    Args:
        everything: read every raw file; else :data:`SAMPLE` bytes of them, those whose turn it is on this day.
        anchor: the row from which the audit chain is followed.
        progress: told after each raw file how many of how many are read.
    """
    checked: dict[str, int] = {}
    found: list[Finding] = []
    checks: dict[str, Check] = {**_CHECKS, "raw_files": partial(_raw_files, progress=progress)}
    for name, check in checks.items():
        checked[name], wrong = check(app, now, everything)
        found += wrong
    if not any(f.code == "store_damaged" for f in found):  # a damaged file is no record to follow
        checked["audit_rows"], faults = audit.check(app, anchor)
        found += [Finding(f"audit_{f.code}", "error", f.params) for f in faults]
    return Verified(checked, sorted(found, key=lambda f: f.severity))


def at_hand(app: App, now: datetime) -> dict[str, list[Finding]]:
    """The checks that read no large file: what was found of ``clocks``, ``disks`` and ``backups``."""
    return {name: _CHECKS[name](app, now, False)[1] for name in ("clocks", "disks", "backups")}


Check = Callable[[App, datetime, bool], tuple[int, list[Finding]]]
Progress = Callable[[int, int], None]


def _store(app: App, _now: datetime, _everything: bool) -> tuple[int, list[Finding]]:
    found = copies.faults(app.store.path)
    return 1, [
        Finding("store_damaged", "error", {"path": str(app.store.path), "detail": line}) for line in found
    ]


def _raw_files(
    app: App, now: datetime, everything: bool, progress: Progress | None = None
) -> tuple[int, list[Finding]]:
    rows = app.store.rows(
        "SELECT raw_path, sha256, min(file) AS file FROM imports WHERE raw_path IS NOT NULL GROUP BY raw_path ORDER BY raw_path"
    )
    found = []
    wanted = rows if everything else list(_turn(app, rows, now))
    for number, row in enumerate(wanted):
        if progress is not None:
            progress(number, len(wanted))
        path = app.paths.home / row["raw_path"]
        params = {"path": row["raw_path"], "file": row["file"]}
        try:
            with path.open("rb") as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == row["sha256"]
        except OSError as error:
            found.append(Finding("raw_missing", "error", {**params, "detail": error.strerror or str(error)}))
            continue
        if not same:
            found.append(Finding("raw_changed", "error", params))
    return len(wanted), found


def _turn(app: App, rows: Sequence[Row], now: datetime) -> Iterator[Row]:
    """Raw files for about :data:`SAMPLE` bytes, from another place each day, so that all have their turn."""
    if not rows:
        return
    start = app.today(now).toordinal() * 97 % len(rows)
    left = SAMPLE
    for row in (*rows[start:], *rows[:start]):
        yield row
        path = app.paths.home / row["raw_path"]
        left -= path.stat().st_size if path.is_file() else 0
        if left <= 0:
            return


def _clock(app: App, now: datetime, _everything: bool) -> tuple[int, list[Finding]]:
    latest = runs.latest_stamp(app.store)
    if latest is not None and latest > stamp(now + CLOCK):
        return 1, [Finding("clock_behind", "error", {"latest": latest, "now": stamp(now)})]
    return 1, []


def _disk(app: App, _now: datetime, _everything: bool) -> tuple[int, list[Finding]]:
    free = shutil.disk_usage(app.paths.home).free
    needed = 2 * app.store.path.stat().st_size + (64 << 20)
    if free >= needed:
        return 1, []
    params = {"path": str(app.paths.home), "free_mb": free >> 20, "needed_mb": needed >> 20}
    return 1, [Finding("disk_low", "warning", params)]


def _backups(app: App, now: datetime, _everything: bool) -> tuple[int, list[Finding]]:
    made = backup.backups(app.paths.backups)
    if not made:
        return 0, [Finding("backup_none", "warning", {"path": str(app.paths.backups)})]
    newest = made[-1].at
    if now - newest > BACKUP_AGE:
        return len(made), [
            Finding("backup_old", "warning", {"at": stamp(newest), "days": (now - newest).days})
        ]
    return len(made), []


_CHECKS: Mapping[str, Check] = {
    "stores": _store,
    "raw_files": _raw_files,
    "clocks": _clock,
    "disks": _disk,
    "backups": _backups,
}
