"""Every operation, once."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.api import on_alerts, on_data, on_service, on_targets
from dashboard.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *on_targets.OPERATIONS,
    *on_data.OPERATIONS,
    *on_alerts.OPERATIONS,
    *on_service.OPERATIONS,
)
BY_ENDPOINT: Mapping[str, Operation] = {o.endpoint: o for o in OPERATIONS}
TAGS = tuple(dict.fromkeys(o.tag for o in OPERATIONS))


def statuses(operation: Operation) -> tuple[int, ...]:
    """Every status that an operation can answer."""
    shared = (401, 403, 414, 422, 429, 500, 503)
    kept = (304,) if operation.reads else ()
    return tuple(sorted({*operation.done, *kept, *operation.fails, *shared}))
