"""Logs: one JSON object a line on standard error, those of libraries too; a run keeps the last lines of its own."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

import structlog

LINES = 40  # of a run's log that its record keeps
LONGEST = 4000  # characters of a line that are kept: its end, where an error's last words are

_excerpt: contextvars.ContextVar[deque[str] | None] = contextvars.ContextVar("excerpt", default=None)


@contextlib.contextmanager
def excerpt() -> Iterator[deque[str]]:
    """The last lines logged inside, by this thread, as they were written."""
    kept: deque[str] = deque(maxlen=LINES)
    token = _excerpt.set(kept)
    try:
        yield kept
    finally:
        _excerpt.reset(token)


def _keep(_logger: Any, _name: str, line: Any) -> Any:
    kept = _excerpt.get()
    if kept is not None:
        kept.append(line[-LONGEST:])
    return line


def configure(level: int = logging.INFO) -> None:
    """Set up logging for this process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
            _keep,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # one write a line: the dashboard may share this standard error
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
                _keep,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # APScheduler's account of each run would repeat ours
