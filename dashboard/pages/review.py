"""审核 Review: an uploaded plan's proposals beside its text, to accept, mend or drop one by one. Nothing enters the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dabiao.domain.target import Measure
from dabiao.services.app import App
from dabiao.services.declare import review_files, reviewing
from dabiao.services.declare.review_files import Remark
from dabiao.services.declare.reviewing import Proposed, Review
from dabiao.services.pages import view_extras
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import frame
from dashboard.components import review_parts as parts
from dashboard.components.attributes import aria
from dashboard.components.passage import Quoted, passage
from dashboard.components.review_words import indicator_name
from dashboard.local import may_write
from dashboard.pages import states
from dashboard.pages.page import Page
from dashboard.passages import Span, occurrences


def known(app: App, review_id: str) -> bool:
    """Whether there is a review of this id."""
    return reviewing.find(app, review_id) is not None


def layout(asked: Asked, review_id: str) -> Page:
    """One plan under review."""
    review = reviewing.find(asked.app, review_id)
    say = asked.say
    if review is None:
        return states.unknown_review(review_id, asked)
    title = review.head.get("title") or review.how["file"]
    crumbs = html.Nav(
        html.Ol(
            [
                html.Li(dcc.Link(say("pages.review"), href=urls.review(None, asked.query))),
                html.Li(title, lang="zh-CN", **aria(current="page")),
            ]
        ),
        className="crumbs",
        **aria(label=say("target.crumbs")),
    )
    return Page(
        say("title", page=say("pages.review")),
        [
            crumbs,
            html.Div(
                [
                    html.H1([say("review.of"), html.Span(title, lang="zh-CN")], className="verdict"),
                    html.P(how_it_was_read(review, asked), className="verdict-also"),
                ],
                className="verdict-head",
            ),
            *parts.suggestions(asked),
            *parts.stores(),
            html.Div(id="review-message", role="status", className="review-message"),
            html.Div(body(review, asked), id="review-body"),
        ],
    )


def how_it_was_read(review: Review, asked: Asked) -> str:
    """File, length, place and period, and what was found, in a sentence."""
    say, how = asked.say, review.how
    counts = Counter(p.proposed["measure"] for p in review.proposals)
    period = how["period"]
    return say(
        "review.how",
        file=how["file"],
        characters=how["characters"],
        place=how["place"] or say("review.no_place"),
        period=present.years(period[0], period[1], asked.lang) if period else say("review.no_period"),
        count=len(review.proposals),
        doubtful=sum(bool(p.uncertain) for p in review.proposals),
        **{str(m): counts.get(str(m), 0) for m in Measure},
    )


def current_of(review: Review, at: int | None) -> Proposed:
    """The proposal in hand: the one that the address names, else the first that is undecided, else the first."""
    if at is not None and 1 <= at <= len(review.proposals):
        return review.proposals[at - 1]
    return next(iter(review.undecided), review.proposals[0])


def body(review: Review, asked: Asked) -> list[Any]:
    """Progress, the proposal in hand beside the text, all of them, the plan's head, and what comes out."""
    say = asked.say
    one = current_of(review, asked.query.at)
    remarks = review_files.check(asked.app, review)
    wrong = Counter(r.index for r in remarks if r.index is not None)
    mine = [r for r in remarks if r.index == one.index]
    left = [
        frame.panel(say("review.in_hand"), parts.in_hand(one, review, mine, asked), name="in-hand"),
        frame.panel(
            say("review.all"),
            [parts.the_list(review, one.index, wrong, asked)],
            name="proposals",
        ),
    ]
    return [
        dcc.Store(id="review-in-hand", data={"review": review.id, "index": one.index}),
        html.Div(_progress(review, asked), className="count"),
        html.Div(
            [
                html.Div(left, className="stack"),
                frame.panel(
                    say("plan.text"), [_text(review, one, asked)], note=say("review.text_note"), name="text"
                ),
            ],
            className="columns document",
        ),
        html.Div(
            [_head(review, [r for r in remarks if r.index is None], asked), _finish(review, remarks, asked)],
            className="columns halves",
        ),
    ]


def _progress(review: Review, asked: Asked) -> str:
    counts = Counter(p.decision for p in review.proposals)
    return asked.say(
        "review.progress",
        total=len(review.proposals),
        open=counts[None],
        **{d: counts[d] for d in reviewing.DECISIONS},
    )


