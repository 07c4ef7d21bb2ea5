"""``dabiao forecast`` and ``assess``: long work, with its progress on standard error, that may be stopped at any time."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import now, open_app
from dabiao.cli.output import note
from dabiao.services.judge import forecasting, part_year

_EVERY = {True: 0.2, False: 5.0}
"""Seconds between two lines of progress, on a terminal and in a log."""
_INTERRUPTED = 130


class Progress:
    """Says how many of how many are done: on a terminal one line that changes, else a line now and then.

    Args:
        work: the command, of whose sentences the words are.
    """

    def __init__(self, lang: str, work: str = "forecast") -> None:
        self.lang, self.work = lang, work
        self.live = sys.stderr.isatty()
        self.done = self.total = 0
        self._next = time.monotonic() + _EVERY[self.live]

    def __call__(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if time.monotonic() < self._next and not (self.live and done == total):
            return
        self._next = time.monotonic() + _EVERY[self.live]
        said = i18n.text(f"cli.{self.work}_progress", self.lang, done=done, total=total)
        if self.live:
            print(f"\r{said}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        else:
            note(said)


@contextlib.contextmanager
def stoppable(progress: Progress) -> Iterator[None]:
    """Work that Ctrl-C or SIGTERM ends with exit status 130 and a sentence on what is stored of it."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        said = i18n.text(f"cli.{progress.work}_interrupted", progress.lang, done=progress.done)
        note("\n" * progress.live + said)
        raise typer.Exit(_INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def forecast(
    scheduler: Annotated[
        str | None,
        typer.Option(help="Fit on the Dask cluster of this scheduler, such as tcp://10.0.0.5:8786."),
    ] = None,
) -> None:
    """Fit every series that has changed since it was last fitted, and store the forecasts."""
    app = open_app()
    lang, moment = app.settings.lang, now()
    progress = Progress(lang)
    with stoppable(progress):
        counts = forecasting.run_forecasts(
            app, app.today(moment), moment, scheduler=scheduler, progress=progress
        )
        counts["fitted"] += part_year.keep(app, app.today(moment), moment)
    note(i18n.text("cli.forecast", lang, **counts))
