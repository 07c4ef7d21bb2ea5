"""任务 Jobs: what runs by itself, when next, how it went; one run now, a pause, a run's log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dabiao import i18n
from dabiao.services import jobs
from dabiao.services.app import App
from dabiao.services.schedule import JOBS
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import forms, frame
from dashboard.components.attributes import aria
from dashboard.pages import desk_page
from dashboard.pages.page import Page

RUNS = 30
STATES = ("running", "retrying", "done", "failed", "interrupted", "skipped")
COLUMNS = ("job", "begun", "state", "trigger", "seconds", "counts", "message")
FEW = 4
"""Counts that a line of the list names; the run's own page has them all."""

_INWARD = ("imports_seen",)
"""Counts that only the scheduler goes by."""

Row = Mapping[str, Any]


def known(app: App, number: str) -> bool:
    """Whether there is a run of this number."""
    return jobs.run_row(app, desk_page.number_of(number)) is not None


def layout(asked: Asked) -> Page:
    """The jobs, and their last runs."""
    say, own = asked.say, asked.query.own
    rows = jobs.job_rows(asked.app, asked.now)
    chosen = own.get("kind") if own.get("kind") in JOBS else None
    runs = jobs.history_rows(asked.app, chosen, limit=RUNS)
    alive = jobs.scheduler_alive(asked.app, asked.now)
    return desk_page.page(
        say("pages.jobs"),
        desk_page.live(
            [
                html.H1(say("pages.jobs"), className="verdict"),
                html.P(
                    say("jobs_page.alive" if alive else "jobs_page.not_alive"),
                    className="verdict-also" if alive else "verdict-also strong",
                ),
                frame.panel(
                    say("jobs_page.all"),
                    [html.Ul([_job(row, asked) for row in rows], className="job-list")],
                    note=say("jobs_page.all_note", timezone=asked.app.settings.timezone),
                    name="jobs",
                ),
                frame.panel(
                    say("jobs_page.runs"),
                    [_narrow(chosen, asked), _runs(runs, asked)],
                    note=say("jobs_page.runs_note", count=len(runs)),
                    name="runs",
                ),
            ]
        ),
        asked,
    )


def _job(row: Row, asked: Asked) -> html.Li:
    say, job = asked.say, row["name"]
    return html.Li(
        [
            html.Div(
                [html.H3(say.word(f"jobs.name.{job}")), html.Code(job, className="soft small")],
                className="job-name",
            ),
            html.Div([html.Span(line) for line in _times(row, asked)], className="job-times"),
            html.Div([_state(row["last_state"], asked), *_progress(row, asked)], className="job-state"),
            html.Div([_run_now(row, asked), _pause(row, asked)], className="job-tools"),
        ],
        className="job" + (" paused" if row["paused_at"] else ""),
    )


def _times(row: Row, asked: Asked) -> list[str]:
    say = asked.say
    lines = [_plan(row["cron"], asked)]
    if row["paused_at"]:
        lines.append(
            say(
                "jobs_page.paused",
                by=row["paused_by"],
                at=_at(row["paused_at"], asked),
                note=row["paused_note"] or "",
            )
        )
    elif row["next_run"]:
        key = "jobs_page.next" if row["scheduler"] else "jobs_page.would"
        lines.append(say(key, at=_at(row["next_run"], asked)))
    if row["last_started"]:
        lines.append(say("jobs_page.last", at=_at(row["last_started"], asked)))
    if row["retry_at"]:
        lines.append(say("jobs_page.retry", at=_at(row["retry_at"], asked)))
    if row["last_state"] in ("failed", "interrupted") and row["last_message"]:
        lines.append(row["last_message"])
    return lines


def _plan(cron: str, asked: Asked) -> str:
    """A job's times in words where they are simple, else as the settings have them."""
    say = asked.say
    minute, hour, day, month, weekday = cron.split()
    if cron == f"{minute} * * * *" and minute.startswith("*/"):
        return say("jobs_page.every_minutes", count=int(minute[2:]))
    if not (minute.isdigit() and hour.isdigit() and (month, weekday) == ("*", "*")):
        return say("jobs_page.cron", cron=cron)
    at = f"{int(hour):02d}:{int(minute):02d}"
    if day.isdigit():
        return say("jobs_page.monthly", day=int(day), at=at)
    return say("jobs_page.daily", at=at) if day == "*" else say("jobs_page.cron", cron=cron)


def _at(stamp: str, asked: Asked) -> str:
    return present.moment(stamp, asked.app.settings.timezone, asked.today, asked.lang)


def _state(state: str, asked: Asked) -> html.Span:
    return html.Span(asked.say.word(f"jobs.state.{state}"), className=f"chip run-{state}")


def _progress(row: Row, asked: Asked) -> list[Any]:
    told = row["progress"]
    if not row["running"] or told is None:
        return []
    say = asked.say
    done = f"{told['done']:g}" if told["total"] is None else f"{told['done']:g}/{told['total']}"
    said = say("jobs_page.progress", done=done, unit=say.word(f"jobs.unit.{told['unit']}"))
    if told["share"] is None:
        return [html.Span(said, className="small")]
    bar = html.Progress(value=str(round(told["share"] * 100)), max="100", **aria(label=said))
    return [bar, html.Span(said, className="small")]


def _run_now(row: Row, asked: Asked) -> html.Form:
    say, job = asked.say, row["name"]
    name = say("jobs_page.run_of", job=say.word(f"jobs.name.{job}"))
    button = html.Button(
        say("jobs_page.run"), className="button", type="submit", disabled=row["running"], **aria(label=name)
    )
    return forms.form("jobs/run", [forms.hidden("job", job), button], name=f"run-{job}")


