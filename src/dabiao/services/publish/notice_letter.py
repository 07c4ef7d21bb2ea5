"""A notice as an official letter: title, overall, the table of what is off track, a paragraph a target, the annex."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from dabiao import i18n
from dabiao.domain.assessment import Status
from dabiao.i18n.format import listed, number, percent, unit, when
from dabiao.reports.letter import Blank, Block, Grid, Imprint, Letter, Paragraph, Picture, Rule, Words
from dabiao.services.publish.notice_words import (
    chinese_number,
    gap,
    name_of,
    required_text,
    role_of,
    scope_text,
    target_text,
    title,
)
from dabiao.services.publish.notices import Entry, Notice

_FEW = 2  # units named in a table's cell


class Draft:
    """The letter of a notice in the making; ``pictures`` are charts as PNG by target id."""

    def __init__(self, notice: Notice, pictures: Mapping[str, bytes]) -> None:
        self.notice, self.pictures = notice, pictures
        self.lang = notice.asked.lang
        self.zh = self.lang == "zh-CN"
        self.headings = self.figures = self.tables = 0

    def say(self, key: str, **params: Any) -> str:
        return i18n.text(f"notice.{key}", self.lang, **params)

    def made(self) -> Letter:
        as_of = self.notice.asked.as_of
        blocks = [
            *self.head(),
            *self.overall(),
            *self.alarming(),
            *self.risk(),
            *self.own(),
            *self.demands(),
            *self.annex(),
        ]
        return Letter(
            title(self.notice),
            scope_text(self.notice),
            self.lang,
            datetime.combine(as_of, time(), UTC),
            [*blocks, self.imprint()],
        )

    # -- parts ---------------------------------------------------------------------------------------------------

    def head(self) -> Iterator[Block]:
        asked = self.notice.asked
        yield Paragraph("NoticeDraft", [self.say("draft")])
        yield Paragraph("NoticeMark", [Blank(self.say("blank.mark"))])
        yield Paragraph("NoticeNumber", [Blank(self.say("blank.number", year=asked.as_of.year))])
        yield Rule()
        yield Paragraph("NoticeTitle", [title(self.notice)])
        to: Words = [Blank(self.say("blank.to"))]
        if self.notice.unit is not None:
            to = [self.say("to", unit=self.notice.scope)]
        yield Paragraph("NoticeTo", to)
        key = "opening.period" if asked.period else "opening.day"
        given = [name for name, values in asked.filters.items() if values]
        key += "_target" if asked.one_target else "_plan" if given == ["plan"] else ""
        period = {"period": asked.period.words(self.lang)} if asked.period else {}
        scope = self.notice.scope or self.say("scope_all")
        yield self.body(self.say(key, scope=scope, as_of=self.day(), **period))

    def overall(self) -> Iterator[Block]:
        n = self.notice
        yield self.heading("overall")
        provisional = {
            s: sum(bool(e.v.assessment.provisional) for e in n.of(s)) for s in (Status.MET, Status.MISSED)
        }
        counts = [self._count(s, n.counts[s], provisional.get(s, 0)) for s in Status if n.counts[s]]
        yield self.body(self.say("overall", plans=n.plans, total=len(n.entries), counts=self.listed(counts)))
        if n.asked.period is None:
            return
        worse, better = n.worsened(), n.recovered()
        text = self.say("changed", day=self.eve(), worse=len(worse), better=len(better))
        for key, entries in (("worse", worse), ("better", better)):
            if entries:
                text += gap(self.lang) + self.say(f"change.{key}", names=self.listed(map(self.name, entries)))
        yield self.body(text)

    def alarming(self) -> Iterator[Block]:
        found = self.notice.alarming
        yield self.heading("alarming")
        if not found:
            yield self.body(self.say("none_alarming"))
            return
        yield self.table_name("alarming")
        yield self.table(found)
        yield self.heading("each")
        for place, e in enumerate(found, 1):
            yield from self.one(place, e)

    def one(self, place: int, e: Entry) -> Iterator[Block]:
        head = f"（{chinese_number(place)}）" if self.zh else f"({place}) "
        yield Paragraph("NoticeHeading2", [head + self.name(e)])
        yield from self.told(e)

    def told(self, e: Entry) -> Iterator[Block]:
        words, t = e.line.words(), e.v.declared.target
        plan = self.say("plan_title", title=words["plan_title"])
        said = [words["sentence"] or "", self.say("basis", plan=plan, clause=t.clause, quote=t.quote)]
        if e.gap:
            said.append(
                self.say(
                    "gap",
                    gap=number(e.gap),
                    unit=unit(e.line.app.catalogue.indicators[t.indicator].unit, self.lang),
                )
            )
        if "required" in e.says:
            year = gap(self.lang).join(e.says[k] for k in ("to_date", "required") if k in e.says)
            said.append(self.say("required", said=year))
        said.append(self.responsible(e))
        yield self.body(gap(self.lang).join(said))
        picture = self.pictures.get(t.id)
        if picture is not None:
            self.figures += 1
            yield Picture(picture, self.say("alt", name=self.name(e)))
            yield Paragraph("NoticeCaption", [self.say("figure", number=self.figures, name=self.name(e))])

    def responsible(self, e: Entry) -> str:
        t = e.v.declared.target
        parts = [
            self.say(key, units=e.line.units(names))
            for key, names in (("lead", t.lead_units), ("shared", t.responsible_units))
            if names
        ]
        return self.say("units", units=self.say("unit_joint").join(parts)) if parts else self.say("no_units")

    def risk(self) -> Iterator[Block]:
        found = self.notice.of(Status.AT_RISK)
        if found:
            yield self.heading("risk")
            yield self.table_name("risk")
            yield self.table(found)

    def own(self) -> Iterator[Block]:
        """For a unit: everything that it leads or shares."""
        if self.notice.unit is None:
            return
        yield self.heading("own")
        yield self.table_name("own")
        columns = ("number", "name", "target", "deadline", "latest", "status", "required", "role")
        heads, rows = [self.say(f"column.{c}") for c in columns], []
        for e in self.notice.entries:
            role = role_of(e, self.notice.asked.filters["unit"], self.lang)
            rows.append([*self._table_row(e.number, e)[:-2], required_text(e, self.lang), role or "—"])
        widths = (9, 44, 18, 16, 18, 19, 17, 15) if self.zh else (9, 42, 19, 17, 15, 27, 18, 19)
        yield Grid(heads, rows, widths, centred=(0, 3, 4, 5, 6, 7))

    def demands(self) -> Iterator[Block]:
        yield self.heading("demands")
        # no page may hold the signature alone
        yield Paragraph("NoticeBody", [Blank(self.say("blank.demands"))], kept=True)
        yield Paragraph("NoticeBody", [""], kept=True)
        yield Paragraph("NoticeBody", [self.say("annex_list")], kept=True)
        yield Paragraph("NoticeBody", [""], kept=True)
        yield Paragraph("NoticeSign", [Blank(self.say("blank.sign"))], kept=True)
        yield Paragraph("NoticeSign", [Blank(self.say("blank.date"))])

    def annex(self) -> Iterator[Block]:
        n, made = self.notice, self.notice.versions
        yield Paragraph("NoticeAnnex", [self.say("annex_word")], new_page=True)
        yield Paragraph("NoticeTitle", [self.say("annex_title")])
        self.headings = 0
        yield self.heading("sources")
        columns = ("region", "indicator", "source", "tier", "first", "last", "published")
        headings = [self._column(c) for c in columns]
        rows = [
            [
                s.region,
                s.indicator,
                s.source,
                s.tier,
                s.first,
                s.last,
                s.published.isoformat() if s.published else "—",
            ]
            for s in n.sources
        ]
        if rows:
            yield Grid(headings, rows, (20, 26, 40, 16, 15, 15, 24), centred=(3, 4, 5, 6))
        yield self.heading("rules")
        yield self.body(self.say("annex.rules", **made["thresholds"]))
        for key, names in (("deciding", made["deciding_rules"]), ("beside", made["rules"])):
            if names:
                rules = self.listed(i18n.text(f"rule.{r}.name", self.lang) for r in names)
                yield self.body(self.say(f"annex.{key}", rules=rules))
        yield self.heading("versions")
        yield self.body(self.say("annex.filters", filters=scope_text(n), as_of=self.day()))
        models = [self.say("annex.model", model=m, count=c) for m, c in made["models"].items()]
        shown = self.listed(models) or self.say("annex.no_model")
        yield self.body(self.say("annex.program", program=made["program"], models=shown))
        yield self.body(self.say("annex.vintage", vintage=made["data_vintage"]))
        yield Paragraph("NoticeTo", [self.say("annex.checksum", checksum=n.checksum)])

    def imprint(self) -> Imprint:
        return Imprint(
            [
                [self.say("imprint.copy"), Blank(self.say("blank.copy"))],
                [Blank(self.say("blank.office")), Blank(self.say("imprint.printed"))],
            ]
        )

    # -- pieces --------------------------------------------------------------------------------------------------

    def heading(self, key: str) -> Paragraph:
        self.headings += 1
        head = f"{chinese_number(self.headings)}、" if self.zh else f"{self.headings}. "
        return Paragraph("NoticeHeading1", [head + self.say(f"heading.{key}")])

    def table_name(self, key: str) -> Paragraph:
        self.tables += 1
        return Paragraph("NoticeTableName", [self.say(f"table_{key}", number=self.tables)])

    def body(self, text: str) -> Paragraph:
        return Paragraph("NoticeBody", [text])

    def table(self, entries: Sequence[Entry]) -> Grid:
        columns = ("number", "name", "target", "deadline", "latest", "status", "attainment", "units")
        return Grid(
            [self.say(f"column.{c}") for c in columns],
            [self._table_row(place, e) for place, e in enumerate(entries, 1)],
            self._widths(),
            centred=(0, 3, 4, 5, 6),
        )

    def _widths(self) -> Sequence[float]:
        return (9, 32, 20, 16, 21, 19, 17, 22) if self.zh else (9, 28, 19, 19, 15, 27, 22, 27)

    def _table_row(self, place: int, e: Entry) -> list[str]:
        a, t = e.v.assessment, e.v.declared.target
        latest = "—"
        if a.latest is not None:
            latest = f"{number(a.latest.value)}\n{self.bracketed(str(a.latest.period))}"
        status = i18n.text(f"status.{e.status}", self.lang)
        if a.provisional:
            status += f"\n{self.bracketed(i18n.text('word.provisional', self.lang))}"
        return [
            str(place),
            self.name(e),
            target_text(e, self.lang),
            when(t.deadline, self.lang),
            latest,
            status,
            "—" if a.attainment is None else percent(a.attainment),
            self.short_units(e),
        ]

    def short_units(self, e: Entry) -> str:
        """Who leads, else who answers for it: the first few."""
        t = e.v.declared.target
        names = t.lead_units or t.responsible_units
        if len(names) <= _FEW:
            return e.line.units(names) or "—"
        return self.say("units_short", units=e.line.units(names[:_FEW]), count=len(names))

    def bracketed(self, text: str) -> str:
        return f"（{text}）" if self.zh else f"({text})"

    def _count(self, status: Status, count: int, provisional: int) -> str:
        key = "count_provisional" if provisional else "count"
        return self.say(
            key, word=i18n.text(f"status.{status}", self.lang), count=count, provisional=provisional
        )

    def _column(self, name: str) -> str:
        shared = f"export.column.{name}"
        return i18n.text(shared, self.lang) if i18n.has(shared) else self.say(f"column.{name}")

    def name(self, e: Entry) -> str:
        return name_of(e, self.lang)

    def listed(self, items: Any) -> str:
        return listed(items, self.lang)

    def day(self) -> str:
        return when(self.notice.asked.as_of.isoformat(), self.lang)

    def eve(self) -> str:
        period = self.notice.asked.period
        assert period is not None
        return when((period.start - timedelta(days=1)).isoformat(), self.lang)
