"""A bar on standard error for what takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType

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

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.clear()
