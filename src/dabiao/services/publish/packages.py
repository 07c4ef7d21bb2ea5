"""Exports that are a folder of files with a manifest: what is in it, by digest."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from dabiao import __version__
from dabiao.services.app import App
from dabiao.services.files import explained
from dabiao.services.keep import audit
from dabiao.services.publish.notice_files import write_files

MANIFEST = "manifest.json"


def write_package(
    app: App, out: Path, files: Mapping[str, bytes], form: str, as_of: date, now: datetime
) -> list[Path]:
    """Write a folder of files and its manifest, and record what left.

    Files that the folder's manifest names from an earlier export, that are not made any more and that nobody has changed since
    are removed: a site must not go on showing a target that was withdrawn. Everything else in the folder stays.

    Args:
        app: the process's settings, paths, store and catalogue.
        out: the folder; it is made.
        files: contents by path below it.
        form: ``sdg`` or ``sdmx``.
        as_of: the day whose knowledge the files hold.
        now: the moment, for the audit.

    Returns:
        the paths of all files of the export, those too that were there already.

    Raises:
        StoreUnwritable: the folder cannot be written.
    """
    before = _listed(out / MANIFEST)
    made = {
        "form": form,
        "as_of": as_of.isoformat(),
        "program": f"dabiao {__version__}",
        "thresholds": {"on_track": app.settings.on_track, "off_track": app.settings.off_track},
        "files": {name: _digest(content) for name, content in sorted(files.items())},
    }
    contents = {**files, MANIFEST: (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()}
    write_files(out, {name: content for name, content in contents.items() if not _same(out / name, content)})
    for name in before.keys() - contents.keys():
        _remove(out, name, before[name])
    # the manifest has the digest of every file: one line in the audit holds them all
    audit.exported(app, now, out, {MANIFEST: contents[MANIFEST]})
    return [out / name for name in contents]


def _same(path: Path, content: bytes) -> bool:
    """Whether a file has this content already; most of a site has, from one day to the next."""
    with contextlib.suppress(OSError):
        return path.stat().st_size == len(content) and path.read_bytes() == content
    return False


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _listed(manifest: Path) -> dict[str, str]:
    """The files of an earlier export by their digests; none where there was none, or the manifest is no longer one."""
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
        found = json.loads(manifest.read_bytes())["files"]
        return {name: digest for name, digest in found.items() if _inside(name)}
    return {}


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _remove(out: Path, name: str, digest: str) -> None:
    path = out / name
    with explained(path), contextlib.suppress(FileNotFoundError, IsADirectoryError):
        if path.resolve().is_relative_to(out.resolve()) and _digest(path.read_bytes()) == digest:
            path.unlink()
