"""Making a store ready, said step by step: what ``dabiao init`` does, and the whole of it before ``dabiao up``."""

from __future__ import annotations

from datetime import datetime

from dabiao import bootstrap, i18n
from dabiao.cli.output import note
from dabiao.services.alerts import alerting
from dabiao.services.app import App
from dabiao.services.declare.setup import bundled_files
from dabiao.services.derive import derived
from dabiao.services.intake import corrections
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import assessing, forecasting
from dabiao.services.publish import exporting
from dabiao.services.record import track_record
from dabiao.settings import Settings


def initialise(settings: Settings, now: datetime) -> tuple[App, bool]:
    """Store, declared files and bundled observations; says what changed. The flag is whether anything did."""
    app, done = bootstrap.initialise(settings, now)
    if done.changed:
        note(i18n.text("cli.init.loaded", settings.lang, **done.counts))
    results = [import_file(app, path, now=now) for path in bundled_files(app.paths.data)]
    corrections.apply(app, now)
    accepted, revised = sum(r.accepted for r in results), sum(r.revised for r in results)
    if accepted or revised:
        refused = sum(r.refused for r in results)
        note(
            i18n.text(
                "cli.init.observations",
                settings.lang,
                files=len(results),
                accepted=accepted,
                revised=revised,
                refused=refused,
            )
        )
    return app, done.changed or bool(accepted or revised)


def everything(settings: Settings, now: datetime) -> App:
    """:func:`initialise`, then derivations, forecasts, assessments, alerts, track record and export. What was done before is not done again."""
    app, changed = initialise(settings, now)
    as_of = app.today(now)
    derived.derive(app, now)
    fitted = forecasting.run_forecasts(app, as_of, now)
    if fitted["fitted"] or fitted["failed"]:
        note(i18n.text("cli.forecast", settings.lang, **fitted))
    assessed = assessing.run_assessments(app, as_of, now)
    if assessed["changed"]:
        note(i18n.text("cli.assess", settings.lang, **assessed))
    alerts = alerting.run_alerts(app, now)
    if alerts["raised"] or alerts["cleared"]:
        note(i18n.text("cli.alerts.run", settings.lang, **alerts))
    track_record.refresh(app, as_of, now)
    exporting.export_alerts(app, as_of, now, app.paths.exports, settings.lang)
    if not (changed or fitted["fitted"] or assessed["changed"]):
        note(i18n.text("cli.init.nothing", settings.lang))
    return app
