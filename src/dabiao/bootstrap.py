"""The one place that wires things together: settings to paths, store and catalogue."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from dabiao.domain.catalogue import Catalogue
from dabiao.services.app import App, Paths
from dabiao.services.declare import setup
from dabiao.settings import Settings
from dabiao.store import Store, declared

# Many small fits: with the default, every fit wakes a BLAS thread a core and waits for it. Before numpy is imported
# by the commands that fit; a value that the user has set stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def data_folder() -> Path:
    """The declared and bundled data: beside the sources in a checkout, inside the package when installed."""
    packaged = Path(__file__).parent / "_data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


def paths(settings: Settings) -> Paths:
    """Where this process keeps and finds its files."""
    return Paths(settings.home, data_folder())


def open_app(settings: Settings) -> App:
    """An app on a store that exists and is current.

    Raises:
        StoreMissing, MigrationNeeded, StoreTooNew, StoreUnwritable: with the command that mends it.
    """
    where = paths(settings)
    store = Store.open(where.store, settings.busy_timeout_ms)
    return App(settings, where, store, declared.catalogue(store))


def open_store(settings: Settings) -> App:
    """As :func:`open_app` without the catalogue, for what is asked before any page: who it is that asks.

    Raises:
        StoreMissing, MigrationNeeded, StoreTooNew, StoreUnwritable: with the command that mends it.
    """
    where = paths(settings)
    return App(settings, where, Store.open(where.store, settings.busy_timeout_ms), Catalogue({}, {}))


def initialise(settings: Settings, now: datetime) -> tuple[App, setup.SetUp]:
    """Create or migrate the store and load the declared files. Safe to repeat.

    Raises:
        StoreUnwritable: the home folder cannot be written.
        DeclarationError: a declared file has an error.
    """
    where = paths(settings)
    setup.make_folders(where)
    store = Store.create(where.store, settings.busy_timeout_ms)
    empty = App(settings, where, store, Catalogue({}, {}))
    declaration = setup.read_declared(where.data, where.attachments, where.declared)
    done = setup.load_declared(empty, declaration, now)
    return App(settings, where, store, declared.catalogue(store)), done
