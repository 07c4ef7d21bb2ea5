"""Stores that hold the project's own declared data: built once a session, copied for each test."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from dabiao import bootstrap
from dabiao.services.alerts import alerting
from dabiao.services.app import App
from dabiao.services.declare.setup import bundled_files
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import assessing, forecasting
from dabiao.services.record import track_record
from dabiao.store import Store, database
from tests.factories import settings_of

ROOT = Path(__file__).parents[1]

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""The moment at which every prepared store was made, and on whose day (in Shanghai) it was assessed."""


# No test cuts the power: what a store of this process commits need not wait for the disk. Processes of their own do wait.
database.SYNCHRONOUS = "OFF"

# A run that decides whether a change lands looks at the same examples each time, so that it fails for what was changed, and
# never for a machine that was busy. ``--hypothesis-profile=explore`` looks further; what it finds is pinned as an example.
hypothesis_settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile("explore", hypothesis_settings.get_profile("steady"), derandomize=False)
hypothesis_settings.load_profile("steady")

# A shell hands SIGINT as ignored to what it starts in the background, and every process started from here would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def now() -> datetime:
    """The fixed moment of the prepared stores."""
    return NOW


@pytest.fixture(scope="session")
def data() -> Path:
    """The project's own declared and bundled data."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def _initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("initialised")
    app, _ = bootstrap.initialise(settings_of(home), NOW)
    app.store.close()
    return home


@pytest.fixture(scope="session")
def _walked(tmp_path_factory: pytest.TempPathFactory, _initialised: Path) -> Path:
    home = tmp_path_factory.mktemp("walked") / "home"
    shutil.copytree(_initialised, home)
    app = bootstrap.open_app(settings_of(home))
    for path in bundled_files(app.paths.data):
        import_file(app, path, now=NOW)
    today = app.today(NOW)
    forecasting.run_forecasts(app, today, NOW)
    assessing.run_assessments(app, today, NOW)
    alerting.run_alerts(app, NOW)
    track_record.refresh(app, today, NOW)
    app.store.close()
    return home


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[Path], App]]:
    """Open a copy of a prepared home below the test's own folder."""
    apps: list[App] = []

    def open_copy(template: Path) -> App:
        home = tmp_path / "home"
        shutil.copytree(template, home)
        apps.append(bootstrap.open_app(settings_of(home)))
        return apps[-1]

    yield open_copy
    for app in apps:
        app.store.close()


@pytest.fixture
def app(opened: Callable[[Path], App], _initialised: Path) -> App:
    """A store with the declared plans, indicators and regions, and no observation."""
    return opened(_initialised)


@pytest.fixture
def walked_app(opened: Callable[[Path], App], _walked: Path) -> App:
    """A store with the bundled observations imported, forecast, assessed and alerted as of :data:`NOW`."""
    return opened(_walked)


@pytest.fixture
def walked_home(walked_app: App) -> Path:
    """The home folder of :func:`walked_app`, its connection closed: for programs that open it themselves."""
    walked_app.store.close()
    return walked_app.paths.home


@pytest.fixture
def empty_store(tmp_path: Path) -> Iterator[Store]:
    """A store with the schema and no row."""
    store = Store.create(tmp_path / "empty.sqlite")
    yield store
    store.close()
