"""What the calendar asks for: the notices of the week, the month and the quarter, and their way to the recipients."""

from __future__ import annotations

from dabiao.errors import RecipientsRefused
from dabiao.services.publish.delivery import make_due, send_due
from dabiao.services.publish.feed import write_feed
from jobs.tasks import Incomplete, Work


def run(work: Work) -> dict[str, int]:
    """Make what is due, then send what waits; the feed of alerts is written each time.

    Raises:
        Incomplete: the file of recipients is wrong; what waited before is sent all the same.
    """
    made: dict[str, int] = {}
    wrong = None
    try:
        made = make_due(work.app, work.now, work.stop.check)
    except RecipientsRefused as error:
        wrong = error
    write_feed(work.app, work.now)
    sent = send_due(work.app, work.now, work.stop.check)
    if wrong is not None:
        raise Incomplete({**made, **sent}) from wrong
    return {**made, **sent}
