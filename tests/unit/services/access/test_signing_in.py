"""Who comes in, who waits, and what ends a session."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from dabiao.domain.access import EVERYTHING, Account, Right, Role, Scope
from dabiao.errors import AccessRefused, ServiceError, UnknownName
from dabiao.services.access import accounts, lockout, passwords, sessions, signing_in, tokens
from dabiao.services.access.doors import check_host, is_loopback
from dabiao.services.app import App
from dabiao.services.keep import audit as chain
from dabiao.services.keep.audit import START
from dabiao.store import accounts as table
from dabiao.store import audit

PASSWORD = "correct horse battery"


@pytest.fixture
def app(opened: Callable[[Path], App], _initialised: Path) -> App:
    return opened(_initialised)


@pytest.fixture
def clerk(app: App, now: datetime) -> Account:
    return accounts.add(app, "Li.Wei", PASSWORD, [Role.CLERK], EVERYTHING, now, "root")


def code(call: Callable[[], object]) -> str:
    with pytest.raises(AccessRefused) as refused:
        call()
    return refused.value.code


def actions(app: App) -> list[tuple[str, str, str]]:
    return [
        (r["actor"], r["action"], r["subject"])
        for r in audit.rows(app.store)
        if r["action"].startswith(("access.", "account.", "token."))
    ]


# -- passwords ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("x3:-kQ9_z", "password_short"),
        ("x" * 257, "password_long"),
        ("zhang.sanfeng", "password_like_name"),
        ("Zhang.Sanfeng2026!", "password_like_name"),
        ("1234567890", "password_common"),
        ("１２３４５６７８９０", "password_common"),
        ("abababababab", "password_common"),
    ],
)
def test_what_is_easily_guessed_is_no_password(password: str, expected: str) -> None:
    """Ten characters at least, and not what everyone tries first; full-width digits are digits."""
    assert code(lambda: passwords.check(password, "zhang.sanfeng")) == expected


@pytest.mark.parametrize("password", ["x3:-kQ9_za", "四月是最残忍的月份啊", "zhang.sanfeng likes tea"])
def test_ten_characters_of_any_kind_are_one(password: str) -> None:
    """No rule asks for capitals, digits or signs."""
    passwords.check(password, "zhang.sanfeng")


def test_a_digest_is_of_one_password() -> None:
    """The same password in full-width letters is the same one; without a digest nothing matches."""
    kept = passwords.digest("Passwort ABC 123")
    assert kept.startswith("$argon2id$")
    assert passwords.matches("Ｐasswort ABC 123", kept)
    assert not passwords.matches("passwort ABC 123", kept)
    assert not passwords.matches("Passwort ABC 123", None)
    assert not passwords.matches("nobody has this password", None)


def test_a_weaker_digest_is_made_anew(app: App, clerk: Account, now: datetime) -> None:
    """When the parameters have changed, the next sign-in stores a digest of the new kind."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with app.store.write() as db:
        table.set_password(db, clerk.id, weak, "2026-11-21T02:00:00Z")
    signing_in.sign_in(app, "li.wei", PASSWORD, now)
    kept = table.password(app.store, clerk.id)
    assert kept is not None
    assert not passwords.outdated(kept)
    assert passwords.matches(PASSWORD, kept)


# -- sessions ----------------------------------------------------------------------------------------------------


def test_the_store_holds_no_secret(app: App, clerk: Account, now: datetime) -> None:
    """Neither password, session nor token can be read from the file."""
    session = signing_in.sign_in(app, "LI.WEI ", PASSWORD, now)
    _, token = tokens.add(app, "li.wei", "pull", [Right.READ], 30, now, "root")
    app.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    held = app.store.path.read_bytes()
    for secret in (PASSWORD, session, token):
        assert secret.encode() not in held
    assert sessions.digest(session).encode() in held


