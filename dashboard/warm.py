"""What the first visitor would wait for, judged ahead once a worker has started."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from dabiao import bootstrap
from dabiao.errors import DabiaoError
from dabiao.services.pages import views
from dabiao.settings import Settings

log = logging.getLogger("dashboard")


def begin(settings: Settings) -> threading.Thread:
    """Judge today and the month before it beside the requests. A visitor who comes meanwhile waits for the same judgement."""
    thread = threading.Thread(target=_judge, args=(settings,), name="warm", daemon=True)
    thread.start()
    return thread


def _judge(settings: Settings) -> None:
    now = datetime.now(UTC)
    try:
        app = bootstrap.open_app(settings)
    except DabiaoError:
        return  # there is no store yet, or it is to be upgraded: the pages say so
    try:
        views.overview(app, app.today(now), now)
        _ = views.day_of(app, app.today(now), now).by
    except Exception:
        log.exception("the day could not be judged ahead")
    finally:
        app.store.close()
