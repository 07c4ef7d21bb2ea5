"""Which mapping file settles what a file leaves open."""

from __future__ import annotations

from pathlib import Path

from dabiao.ingest.mapping import EMPTY, Mapping, load_mapping, mapping_for
from dabiao.services.app import App


def mapping_of(app: App, file: str, source: str | None, path: Path | None = None) -> Mapping:
    """The mapping for a file: the one given, else the one of ``$DABIAO_HOME/mappings`` that matches its name or source.

    Raises:
        ImportRefused: a mapping file is wrong, or several fit.
    """
    if path is not None:
        return load_mapping(path)
    return mapping_for(app.paths.mappings, file, source) or EMPTY
