"""A delegated target gets its number: the document that gives it is attached, checked and kept in the home folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml

from dabiao import i18n
from dabiao.errors import DeclarationError, UnknownName
from dabiao.plans.attachments import SUFFIX, entries_of
from dabiao.services.app import App, stamp
from dabiao.services.declare.setup import load_declared, read_declared
from dabiao.services.files import write_whole
from dabiao.store import audit


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gives to attach; the fields are those of :class:`dabiao.plans.attachments.Attachment`."""

    target: str
    comparator: str
    value: str
    unit: str | None
    deadline: str | None
    document: str
    url: str | None
    issued: str
    quote: str
    by: str | None
    tolerance: str | None = None
    tolerance_note: str | None = None
    indicator: str | None = None


def attach(app: App, given: Given, now: datetime) -> None:
    """Attach a number to a delegated target; one attached before is replaced.

    Raises:
        DeclarationError: it is wrong, or another declared file is; nothing is kept.
    """
    content = {name: value for name in Given.__slots__ if (value := getattr(given, name)) is not None}
    raw = yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()
    path = app.paths.attachments / f"{given.target}{SUFFIX}"
    _keep(app, path, raw, now)
    _recorded(app, given.by or "", "target.attached", given.target, content, now)


def withdraw(app: App, target: str, by: str, note: str, today: date, now: datetime) -> None:
    """Take the attached number back from today on; it stays on earlier days.

    Raises:
        UnknownName: none is attached to that target.
    """
    path = app.paths.attachments / f"{target}{SUFFIX}"
    if not path.is_file():
        raise UnknownName("attachment_unknown", name=target)
    content = yaml.safe_load(path.read_bytes())
    content |= {"withdrawn": today.isoformat(), "withdrawn_by": by or None, "withdrawn_note": note or None}
    kept = {name: value for name, value in content.items() if value is not None}
    _keep(app, path, yaml.safe_dump(kept, allow_unicode=True, sort_keys=False).encode(), now)
    _recorded(app, by, "target.detached", target, {"note": note}, now)


def _keep(app: App, path: Path, raw: bytes, now: datetime) -> None:
    """Check the file as it will stand, write it, and bring the store up to it."""
    declared = read_declared(app.paths.data, own=app.paths.declared)
    if declared.errors:
        raise DeclarationError("declaration_refused", count=len(declared.errors))
    entries, wrong = entries_of(raw, declared.plans, app.catalogue)
    if not entries:
        said = " ".join(
            i18n.text(f"finding.{code}", app.settings.lang, **params) for code, params, _ in wrong
        )
        raise DeclarationError("attachment_refused", detail=said)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, raw)
    load_declared(app, read_declared(app.paths.data, app.paths.attachments, app.paths.declared), now)


def _recorded(app: App, by: str, action: str, target: str, details: Mapping[str, str], now: datetime) -> None:
    with app.store.write() as db:
        audit.append(db, stamp(now), [audit.Entry(by or audit.SYSTEM, action, f"target:{target}", details)])
