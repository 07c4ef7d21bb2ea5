"""What a deployment needs of its machine: versions, limits, folders, file system, browser and fonts, other servers."""

from __future__ import annotations

import platform
import resource
import shutil
import socket
import sqlite3
import ssl
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from dabiao.errors import DabiaoError
from dabiao.reports import picture
from dabiao.services.app import Paths
from dabiao.services.operate.outcome import Outcome, fail, ok, refused, warn
from dabiao.services.operate.readiness import probe
from dabiao.settings import FILE_NAME, Settings

SQLITE = (3, 38, 0)
"""The first SQLite that reads JSON with ``->>``; tables are ``STRICT`` since 3.37."""
FILES = 1024
"""File descriptors: eight threads and their connections, files and sockets for each worker."""
NETWORK_FILES = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "beegfs",
        "fuse.sshfs",
    }
)
"""File systems on which SQLite's locks and its shared log index do not hold (sqlite.org/wal.html, sqlite.org/faq.html#q5)."""
PASSING = frozenset({"tmpfs", "ramfs"})


def looks(settings: Settings, paths: Paths, *, network: bool) -> Iterator[Outcome]:
    """Everything that can be seen without the store."""
    yield _versions()
    yield _descriptors()
    yield _home(paths)
    yield _file_system(paths, Path("/proc/self/mountinfo"))
    yield _open_to_others(settings, paths)
    yield _browser()
    yield _fonts()
    if network:
        yield from _servers(settings)


def _versions() -> Outcome:
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    if sqlite3.sqlite_version_info < SQLITE:
        return fail("versions", needed=".".join(map(str, SQLITE)), **found)
    return ok("versions", **found)


def _descriptors() -> Outcome:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return ok("descriptors", limit=soft) if soft >= FILES else warn("descriptors", limit=soft, needed=FILES)


def _home(paths: Paths) -> Outcome:
    try:
        probe(paths.home)
    except DabiaoError as error:
        return refused("home", error)
    return ok("home", path=str(paths.home))


def _file_system(paths: Paths, mounts: Path) -> Outcome:
    kind = file_system(paths.home.resolve(), mounts)
    if kind in NETWORK_FILES or kind in PASSING:
        code = "network" if kind in NETWORK_FILES else "passing"
        found = warn("file_system", path=str(paths.home), kind=kind)
        return Outcome(found.check, found.level, f"doctor.file_system.{code}", found.params)
    return ok("file_system", kind=kind)


def file_system(folder: Path, mounts: Path) -> str:
    """The kind of file system that a folder lies on, by Linux's table of mounts; ``?`` where there is none."""
    best, kind = "", "?"
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return kind
    for line in lines:
        before, _, after = line.partition(" - ")
        if len(before.split()) < 5 or not after:
            continue
        # The kernel writes a space in a path as \040.
        point = before.split()[4].encode().decode("unicode_escape")
        if folder.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, after.split()[0]
    return kind


def _open_to_others(settings: Settings, paths: Paths) -> Outcome:
    """What holds values or secrets is for the service's own user: who writes it past the program leaves no row in the audit."""
    for path in (paths.home, paths.store, paths.raw, paths.backups, paths.home / FILE_NAME):
        if _allowed(path, stat.S_IWOTH):
            found = fail("permissions", path=str(path))
            return Outcome(found.check, found.level, "doctor.permissions.writable", found.params)
    secrets = (settings.smtp_password, settings.webhook_secret, settings.oidc_client_secret)
    secret = any(s.get_secret_value() for s in secrets)
    for path in (paths.store, *([paths.home / FILE_NAME] if secret else [])):
        if _allowed(path, stat.S_IROTH):
            return warn("permissions", path=str(path))
    return ok("permissions")


def _allowed(path: Path, bit: int) -> bool:
    """Whether everyone on this machine may do that with a file or folder; what is not there nobody may."""
    try:
        return bool(path.stat().st_mode & bit) and _reachable(path.parent)
    except OSError:
        return False


def _reachable(folder: Path) -> bool:
    return all(p.stat().st_mode & stat.S_IXOTH for p in (folder, *folder.parents))


def _browser() -> Outcome:
    found = picture.find()
    return warn("browser") if found is None else ok("browser", path=found)


def _fonts() -> Outcome:
    program = shutil.which("fc-list")
    if program is None:
        return warn("fonts")
    listed = subprocess.run(  # noqa: S603 - a fixed command
        [program, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False, timeout=20
    ).stdout
    names = sorted({line.split(",")[0].strip() for line in listed.splitlines() if line.strip()})
    return ok("fonts", count=len(names), name=names[0]) if names else warn("fonts")


def _servers(settings: Settings) -> Iterator[Outcome]:
    if settings.smtp_host:
        yield _reached(
            "mail",
            settings.smtp_host,
            settings.smtp_port,
            settings.delivery_seconds,
            tls=settings.smtp_security == "tls",
        )
    for name in settings.webhook_allowed:
        host, _, port = name.partition(":")
        yield _reached("webhook", host, int(port or 443), settings.delivery_seconds, tls=not port)


def _reached(
    check: str,
    host: str,
    port: int,
    seconds: float,
    *,
    tls: bool,
    connect: Callable[..., socket.socket] = socket.create_connection,
) -> Outcome:
    """Whether a connection can be made, with a certificate that this machine trusts; nothing is sent."""
    where = f"{host}:{port}"
    try:
        with connect((host, port), timeout=seconds) as plain:
            if tls:
                with ssl.create_default_context().wrap_socket(plain, server_hostname=host):
                    pass
    except OSError as error:
        return warn(check, where=where, detail=str(error))
    return ok(check, where=where)
