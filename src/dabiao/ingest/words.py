"""The words by which files say how a value stands: tier, state, dust, gas state. Declared; an unknown one is refused."""

from __future__ import annotations

from dabiao.domain.catalogue import normalise_name

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "tier": {
        "official": ("官方", "政府", "主管部门", "公报"),
        "press": ("媒体", "新闻", "转载", "press/reprint"),
        "third_party": ("第三方", "第三方推算", "third-party", "thirdparty"),
    },
    "state": {
        "final": ("最终", "终值", "定稿", "正式", "正式值", "核定"),
        "flash": ("快报", "初报", "初步", "初步值", "预计"),
        "to_date": ("年内累计", "截至目前", "未完整", "累计至今", "todate"),
    },
    "dust": {
        "deducted": ("剔除", "已剔除", "扣除", "已扣除", "剔除沙尘", "扣除沙尘", "剔沙", "扣沙"),
        "included": ("未剔除", "未扣除", "保留", "未剔除沙尘", "未扣除沙尘", "含沙尘", "未剔沙"),
        "unknown": ("未注明", "不明", "未知"),
    },
    "condition": {
        "standard": ("标况", "标准状态", "参比状态"),
        "actual": ("实况", "实际状态"),
        "unknown": ("未注明", "不明", "未知"),
    },
}

_BY_SPELLING = {
    field: {normalise_name(w): word for word, names in words.items() for w in (word, *names)}
    for field, words in WORDS.items()
}


def word_of(field: str, text: str) -> str | None:
    """The declared word of a spelling, ``None`` if there is none."""
    return _BY_SPELLING[field].get(normalise_name(text))


def allowed(field: str) -> str:
    """The words of a field with one Chinese spelling each, for messages."""
    return ", ".join(f"{word} ({names[0]})" for word, names in WORDS[field].items())
