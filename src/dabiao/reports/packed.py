"""Zip packages whose bytes hang on their content alone: fixed order and dates."""

from __future__ import annotations

import io
import zipfile

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def repacked(data: bytes) -> bytes:
    """The same package with the names in order and no date of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        # a reader looks for this part first
        names = sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            made.writestr(zipfile.ZipInfo(name, _FIRST_DAY), given.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
