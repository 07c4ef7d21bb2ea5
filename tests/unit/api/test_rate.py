"""How often a caller may ask: borders, refilling, sharing between processes, and what becomes of a strange file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.api.rate import FILE, PERIOD, Limiter

T = 1_800_000_000.0


def test_all_at_once_then_one_at_a_time(tmp_path: Path) -> None:
    """The whole allowance may come at once; the next request has to wait until its share of the minute is over."""
    limiter = Limiter(tmp_path, 6)
    got = [limiter.take("a", T) for _ in range(7)]
    assert [a.allowed for a in got] == [True] * 6 + [False]
    assert [a.remaining for a in got] == [5, 4, 3, 2, 1, 0, 0]
    assert got[6].wait == pytest.approx(10)
    assert not limiter.take("a", T + 9.9).allowed
    assert limiter.take("a", T + 10).allowed
    assert not limiter.take("a", T + 10).allowed


def test_a_refused_request_costs_nothing(tmp_path: Path) -> None:
    """Whoever asks on while refused is let in as soon as whoever waits."""
    limiter = Limiter(tmp_path, 1)
    assert limiter.take("a", T).allowed
    assert not any(limiter.take("a", T + s).allowed for s in range(1, 60))
    assert limiter.take("a", T + 60).allowed


def test_callers_have_their_own(tmp_path: Path) -> None:
    """One caller's requests take nothing from another."""
    limiter = Limiter(tmp_path, 1)
    assert limiter.take("a", T).allowed
    assert limiter.take("b", T).allowed
    assert not limiter.take("a", T).allowed


def test_processes_share_the_file(tmp_path: Path) -> None:
    """Two limiters over one folder count together."""
    first, second = Limiter(tmp_path, 2), Limiter(tmp_path, 2)
    assert first.take("a", T).allowed
    assert second.take("a", T).allowed
    assert not first.take("a", T).allowed


@pytest.mark.parametrize("content", [b"", b"x", b"\xff" * (1 << 20)])
def test_a_strange_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    """A file of another size is replaced; the callers begin with all they have."""
    (tmp_path / FILE).write_bytes(content)
    assert Limiter(tmp_path, 3).take("a", T).remaining == 2


def test_without_a_file_a_process_counts_for_itself(tmp_path: Path) -> None:
    """A folder that is not there stops nobody, and does not lift the limit."""
    limiter = Limiter(tmp_path / "gone", 1)
    assert limiter.take("a", T).allowed
    assert not limiter.take("a", T).allowed


def test_a_clock_set_back_locks_nobody_out(tmp_path: Path) -> None:
    """What was counted in a future that the clock has left is forgotten."""
    limiter = Limiter(tmp_path, 1)
    assert limiter.take("a", T + 100_000).allowed
    assert limiter.take("a", T).allowed


@given(
    limit=st.integers(1, 20),
    waits=st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=80),
)
def test_never_more_than_the_allowance_and_what_came_back(limit: int, waits: list[float]) -> None:
    """From any request on, at most the limit and its share of the time since are let in; what is said to remain, is."""
    limiter, now, let_in = Limiter(Path("/nonexistent"), limit), T, []
    for wait in waits:
        now += wait
        if limiter.take("a", now).allowed:
            let_in.append(now)
    for i, first in enumerate(let_in):
        for j, last in enumerate(let_in[i:], start=1):
            assert j <= limit + (last - first) * limit / PERIOD + 1e-6


def test_headers_say_what_is_left(tmp_path: Path) -> None:
    """``RateLimit`` with what remains and when all is back; ``Retry-After`` in whole seconds only for who must wait."""
    limiter = Limiter(tmp_path, 2)
    first, _, refused = (limiter.take("a", T).headers() for _ in range(3))
    assert first == {"RateLimit-Policy": '"minute";q=2;w=60', "RateLimit": '"minute";r=1;t=30'}
    assert (refused["RateLimit"], refused["Retry-After"]) == ('"minute";r=0;t=60', "30")
