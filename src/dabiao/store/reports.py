"""What units report on targets without a number. Appended: a later report supersedes, a wrong one is withdrawn, none is changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from dabiao.domain.assessment import Report
from dabiao.store import audit
from dabiao.store.database import Row, Store, among, named

_SELECT = """SELECT r.*, w.withdrawn_on, w.by AS withdrawn_by, w.note AS withdrawn_note
    FROM reports r LEFT JOIN report_withdrawals w ON w.report_id = r.id"""


def reports_as_of(store: Store, as_of: date, names: Collection[str] | None = None) -> dict[str, Report]:
    """The report that stands on each target on a day: of those made by then and not withdrawn, the last entered.

    Args:
        names: only of these targets; of all by default.
    """
    rows = store.rows(
        f"""{_SELECT} WHERE r.reported_on <= :day AND ifnull(w.withdrawn_on > :day, 1)
            {among(names, "r.target_id")} ORDER BY r.version""",
        {"day": as_of.isoformat(), "names": named(names)},
    )
    return {r["target_id"]: _report(r) for r in rows}


def report_rows(store: Store, as_of: date, target_id: str | None = None) -> list[Row]:
    """Every report that was made by a day, the latest first; of one target where it is given."""
    where = "" if target_id is None else "AND r.target_id = :target"
    return store.rows(
        f"{_SELECT} WHERE r.reported_on <= :day {where} ORDER BY r.reported_on DESC, r.id DESC",
        {"day": as_of.isoformat(), "target": target_id},
    )


def report_row(store: Store, target_id: str, version: int) -> Row | None:
    """One report."""
    return store.row(f"{_SELECT} WHERE r.target_id = ? AND r.version = ?", [target_id, version])


def record_reports(store: Store, reports: Sequence[tuple[str, Report]], now: str) -> list[int]:
    """Append reports, one transaction; each becomes its target's next version, and names the one that it supersedes.

    Returns:
        their versions.
    """
    versions = []
    with store.write() as db:
        for target_id, report in reports:
            last = db.execute(
                "SELECT ifnull(max(version), 0) FROM reports WHERE target_id = ?", [target_id]
            ).fetchone()[0]
            row = {
                "target_id": target_id,
                "version": last + 1,
                "state": report.state,
                "reported_on": report.reported_on.isoformat(),
                "unit": report.unit,
                "evidence": report.evidence,
                "evidence_kind": report.evidence_kind,
                "evidence_sha256": report.evidence_sha256,
                "note": report.note,
                "entered_by": report.entered_by,
                "supersedes": last or None,
            }
            db.table("reports").insert({**row, "recorded_at": now})
            audit.append(
                db,
                now,
                [audit.Entry(report.entered_by or report.unit, "report.added", f"target:{target_id}", row)],
            )
            versions.append(int(last) + 1)
    return versions


def withdraw(store: Store, row: Row, on: date, by: str, note: str, now: str) -> None:
    """Take a report back from a day on; it stays readable, and stands on every earlier day."""
    with store.write() as db:
        db.table("report_withdrawals").insert(
            {
                "report_id": row["id"],
                "withdrawn_on": on.isoformat(),
                "by": by,
                "note": note,
                "recorded_at": now,
            }
        )
        details = {"version": row["version"], "withdrawn_on": on.isoformat(), "note": note}
        audit.append(db, now, [audit.Entry(by, "report.withdrawn", f"target:{row['target_id']}", details)])


def _report(r: Row) -> Report:
    return Report(
        r["state"],
        date.fromisoformat(r["reported_on"]),
        r["unit"],
        r["evidence"],
        r["note"],
        r["entered_by"],
        r["evidence_kind"],
        r["evidence_sha256"],
        r["version"],
    )
