"""Every setting, once: environment variables ``DABIAO_…`` or ``dabiao.toml``; an unknown one is an error.

Read once, at the start of a process, and handed on as an argument.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from dabiao.assess.rules import RULES
from dabiao.errors import SettingsError

PREFIX = "DABIAO_"
FILE_NAME = "dabiao.toml"


STANDING = tuple(rule.name for rule in RULES)
"""Names of the rules that stand beside every status."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


class Settings(BaseModel):
    """All settings with their defaults. The environment wins over the file, the file over the default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Annotated[Path, Field(description="Folder of the store, inbox, exports and backups.")] = Path("var")
    lang: Annotated[
        Literal["zh-CN", "en"], Field(description="Language of the command line and of exports.")
    ] = "zh-CN"
    timezone: Annotated[str, Field(description="Timezone in which days begin and jobs are scheduled.")] = (
        "Asia/Shanghai"
    )
    host: Annotated[str, Field(description="Address the dashboard listens on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="Port the dashboard listens on.")] = 8050
    web_workers: Annotated[int, Field(ge=1, le=16, description="Web server processes.")] = 2
    on_track: Annotated[
        float, Field(gt=0, lt=1, description="Attainment from which a target is on track (IPCC: likely).")
    ] = 0.66
    off_track: Annotated[
        float, Field(gt=0, lt=1, description="Attainment below which a target is off track (IPCC: unlikely).")
    ] = 0.33
    model: Annotated[
        Literal["shrunk", "drift", "ols_trend", "ets"],
        Field(description="Forecast model of annual series."),
    ] = "shrunk"
    minimum_years: Annotated[
        int, Field(ge=3, description="Fewest annual values from which a probability is given.")
    ] = 5
    stale_years: Annotated[
        int, Field(ge=1, description="Complete years without a value after which a series is stale.")
    ] = 2
    deciding_rules: Annotated[
        str, Field(description="Rules that may turn on track into at risk; commas between them.")
    ] = "linear_schedule"
    fit_processes: Annotated[int, Field(ge=1, description="Processes that fit forecasts.")] = 1
    job_import: Annotated[str, Field(description="Cron words (minute hour day month weekday).")] = (
        "*/10 * * * *"
    )
    job_forecast: Annotated[str, Field(description="Cron words of the forecast job.")] = "0 6 * * *"
    job_assess: Annotated[str, Field(description="Cron words of the assessment job.")] = "10 6 * * *"
    job_alerts: Annotated[str, Field(description="Cron words of the alert export job.")] = "20 6 * * *"
    busy_timeout_ms: Annotated[
        int, Field(ge=0, description="How long a write waits for the store's lock.")
    ] = 5000
    max_import_mb: Annotated[int, Field(ge=1, description="Largest file the importer reads.")] = 256

    @field_validator("deciding_rules")
    @classmethod
    def _known_rules(cls, value: str) -> str:
        if unknown := [name for name in _names(value) if name not in STANDING]:
            raise ValueError(
                f"no rule {', '.join(unknown)} beside the status; choose from {', '.join(STANDING)}"
            )
        return value

    @property
    def deciding(self) -> tuple[str, ...]:
        """The names in ``deciding_rules``."""
        return _names(self.deciding_rules)

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"unknown timezone {value!r}") from error
        return value

    @field_validator("home", mode="before")
    @classmethod
    def _some_home(cls, value: Any) -> Any:
        if value == "":
            raise ValueError("empty: name a folder, or unset it for the default")
        return value

    @field_validator("job_import", "job_forecast", "job_assess", "job_alerts")
    @classmethod
    def _cron(cls, value: str) -> str:
        words = value.split()
        if len(words) != 5:
            raise ValueError(f"{value!r} is not five cron words (minute hour day month weekday)")
        if any(ch.isdigit() for ch in words[4]):
            # APScheduler counts weekdays from Monday, cron from Sunday: a number would fire on another day than meant.
            raise ValueError(f"weekday {words[4]!r}: write it by name (mon … sun)")
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Settings:
        if self.off_track >= self.on_track:
            raise ValueError("off_track must be below on_track")
        return self


def load(environ: Mapping[str, str] | None = None, cwd: Path | None = None) -> Settings:
    """Settings of this process.

    The file is ``$DABIAO_CONFIG`` if given, else ``dabiao.toml`` in the home folder if it is there.

    Raises:
        SettingsError: an unknown name or a wrong value, from the environment or the file; it names which.
    """
    environ = os.environ if environ is None else environ
    cwd = Path.cwd() if cwd is None else cwd
    given: dict[str, Any] = {}
    names = set(Settings.model_fields)
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable == f"{PREFIX}CONFIG":
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in names:
            raise SettingsError(
                "setting_unknown", name=variable, where="environment", known=", ".join(sorted(names))
            )
        given[name] = value
    home = Path(given.get("home", Settings.model_fields["home"].default))
    path = cwd / environ.get(f"{PREFIX}CONFIG", home / FILE_NAME)
    if f"{PREFIX}CONFIG" in environ and not path.is_file():
        raise SettingsError("settings_file_missing", path=str(path))
    if path.is_file():
        try:
            from_file = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsError("settings_file_unreadable", path=str(path), detail=str(error)) from error
        for name in from_file:
            if name not in names:
                raise SettingsError(
                    "setting_unknown", name=name, where=str(path), known=", ".join(sorted(names))
                )
        given = {**from_file, **given}
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "on_track/off_track"
        raise SettingsError("setting_wrong", name=name, detail=first["msg"]) from error
    return settings.model_copy(update={"home": (cwd / settings.home).resolve()})
