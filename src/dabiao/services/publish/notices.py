"""What a notice (通报) says: which targets stand how, what has changed over a period, and what all of it rests on."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from dabiao import __version__, i18n
from dabiao.assess.rules import standing
from dabiao.assess.sentences import region_name
from dabiao.domain.assessment import Assessment, Status
from dabiao.domain.target import Measure, Unit
from dabiao.errors import DabiaoError
from dabiao.i18n.format import listed
from dabiao.services.alerts.alerting import ALARMING
from dabiao.services.app import App
from dabiao.services.contract import json_number
from dabiao.services.judge.judging import Verdict
from dabiao.services.judge.part_year import PartYear, in_progress
from dabiao.services.judge.part_year_said import facts_of
from dabiao.services.listing import Line, lines, vintage
from dabiao.services.pages import views
from dabiao.services.publish.notice_asked import Asked
from dabiao.services.publish.notice_sources import Source, sources_of

_DECIDED = {Status.MET, Status.MISSED}
_TOLD = ("to_date", "year_on_year", "allowance", "required")
"""Facts of the year in progress that a notice repeats (``part_year.fact``)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One target of a notice.

    Attributes:
        number: its place in the list, from 1: the worst first.
        gap: how far the latest value is from meeting the target, in the target's unit; 0 where it meets it.
        required: the required value (后期控制值) of the year in progress as a number, with ``required_side`` ``at_most`` or
            ``at_least``; ``required_days`` where days are counted.
        says: sentences on the year in progress, by fact.
    """

    number: int
    line: Line
    gap: Decimal | None = None
    required: Decimal | None = None
    required_side: str | None = None
    required_days: int | None = None
    says: Mapping[str, str] = field(default_factory=dict)

    @property
    def v(self) -> Verdict:
        return self.line.v

    @property
    def status(self) -> Status:
        return self.v.assessment.status


@dataclass(frozen=True)
class Notice:
    """Everything that a notice says, in one language.

    Attributes:
        entries: all targets of the scope, the worst first.
        before: status of each target on the day before the period began; empty without a period.
        unit: the unit that it is made for, if it is for one.
    """

    app: App
    asked: Asked
    scope: str
    entries: tuple[Entry, ...]
    before: Mapping[str, Status]
    sources: tuple[Source, ...]
    unit: Unit | None = None

    def of(self, *statuses: Status) -> list[Entry]:
        """Targets of these statuses, the worst first."""
        return [e for e in self.entries if e.status in statuses]

    @property
    def alarming(self) -> list[Entry]:
        """Missed and off track."""
        return self.of(*ALARMING)

    @cached_property
    def counts(self) -> Counter[Status]:
        return Counter(e.status for e in self.entries)

    @property
    def told(self) -> list[Entry]:
        """Targets that have a paragraph and a chart each."""
        return list(self.entries) if self.asked.one_target else self.alarming

    @property
    def plans(self) -> int:
        return len({e.v.declared.target.plan for e in self.entries})

    def worsened(self) -> list[Entry]:
        """Alarming now, and not so before the period."""
        return [e for e in self.alarming if self.before.get(e.v.declared.target.id, e.status) not in ALARMING]

    def recovered(self) -> list[Entry]:
        """Alarming before the period, and not so now."""
        return [
            e
            for e in self.entries
            if e.status not in ALARMING and self.before.get(e.v.declared.target.id) in ALARMING
        ]

    @cached_property
    def versions(self) -> dict[str, Any]:
        """What made it: program, models with the number of targets each spoke on, rules, thresholds, data vintage."""
        s = self.app.settings
        models = Counter(m for e in self.entries if (m := e.line.cells()["model"]))
        state = [[e.v.declared.target.id, e.v.declared.version, vintage(e.v)] for e in self.entries]
        return {
            "program": __version__,
            "models": dict(sorted((str(m), n) for m, n in models.items())),
            "rules": [rule.name for rule in standing(s.lights)],
            "deciding_rules": list(s.deciding),
            "thresholds": {"on_track": s.on_track, "off_track": s.off_track},
            "data_vintage": _digest(sorted(state, key=str))[:16],
        }

    def content(self) -> dict[str, Any]:
        """All of it as JSON; what does not apply is ``null``."""
        period = self.asked.period
        return {
            "as_of": self.asked.as_of.isoformat(),
            "lang": self.asked.lang,
            "period": None if period is None else period.code,
            "filters": {name: list(values) for name, values in sorted(self.asked.filters.items())},
            "scope": self.scope,
            "counts": {str(s): self.counts[s] for s in Status},
            "versions": self.versions,
            "targets": [_entry_json(e, self.before) for e in self.entries],
            "sources": [
                {
                    **{n: getattr(s, n) for n in Source.__slots__},
                    "published": s.published and s.published.isoformat(),
                }
                for s in self.sources
            ],
        }

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of :meth:`content` as canonical JSON (sorted keys, no spaces, UTF-8): every form of the notice bears it."""
        return _digest(self.content())


