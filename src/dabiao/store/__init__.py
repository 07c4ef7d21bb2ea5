"""The store: one SQLite file, written through ``BEGIN IMMEDIATE``, appended to and superseded, never updated in place."""

from dabiao.store.database import Store
from dabiao.store.migrations import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "Store"]
