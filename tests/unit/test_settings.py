"""Settings: one list, the environment over the file over the default, and nothing unknown goes unseen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dabiao.errors import SettingsError
from dabiao.services.schedule import JOBS, WallTrigger
from dabiao.settings import Settings, load

DOCS = Path(__file__).parents[2] / "docs"


def refused(environ: dict[str, str], cwd: Path) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(environ, cwd)
    assert str(caught.value)  # its sentence can be said
    return caught.value


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults(tmp_path: Path) -> None:
    """With nothing given the home is ``var`` below the working folder and the lights are IPCC's likely and unlikely."""
    s = load({}, tmp_path)
    assert s.home == tmp_path / "var"
    assert (s.lang, s.timezone, s.host, s.port) == ("zh-CN", "Asia/Shanghai", "127.0.0.1", 8050)
    assert (s.on_track, s.off_track) == (0.66, 0.33)


def test_environment_over_file_over_default(tmp_path: Path) -> None:
    """Each setting comes from the environment, else the file, else its default."""
    write(tmp_path / "var/dabiao.toml", 'port = 9001\nlang = "en"\n')
    s = load({"DABIAO_PORT": "9002"}, tmp_path)
    assert (s.port, s.lang, s.host) == (9002, "en", "127.0.0.1")


def test_the_file_lies_in_the_home_or_where_config_says(tmp_path: Path) -> None:
    """``dabiao.toml`` is read from the home folder; ``DABIAO_CONFIG`` names another one instead."""
    write(tmp_path / "elsewhere/dabiao.toml", "port = 9003\n")
    own = write(tmp_path / "own.toml", "port = 9004\n")
    assert load({"DABIAO_HOME": "elsewhere"}, tmp_path).port == 9003
    assert load({"DABIAO_HOME": "elsewhere", "DABIAO_CONFIG": str(own)}, tmp_path).port == 9004
    assert load({"DABIAO_CONFIG": "own.toml"}, tmp_path).port == 9004


def test_a_home_is_made_absolute_once(tmp_path: Path) -> None:
    """A relative home is taken from the working folder; an absolute one is kept; the file may name it too."""
    assert load({"DABIAO_HOME": "a/../b"}, tmp_path).home == tmp_path / "b"
    assert load({"DABIAO_HOME": "/srv/dabiao"}, tmp_path).home == Path("/srv/dabiao")
    own = write(tmp_path / "own.toml", 'home = "c"\n')
    assert load({"DABIAO_CONFIG": str(own)}, tmp_path).home == tmp_path / "c"


def test_other_variables_are_none_of_ours(tmp_path: Path) -> None:
    """Only variables with our prefix are read; ``DABIAO_CONFIG`` itself is no setting."""
    assert load({"PORT": "1", "DABIAOPORT": "2", "PATH": "/bin"}, tmp_path).port == 8050


def test_an_unknown_variable_is_an_error_that_names_it(tmp_path: Path) -> None:
    """A misspelt variable is not silently the default: it is named, with the names there are."""
    error = refused({"DABIAO_PROT": "9000"}, tmp_path)
    assert error.code == "setting_unknown"
    assert "DABIAO_PROT" in str(error)
    assert "port" in str(error)


