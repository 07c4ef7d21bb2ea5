"""The words that make a number a target, as tables. Each row has a name, by which a proposal says what spoke."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "ge",
    "le",
    "gt",
    "lt",
    "about",
    "reach",
    "fall",
    "cap",
    "hold",
    "better",
    "down",
    "up",
    "each",
    "respectively",
    "stretch",
    "bare",
    "done",
    "adverb",
    "hedge",
]


@dataclass(frozen=True, slots=True)
class Lead:
    """A word that stands before a number."""

    name: str
    words: tuple[str, ...]
    role: Role


# fmt: off
LEADS: tuple[Lead, ...] = (
    Lead("at_least", ("不低于", "不少于", "不小于", "不得低于", "不得少于", "至少", "最低", "≥", ">=", "大于等于", "大于或等于", "不应低于", "达到或超过", "不低于到"), "ge"),
    Lead("at_most", ("不超过", "不高于", "不大于", "不多于", "不得超过", "不得高于", "至多", "最多", "≤", "<=", "小于等于", "小于或等于", "控制在不超过"), "le"),
    Lead("below", ("低于", "小于", "少于", "<"), "lt"),
    Lead("above", ("超过", "高于", "大于", "多于", "突破", ">"), "gt"),
    Lead("better_than", ("优于", "好于"), "better"),
    Lead("about", ("约", "大约", "约为", "达到约", "接近"), "about"),
    Lead("cap", ("控制在", "控制到", "压减在", "限制在", "控制为"), "cap"),
    Lead("hold", ("稳定在", "稳定保持在", "稳定保持", "保持在", "保持", "维持在", "维持", "稳定至", "稳定达到"), "hold"),
    Lead("fall_to", ("降至", "降到", "降低到", "降低至", "下降到", "下降至", "减少到", "减少至", "压减到", "压减至", "削减到", "削减至", "降为", "缩减至", "回落到"), "fall"),
    Lead(
        "reach",
        (
            "达到", "达", "提高到", "提高至", "提升到", "提升至", "增加到", "增加至", "上升到", "上升至", "增至", "升至", "扩大到",
            "扩大至", "增长到", "增长至", "提到", "完成到", "发展到", "恢复到", "突破到", "力争达", "达至", "实现率",
        ),
        "reach",
    ),
    Lead("done", ("完成", "实现", "建成", "创建", "新增", "新建", "建设", "改造", "淘汰", "培育", "打造", "开展", "推广", "治理", "整治", "布设", "安装", "创成", "修复", "造林", "补助", "组织", "新增治理", "更新", "压减", "新改建", "改建", "扩建", "新(改)建", "关停", "认定", "种植", "营造", "绿化", "建立"), "done"),
    Lead("basically", ("基本实现", "基本达到", "基本完成", "总体达到", "原则上达到"), "hedge"),
    Lead("cut_by", ("减少", "降低", "下降", "削减", "减排", "压减", "下降了", "降幅达到", "减低", "压降", "缩减"), "down"),
    Lead("raise_by", ("提升", "提高", "增加", "增长", "上升", "扩大", "增长率达到"), "up"),
    Lead("each", ("均", "各", "都", "全部", "均要", "均需", "每年", "逐年"), "each"),
    Lead("respectively", ("分别", "依次"), "respectively"),
    Lead("stretch", ("力争", "争取", "力求", "努力", "力争到"), "stretch"),
    Lead("is", ("为", "是", ":", "为:", "设定为", "目标为", "目标值为"), "bare"),
    Lead("adverb", ("始终", "持续", "稳定", "要", "应", "须", "需", "将", "大幅", "逐步", "进一步", "累计", "总体", "基本", "确保", "平均", "应当", "必须", "也", "已", "再", "同比", "累计要", "以", "一般", "合计", "共", "的", "进行"), "adverb"),
)
# fmt: on
"""Words before a number, taken off its phrase from the right, longest first."""

STRETCH = re.compile(r"力争|争取|力求|努力(?=达到|实现|完成|将)")

AFTER: tuple[tuple[str, str, Role], ...] = (
    ("about", r"左右|上下|(?:以上)?左右", "about"),
    ("or_more", r"(?:及|或|和)?以上(?:水平)?|或更高|及更高|\+", "ge"),
    ("or_less", r"(?:及|或|和)?以下|以内|之内|或更低", "le"),
)
"""Words after a number."""

# fmt: off
COUNT_VERBS = re.compile(
    r"完成|建成|新建|新增|创建|改造|建设|打造|培育|整治|治理|淘汰|关停|推广|更新|修复|造林|绿化|提升|达到|力争|建立|布设|安装|整改|创成"
    r"|解决|划定|认定|种植|营造|拆除|退出|搬迁|开展|组织|实施(?!意见)|形成|压减|削减|清理|实现|补植|消除|取缔|销号|增殖|放流|营林|抚育|改建|扩建|替代|投产|投运|并网|接通|治沙|恢复"
)
# fmt: on
"""What finishes a counted thing. A number of things without one of these is a description."""

FILLERS = re.compile(r"全[省市区县]|和|及|、|再|累计|力争|改善|城区内|的|新|每年|我市")
"""Words beside a verb that name nothing."""

DONE_AFTER = re.compile(
    r"(?:整改|整治|治理|改造|建设|完成|销号|达标|验收|排查|建成|投运|投入)(?:到位|完成|工作|任务|销号|率|达标|一轮)?|全部|完成|(?:全面|基本)(?:消除|实现)|^[^,]{2,20}开展"
)

INVERTED = re.compile(r"(?:避免|防止|不得|严禁|杜绝|禁止)[^,;。]{0,14}$")
"""Words that turn a limit round: 避免…大于10厘米 is at most 10."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A number that is none of the plan's targets. ``pattern`` is read over ``before‸after``."""

    name: str
    pattern: str
    kinds: frozenset[str] = frozenset()


