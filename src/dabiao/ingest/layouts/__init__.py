"""One layout a table shape. A heading row is offered to each, in this order; the first that recognises it reads the table."""

from __future__ import annotations

from dabiao.ingest.layouts.interface import Layout
from dabiao.ingest.layouts.tidy import Tidy
from dabiao.ingest.layouts.wide import WideByIndicator, WideByPeriod

LAYOUTS: tuple[Layout, ...] = (Tidy(), WideByPeriod("month"), WideByPeriod("year"), WideByIndicator())
