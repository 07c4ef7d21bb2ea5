"""Logs of every process: one line an event on standard error, those of libraries too, without secrets and without data.

A line has the process (``web``, ``jobs``, ``cli``), the run or the request that it belongs to, and facts about work: names
of jobs, counts, moments. What people or files have written is kept out: see :func:`trace` and :func:`hide`.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import sys
import traceback
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Literal, TextIO, cast

import structlog

from dabiao.errors import BackupRefused, DabiaoError, ServiceError, StoreError

Form = Literal["json", "text"]
Level = Literal["debug", "info", "warning", "error"]
Processor = Callable[[Any, str, Any], Any]

HIDDEN = "***"
_SECRET = re.compile(
    r"pass(word|wd|phrase)|secret|token|authorization|cookie|session|credential|api_?key|private_?key",
    re.IGNORECASE,
)
# Of a text: what follows a secret's name, a bearer's token, and the query of an address.
_IN_TEXT = (
    re.compile(r"(?i)\b((?:bearer|basic)\s+)[A-Za-z0-9+/=._~-]{6,}"),
    re.compile(
        r"(?i)\b((?:password|passwd|secret|token|api[_-]?key|authorization)\b[\"']?\s*[=:]\s*)[^\s,;&\"']+"
    ),
    re.compile(r"()(?<=[\w/])\?[\w%.~-]+=[^\s\"']*"),
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_OURS = (StoreError, BackupRefused, ServiceError)
"""Errors whose sentence is made of paths, versions and names of processes alone."""


class _StandardError:
    """Whatever standard error is at the moment of writing: it may be replaced while the process runs."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def request_id(given: str | None) -> str:
    """The id that a proxy in front gave a request, if it is a harmless one, else a fresh one."""
    return given if given and _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def said(error: BaseException) -> str:
    """What a log may tell of an error: its type and, where it cannot quote anyone's data, its words.

    The message of a ``ValueError`` is often the cell that could not be read; a refusal of the system or of SQLite names
    files and tables.
    """
    name = type(error).__name__
    if isinstance(error, DabiaoError):
        return f"{name}: {error}" if isinstance(error, _OURS) else f"{name}: {error.code}"
    if isinstance(error, OSError | sqlite3.Error):
        return f"{name}: {error}"
    return name


def trace(error: BaseException) -> str:
    """Where an error and its causes were raised, without the values that their messages may quote."""
    parts: list[str] = []
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        parts.append("".join(traceback.format_tb(found.__traceback__)) + said(found))
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return "\nraised after:\n".join(parts)


def _tell(_logger: Any, _name: str, event: Any) -> Any:
    """The processor that puts :func:`trace` in the place of an exception."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = trace(error)
    return event


def hide(_logger: Any, _name: str, event: Any) -> Any:
    """The processor that keeps secrets out: fields with a secret's name, and what a text gives away."""
    return {key: HIDDEN if _SECRET.search(key) else _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        for pattern in _IN_TEXT:
            value = pattern.sub(rf"\g<1>{HIDDEN}", value)
        return value
    if isinstance(value, dict):
        return hide(None, "", {str(k): v for k, v in value.items()})
    if isinstance(value, list | tuple):
        return [_clean(v) for v in value]
    return value


def configure(
    process: Literal["web", "jobs", "cli"],
    form: Form = "json",
    level: Level | int = "info",
    also: Sequence[Processor] = (),
) -> None:
    """Set up logging for this process; a second call replaces the first.

    Args:
        form: ``json`` for programs, ``text`` for a person at a terminal.
        level: of our own events that are written; libraries are heard from ``warning`` on.
        also: processors that see every event from ``info`` on, written or not, before anything is kept out of it.
    """
    number = level if isinstance(level, int) else logging.getLevelNamesMapping()[level.upper()]

    def named(_logger: Any, _name: str, event: Any) -> Any:
        event.setdefault("process", process)
        return event

    def loud(_logger: Any, _name: str, event: Any) -> Any:
        if logging.getLevelNamesMapping()[event["level"].upper()] < number:
            raise structlog.DropEvent
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        named,
    ]
    render: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    last: list[Processor] = [_tell, hide, render]
    structlog.configure(
        processors=[*shared, *also, loud, *last],
        wrapper_class=structlog.make_filtering_bound_logger(min(number, logging.INFO)),
        # one write a line: another process may share this standard error
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _StandardError())),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(_StandardError())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *also, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))  # APScheduler's account of each run would repeat ours
