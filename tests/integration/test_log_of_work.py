"""The log of a real run: JSON lines with their run, and nothing of what files hold or of what is secret."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from dabiao.services.app import App

HEAD = "region,indicator,period,value,unit,tier,state,source,published\n"
CELL = "约十八点三七"
SECRET = "Tr0ub4dor-and-3"


def test_a_run_says_what_it_did_and_quotes_nothing(app: App) -> None:
    """A file with a good and a wrong row, at the loudest level, with a password in the settings."""
    app.store.close()
    (app.paths.inbox / "报表.csv").write_text(
        HEAD
        + "泉州市,pm25,2023,18.37,µg/m3,official,final,泉州市生态环境状况公报,2024-06-05\n"
        + f"泉州市,pm25,2024,{CELL},µg/m3,official,final,泉州市生态环境状况公报,2025-06-05\n",
        "utf-8",
    )
    old = app.paths.inbox / "报表.csv"
    os.utime(old, (1_700_000_000, 1_700_000_000))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")} | {
        "DABIAO_HOME": str(app.paths.home),
        "DABIAO_LOG_LEVEL": "debug",
        "DABIAO_SMTP_PASSWORD": SECRET,
        "DABIAO_WEBHOOK_SECRET": SECRET,
    }
    done = subprocess.run(
        [sys.executable, "-m", "jobs", "run", "import"],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[2],
    )
    run = json.loads(done.stdout)
    assert (run["state"], run["counts"]["accepted"], run["counts"]["refused"]) == ("done", 1, 1)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    ours = [line for line in lines if line.get("run_id") == run["id"]]
    assert [line["event"] for line in ours][:1] == ["run_started"]
    assert "run_done" in [line["event"] for line in ours]
    assert {line["process"] for line in lines} == {"jobs"}
    for text in (done.stderr, "\n".join(run["log"])):
        assert CELL not in text
        assert "18.37" not in text
        assert SECRET not in text
