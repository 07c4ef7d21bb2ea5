"""Pages for when there is nothing to show: no such page, no such target, no store, a fault of ours."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from urllib.parse import quote

from dash import dcc, html

from dabiao import i18n
from dabiao.domain.access import Right
from dabiao.errors import DabiaoError, StoreMissing
from dabiao.services.access import visible
from dabiao.services.pages import view_extras, views
from dashboard import urls
from dashboard.asked import Asked, Say
from dashboard.components import frame
from dashboard.pages.page import Page


def _page(name: str, say: Say, state: html.Div) -> Page:
    heading = say(f"pages.{name}")
    return Page(say("title", page=heading), [html.H1(heading, className="unseen"), state])


def _home(say: Say, query: urls.Query) -> dcc.Link:
    return dcc.Link(say("states.home"), href=urls.overview(query.without_filters()), className="button")


def not_found(path: str, asked: Asked) -> Page:
    """No page has this address."""
    say = asked.say
    state = frame.empty(
        say("states.not_found"),
        say("states.not_found_says", path=path),
        [_home(say, asked.query)],
        glyph="404",
    )
    return _page("not_found", say, state)


def not_allowed(right: Right, asked: Asked) -> Page:
    """The page needs a right that the reader's account does not have."""
    say = asked.say
    says = say("access.not_allowed_says", right=say(f"access.right.{right}"))
    state = frame.empty(say("access.not_allowed"), says, [_home(say, asked.query)], glyph="403")
    return _page("not_allowed", say, state)


def unknown_target(target_id: str, asked: Asked) -> Page:
    """No target of this id was declared on the day; those with a similar id are named."""
    say = asked.say
    known = [v.declared.target.id for v in views.verdicts(asked.app, asked.as_of, asked.now)]
    near = difflib.get_close_matches(target_id, known, n=5, cutoff=0.45)
    links = html.Ul([html.Li(dcc.Link(t, href=urls.target(t, asked.query))) for t in near], className="near")
    later = asked.as_of < asked.today and any(
        v.declared.target.id == target_id for v in views.verdicts(asked.app, asked.today, asked.now)
    )
    key = "states.not_yet_declared" if later else "states.unknown_target_says"
    state = frame.empty(
        say("states.unknown_target"),
        say(key, target=target_id, day=asked.as_of.isoformat()),
        [*([html.P(say("states.near")), links] if near else []), _home(say, asked.query)],
    )
    return _page("not_found", say, state)


def unknown_plan(plan_id: str, asked: Asked) -> Page:
    """No plan of this id was declared on the day."""
    say = asked.say
    seen = visible.plans(asked.app)
    known = {p: row for p, row in view_extras.plans(asked.app).items() if p in seen}
    key = "states.plan_not_yet" if plan_id in known else "states.unknown_plan_says"
    links = html.Ul(
        [
            html.Li(
                dcc.Link(
                    row["short_zh" if asked.lang == "zh-CN" else "short_en"],
                    href=urls.plan(p, asked.query.without_filters()),
                )
            )
            for p, row in known.items()
        ],
        className="near",
    )
    state = frame.empty(
        say("states.unknown_plan"),
        say(key, plan=plan_id, day=asked.as_of.isoformat()),
        [*([] if plan_id in known else [html.P(say("states.plans")), links]), _home(say, asked.query)],
    )
    return _page("not_found", say, state)


def unknown_place(kind: str, given: str, known: Mapping[str, str], asked: Asked) -> Page:
    """No region, unit or indicator has this id; those with a similar id or name are named.

    Args:
        kind: ``region``, ``unit`` or ``indicator``.
        known: names by id.
    """
    say = asked.say
    words = {**{i: i for i in known}, **{name: i for i, name in known.items()}}
    near = list(dict.fromkeys(words[w] for w in difflib.get_close_matches(given, words, n=5, cutoff=0.45)))
    bare = urls.encode(asked.query.without_filters())
    links = html.Ul(
        [html.Li(dcc.Link(known[i], href=f"/{kind}/{quote(i, safe='')}{bare}")) for i in near],
        className="near",
    )
    back = dcc.Link(say(f"states.all_{kind}s"), href=f"/{kind}s{bare}", className="button")
    state = frame.empty(
        say(f"states.unknown_{kind}"),
        say(f"states.unknown_{kind}_says", id=given[:40]),
        [*([html.P(say("states.near_names")), links] if near else []), back],
    )
    return _page("not_found", say, state)


def unknown_review(review_id: str, asked: Asked) -> Page:
    """No review has this id."""
    say = asked.say
    back = dcc.Link(say("states.reviews"), href=urls.review(None, asked.query), className="button")
    state = frame.empty(
        say("states.unknown_review"), say("states.unknown_review_says", review=review_id[:40]), [back]
    )
    return _page("not_found", say, state)


def trouble(error: DabiaoError, say: Say) -> Page:
    """What a person can mend: the sentence says how, in the reader's language."""
    missing = isinstance(error, StoreMissing)
    heading = say("states.no_store" if missing else "states.trouble")
    says = i18n.text(f"error.{error.code}", say.lang, **error.params)
    tools = [frame.command("dabiao init")] if missing else []
    return _page("trouble", say, frame.empty(heading, says, tools, glyph="!"))


def fault(say: Say) -> Page:
    """A fault of ours: it stands in the log."""
    return _page("trouble", say, frame.empty(say("states.fault"), say("states.fault_says"), glyph="!"))


def no_rows(asked: Asked, query: urls.Query) -> html.Div:
    """The filters leave nothing over."""
    say = asked.say
    clear = dcc.Link(say("filters.clear"), href=urls.overview(query.without_filters()), className="button")
    return frame.empty(say("states.no_rows"), say("states.no_rows_says"), [clear])