_THING = r"(?=[\u4e00-\u9fff(])(?!左右|的?(?:目标|要求|水平|任务|标准)|并|且|以|和|及|或|其中|力争|确保)"

# fmt: off
EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion("scope_threshold", rf"‸(?:\((?:含|不含)\))?(?:及|和|或|含)?(?:以上|以下|以内)(?:的|至)?{_THING}", frozenset({"level", "count", "none", "time"})),
    Exclusion("steam_boiler", r"(?:每小时|单台|容量|出力)[^,;。]{0,8}‸", frozenset({"level"})),
    Exclusion("duration", r"‸", frozenset({"time"})),
    Exclusion("slogan", r"“[^”]{0,12}‸[^“]{0,12}”", frozenset({"level", "count", "none", "share"})),
    Exclusion("document_title", r"《[^》]*‸[^《]*》"),
    Exclusion("existing_state", r"(?:截至|截止)[^,;。]{0,16}(?:,[^;。]{0,20})?‸|(?:目前|现有|已累计|已经|现状|已建成(?!.*率)|上年|原有|已达|已完成|已实现|已创建)[^,;。]{0,20}‸"),
    Exclusion("baseline_value", r"(?:由|从)[^,;。]{0,10}(?:的)?‸[^,;。]{0,14}(?:提高|提升|降|下降|增|减|上升|到|至)"),
    Exclusion("daily_practice", r"每(?:天|日|周)[^,;。]{0,12}‸"),
    Exclusion("walking_distance", r"‸(?:以内|左右)?(?:步行|骑|乘)"),
    Exclusion("fine", r"(?:处以|罚款|罚金)[^,;。]{0,6}‸"),
    Exclusion("yearly_step", r"^每年(?:递增|增加|提高)(?:约)?‸"),
)
# fmt: on
"""Numbers that are not targets."""

FROM_VALUE = re.compile(r"(?:由|从)(?:(20\d\d)年(?:底|末)?的?)?(\d+(?:\.\d+)?)(?![\d.年])[^,;。\d]{0,8}$")
"""A value to start from, at the end of a phrase: 森林覆盖率由2020年的41.2% (提高到42.5%)."""

