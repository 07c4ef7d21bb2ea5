"""Attributes that the component classes take but do not name."""

from __future__ import annotations

from typing import Any


def aria(**named: str) -> dict[str, Any]:
    """``aria(label="…")`` is what an element takes as ``aria-label``."""
    return {f"aria-{name}": value for name, value in named.items()}


def data(**named: str) -> dict[str, Any]:
    """``data(print="page")`` is what an element takes as ``data-print``."""
    return {f"data-{name}": value for name, value in named.items()}