def test_a_session_speaks_for_its_account(app: App, clerk: Account, now: datetime) -> None:
    """Roles and scope come with it; a made-up secret is nobody's."""
    found = sessions.find(app, signing_in.sign_in(app, "li.wei", PASSWORD, now), now)
    assert found is not None
    assert (found.name, found.roles, found.may(Right.IMPORT), found.may(Right.ACKNOWLEDGE)) == (
        "li.wei", {Role.CLERK}, True, False,
    )  # fmt: skip
    assert sessions.find(app, "x" * 43, now) is None


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ([3599], True),
        ([3600], False),
        ([3000] * 14, True),  # 11 h 40 min, never idle for an hour
        ([3000] * 14 + [1200], False),  # 12 h
    ],
)
def test_a_session_ends_by_itself(
    app: App, clerk: Account, now: datetime, steps: list[int], stands: bool
) -> None:
    """After an hour without a request, and after twelve hours in any case."""
    secret, moment, found = signing_in.sign_in(app, "li.wei", PASSWORD, now), now, None
    for seconds in steps:
        moment += timedelta(seconds=seconds)
        found = sessions.find(app, secret, moment)
    assert (found is not None) is stands


@pytest.mark.parametrize("change", ["roles", "scope", "disabled", "password"])
def test_what_changes_an_account_ends_its_sessions(
    app: App, clerk: Account, now: datetime, change: str
) -> None:
    """At once, wherever they are; those of others stay."""
    accounts.add(app, "wang", PASSWORD, [Role.VIEWER], EVERYTHING, now, "root")
    mine, other = (signing_in.sign_in(app, n, PASSWORD, now) for n in ("li.wei", "wang"))
    if change == "roles":
        accounts.change(app, "li.wei", now, "root", roles=[Role.VIEWER])
    elif change == "scope":
        accounts.change(app, "li.wei", now, "root", scope=Scope(regions=frozenset({"360600"})))
    elif change == "disabled":
        accounts.change(app, "li.wei", now, "root", enabled=False)
    else:
        accounts.set_password(app, "li.wei", "another long one", now, "root")
    assert sessions.find(app, mine, now) is None
    assert sessions.find(app, other, now) is not None


def test_signing_in_again_ends_the_browsers_session(app: App, clerk: Account, now: datetime) -> None:
    """The secret is another one after each sign-in; what was in the cookie before is worth nothing."""
    first = signing_in.sign_in(app, "li.wei", PASSWORD, now)
    second = signing_in.sign_in(app, "li.wei", PASSWORD, now, instead=first)
    assert first != second
    assert sessions.find(app, first, now) is None
    assert sessions.find(app, second, now) is not None


def test_one_ends_ones_own_sessions_alone(app: App, clerk: Account, now: datetime) -> None:
    """A number of somebody else's session ends nothing."""
    accounts.add(app, "wang", PASSWORD, [Role.ADMIN], EVERYTHING, now, "root")
    here, there, hers = (signing_in.sign_in(app, n, PASSWORD, now) for n in ("li.wei", "li.wei", "wang"))
    me, far, she = (sessions.find(app, s, now) for s in (here, there, hers))
    assert me is not None
    assert far is not None and far.session is not None
    assert she is not None and she.session is not None
    assert [s["current"] for s in sessions.own(app, me, now)].count(True) == 1
    assert not sessions.end(app, me, she.session, now)
    assert sessions.end(app, me, far.session, now)
    assert sessions.find(app, there, now) is None
    assert sessions.find(app, hers, now) is not None
    sessions.close(app, me, now)
    assert sessions.find(app, here, now) is None


# -- waiting -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 400), st.integers(1, 20), st.integers(1, 3600))
def test_waits_grow_and_end(count: int, threshold: int, first: int) -> None:
    """No wait below the threshold, never less after one failure more, and never above an hour."""
    now, after = (lockout.delay(n, threshold, first) for n in (count, count + 1))
    assert 0 <= now <= after <= lockout.LONGEST
    assert (now == 0) is (count < threshold)


@pytest.mark.parametrize("name", ["li.wei", "nobody.here"])
def test_guessing_makes_wait(app: App, clerk: Account, now: datetime, name: str) -> None:
    """The sixth try is not looked at, also with the right password, and also for a name that nobody has."""
    for _ in range(5):
        assert code(lambda: signing_in.sign_in(app, name, "wrong wrong wrong", now)) == "sign_in_wrong"
    with pytest.raises(AccessRefused) as refused:
        signing_in.sign_in(app, name, PASSWORD, now)
    assert (refused.value.code, refused.value.params) == ("sign_in_locked", {"seconds": 30})
    later = now + timedelta(seconds=30)
    if name == "li.wei":
        assert signing_in.sign_in(app, name, PASSWORD, later)
        assert code(lambda: signing_in.sign_in(app, name, "wrong wrong wrong", later)) == "sign_in_wrong"
    else:
        assert code(lambda: signing_in.sign_in(app, name, PASSWORD, later)) == "sign_in_wrong"
        assert code(lambda: signing_in.sign_in(app, name, PASSWORD, later)) == "sign_in_locked"


