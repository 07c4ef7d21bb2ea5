"""What an operation may be asked, as models: the query strings of reading, the bodies of changing."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dabiao.domain.alert import Kind
from dabiao.domain.assessment import Status
from dabiao.domain.observation import Tier
from dabiao.domain.target import Measure
from dabiao.domain.track_record import By, Record
from dabiao.services.alerts.alert_rows import STATES

MOST_VALUES = 50
"""Values of one filter in one request, as in the addresses of the pages."""

LARGEST_PAGE = 1000
LAST_NUMBER = 2**63 - 1
"""The store's largest id."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COUNT = re.compile(r"\d{1,19}", re.ASCII)


def _day(given: Any) -> Any:
    if isinstance(given, str):
        if not _DAY.fullmatch(given):
            raise ValueError("not a day YYYY-MM-DD")
        return date.fromisoformat(given)
    return given


def _count(given: Any) -> Any:
    if isinstance(given, str) and not _COUNT.fullmatch(given):
        raise ValueError("not a whole number")
    return given


Day = Annotated[date, BeforeValidator(_day)]
Number = Annotated[int, Field(ge=1, le=LAST_NUMBER), BeforeValidator(_count)]
Word = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[list[Word], Field(max_length=MOST_VALUES)]


class Query(BaseModel):
    """A query string. A name that it does not know is refused: a filter spelt wrongly must not pass for none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Literal["zh-CN", "en"] | None = None


class OnDay(Query):
    """What was known on a day; today by default."""

    as_of: Day | None = None


class Paged(Query):
    """A page of a list."""

    page: Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(_count)] | None = None
    size: Annotated[int, Field(ge=1, le=LARGEST_PAGE), BeforeValidator(_count)] = 100
    format: Literal["json", "csv"] | None = None


class Targets(OnDay, Paged):
    """The targets that pass filters; several values of one are alternatives."""

    plan: Words = []
    region: Words = []
    unit: Words = []
    indicator: Words = []
    deadline: Annotated[
        list[Annotated[str, Field(pattern=r"^[0-9]{4}$")]], Field(max_length=MOST_VALUES)
    ] = []
    measure: Annotated[list[Measure], Field(max_length=MOST_VALUES)] = []


class Statuses(Targets):
    """The targets that pass filters and have one of some statuses."""

    status: Annotated[list[Status], Field(max_length=MOST_VALUES)] = []


class Series(OnDay, Paged):
    """Series whose names, ids or basis have some words."""

    q: Annotated[str, Field(max_length=200)] = ""


class DayPage(OnDay, Paged):
    """A page of what was known on a day."""


class Forecasts(Paged):
    """Stored forecasts of a target's series, of one series, or of all."""

    target: Word | None = None
    series: Number | None = None


class Alerts(Paged):
    """Alerts in some states and of a kind; the open ones of targets by default."""

    state: Annotated[list[Literal[STATES]], Field(max_length=MOST_VALUES)] = []  # type: ignore[valid-type]
    kind: Kind | Literal["all"] = Kind.TARGET


class TrackRecord(OnDay, Paged):
    """Which forecasts, and what their figures are parted by."""

    record: Record | None = None
    indicator: Word | None = None
    region: Word | None = None
    lead: Annotated[int, Field(ge=0, le=3), BeforeValidator(_count)] | None = None
    by: By = By.RECORD


class Runs(Paged):
    """Runs of all jobs, or of one."""

    job: Word | None = None


class Import(Query):
    """How a file is to be read; ``file`` names it where the body is the file itself."""

    file: Word | None = None
    source: Word | None = None
    published: Day | None = None
    tier: Literal[Tier.OFFICIAL, Tier.PRESS, Tier.THIRD_PARTY] | None = None
    dry_run: bool = False


class Acknowledgement(BaseModel):
    """Who deals with an alert; ``by`` is read only where nobody is signed in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Annotated[str, Field(max_length=2000)] = ""
    due: Day | None = None
    by: Annotated[str, Field(max_length=100)] = ""