def _text(review: Review, one: Proposed, asked: Asked) -> html.Div:
    spans = [s for p in review.proposals if (s := _span(p, review.text)) is not None]
    quoted: Mapping[int, Quoted] = {
        p.index: Quoted(
            p.index + 1,
            urls.review(review.id, asked.query.in_hand(p.index + 1)),
            asked.say("review.decision." + (p.decision or "open")) + ": " + indicator_name(p, review, asked),
            f"decision-{p.decision or 'open'}",
            current=p.index == one.index,
        )
        for p in review.proposals
    }
    return passage(review.text, spans, quoted, asked.say("plan.text"))


def _span(p: Proposed, text: str) -> Span | None:
    """Where a proposal's quote stands; a mended one at the place nearest to where it stood."""
    quote = p.fields["quote"]
    places = [p.start] if text.startswith(quote, p.start) else occurrences(text, quote)
    if not quote or not places:
        return None
    start = min(places, key=lambda at: abs(at - p.start))
    return Span(p.index, start, start + len(quote))


def _head(review: Review, remarks: Sequence[Remark], asked: Asked) -> html.Section:
    say = asked.say
    known = review.plan_id in view_extras.plans(asked.app)
    return frame.panel(
        say("review.head"),
        [
            html.P(say("review.plan_known", plan=review.plan_id), className="remark remark-warning")
            if known
            else None,
            parts.remark_list(remarks, asked) if remarks else None,
            parts.head_fields(review, reviewing.HEAD, say),
            html.Div(
                html.Button(say("review.save_head"), id="review-head-save", className="button"),
                className="tools",
            ),
        ],
        note=say("review.head_note"),
        name="head",
    )


def _finish(review: Review, remarks: Sequence[Remark], asked: Asked) -> html.Section:
    say = asked.say
    kept, undecided = len(review.accepted), len(review.undecided)
    said: list[Any] = [html.P(say("review.kept", count=kept, open=undecided))]
    of_targets = [r for r in remarks if r.index is not None]
    errors = sum(r.severity == "error" for r in remarks)
    if kept:
        said.append(
            html.P(
                say("review.checked", errors=errors, warnings=len(remarks) - errors),
                className="strong" if errors else "calm",
            )
        )
    if of_targets:
        items = [
            html.Li(
                [
                    dcc.Link(
                        say("review.of_number", number=(r.index or 0) + 1),
                        href=urls.review(review.id, asked.query.in_hand((r.index or 0) + 1)),
                    ),
                    " ",
                    parts.remark_words(r, say),
                ],
                className=f"remark remark-{r.severity}",
            )
            for r in of_targets
        ]
        said.append(
            frame.fold(say("review.findings", count=len(items)), [html.Ul(items, className="remarks")])
        )
    local = may_write(asked.app.settings)
    tools: list[Any] = []
    if kept:
        tools = [
            frame.button(
                say("review.yaml"),
                urls.review_file(review.id, "plan.yaml", asked.query),
                download=True,
                name="review-yaml",
            ),
            frame.button(
                say("review.plain"),
                urls.review_file(review.id, "text.txt", asked.query),
                download=True,
                name="review-text",
            ),
        ]
    # always there, so that its callback has something to listen to
    tools.append(
        html.Button(say("review.write"), id="review-write", className="button", hidden=not (kept and local))
    )
    folder = asked.app.paths.home / "plans-review"
    source = f"{folder}/" if local else ""
    plans = f"{asked.app.paths.declared if local else '$DABIAO_HOME/declared'}/plans"
    steps = [
        html.Li(
            [
                say("review.next_copy"),
                frame.command(f"mkdir -p {plans}/texts"),
                frame.command(f"cp {source}{review.plan_id}.yaml {plans}/"),
                frame.command(f"cp {source}{'texts/' if local else ''}{review.plan_id}.txt {plans}/texts/"),
            ]
        ),
        html.Li([say("review.next_check"), frame.command("dabiao plans check")]),
        html.Li([say("review.next_init"), frame.command("dabiao init")]),
    ]
    return frame.panel(
        say("review.finish"),
        [
            *said,
            html.Div(tools, className="tools"),
            html.P(say("review.next"), className="strong"),
            html.Ol(steps, className="steps"),
        ],
        note=say("review.finish_note"),
        name="finish",
    )
