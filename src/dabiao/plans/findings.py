"""What reading any declared file needs: its bytes, its YAML with digits as written, and a place for what is wrong with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a declared file. ``code`` is a key under ``finding.`` in the message catalogues."""

    file: str
    line: int | None
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    severity: str = "error"


@dataclass(slots=True)
class Files:
    """The declared files that were read: what is wrong in them, and their digests by name."""

    findings: list[Finding] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    def read(self, path: Path, name: str) -> bytes | None:
        """The bytes of a file in UTF-8; ``None``, and a finding, where there are none."""
        try:
            raw = path.read_bytes()
            raw.decode("utf-8")
        except FileNotFoundError:
            self.add(name, None, "file_missing")
            return None
        except UnicodeDecodeError as error:
            self.add(name, None, "file_not_utf8", {"position": error.start})
            return None
        self.digests[name] = hashlib.sha256(raw).hexdigest()
        return raw

    def add(
        self,
        file: str,
        line: int | None,
        code: str,
        params: dict[str, Any] | None = None,
        severity: str = "error",
    ) -> None:
        """Note what is wrong."""
        self.findings.append(Finding(file, line, code, params or {}, severity))


class Loader(yaml.CSafeLoader):
    """Numbers with the digits as written: a float would make 45.20 of a plan 45.2, and its precision is what binds."""


def _as_written(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Decimal | float:
    try:
        return Decimal(node.value)
    except InvalidOperation:
        found: float = loader.construct_yaml_float(node)
        return found


Loader.add_constructor("tag:yaml.org,2002:float", _as_written)
