"""Notices on their way: against real servers on this machine, that answer, refuse, hang, die, or are not there."""

from __future__ import annotations

import base64
import contextlib
import email
import email.policy
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from dabiao import bootstrap
from dabiao.errors import RecipientsRefused
from dabiao.services.app import App
from dabiao.services.publish import delivery, sinks
from dabiao.services.publish.recipients import Recipient, recipients, wrong_address
from tests.factories import settings_of

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SECRET = "a secret"


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")


def declared(app: App, *entries: dict[str, Any]) -> None:
    """Write the file of recipients."""
    lines = []
    for entry in entries:
        lines += ["[[recipient]]", *(f"{name} = {json.dumps(value)}" for name, value in entry.items())]
    (app.paths.home / "recipients.toml").write_text("\n".join(lines), "utf-8")


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory, _walked: Path) -> Path:
    """A home whose notices of :data:`NOW` are made: one of a plan is what the tests send."""
    home = tmp_path_factory.mktemp("made") / "home"
    shutil.copytree(_walked, home)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CHROMIUM", "/nowhere/chromium")
        app = bootstrap.open_app(settings_of(home))
        declared(app, {"name": "a", "to": f"folder:{home}", "when": ["monthly"], "plan": "jilin-2024"})
        assert delivery.make_due(app, NOW) == {"notices": 4, "empty": 0, "queued": 1}
    with app.store.write() as db:
        db.execute("DELETE FROM deliveries")
    (home / "recipients.toml").unlink()
    app.store.close()
    return home


@pytest.fixture
def outbox(opened: Callable[[Path], App], _made: Path) -> App:
    """A store with notices made and an empty outbox."""
    return opened(_made)


def queue(app: App, **addresses: str) -> None:
    """Put the notice of the plan in the outbox for each name and address."""
    notice = delivery.store.made(app.store, "2026-10", '{"plan": ["jilin-2024"]}', "zh-CN")
    assert notice is not None
    rows = [delivery.outbox_row(Recipient(name=n, to=to), notice, NOW) for n, to in addresses.items()]
    assert delivery.store.enqueue(app.store, rows) == len(rows)
    assert delivery.store.enqueue(app.store, rows) == 0


def with_settings(app: App, **environ: str) -> App:
    return replace(
        app, settings=settings_of(app.paths.home, webhook_secret=SECRET, webhook_hosts="127.0.0.1", **environ)
    )


def states(app: App) -> dict[str, str]:
    return {r["recipient"]: r["state"] for r in delivery.delivery_rows(app)}


class Hook(ThreadingHTTPServer):
    """A web hook that answers as told, and keeps what it got."""

    def __init__(self, answer: Callable[[int], int | None]) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body))
                status = answer(len(outer.got))
                if status is None:
                    time.sleep(1.5)
                    status = 200
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    if status == 302:
                        self.send_header("Location", "http://localhost:1/")
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing: the test looks at what came."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}/hook"


@pytest.fixture
def hook() -> Iterator[Callable[[Callable[[int], int | None]], Hook]]:
    """Start web hooks."""
    started: list[Hook] = []

    def start(answer: Callable[[int], int | None]) -> Hook:
        started.append(Hook(answer))
        threading.Thread(target=started[-1].serve_forever, daemon=True).start()
        return started[-1]

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


