"""Every command, and which module it stands in."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from dabiao import bootstrap, i18n, settings
from dabiao.cli import (
    alerts,
    common,
    corrections,
    data,
    decisions,
    delivery,
    derivations,
    derive,
    doctor,
    export,
    fitting,
    jobs,
    judged,
    keep,
    notice,
    operate,
    plans,
    prepare,
    quarantine,
    regions,
    reports,
    rules,
    scenario,
    series,
    track_record,
    users,
    verify,
)
from dabiao.cli.output import note


class _Commands(typer.core.TyperGroup):
    """A reader of standard output that goes away (head, less) is no error; left to itself, click would end with 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        return result


app = typer.Typer(
    name="dabiao",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="达标: declared environmental targets beside the observed series that decide them.",
)
app.add_typer(plans.plans_app, name="plans", help="The declared plans: list them, check their files.")
app.add_typer(
    regions.regions_app, name="regions", help="The places that files and plans may name: list, add."
)
app.add_typer(plans.targets_app, name="targets", help="The declared targets.")
app.add_typer(alerts.app, name="alerts", help="What someone must see: list, acknowledge, snooze, export.")
app.add_typer(
    decisions.app, name="decisions", help="Final statuses as frozen, and those that new values contradict."
)
app.add_typer(
    reports.app,
    name="reports",
    help="What units report on targets without a number: add, import, list, withdraw.",
)
app.add_typer(
    rules.rules_app, name="rules", help="The published on-track rules: list them, apply one to a file."
)
app.add_typer(
    quarantine.quarantine_app, name="quarantine", help="Refused rows: list, export to mend, dismiss."
)
app.add_typer(
    corrections.corrections_app,
    name="corrections",
    help="Reviewed corrections of values: check, list, apply.",
)
app.add_typer(
    derivations.derivations_app, name="derivations", help="Derived values: list them, show how one was made."
)
app.add_typer(
    delivery.app, name="deliveries", help="Notices on their way: what was sent, what waits, what failed."
)
app.add_typer(export.app, name="export", help="What others' systems read: Open SDG, SDMX.")
app.add_typer(users.users_app, name="users", help="Accounts: add, list, roles, passwords, disable, enable.")
app.add_typer(users.tokens_app, name="tokens", help="Tokens of programs: add, list, revoke.")
app.add_typer(series.series_app, name="series", help="What is known of whole series: their flags.")
app.add_typer(
    track_record.app,
    name="track-record",
    help="How the service's own probabilities came out; work them out again.",
)
app.add_typer(jobs.jobs_app, name="jobs", help="The scheduler; without a subcommand it runs.")
app.command("import")(data.import_files)
app.command("observations")(data.list_observations)
app.command("derive")(derive.derive)
app.command("forecast")(fitting.forecast)
app.command("assess")(judged.assess)
app.command("status")(judged.status)
app.command("explain")(judged.explain)
app.command("part-year")(scenario.part_year)
app.command("scenario")(scenario.scenario)
app.command("backtest")(judged.backtest)
app.command("notice")(notice.notice)
app.command("backup")(keep.backup)
app.command("restore")(keep.restore)
app.command("verify")(verify.verify)
app.command("doctor")(doctor.doctor)
app.command("retention")(jobs.retention)
app.command("serve")(operate.serve)
app.command("up")(operate.up)
app.command("settings")(operate.list_settings)


@app.command("init")
def init(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what changed.")] = False,
) -> None:
    """Create or migrate the store in $DABIAO_HOME and load plans, indicators, regions and bundled observations."""
    chosen = settings.load()
    ready, changed = prepare.initialise(chosen, common.now())
    if not quiet:
        if not changed:
            note(i18n.text("cli.init.nothing", chosen.lang))
        note(i18n.text("cli.init.ready", chosen.lang, path=str(ready.paths.store)))


@app.command("version")
def version() -> None:
    """The program's version, and where its data and store lie."""
    from dabiao import __version__

    chosen = settings.load()
    where = bootstrap.paths(chosen)
    print(f"dabiao {__version__}\nhome {where.home}\ndata {Path(where.data)}")
