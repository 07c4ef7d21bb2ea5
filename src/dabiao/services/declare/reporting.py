"""What responsible units report on targets without a number: entered, imported, withdrawn, listed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Any

from dabiao.domain.assessment import Report
from dabiao.domain.issue import Issue
from dabiao.domain.target import Measure, Target
from dabiao.errors import DabiaoError, UnknownName
from dabiao.ingest.reports import Told, read_reports
from dabiao.services.app import App, stamp
from dabiao.services.declare.targets import targets_as_of
from dabiao.services.files import keep_raw
from dabiao.store import reports as store
from dabiao.store.database import Row

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes of a file that is kept as evidence."""
_FILES = {".pdf", ".ofd", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".jpg", ".jpeg", ".png", ".zip"}


def add(app: App, target_id: str, report: Report, today: date, now: datetime) -> int:
    """Record one report; earlier ones are kept. A file named as evidence is kept with its digest.

    Returns:
        its version.

    Raises:
        UnknownName: there is no such target.
        DabiaoError: the target is decided by a number, the report's day is to come, or its file is not there.
    """
    target = next((d.target for d in targets_as_of(app, today) if d.target.id == target_id), None)
    if target is None:
        raise UnknownName("report_target_unknown", name=target_id)
    check(target, report.reported_on, today)
    return store.record_reports(app.store, [(target_id, evidenced(app, report))], stamp(now))[0]


def check(target: Target, on: date, today: date) -> None:
    """Refuse a report on a target that takes none, and one of a day to come."""
    if target.measure is Measure.NUMERIC:
        raise DabiaoError("target_takes_no_report", name=target.id)
    if on > today:
        raise DabiaoError("report_in_future", day=on.isoformat(), today=today.isoformat())


def evidenced(app: App, report: Report) -> Report:
    """A report with the kind of its evidence; a file is copied under ``raw/`` and named by its digest.

    Raises:
        DabiaoError: a file is named that is not there, or too large.
    """
    text = report.evidence.strip()
    if re.match(r"https?://", text, re.IGNORECASE):
        return replace(report, evidence=text, evidence_kind="url")
    path = Path(text) if text else None
    if path is None or not (path.is_file() or PurePath(text).suffix.lower() in _FILES):
        return replace(report, evidence=text)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DabiaoError("report_file_large", path=text, most=LARGEST_FILE >> 20)
        data = path.read_bytes()
    except OSError as error:
        raise DabiaoError("file_missing", path=text) from error
    digest = hashlib.sha256(data).hexdigest()
    kept = keep_raw(app.paths.home, digest, path.name, data)
    return replace(report, evidence=kept, evidence_kind="file", evidence_sha256=digest)


def withdraw(app: App, target_id: str, version: int, by: str, note: str, on: date, now: datetime) -> None:
    """Take a report back from today on.

    Raises:
        UnknownName: there is no such report.
        DabiaoError: it has been withdrawn.
    """
    row = store.report_row(app.store, target_id, version)
    if row is None:
        raise UnknownName("report_unknown", name=target_id, version=version)
    if row["withdrawn_on"] is not None:
        raise DabiaoError("report_withdrawn", name=target_id, version=version, day=row["withdrawn_on"])
    store.withdraw(app.store, row, on, by, note, stamp(now))


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's rows."""

    file: str
    accepted: int
    unchanged: int
    issues: tuple[Issue, ...]


