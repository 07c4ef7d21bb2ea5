"""The large scripts that only some pages need: fetched at once where a page does, elsewhere in a quiet moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

Part = Literal["charts", "list"]
"""What needs them: plotly's charts, and the list of targets to sort."""

ASSETS = Path(__file__).parent / "assets"
BUNDLE = "plotly-basic.min.js"
"""Plotly with the kinds of trace that we draw, a quarter of the whole. ``assets/charts.js`` names it to Dash."""

_SUITES = "_dash-component-suites"
_CHUNKS: Mapping[Part, str] = {"charts": "dash/dcc/async-graph.js", "list": "dash_ag_grid/async-community.js"}
"""What the components fetch by themselves once the first of a kind is on the page."""


def bundle(prefix: str) -> str:
    """The address of plotly, which names its content by the file's time as those of the other assets do."""
    return f"{prefix}assets/{BUNDLE}?m={(ASSETS / BUNDLE).stat().st_mtime}"


def links(prefix: str, needs: Collection[Part]) -> str:
    """The elements of a page's head that fetch the scripts before, or after, the program asks for them.

    Args:
        prefix: the path under which the program is served.
        needs: what is on the page.
    """
    files = [(part, f"{prefix}{_SUITES}/{chunk}") for part, chunk in _CHUNKS.items()]
    files.append(("charts", bundle(prefix)))
    return "\n".join(
        f'<link rel="{"preload" if part in needs else "prefetch"}" as="script" href="{address}">'
        for part, address in files
    )
