"""What the store holds, page by page: imports with their issues, open quarantine by import, series and their statements."""

from __future__ import annotations

from dabiao.store.database import Row, Store

_DAY = "o.period / CASE WHEN o.period < 10000000 THEN 1 ELSE 24 END + 1721424.5"
_MONTH = f"""CASE WHEN o.period < 7600 THEN o.period * 12 + 11 WHEN o.period < 22800 THEN o.period * 3 + 2
    WHEN o.period < 100000 THEN o.period WHEN o.period < 600000 THEN o.period - 100000
    ELSE strftime('%Y', {_DAY}) * 12 + strftime('%m', {_DAY}) - 1 END"""
"""The last month of a period by its code, counted from the year 0: what orders periods of different kinds."""


def imports(store: Store, until: str, limit: int, offset: int) -> list[Row]:
    """Imports up to a moment (UTC stamp), the newest first, each with ``held``: its rows that stand in quarantine."""
    return store.rows(
        """SELECT i.*, (SELECT count(*) FROM quarantine q WHERE q.import_id = i.id AND q.state = 'open') AS held
           FROM imports i WHERE i.imported_at <= ? ORDER BY i.id DESC LIMIT ? OFFSET ?""",
        [until, limit, offset],
    )


def import_count(store: Store, until: str) -> int:
    """How many imports there were up to a moment."""
    return _count(store.row("SELECT count(*) AS n FROM imports WHERE imported_at <= ?", [until]))


def import_by_id(store: Store, import_id: int) -> Row | None:
    """One import, with ``held`` as :func:`imports`."""
    return store.row(
        """SELECT i.*, (SELECT count(*) FROM quarantine q WHERE q.import_id = i.id AND q.state = 'open') AS held
           FROM imports i WHERE i.id = ?""",
        [import_id],
    )


def issues(store: Store, import_id: int, limit: int, offset: int) -> list[Row]:
    """The issues of an import, errors before warnings, in the order of their rows."""
    return store.rows(
        """SELECT * FROM issues WHERE import_id = ?
           ORDER BY severity != 'error', ifnull(sheet, ''), row, id LIMIT ? OFFSET ?""",
        [import_id, limit, offset],
    )


def held_by_import(store: Store) -> list[Row]:
    """Imports with open rows in quarantine, the newest first: id, file, imported_at, ``open`` and how many are closed."""
    return store.rows(
        """SELECT i.id, i.file, i.imported_at, sum(q.state = 'open') AS open, sum(q.state = 'mended') AS mended,
                  sum(q.state = 'dismissed') AS dismissed
           FROM quarantine q JOIN imports i ON i.id = q.import_id GROUP BY i.id ORDER BY i.id DESC"""
    )


def held_codes(store: Store) -> list[Row]:
    """How many open rows of each import are held for each reason: import_id, code, n, and the params of one of them."""
    return store.rows(
        """SELECT q.import_id, r.value ->> 'code' AS code, count(DISTINCT q.id) AS n, min(r.value -> 'params') AS params
           FROM quarantine q, json_each(q.reasons) r WHERE q.state = 'open' GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"""
    )


def held_rows(store: Store, import_id: int, limit: int, offset: int) -> list[Row]:
    """The open rows of an import, by sheet and row."""
    return store.rows(
        """SELECT * FROM quarantine WHERE import_id = ? AND state = 'open'
           ORDER BY ifnull(sheet, ''), row LIMIT ? OFFSET ?""",
        [import_id, limit, offset],
    )


def closed_rows(store: Store, import_id: int, limit: int) -> list[Row]:
    """The closed rows of an import with the step that closed them, the last closed first."""
    return store.rows(
        """SELECT q.*, e.at AS closed_at, e.note, e.import_id AS closed_by FROM quarantine q
           JOIN quarantine_events e ON e.quarantine_id = q.id AND e.event IN ('mended', 'dismissed')
           WHERE q.import_id = ? ORDER BY e.id DESC LIMIT ?""",
        [import_id, limit],
    )


def series(store: Store, until: str, only: int | None = None) -> list[Row]:
    """Every series of which something was known by a day: id, region, indicator, basis, statements, sources, and the years in
    which its first and last periods end.

    Args:
        store: the store.
        until: the day, ISO.
        only: one series; all by default.
    """
    return store.rows(
        f"""SELECT s.id, s.region, s.indicator, s.basis, count(*) AS statements, min({_MONTH}) / 12 AS first,
                  max({_MONTH}) / 12 AS last, count(DISTINCT p.source_id) AS sources
           FROM series s JOIN observations o ON o.series_id = s.id JOIN provenances p ON p.id = o.provenance_id
           WHERE p.known_on <= :until AND (:only IS NULL OR s.id = :only)
           GROUP BY s.id ORDER BY s.region, s.indicator, s.basis""",
        {"until": until, "only": only},
    )


def series_by_id(store: Store, series_id: int) -> Row | None:
    """One series: id, region, indicator, basis."""
    return store.row("SELECT * FROM series WHERE id = ?", [series_id])


def statement_count(store: Store, series_id: int, until: str) -> int:
    """How many statements of a series were known by a day."""
    return _count(
        store.row(
            """SELECT count(*) AS n FROM observations o JOIN provenances p ON p.id = o.provenance_id
               WHERE o.series_id = ? AND p.known_on <= ?""",
            [series_id, until],
        )
    )


def statements(store: Store, series_id: int, until: str, limit: int, offset: int) -> list[Row]:
    """Everything that any source said of a series by a day, the latest period first and of a period the last said first.

    ``standing`` is whether nothing known by that day stands in its place; ``correction`` names the correction that it is.
    """
    return store.rows(
        f"""SELECT o.id, o.period, o.value, ifnull(o.printed, o.value) AS printed, o.row, p.unit, p.qualifier, p.tier, p.state,
                  p.published, p.known_on, p.known_rule, p.recorded_at, p.import_id, p.sheet, p.note, c.title AS source,
                  c.url AS source_url, i.file, k.id AS correction,
                  NOT EXISTS (SELECT 1 FROM observations n JOIN provenances m ON m.id = n.provenance_id
                              WHERE n.supersedes = o.id AND m.known_on <= :until) AS standing
           FROM observations o JOIN provenances p ON p.id = o.provenance_id JOIN sources c ON c.id = p.source_id
           LEFT JOIN imports i ON i.id = p.import_id
           LEFT JOIN (SELECT observation_id, max(id) AS id FROM corrections GROUP BY observation_id) k
               ON k.observation_id = o.id
           WHERE o.series_id = :series AND p.known_on <= :until
           ORDER BY {_MONTH} DESC, o.period DESC, o.id DESC LIMIT :limit OFFSET :offset""",
        {"series": series_id, "until": until, "limit": limit, "offset": offset},
    )


def _count(row: Row | None) -> int:
    return int(row["n"]) if row else 0
