"""What the operations on data answer: series, statements, forecasts, imports."""

from __future__ import annotations

from typing import Any

from dashboard.api.answers import Answer, Number


class Flag(Answer):
    """What a check noted of a whole series."""

    flag: str
    message: str


class Series(Answer):
    """One indicator of one region on one basis."""

    id: int
    region_id: str
    region: str
    indicator: str
    indicator_name: str
    unit: str | None
    basis: str
    basis_text: str | None
    statements: int
    sources: int
    first_year: int
    last_year: int
    flags: list[Flag]


class Statement(Answer):
    """What one source said of one period; ``standing`` is false for what another statement has replaced."""

    id: int
    period: str
    value: Number | None
    printed: str | None
    qualifier: str | None
    unit: str | None
    tier: str
    state: str
    standing: bool
    source: str
    source_url: str | None
    published: str | None
    known_on: str
    known_rule: str
    recorded_at: str
    import_id: int | None
    file: str | None
    sheet: str | None
    row: int | None
    note: str | None
    correction: str | None


class ForecastStep(Answer):
    """One period of a forecast: the median and the intervals that hold 80 and 95 percent."""

    period: str
    point: float
    lower80: float
    upper80: float
    lower95: float
    upper95: float


class Forecast(Answer):
    """A stored forecast of a series."""

    region_id: str
    indicator: str
    basis: str
    id: int
    model: str
    model_version: str
    vintage: str
    first_period: str
    last_period: str
    observed: int
    made_at: str
    warnings: list[str]
    panel_day: str | None
    panel_series: int
    steps: list[ForecastStep]


class ImportRow(Answer):
    """An import; ``held`` counts its rows that stand in quarantine."""

    id: int
    file: str
    sha256: str
    size: int
    imported_at: str
    published: str | None
    accepted: int
    revised: int
    unchanged: int
    refused: int
    warned: int
    held: int


class Issue(Answer):
    """What is wrong at one place of a file, and how to mend it."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    code: str
    message: str
    mend: str
    severity: str
    raw: list[str]


class Import(ImportRow):
    """An import with its first issues and how it was read."""

    reading: dict[str, Any]
    issues: list[Issue]
    more_issues: int


class Imported(Answer):
    """What became of a file: a row of ``dabiao import``."""

    id: int | None
    file: str
    sha256: str
    accepted: int
    revised: int
    unchanged: int
    refused: int
    issues: list[Issue]
    more_issues: int
    dry_run: bool
    reading: dict[str, Any]
    read: dict[str, Any] | None
