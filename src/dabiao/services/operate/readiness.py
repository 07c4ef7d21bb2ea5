"""Whether this process could do its work now: the store opens, its schema is the program's, the disk takes a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dabiao.errors import DabiaoError
from dabiao.services.app import App, Paths
from dabiao.services.files import explained
from dabiao.store import copies

PROBE = bytes(4096)
"""What is written to see whether the disk takes it: a page of the store."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found.

    Attributes:
        troubles: what stands in the way, by ``store``, ``schema`` or ``disk``; empty where nothing does.
        data_version: of the store, ``None`` where it does not open.
        schema: of the store's file, ``None`` where it cannot be read.
    """

    troubles: dict[str, DabiaoError]
    data_version: str | None
    schema: int | None

    @property
    def ready(self) -> bool:
        return not self.troubles


def readiness(paths: Paths, opens: Callable[[], App]) -> Readiness:
    """Look. Nothing that is kept is changed.

    Args:
        opens: opens the app; as :func:`dabiao.bootstrap.open_store`.
    """
    troubles: dict[str, DabiaoError] = {}
    version = schema = None
    try:
        app = opens()
        try:
            version = app.store.data_version()
        finally:
            app.store.close()
    except DabiaoError as error:
        troubles["schema" if error.code in ("migration_needed", "store_too_new") else "store"] = error
    if paths.store.is_file() and "store" not in troubles:
        schema = copies.schema_of(paths.store)
    try:
        probe(paths.home)
    except DabiaoError as error:
        troubles["disk"] = error
    return Readiness(troubles, version, schema)


def probe(folder: Path) -> None:
    """Write a page into a folder and take it away again.

    Raises:
        StoreUnwritable: the folder is read-only, or its disk full.
    """
    with explained(folder), tempfile.NamedTemporaryFile(prefix=".probe-", dir=folder) as file:
        file.write(PROBE)
        file.flush()