# fmt: off
HEADS = re.compile(
    r"(?:率|比例|比重|占比|比率|比|系数|指数|浓度|面积|能力|总量|排放量|强度|盖度|覆盖度|满意度|水平|长度|数量|里程|规模|蓄积量?|蓄积"
    r"|天数|水量|能耗|增速|程度|次数|得分|产值|收入|量|数|幅度|覆盖|达标|值|级别|负荷|密度|产能|装机|容量|均值|水耗|电耗|距离|深度|高度|时长|降幅|增幅)"
    r"(?:\([^()]*\))?$"
)
# fmt: on
"""What a measured phrase ends in."""

# fmt: off
_LOWER = re.compile(
    r"浓度|排放量|排放强度|排放总量|能耗|水耗|用水量|用水总量|重污染|重度|污染天|劣(?:Ⅴ|V|五)|消耗|化肥使用量|农药使用量|化肥施用|农药施用|超标|投诉"
    r"|填埋量|开采量|煤炭消费|能源消费总量|碳排放|二氧化碳排放|事故|信访|留茬|降尘|噪声|死亡|燃煤量|黑臭水体|密度|负荷|火点|总氮|总磷"
)
_LOWER_SHARE = re.compile(
    r"重污染|重度|污染天|劣(?:Ⅴ|V|五)|Ⅴ类|极差|漏损|损失|超标|死亡|空置|发生|事故|填埋|煤炭|燃煤|破损|返黑|违法"
)
# fmt: on
_SHARE = re.compile(r"(?:率|比例|比重|占比|比率)(?:\([^()]*\))?$")
_EXTENT = re.compile(
    r"(?:面积|长度|里程|能力|数量|得分|满意度|指数|系数|规模|产能|装机|覆盖|收入|产值)(?:\([^()]*\))?$"
)
_CURED = re.compile(r"消除|办结|处理|处置|达标|整改|下降|降低|减少|淘汰|替代|清零|治理|回收|利用|控制")


def lower_is_better(phrase: str) -> bool:
    """Whether less of a phrase is better, where no indicator of the catalogue says so.

    A share is better higher unless it is a share of something bad that is not being cured; an area or a length is.
    """
    if _SHARE.search(phrase):
        return _LOWER_SHARE.search(phrase) is not None and _CURED.search(phrase) is None
    return _EXTENT.search(phrase) is None and _LOWER.search(phrase) is not None


CHANGE_PHRASE = re.compile(
    r"(?:下降|降低|减少|削减|减排|降幅|减排量)(?:比例|率|幅度|比率)$|(?:提升|提高|增长|增加)(?:幅度|比例)$|(?:降幅|增幅)$"
)

FREQUENCY: tuple[tuple[str, str, str], ...] = (
    ("per_half_year", r"每半年", "/半年"),
    ("per_quarter", r"每季度?", "/季度"),
    ("per_month", r"每(?:个)?月", "/月"),
    ("per_year", r"每年(?:度)?|年均", "/年"),
)
"""How often something is done: 每年…2次 is 2 次/年."""

# fmt: off
COORDINATE = (
    "细颗粒物(PM2.5)", "细颗粒物", "可吸入颗粒物(PM10)", "可吸入颗粒物", "PM2.5", "PM10", "臭氧", "化学需氧量", "氨氮", "氮氧化物", "挥发性有机物(VOCs)", "挥发性有机物", "VOCs", "二氧化硫", "总磷", "总氮", "化肥", "农药", "重金属",
    "单位国内生产总值(GDP)能耗", "单位地区生产总值二氧化碳排放", "单位GDP能耗",
)
# fmt: on
"""Things that stand side by side before one word for what is measured: 化肥、农药利用率, 化学需氧量、氨氮排放量."""

# fmt: off
STATE_WORDS = re.compile(
    r"(?:基本|全面|稳定)?(?:消除|淘汰)|(?:明显|持续|显著|稳步|不断|有效|总体)(?:增强|提升|改善|提高|下降|好转|管控|遏制|保障|优化)|(?:得到|达到)[^,]{0,8}(?:管控|遏制|保障|标准|要求|任务)"
    r"|任务|要求"
)
# fmt: on
"""Where a sentence that lost its comma ends: the phrase of a number does not reach back over these."""
