"""One's own account: who one is here, where one is signed in, and another password."""

from __future__ import annotations

from typing import Any

import flask
from markupsafe import Markup

from dabiao import i18n
from dabiao.domain.access import Scope
from dabiao.errors import AccessRefused, DabiaoError
from dabiao.services.access import accounts, sessions, signing_in
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import gate, plain, present, urls
from dashboard.asked import Asked


def register(server: flask.Flask, settings: Settings) -> None:
    """``/account`` and its forms."""

    @server.get("/account")
    def account() -> flask.typing.ResponseReturnValue:
        return _page(_asked(settings))

    @server.post("/account/password")
    def account_password() -> flask.typing.ResponseReturnValue:
        asked, form, me = _asked(settings), flask.request.form, gate.principal()
        try:
            if form.get("new") != form.get("again"):
                raise AccessRefused("password_differs")
            address = flask.request.remote_addr or ""
            signing_in.proved(asked.app, me.name, form.get("old", "")[:1024], asked.now, address)
            accounts.set_password(
                asked.app, me.name, form.get("new", "")[:1024], asked.now, me.name, keeping=me.session
            )
        except DabiaoError as error:
            return _page(asked, wrong=i18n.text(f"error.{error.code}", asked.lang, **error.params)), 422
        return _page(asked, done=asked.say("access.password_changed"))

    @server.post("/account/sessions/<int:number>/end")
    def account_end(number: int) -> flask.typing.ResponseReturnValue:
        asked = _asked(settings)
        sessions.end(asked.app, gate.principal(), number, asked.now)
        return flask.redirect("/account", 303)


def _asked(settings: Settings) -> Asked:
    """The request, of a person with an account; what has none has no page of its own.

    Tokens have no page either: a program has nothing to do here.
    """
    if gate.principal().session is None:
        flask.abort(404)
    return asking.read(settings, urls.parse(flask.request.query_string.decode("utf-8", "replace")))


def _page(asked: Asked, *, wrong: str | None = None, done: str | None = None) -> str:
    say, me = asked.say, gate.principal()
    external = accounts.known(asked.app, me.name).external is not None
    roles = say.word("when.list").join(say(f"access.role.{role}") for role in sorted(me.roles))
    body = [
        Markup('<section class="panel account"><h1>{}</h1>').format(me.name),
        plain.alert(wrong),
        plain.done(done),
        Markup('<dl class="facts"><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl>').format(
            say("access.roles"), roles, say("access.limited"), _limits(me.scope, asked)
        ),
        Markup('<form method="post" action="/logout"><button class="button">{}</button></form>').format(
            say("access.sign_out")
        ),
        Markup("</section>"),
        _sessions(asked),
        Markup("") if external else _password(asked),
    ]
    return plain.page("plain", say("access.account"), body, say, kept={})


def _limits(scope: Scope, asked: Asked) -> str:
    """What of the targets the person sees, in words."""
    if scope.everything:
        return asked.say("access.everything")
    catalogue, lang = asked.app.catalogue, asked.lang
    named = [
        *sorted(scope.plans),
        *(present.region(catalogue, r, lang) for r in sorted(scope.regions) if r in catalogue.regions),
        *(
            unit.zh if lang == "zh-CN" else unit.en
            for u in sorted(scope.units)
            if (unit := catalogue.units.get(u)) is not None
        ),
    ]
    return asked.say.word("when.list").join(named)


def _sessions(asked: Asked) -> Markup:
    say = asked.say
    rows = Markup("").join(_session(r, asked) for r in sessions.own(asked.app, gate.principal(), asked.now))
    heads = Markup("").join(
        Markup('<th scope="col">{}</th>').format(say(f"access.{n}"))
        for n in ("address", "since", "seen", "action")
    )
    return Markup(
        '<section class="panel account"><h2>{}</h2><div class="scroller" tabindex="0" role="group" aria-label="{}">'
        '<table class="plain"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></section>'
    ).format(say("access.sessions"), say("access.sessions"), heads, rows)


def _session(row: dict[str, Any], asked: Asked) -> Markup:
    say = asked.say

    def at(moment: str) -> str:
        return present.moment(moment, asked.app.settings.timezone, asked.today, asked.lang)

    last = (
        Markup("<span>{}</span>").format(say("access.this_session"))
        if row["current"]
        else Markup(
            '<form method="post" action="/account/sessions/{}/end"><button class="button">{}</button></form>'
        ).format(row["id"], say("access.end"))
    )
    return Markup('<tr><th scope="row" title="{}">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>').format(
        row["agent"], row["address"], at(row["created_at"]), at(row["seen_at"]), last
    )


def _password(asked: Asked) -> Markup:
    say = asked.say
    fields = (
        plain.field("old", say("access.password_now"), "password", "current-password"),
        plain.field("new", say("access.password_new"), "password", "new-password", minlength=10),
        plain.field("again", say("access.password_again"), "password", "new-password", minlength=10),
    )
    return Markup(
        '<section class="panel account"><h2>{}</h2><form method="post" action="/account/password">{}'
        '<button class="button primary" type="submit">{}</button></form></section>'
    ).format(say("access.password_change"), Markup("").join(fields), say("access.password_change"))
