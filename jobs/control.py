"""How work in hand is asked to end."""

from __future__ import annotations

import threading


class Stopped(BaseException):
    """The work in hand is to end now; what is not committed is undone.

    No ``Exception``, as ``KeyboardInterrupt`` is none: code that goes on after one bad file must not go on after this.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stop:
    """A request to stop, seen by every thread; the first reason stands. Asking a parent asks its children too."""

    def __init__(self, parent: Stop | None = None) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._children: list[Stop] = []
        self.reason = ""
        if parent is not None:
            parent._adopt(self)

    def _adopt(self, child: Stop) -> None:
        with self._lock:
            self._children.append(child)
            asked = self._event.is_set()
        if asked:
            child.ask(self.reason)

    def release(self, child: Stop) -> None:
        """Forget a child whose work has ended."""
        with self._lock:
            self._children.remove(child)

    def ask(self, reason: str) -> None:
        """Ask for the end. Not from a signal handler: see :func:`jobs.signals.stop_on_signals`."""
        with self._lock:
            self.reason = self.reason or reason
            self._event.set()
            children = list(self._children)
        for child in children:
            child.ask(reason)

    @property
    def asked(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until asked, at most so long; whether it was asked."""
        return self._event.wait(seconds)

    def check(self) -> None:
        """Go on, or raise.

        Raises:
            Stopped: the end was asked for.
        """
        if self.asked:
            raise Stopped(self.reason)

    def sleep(self, seconds: float) -> None:
        """Sleep, and end at once when asked.

        Raises:
            Stopped: the end was asked for.
        """
        self.wait(seconds)
        self.check()