def import_reports(app: App, path: Path, by: str, today: date, now: datetime) -> Imported:
    """Record the reports of a file, row by row; a wrong row stops no other, and a row recorded before is left alone.

    Raises:
        ImportRefused: the file is no table of reports.
        DabiaoError: there is no such file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DabiaoError("file_missing", path=str(path)) from error
    targets = [d.target for d in targets_as_of(app, today)]
    recorded = {_content(r) for r in store.report_rows(app.store, date.max) if r["withdrawn_on"] is None}
    issues: list[Issue] = []
    fresh: list[tuple[str, Report]] = []
    unchanged = 0
    for told in read_reports(data, path.name):
        found = told if isinstance(told, Issue) else _row(app, told, targets, by, today, path.parent)
        if isinstance(found, Issue):
            issues.append(found)
            continue
        content = _told_content(*found)
        if content in recorded:
            unchanged += 1
            continue
        recorded.add(content)
        fresh.append(found)
    if fresh:
        store.record_reports(app.store, fresh, stamp(now))
    return Imported(path.name, len(fresh), unchanged, tuple(issues))


def _row(
    app: App, told: Told, targets: Sequence[Target], by: str, today: date, folder: Path
) -> tuple[str, Report] | Issue:
    target = _target(told, targets)
    if isinstance(target, Issue):
        return target
    unit = told.unit or next(iter((*target.lead_units, *target.responsible_units)), "")
    if not unit and target.measure is not Measure.NUMERIC:
        return told.row.issue("report_unit_missing", "unit")
    evidence = told.evidence
    if evidence and (folder / evidence).is_file():
        evidence = str(folder / evidence)
    try:
        check(target, told.on, today)
        return target.id, evidenced(app, Report(told.state, told.on, unit, evidence, told.note, by))
    except DabiaoError as error:
        column = {"report_in_future": "date", "target_takes_no_report": "target"}.get(error.code, "evidence")
        return told.row.issue(error.code, column, **error.params)


def _target(told: Told, targets: Sequence[Target]) -> Target | Issue:
    """The target that a row names by its id, or by words of its quote that stand in no other."""
    if told.target:
        found = [t for t in targets if t.id == told.target]
        return found[0] if found else told.row.issue("report_target_unknown", "target", name=told.target[:60])
    quote = _plain(told.quote)
    wanted = [t for t in targets if not told.plan or t.plan == told.plan]
    same = [t for t in wanted if _plain(t.quote) == quote] or [t for t in wanted if quote in _plain(t.quote)]
    same = [t for t in same if t.measure is not Measure.NUMERIC] or same
    if len(same) != 1:
        code = "report_quote_ambiguous" if same else "report_quote_unknown"
        near = "、".join(t.id for t in same[:5])
        return told.row.issue(code, "quote", text=told.quote[:60], near=near)
    return same[0]


def _plain(text: str) -> str:
    return re.sub(r"\s|[，。；：、,.;:]", "", text)


def _told_content(target_id: str, r: Report) -> tuple[Any, ...]:
    return (target_id, r.state, r.reported_on.isoformat(), r.unit, r.evidence, r.note)


def _content(row: Row) -> tuple[Any, ...]:
    return tuple(row[n] for n in ("target_id", "state", "reported_on", "unit", "evidence", "note"))


def report_rows(app: App, as_of: date, target_id: str | None = None) -> list[dict[str, Any]]:
    """Reports that were made by a day, the latest first, and whether each stands on it."""
    standing = {(name, r.version) for name, r in store.reports_as_of(app.store, as_of).items()}
    return [_listed(r, standing, as_of) for r in store.report_rows(app.store, as_of, target_id)]


def _listed(r: Row, standing: Iterable[tuple[str, int]], as_of: date) -> dict[str, Any]:
    gone = r["withdrawn_on"] is not None and r["withdrawn_on"] <= as_of.isoformat()
    names = ("target_id", "version", "state", "reported_on", "unit", "evidence_kind", "evidence")
    more = ("evidence_sha256", "note", "entered_by", "recorded_at", "supersedes")
    return {
        **{name: r[name] for name in names},
        **{name: r[name] or None for name in more},
        "stands": (r["target_id"], r["version"]) in standing,
        "withdrawn_on": r["withdrawn_on"] if gone else None,
        "withdrawn_by": r["withdrawn_by"] if gone else None,
        "withdrawn_note": r["withdrawn_note"] if gone else None,
    }
