"""What of a plan can be taken away: its report, its targets; and of a review, the plan file and the text as it was read."""

from __future__ import annotations

import flask

from dabiao.services.declare import review_files, reviewing
from dabiao.services.declare.plan_report import plan_markdown
from dabiao.services.pages import view_extras
from dabiao.settings import Settings
from dashboard.downloads import asked_of, attachment, list_of


def register(server: flask.Flask, settings: Settings) -> None:
    """The addresses of the files."""

    @server.get("/export/plan/<plan_id>/report.md")
    def export_report(plan_id: str) -> flask.Response:
        asked = asked_of(settings)
        view = view_extras.plan_view(asked.app, plan_id, asked.as_of, asked.now)
        if view is None:
            return _missing("plan")
        said = plan_markdown(asked.app, plan_id, asked.as_of, asked.now, asked.lang)
        name = f"{plan_id}-{asked.as_of.isoformat()}.md"
        return attachment(said.encode(), name, "text/markdown")

    @server.get("/export/plan/<plan_id>/targets.csv")
    def export_plan(plan_id: str) -> flask.Response:
        asked = asked_of(settings)
        view = view_extras.plan_view(asked.app, plan_id, asked.as_of, asked.now, asked.query.filters)
        if view is None:
            return _missing("plan")
        return attachment(list_of(asked, view.shown), f"{plan_id}-{asked.as_of.isoformat()}.csv", "text/csv")

    @server.get("/export/review/<review_id>/plan.yaml")
    def export_review(review_id: str) -> flask.Response:
        app = asked_of(settings).app
        review = reviewing.find(app, review_id)
        if review is None or not review.accepted:
            return _missing("review")
        return attachment(
            review_files.plan_yaml(review).encode(), f"{review.plan_id}.yaml", "application/yaml"
        )

    @server.get("/export/review/<review_id>/text.txt")
    def export_text(review_id: str) -> flask.Response:
        review = reviewing.find(asked_of(settings).app, review_id)
        if review is None:
            return _missing("review")
        return attachment(review.text.encode(), f"{review.plan_id}.txt", "text/plain")


def _missing(what: str) -> flask.Response:
    return flask.Response(f"no such {what}\n", 404, mimetype="text/plain")
