"""What people do with jobs: run one now, pause it, let it run again."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping

from dabiao.errors import DabiaoError
from dabiao.services import jobs
from dashboard.asked import Asked
from dashboard.done import Action, Done, Files, Form, Noted

log = logging.getLogger("dashboard")


def run(asked: Asked, form: Form, _files: Files) -> Done:
    """Start a job in a process of its own; its run shows on the page as soon as it has begun."""
    job = form.get("job", "")
    jobs.known(job)
    environ = {**os.environ, "DABIAO_HOME": str(asked.app.paths.home)}
    threading.Thread(target=_run, args=(job, environ), name=f"run-{job}", daemon=True).start()
    said = asked.say("jobs_page.started", job=asked.say.word(f"jobs.name.{job}"))
    return Done(said, noted=Noted("job.started", f"job:{job}", {}))


def _run(job: str, environ: Mapping[str, str]) -> None:
    try:
        jobs.run_now(job, environ)
    except DabiaoError as error:
        log.warning("job %s was not run: %s", job, error)


def pause(asked: Asked, form: Form, _files: Files) -> Done:
    """Pause a job until someone lets it run again."""
    job, by = form.get("job", ""), " ".join(form.get("by", "").split())
    if not by:
        raise DabiaoError("form_incomplete", name="by")
    note = form.get("note", "").strip()
    paused = jobs.pause(asked.app, job, asked.now, by, note)
    key = "jobs_page.paused_now" if paused else "jobs_page.paused_before"
    noted = Noted("job.paused", f"job:{job}", {"note": note[:500]}) if paused else None
    return Done(asked.say(key, job=asked.say.word(f"jobs.name.{job}")), noted=noted)


def resume(asked: Asked, form: Form, _files: Files) -> Done:
    """Let a paused job run again."""
    job = form.get("job", "")
    resumed = jobs.resume(asked.app, job)
    key = "jobs_page.resumed" if resumed else "jobs_page.not_paused"
    noted = Noted("job.resumed", f"job:{job}", {}) if resumed else None
    return Done(asked.say(key, job=asked.say.word(f"jobs.name.{job}")), noted=noted)


ACTIONS: Mapping[str, Action] = {"jobs/run": run, "jobs/pause": pause, "jobs/resume": resume}
