"""预警 Alerts: what waits for someone, what was done about it, and the list to take away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dabiao.domain.alert import Kind
from dabiao.services.alerts import alert_rows
from dabiao.services.declare.targets import targets_as_of
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import frame
from dashboard.components.chips import chips
from dashboard.pages import desk_page
from dashboard.pages.page import Page

SEVERITIES = ("high", "medium", "low")
COLUMNS = ("severity", "what", "level", "state", "raised", "due", "by")

Row = Mapping[str, Any]


def shown(asked: Asked) -> tuple[Sequence[Row], Sequence[Row]]:
    """Every alert that was ever raised and those that pass the address's words: open ones first, the worst first."""
    everything = alert_rows.alert_rows(asked.app, asked.today, asked.lang, alert_rows.STATES, None)
    own = asked.query.own
    states = tuple(s for s in own.get("state", "").split(",") if s in alert_rows.STATES) or alert_rows.SHOWN
    kinds = tuple(k for k in own.get("kind", "").split(",") if k in tuple(Kind)) or tuple(Kind)
    found = [r for r in everything if r["state"] in states and r["kind"] in kinds]
    return everything, sorted(found, key=_urgency)


def _urgency(r: Row) -> tuple[Any, ...]:
    return (
        alert_rows.STATES.index(r["state"]),
        not r["overdue"],
        -(r["level"] or 0),
        SEVERITIES.index(r["severity"]),
        r["due"] or "9999",
        -r["id"],
    )


def layout(asked: Asked) -> Page:
    """The inbox."""
    say = asked.say
    everything, found = shown(asked)
    waiting = sum(r["state"] == "open" for r in everything)
    late = sum(bool(r["overdue"]) for r in everything)
    tools = [
        frame.button(
            say(f"alert_page.as_{kind}"),
            f"/export/alerts.{kind}{urls.encode(asked.query)}",
            download=True,
            name=f"alerts-{kind}",
        )
        for kind in ("xlsx", "csv", "json")
    ]
    body: list[Any] = [_table(found, asked)]
    if not found:
        key = "calm" if not everything or not asked.query.own else "no_match"
        body = [
            frame.empty(say(f"alert_page.{key}"), say(f"alert_page.{key}_says"), glyph="✓"),
        ]
    return desk_page.page(
        say("pages.alerts"),
        [
            html.H1(say("alert_page.heading", count=waiting), className="verdict"),
            html.P(say("alert_page.late", count=late), className="verdict-also strong") if late else None,
            html.Div(_narrow(everything, asked), className="plan-filters"),
            frame.panel(
                say("pages.alerts"),
                body,
                note=say("alert_page.note", count=len(found)),
                tools=tools,
                name="alerts",
            ),
        ],
        asked,
    )


def _narrow(everything: Sequence[Row], asked: Asked) -> list[Any]:
    say, own = asked.say, asked.query.own
    rows = []
    for name, values in (("state", alert_rows.STATES), ("kind", tuple(str(k) for k in Kind))):
        counts = Counter(r[name] for r in everything)
        given = tuple(v for v in own.get(name, "").split(",") if v in values)
        chosen = given or (alert_rows.SHOWN if name == "state" else ())
        offered = [(v, say.word(f"alert.{name}.{v}"), counts[v]) for v in values if counts[v] or v in chosen]
        rows.append(
            chips(
                say(f"alert_page.{name}"),
                offered,
                chosen,
                lambda picked, name=name: (  # type: ignore[misc]
                    "/alerts" + urls.encode(asked.query.with_own(**{name: ",".join(picked)}))
                ),
                say("plan.chosen"),
            )
        )
    return rows


def _table(found: Sequence[Row], asked: Asked) -> html.Div:
    say = asked.say
    names = target_names(found, asked)
    return frame.table(
        [say(f"alert_page.{c}") for c in COLUMNS],
        [_line(r, names, asked) for r in found],
        caption=say("pages.alerts"),
        classes="alerts-table",
        row_classes=["overdue" if r["overdue"] else "" for r in found],
    )


def _line(r: Row, names: Mapping[str, str], asked: Asked) -> list[Any]:
    return [
        severity(r, asked),
        dcc.Link(message(r, names), href=urls.desk(f"/alerts/{r['id']}", asked.query)),
        r["level_name"] or asked.say.word(f"alert.cause.{r['cause']}"),
        state(r, asked),
        at(r["raised_at"], asked),
        due(r, asked),
        r["acknowledged_by"] or present.DASH,
    ]


def severity(r: Row, asked: Asked) -> html.Span:
    """How grave it is, in a word."""
    return html.Span(asked.say.word(f"severity.{r['severity']}"), className=f"chip severity-{r['severity']}")


def state(r: Row, asked: Asked) -> html.Span:
    """Where it stands."""
    return html.Span(asked.say.word(f"alert.state.{r['state']}"), className=f"alert-{r['state']}")


def message(r: Row, names: Mapping[str, str]) -> str:
    """What it is about, with the target's name in place of its id."""
    target, said = r["target_id"], str(r["message"])
    return said if target is None else said.replace(target, names.get(target, target), 1)


def target_names(rows: Sequence[Row], asked: Asked) -> dict[str, str]:
    """Place, indicator and goal of the targets of some alerts; one that is declared no more has none."""
    wanted = {r["target_id"] for r in rows if r["target_id"]}
    catalogue, lang, found = asked.app.catalogue, asked.lang, {}
    for t in (d.target for d in targets_as_of(asked.app, asked.today, wanted)):
        region = present.short_region(catalogue, t.region, lang)
        indicator = present.indicator(catalogue, t.indicator, lang)
        found[t.id] = f"{region} {indicator} {present.goal(t, catalogue, lang)}"
    return found


def at(stamp: str | None, asked: Asked) -> str:
    """A moment where the office is; a dash for none."""
    if stamp is None:
        return present.DASH
    return present.moment(stamp, asked.app.settings.timezone, asked.today, asked.lang)


def due(r: Row, asked: Asked) -> Any:
    """The day that was promised, or until which it is put off."""
    if r["snoozed_until"] and r["state"] == "snoozed":
        return asked.say("alert_page.until", day=r["snoozed_until"])
    if not r["due"]:
        return present.DASH
    said = asked.say("alert_page.overdue", day=r["due"]) if r["overdue"] else r["due"]
    return html.Span(said, className="worse" if r["overdue"] else "")
