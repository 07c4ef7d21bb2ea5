"""The catalogue as loaded, read once for as long as the declared files are the same."""

from __future__ import annotations

from pathlib import Path

from dabiao.domain.catalogue import Catalogue
from dabiao.services.pages.once import Once
from dabiao.store import declared
from dabiao.store.database import Store

Digests = frozenset[tuple[str, str]]
"""Names and digests of the declared files that were loaded. Tables of the catalogue are written with them in one go."""

_KEPT: Once[tuple[Path, Digests], Catalogue] = Once(2)


def digests(store: Store) -> Digests:
    """What the catalogue and the plans' texts are made of."""
    return frozenset(declared.file_digests(store).items())


def catalogue(store: Store) -> Catalogue:
    """The regions, indicators and units that are loaded."""
    with store.snapshot():
        return _KEPT.get((store.path, digests(store)), lambda: declared.catalogue(store))
