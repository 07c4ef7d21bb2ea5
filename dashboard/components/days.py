"""A day to choose: typed as it is written everywhere here (2026-11-21), or picked from a calendar in the page's language."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc

from dabiao.i18n import Lang
from dashboard.asked import Say

_LOCALES = {"zh-CN": "zh-cn", "en": "en"}


def calendar_settings(lang: Lang) -> dict[str, Any]:
    """What every calendar of a page shares; ``assets/dates.js`` has the words of the locale."""
    return {"locale": _LOCALES[lang], "firstDayOfWeek": 1, "weekendDays": [0, 6]}


def day_field(say: Say, *, value: str | None = None, required: bool = False, **more: Any) -> dmc.DateInput:
    """The box of a day. A form sends it as ``YYYY-MM-DD``; what is no day is set back when the box is left."""
    chinese = say.lang == "zh-CN"
    return dmc.DateInput(
        value=value or None,
        required=required,
        withAsterisk=False,
        valueFormat="YYYY-MM-DD",
        placeholder=say("day.form"),
        monthLabelFormat="YYYY年M月" if chinese else "MMMM YYYY",
        yearLabelFormat="YYYY年" if chinese else "YYYY",
        debounce=True,
        getDayProps={"function": "dayName"},
        # beside its box: Tab goes on into the calendar, and it stands in the landmark of the box
        popoverProps={"withinPortal": False},
        ariaLabels={
            "monthLevelControl": say("day.choose_year"),
            "yearLevelControl": say("day.choose_decade"),
            "nextMonth": say("day.next_month"),
            "previousMonth": say("day.previous_month"),
            "nextYear": say("day.next_year"),
            "previousYear": say("day.previous_year"),
            "nextDecade": say("day.next_decade"),
            "previousDecade": say("day.previous_decade"),
        },
        **more,
    )