def _digest(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _entry_json(e: Entry, before: Mapping[str, Status]) -> dict[str, Any]:
    return {
        **e.line.json(),
        "number": e.number,
        "status_before": before.get(e.v.declared.target.id),
        "gap": json_number(e.gap),
        "required": json_number(e.required),
        "required_side": e.required_side,
        "required_days": e.required_days,
        "in_progress": dict(e.says),
    }


def notice_of(app: App, asked: Asked, now: datetime) -> Notice:
    """What there is to say on a scope as of a day. Reads only.

    Raises:
        DabiaoError: ``notice_before_period``: the period begins after that day; ``notice_empty``: the scope has no target.
    """
    if asked.period is not None and asked.period.start > asked.as_of:
        raise DabiaoError("notice_before_period", period=asked.period.code, as_of=asked.as_of.isoformat())
    chosen = _matching(app, asked, asked.as_of, now)
    if not chosen:
        raise DabiaoError("notice_empty", as_of=asked.as_of.isoformat())
    before: dict[str, Status] = {}
    if asked.period is not None:
        eve = asked.period.start - timedelta(days=1)
        before = {v.declared.target.id: v.assessment.status for v in _matching(app, asked, eve, now)}
    made = tuple(_entry(app, n, line) for n, line in enumerate(lines(app, chosen, asked.lang), 1))
    units = asked.filters.get("unit", ())
    unit = app.catalogue.units.get(units[0]) if units else None
    return Notice(
        app, asked, _scope(app, asked, made), made, before, sources_of(app, chosen, asked.lang), unit
    )


def _matching(app: App, asked: Asked, day: date, now: datetime) -> list[Verdict]:
    found: Iterable[Verdict]
    if asked.one_target:  # judged alone: it need not wait for thousands of others
        alone = views.find(app, asked.filters["target"][0], day, now)
        found = () if alone is None else (alone,)
    else:
        found = views.verdicts(app, day, now)
    return sorted((v for v in found if views.matches(v, asked.filters, app.catalogue)), key=views.urgency)


def _scope(app: App, asked: Asked, entries: Sequence[Entry]) -> str:
    """The scope in words, as the title names it."""
    zh = asked.lang == "zh-CN"
    if asked.one_target:
        return _of_one(entries[0], asked.lang)
    said: list[list[str]] = []
    if names := asked.filters.get("region"):
        said.append([region_name(app.catalogue.regions[r], asked.lang) for r in names])
    if asked.filters.get("plan"):
        titles = dict.fromkeys(str(e.line.words()["plan_title"]) for e in entries)
        said.append([i18n.text("notice.plan_title", asked.lang, title=title) for title in titles])
    if names := asked.filters.get("unit"):
        units = [app.catalogue.units[u] for u in names]
        said.append(list(dict.fromkeys(u.zh if zh else u.en for u in units)))
    return ("" if zh else ", ").join(listed(names, asked.lang) for names in said)


def _of_one(e: Entry, lang: str) -> str:
    """A target in a title: region and indicator; of one without a number, where it stands."""
    words, t = e.line.words(), e.v.declared.target
    if t.measure is Measure.NUMERIC:
        return i18n.text("notice.name", lang, region=words["region"], indicator=words["indicator"])
    plan = i18n.text("notice.plan_title", lang, title=words["plan_title"])
    return i18n.text("notice.name_clause", lang, plan=plan, clause=t.clause)


def _entry(app: App, number: int, line: Line) -> Entry:
    a, t = line.v.assessment, line.v.declared.target
    if t.measure is not Measure.NUMERIC:
        return Entry(number, line)
    gap = _gap(a)
    if a.status in _DECIDED:
        return Entry(number, line, gap)
    view = in_progress(app, line.v)
    required, side, days = _required(view)
    says = {f.name: f.said for f in facts_of(app, view, line.lang) if f.name in _TOLD}
    return Entry(number, line, gap, required, side, days, says)


def _gap(a: Assessment) -> Decimal | None:
    """Distance of the latest value from the values that meet the target."""
    if a.latest_value is None or a.bounds is None:
        return None
    low, high, value = a.bounds.low, a.bounds.high, a.latest_value
    if low is not None and value < low:
        return low - value
    return value - high if high is not None and value > high else Decimal(0)


def _required(view: PartYear) -> tuple[Decimal | None, str | None, int | None]:
    panel = view.panel
    if panel is None or panel.complete:
        return None, None, None
    days = panel.allowance.needed if panel.allowance is not None else None
    if panel.required is None:
        return None, None, days
    if panel.required.at_most is not None:
        return panel.required.at_most, "at_most", days
    side = None if panel.required.at_least is None else "at_least"
    return panel.required.at_least, side, days
