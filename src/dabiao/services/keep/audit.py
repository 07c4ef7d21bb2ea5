"""What has left the service, recorded; and the audit chain followed from end to end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dabiao.domain.alert import FIELDS, FOLLOWS, Alert, Change, evolve
from dabiao.domain.chain import canonical
from dabiao.errors import UnknownName
from dabiao.services.app import App, stamp
from dabiao.store import alerts, audit
from dabiao.store.audit import Entry


def exported(
    app: App, now: datetime, out: Path, files: Mapping[str, bytes], actor: str = audit.SYSTEM
) -> None:
    """Record what left the service, by the digests of the files. The same files in the same folder are recorded once in a row."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    details = {"folder": str(out.resolve()), "files": digests}
    subject = f"export:{min(files)}"
    with app.store.write() as db:
        last = audit.last_of(app.store, subject)
        if last is None or last["details"] != canonical(details):
            audit.append(db, stamp(now), [Entry(actor, "export.written", subject, details)])


def noted(app: App, now: datetime, actor: str, action: str, subject: str, details: Mapping[str, Any]) -> None:
    """Record what somebody did; ``actor`` is empty where nobody gave a name."""
    with app.store.write() as db:
        audit.append(db, stamp(now), [Entry(actor.strip() or audit.SYSTEM, action, subject, details)])


@dataclass(frozen=True, slots=True)
class Anchor:
    """A row of the chain that is known from elsewhere, and its digest if that was noted."""

    row: int = 1
    digest: str | None = None

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """``120``, or ``120:`` and the digest as ``dabiao verify`` once printed it.

        Raises:
            UnknownName: another spelling.
        """
        found = re.fullmatch(r"([1-9]\d{0,17})(?::([0-9a-f]{64}))?", text.strip())
        if found is None:
            raise UnknownName("audit_row_unknown", name=text)
        return cls(int(found[1]), found[2])


START = Anchor()


@dataclass(frozen=True, slots=True)
class Fault:
    """``broken`` (a row of the chain: ``missing``, ``changed``, ``unlinked``) or ``differs`` (an alert and its events)."""

    code: str
    params: Mapping[str, Any]


def check(app: App, anchor: Anchor) -> tuple[int, list[Fault]]:
    """Follow the chain from a row on, and hold each alert against what its events make of it.

    Returns:
        how many rows hold, and what does not: of the chain, the first row only.
    """
    with app.store.snapshot():
        held, broken = audit.check(app.store, anchor.row, anchor.digest)
        faults = [] if broken is None else [Fault("broken", {"row": broken.row, "why": broken.why})]
        if broken is None:
            faults += [Fault("differs", params) for params in _differing(app)]
    return held, faults


def _differing(app: App) -> Iterator[dict[str, Any]]:
    """Alerts that are not what their events make of them."""
    replayed, illegal = replay(app)
    stored = {a.id: a for a in alerts.every(app.store)}
    for number in sorted(replayed.keys() | stored.keys()):
        one, other = replayed.get(number), stored.get(number)
        if number in illegal or one is None or other is None:
            yield {"alert": number, "fields": illegal.get(number, "id")}
        elif one != other:
            names = [n for n in FIELDS if getattr(one, n) != getattr(other, n)]
            yield {"alert": number, "fields": ", ".join(names)}


def replay(app: App) -> tuple[dict[int, Alert], dict[int, str]]:
    """The alerts that the events of the audit table make, and those with an event that cannot follow the one before."""
    found: dict[int, Alert] = {}
    illegal: dict[int, str] = {}
    for row, details in audit.read(app.store, "alert."):
        number, action = int(row["subject"].removeprefix("alert:")), row["action"]
        before = found.get(number)
        try:
            if (None if before is None else before.state) not in FOLLOWS[
                Change(action.removeprefix("alert."))
            ]:
                illegal.setdefault(number, action)
            found[number] = evolve(before, number, details)
        except (TypeError, ValueError):  # no event of this program
            illegal.setdefault(number, action)
    return found, illegal
