"""What became of an imported file, as a value and as the JSON of ``dabiao import``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dabiao import i18n
from dabiao.domain.issue import Issue


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file. ``accepted + revised + unchanged + refused`` is the number of its values.

    Attributes:
        accepted: new to the store.
        revised: differ from what the same source said before, and now stand in its place.
        unchanged: the store has them already (or the file repeats them).
        refused: each has at least one issue of severity ``error``.
        reading: how the file was read.
        dry_run: nothing was written.
        more_issues: how many issues there are beyond those of ``issues``; the store has all of them.
    """

    file: str
    sha256: str
    accepted: int
    revised: int
    unchanged: int
    refused: int
    issues: tuple[Issue, ...]
    reading: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    more_issues: int = 0

    @classmethod
    def refused_file(cls, path: Path, code: str, message: str) -> RefusedFile:
        """What stands in a listing for a file of which nothing could be read."""
        return RefusedFile(path.name, code, message)

    def to_json(self, lang: str) -> dict[str, Any]:
        """The contract of ``dabiao import --format json``; messages in ``lang``."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "accepted": self.accepted,
            "revised": self.revised,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "issues": [issue_json(i, lang) for i in self.issues],
            "more_issues": self.more_issues,
            "dry_run": self.dry_run,
            "reading": dict(self.reading),
        }


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A whole file that was refused, in the shape of an :class:`ImportResult`."""

    file: str
    code: str
    message: str

    def to_json(self, _lang: str) -> dict[str, Any]:
        """As :meth:`ImportResult.to_json`; the message is in its language already."""
        issue: dict[str, Any] = {
            "file": self.file,
            "sheet": None,
            "row": None,
            "column": None,
            "code": self.code,
            "message": self.message,
            "mend": None,
            "severity": "error",
            "raw": [],
        }
        counts = {"accepted": 0, "revised": 0, "unchanged": 0, "refused": 0}
        return {
            "file": self.file,
            "sha256": None,
            **counts,
            "issues": [issue],
            "more_issues": 0,
            "dry_run": False,
            "reading": None,
        }


def issue_json(issue: Issue, lang: str) -> dict[str, Any]:
    """An issue with its sentence; ``mend`` is the sentence's second half alone."""
    params = {k: " ".join(v.split()) if isinstance(v, str) else v for k, v in issue.params.items()}
    said = i18n.text(f"issue.{issue.code}", lang, **params)
    what, _, mend = said.partition("\n")
    return {
        "file": issue.file,
        "sheet": issue.sheet,
        "row": issue.row,
        "column": issue.column,
        "code": issue.code,
        "message": what + ("" if lang.startswith("zh") else " ") + mend,
        "mend": mend,
        "severity": issue.severity,
        "raw": list(issue.raw),
    }
