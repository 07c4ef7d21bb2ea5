"""``dabiao users`` and ``dabiao tokens``: who may come in, as what, and to see what."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, now, open_app
from dabiao.cli.output import Format, emit, note
from dabiao.domain.access import Right, Role, Scope
from dabiao.errors import AccessRefused
from dabiao.services.access import accounts, tokens
from dabiao.services.app import App

users_app = typer.Typer(no_args_is_help=True)
tokens_app = typer.Typer(no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account.")]
RolesOption = Annotated[list[Role], typer.Option("--role", help="A role; may be given more than once.")]
PlansOption = Annotated[
    list[str] | None, typer.Option("--plan", help="Limit to a plan, by its id; may be given more than once.")
]
RegionsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--region", help="Limit to a region with all within it, by its id; may be given more than once."
    ),
]
UnitsOption = Annotated[
    list[str] | None, typer.Option("--unit", help="Limit to a unit, by its id; may be given more than once.")
]


@users_app.command("add")
def add(
    name: NameArgument,
    roles: RolesOption,
    plans: PlansOption = None,
    regions: RegionsOption = None,
    units: UnitsOption = None,
) -> None:
    """Make an account. The password is asked for twice, or read as one line from standard input."""
    app = open_app()
    scope = _scope(plans, regions, units)
    made = accounts.add(app, name, _password(app), roles, scope, now(), getpass.getuser())
    _said(app, "added", name=made.name, roles=", ".join(sorted(made.roles)))


@users_app.command("roles")
def set_roles(
    name: NameArgument,
    roles: RolesOption,
    plans: PlansOption = None,
    regions: RegionsOption = None,
    units: UnitsOption = None,
) -> None:
    """Set the roles of an account and what it is limited to, in place of those it has; its sessions end at once."""
    app = open_app()
    scope = _scope(plans, regions, units)
    made = accounts.change(app, name, now(), getpass.getuser(), roles=roles, scope=scope)
    _said(app, "changed", name=made.name, roles=", ".join(sorted(made.roles)))


@users_app.command("disable")
def disable(name: NameArgument) -> None:
    """Let an account in no more; its sessions end at once and its tokens no longer work."""
    app = open_app()
    accounts.change(app, name, now(), getpass.getuser(), enabled=False)
    _said(app, "disabled", name=name)


@users_app.command("enable")
def enable(name: NameArgument) -> None:
    """Let an account in again."""
    app = open_app()
    accounts.change(app, name, now(), getpass.getuser(), enabled=True)
    _said(app, "enabled", name=name)


@users_app.command("passwd")
def passwd(name: NameArgument) -> None:
    """Give an account another password, asked for twice or read from standard input; its sessions end at once."""
    app = open_app()
    accounts.known(app, name)
    accounts.set_password(app, name, _password(app), now(), getpass.getuser())
    _said(app, "password_set", name=name)


@users_app.command("list")
def list_users(form: FormatOption = Format.TABLE) -> None:
    """Every account with its roles and what it is limited to."""
    columns = ("name", "roles", "enabled", "plans", "regions", "units")
    emit(accounts.listed(open_app()), form, [(n, n) for n in columns])


@tokens_app.command("add")
def add_token(
    name: NameArgument,
    rights: Annotated[list[Right], typer.Option("--right", help="A right; may be given more than once.")],
    days: Annotated[int, typer.Option(help="Days until it ends.")] = 90,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Make a token of an account for a program. It is printed once and cannot be shown again."""
    app = open_app()
    number, secret = tokens.add(app, name, label, rights, days, now(), getpass.getuser())
    _said(app, "token_added", number=number, days=days)
    print(secret)


@tokens_app.command("revoke")
def revoke_token(number: Annotated[int, typer.Argument(metavar="ID", help="Id of a token.")]) -> None:
    """Revoke a token, at once."""
    app = open_app()
    tokens.revoke(app, number, now(), getpass.getuser())
    _said(app, "token_revoked", number=number)


@tokens_app.command("list")
def list_tokens(form: FormatOption = Format.TABLE) -> None:
    """Every token: whose, with which rights, until when. Never the token itself."""
    columns = ("id", "account", "label", "rights", "created_at", "ends_at", "stands")
    emit(tokens.listed(open_app(), now()), form, [(n, n) for n in columns])


def _scope(plans: list[str] | None, regions: list[str] | None, units: list[str] | None) -> Scope:
    return Scope(frozenset(plans or ()), frozenset(regions or ()), frozenset(units or ()))


def _password(app: App) -> str:
    """A password from the prompt, or from standard input; never from the arguments, which everyone on the machine can read.

    Raises:
        AccessRefused: ``password_missing`` or ``password_differs``.
    """
    if not sys.stdin.isatty():
        typed = sys.stdin.readline().rstrip("\r\n")
    else:
        lang = app.settings.lang
        typed = getpass.getpass(i18n.text("cli.users.password", lang))
        if typed != getpass.getpass(i18n.text("cli.users.password_again", lang)):
            raise AccessRefused("password_differs")
    if not typed:
        raise AccessRefused("password_missing")
    return typed


def _said(app: App, key: str, **params: object) -> None:
    note(i18n.text(f"cli.users.{key}", app.settings.lang, **params))


__all__ = ["tokens_app", "users_app"]
