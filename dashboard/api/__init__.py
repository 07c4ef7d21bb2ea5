"""``/api/v1``: the targets, series and alerts for other programs, beside the pages and over the same store.

An operation is a function with its address, right and shapes (:mod:`dashboard.api.operation`); what it takes and gives are
pydantic models, from which requests are read, the OpenAPI document is made and the answers are tested.
"""

from __future__ import annotations

from dashboard.api.serving import register

__all__ = ["register"]
