"""The store: one SQLite file, written through ``BEGIN IMMEDIATE``, appended to and superseded, never updated in place."""

from dabiao.store.database import Store

__all__ = ["Store"]
