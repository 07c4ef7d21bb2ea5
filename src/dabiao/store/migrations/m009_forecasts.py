"""Forecasts in one row each, their steps packed, under the panel that they learned from too."""

from __future__ import annotations

import json

from sqlite_utils import Database

from dabiao.domain.steps import pack, pack_quantiles
from dabiao.store.migrations.steps import migrations, run


@migrations()
def m009_forecasts(db: Database) -> None:
    """Forecasts in one row each, their steps packed, under the panel that they learned from too."""
    run(
        db,
        """
        ALTER TABLE forecasts RENAME TO forecasts_by_step;
        CREATE TABLE forecast_panels (
            digest TEXT PRIMARY KEY, indicator TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL,
            series INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE forecasts (
            id INTEGER PRIMARY KEY, region TEXT NOT NULL, indicator TEXT NOT NULL, kind TEXT NOT NULL,
            basis TEXT NOT NULL, vintage TEXT NOT NULL, panel TEXT NOT NULL, model TEXT NOT NULL,
            model_version TEXT NOT NULL, horizon INTEGER NOT NULL, first_period TEXT NOT NULL,
            last_period TEXT NOT NULL, observed INTEGER NOT NULL, first_step TEXT NOT NULL,
            quantiles BLOB NOT NULL, distribution TEXT NOT NULL, params TEXT NOT NULL, warnings TEXT NOT NULL,
            made_at TEXT NOT NULL,
            UNIQUE (region, indicator, kind, basis, vintage, panel, model, model_version, horizon)
        ) STRICT;
        """,
    )
    before = list(db.query("SELECT * FROM forecasts_by_step"))
    for f in before:
        steps = list(
            db.query("SELECT * FROM forecast_steps WHERE forecast_id = ? ORDER BY period", [f["id"]])
        )
        if not steps:
            continue
        names = ("point", "lower80", "upper80", "lower95", "upper95")
        db.table("forecasts").insert(
            {
                **f,
                "panel": "",
                "first_step": steps[0]["period"],
                "quantiles": pack_quantiles([[s[n] for n in names] for s in steps]),
                "distribution": pack([_flat(json.loads(s["distribution"])) for s in steps]),
            }
        )
    run(db, "DROP TABLE forecast_steps;\nDROP TABLE forecasts_by_step;")


def _flat(distribution: dict[str, object]) -> dict[str, object]:
    """A stored distribution with its numbers beside its family."""
    numbers = distribution.pop("numbers", {})
    assert isinstance(numbers, dict)
    return {**distribution, **numbers}
