"""How each derived value was made: by which rules, of which inputs, and whether it may be evaluated."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m008_derivations(db: Database) -> None:
    """A row a derivation, never changed; and the last provenance that was there when an input was taken in."""
    run(
        db,
        """
        CREATE TABLE derivations (
            id INTEGER PRIMARY KEY, series_id INTEGER NOT NULL REFERENCES series (id), period TEXT NOT NULL,
            variant TEXT NOT NULL, known_on TEXT NOT NULL, observation_id INTEGER,
            outcome TEXT NOT NULL CHECK (outcome IN ('valid', 'not_valid', 'no_rule')),
            value TEXT, unrounded TEXT, count INTEGER NOT NULL, standard TEXT, limits TEXT,
            rules TEXT NOT NULL CHECK (json_valid(rules)), certainty TEXT NOT NULL CHECK (certainty IN ('A', 'B', 'C')),
            reasons TEXT NOT NULL CHECK (json_valid(reasons)), inputs TEXT NOT NULL CHECK (json_valid(inputs)),
            digest TEXT NOT NULL, recorded_at TEXT NOT NULL, program TEXT NOT NULL
        ) STRICT;
        CREATE INDEX derivations_series ON derivations (series_id, period, known_on);
        CREATE INDEX derivations_observation ON derivations (observation_id) WHERE observation_id IS NOT NULL;
        CREATE TABLE derivation_marks (
            series_id INTEGER PRIMARY KEY REFERENCES series (id), seen INTEGER NOT NULL, derived_on TEXT NOT NULL,
            program TEXT NOT NULL
        ) STRICT;
        """,
    )
