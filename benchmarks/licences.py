"""Writes ``docs/licences.md``: every package that dabiao is installed with, and its licence; or checks that page.

``python benchmarks/licences.py`` writes it from the metadata of what is installed; ``--check`` (in ``make check``) fails if a
package is missing there, has another licence than the page says, or has one that is not in :data:`ALLOWED`. A page that lists
more than is installed is in order: some packages are for other systems or Pythons.
"""

from __future__ import annotations

import argparse
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).parents[1] / "docs/licences.md"

ALLOWED = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "HPND", "ISC", "MIT", "MIT-0",
    "MIT-CMU", "MPL-2.0", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib", "CC0-1.0",
}  # fmt: skip
"""Licences under which a service may use a library unchanged without giving its own source away (MPL: of changed files alone)."""

SPELLED = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache-2.0 license": "Apache-2.0",
    "bsd": "BSD",
    "bsd license": "BSD",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd-3-clause license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "isc license": "ISC",
    "mit license": "MIT",
    "the mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "psf": "PSF-2.0",
}
KNOWN = {"click-default-group": "BSD-3-Clause"}
"""Packages whose metadata do not say it, after a look at their licence file."""

_WORDS = re.compile(r"\s+(?:AND|OR|WITH)\s+|[()]|\s*;\s*|\s*/\s*")


def closure(
    name: str = "dabiao", extras: frozenset[str] = frozenset({"dask", "oidc"})
) -> dict[str, Distribution]:
    """Every installed package that the program needs, its extras' too."""
    found: dict[str, Distribution] = {}
    waiting = [(name, extras)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        try:
            package = distribution(here[0])
        except PackageNotFoundError:
            continue
        if here[0] != name:
            found[canonicalize_name(here[0])] = package
        for text in package.requires or ():
            wanted = Requirement(text)
            if wanted.marker is None or any(
                wanted.marker.evaluate({"extra": extra}) for extra in (*here[1], "")
            ):
                waiting.append((canonicalize_name(wanted.name), frozenset(wanted.extras)))
    return found


def licence(package: Distribution) -> str:
    """What a package says of its licence: the expression, else the classifiers, else the first line of the field."""
    about = package.metadata
    name = canonicalize_name(about["Name"])
    if name in KNOWN:
        return KNOWN[name]
    if about["License-Expression"]:
        return str(about["License-Expression"])
    classes = [
        c.rsplit(" :: ", 1)[1]
        for c in about.get_all("Classifier", [])
        if c.startswith("License :: OSI Approved :: ")
    ]
    field = (about["License"] or "").strip().splitlines()
    said = classes or field[:1]
    return " AND ".join(SPELLED.get(s.strip().lower(), s.strip()) for s in said) or "?"


def allowed(text: str) -> bool:
    """Whether every licence that an expression names, or one of those to choose from, is allowed."""
    if " OR " in text and " AND " not in text:
        return any(allowed(part) for part in text.strip("()").split(" OR "))
    return all(word in ALLOWED for part in _WORDS.split(text) if (word := part.strip()))


CARRIED = {"plotly.js (basic bundle, `dashboard/assets`)": "MIT"}
"""What the tree carries of others, with its licence beside it."""


def page(found: dict[str, str]) -> str:
    """The page."""
    rows = "\n".join(f"| {name} | {text} |" for name, text in sorted({**found, **CARRIED}.items()))
    return f"""# Licences of what is installed 所用软件包的许可证

dabiao itself is under Apache-2.0. These packages are installed with it (extras included); versions and hashes stand in
`uv.lock`. `python benchmarks/licences.py` writes this page from the packages' own metadata, and `make check` fails if a package
is missing here or has a licence that is not among the allowed ones in that script.

达标本身采用 Apache-2.0 许可证。下列软件包随之安装，版本与校验值见 `uv.lock`；本页由脚本生成，`make check` 核对。

| package 软件包 | licence 许可证 |
|---|---|
{rows}
"""


def main(*, check: bool) -> int:
    """Write or check."""
    found = {name: licence(package) for name, package in closure().items()}
    wrong = [f"{name}: {text} is not an allowed licence" for name, text in found.items() if not allowed(text)]
    if not check:
        PAGE.write_text(page(found), "utf-8")
    listed = dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE))
    wrong += [
        f"{name}: docs/licences.md says {listed.get(name, 'nothing')}, the package {text}"
        for name, text in found.items()
        if listed.get(name) != text
    ]
    for line in sorted(wrong):
        print(line, file=sys.stderr)
    if not wrong:
        print(f"licences: {len(found)} packages, all allowed and listed", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    raise SystemExit(main(check=parser.parse_args().check))
