"""A notice as a workbook: summary, what is off track, every target, the sources, the legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from dabiao import i18n
from dabiao.domain.assessment import Status
from dabiao.i18n.format import listed
from dabiao.reports.book import BarChart, Book, Column, Kind, Sheet, Table
from dabiao.services.publish.notice_words import role_of, scope_text, title
from dabiao.services.publish.notices import Entry, Notice

COLOURS = {
    Status.MISSED: "#7F1D1D",
    Status.OFF_TRACK: "#C2410C",
    Status.AT_RISK: "#CA8A04",
    Status.ON_TRACK: "#1F5F99",
    Status.MET: "#166534",
    Status.AWAITING: "#7C3AED",
    Status.UNREPORTED: "#6B7280",
    Status.REPORTED: "#0F766E",
    Status.NO_DATA: "#9CA3AF",
}
"""A colour a status, dark enough to be read as text and apart from each other in grey."""

_WIDTHS: dict[str, tuple[Kind, float]] = {
    "number": ("number", 6),
    "target_id": ("text", 30),
    "plan_title": ("long", 26),
    "region": ("long", 11),
    "indicator": ("long", 18),
    "comparator": ("text", 6),
    "value": ("number", 8),
    "unit": ("text", 9),
    "deadline": ("text", 9),
    "status": ("text", 10),
    "status_before": ("text", 10),
    "attainment": ("percent", 9),
    "lead_units": ("long", 16),
    "responsible_units": ("long", 20),
    "clause": ("long", 16),
    "quote": ("long", 40),
    "sentence": ("long", 48),
    "required_says": ("long", 46),
    "basis": ("long", 18),
    "provisional_reasons": ("long", 20),
    "model": ("long", 18),
    "vintage": ("text", 19),
    "latest_period": ("text", 9),
    "latest_value": ("number", 8),
    "gap": ("number", 8),
    "required": ("number", 9),
    "required_side": ("text", 9),
    "required_days": ("number", 9),
    "source": ("long", 44),
    "url": ("long", 44),
    "as_of": ("date", 12),
}
_SHORT = (
    "number",
    "region",
    "indicator",
    "comparator",
    "value",
    "unit",
    "deadline",
    "status",
    "attainment",
    "latest_period",
    "latest_value",
    "gap",
    "required_side",
    "required",
    "required_days",
    "role",
    "lead_units",
    "responsible_units",
    "clause",
    "sentence",
)
"""What goes to paper."""

_MORE = (
    "target_id",
    "plan_title",
    "status_before",
    "provisional",
    "provisional_reasons",
    "point",
    "lower80",
    "upper80",
    "required_says",
    "tier",
    "basis",
    "proxy_region",
    "quote",
    "as_of",
    "vintage",
    "model",
    "target_version",
)
"""What the sheet of all targets has more."""

_ONLY_WITH = {"status_before": "period", "role": "unit"}
"""Columns that stand only where the notice is for a period or a unit."""

_MOST_BARS = 40


def book(notice: Notice) -> Book:
    """The workbook of a notice."""
    return _Book(notice).made()


class _Book:
    def __init__(self, notice: Notice) -> None:
        self.notice, self.lang = notice, notice.asked.lang
        self.tints = {i18n.text(f"status.{s}", self.lang): colour for s, colour in COLOURS.items()}
        made = notice.versions
        self.note = self.say(
            "book.note",
            as_of=notice.asked.as_of.isoformat(),
            filters=scope_text(notice),
            program=made["program"],
            vintage=made["data_vintage"],
            checksum=notice.checksum,
        )

    def say(self, key: str, **params: Any) -> str:
        return i18n.text(f"notice.{key}", self.lang, **params)

    def made(self) -> Book:
        n = self.notice
        return Book(
            title(n),
            self.note,
            datetime.combine(n.asked.as_of, time()),
            self.lang,
            (self.say("book.page"), self.say("book.of")),
            [
                self.summary(),
                self.targets("alarming", n.alarming, _SHORT),
                self.targets("all", n.entries, (*_SHORT, *_MORE)),
                self.sources(),
                self.legend(),
            ],
        )

    def sheet(
        self, name: str, table: Table, charts: Sequence[BarChart] = (), *, filtered: bool = True
    ) -> Sheet:
        return Sheet(self.say(f"sheet.{name}"), title(self.notice), self.note, table, charts, filtered)

    def summary(self) -> Sheet:
        """Counts by status, then by plan; both drawn."""
        entries = self.notice.entries
        plans = dict.fromkeys(str(e.line.words()["plan_title"]) for e in entries)
        rows: list[list[object]] = [self._counted(self.say("filter.all"), entries)]
        rows += [self._counted(p, [e for e in entries if e.line.words()["plan_title"] == p]) for p in plans]
        columns = [
            Column(self.say("column.plan"), "long", 46),
            Column(self.say("column.targets"), "number", 8),
            *(Column(i18n.text(f"status.{s}", self.lang), "number", 9) for s in Status),
            Column(self.say("column.provisional"), "number", 10),
        ]
        last = 1 + len(Status)
        chart = BarChart(
            self.say("book.plans"),
            categories=0,
            values=range(2, last + 1),
            first=0 if len(plans) == 1 else 1,
            last=0 if len(plans) == 1 else len(rows) - 1,
            colours=[COLOURS[s] for s in Status],
            axis=self.say("book.targets"),
            stacked=True,
            across=True,
        )
        return self.sheet("summary", Table(columns, rows), [chart], filtered=False)

    def _counted(self, name: str, entries: Sequence[Entry]) -> list[object]:
        counts = Counter(e.status for e in entries)
        provisional = sum(bool(e.v.assessment.provisional) for e in entries)
        return [name, len(entries), *(counts[s] for s in Status), provisional]

    def targets(self, name: str, entries: Sequence[Entry], columns: Sequence[str]) -> Sheet:
        given = {
            "period": self.notice.asked.period is not None,
            "unit": bool(self.notice.asked.filters.get("unit")),
        }
        chosen = [c for c in columns if c not in _ONLY_WITH or given[_ONLY_WITH[c]]]
        cells = [self.cells(e) for e in entries]
        table = Table(
            [self.column(c) for c in chosen], [[row[c] for c in chosen] for row in cells], self.tints
        )
        drawn = [i for i, e in enumerate(entries) if e.v.assessment.attainment is not None]
        charts = []
        if name == "alarming" and drawn:
            first, last = drawn[0], min(drawn[-1], drawn[0] + _MOST_BARS - 1)
            charts.append(
                BarChart(
                    self.say("book.attainment"),
                    categories=chosen.index("indicator"),
                    values=[chosen.index("attainment")],
                    first=first,
                    last=last,
                    colours=[COLOURS[entries[i].status] for i in range(first, last + 1)],
                    axis=i18n.text("export.column.attainment", self.lang),
                    across=True,
                    percent=True,
                )
            )
        printed = sum(c in _SHORT for c in chosen)
        return Sheet(self.say(f"sheet.{name}"), title(self.notice), self.note, table, charts, True, printed)

    def cells(self, e: Entry) -> dict[str, object]:
        before = self.notice.before.get(e.v.declared.target.id)
        days = e.required_days
        return {
            **e.line.cells(),
            "number": e.number,
            "status_before": None if before is None else i18n.text(f"status.{before}", self.lang),
            "gap": e.gap,
            "required": e.required,
            "required_side": None if e.required_side is None else self.say(f"side.{e.required_side}"),
            "required_days": None if days is None else Decimal(days),
            "required_says": e.says.get("required"),
            "role": role_of(e, self.notice.asked.filters.get("unit", ()), self.lang),
        }

    def column(self, name: str) -> Column:
        shared = f"export.column.{name}"
        heading = i18n.text(shared, self.lang) if i18n.has(shared) else self.say(f"column.{name}")
        return Column(heading, *_WIDTHS.get(name, ("text", 11)))

    def sources(self) -> Sheet:
        names = ("region", "indicator", "source", "url", "tier", "first", "last", "count", "published")
        rows = [[getattr(s, name) for name in names] for s in self.notice.sources]
        return self.sheet("sources", Table([self.column(name) for name in names], rows))

    def legend(self) -> Sheet:
        """What each status, rule and column means, and what made the workbook."""
        made = self.notice.versions
        rows: list[list[object]] = [
            [
                self.say("legend.status"),
                i18n.text(f"status.{s}", self.lang),
                self.say(f"legend.{s}", **_shares(made)),
            ]
            for s in Status
        ]
        rows += [
            [
                self.say("legend.rule"),
                i18n.text(f"rule.{rule}.name", self.lang),
                i18n.text(f"rule.{rule}.source", self.lang),
            ]
            for rule in made["rules"]
        ]
        for name in ("attainment", "gap", "required"):
            rows.append([self.say("legend.column"), self.column(name).heading, self.say(f"legend.{name}")])
        rows += [[self.say("legend.version"), name, str(value)] for name, value in self.versions().items()]
        columns = [
            Column(self.say("column.kind"), "text", 10),
            Column(self.say("column.item"), "long", 34),
            Column(self.say("column.meaning"), "long", 90),
        ]
        return self.sheet("legend", Table(columns, rows, self.tints))

    def versions(self) -> dict[str, str]:
        """Every version and the checksum, by a word for each."""
        n, made = self.notice, self.notice.versions
        return {
            "dabiao": made["program"],
            i18n.text("export.column.as_of", self.lang): n.asked.as_of.isoformat(),
            i18n.text("export.column.model", self.lang): listed(made["models"], self.lang),
            i18n.text("export.column.vintage", self.lang): made["data_vintage"],
            "SHA-256": n.checksum,
        }


def _shares(made: dict[str, Any]) -> dict[str, str]:
    return {name: f"{value:g}" for name, value in made["thresholds"].items()}