class Mailbox:
    """A mail server's handler: keeps what it takes, and refuses as told."""

    def __init__(self) -> None:
        self.got: list[email.message.EmailMessage] = []
        self.refuses: str | None = None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _: Any) -> str:  # noqa: N802
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.got.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, dict[str, str]]]:
    """A mail server, and the settings that lead to it."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    yield box, smtp(server.port)
    server.stop()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def smtp(port: int, security: str = "none") -> dict[str, str]:
    return {
        "smtp_host": "127.0.0.1",
        "smtp_port": str(port),
        "smtp_security": security,
        "smtp_from": "dabiao@example.cn",
        "delivery_seconds": "1",
    }


# -- the calendar ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "weekly", "monthly", "quarterly"),
    [
        (date(2026, 11, 22), "2026-W46", "2026-10", "2026-Q3"),  # a Sunday: its week is not over
        (date(2026, 11, 23), "2026-W47", "2026-10", "2026-Q3"),
        (date(2027, 1, 4), "2026-W53", "2026-11", "2026-Q3"),
        (date(2027, 1, 7), "2026-W53", "2026-11", "2026-Q3"),
        (date(2027, 1, 8), "2026-W53", "2026-12", "2026-Q4"),
        (date(2027, 1, 31), "2027-W03", "2026-12", "2026-Q4"),
        (date(2028, 2, 29), "2028-W08", "2028-01", "2027-Q4"),
        (date(2028, 4, 7), "2028-W13", "2028-02", "2027-Q4"),
        (date(2028, 4, 8), "2028-W13", "2028-03", "2028-Q1"),
    ],
)
def test_what_the_calendar_asks_for(today: date, weekly: str, monthly: str, quarterly: str) -> None:
    """A week is due on the Monday after it; a month and a quarter on the 8th of the month after it (by the 10th)."""
    found = [delivery.last_due(kind, today, 8).code for kind in ("weekly", "monthly", "quarterly")]
    assert found == [weekly, monthly, quarterly]


def test_a_notice_is_made_once_and_late_ones_are_caught_up(walked_app: App) -> None:
    """Each notice is made once; a day on which nothing ran loses none; repeating makes nothing and queues nothing."""
    declared(
        walked_app,
        {"name": "a", "to": f"folder:{walked_app.paths.home}", "when": ["monthly"], "plan": "jilin-2024"},
    )
    assert delivery.make_due(walked_app, NOW) == {"notices": 4, "empty": 0, "queued": 1}
    assert delivery.make_due(walked_app, NOW) == {"notices": 0, "empty": 0, "queued": 0}
    later = NOW + timedelta(days=3)
    assert delivery.make_due(walked_app, later) == {"notices": 1, "empty": 0, "queued": 0}
    names = {p.name for p in (walked_app.paths.exports / "notices").iterdir()}
    assert "notice-2026-11-24-2026-W47-zh-CN.docx" in names


# -- the sinks ---------------------------------------------------------------------------------------------------


def test_a_web_hook_gets_a_signed_notice(outbox: App, hook: Callable[..., Hook]) -> None:
    """The body is signed with the secret and the moment; it bears the files and a key that stays the same at each attempt."""
    server = hook(lambda n: 503 if n == 1 else 200)
    app = with_settings(outbox)
    queue(app, hook=server.address)
    assert delivery.send_due(app, NOW) == {"sent": 0, "waiting": 1, "failed": 0}
    assert delivery.send_due(app, NOW + timedelta(minutes=4)) == {"sent": 0, "waiting": 0, "failed": 0}
    assert delivery.send_due(app, NOW + timedelta(minutes=6)) == {"sent": 1, "waiting": 0, "failed": 0}
    (first, body), (second, again) = server.got
    assert body == again
    assert first["Idempotency-Key"] == second["Idempotency-Key"] == json.loads(body)["id"]
    assert second["X-Dabiao-Signature"] == sinks.signature(SECRET, second["X-Dabiao-Timestamp"], body)
    content = {f["name"]: base64.b64decode(f["content"]) for f in json.loads(body)["files"]}
    assert content == {n: (app.paths.exports / "notices" / n).read_bytes() for n in content}
    assert len(content) == 3
    [row] = delivery.delivery_rows(app)
    assert (row["state"], row["attempts"], row["error"]) == ("sent", 2, None)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, "sent"),
        (204, "sent"),
        (302, "failed"),
        (400, "failed"),
        (404, "failed"),
        (429, "waiting"),
        (500, "waiting"),
    ],
)
def test_what_an_answer_means(outbox: App, hook: Callable[..., Hook], status: int, state: str) -> None:
    """2xx is delivered; 5xx and 429 are tried again; any other refusal stays, and a redirection is not followed."""
    server = hook(lambda _: status)
    app = with_settings(outbox)
    queue(app, hook=server.address)
    delivery.send_due(app, NOW)
    assert states(app) == {"hook": state}


def test_a_mail_has_its_attachments(outbox: App, mail: tuple[Mailbox, dict[str, str]]) -> None:
    """The mail has the title as its subject, the three files, and a Message-ID that hangs on the delivery alone."""
    box, environ = mail
    app = with_settings(outbox, **environ)
    queue(app, office="mailto:office@example.cn")
    assert delivery.send_due(app, NOW)["sent"] == 1
    [got] = box.got
    assert "通报（稿）" in got["Subject"]
    assert got["Message-ID"].endswith("@example.cn>")
    attached = {a.get_filename(): a.get_payload(decode=True) for a in got.iter_attachments()}
    assert attached == {n: (app.paths.exports / "notices" / n).read_bytes() for n in attached if n}
    assert len(attached) == 3


@pytest.mark.parametrize(("answer", "state"), [("550 no such user", "failed"), ("451 later", "waiting")])
def test_a_mail_server_that_refuses(
    outbox: App, mail: tuple[Mailbox, dict[str, str]], answer: str, state: str
) -> None:
    """A permanent refusal stays failed; a passing one is tried again."""
    box, environ = mail
    box.refuses = answer
    app = with_settings(outbox, **environ)
    queue(app, office="mailto:office@example.cn")
    delivery.send_due(app, NOW)
    assert states(app) == {"office": state}


def test_no_mail_goes_out_unencrypted_where_starttls_is_asked(
    outbox: App, mail: tuple[Mailbox, dict[str, str]]
) -> None:
    """A server that offers no STARTTLS gets nothing."""
    box, environ = mail
    app = with_settings(outbox, **{**environ, "smtp_security": "starttls"})
    queue(app, office="mailto:office@example.cn")
    delivery.send_due(app, NOW)
    assert states(app) == {"office": "waiting"}
    assert box.got == []


def test_a_dead_sink_is_in_nobodys_way(outbox: App, hook: Callable[..., Hook], tmp_path: Path) -> None:
    """A server that is down, one that hangs and a folder that is gone wait; those behind them get theirs in the same round."""
    slow = hook(lambda _: None)
    app = with_settings(outbox, **smtp(free_port()))
    share = tmp_path / "share"
    share.mkdir()
    addresses = {"down": "mailto:office@example.cn", "slow": slow.address, "gone": "folder:/nowhere/share"}
    queue(app, **addresses, share=f"folder:{share}")
    assert delivery.send_due(app, NOW) == {"sent": 1, "waiting": 3, "failed": 0}
    assert states(app) == {"down": "waiting", "slow": "waiting", "gone": "waiting", "share": "sent"}
    assert len(list(share.iterdir())) == 3


def test_after_its_tries_a_delivery_stays_failed_until_someone_asks(outbox: App) -> None:
    """The waits grow; after the last try it is failed; ``retry`` starts anew."""
    app = with_settings(outbox, delivery_tries="3")
    queue(app, gone="folder:/nowhere/share")
    at, waits = NOW, []
    while states(app) != {"gone": "failed"}:
        delivery.send_due(app, at)
        [row] = delivery.delivery_rows(app)
        if row["next_at"]:
            waits.append(datetime.fromisoformat(row["next_at"]) - at)
            at = datetime.fromisoformat(row["next_at"])
    assert waits == [timedelta(minutes=5), timedelta(minutes=10)]
    assert delivery.store.again(app.store, row["id"], "2026-11-21T03:00:00Z")
    assert not delivery.store.again(app.store, row["id"], "2026-11-21T03:00:00Z")
    assert states(app) == {"gone": "waiting"}


def test_a_file_that_was_changed_is_not_sent(outbox: App, tmp_path: Path) -> None:
    """What leaves is what was made: a file that is gone or changed is not sent, and the record says so."""
    queue(outbox, a=f"folder:{tmp_path}")
    for path in (outbox.paths.exports / "notices").glob("*jilin*.xlsx"):
        path.write_bytes(b"other")
    assert delivery.send_due(outbox, NOW)["failed"] == 1
    assert "gone or changed" in delivery.delivery_rows(outbox)[0]["error"]


def test_killed_half_way_nothing_is_lost_or_recorded_twice(outbox: App, hook: Callable[..., Hook]) -> None:
    """Killed after the other side took the body and before the answer: it is sent again under the same key, recorded once."""
    took = threading.Event()

    def answer(n: int) -> int | None:
        took.set()
        return None if n == 1 else 200

    server = hook(answer)
    app = with_settings(outbox)
    queue(app, hook=server.address)
    environ = {
        **os.environ,
        "DABIAO_HOME": str(app.paths.home),
        "DABIAO_WEBHOOK_SECRET": SECRET,
        "DABIAO_WEBHOOK_HOSTS": "127.0.0.1",
    }
    with subprocess.Popen([sys.executable, "-m", "dabiao.cli", "deliveries", "send"], env=environ) as child:
        assert took.wait(60)
        child.send_signal(signal.SIGKILL)
    [row] = delivery.delivery_rows(app)
    assert (row["state"], row["attempts"]) == ("sending", 1)
    assert delivery.send_due(app, NOW)["sent"] == 1
    assert {headers["Idempotency-Key"] for headers, _ in server.got} == {json.loads(server.got[0][1])["id"]}
    assert states(app) == {"hook": "sent"}
    assert delivery.send_due(app, NOW + timedelta(days=1))["sent"] == 0
    assert len(server.got) == 2


# -- who gets what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "wrong"),
    [
        ("mailto:a@example.cn", None),
        ("mailto:a@b.cn,c@d.cn", "not one mail address"),
        ("mailto:a@b.cn\nBcc: c@d.cn", "not one mail address"),
        ("mailto:nobody", "not one mail address"),
        ("folder:/srv/share", None),
        ("folder:share", "not an absolute folder"),
        ("https://hooks.example.cn/x", None),
        ("https://other.example.cn/x", "host other.example.cn is not in webhook_hosts"),
        ("http://hooks.example.cn/x", "http is for this machine alone; write https"),
        ("https://a:b@hooks.example.cn/x", "no name or password in an address"),
        ("ftp://hooks.example.cn", "write mailto:, folder: or https:"),
        ("", "write mailto:, folder: or https:"),
    ],
)
def test_addresses(to: str, wrong: str | None) -> None:
    """One mail address, an absolute folder, or https to an allowed host; nothing else."""
    assert wrong_address(to, ("hooks.example.cn",)) == wrong


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"name": "a", "to": "folder:/x", "region": "999999"}, "no region 999999"),
        ({"name": "a", "to": "folder:/x", "every": "day"}, "every"),
        ({"name": "a", "to": "folder:/x", "when": ["daily"]}, "when"),
        ({"to": "folder:/x"}, "name"),
    ],
)
def test_a_wrong_recipient_is_named(walked_app: App, entry: dict[str, Any], says: str) -> None:
    """An entry with a fault is refused with its place and why."""
    declared(walked_app, entry)
    with pytest.raises(RecipientsRefused, match=says):
        recipients(walked_app)


def test_a_password_is_never_shown(walked_app: App) -> None:
    """Neither the settings as text nor their listing shows a password or a key."""
    chosen = with_settings(walked_app, smtp_password="hunter2").settings
    assert "hunter2" not in f"{chosen!r}{chosen.smtp_password}{chosen.model_dump()}"
    assert SECRET not in repr(chosen)
