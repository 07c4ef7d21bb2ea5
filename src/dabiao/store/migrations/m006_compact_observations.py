"""Observations in integers: what many rows share is said once and referred to; the table is its own index."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.domain.period import Period
from dabiao.store.migrations.steps import migrations, run


@migrations()
def m006_compact_observations(db: Database) -> None:
    """Observations by series and period; ids, values and what superseded what stay as they are."""
    run(
        db,
        """
        DROP INDEX observations_series;
        DROP INDEX observations_supersedes;
        ALTER TABLE observations RENAME TO observations_as_text;
        CREATE TABLE provenances (
            id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES sources (id),
            tier TEXT NOT NULL
                CHECK (tier IN ('official', 'press', 'derived', 'third_party', 'derived_third_party')),
            state TEXT NOT NULL CHECK (state IN ('final', 'flash', 'to_date')),
            unit TEXT NOT NULL, qualifier TEXT, published TEXT, known_on TEXT NOT NULL,
            known_rule TEXT NOT NULL CHECK (known_rule IN ('published', 'period_end', 'imported', 'derived')),
            recorded_at TEXT NOT NULL, import_id INTEGER REFERENCES imports (id), sheet TEXT, note TEXT
        ) STRICT;
        CREATE INDEX provenances_import ON provenances (import_id);
        CREATE TABLE observations (
            series_id INTEGER NOT NULL REFERENCES series (id), period INTEGER NOT NULL, id INTEGER NOT NULL,
            value TEXT, printed TEXT, provenance_id INTEGER NOT NULL REFERENCES provenances (id), row INTEGER,
            supersedes INTEGER, PRIMARY KEY (series_id, period, id),
            FOREIGN KEY (series_id, period, supersedes) REFERENCES observations (series_id, period, id)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX observations_supersedes ON observations (supersedes) WHERE supersedes IS NOT NULL;
        CREATE TABLE id_counters (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO id_counters SELECT 'observations', ifnull(max(id), 0) FROM observations_as_text;
        CREATE TABLE ranked AS SELECT *, dense_rank() OVER (
            ORDER BY import_id, source_id, tier, state, unit, qualifier, published, known_on, known_rule, recorded_at,
                sheet, note) AS provenance_id
        FROM observations_as_text;
        INSERT INTO provenances
        SELECT DISTINCT provenance_id, source_id, tier, state, unit, qualifier, published, known_on, known_rule,
            recorded_at, import_id, sheet, note FROM ranked;
        ALTER TABLE imports ADD COLUMN reading_key TEXT;
        """,
    )
    rows = db.execute(
        """SELECT series_id, period, id, value, nullif(printed, value), provenance_id, row, supersedes FROM ranked
           ORDER BY id"""
    )
    db.conn.executemany(
        "INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((series, Period.parse(period).code, *rest) for series, period, *rest in rows),
    )
    run(db, f"DROP TABLE ranked;\nDROP TABLE observations_as_text;\n{OBSERVED}")


OBSERVED = """
CREATE VIEW observed AS
SELECT o.id, s.region, s.indicator, s.basis,
    CASE WHEN o.period < 7600 THEN printf('%04d', o.period)
        WHEN o.period < 22800 THEN printf('%04d-Q%d', o.period / 4, o.period % 4 + 1)
        WHEN o.period < 100000 THEN printf('%04d-%02d', o.period / 12, o.period % 12 + 1)
        WHEN o.period < 600000 THEN printf('%04d-01/%04d-%02d', (o.period - 100000) / 12, (o.period - 100000) / 12,
            (o.period - 100000) % 12 + 1)
        WHEN o.period < 10000000 THEN date(o.period + 1721424.5)
        ELSE date(o.period / 24 + 1721424.5) || printf('T%02d', o.period % 24 + 1) END AS period,
    o.value, ifnull(o.printed, o.value) AS printed, p.qualifier, p.unit, p.tier, p.state, c.title AS source,
    c.url AS source_url, p.published, p.known_on, p.known_rule, p.recorded_at, p.import_id, p.sheet, o.row, p.note,
    o.supersedes
FROM observations o JOIN series s ON s.id = o.series_id JOIN provenances p ON p.id = o.provenance_id
    JOIN sources c ON c.id = p.source_id
"""
"""Every observation in words, for a person with an SQL prompt; the program reads the tables."""
