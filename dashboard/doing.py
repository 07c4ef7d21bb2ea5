"""The one door through which people change anything at their desks: ``POST /do/<action>``.

What comes through is a form; the answer says in a sentence what was done, or why it was not. An action is a name in
``ACTIONS`` and a function; :mod:`dashboard.gate` has refused who may not do it. Whoever signed in is the one who does it,
whatever the form says, and the audit has a row of what was done.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from dabiao import i18n
from dabiao.errors import DabiaoError
from dabiao.services.keep import audit
from dabiao.settings import Settings
from dashboard import alert_actions, data_actions, gate, job_actions
from dashboard import asked as asking
from dashboard.asked import Say
from dashboard.done import Action, Form

ACTIONS: Mapping[str, Action] = {**data_actions.ACTIONS, **job_actions.ACTIONS, **alert_actions.ACTIONS}

log = logging.getLogger("dashboard")


def signed(form: Form) -> Form:
    """A form in the name of whoever signed in; where nobody did, in the name that it gives."""
    name = gate.principal().name
    if not name:
        return form
    return MultiDict([*((k, v) for k, v in form.items(multi=True) if k != "by"), ("by", name)])


def register(server: flask.Flask, settings: Settings) -> None:
    """The door."""

    @server.post("/do/<path:name>")
    def do(name: str) -> tuple[Mapping[str, Any], int]:
        action = ACTIONS.get(name)
        say = Say(asking.request_language(settings, asking.referring_query()))
        if action is None:
            return {"said": say("desk.no_action")}, 404
        try:
            asked = asking.read(settings, asking.referring_query())
            form = signed(flask.request.form)
            done = action(asked, form, flask.request.files)
            if done.noted is not None:
                audit.noted(asked.app, asked.now, form.get("by", ""), *done.noted)
        except DabiaoError as error:
            return {"said": i18n.text(f"error.{error.code}", say.lang, **error.params)}, 422
        except HTTPException as error:
            return {"said": say("desk.not_sent")}, error.code or 400
        except Exception:
            log.exception("an action failed: %s", name)
            return {"said": say("desk.failed")}, 500
        return {"said": done.said, "href": done.href}, 200
