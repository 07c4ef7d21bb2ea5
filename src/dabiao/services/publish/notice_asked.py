"""What a notice is asked for: a scope, a day, a language, and the time reported on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dabiao import i18n
from dabiao.domain.period import Period, PeriodKind
from dabiao.errors import DabiaoError
from dabiao.i18n.format import when

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """What a notice covers: ``2026-W47``, ``2026-10``, ``2026-Q3`` or ``2026``; both days are in it."""

    code: str
    start: date
    end: date

    @classmethod
    def parse(cls, text: str) -> NoticePeriod:
        """A week, month, quarter or year.

        Raises:
            DabiaoError: ``notice_period_wrong``.
        """
        try:
            if week := _WEEK.fullmatch(text):
                start = date.fromisocalendar(int(week[1]), int(week[2]), 1)
                return cls(text, start, start + timedelta(days=6))
            period = Period.parse(text)
            if period.kind in (PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.MONTH):
                return cls(str(period), period.start, period.end)
        except ValueError as error:
            raise DabiaoError("notice_period_wrong", text=text) from error
        raise DabiaoError("notice_period_wrong", text=text)

    def words(self, lang: str) -> str:
        """As a title names it."""
        if week := _WEEK.fullmatch(self.code):
            return i18n.text("notice.week", lang, year=int(week[1]), week=int(week[2]))
        return when(self.code, lang)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a notice is asked for.

    Attributes:
        filters: ``plan``, ``region``, ``unit`` and ``target`` ids; several of one name are alternatives.
    """

    as_of: date
    lang: str
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    period: NoticePeriod | None = None

    @property
    def one_target(self) -> bool:
        """Whether it is about a single target, which is then told whatever its status is."""
        return len(self.filters.get("target", ())) == 1
