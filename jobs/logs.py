"""The log of a run: a run keeps the last lines of its own in its record, with the words of its errors."""

from __future__ import annotations

import contextlib
import contextvars
import json
from collections import deque
from collections.abc import Iterator
from typing import Any

import structlog

from dabiao import logs
from dabiao.settings import Settings

LINES = 40  # of a run's log that its record keeps
LONGEST = 4000  # characters of a line that are kept: its end, where an error's last words are

_excerpt: contextvars.ContextVar[deque[str] | None] = contextvars.ContextVar("excerpt", default=None)


@contextlib.contextmanager
def excerpt() -> Iterator[deque[str]]:
    """The last lines logged inside, by this thread."""
    kept: deque[str] = deque(maxlen=LINES)
    token = _excerpt.set(kept)
    try:
        yield kept
    finally:
        _excerpt.reset(token)


def _keep(logger: Any, name: str, event: Any) -> Any:
    """Into the run's record, which only those see who may see the data, an error goes with its own words."""
    kept = _excerpt.get()
    if kept is not None:
        whole = structlog.processors.format_exc_info(logger, name, {**event})
        kept.append(json.dumps(logs.hide(logger, name, whole), ensure_ascii=False, default=str)[-LONGEST:])
    return event


def configure(level: int | None = None, settings: Settings | None = None) -> None:
    """Set up logging for the scheduler or a run by hand.

    Args:
        level: in place of the settings' own.
    """
    form = settings.log_format if settings is not None else "json"
    chosen = settings.log_level if settings is not None else "info"
    logs.configure("jobs", form, chosen if level is None else level, also=[_keep])
