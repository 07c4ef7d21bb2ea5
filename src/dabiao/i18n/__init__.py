"""Messages in zh-CN and en, side by side in ``*.toml`` files, so that a missing half cannot go unseen.

A message is ``[area.name]`` with ``zh`` and ``en``; placeholders are ``str.format`` fields and must be the same in both.
``{n|value|values}`` chooses an English plural form by the value of ``n``.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Lang = Literal["zh-CN", "en"]
LANGS: tuple[Lang, ...] = ("zh-CN", "en")
_SHORT = {"zh-CN": "zh", "en": "en"}
_PLURAL = re.compile(r"\{(\w+)\|([^|{}]*)\|([^|{}]*)\}")


class MessageError(Exception):
    """A catalogue is incomplete or a message was asked for that does not exist: a wrong program, not a wrong input."""


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, node in tree.items():
        key = f"{prefix}{name}"
        if set(node) <= {"zh", "en"} and all(isinstance(v, str) for v in node.values()):
            if set(node) != {"zh", "en"}:
                raise MessageError(f"message {key} lacks a language")
            found[key] = dict(node)
        else:
            found.update(_flatten(node, f"{key}."))
    return found


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All messages: ``{key: {"zh": …, "en": …}}``.

    Raises:
        MessageError: a message lacks a language, or two files hold the same key.
    """
    merged: dict[str, dict[str, str]] = {}
    for path in sorted(files(__name__).iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".toml"):
            continue
        messages = _flatten(tomllib.loads(path.read_text("utf-8")))
        if double := merged.keys() & messages.keys():
            raise MessageError(f"{path.name} repeats {sorted(double)}")
        merged.update(messages)
    return merged


def placeholders(message: str) -> set[str]:
    """The names of a message's fields, plural forms included."""
    plain = _PLURAL.sub(lambda m: "{" + m[1] + "}", message)
    return {field for _, field, _, _ in string.Formatter().parse(plain) if field}


def text(key: str, lang: str, /, **params: Any) -> str:
    """The message ``key`` in ``lang`` (``zh-CN`` or ``en``), with its fields filled.

    Raises:
        MessageError: there is no such message, or a field is missing.
    """
    try:
        message = catalogue()[key][_SHORT[lang]]
    except KeyError:
        raise MessageError(f"no message {key!r} in {lang!r}") from None
    try:
        return _PLURAL.sub(lambda m: m[2] if params[m[1]] == 1 else m[3], message).format(**params)
    except (KeyError, IndexError) as missing:
        raise MessageError(f"message {key!r} needs {missing}") from None


def has(key: str) -> bool:
    """Whether there is a message ``key``."""
    return key in catalogue()


def normalise_lang(asked: str | None, default: Lang = "zh-CN") -> Lang:
    """The language nearest to a tag such as ``zh``, ``zh_CN.UTF-8``, ``en-GB``; ``default`` for anything else."""
    tag = (asked or "").lower().replace("_", "-")
    if tag.startswith("zh"):
        return "zh-CN"
    if tag.startswith("en"):
        return "en"
    return default
