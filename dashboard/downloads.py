"""What can be taken away: the filtered list, a target's values, and an empty file that would bring a series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flask

from dabiao.errors import DabiaoError
from dabiao.i18n.format import COMPARATORS
from dabiao.reports.tables import csv_bytes
from dabiao.services.contract import basis_text
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import view_extras, views
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components.evidence import used_ids

LIST = (
    "target_id", "as_of", "status", "provisional", "reason", "attainment", "point", "lower80", "upper80", "plan",
    "region", "indicator", "comparator", "value", "unit", "deadline", "latest_period", "latest_value", "lead_units",
    "responsible_units", "quote", "clause",
)  # fmt: skip
VALUES = (
    "region", "indicator", "period", "value", "printed", "unit", "used", "tier", "state", "basis", "source",
    "source_url", "published", "known_on", "known_rule", "note",
)  # fmt: skip
TEMPLATE = ("region", "indicator", "period", "value", "unit", "source", "source_url", "published", "note")


def asked_of(settings: Settings) -> Asked:
    """What the address of a file asks for."""
    return asking.read(settings, urls.parse(flask.request.query_string.decode("utf-8", "replace")))


def _headings(names: tuple[str, ...], asked: Asked) -> list[str]:
    return [asked.say(f"export.{name}") for name in names]


def attachment(content: bytes, name: str, mimetype: str) -> flask.Response:
    """A file to keep."""
    response = flask.Response(content, mimetype=f"{mimetype}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _csv(content: bytes, name: str) -> flask.Response:
    return attachment(content, name, "text/csv")


def target_list(asked: Asked) -> bytes:
    """The targets that pass the filters, the most urgent first."""
    return list_of(asked, views.overview(asked.app, asked.as_of, asked.now, asked.query.filters).verdicts)


def list_of(asked: Asked, verdicts: Sequence[Verdict]) -> bytes:
    """Targets as rows, in the order given."""
    plans = view_extras.plans(asked.app)
    title = "title" if asked.lang == "zh-CN" else "title_en"
    catalogue, lang, say = asked.app.catalogue, asked.lang, asked.say
    rows: list[list[Any]] = []
    for v in verdicts:
        a, t = v.assessment, v.declared.target
        point = a.decided_by or a.latest
        places = catalogue.indicators[t.indicator].decimals
        joined = say.word("when.list").join
        rows.append(
            [
                t.id, asked.as_of.isoformat(), say.status(a.status),
                say("export.yes") if a.provisional else say("export.no"), say.word(f"reason.{a.reason}"),
                _rounded(a.attainment, 4), _rounded(a.point, places), _rounded(a.lower80, places),
                _rounded(a.upper80, places), plans[t.plan][title], present.region(catalogue, t.region, lang),
                present.indicator(catalogue, t.indicator, lang), _comparator(t.comparator), t.value, t.unit, t.deadline,
                str(point.period) if point else None, point.value if point else None, joined(t.lead_units),
                joined(t.responsible_units), t.quote, t.clause,
            ]
        )  # fmt: skip
    return csv_bytes(_headings(LIST, asked), rows)


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def _comparator(comparator: object) -> str | None:
    return None if comparator is None else COMPARATORS[str(comparator)]


def target_values(asked: Asked, target_id: str) -> bytes | None:
    """Every value of a target's deciding region and indicator; ``None`` if there is no such target."""
    view = views.target_view(asked.app, target_id, asked.as_of, asked.now)
    if view is None:
        return None
    used, say, lang = used_ids(view), asked.say, asked.lang
    rows: list[list[Any]] = [
        [
            present.region(asked.app.catalogue, o.region, lang),
            present.indicator(asked.app.catalogue, o.indicator, lang), str(o.period), o.value,
            f"{o.qualifier or ''}{o.printed}", o.unit, say("export.yes" if o.id in used else "export.no"),
            say.word(f"tier.{o.tier}"), say.word(f"state.{o.state}"), basis_text(o.basis, lang), o.source, o.source_url,
            o.published.isoformat() if o.published else None, o.known_on.isoformat(),
            say(f"known_rule.{o.known_rule}"), o.note,
        ]
        for o in view.observations
    ]  # fmt: skip
    return csv_bytes(_headings(VALUES, asked), rows)


def template(asked: Asked, target_id: str) -> bytes | None:
    """Headings and the row to fill in; ``None`` if there is no such target or it takes no values."""
    v = views.find(asked.app, target_id, asked.as_of, asked.now)
    if v is None or v.evidence is None:
        return None
    t = v.declared.target
    indicator = asked.app.catalogue.indicators[t.series.indicator]
    region = asked.app.catalogue.regions[t.series.region]
    name = present.region(asked.app.catalogue, region.id, asked.lang)
    year = (t.deadline or str(asked.as_of.year - 1))[:4]
    period = min(year, str(asked.as_of.year - 1))
    row = [
        name,
        present.indicator(asked.app.catalogue, indicator.id, asked.lang),
        period,
        None,
        indicator.unit,
    ]
    return csv_bytes(_headings(TEMPLATE, asked), [[*row, None, None, None, None]])


def register(server: flask.Flask, settings: Settings) -> None:
    """The addresses of the files."""

    @server.get("/export/targets.csv")
    def export_targets() -> flask.Response:
        asked = asked_of(settings)
        return _csv(target_list(asked), f"dabiao-targets-{asked.as_of.isoformat()}.csv")

    @server.get("/export/target/<target_id>/values.csv")
    def export_values(target_id: str) -> flask.Response:
        return _or_404(target_values(asked_of(settings), target_id), f"{target_id}.csv")

    @server.get("/export/target/<target_id>/template.csv")
    def export_template(target_id: str) -> flask.Response:
        return _or_404(template(asked_of(settings), target_id), f"{target_id}-template.csv")

    @server.errorhandler(DabiaoError)
    def explain(error: DabiaoError) -> flask.Response:
        return flask.Response(f"{error}\n", 503, mimetype="text/plain")


def _or_404(content: bytes | None, name: str) -> flask.Response:
    return (
        flask.Response("no such target\n", 404, mimetype="text/plain")
        if content is None
        else _csv(content, name)
    )


__all__ = ["asked_of", "attachment", "list_of", "register", "target_list", "target_values", "template"]
