"""A bar on standard error for what takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from dabiao import i18n
from dabiao.cli.output import note
from dabiao.domain.progress import STEPS

_AFTER = 2.0
_EVERY = {True: 0.2, False: 5.0}
_CELLS = 24


class Line:
    """What is said of the work in hand: on a terminal one line that changes, else a line now and then.

    Args:
        wanted: whether to say anything; on a terminal by default.
    """

    def __init__(self, wanted: bool | None = None) -> None:
        self._live = sys.stderr.isatty()
        self._wanted = self._live if wanted is None else wanted
        self._next = time.monotonic() + _AFTER
        self._shown = False

    def show(self, said: Callable[[], str], share: float | None) -> None:
        """Say how far it is, if it is time to; without a bar where ``share`` is not known."""
        if not self._wanted or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY[self._live]
        self._shown = True
        full = round(_CELLS * (share or 0))
        bar = "" if share is None else f"{'█' * full}{'░' * (_CELLS - full)} "
        if self._live:
            print(f"\r\x1b[K{bar}{said()}", end="", file=sys.stderr, flush=True)
        else:
            note(said())

    def clear(self) -> None:
        """Take the bar away: what follows begins on a line of its own."""
        if self._shown and self._live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.clear()


def how_far(done: float, total: int | None, unit: str, lang: str) -> str:
    """How many units are done, of how many where that is known; ``unit`` is one of ``jobs.unit``."""
    word = i18n.text(f"jobs.unit.{unit}", lang)
    if total is None:
        return i18n.text("cli.jobs.done", lang, done=int(done), unit=word)
    percent = int(100 * min(done / total, 1.0)) if total else 0
    return i18n.text("cli.jobs.done_of", lang, done=int(done), total=total, unit=word, percent=percent)


class Count(Line):
    """Says how many of how many units are done.

    Args:
        unit: one of ``jobs.unit``.
        lang: the language.
    """

    def __init__(self, unit: str, lang: str) -> None:
        super().__init__()
        self._unit, self._lang = unit, lang

    def __call__(self, done: float, total: int) -> None:
        self.show(lambda: how_far(done, total, self._unit, self._lang), done / total if total else None)


class Bar(Line):
    """Says which step of a file is how far.

    Args:
        file: what is worked at.
        lang: the language.
        wanted: as of every line.
    """

    def __init__(self, file: str, lang: str, wanted: bool | None = None) -> None:
        super().__init__(wanted)
        self._file, self._lang = file, lang

    def __call__(self, step: str, share: float) -> None:
        self.show(lambda: self._said(step, share), share)

    def _said(self, step: str, share: float) -> str:
        return i18n.text(
            "cli.import_progress",
            self._lang,
            file=self._file,
            number=STEPS.index(step) + 1,
            steps=len(STEPS),
            step=i18n.text(f"cli.import_step.{step}", self._lang),
            percent=int(100 * share),
        )
