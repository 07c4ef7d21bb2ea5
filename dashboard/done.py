"""What an action is: a form goes in, a sentence and where to go comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from dabiao.errors import DabiaoError
from dashboard.asked import Asked

Form = MultiDict[str, str]
Files = MultiDict[str, FileStorage]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words, and the page to show next; ``None`` to stay."""

    said: str
    href: str | None = None


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
