"""docs/commands.md against the command line itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from dabiao.cli.commands import app

PAGE = (Path(__file__).parents[2] / "docs/commands.md").read_text("utf-8")
HAN = re.compile(r"[\u4e00-\u9fff]")


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that can be called, as a person writes it."""

    def below(command: Any, name: str) -> Iterator[tuple[str, Any]]:
        children = getattr(command, "commands", None)
        if children is None or getattr(command, "invoke_without_command", False):
            yield name, command
        for key, child in (children or {}).items():
            yield from below(child, f"{name} {key}")

    root = typer.main.get_command(app)
    for key, command in root.commands.items():  # type: ignore[attr-defined]
        yield from below(command, f"dabiao {key}")


COMMANDS = dict(commands())
SECTIONS = {head: body for head, _, body in (part.partition("\n") for part in PAGE.split("\n## ")[1:])}


def test_the_page_has_every_command_and_no_other() -> None:
    """A command without a section is undocumented; a section without a command is a promise that is not kept."""
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_has_its_purpose_and_options(name: str) -> None:
    """Each command says what it is for in the help and, in both languages, on the page; each option is named there."""
    command, section = COMMANDS[name], SECTIONS[name]
    assert command.help
    first = section.strip().splitlines()[0]
    assert HAN.search(first), "the first line says it in Chinese"
    options = {o for p in command.params for o in p.opts if o.startswith("--")} - {"--help"}
    assert {o for o in options if f"`{o}`" not in section and f"`{o} " not in section} == set()
    named = set(re.findall(r"`(--[a-z-]+)", section))
    assert named <= options | {"--format"}, "an option that there is not"


@pytest.mark.parametrize("name", sorted(n for n, s in SECTIONS.items() if "```json" in s))
def test_the_examples_are_json(name: str) -> None:
    """What the page shows as JSON can be read as JSON."""
    for example in re.findall(r"```json\n(.*?)```", SECTIONS[name], re.DOTALL):
        assert json.loads(example)
