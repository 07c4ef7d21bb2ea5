"""The parts of the track record: scores beside references, the reliability diagram with its table, rules, decided targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import dcc, html

from dabiao.domain.track_record import Case, Record
from dabiao.forecast.scoring import Bin, Share
from dabiao.i18n.format import number, percent, unit, when
from dabiao.services.record import track_record as records
from dabiao.services.record.track_record import LookedBack, Scores
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import frame
from dashboard.components.attributes import aria
from dashboard.figures.reliability import Dot, reliability

LEADS = (3, 2, 1, 0)


def scores(s: Scores, asked: Asked) -> list[Any]:
    """The scores of one record in a table, each beside what it is measured against."""
    say = asked.say
    rows = [
        [say("track.attainment"), _figure(s.brier), "", ""],
        [
            say("track.climatology"),
            _figure(s.brier_climatology),
            _figure(s.skill_climatology),
            _beats(s.skill_climatology, s.few, asked),
        ],
        [
            say("track.drift"),
            _figure(s.brier_drift),
            _figure(s.skill_drift),
            _beats(s.skill_drift, s.few, asked),
        ],
    ]
    headings = [say(f"track.{h}") for h in ("said_by", "brier", "skill", "beats")]
    covered = say(
        "track.covered",
        in80=_share(s.covered80, asked),
        in95=_share(s.covered95, asked),
    )
    parts: list[Any] = [html.P(_counted(s, asked), className="soft")]
    if s.few:
        parts.append(html.P(say("track.few", count=s.cases, few=records.FEW), className="few-note small"))
    return [
        *parts,
        frame.table(headings, rows, caption=say("track.scores")),
        html.P(covered, className="small"),
    ]


def _counted(s: Scores, asked: Asked) -> str:
    return asked.say(
        "track.counted",
        cases=s.cases,
        met=s.met,
        series=s.series,
        forecasts=s.forecasts,
        provisional=s.provisional,
    )


def _figure(value: float | None) -> str:
    return present.DASH if value is None else f"{value:.3f}".replace("-", "−")


def _beats(skill: float | None, few: bool, asked: Asked) -> Any:
    """Which is better in a word; of few questions none is said to be."""
    if skill is None or few:
        return present.DASH
    better = skill > 0
    sign = html.Span("✔ " if better else "✘ ", **aria(hidden="true"))
    word = asked.say("track.better" if better else "track.worse")
    return html.Span([sign, word], className="better" if better else "worse")


def _share(share: Share, asked: Asked) -> str:
    if share.share is None or share.lower is None or share.upper is None:
        return present.DASH
    return asked.say(
        "track.share",
        share=percent(share.share),
        count=share.count,
        of=share.of,
        lower=percent(share.lower),
        upper=percent(share.upper),
    )


def curve(bins: Sequence[Bin], name: str, asked: Asked) -> list[Any]:
    """The reliability diagram, what it shows in a sentence, and its table."""
    say = asked.say
    dots = [
        Dot(
            b.said,
            b.came.share,
            b.came.lower or 0.0,
            b.came.upper or 0.0,
            b.came.of,
            say("track.dot", said=percent(b.said), came=_share(b.came, asked)),
        )
        for b in bins
        if b.came.share is not None
    ]
    figure = reliability(
        dots, say("track.said_axis"), say("track.came_axis"), say("track.perfect"), asked.theme
    )
    within = sum((b.came.lower or 0.0) <= b.said <= (b.came.upper or 0.0) for b in bins)
    summary = say("track.curve_says", bins=len(bins), within=within)
    rows = [
        [
            f"{percent(b.low)}–{percent(b.high)}",
            b.came.of,
            percent(b.said),
            b.came.count,
            _share(b.came, asked),
        ]
        for b in bins
    ]
    headings = [say(f"track.{h}") for h in ("bin", "questions", "said", "met", "came")]
    return [
        frame.chart(figure, f"track-{name}-curve", summary),
        html.P(summary, className="soft small"),
        html.Div(
            frame.png(f"track-{name}-curve", say.word(f"track_record.record.{name}"), say), className="tools"
        ),
        frame.fold(say("track.curve_table"), [frame.table(headings, rows, caption=say("track.curve_table"))]),
    ]


def parted(
    found: Sequence[Case],
    key: Callable[[Case], str],
    heading: str,
    naming: Callable[[str], str],
    asked: Asked,
) -> html.Div:
    """The scores by indicator, region, lead or kind of question."""
    say = asked.say
    told = records.by(found, key)
    rows = [
        [
            naming(name),
            s.cases,
            s.series,
            _figure(s.brier),
            _figure(s.skill_climatology),
            _figure(s.skill_drift),
            present.DASH if s.covered80.share is None else percent(s.covered80.share),
            present.DASH if s.covered95.share is None else percent(s.covered95.share),
        ]
        for name, s in told.items()
    ]
    names = ("questions", "series", "brier", "skill_climatology", "skill_drift", "in80", "in95")
    classes = ["few" if s.few else "" for s in told.values()]
    return frame.table(
        [heading, *(say(f"track.{n}") for n in names)],
        rows,
        caption=say("track.by", what=heading),
        row_classes=classes,
    )


def parts(name: Record, found: Sequence[Case], asked: Asked) -> list[Any]:
    """The tables by what the cases are of, folded."""
    say, lang, catalogue = asked.say, asked.lang, asked.app.catalogue
    tables = [
        parted(
            found,
            lambda c: c.indicator,
            say("track.indicator"),
            lambda n: present.indicator(catalogue, n, lang),
            asked,
        ),
        parted(
            found,
            lambda c: c.region,
            say("track.region"),
            lambda n: present.region(catalogue, n, lang),
            asked,
        ),
        parted(
            found,
            lambda c: str(c.lead),
            say("track.lead"),
            lambda n: say.word(f"track_record.lead.{n}"),
            asked,
        ),
    ]
    if name is Record.CONSTRUCTED:
        tables.append(
            parted(
                found,
                lambda c: c.asked,
                say("track.question"),
                lambda n: say.word(f"track_record.asked.{n}"),
                asked,
            )
        )
    return [frame.fold(say("track.parts"), [html.Div(tables, className="stack")])]


def rules(found: Sequence[Case], asked: Asked) -> list[Any]:
    """Each rule's word held against what came, the attainment's score on the same cases beside it."""
    say = asked.say
    rows = [
        [
            say.word(f"rule.{r.rule}.name"),
            r.right.of,
            _share(r.right, asked),
            _figure(r.brier),
            _figure(r.brier_attainment),
            r.neither,
        ]
        for r in records.rule_scores(found)
    ]
    headings = [
        say(f"track.{h}") for h in ("rule", "spoke", "right", "rule_brier", "attainment_brier", "neither")
    ]
    return [frame.fold(say("track.rules"), [frame.table(headings, rows, caption=say("track.rules"))])]


def looked_back(rows: Sequence[tuple[Record, LookedBack]], asked: Asked) -> list[Any]:
    """Decided targets with the probability that was said three, two and one year before, and half a year before."""
    say = asked.say
    headings = [
        say("track.target"),
        say("track.record"),
        *(say.word(f"track_record.lead.{lead}") for lead in LEADS),
        say("track.outcome"),
    ]
    return [
        frame.table(
            headings,
            [_looked(name, r, asked) for name, r in rows],
            caption=say("track.looked_back"),
        )
    ]


def _looked(name: Record, r: LookedBack, asked: Asked) -> list[Any]:
    say, lang, catalogue = asked.say, asked.lang, asked.app.catalogue
    declared = asked.app.catalogue.indicators[r.indicator]
    label = f"{present.region(catalogue, r.region, lang)} · {present.indicator(catalogue, r.indicator, lang)}"
    outcome = present.status_word("met" if r.met else "missed", r.provisional, lang)
    return [
        html.Span(
            [
                dcc.Link(label, href=urls.target(r.target_id, asked.query)),
                f" {when(r.deadline, lang)}",
            ]
        ),
        say.word(f"track_record.record.{name}"),
        *(present.DASH if r.said.get(lead) is None else percent(r.said[lead]) for lead in LEADS),
        html.Span(f"{outcome} ({number(float(r.observed))}{unit(declared.unit, lang)})"),
    ]
