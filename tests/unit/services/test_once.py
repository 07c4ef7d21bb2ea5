"""Each result is made once however many threads ask, and the last few are kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dabiao.services.pages.once import Once


def test_the_same_key_is_made_once() -> None:
    """The second to ask gets what the first one has."""
    made: list[int] = []
    kept: Once[str, int] = Once(2)

    def make() -> int:
        made.append(1)
        return len(made)

    assert [kept.get("a", make), kept.get("a", make), kept.get("b", make)] == [1, 1, 2]


def test_those_asked_for_last_are_kept() -> None:
    """Of three keys two are kept: the one asked for longest ago is made again, the others are not."""
    made: list[str] = []
    kept: Once[str, str] = Once(2)
    for key in ("a", "b", "a", "c", "a", "b"):
        kept.get(key, lambda key=key: made.append(key) or key)  # type: ignore[misc, func-returns-value]
    assert made == ["a", "b", "c", "b"]


def test_threads_wait_for_the_one_that_makes_it() -> None:
    """Eight threads that ask at once cause one piece of work, and all have its result."""
    together, made = threading.Barrier(8), []
    kept: Once[str, int] = Once(2)
    asked = threading.Event()

    def make() -> int:
        asked.wait(5)  # until the others have asked too, or have had time to
        made.append(1)
        return 7

    def ask(number: int) -> int:
        together.wait(30)
        if number == 0:
            asked.set()
        return kept.get("a", make)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == [7] * 8
    assert made == [1]


def test_a_failure_is_not_kept() -> None:
    """Who asks again after a failure has it tried again."""
    kept: Once[str, int] = Once(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 1) == 1