def test_tries_at_once_are_counted_as_many(app: App, clerk: Account, now: datetime) -> None:
    """Of twenty tries that come together no more than five are looked at."""

    def attempt(_: int) -> str:
        try:
            return code(lambda: signing_in.sign_in(app, "li.wei", "wrong wrong wrong", now))
        finally:
            app.store.close()

    with ThreadPoolExecutor(20) as pool:
        said = Counter(pool.map(attempt, range(20)))
    assert said == {"sign_in_wrong": 5, "sign_in_locked": 15}


def test_reading_goes_on_while_the_store_is_locked(app: App, clerk: Account, now: datetime) -> None:
    """A session's use is noted when the lock is free again; until then it speaks all the same."""
    secret = signing_in.sign_in(app, "li.wei", PASSWORD, now)
    later = now + timedelta(minutes=50)
    other = sqlite3.connect(app.store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    app.store.rows("PRAGMA busy_timeout = 0")
    assert sessions.find(app, secret, later) is not None
    other.execute("ROLLBACK")
    other.close()
    assert sessions.find(app, secret, now + timedelta(minutes=59)) is not None
    assert sessions.find(app, secret, now + timedelta(minutes=110)) is not None


def test_an_address_that_tries_many_names_waits(app: App, clerk: Account, now: datetime) -> None:
    """Twenty failures under any names; another address comes in, of IPv6 not one of the same network."""
    for i in range(20):
        assert (
            code(lambda i=i: signing_in.sign_in(app, f"n{i}", "wrong wrong", now, address="2001:db8::1"))  # type: ignore[misc]
            == "sign_in_wrong"
        )
    assert (
        code(lambda: signing_in.sign_in(app, "li.wei", PASSWORD, now, address="2001:db8::2"))
        == "sign_in_locked"
    )
    assert signing_in.sign_in(app, "li.wei", PASSWORD, now, address="2001:db8:1::1")


def test_a_new_password_lets_in_at_once(app: App, clerk: Account, now: datetime) -> None:
    """Who is locked out and gets another password need not wait."""
    for _ in range(5):
        code(lambda: signing_in.sign_in(app, "li.wei", "wrong wrong wrong", now))
    accounts.set_password(app, "li.wei", "another long one", now, "root")
    assert signing_in.sign_in(app, "li.wei", "another long one", now)


def test_a_disabled_account_is_like_a_wrong_password(app: App, clerk: Account, now: datetime) -> None:
    """The answer does not say that there is one."""
    accounts.change(app, "li.wei", now, "root", enabled=False)
    assert code(lambda: signing_in.sign_in(app, "li.wei", PASSWORD, now)) == "sign_in_wrong"


# -- tokens ------------------------------------------------------------------------------------------------------


def test_a_token_has_no_more_rights_than_its_account(app: App, clerk: Account, now: datetime) -> None:
    """Rights that the roles do not give stay away, whatever the token names."""
    _, secret = tokens.add(app, "li.wei", "pull", [Right.READ, Right.MANAGE], 30, now, "root")
    found = tokens.authenticate(app, secret, now)
    assert found is not None
    assert found.rights == {Right.READ}


@pytest.mark.parametrize("why", ["over", "revoked", "disabled", "unknown", "session"])
def test_a_token_that_is_none(app: App, clerk: Account, now: datetime, why: str) -> None:
    """It ends on its day, when it is revoked, and with its account; a session's secret is no token."""
    number, secret = tokens.add(app, "li.wei", "pull", [Right.READ], 30, now, "root")
    moment = now
    if why == "over":
        assert tokens.authenticate(app, secret, now + timedelta(days=30, seconds=-1))
        moment = now + timedelta(days=30)
    elif why == "revoked":
        tokens.revoke(app, number, now, "root")
        with pytest.raises(UnknownName):
            tokens.revoke(app, number, now, "root")
    elif why == "disabled":
        accounts.change(app, "li.wei", now, "root", enabled=False)
    elif why == "unknown":
        secret = secret[:-1] + ("x" if secret[-1] != "x" else "y")
    else:
        secret = signing_in.sign_in(app, "li.wei", PASSWORD, now)
    assert tokens.authenticate(app, secret, moment) is None


# -- accounts ----------------------------------------------------------------------------------------------------


def test_what_cannot_be_an_account(app: App, clerk: Account, now: datetime) -> None:
    """A name twice, a name of signs, no role, a scope of something that there is not."""

    def add(name: str, roles: list[Role], scope: Scope = EVERYTHING) -> Account:
        return accounts.add(app, name, PASSWORD, roles, scope, now, "root")

    assert code(lambda: add("LI.WEI", [Role.VIEWER])) == "account_exists"
    assert code(lambda: add("a b", [Role.VIEWER])) == "account_name_wrong"
    assert code(lambda: add("wang", [])) == "account_without_role"
    with pytest.raises(UnknownName) as unknown:
        add("wang", [Role.VIEWER], Scope(regions=frozenset({"999999"})))
    assert unknown.value.code == "scope_unknown"
    assert add("王芳", [Role.VIEWER, Role.OFFICER]).roles == {Role.VIEWER, Role.OFFICER}


def test_every_step_is_in_the_audit(app: App, clerk: Account, now: datetime) -> None:
    """Sign-ins that worked and that did not, changes and tokens, each with who did it; never what was typed as a name."""
    secret = signing_in.sign_in(app, "li.wei", PASSWORD, now, address="10.0.0.7")
    code(lambda: signing_in.sign_in(app, "li.wei", "wrong wrong", now))
    code(lambda: signing_in.sign_in(app, "my secret password", "wrong wrong", now))
    number, _ = tokens.add(app, "li.wei", "pull", [Right.READ], 30, now, "root")
    tokens.revoke(app, number, now, "root")
    me = sessions.find(app, secret, now)
    assert me is not None
    sessions.close(app, me, now)
    accounts.change(app, "li.wei", now, "root", roles=[Role.VIEWER])
    assert actions(app) == [
        ("root", "account.added", "account:li.wei"),
        ("li.wei", "access.signed_in", "account:li.wei"),
        ("?", "access.refused", "account:li.wei"),
        ("?", "access.refused", "account:?"),
        ("root", "token.added", "token:1"),
        ("root", "token.revoked", "token:1"),
        ("li.wei", "access.signed_out", "account:li.wei"),
        ("root", "account.changed", "account:li.wei"),
    ]
    assert "secret password" not in json.dumps([dict(r) for r in audit.rows(app.store)])
    assert chain.check(app, START)[1] == []


def test_a_lock_is_in_the_audit_once(app: App, clerk: Account, now: datetime) -> None:
    """When the wait begins; the tries during it make no more rows."""
    for _ in range(8):
        code(lambda: signing_in.sign_in(app, "li.wei", "wrong wrong wrong", now))
    assert [a for _, a, _ in actions(app)].count("access.locked") == 1
    assert [a for _, a, _ in actions(app)].count("access.refused") == 5


def test_signing_in_changes_nothing_that_a_page_shows(app: App, clerk: Account, now: datetime) -> None:
    """What pages keep in memory stays good."""
    before = app.store.data_version()
    signing_in.sign_in(app, "li.wei", PASSWORD, now)
    assert app.store.data_version() == before


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.org", "::"])
def test_an_address_for_others_needs_an_admin(app: App, clerk: Account, now: datetime, host: str) -> None:
    """A clerk is not enough, and neither is an admin who is disabled."""
    assert not is_loopback(host)
    with pytest.raises(ServiceError):
        check_host(app, host)
    accounts.add(app, "root", PASSWORD, [Role.ADMIN], EVERYTHING, now, "root")
    check_host(app, host)
    accounts.change(app, "root", now, "root", enabled=False)
    with pytest.raises(ServiceError):
        check_host(app, host)
    check_host(app, "127.0.0.1")
