"""Status changes to alerts, and the list that supervising offices take away."""

from __future__ import annotations

import json
from datetime import datetime

from dabiao.domain.assessment import Status
from dabiao.services.app import App, stamp
from dabiao.services.targets import targets_as_of
from dabiao.store import judged as store

ALARMING = {Status.MISSED: "high", Status.OFF_TRACK: "medium"}
"""Statuses that raise an alert, with its severity."""


def run_alerts(app: App, now: datetime) -> dict[str, int]:
    """Raise an alert for each target whose last stored status is alarming, clear those that no longer are.

    One open alert a target: repeating the job changes nothing; a target that goes from off track to missed clears the
    one and raises the other.

    Returns:
        counts ``{"raised", "cleared", "open"}``.
    """
    as_of = app.today(now)
    targets = {d.target.id: d for d in targets_as_of(app, as_of)}
    latest = store.latest_assessments(app.store)
    standing = store.open_alerts(app.store)
    raised, cleared = [], []
    for target_id, alert in standing.items():
        if target_id not in targets or latest[target_id]["status"] != alert["to_status"]:
            cleared.append(alert["id"])
    for target_id, row in latest.items():
        status = Status(row["status"])
        if target_id not in targets or status not in ALARMING:
            continue
        if target_id in standing and standing[target_id]["to_status"] == status:
            continue
        history = store.assessment_history(app.store, target_id)
        before = [h["status"] for h in history if h["status"] != row["status"]]
        raised.append(
            {
                "target_id": target_id,
                "raised_at": stamp(now),
                "as_of": row["as_of"],
                "from_status": before[-1] if before else None,
                "to_status": str(status),
                "severity": ALARMING[status],
                "attainment": row["attainment"],
                "assessment_id": row["id"],
                "lead_units": json.dumps(targets[target_id].target.lead_units, ensure_ascii=False),
            }
        )
    if raised or cleared:
        store.change_alerts(app.store, raised, cleared, stamp(now))
    return {
        "raised": len(raised),
        "cleared": len(cleared),
        "open": len(standing) - len(cleared) + len(raised),
    }
