"""A file's values against what the store has been told: which are new, which revise, which only repeat.

A statement is never overwritten. It is superseded by a later one of the same source on the same figure; one that was
published before what stands is kept beside it, known from its own day, so that an as-of view of that day finds it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from sqlite_utils import Database

from dabiao.domain.issue import Issue
from dabiao.ingest import Candidate, Reading
from dabiao.store import observations as table


@dataclass(slots=True)
class Diff:
    """The values of a file against the store: rows to append (``supersedes`` names the row they replace), and counts."""

    rows: list[tuple[Candidate, int, int, int, int | None]] = field(default_factory=list)
    accepted: int = 0
    revised: int = 0
    unchanged: int = 0
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class _Said:
    """One statement that the store has of a figure."""

    id: int
    number: Decimal | None
    printed: str
    qualifier: str | None
    tier: str
    published: str | None
    known_on: str
    known_rule: str
    same_file: bool
    superseded: bool

    def equals(self, c: Candidate) -> bool:
        if (self.number is None) != (c.value is None):
            return False
        same = self.printed == c.printed if c.value is None else self.number == c.value
        return same and self.qualifier == (c.qualifier and str(c.qualifier)) and self.tier == str(c.tier)


_History = dict[tuple[str, str], list[_Said]]


def difference(db: Database, reading: Reading) -> Diff:
    """Compare in the order in which the values became known, so that an older figure is there when its revision comes."""
    diff = Diff()
    histories: dict[tuple[int, int], _History] = {}
    next_id = int(db.execute("SELECT ifnull(max(id), 0) + 1 FROM observations").fetchone()[0])
    for c in sorted(reading.rows, key=lambda c: c.known_on):
        series = table.series_id(db, c.region, c.indicator, c.basis)
        source = table.source_id(db, c.source, c.source_url)
        if (series, source) not in histories:
            histories[series, source] = _history(db, series, source, reading.sha256)
        said = histories[series, source].setdefault((str(c.period), str(c.state)), [])
        if any(_repeats(s, c) for s in said):
            diff.unchanged += 1
            continue
        latest = max((s for s in said if not s.superseded), key=lambda s: (s.known_on, s.id), default=None)
        if latest is not None and c.value is None and latest.number is not None:
            diff.issues.append(_missing_over_number(reading.file, c, latest))
            continue
        supersedes = None
        if latest is not None and (c.known_on.isoformat() >= latest.known_on or latest.equals(c)):
            supersedes = latest.id
            latest.superseded = True
            diff.revised += 1
        else:  # nothing stands yet, or what stands was published later: both are kept, each known from its own day
            diff.accepted += 1
        diff.rows.append((c, next_id, series, source, supersedes))
        said.append(_statement(c, next_id))
        next_id += 1
    return diff


def _repeats(said: _Said, c: Candidate) -> bool:
    """Whether the store has this statement: it stands, or was published the same day, or came with these very bytes.

    A value that stood undated and comes again with its publication date is no repetition: it moves to that day.
    """
    if not said.equals(c):
        return False
    if said.same_file:
        return True
    if c.published is not None and said.known_rule != "published":
        return False
    return not said.superseded or (c.published is not None and said.published == c.published.isoformat())


def _statement(c: Candidate, new_id: int) -> _Said:
    return _Said(
        new_id,
        c.value,
        c.printed,
        c.qualifier and str(c.qualifier),
        str(c.tier),
        c.published.isoformat() if c.published else None,
        c.known_on.isoformat(),
        c.known_rule,
        False,
        False,
    )


def _history(db: Database, series: int, source: int, sha256: str) -> _History:
    """Everything that one source has ever said of one series, by period and state."""
    found: _History = {}
    for r in table.said_before(db, series, source, sha256):
        found.setdefault((r["period"], r["state"]), []).append(
            _Said(
                r["id"],
                None if r["value"] is None else Decimal(r["value"]),
                r["printed"],
                r["qualifier"],
                r["tier"],
                r["published"],
                r["known_on"],
                r["known_rule"],
                bool(r["same_file"]),
                bool(r["superseded"]),
            )
        )
    return found


def _missing_over_number(file: str, c: Candidate, standing: _Said) -> Issue:
    params = {"text": c.printed or "–", "value": standing.printed}
    return Issue(file, "missing_over_number", c.sheet, c.row, c.column, params, raw=c.raw)
