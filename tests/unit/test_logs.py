"""What a log says, and what it never says."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from dabiao import logs
from dabiao.errors import DabiaoError, ImportRefused, StoreUnwritable

SECRET = "Tr0ub4dor-and-3"
CELL = "泉州市,pm25,18.1"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Logging of the process is put back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was logged; standard output stays free for data."""
    out, err = captured.readouterr()
    assert out == ""
    return [json.loads(line) for line in err.splitlines()]


def test_a_line_is_an_object_of_its_process(capsys: pytest.CaptureFixture[str]) -> None:
    """Our own events and those of libraries have the same fields, and what is bound stands in both."""
    logs.configure("web")
    structlog.contextvars.bind_contextvars(request_id="r-1")
    structlog.get_logger().info("request", status=200)
    logging.getLogger("gunicorn.error").warning("worker %s", 7)
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["status"], ours["level"]) == ("request", 200, "info")
    assert (theirs["event"], theirs["level"]) == ("worker 7", "warning")
    for line in (ours, theirs):
        assert line["process"] == "web"
        assert line["request_id"] == "r-1"
        assert str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize(("level", "heard"), [("debug", 3), ("info", 2), ("warning", 1), ("error", 0)])
def test_less_than_the_level_is_not_said(
    capsys: pytest.CaptureFixture[str], level: logs.Level, heard: int
) -> None:
    """The setting is the least severity that is logged."""
    logs.configure("jobs", "json", level)
    log = structlog.get_logger()
    log.debug("a")
    log.info("b")
    log.warning("c")
    assert len(lines(capsys)) == heard


def test_the_record_of_a_run_hears_what_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """A quiet terminal does not empty the log that a run keeps of itself."""
    kept = []

    def keep(_logger: object, _name: str, event: dict[str, object]) -> dict[str, object]:
        kept.append(event["event"])
        return event

    logs.configure("jobs", "json", "error", also=[keep])
    structlog.get_logger().info("run_done")
    assert (kept, lines(capsys)) == (["run_done"], [])


def test_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """The other form is a line to read, without escapes of a terminal."""
    logs.configure("cli", "text")
    structlog.get_logger().info("delivery", state="sent")
    said = capsys.readouterr().err
    assert "delivery" in said
    assert "state=sent" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    "fields",
    [
        {"password": SECRET},
        {"smtp_password": SECRET},
        {"token": SECRET},
        {"Authorization": f"Bearer {SECRET}"},
        {"headers": {"Cookie": f"dabiao={SECRET}"}},
        {"detail": f"password={SECRET} is wrong"},
        {"detail": f"Authorization: Bearer {SECRET}"},
        {"address": f"https://hooks.example/in?key={SECRET}"},
        {"tried": [f"token: {SECRET}"]},
    ],
)
def test_a_secret_is_never_logged(capsys: pytest.CaptureFixture[str], fields: dict[str, object]) -> None:
    """Neither under its name nor within a text, by us or by a library."""
    logs.configure("web")
    structlog.get_logger().info("said", **fields)
    logging.getLogger("some.library").error("%s", next(iter(fields.values())))
    first, second = lines(capsys)
    assert SECRET not in json.dumps(first)
    if next(iter(fields)) in ("detail", "address", "tried", "Authorization"):
        assert SECRET not in json.dumps(second)


@given(st.text("abcdefgh0123456789-_.~+/", min_size=8, max_size=40))
def test_no_bearer_token_passes(secret: str) -> None:
    """Whatever a token is made of, a text that names it loses it."""
    assert secret not in logs.hide(None, "", {"event": f"sent Bearer {secret} to them"})["event"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError(f"could not read {CELL!r}"), False),
        (KeyError(CELL), False),
        (ImportRefused("file_changed", file=CELL), False),
        (DabiaoError("date_wrong", text=CELL), False),
        (StoreUnwritable("store_disk_full", path="/srv/dabiao.sqlite", detail="disk I/O error"), True),
        (sqlite3.OperationalError("no such table: targets"), True),
        (FileNotFoundError(2, "No such file or directory", "/srv/x"), True),
    ],
)
def test_an_error_is_told_without_what_it_quotes(
    capsys: pytest.CaptureFixture[str], error: Exception, told: bool
) -> None:
    """Type and place always; the words only where they cannot be a cell of someone's file."""
    logs.configure("jobs")
    try:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError(CELL) from cause
    except RuntimeError:
        structlog.get_logger().exception("run_failed")
        logging.getLogger("apscheduler").exception("failed")
    for line in lines(capsys):
        said = str(line["exception"])
        assert CELL not in json.dumps(line, ensure_ascii=False)
        assert type(error).__name__ in said
        assert "RuntimeError" in said
        assert "test_logs.py" in said
        assert (str(error) in said) is told


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [
        ("a", True),
        ("6f1c-0.A_9", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("", False),
        (None, False),
        ("-a", False),
        ("a b", False),
        ('a","level":"error', False),
        ("a\n", False),
        ("泉州", False),
    ],
)
def test_a_request_id_is_taken_only_if_it_is_harmless(given_id: str | None, kept: bool) -> None:
    """What could break a line of a log, or fill it, is replaced."""
    found = logs.request_id(given_id)
    assert (found == given_id) is kept
    assert found.isascii()
    assert 1 <= len(found) <= 64
