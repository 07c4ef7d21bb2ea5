"""``dabiao users`` and ``dabiao tokens`` as an administrator types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dabiao.cli.commands import app as commands
from dabiao.domain.access import Right
from dabiao.errors import DabiaoError
from dabiao.services.access import signing_in, tokens
from dabiao.services.app import App

PASSWORD = "correct horse battery"


@pytest.fixture
def app(opened: Callable[[Path], App], _initialised: Path) -> App:
    return opened(_initialised)


def run(app: App, *words: str, typed: str = "") -> tuple[int, str, str]:
    """A command with what it reads; status, standard output, standard error."""
    environ = {"DABIAO_HOME": str(app.paths.home), "DABIAO_LANG": "en"}
    done = CliRunner().invoke(commands, list(words), input=typed, env=environ)
    if isinstance(done.exception, DabiaoError):
        return 1, done.stdout, str(done.exception)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_an_account_from_the_command_line(app: App) -> None:
    """Made with a password from standard input, limited, listed, given another, disabled."""
    status, out, err = run(
        app, "users", "add", "Li.Wei", "--role", "clerk", "--region", "360600", typed=f"{PASSWORD}\n"
    )
    assert (status, out) == (0, "")
    assert "li.wei" in err
    now = datetime.now(UTC)
    assert signing_in.sign_in(app, "li.wei", PASSWORD, now)
    listed = json.loads(run(app, "users", "list", "--format", "json")[1])
    assert listed == [
        {
            "name": "li.wei",
            "roles": ["clerk"],
            "enabled": True,
            "plans": [],
            "regions": ["360600"],
            "units": [],
            "external": False,
        }
    ]
    assert run(app, "users", "passwd", "li.wei", typed="another long one\n")[0] == 0
    assert signing_in.sign_in(app, "li.wei", "another long one", now)
    assert run(app, "users", "disable", "li.wei")[0] == 0
    assert json.loads(run(app, "users", "list", "--format", "json")[1])[0]["enabled"] is False


@pytest.mark.parametrize(
    ("words", "typed", "status", "said"),
    [
        (["add", "li.wei", "--role", "viewer"], "short\n", 1, "at least 10"),
        (["add", "li.wei", "--role", "viewer"], "", 1, "No password was read"),
        (["add", "li.wei", "--role", "viewer", "--plan", "nothing"], f"{PASSWORD}\n", 1, "nothing"),
        (["add", "li.wei", "--role", "boss"], f"{PASSWORD}\n", 2, "boss"),
        (["add", "li.wei"], f"{PASSWORD}\n", 2, "--role"),
        (["disable", "nobody"], "", 1, "no account"),
    ],
)
def test_what_is_refused_is_said(app: App, words: list[str], typed: str, status: int, said: str) -> None:
    """1 where the input is refused, 2 where the command is written wrongly; nothing on standard output."""
    found, out, err = run(app, "users", *words, typed=typed)
    assert (found, out) == (status, "")
    assert said in err


def test_a_token_is_printed_once(app: App) -> None:
    """Alone on standard output; the list never has it, and revoked it is worth nothing."""
    run(app, "users", "add", "li.wei", "--role", "clerk", typed=f"{PASSWORD}\n")
    status, out, _ = run(app, "tokens", "add", "li.wei", "--right", "read", "--label", "pull", "--days", "7")
    secret = out.strip()
    assert (status, out) == (0, f"{secret}\n")
    found = tokens.authenticate(app, secret, datetime.now(UTC))
    assert found is not None and found.rights == {Right.READ}
    listed = run(app, "tokens", "list", "--format", "json")[1]
    assert secret not in listed
    assert (json.loads(listed)[0]["account"], json.loads(listed)[0]["stands"]) == ("li.wei", True)
    assert run(app, "tokens", "revoke", "1")[0] == 0
    assert tokens.authenticate(app, secret, datetime.now(UTC)) is None
    assert run(app, "tokens", "revoke", "1")[0] == 1


def test_serving_to_others_without_an_admin_is_refused(app: App) -> None:
    """Before anything listens, with the command that mends it."""
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "--host", "0.0.0.0"],
        env={**os.environ, "DABIAO_HOME": str(app.paths.home), "DABIAO_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "dabiao users add" in done.stderr
