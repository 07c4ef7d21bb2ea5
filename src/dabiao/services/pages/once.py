"""Results that several threads of a process ask for: each is made once, and the last few are kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Once(Generic[K, V]):
    """What was made last, by its key. A thread that asks for what another is making waits for that one.

    A key must hold all that its result hangs on: what is kept then saves time and changes nothing. A failure is told to
    those who waited and is not kept.

    Args:
        most: results kept, those asked for last.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, Future[V]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The result of a key, made if it is not there."""
        with self._lock:
            found = self._kept.get(key)
            mine = found is None
            if found is None:
                found = self._kept[key] = Future()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if mine:
            self._make(key, found, make)
        return found.result()

    def _make(self, key: K, promised: Future[V], make: Callable[[], V]) -> None:
        try:
            promised.set_result(make())
        except BaseException as error:
            with self._lock:
                if self._kept.get(key) is promised:
                    del self._kept[key]
            promised.set_exception(error)
