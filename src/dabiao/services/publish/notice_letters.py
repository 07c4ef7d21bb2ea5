"""The letter of a notice: of many targets the doubtful ones, of a single one that one, whatever its status is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dabiao import i18n
from dabiao.reports.letter import Block, Letter
from dabiao.services.publish.notice_letter import Draft
from dabiao.services.publish.notices import Notice


def letter(notice: Notice, pictures: Mapping[str, bytes]) -> Letter:
    """The letter of a notice; ``pictures`` are charts as PNG by target id."""
    return (_OfOneTarget if notice.asked.one_target else Draft)(notice, pictures).made()


class _OfOneTarget(Draft):
    """Counts and lists of a single target would say nothing: its row, its paragraph, what has changed."""

    def overall(self) -> Iterator[Block]:
        [e] = self.notice.entries
        yield self.heading("target")
        yield self.table_name("target")
        yield self.table([e])
        yield from self.told(e)
        if self.notice.asked.period is None:
            return
        before = self.notice.before.get(e.v.declared.target.id)
        key = "since_new" if before is None else "since_same" if before is e.status else "since"
        words = {
            name: i18n.text(f"status.{status}", self.lang)
            for name, status in (("before", before or e.status), ("now", e.status))
        }
        yield self.body(self.say(key, day=self.eve(), **words))

    def alarming(self) -> Iterator[Block]:
        yield from ()

    def risk(self) -> Iterator[Block]:
        yield from ()

    def own(self) -> Iterator[Block]:
        yield from ()
