"""What is said beside each value: the collector's remark as written, the collector's mark in the reader's words."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from dabiao.i18n import Lang
from dabiao.services.app import App
from dashboard import present, urls
from dashboard.asked import Asked, Say
from dashboard.components.values import _remarks

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("note", "lang", "said"),
    [
        (None, "zh-CN", []),
        ("转载页夹拼音", "zh-CN", ["转载页夹拼音"]),
        ("次年1月快报; CONFLICT: 26/26.5", "zh-CN", ["次年1月快报", "各来源公布值不一：26、26.5"]),
        ("CONFLICT: 38.9/40.2/41", "en", ["Sources differ: 38.9, 40.2, 41"]),
    ],
)
def test_a_mark_of_the_collectors_is_put_into_words(
    walked_app: App, now: datetime, note: str | None, lang: Lang, said: list[str]
) -> None:
    """The remark stays in its own language; that sources differ is said in the reader's."""
    found = _remarks(note, Asked(walked_app, urls.Query(), Say(lang), "light", now, DAY, DAY))
    assert [part.children for part in found] == said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("每年变化 -1.03", "每年变化 −1.03"),
        ("-0.4 a year, +0.34 needed", "−0.4 a year, +0.34 needed"),
        ("（-3.22）", "（−3.22）"),
        ("GB 3095-2026, 2026-11-21, 100/90, a-1", "GB 3095-2026, 2026-11-21, 100/90, a-1"),
    ],
)
def test_a_negative_number_has_a_true_minus(text: str, shown: str) -> None:
    """The hyphen before a number becomes a minus; within dates, codes and names it stays."""
    assert present.minus(text) == shown
