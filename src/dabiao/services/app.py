"""What every service needs, made once by :mod:`dabiao.bootstrap` and handed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dabiao.assess.verdict import Thresholds
from dabiao.domain.access import EVERYTHING, Scope
from dabiao.domain.catalogue import Catalogue
from dabiao.settings import Settings
from dabiao.store import Store


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things lie under ``$DABIAO_HOME``."""

    home: Path
    data: Path

    @property
    def store(self) -> Path:
        return self.home / "dabiao.sqlite"

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def processed(self) -> Path:
        return self.home / "processed"

    @property
    def failed(self) -> Path:
        return self.home / "failed"

    @property
    def mappings(self) -> Path:
        return self.home / "mappings"

    @property
    def attachments(self) -> Path:
        return self.home / "attachments"

    @property
    def declared(self) -> Path:
        """Regions, indicators, units and plans that the office adds to those of ``data``."""
        return self.home / "declared"

    @property
    def raw(self) -> Path:
        return self.home / "raw"

    @property
    def exports(self) -> Path:
        return self.home / "exports"

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    def folders(self) -> tuple[Path, ...]:
        return (self.inbox, self.processed, self.failed, self.raw, self.exports, self.backups)


@dataclass(frozen=True, slots=True)
class App:
    """Settings, paths, store and catalogue of one process, and who reads with it.

    Attributes:
        scope: what of the targets the reader sees (:mod:`dabiao.services.access.visible`); everything outside of requests.
        reader: the name of the reader's account; empty where nobody signed in.
    """

    settings: Settings
    paths: Paths
    store: Store
    catalogue: Catalogue
    scope: Scope = EVERYTHING
    reader: str = ""

    @property
    def thresholds(self) -> Thresholds:
        s = self.settings
        return Thresholds(s.on_track, s.off_track, s.minimum_years, s.stale_years)

    def today(self, now: datetime) -> date:
        """The day of a moment in the settings' timezone."""
        return now.astimezone(ZoneInfo(self.settings.timezone)).date()


def stamp(now: datetime) -> str:
    """A moment as stored: UTC, ISO, to the second."""
    return now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
