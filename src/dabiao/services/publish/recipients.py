"""Who gets which notices: ``recipients.toml`` in the home folder."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dabiao.errors import RecipientsRefused
from dabiao.services.app import App
from dabiao.services.pages.view_extras import plans

FILE_NAME = "recipients.toml"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
Kind = Literal["weekly", "monthly", "quarterly"]
KINDS: tuple[Kind, ...] = ("weekly", "monthly", "quarterly")


class Recipient(BaseModel):
    """One who gets notices.

    Attributes:
        to: ``mailto:name@host``, ``folder:/path`` or ``https://host/path``.
        plan, region, unit: what the notices are about; everything by default. A unit's id, not its printed name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    to: str
    when: tuple[Kind, ...] = KINDS
    lang: Literal["zh-CN", "en"] | None = None
    plan: str | None = None
    region: str | None = None
    unit: str | None = None

    @property
    def filters(self) -> dict[str, Sequence[str]]:
        """As a notice is asked for."""
        given = {"plan": self.plan, "region": self.region, "unit": self.unit}
        return {name: [value] for name, value in given.items() if value is not None}


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    recipient: tuple[Recipient, ...] = ()


def recipients(app: App) -> tuple[Recipient, ...]:
    """The declared recipients; none where there is no file.

    Raises:
        RecipientsRefused: the file cannot be read, or an entry is wrong; it says which and why.
    """
    path = app.paths.home / FILE_NAME
    if not path.is_file():
        return ()
    try:
        found = _File.model_validate(tomllib.loads(path.read_text("utf-8"))).recipient
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RecipientsRefused(
            "recipients_wrong", path=str(path), where=where, detail=first["msg"]
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RecipientsRefused("recipients_unreadable", path=str(path), detail=str(error)) from error
    for number, one in enumerate(found):
        why = _wrong(app, one) or ("name twice" if one.name in [o.name for o in found[:number]] else None)
        if why is not None:
            raise RecipientsRefused(
                "recipients_wrong", path=str(path), where=f"recipient.{number} ({one.name})", detail=why
            )
    return found


def _wrong(app: App, one: Recipient) -> str | None:
    """What is wrong with an entry."""
    known = (
        ("plan", one.plan, plans(app)),
        ("region", one.region, app.catalogue.regions),
        ("unit", one.unit, app.catalogue.units),
    )
    for name, value, names in known:
        if value is not None and value not in names:
            return f"no {name} {value}"
    return wrong_address(one.to, app.settings.webhook_allowed)


def wrong_address(to: str, allowed: Sequence[str]) -> str | None:
    """What is wrong with an address; ``None`` for one that may be used."""
    parts = urlsplit(to)
    if parts.scheme == "mailto":
        local, at, host = parts.path.rpartition("@")
        plain = bool(local and at and host) and not any(ch.isspace() or ch in ",;<>" for ch in parts.path)
        return None if plain else "not one mail address"
    if parts.scheme == "folder":
        return None if PurePosixPath(parts.path).is_absolute() else "not an absolute folder"
    if parts.scheme in ("http", "https"):
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            return "http is for this machine alone; write https"
        if parts.username is not None:
            return "no name or password in an address"
        return None if parts.hostname in allowed else f"host {parts.hostname} is not in webhook_hosts"
    return "write mailto:, folder: or https:"