def test_an_unknown_name_in_the_file_is_an_error_that_names_both(tmp_path: Path) -> None:
    """A misspelt name in the file is named with the file."""
    path = write(tmp_path / "var/dabiao.toml", "prot = 9000\n")
    error = refused({}, tmp_path)
    assert error.code == "setting_unknown"
    assert "prot" in str(error)
    assert str(path) in str(error)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("port", "65536"),
        ("port", "http"),
        ("port", ""),
        ("lang", "fr"),
        ("timezone", "Asia/Nowhere"),
        ("timezone", "../etc/passwd"),
        ("timezone", ""),
        ("on_track", "1"),
        ("on_track", "nan"),
        ("off_track", "0"),
        ("minimum_years", "2"),
        ("stale_years", "0"),
        ("fit_processes", "0"),
        ("web_workers", "17"),
        ("busy_timeout_ms", "-1"),
        ("max_import_mb", "0"),
        ("deciding_rules", "linear"),
        ("deciding_rules", "linear_schedule dns"),
        ("deciding_rules", "dns,traffic_light_95"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_the_setting(tmp_path: Path, name: str, value: str) -> None:
    """A value outside what a setting takes stops the start and says which setting."""
    error = refused({f"DABIAO_{name.upper()}": value}, tmp_path)
    assert error.code == "setting_wrong"
    assert error.params["name"] == name


@pytest.mark.parametrize(
    ("text", "names"),
    [("", ()), ("dns", ("dns",)), (" linear_schedule, dns ,", ("linear_schedule", "dns"))],
)
def test_the_rules_that_decide(tmp_path: Path, text: str, names: tuple[str, ...]) -> None:
    """Names with commas between them; none is a choice too."""
    assert load({"DABIAO_DECIDING_RULES": text}, tmp_path).deciding == names
    assert load({}, tmp_path).deciding == ("linear_schedule",)


@pytest.mark.parametrize(("off", "on"), [("0.7", "0.66"), ("0.5", "0.5")])
def test_thresholds_are_ordered(tmp_path: Path, off: str, on: str) -> None:
    """Off track lies below on track: otherwise a target could be both."""
    error = refused({"DABIAO_OFF_TRACK": off, "DABIAO_ON_TRACK": on}, tmp_path)
    assert error.code == "setting_wrong"
    assert "off_track must be below on_track" in str(error)


def test_a_config_that_is_missing_is_an_error(tmp_path: Path) -> None:
    """``DABIAO_CONFIG`` to a file that is not there is not the same as no file."""
    error = refused({"DABIAO_CONFIG": str(tmp_path / "none.toml")}, tmp_path)
    assert error.code == "settings_file_missing"
    assert "none.toml" in str(error)


@pytest.mark.parametrize("content", [b"port = \n", b"port 9000", b"lang = '\xff'"])
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, content: bytes) -> None:
    """Broken TOML or another encoding is said with the file's path."""
    path = tmp_path / "own.toml"
    path.write_bytes(content)
    error = refused({"DABIAO_CONFIG": str(path)}, tmp_path)
    assert error.code == "settings_file_unreadable"
    assert str(path) in str(error)


def test_settings_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    """Read once at the start of a process, and the same to its end."""
    with pytest.raises(ValidationError):
        load({}, tmp_path).port = 1


def test_the_default_schedules_are_cron_words(tmp_path: Path) -> None:
    """Every default schedule can be read by the scheduler."""
    s = load({}, tmp_path)
    for job in JOBS:
        assert WallTrigger(s, job)


@pytest.mark.parametrize(
    ("text", "code"),
    [("0 6 * *", "setting_wrong"), ("0 25 * * *", "cron_wrong"), ("0 6 * * 1", "setting_wrong")],
)
def test_a_wrong_schedule_names_its_setting(tmp_path: Path, text: str, code: str) -> None:
    """Cron words that mean nothing, or another day in another program, are refused by name."""
    with pytest.raises(SettingsError) as caught:
        WallTrigger(load({"DABIAO_JOB_ASSESS": text}, tmp_path), "assess")
    assert (caught.value.code, caught.value.params["name"]) == (code, "job_assess")


@pytest.mark.parametrize(("name", "field"), Settings.model_fields.items(), ids=list(Settings.model_fields))
def test_every_setting_is_described_and_documented(name: str, field: Any) -> None:
    """Each setting has a sentence, and a row of docs/settings.md with its variable, its default and that sentence."""
    assert field.description
    rows = (DOCS / "settings.md").read_text("utf-8").splitlines()
    row = [r for r in rows if r.startswith(f"| `DABIAO_{name.upper()}` |")]
    assert len(row) == 1, name
    assert f"| `{field.default}` |" in row[0].replace(r"\*", "*")
    assert field.description in row[0]


def test_the_settings_page_names_no_other() -> None:
    """What docs/settings.md names as a variable is a setting, or the one that names the file."""
    named = set(re.findall(r"DABIAO_([A-Z_]+)", (DOCS / "settings.md").read_text("utf-8")))
    assert named == {n.upper() for n in Settings.model_fields} | {"CONFIG"}
