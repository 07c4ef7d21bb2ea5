"""What deploy/ and the operations page name exists: settings, commands, modules, files, addresses, measures."""

from __future__ import annotations

import configparser
import re
import shlex
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer.main

from dabiao.cli.commands import app as cli
from dabiao.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs/operations.md").read_text("utf-8")
PAGE_ZH = (ROOT / "docs/operations.zh.md").read_text("utf-8")
UNITS = sorted(DEPLOY.glob("*.service"))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")


def known(words: Sequence[str]) -> bool:
    """Whether the words after ``dabiao`` are a command with options that it has; placeholders in capitals are taken for values."""
    command = typer.main.get_command(cli)
    options: set[str] = set()
    for word in words:
        children = getattr(command, "commands", {})
        if word in children:
            command = children[word]
        elif children and not getattr(command, "invoke_without_command", False):
            return False
        elif word.startswith("--"):
            options.add(word.partition("=")[0])
    return options <= {o for p in command.params for o in p.opts} | {"--help"}


def test_the_settings_file_is_one() -> None:
    """The example can be read, names only settings that there are, and values that they take."""
    found = tomllib.loads((DEPLOY / "dabiao.toml").read_text("utf-8"))
    assert set(found) <= set(Settings.model_fields)
    Settings.model_validate(found)


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_a_unit_starts_a_command_with_known_settings(path: Path) -> None:
    """What systemd would start is a command of ours; what it sets is a setting."""
    unit = configparser.RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text("utf-8"))
    program, *words = shlex.split(unit["Service"]["ExecStart"])
    assert Path(program).name == "dabiao"
    assert known(words)
    for line in re.findall(rf"^Environment={PREFIX}(\w+)=", path.read_text("utf-8"), re.MULTILINE):
        assert line == "CONFIG" or line.lower() in Settings.model_fields
    home = tomllib.loads((DEPLOY / "dabiao.toml").read_text("utf-8"))["home"]
    assert Path(home).name == unit["Service"]["StateDirectory"]


def test_there_is_a_unit_for_each_process() -> None:
    """The web and the scheduler, which ``dabiao up`` starts together."""
    assert [p.stem for p in UNITS] == ["dabiao-jobs", "dabiao-web"]


def test_the_container_copies_what_there_is() -> None:
    """Each file that the image takes from the project is there, the installer is the project's own, the commands are ours."""
    copied = re.findall(r"^COPY (.+) \S+$", CONTAINERFILE, re.MULTILINE)
    assert copied
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name
    version = re.search(r"UV_VERSION=(\S+)", (ROOT / ".ci/setup").read_text("utf-8"))
    assert version is not None
    assert f"uv=={version[1]}" in CONTAINERFILE
    for line in re.findall(r"(?<![/\w])dabiao dabiao (.+)$", CONTAINERFILE, re.MULTILINE):
        assert known(shlex.split(line)), line


def test_nginx_speaks_to_the_port_and_size_of_the_dashboard() -> None:
    """The upstream is where the example of settings listens, and no upload is cut off before the dashboard refuses it."""
    from dashboard.app import LARGEST_REQUEST

    chosen = Settings.model_validate(tomllib.loads((DEPLOY / "dabiao.toml").read_text("utf-8")))
    assert f"server {chosen.host}:{chosen.port};" in NGINX
    assert f"client_max_body_size {LARGEST_REQUEST >> 20}m;" in NGINX
    assert chosen.trusted_proxies == 1
    for name in ("X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme", "X-Request-ID $request_id"):
        assert name in NGINX


COMMANDS = sorted(set(re.findall(r"`dabiao ([a-z][^`\n]*)`", PAGE)))


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_names_commands_that_there_are(command: str) -> None:
    """Every command that the operations page tells to run can be run."""
    assert known(shlex.split(command))


def test_the_page_names_settings_files_and_measures_that_there_are() -> None:
    """Settings in code marks, files of deploy/, and each measure that an alert rule of the page uses."""
    for name in re.findall(r"`((?:job|log|backup|retry|keep|session|smtp|webhook)_\w+)`", PAGE):
        assert name in Settings.model_fields, name
    for name in re.findall(r"deploy/([\w.-]+)", PAGE):
        assert (DEPLOY / name).exists(), name
    sources = "".join(
        (ROOT / name).read_text("utf-8")
        for name in ("src/dabiao/services/operate/measures.py", "dashboard/metrics.py")
    )
    measures = set(re.findall(r"\bdabiao_[a-z_]+", PAGE))
    assert measures
    for name in measures:
        stem = re.sub(r"_(total|bucket|count|sum)$", "", name)
        assert f'"{stem}"' in sources, name


def bare(page: str) -> list[object]:
    """What a page has in any language: levels of headings, rows of tables, code without comments, what is set as code."""
    blocks = [re.sub(r" *#.*", "", b) for b in re.findall(r"```(.*?)```", page, re.DOTALL)]
    text = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    levels = [len(h) for h in re.findall(r"^(#+) ", text, re.MULTILINE)]
    rows = [line.count(" |") for line in text.splitlines() if line.startswith("|")]
    return [
        blocks,
        levels,
        rows,
        sorted(re.findall(r"`[^`]+`", text)),
        sorted(re.findall(r"\]\((?!operations)(.+?)\)", text)),
    ]


def test_the_page_says_the_same_in_both_languages() -> None:
    """Whoever changes the one is led to the other: sections, rows, commands, measures and links are the same."""
    assert bare(PAGE_ZH) == bare(PAGE)
    assert not re.search(r"[\u4e00-\u9fff]", PAGE.replace("中文版", ""))
