"""One layout a table shape. A heading is offered to each, in this order; the first that recognises it names the table."""

from __future__ import annotations

from dabiao.ingest.layouts.interface import Layout
from dabiao.ingest.layouts.tidy import Tidy
from dabiao.ingest.layouts.wide import Crossed, WideByIndicator, WideByPeriod, WideByRegion

LAYOUTS: tuple[Layout, ...] = (
    Tidy(),
    WideByPeriod("month"),
    WideByPeriod("year"),
    Crossed(),
    WideByRegion(),
    WideByIndicator(),
)
