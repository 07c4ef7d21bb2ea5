"""Between a callback and its page: a trouble that a person can mend becomes a page that says how, a fault of ours a page and a log."""

from __future__ import annotations

import logging
from collections.abc import Callable

from dabiao.errors import DabiaoError
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import urls
from dashboard.asked import Asked, Say
from dashboard.pages import states
from dashboard.pages.page import Page
from dashboard.theme import Theme

log = logging.getLogger("dashboard")


def guarded(
    settings: Settings,
    search: str | None,
    theme: Theme,
    render: Callable[[Asked], Page],
    instead: Page | None = None,
) -> Page:
    """What ``render`` makes of the request, or the page that says why it could not (``instead`` if given)."""
    query = urls.parse(search)
    try:
        return render(asking.read(settings, query, theme))
    except DabiaoError as error:
        return instead or states.trouble(error, Say(asking.request_language(settings, query)))
    except Exception:
        log.exception("a page could not be made")
        return instead or states.fault(Say(asking.request_language(settings, query)))
