"""The quarantine: what an import refuses stands here with its cells and the reason, until it is mended or dismissed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from sqlite_utils import Database

from dabiao import i18n
from dabiao.domain.issue import Issue
from dabiao.errors import DabiaoError
from dabiao.services.access import visible
from dabiao.services.app import App, stamp
from dabiao.store import quarantine as table
from dabiao.store.database import Row
from dabiao.store.quarantine import Place, Refused


def refused_rows(issues: Iterable[Issue]) -> list[Refused]:
    """The rows that have an error, each once with all its reasons. What is wrong with a whole sheet has no row."""
    raw: dict[tuple[str | None, int], Sequence[str]] = {}
    reasons: dict[tuple[str | None, int], list[dict[str, Any]]] = {}
    for i in issues:
        if i.severity != "error" or i.row is None:
            continue
        reason = {"code": i.code, "column": i.column, "params": dict(i.params)}
        raw.setdefault((i.sheet, i.row), i.raw)
        found = reasons.setdefault((i.sheet, i.row), [])
        if reason not in found:
            found.append(reason)
    return [Refused(sheet, row, raw[sheet, row], found) for (sheet, row), found in reasons.items()]


def hold(db: Database, import_id: int, sha256: str, issues: Iterable[Issue], at: str) -> None:
    """Quarantine what an import refused. Inside its transaction.

    Where the very same bytes were imported before (the catalogue may have learnt a name since), a row that is refused again
    stays the row it was, and one that is taken at last is closed by this import.
    """
    hold_batches(db, import_id, sha256, [issues], at)


def hold_batches(
    db: Database, import_id: int, sha256: str, batches: Iterable[Iterable[Issue]], at: str
) -> None:
    """As :func:`hold`, for issues in batches, all errors of a row in one of them."""
    before = table.open_of_file(db, sha256)
    for issues in batches:
        refused = refused_rows(issues)
        table.add(db, import_id, [r for r in refused if _place(r) not in before])
        for r in refused:
            number = before.pop(_place(r), None)
            if number is not None:
                table.refuse_again(db, number, r.reasons, at, import_id)
    table.close(db, before.values(), table.MENDED, at, import_id)


def _place(r: Refused) -> Place:
    return (r.sheet or "", r.row)


def dismiss(app: App, ids: Sequence[int], note: str, now: datetime) -> int:
    """Close open rows that will not be mended, with the reason why not; gives how many were open.

    Raises:
        DabiaoError: an id that there is not, or no reason; then nothing is closed.
    """
    if not note.strip():
        raise DabiaoError("quarantine_note_missing")
    rows = [r for r in table.by_ids(app.store, ids) if visible.imported(app, r["import_id"])]
    if unknown := sorted(set(ids) - {r["id"] for r in rows}):
        raise DabiaoError("quarantine_unknown", ids=", ".join(map(str, unknown)))
    still = [r["id"] for r in rows if r["state"] == table.OPEN]
    with app.store.write() as db:
        table.close(db, still, table.DISMISSED, stamp(now), None, note.strip())
    return len(still)


def quarantine_json(row: Row, lang: str) -> dict[str, Any]:
    """One row of ``quarantine list``. ``message`` says every reason with its mend."""
    reasons = json.loads(row["reasons"])
    by = row["closed_by_file"]
    return {
        "id": row["id"],
        "file": row["file"],
        "sheet": row["sheet"],
        "row": row["row"],
        "state": row["state"],
        "codes": list(dict.fromkeys(r["code"] for r in reasons)),
        "columns": list(dict.fromkeys(r["column"] for r in reasons if r["column"])),
        "message": said(reasons, lang),
        "raw": json.loads(row["raw"]),
        "import_id": row["import_id"],
        "imported_at": row["imported_at"],
        "closed_at": row["closed_at"],
        "closed_by": row["closed_by"],
        "closed_by_file": PurePath(by).name if by else None,
        "note": row["note"] or None,
    }


def said(reasons: Iterable[Mapping[str, Any]], lang: str) -> str:
    """Every reason of a row in words, each with its column and its mend."""
    zh = lang.startswith("zh")
    joint, colon = ("", "：") if zh else (" ", ": ")
    parts = []
    for reason in reasons:
        text = i18n.text(f"issue.{reason['code']}", lang, **reason["params"]).replace("\n", joint)
        parts.append(f"{reason['column']}{colon}{text}" if reason["column"] else text)
    return joint.join(dict.fromkeys(parts))
