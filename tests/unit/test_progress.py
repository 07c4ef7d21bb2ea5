"""The bar of a long import: after two seconds, on standard error, and only where it is wanted."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import pytest

from dabiao.cli.progress import Bar
from dabiao.domain.progress import STEPS


class Terminal(io.StringIO):
    """Standard error of someone who looks."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def passed(seconds: float) -> None:
        now[0] += seconds

    return passed


def test_nothing_is_said_within_two_seconds(
    monkeypatch: pytest.MonkeyPatch, wait: Callable[[float], None]
) -> None:
    """What is done in less than two seconds leaves no trace, also on a terminal."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Bar("a.csv", "en") as bar:
        wait(1.9)
        bar("read", 1.0)
    assert terminal.getvalue() == ""


def test_a_terminal_has_one_line_that_goes(
    monkeypatch: pytest.MonkeyPatch, wait: Callable[[float], None]
) -> None:
    """On a terminal the bar is one line, drawn over, and taken away in the end."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Bar("a.csv", "en") as bar:
        wait(2.1)
        bar("read", 0.5)
        bar("read", 0.6)  # too soon after the last
        wait(0.3)
        bar("store", 1.0)
    said = terminal.getvalue()
    assert "\n" not in said
    assert "a.csv: step 2 of 6, reading values, 50%" in said
    assert "60%" not in said
    assert f"step {len(STEPS)} of 6, storing, 100%" in said
    assert said.endswith("\r\x1b[K")


@pytest.mark.parametrize(("wanted", "lines"), [(None, 0), (False, 0), (True, 2)])
def test_a_log_has_lines_only_if_asked(
    capsys: pytest.CaptureFixture[str], wait: Callable[[float], None], wanted: bool | None, lines: int
) -> None:
    """Where nobody looks nothing is said, unless it is asked for: then a whole line every five seconds."""
    with Bar("a.csv", "zh-CN", wanted) as bar:
        wait(2.1)
        bar("check", 0.25)
        wait(4.9)
        bar("check", 0.5)
        wait(0.2)
        bar("compare", 0.0)
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == lines
    if lines:
        assert said.err.splitlines()[0] == "a.csv：第 4 / 6 步，检查序列，25%"
