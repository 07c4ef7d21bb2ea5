"""What stands beside a file that was imported: its issues as a table, and for one in ``failed/`` the reasons to read."""

from __future__ import annotations

import json

from dabiao import i18n
from dabiao.errors import ImportRefused
from dabiao.reports.tables import csv_bytes
from dabiao.services.intake.importing import ImportResult, issue_json

ISSUES = ".issues.csv"
REASONS = ".reasons.txt"
_TOLD = 50  # reasons written out; the table beside them has all


def issues_csv(result: ImportResult | None, refusal: ImportRefused | None, lang: str) -> bytes | None:
    """The issues of a file as CSV (UTF-8 with BOM) that a spreadsheet opens without running anything; ``None`` if none."""
    columns = ("file", "sheet", "row", "column", "severity", "code", "message", "raw")
    rows: list[list[object]] = []
    if refusal is not None:
        said = i18n.text(f"error.{refusal.code}", lang, **refusal.params)
        rows.append([refusal.params.get("file", ""), "", "", "", "error", refusal.code, said, ""])
    for issue in result.issues if result is not None else ():
        found = issue_json(issue, lang)
        found["raw"] = json.dumps(found["raw"], ensure_ascii=False)
        rows.append([found[c] for c in columns])
    if not rows:
        return None
    return csv_bytes(list(columns), rows)


def reasons_text(name: str, result: ImportResult | None, refusal: ImportRefused | None) -> bytes:
    """Why nothing of a file was taken, in both languages, as a text that any editor opens (UTF-8 with BOM, CRLF).

    Args:
        name: of the file beside which it stands.
        result: the issues, where its rows were read.
        refusal: why the whole file was refused, where it was.
    """
    parts = []
    for lang in i18n.LANGS:
        reasons = _reasons(result, refusal, lang)
        lines = [i18n.text("inbox.failed", lang, file=name)]
        lines += [f"{number}. {reason}" for number, reason in enumerate(reasons[:_TOLD], 1)]
        if len(reasons) > _TOLD:
            lines.append(i18n.text("inbox.more", lang, count=len(reasons) - _TOLD, table=f"{name}{ISSUES}"))
        lines.append(i18n.text("inbox.again", lang))
        parts.append("\r\n".join(lines))
    return ("\ufeff" + "\r\n\r\n".join(parts) + "\r\n").encode("utf-8", errors="replace")


def _reasons(result: ImportResult | None, refusal: ImportRefused | None, lang: str) -> list[str]:
    if refusal is not None:
        return [i18n.text(f"error.{refusal.code}", lang, **refusal.params)]
    found = []
    for issue in result.issues if result is not None else ():
        said = issue_json(issue, lang)
        place = [
            i18n.text(f"inbox.{what}", lang, **{what: said[what]})
            for what in ("sheet", "row", "column")
            if said[what] is not None
        ]
        found.append(
            i18n.text(
                "inbox.reason", lang, place=i18n.text("inbox.joint", lang).join(place), reason=said["message"]
            )
        )
    return found
