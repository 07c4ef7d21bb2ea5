"""Rule inputs with plain defaults: a test names only what it is about."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from dabiao.assess.rules.interface import RuleInput
from dabiao.domain.target import Bounds

_FOLDER = Path(__file__).parents[2] / "vectors"
VECTORS: list[dict[str, Any]] = json.loads((_FOLDER / "on_track_rules.json").read_text("utf-8"))["groups"]
PART_YEAR: dict[str, list[dict[str, Any]]] = json.loads((_FOLDER / "part_year.json").read_text("utf-8"))


def group(name: str) -> list[dict[str, Any]]:
    """The cases of one group of vectors."""
    return next(g["cases"] for g in VECTORS if g["id"] == name)


def case(**changes: Any) -> RuleInput:
    """40 in 2020, 36 in 2022, at most 30 by 2025; whether the value holds is worked out unless it is given."""
    made: dict[str, Any] = {
        "direction": "lower",
        "base_year": 2020,
        "base": 40.0,
        "current_year": 2022,
        "current": 36.0,
        "target": 30.0,
        "target_year": 2025,
        "bounds": Bounds(None, Decimal(30)),
    } | changes
    current, target = made["current"], made["target"]
    if "current_holds" not in made:
        made["current_holds"] = (
            current is not None
            and target is not None
            and (current >= target if made["direction"] == "higher" else current <= target)
        )
    return RuleInput(**made)


def written(vector: dict[str, Any]) -> dict[str, str]:
    """A vector as a row of a file of cases (PRODUCT §6)."""
    names = {
        "base_period": "base_year",
        "base": "base_value",
        "period": "current_year",
        "current": "current_value",
        "target": "target",
        "target_period": "target_year",
        "limit": "limit",
    }
    row = {column: str(vector[name]) for column, name in names.items() if name in vector}
    row |= {"case_id": vector["id"], "direction": str(vector.get("direction", 1))}
    if "series" in vector:
        row["values"] = ";".join(f"{year}:{value}" for year, value in vector["series"].items())
    return row
