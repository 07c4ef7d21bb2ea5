"""An operation of the API: a function, where it answers, the right that it needs and the shapes that it takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from dabiao.domain.access import Right
from dashboard.api import asking
from dashboard.asked import Asked

ROOT = "/api/v1"
ENDPOINT = "api."
"""Beginning of the endpoints' names."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an operation, read.

    Attributes:
        path: the values of the address's own parts.
        query: of the operation's model.
        body: of the operation's model, where it has one.
    """

    asked: Asked
    path: Mapping[str, Any]
    query: Any
    body: Any = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of which a page is sent.

    Attributes:
        total: how many rows there are.
        fetch: gives the rows at ``offset``, at most ``limit``.
    """

    total: int
    fetch: Callable[[int, int], Sequence[Mapping[str, Any]]]

    @classmethod
    def of(cls, rows: Sequence[Any], made: Callable[[Any], Mapping[str, Any]] = lambda row: row) -> Rows:
        """A list that is at hand, whose rows are made when they are sent."""
        return cls(len(rows), lambda offset, limit: [made(r) for r in rows[offset : offset + limit]])


@dataclass(frozen=True, slots=True)
class Made:
    """What a change has made, with the address of it."""

    content: Mapping[str, Any]
    status: int = 200
    location: str | None = None


Given = Rows | Made | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        name: of the operation, in the document and in the message catalogue (``api.operation.<name>``).
        parts: the type of each part of the address in braces.
        answer: model of the answer, of a list's rows; ``None`` for what is no JSON row (``media``).
        listing: whether it answers a list, page by page.
        by_content: the answer's tag is made of the answer, because it hangs on more than the store's data version.
        fails: the statuses that this operation can answer beside those that all can.
        done: the statuses of success.
        body: media types of the body with the model of each; ``None`` for bytes.
        media: media type of an answer that is no JSON.
    """

    name: str
    method: str
    path: str
    right: Right
    tag: str
    run: Callable[[Call], Given]
    query: type[asking.Query]
    answer: type[BaseModel] | None
    parts: Mapping[str, Any] = field(default_factory=dict)
    listing: bool = False
    by_content: bool = False
    fails: tuple[int, ...] = ()
    done: tuple[int, ...] = (200,)
    body: Mapping[str, type[BaseModel] | None] = field(default_factory=dict)
    media: str | None = None

    @property
    def endpoint(self) -> str:
        return f"{ENDPOINT}{self.name}"

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    @property
    def rule(self) -> str:
        """The address as the router has it."""
        return ROOT + self.path.replace("{", "<").replace("}", ">")
