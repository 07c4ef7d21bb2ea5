"""The table of operations, held against itself, the messages and the pages of the docs."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from dabiao import i18n
from dashboard.api import problems
from dashboard.api.document import document
from dashboard.api.operation import Operation
from dashboard.api.table import BY_ENDPOINT, OPERATIONS, statuses

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


def test_names_and_addresses_are_given_once() -> None:
    """No operation stands in another's way."""
    assert len(BY_ENDPOINT) == len(OPERATIONS)
    assert len({(o.method, o.path) for o in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_an_operation_says_what_it_does(operation: Operation) -> None:
    """Each part of the address has its type, a list its page, a change a body, the function its sentence."""
    assert re.findall(r"{(\w+)}", operation.path) == list(operation.parts)
    assert operation.listing <= ({"page", "size", "format"} <= set(operation.query.model_fields))
    assert bool(operation.body) is not operation.reads
    assert inspect.getdoc(operation.run)
    assert set(statuses(operation)) - {200, 201, 304} <= set(problems.STATUSES)


def test_nothing_of_the_document_is_left_unsaid() -> None:
    """Each parameter and answer has its sentence and a schema; each reference leads somewhere."""
    told = document("en")

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            return [
                *([node["$ref"]] if "$ref" in node else []),
                *(r for v in node.values() for r in references(v)),
            ]
        return [r for v in node for r in references(v)] if isinstance(node, list) else []

    for reference in references(dict(told)):
        node: Any = told
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
    for by_method in told["paths"].values():
        for operation in by_method.values():
            assert operation["summary"]
            assert all(p["description"] and p["schema"] for p in operation["parameters"])


@pytest.mark.parametrize("status", problems.STATUSES)
def test_every_refusal_has_its_words(status: int) -> None:
    """A title and a sentence in both languages."""
    for lang in i18n.LANGS:
        for part in ("title", "detail"):
            assert i18n.text(f"api.problem.{status}.{part}", lang)


def test_the_docs_have_every_operation_with_its_right() -> None:
    """The table in docs/api.md is the table of the program."""
    rows = re.findall(r"^\| `(\w+) (/[^`]*)` \| (\w+) \|", DOCS.read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted((o.method, o.path, str(o.right)) for o in OPERATIONS)


def test_a_reference_to_a_message_is_used() -> None:
    """The catalogue of the API has no sentence that nothing says."""
    told = document("en")
    parameters = {
        p["name"] for by_method in told["paths"].values() for o in by_method.values() for p in o["parameters"]
    }
    keys = {k for k in i18n.catalogue() if k.startswith("api.")}
    assert {k.removeprefix("api.operation.") for k in keys if k.startswith("api.operation.")} == {
        o.name for o in OPERATIONS
    }
    assert {k.removeprefix("api.parameter.") for k in keys if k.startswith("api.parameter.")} == parameters
