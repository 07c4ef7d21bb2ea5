"""Every setting, once: environment variables ``DABIAO_…`` or ``dabiao.toml``; an unknown one is an error.

Read once, at the start of a process, and handed on as an argument.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from dabiao.assess.alert_policy import parse_evidence, parse_levels, parse_starts
from dabiao.assess.rules import RULES
from dabiao.assess.rules.traffic_light import parse as parse_lights
from dabiao.domain.group_roles import parse as parse_roles
from dabiao.errors import SettingsError
from dabiao.ingest.readers.interface import LIMITS, Limits

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
    secure_cookies: Annotated[
        Literal["auto", "always", "never"],
        Field(description="Whether cookies go over HTTPS alone; auto: unless served to this machine alone."),
    ] = "auto"
    trusted_proxies: Annotated[
        int, Field(ge=0, le=5, description="Proxies in front whose X-Forwarded headers are believed.")
    ] = 0
    session_idle_minutes: Annotated[
        int, Field(ge=1, le=1440, description="Minutes without a request after which a session is over.")
    ] = 60
    session_hours: Annotated[
        int, Field(ge=1, le=720, description="Hours after which a session is over in any case.")
    ] = 12
    lock_after: Annotated[
        int, Field(ge=1, le=100, description="Failed sign-ins in a row after which an account must wait.")
    ] = 5
    lock_seconds: Annotated[
        int, Field(ge=1, le=3600, description="First wait in seconds; each further failure doubles it.")
    ] = 30
    api_rate_per_minute: Annotated[
        int, Field(ge=0, description="Requests a minute and caller that the API answers; 0 for no limit.")
    ] = 600
    oidc_issuer: Annotated[
        str,
        Field(description="Issuer address of the identity provider people may sign in by; empty for none."),
    ] = ""
    oidc_client_id: Annotated[str, Field(description="This service's id at the identity provider.")] = ""
    oidc_client_secret: Annotated[
        SecretStr,
        Field(description="This service's secret there, empty for a public client; never shown."),
    ] = SecretStr("")
    oidc_scopes: Annotated[
        str, Field(description="What is asked of the identity provider; spaces between.")
    ] = "openid profile email"
    oidc_roles: Annotated[
        str,
        Field(
            description="Roles by group there, GROUP=ROLE; semicolons between. Without a role nobody enters."
        ),
    ] = ""
    oidc_groups_claim: Annotated[
        str, Field(min_length=1, description="Claim that holds a person's groups.")
    ] = "groups"
    oidc_name_claim: Annotated[str, Field(min_length=1, description="Claim that names a new account.")] = (
        "preferred_username"
    )
    oidc_redirect_uri: Annotated[
        str,
        Field(
            description="Address the provider sends back to, ending in /login/oidc/back; by the request if empty."
        ),
    ] = ""
    wall_seconds: Annotated[
        int, Field(ge=5, le=3600, description="For how many seconds the wall shows a view.")
    ] = 20
    on_track: Annotated[
        float, Field(gt=0, lt=1, description="Attainment from which a target is on track (IPCC: likely).")
    ] = 0.66
    off_track: Annotated[
        float, Field(gt=0, lt=1, description="Attainment below which a target is off track (IPCC: unlikely).")
    ] = 0.33
    model: Annotated[
        Literal["pooled", "shrunk", "blend", "drift", "ols_trend", "ets"],
        Field(description="Forecast model of annual series."),
    ] = "pooled"
    model_monthly: Annotated[
        Literal["blend", "structural"],
        Field(description="Forecast model of monthly and quarterly series."),
    ] = "blend"
    minimum_years: Annotated[
        int, Field(ge=3, description="Fewest annual values from which a probability is given.")
    ] = 5
    stale_years: Annotated[
        int, Field(ge=1, description="Complete years without a value after which a series is stale.")
    ] = 2
    deciding_rules: Annotated[
        str, Field(description="Rules that may turn on track into at risk; commas between them.")
    ] = "linear_schedule"
    lights: Annotated[
        str, Field(description="Traffic lights beside each status: a set's name, or own borders in percent.")
    ] = "traffic_light"
    alert_evidence: Annotated[
        str,
        Field(description="Of how many of the last days assessed a target must be off track for an alert."),
    ] = "2 of 3"
    alert_sure: Annotated[
        float,
        Field(ge=0, lt=1, description="Attainment below which one day is enough (IPCC: very unlikely)."),
    ] = 0.10
    alert_margin: Annotated[
        float,
        Field(ge=0, lt=1, description="How far above off_track attainment must rise for an alert to clear."),
    ] = 0.07
    alert_levels: Annotated[
        str, Field(description="Escalation levels: Chinese name / English name, months; commas between them.")
    ] = "关注/Attention 0, 预警/Warning 2, 通报/Notice 4, 约谈建议/Talk advised 6"
    alert_starts: Annotated[
        str, Field(description="The first level of each kind of alert; commas between them.")
    ] = "off_track 1, reopened 1, provisional 2, missed 3"
    alert_reset_months: Annotated[
        int, Field(ge=0, description="Months without an alert after which its counter begins anew.")
    ] = 3
    alert_file_days: Annotated[
        int, Field(ge=0, description="Days after its acknowledgement that a settled miss is filed.")
    ] = 90
    log_format: Annotated[
        Literal["json", "text"], Field(description="Form of the log lines on standard error.")
    ] = "json"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="Least severity that is logged.")
    ] = "info"
    fit_processes: Annotated[
        int, Field(ge=1, description="Processes that fit forecasts and judge targets.")
    ] = 1
    job_import: Annotated[str, Field(description="Cron words (minute hour day month weekday).")] = (
        "*/10 * * * *"
    )
    job_derive: Annotated[str, Field(description="Cron words of the derivation job.")] = "50 5 * * *"
    job_forecast: Annotated[str, Field(description="Cron words of the forecast job.")] = "0 6 * * *"
    job_assess: Annotated[str, Field(description="Cron words of the assessment job.")] = "10 6 * * *"
    job_alerts: Annotated[str, Field(description="Cron words of the alert export job.")] = "20 6 * * *"
    job_notices: Annotated[str, Field(description="Cron words of the notices job.")] = "30 6 * * *"
    job_backup: Annotated[str, Field(description="Cron words of the backup job.")] = "30 1 * * *"
    job_check: Annotated[str, Field(description="Cron words of the check job.")] = "30 4 * * *"
    job_retention: Annotated[str, Field(description="Cron words of the retention job.")] = "0 5 * * *"
    retry_tries: Annotated[
        int, Field(ge=1, le=20, description="Attempts of a job's run before it stays failed.")
    ] = 4
    retry_first_seconds: Annotated[
        int, Field(ge=1, description="Seconds before a failed job's second attempt.")
    ] = 60
    retry_factor: Annotated[
        float, Field(ge=1, le=100, description="How many times longer each further wait is.")
    ] = 4.0
    retry_cap_seconds: Annotated[
        int, Field(ge=1, description="Longest wait between two attempts, in seconds.")
    ] = 3600
    keep_processed_days: Annotated[
        int, Field(ge=0, description="Days an imported file stays in processed/; 0 for ever.")
    ] = 90
    keep_exports_days: Annotated[
        int, Field(ge=0, description="Days an exported file stays in exports/; 0 for ever.")
    ] = 400
    keep_runs_days: Annotated[
        int, Field(ge=0, description="Days the record of a job's run stays; 0 for ever.")
    ] = 400
    backup_daily: Annotated[int, Field(ge=0, description="Days of which the last backup is kept.")] = 7
    backup_weekly: Annotated[int, Field(ge=0, description="Weeks of which the last backup is kept.")] = 5
    backup_monthly: Annotated[int, Field(ge=0, description="Months of which the last backup is kept.")] = 12
    notice_month_day: Annotated[
        int, Field(ge=1, le=10, description="Day of the month from which last month's notice is due.")
    ] = 8
    smtp_host: Annotated[str, Field(description="Mail server for notices; empty for none.")] = ""
    smtp_port: Annotated[int, Field(ge=1, le=65535, description="Port of the mail server.")] = 587
    smtp_security: Annotated[
        Literal["starttls", "tls", "none"], Field(description="How the mail server is spoken to.")
    ] = "starttls"
    smtp_user: Annotated[str, Field(description="Name at the mail server; empty for no login.")] = ""
    smtp_password: Annotated[SecretStr, Field(description="Password at the mail server; never shown.")] = (
        SecretStr("")
    )
    smtp_from: Annotated[str, Field(description="Sender of the mails.")] = ""
    webhook_hosts: Annotated[
        str, Field(description="Hosts that web hooks may call; commas between them.")
    ] = ""
    webhook_secret: Annotated[
        SecretStr, Field(description="Key that signs web hooks (HMAC-SHA256); never shown.")
    ] = SecretStr("")
    delivery_seconds: Annotated[
        int, Field(ge=1, le=300, description="How long a mail server or web hook may take to answer.")
    ] = 20
    delivery_tries: Annotated[
        int, Field(ge=1, le=50, description="Attempts of a delivery before it stays failed.")
    ] = 10
    busy_timeout_ms: Annotated[
        int, Field(ge=0, description="How long a write waits for the store's lock.")
    ] = 5000
    max_import_mb: Annotated[int, Field(ge=1, description="Largest file the importer reads.")] = 256
    max_text_mb: Annotated[
        int, Field(ge=1, description="Largest CSV of one tidy table, which is read in parts.")
    ] = 2048
    max_cells: Annotated[int, Field(ge=1, description="Most cells of one file.")] = LIMITS.cells
    max_columns: Annotated[int, Field(ge=1, description="Most columns of one row.")] = LIMITS.columns
    max_unpacked_mb: Annotated[
        int, Field(ge=1, description="Largest workbook once unpacked, in megabytes.")
    ] = LIMITS.unpacked_mb
    read_seconds: Annotated[int, Field(ge=1, description="Longest time a workbook may take to read.")] = (
        LIMITS.seconds
    )
    read_memory_mb: Annotated[
        int, Field(ge=256, description="Memory of the process that reads a workbook, in megabytes.")
    ] = LIMITS.memory_mb

    @field_validator("deciding_rules")
    @classmethod
    def _known_rules(cls, value: str) -> str:
        if unknown := [name for name in _names(value) if name not in STANDING]:
            raise ValueError(
                f"no rule {', '.join(unknown)} beside the status; choose from {', '.join(STANDING)}"
            )
        return value

    @field_validator("lights")
    @classmethod
    def _total_lights(cls, value: str) -> str:
        parse_lights(value)
        return value

    @field_validator("oidc_roles")
    @classmethod
    def _known_roles(cls, value: str) -> str:
        parse_roles(value)
        return value

    @field_validator("oidc_issuer", "oidc_redirect_uri")
    @classmethod
    def _encrypted(cls, value: str) -> str:
        split = urlsplit(value)
        local = split.hostname in {"localhost", "127.0.0.1", "::1"}
        if value and not (split.hostname and (split.scheme == "https" or (split.scheme == "http" and local))):
            raise ValueError(f"{value!r} is no https address")
        return value

    @field_validator("alert_evidence")
    @classmethod
    def _some_evidence(cls, value: str) -> str:
        parse_evidence(value)
        return value

    @property
    def deciding(self) -> tuple[str, ...]:
        """The names in ``deciding_rules``."""
        return _names(self.deciding_rules)

    @property
    def webhook_allowed(self) -> tuple[str, ...]:
        """The names in ``webhook_hosts``."""
        return _names(self.webhook_hosts)

    @property
    def limits(self) -> Limits:
        """What reading one file may cost."""
        return Limits(
            self.max_cells, self.max_columns, self.max_unpacked_mb, self.read_seconds, self.read_memory_mb
        )

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

    @field_validator(
        "job_import",
        "job_derive",
        "job_forecast",
        "job_assess",
        "job_alerts",
        "job_notices",
        "job_backup",
        "job_check",
        "job_retention",
    )
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
        if self.smtp_security == "none" and self.smtp_user:
            raise ValueError(
                "smtp_user needs smtp_security starttls or tls: a password goes out encrypted or not at all"
            )
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("oidc_issuer needs oidc_client_id")
        if "openid" not in self.oidc_scopes.split():
            raise ValueError("oidc_scopes must have openid among them")
        parse_starts(self.alert_starts, len(parse_levels(self.alert_levels)))
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
        name = str(first["loc"][0]) if first["loc"] else "on_track/off_track/alert_…"
        raise SettingsError("setting_wrong", name=name, detail=first["msg"]) from error
    return settings.model_copy(update={"home": (cwd / settings.home).resolve()})
