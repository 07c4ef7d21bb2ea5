"""Small read models beside :mod:`dabiao.services.views`, for names that pages need."""

from __future__ import annotations

from collections.abc import Mapping

from dabiao.services.app import App
from dabiao.store import declared
from dabiao.store.database import Row


def plans(app: App) -> Mapping[str, Row]:
    """Every plan's row by its id: titles, short names, issuer, document number, issue date, period, note."""
    return {row["id"]: row for row in declared.plan_rows(app.store)}
