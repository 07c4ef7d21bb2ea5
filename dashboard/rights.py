"""The table of who may ask for what: every address, action and callback with the right that it needs.

What is not in the table is refused to everyone; ``tests/unit/dashboard/test_rights.py`` walks all there is and holds the table against it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from dabiao.domain.access import Right


class Open(StrEnum):
    """Addresses that need no right.

    ``PUBLIC`` ones answer everyone; ``MACHINE`` ones whoever asks from this machine without a proxy between, and others with
    the right that ``FROM_AFAR`` names.
    """

    PUBLIC = "public"
    MACHINE = "machine"


Need = Right | Open

ENDPOINTS: Mapping[str, Need] = {
    "/": Right.READ,
    "/<path:path>": Right.READ,
    "/_dash-layout": Right.READ,
    "/_dash-dependencies": Right.READ,
    "/_dash-update-component": Right.READ,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Right.READ,
    "_dash_assets.static": Right.READ,
    "static": Right.READ,
    "/_favicon.ico": Open.PUBLIC,
    "/_reload-hash": Right.READ,
    "do": Right.READ,
    "export_targets": Right.READ,
    "export_values": Right.READ,
    "export_template": Right.READ,
    "export_alerts": Right.READ,
    "export_report": Right.READ,
    "export_plan": Right.READ,
    "export_unit": Right.READ,
    "export_notice": Right.READ,
    "export_quarantine": Right.MEND,
    "export_file": Right.READ,
    "export_review": Right.REVIEW,
    "export_text": Right.REVIEW,
    "print_targets": Right.READ,
    "print_plan": Right.READ,
    "sign_in": Open.PUBLIC,
    "sign_in_try": Open.PUBLIC,
    "sign_out": Right.READ,
    "account": Right.READ,
    "account_password": Right.READ,
    "account_end": Right.READ,
    "healthz": Open.PUBLIC,
    "readyz": Open.MACHINE,
    "metrics": Open.MACHINE,
}
"""By endpoint. ``do`` and the callbacks are looked up further, in the two tables below."""

FROM_AFAR: Mapping[str, Right] = {"readyz": Right.READ, "metrics": Right.OPERATE}
"""What an address of the machine needs from elsewhere. A wall asks whether the service is ready, and reads on."""

SIGN_IN_ASSETS = frozenset({"style.css", "access.css", "icon.svg"})
"""What the page for signing in loads; of the other assets nobody needs any before."""

ACTIONS: Mapping[str, Right] = {
    "data/bring": Right.IMPORT,
    "data/import": Right.IMPORT,
    "data/discard": Right.IMPORT,
    "data/retry": Right.MEND,
    "data/dismiss": Right.MEND,
    "jobs/run": Right.OPERATE,
    "jobs/pause": Right.OPERATE,
    "jobs/resume": Right.OPERATE,
    "alerts/acknowledge": Right.ACKNOWLEDGE,
    "alerts/snooze": Right.ACKNOWLEDGE,
    "alerts/reopen": Right.ACKNOWLEDGE,
}
"""By the name of the action in ``/do/<name>``."""

CALLBACKS: Mapping[str, Right] = {
    "..main.children...title.data..": Right.READ,
    "header-tools.children": Right.READ,
    '..url.search...{"filter":["ALL"]}.value..': Right.READ,
    "overview-body.children": Right.READ,
    "plan-body.children": Right.READ,
    "place-body.children": Right.READ,
    "targets-grid.getRowsResponse": Right.READ,
    "scenario-result.children": Right.READ,
    "desk.children": Right.READ,
    "target-alerts.children": Right.READ,
    "..url.pathname...review-error.children..": Right.REVIEW,
    "..url.search...review-done.data...review-message.children..": Right.REVIEW,
    "review-body.children": Right.REVIEW,
}
"""By what the callback fills, as Dash names it. Those that run in the browser alone ask for nothing."""

PAGES: Mapping[str, Right] = {
    "upload": Right.IMPORT,
    "quarantine": Right.MEND,
    "review": Right.REVIEW,
}
"""Pages that need more than the right to read, by the name of their route."""

DOWNLOADS = frozenset(
    {
        "export_targets", "export_values", "export_template", "export_alerts", "export_report", "export_plan",
        "export_unit", "export_notice", "export_quarantine", "export_file", "export_review", "export_text",
    }
)  # fmt: skip
"""Endpoints of files that leave the service: the audit has a row of each."""

SHOWN = DOWNLOADS | {"/", "/<path:path>", "account", "print_targets", "print_plan"}
"""Endpoints that a person opens by their address: who is not signed in is shown the page for signing in instead."""

_SUFFIX = re.compile(r"@[0-9a-f]{32,}")


def of_callback(output: object) -> Right | None:
    """The right of a callback; Dash marks a second one with the same output by a digest, which is left out."""
    return CALLBACKS.get(_SUFFIX.sub("", output)) if isinstance(output, str) else None


def of_page(name: str) -> Right:
    """The right of a page, by the name of its route."""
    return PAGES.get(name, Right.READ)
