"""Series of many cities for tests: brought in as a bulletin would bring them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import numpy as np

from dabiao.domain.catalogue import Catalogue
from dabiao.services.app import App
from dabiao.services.intake.importing import import_file

_NUMBER = count()
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def bulletin(
    region: str, values: Mapping[int, float], published: str | None = None, indicator: str = "pm25"
) -> str:
    """Rows of annual values, each published on the first of March after its year unless said otherwise."""
    return "".join(
        f"{region},{indicator},{year},{value},µg/m3,bulletin,{published or f'{year + 1}-03-01'}\n"
        for year, value in values.items()
    )


def bring(app: App, folder: Path, rows: str, now: datetime = NOW) -> None:
    """Import rows of :func:`bulletin`."""
    path = folder / f"bulletin-{next(_NUMBER)}.csv"
    path.write_text("region,indicator,period,value,unit,source,published\n" + rows, encoding="utf-8")
    result = import_file(app, path, now=now)
    assert result.refused == 0, result.issues


def regions(catalogue: Catalogue, number: int) -> list[str]:
    """That many regions of the catalogue."""
    return sorted(catalogue.regions)[:number]


def cities(names: list[str], years: range, seed: int = 5) -> str:
    """A falling PM2.5 for each region, with common shocks."""
    rng = np.random.default_rng(seed)
    common = rng.normal(-0.03, 0.05, len(years))
    rows = []
    for name in names:
        path = 45 * np.exp(np.cumsum(common + rng.normal(0, 0.05, len(years))))
        rows.append(bulletin(name, dict(zip(years, np.round(path, 1).tolist(), strict=True))))
    return "".join(rows)


def day(year: int, month: int = 6) -> date:
    """The first of a month."""
    return date(year, month, 1)
