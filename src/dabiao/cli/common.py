"""What the commands share: settings, the open app, dates and filters from the command line."""

from __future__ import annotations

import contextlib
import getpass
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from dabiao import bootstrap, settings
from dabiao.cli.output import Format
from dabiao.errors import DabiaoError
from dabiao.services.app import App
from dabiao.services.filters import deadline_year, indicator_id, one_of, region_id, unit_ids

__all__ = (
    "AsOfOption",
    "FormatOption",
    "day",
    "deadline_year",
    "indicator_id",
    "now",
    "one_of",
    "open_app",
    "region_id",
    "unit_ids",
    "user",
)

FormatOption = Annotated[Format, typer.Option("--format", help="table, json or csv.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="As known on this day (YYYY-MM-DD); today by default."),
]


def now() -> datetime:
    """The clock. Read here, in the shell, and handed on."""
    return datetime.now(UTC)


def user() -> str:
    """Who gives the command, for the audit: the system's user; empty where the system has no name for it."""
    with contextlib.suppress(OSError, KeyError):
        return getpass.getuser()
    return ""


def open_app() -> App:
    """The app of this process's settings."""
    return bootstrap.open_app(settings.load())


def day(app: App, text: str | None) -> date:
    """The as-of day: the one given, else today in the settings' timezone.

    Raises:
        DabiaoError: not a date.
    """
    if text is None:
        return app.today(now())
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DabiaoError("date_wrong", text=text) from error
