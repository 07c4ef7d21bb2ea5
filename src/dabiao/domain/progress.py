"""How far a long piece of work is, for whoever waits for it: a bar on a terminal, a job's record."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with the name of a step and how much of it is done, 0 … 1."""


STEPS = ("survey", "read", "rows", "check", "compare", "store")
"""The steps of an import, in their order; a step that has nothing to do says nothing."""


def overall(step: str, share: float) -> float:
    """How much of a whole import is done, 0 … 1, each of its steps counting the same."""
    return (STEPS.index(step) + min(share, 1.0)) / len(STEPS)


def silent(_step: str, _share: float) -> None:
    """Tells nobody."""
