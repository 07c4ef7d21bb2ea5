"""The models that settings can select, by name.

Each is imported when it is first asked for: statsmodels takes a second to import, and most commands fit nothing.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from dabiao.errors import UnknownName
from dabiao.forecast.interface import Model

_CLASSES = {
    "pooled": "Pooled",
    "shrunk": "Shrunk",
    "drift": "Drift",
    "ols_trend": "OlsTrend",
    "ets": "DampedTrend",
    "blend": "Blend",
    "structural": "Structural",
}
NAMES = tuple(_CLASSES)


@cache
def model(name: str) -> Model:
    """The model of that name.

    Raises:
        UnknownName: there is none.
    """
    if name not in _CLASSES:
        raise UnknownName("model_unknown", name=name, known=", ".join(NAMES))
    found: Model = getattr(import_module(f"{__name__}.{name}"), _CLASSES[name])()
    return found
