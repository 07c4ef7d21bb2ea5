"""What an action is: a form goes in, a sentence and where to go comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from werkzeug.datastructures import FileStorage, MultiDict

from dabiao.errors import DabiaoError
from dashboard.asked import Asked

Form = MultiDict[str, str]
Files = MultiDict[str, FileStorage]


class Noted(NamedTuple):
    """What the audit is to know of an action: its name, ``<family>.<word>``; to what, ``<family>:<id>``; figures and words."""

    action: str
    subject: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words, and the page to show next (``None`` to stay).

    Attributes:
        noted: for the audit; ``None`` where the action itself makes a row of it, as an import and all that is done to alerts do.
    """

    said: str
    href: str | None = None
    noted: Noted | None = None


Action = Callable[[Asked, Form, Files], Done]


def number(form: Form, name: str) -> int:
    """A number of a form.

    Raises:
        DabiaoError: ``form_incomplete``.
    """
    text = form.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise DabiaoError("form_incomplete", name=name)
    return int(text)
