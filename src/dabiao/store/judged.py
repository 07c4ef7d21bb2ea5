"""Forecasts, assessments, reports and alerts as stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dabiao.domain.assessment import Report, SeriesForecast, Step
from dabiao.store.database import Row, Store


def forecast_by_key(store: Store, key: Mapping[str, Any]) -> SeriesForecast | None:
    """The stored forecast of a vintage by a model version, ``None`` if it was never made.

    Args:
        key: region, indicator, kind, basis, vintage, model, model_version, horizon.
    """
    found = store.row(
        """SELECT * FROM forecasts WHERE region = :region AND indicator = :indicator AND kind = :kind
           AND basis = :basis AND vintage = :vintage AND model = :model AND model_version = :model_version
           AND horizon = :horizon""",
        dict(key),
    )
    return None if found is None else _forecast(store, found)


def _forecast(store: Store, r: Row) -> SeriesForecast:
    steps = store.rows("SELECT * FROM forecast_steps WHERE forecast_id = ? ORDER BY period", [r["id"]])
    return SeriesForecast(
        id=r["id"],
        model=r["model"],
        model_version=r["model_version"],
        vintage=r["vintage"],
        first_period=r["first_period"],
        last_period=r["last_period"],
        observed=r["observed"],
        params=json.loads(r["params"]),
        warnings=tuple(json.loads(r["warnings"])),
        made_at=r["made_at"],
        steps=tuple(
            Step(
                s["period"],
                s["point"],
                s["lower80"],
                s["upper80"],
                s["lower95"],
                s["upper95"],
                json.loads(s["distribution"]),
            )
            for s in steps
        ),
    )


def record_forecasts(store: Store, forecasts: Iterable[tuple[Mapping[str, Any], SeriesForecast]]) -> int:
    """Keep forecasts, one transaction; one that another process has kept meanwhile is left as it is.

    Returns:
        how many were new.
    """
    new = 0
    with store.write() as db:
        for key, f in forecasts:
            cursor = db.execute(
                """INSERT OR IGNORE INTO forecasts (region, indicator, kind, basis, vintage, model, model_version,
                       first_period, last_period, observed, horizon, params, warnings, made_at)
                   VALUES (:region, :indicator, :kind, :basis, :vintage, :model, :model_version, :first_period,
                       :last_period, :observed, :horizon, :params, :warnings, :made_at)""",
                {
                    **key,
                    "first_period": f.first_period,
                    "last_period": f.last_period,
                    "observed": f.observed,
                    "params": json.dumps(f.params, sort_keys=True),
                    "warnings": json.dumps(f.warnings),
                    "made_at": f.made_at,
                },
            )
            if cursor.rowcount != 1:
                continue
            new += 1
            db.table("forecast_steps").insert_all(
                [
                    {
                        "forecast_id": cursor.lastrowid,
                        "period": s.period,
                        "point": s.point,
                        "lower80": s.lower80,
                        "upper80": s.upper80,
                        "lower95": s.lower95,
                        "upper95": s.upper95,
                        "distribution": json.dumps(s.distribution, sort_keys=True),
                    }
                    for s in f.steps
                ]
            )
    return new


def record_failures(store: Store, failures: Iterable[Mapping[str, Any]]) -> None:
    """Keep why a series could not be fitted, once a vintage and model."""
    with store.write() as db:
        for f in failures:
            db.execute(
                """INSERT INTO forecast_failures (region, indicator, kind, basis, vintage, model, model_version,
                       message, failed_at)
                   SELECT :region, :indicator, :kind, :basis, :vintage, :model, :model_version, :message, :failed_at
                   WHERE NOT EXISTS (SELECT 1 FROM forecast_failures WHERE region = :region
                       AND indicator = :indicator AND kind = :kind AND basis = :basis AND vintage = :vintage
                       AND model = :model AND model_version = :model_version)""",
                dict(f),
            )


def latest_assessments(store: Store) -> dict[str, Row]:
    """The last stored assessment of each target."""
    return {
        r["target_id"]: r
        for r in store.rows(
            "SELECT * FROM assessments WHERE id IN (SELECT max(id) FROM assessments GROUP BY target_id)"
        )
    }


def assessment_history(store: Store, target_id: str) -> list[Row]:
    """Stored assessments of one target, the oldest first: a row a change."""
    return store.rows("SELECT * FROM assessments WHERE target_id = ? ORDER BY id", [target_id])


def record_assessments(store: Store, rows: Iterable[Mapping[str, Any]]) -> int:
    """Append assessments, one transaction. Returns how many."""
    new = [dict(r) for r in rows]
    if new:
        with store.write() as db:
            db.table("assessments").insert_all(new)
    return len(new)


def reports_as_of(store: Store, as_of: date) -> dict[str, Report]:
    """The latest report on each target by a day."""
    found = store.rows(
        """SELECT r.* FROM reports r JOIN (SELECT target_id, max(version) AS version FROM reports
               WHERE reported_on <= ? GROUP BY target_id) USING (target_id, version)""",
        [as_of.isoformat()],
    )
    return {
        r["target_id"]: Report(
            r["state"], date.fromisoformat(r["reported_on"]), r["by"], r["evidence"], r["note"]
        )
        for r in found
    }


def record_report(store: Store, target_id: str, report: Report, now: str) -> int:
    """Append a report as the target's next version; returns the version."""
    with store.write() as db:
        last = db.execute(
            "SELECT ifnull(max(version), 0) FROM reports WHERE target_id = ?", [target_id]
        ).fetchone()[0]
        db.table("reports").insert(
            {
                "target_id": target_id,
                "version": last + 1,
                "state": report.state,
                "reported_on": report.reported_on.isoformat(),
                "by": report.by,
                "evidence": report.evidence,
                "note": report.note,
                "recorded_at": now,
            }
        )
    return int(last) + 1


# -- alerts ----------------------------------------------------------------------------------------------------


def open_alerts(store: Store) -> dict[str, Row]:
    """Alerts that are not cleared, by target."""
    return {r["target_id"]: r for r in store.rows("SELECT * FROM alerts WHERE cleared_at IS NULL")}


def alert_rows(store: Store, include_cleared: bool = False) -> list[Row]:
    """Alerts with their latest acknowledgement, the newest first."""
    where = "" if include_cleared else "WHERE a.cleared_at IS NULL"
    return store.rows(
        f"""SELECT a.*, k.by AS acknowledged_by, k.at AS acknowledged_at, k.note AS note FROM alerts a
            LEFT JOIN alert_acknowledgements k
              ON k.id = (SELECT max(id) FROM alert_acknowledgements WHERE alert_id = a.id)
            {where} ORDER BY a.id DESC"""
    )


def change_alerts(
    store: Store, raised: Iterable[Mapping[str, Any]], cleared: Iterable[int], now: str
) -> None:
    """Clear and raise alerts in one transaction."""
    with store.write() as db:
        for alert_id in cleared:
            db.execute(
                "UPDATE alerts SET cleared_at = ? WHERE id = ? AND cleared_at IS NULL", [now, alert_id]
            )
        db.table("alerts").insert_all([dict(r) for r in raised])


def acknowledge(store: Store, alert_id: int, by: str, note: str, now: str) -> bool:
    """Append an acknowledgement; false if there is no such alert."""
    with store.write() as db:
        if not db.execute("SELECT 1 FROM alerts WHERE id = ?", [alert_id]).fetchone():
            return False
        db.table("alert_acknowledgements").insert({"alert_id": alert_id, "by": by, "at": now, "note": note})
    return True
