"""The API on a running server: attacked by schemathesis, and asked by the client of the examples."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dashboard.api.document import document
from tests.browser.conftest import free_port, stop, wait
from tests.integration.api_cases import CSV

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def address(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server over the bundled data answers, without a limit."""
    home = tmp_path_factory.mktemp("api-live") / "home"
    shutil.copytree(_walked, home)
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    given = {"HOME": str(home), "WEB_WORKERS": "1", "API_RATE_PER_MINUTE": "0", "LOG_LEVEL": "error"}
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--port", str(port)],
        cwd=ROOT,
        env={**environment, **{f"DABIAO_{k}": v for k, v in given.items()}},
        stderr=subprocess.PIPE,
    )
    found = f"http://127.0.0.1:{port}"
    wait(found, process)
    yield found
    assert stop(process) == 0


def test_schemathesis_finds_nothing(address: str, tmp_path: Path) -> None:
    """For a bounded time every answer to right and wrong requests is one that the document names, in its shape."""
    report = tmp_path / "report.json"
    command = [
        *("st", "--config-file", str(Path(__file__).parent / "schemathesis.toml"), "run"),
        *("--max-time", "12", "--max-examples", "10", "--phases", "examples,coverage,fuzzing"),
        *("--no-shrink", "--warnings", "off", "--request-timeout", "60", "--generation-deterministic"),
        *("--report", "json", "--report-json-path", str(report)),
        f"{address}/api/v1/openapi.json?lang=en",
    ]
    done = subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_the_client_is_that_of_the_document() -> None:
    """What is committed is what the script makes of the document."""
    maker = script("make_client")
    made = maker.formatted(maker.client(document("en")))
    assert (EXAMPLES / "api_client.py").read_text("utf-8") == made


def test_the_client_asks(address: str) -> None:
    """Lists come whole over their pages, parts of an address are safe, a refusal is an error with its problem."""
    client = script("api_client")
    api = client.Client(address)
    ids = [t["id"] for t in api.every(api.targets, measure=["numeric"], size=7)]
    told = api.targets(measure=["numeric"], size=1)
    assert len(set(ids)) == len(ids) == told["total"]
    assert api.target(ids[0])["id"] == ids[0]
    with pytest.raises(client.ApiError) as refused:
        api.target("a/b?c=d")
    assert (refused.value.status, refused.value.problem["status"]) == (404, 404)
    seen = api.add_import(CSV.format(value=30).encode(), file="a.csv", dry_run=True)
    assert (seen["accepted"], seen["dry_run"]) == (1, True)


def test_the_example_runs(address: str) -> None:
    """``examples/off_track.py`` prints a line for each target that is off track or missed."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "off_track.py"), address],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )
    with urllib.request.urlopen(f"{address}/api/v1/status?status=missed&status=off_track&size=1") as answer:
        assert len(done.stdout.splitlines()) == json.load(answer)["total"] > 0
