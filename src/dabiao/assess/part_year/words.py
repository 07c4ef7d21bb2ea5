"""The panel of a year in progress, said to a person: a name and a sentence a fact."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from dabiao import i18n
from dabiao.assess.part_year.arithmetic import Interval, Outlook, rounded
from dabiao.assess.part_year.makeup import Makeup
from dabiao.assess.part_year.observed import Made, Tile
from dabiao.assess.part_year.panel import Panel
from dabiao.domain.period import Period
from dabiao.domain.target import Indicator
from dabiao.i18n.format import listed, number, percent, unit, when


class Fact(NamedTuple):
    """One line of the panel; ``name`` is a code of ``part_year.fact``."""

    name: str
    said: str


class Chance(NamedTuple):
    """The in-year forecast brought to the goal."""

    attainment: float
    point: float
    lower80: float
    upper80: float
    until: str
    companions: int
    bridge_years: int


def facts(panel: Panel, indicator: Indicator, goal: str, chance: Chance | None, lang: str) -> list[Fact]:
    """Every line that applies, the most telling first.

    Args:
        goal: what the year is held against, in words (``≤ 27 µg/m³``).
    """
    said = _Said(panel, indicator, lang)
    return [
        Fact(name, text)
        for name, text in (
            ("held", said.say(f"held.{panel.goal.held}", goal=goal, year=panel.year)),
            *said.so_far(),
            *said.still(),
            *said.seasonal(),
            *(said.chance(chance) if chance else ()),
        )
    ]


class _Said:
    def __init__(self, panel: Panel, indicator: Indicator, lang: str) -> None:
        self.panel, self.lang = panel, lang
        self.decimals = max(indicator.decimals, panel.goal.decimals)
        self.unit = unit(indicator.unit, lang)
        self.points = unit("个百分点", lang) if indicator.unit == "%" else self.unit

    def say(self, key: str, **params: Any) -> str:
        return i18n.text(f"part_year.{key}", self.lang, **params)

    def figure(self, x: Fraction) -> str:
        """A figure with its unit, exact ones as they are, others with one place more than is published."""
        return f"{self.number(x)}{self.unit}"

    def number(self, x: Fraction) -> str:
        shown = rounded(x, self.decimals)
        return number(shown) if Fraction(shown) == x else number(rounded(x, self.decimals + 1))

    def months(self, periods: Sequence[Period]) -> str:
        """Months as a person lists them: 3、6—8月."""
        runs: list[list[int]] = []
        for m in sorted(p.first % 12 + 1 for p in periods):
            if runs and m == runs[-1][1] + 1:
                runs[-1][1] = m
            else:
                runs.append([m, m])
        names = [
            self.say("month", month=short_month(a, self.lang))
            if a == b
            else self.say("months", first=short_month(a, self.lang), last=short_month(b, self.lang))
            for a, b in runs
        ]
        return listed(names, self.lang)

    def so_far(self) -> Iterator[tuple[str, str]]:
        p = self.panel
        made = self.say(f"made.{p.known.made}")
        period = when(str(Period(p.year * 12, p.known.last.last)), self.lang)
        if p.makeup is Makeup.SECTIONS:
            period, made = when(str(p.known.last), self.lang), self.say(f"made.{Made.PUBLISHED}")
        yield "to_date", self.say("to_date", period=period, value=self.figure(p.to_date), made=made)
        yield from self.change()
        gone = (p.known.last.end - Period.year_of(p.year).start).days + 1
        text = self.say(
            "elapsed",
            days=gone,
            total=p.days_total,
            share=number(rounded(Fraction(100 * gone, p.days_total), 1)),
        )
        if p.known.gaps:
            text += self.say("gaps", months=self.months(p.known.gaps))
        yield "elapsed", text
        if p.progress is not None and p.progress.attainment is not None:
            yield (
                "progress",
                self.say("progress", share=number(rounded(100 * p.progress.attainment, 1))),
            )

    def change(self) -> Iterator[tuple[str, str]]:
        y = self.panel.year_on_year
        if y is None:
            return
        key = "same" if y.difference == 0 else "up" if y.difference > 0 else "down"
        size = number(rounded(abs(y.difference), self.decimals)) + self.points
        text = self.say(f"year_on_year.{key}", before=self.figure(y.before.value), size=size)
        if y.percent is not None and y.difference != 0:
            text += self.say("year_on_year.percent", percent=number(rounded(abs(y.percent), 1)))
        if y.other_basis is not None:
            text += self.say("year_on_year.other_basis")
        if y.before.error:
            text += self.say("by_difference", error=number(rounded(y.before.error, self.decimals)))
        yield "year_on_year", text

    def still(self) -> Iterator[tuple[str, str]]:
        p = self.panel
        if p.complete and p.year_value is not None:
            key = "complete_meets" if p.meets(p.year_value) else "complete_misses"
            yield "required", self.say(key, value=self.figure(p.year_value))
            return
        if p.makeup is Makeup.DAYS and p.allowance is not None:
            yield from self.days()
        elif p.required is not None:
            yield from self.mean()
        if p.makeup is Makeup.SECTIONS:
            yield "sections", self.sections()
        yield from self.reached()

    def mean(self) -> Iterator[tuple[str, str]]:
        r = self.panel.required
        assert r is not None
        rest = {"months": self.months(self.panel.known.rest), "days": r.days}
        if r.outlook is not Outlook.OPEN:
            yield "required", self.say(f"outlook.{r.outlook}", **rest)
            return
        sides = [(key, v) for key, v in (("at_least", r.at_least), ("at_most", r.at_most)) if v is not None]
        text = "".join(
            self.say(f"required.{key}", value=f"{number(value)}{self.unit}", **rest) for key, value in sides
        )
        if r.strict is not None:
            text += self.say(
                "required.strict", value=f"{number(rounded(r.strict, self.decimals + 1))}{self.unit}"
            )
        yield "required", text

    def days(self) -> Iterator[tuple[str, str]]:
        a, days = self.panel.allowance, self.panel.days
        assert a is not None and days is not None
        given = {"total": a.total, "allowed": a.allowed, "used": a.used, "left": max(0, a.left)}
        text = self.say("days.allowance", **given)
        if a.allowed_strict != a.allowed:
            text += self.say("days.strict", allowed=a.allowed_strict)
        if a.used_low != a.used_high:
            text += self.say("days.unsure", low=a.used_low, high=a.used_high)
        yield "allowance", text
        rest = {"rest": a.rest, "months": self.months(self.panel.known.rest)}
        key = "open" if a.outlook is Outlook.OPEN else str(a.outlook)
        yield "required", self.say(f"days.{key}", needed=a.needed, **rest)
        if days.valid < days.calendar:
            yield (
                "valid_days",
                self.say("days.valid", valid=days.valid, calendar=days.calendar, total=a.total),
            )

    def sections(self) -> str:
        a = self.panel.allowance
        if a is None:
            return self.say("sections.unknown")
        return self.say(
            "sections.allowance", total=a.total, allowed=a.allowed, used=a.used, left=max(0, a.left)
        )

    def reached(self) -> Iterator[tuple[str, str]]:
        found = self.panel.reached
        if not found or self.panel.outlook is not Outlook.OPEN:
            return
        parts = [
            self.say("reached.year", year=r.year, value=self._tile(r.mean), mark="✔" if r.enough else "✘")
            for r in found
        ]
        ever = sum(r.enough for r in found)
        yield (
            "reached",
            self.say(
                "reached.ever" if ever else "reached.never",
                count=ever,
                of=len(found),
                years=listed(parts, self.lang),
            ),
        )

    def _tile(self, t: Tile) -> str:
        return self.number(t.value) + (f"±{number(rounded(t.error, self.decimals))}" if t.error else "")

    def seasonal(self) -> Iterator[tuple[str, str]]:
        path = self.panel.path
        if path is None or self.panel.complete:
            return
        linear = self.figure(path.linear)
        if path.seasonal is None:
            yield "path", self.say("path.linear", linear=linear)
            return
        ahead = Interval(None, path.seasonal) if self.panel.rises is False else Interval(path.seasonal, None)
        yield (
            "path",
            self.say(
                "path.better" if ahead.contains(self.panel.to_date) else "path.worse",
                seasonal=f"{number(rounded(path.seasonal, self.decimals))}{self.unit}",
                linear=linear,
                years=listed((str(y) for y in path.years), self.lang),
            ),
        )

    def chance(self, c: Chance) -> Iterator[tuple[str, str]]:
        text = self.say(
            "chance",
            attainment=percent(c.attainment),
            point=f"{number(c.point, self.decimals)}{self.unit}",
            lower=number(c.lower80, self.decimals),
            upper=number(c.upper80, self.decimals),
            until=when(c.until, self.lang),
            companions=c.companions,
        )
        yield "attainment", text + self.say("bridge" if c.bridge_years else "no_bridge", years=c.bridge_years)


def short_month(month: int, lang: str) -> str:
    """A month (1–12) as it stands before 月, or its short English name."""
    return str(month) if lang == "zh-CN" else calendar.month_abbr[month]