def _pause(row: Row, asked: Asked) -> Any:
    say, job = asked.say, row["name"]
    if not forms.may("jobs/pause"):
        return None
    if row["paused_at"]:
        button = html.Button(say("jobs_page.resume"), className="button", type="submit")
        return forms.form("jobs/resume", [forms.hidden("job", job), button])
    fields = [
        forms.hidden("job", job),
        forms.by_field(say("desk.by")),
        forms.text_field("note", say("jobs_page.pause_note")),
        html.Button(say("jobs_page.pause"), className="button", type="submit"),
    ]
    return frame.fold(say("jobs_page.pause_this"), [forms.form("jobs/pause", fields, classes="inline")])


def _narrow(chosen: str | None, asked: Asked) -> Any:
    say = asked.say
    items = [(None, say("jobs_page.every")), *((job, say.word(f"jobs.name.{job}")) for job in JOBS)]
    return html.Ul(
        [
            html.Li(
                dcc.Link(
                    label,
                    href=urls.desk("/jobs", asked.query, kind=job),
                    className="chip chip-link" + (" chosen" if job == chosen else ""),
                    title=say("plan.chosen") if job == chosen else None,
                )
            )
            for job, label in items
        ],
        className="chips narrow-by",
    )


def _runs(rows: list[dict[str, Any]], asked: Asked) -> Any:
    say = asked.say
    if not rows:
        return html.P(say("jobs_page.no_runs"), className="calm")
    return frame.table(
        [say(f"jobs_page.{c}") for c in COLUMNS],
        [
            [
                dcc.Link(say.word(f"jobs.name.{r['job']}"), href=urls.desk(f"/jobs/{r['id']}", asked.query)),
                _at(r["started_at"], asked),
                _state(r["state"], asked),
                say.word(f"jobs.trigger.{r['trigger']}"),
                _seconds(r, asked),
                _counts(r["counts"], asked, FEW),
                _why(r, asked),
            ]
            for r in rows
        ],
        caption=say("jobs_page.runs"),
    )


def _seconds(r: Row, asked: Asked) -> str:
    return present.DASH if r["seconds"] is None else asked.say("jobs_page.for_seconds", count=r["seconds"])


def _counts(counts: Mapping[str, Any], asked: Asked, most: int | None = None) -> str:
    told = []
    for name, value in counts.items():
        key = f"dashboard.job_count.{name}"
        if isinstance(value, int | float) and name not in _INWARD:
            told.append(f"{i18n.text(key, asked.lang) if i18n.has(key) else name} {value}")
    return asked.say.word("when.list").join(told[:most]) or present.DASH


def _why(r: Row, asked: Asked) -> str:
    said = [r["message"]] if r["message"] else []
    if r["reason"] and i18n.has(f"jobs.reason.{r['reason']}"):
        said.insert(0, asked.say.word(f"jobs.reason.{r['reason']}"))
    if r["coalesced"]:
        said.append(asked.say("jobs_page.coalesced", count=r["coalesced"]))
    return " · ".join(said) or present.DASH


def one_run(asked: Asked, number: str) -> Page:
    """One run: when, why, what it counted, its attempts and the end of its log."""
    say = asked.say
    r = jobs.run_row(asked.app, desk_page.number_of(number))
    if r is None:
        return desk_page.unknown(asked, "run", number, "/jobs")
    name = say.word(f"jobs.name.{r['job']}")
    facts = [
        (say("jobs_page.state"), _state(r["state"], asked)),
        (say("jobs_page.trigger"), say.word(f"jobs.trigger.{r['trigger']}")),
        (say("jobs_page.due"), _at(r["scheduled_for"], asked)),
        (say("jobs_page.begun"), _at(r["started_at"], asked)),
        (say("jobs_page.ended"), _at(r["finished_at"], asked) if r["finished_at"] else None),
        (say("jobs_page.seconds"), _seconds(r, asked)),
        (say("jobs_page.message"), _why(r, asked)),
        (say("jobs_page.counts"), _counts(r["counts"], asked)),
        (
            say("jobs_page.versions"),
            say(
                "jobs_page.versions_are",
                program=r["program"],
                schema=r["schema"],
                models=r["models"] or present.DASH,
            ),
        ),
    ]
    no_log = "jobs_page.no_log" if asked.app.scope.everything else "jobs_page.log_withheld"
    log = html.Pre("\n".join(r["log"]), className="log", tabIndex="0", **aria(label=say("jobs_page.log")))
    attempts = frame.table(
        [say(f"jobs_page.{c}") for c in ("attempt", "begun", "ended", "state", "message")],
        [
            [
                str(a["attempt"]),
                _at(a["started_at"], asked),
                _at(a["finished_at"], asked) if a["finished_at"] else present.DASH,
                _state(a["state"], asked),
                a["message"] or present.DASH,
            ]
            for a in r["attempts"]
        ],
        caption=say("jobs_page.attempts"),
    )
    body = [
        html.Nav(
            html.Ol(
                [
                    html.Li(dcc.Link(say("pages.jobs"), href=urls.desk("/jobs", asked.query))),
                    html.Li(name, **aria(current="page")),
                ]
            ),
            className="crumbs",
            **aria(label=say("target.crumbs")),
        ),
        html.H1(say("jobs_page.run_title", job=name, id=r["id"]), className="verdict"),
        frame.panel(say("jobs_page.what"), [frame.facts(facts)], name="what"),
        frame.panel(say("jobs_page.attempts"), [attempts], name="attempts"),
        frame.panel(
            say("jobs_page.log"),
            [log] if r["log"] else [html.P(say(no_log), className="calm")],
            note=say("jobs_page.log_note"),
            name="log",
        ),
    ]
    return desk_page.page(name, desk_page.live(body) if r["state"] == "running" else body, asked)
