"""What is held against values that could be read: each check a module, a pure function of columns of values."""

from __future__ import annotations

from dabiao.ingest.checks.rows import check

__all__ = ["check"]
