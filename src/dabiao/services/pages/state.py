"""Which state of the store a page shows, as a value to compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dabiao.services.app import App
from dabiao.services.pages import catalogues
from dabiao.store import assessments


@dataclass(frozen=True, slots=True)
class State:
    """The state of a store; equal for all processes that see one.

    Attributes:
        inputs: changes with every write to what a verdict hangs on, and with every value of a series.
        version: changes with whatever else a page shows: imports, assessments, alerts.
        declared: the digests of the plans, their texts and the catalogue.
    """

    store: Path
    inputs: str
    version: str
    declared: catalogues.Digests


def state_of(app: App) -> State:
    """The state of the store."""
    store = app.store
    with store.snapshot():
        return State(store.path, assessments.inputs(store), store.data_version(), catalogues.digests(store))
