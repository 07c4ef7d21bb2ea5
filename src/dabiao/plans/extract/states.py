"""Targets without a number: finishable tasks (qualitative), and numbers that stand in another document (delegated)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Kind, Measure
from dabiao.plans.extract import rules
from dabiao.plans.extract.dates import dates, widen
from dabiao.plans.extract.found import Found
from dabiao.plans.extract.lists import items
from dabiao.plans.extract.naming import Namer
from dabiao.plans.extract.outline import Clause
from dabiao.plans.extract.places import Place, split_place
from dabiao.plans.extract.segments import Piece, Sentence
from dabiao.plans.extract.timing import Bound, Timing


@dataclass(frozen=True, slots=True)
class StateRule:
    """Words that state a target without a number.

    Attributes:
        pattern: read over one piece of a sentence.
        weak: a task that is often only an exhortation; flagged, and not read after 推进, 加强 ….
    """

    name: str
    pattern: str
    measure: Measure = Measure.QUALITATIVE
    kind: Kind = Kind.MILESTONE
    weak: bool = False


_D, _Q = Measure.DELEGATED, Measure.QUALITATIVE
_HIGHER = r"(?:国家|省|市|自治区|呼市|上级|[\u4e00-\u9fff]{2,4}市|生态环境部|厅)"
_PAPER = r"(?:方案|规划|计划|清单|名录|台账|数据库|管理系统|信息系统|目录|办法|制度|施工图|指标|《[^》]*》|领导小组|“[^”]*”制度)"

# fmt: off
RULES: tuple[StateRule, ...] = (
    StateRule("handed_down", rf"(?:完成|达到|控制在|满足|符合|落实).{{0,6}}?{_HIGHER}(?:和{_HIGHER})*(?:级)?(?:下达|要求|考核|规定|确定|核定|分解).{{0,12}}", _D, Kind.LEVEL),
    StateRule("own_schedule", r"(?:达到|完成|满足).{0,30}?(?:时序进度|序时进度|进度要求|考核要求|年度任务|年度目标|规划任务|目标任务)", _D, Kind.LEVEL),
    StateRule("demands_of_above", rf"达到{_HIGHER}(?:和{_HIGHER})*的?要求", _D, Kind.LEVEL),
    StateRule("counted_elsewhere", r"完成(?!.*(?:关停|排查|整治)任务).{2,16}(?:审核|改造|造林|减排)任务", _D),
    StateRule("advanced_level", r"达到国家.{0,8}(?:先进值|先进水平|标杆水平|限额标准)", _D, Kind.LEVEL),
    StateRule("all_covered", r"(?:实现|完成|达到|做到).{0,40}(?:全覆盖|覆盖全|全收集|全处理|全达标)|(?:覆盖全|实现全覆盖|应收尽收|动态清零|“清零”|“动态清零”|(?:全部|全面|基本|实现)清零|采补平衡|互通共享)"),
    StateRule("basically_removed", r"(?:基本|全面|稳定|总体|如期|彻底|尽快)(?:消除|消灭|淘汰|清除|解决|遏制|清退)|(?:消除|淘汰)(?:$|比例)"),
    StateRule("removed", r"^(?:力争|确保|稳定|到\d+年)?(?:消除|消灭|取缔|杜绝|取消|清退|遏制).{3,}", weak=True),
    StateRule("kept_away", r"(?:不发生|不出现|防止(?:产生|出现)|防止发生|无明显|无填埋|零填埋|零增长|负增长|不减少|不下降|不降低|不退化|保持持平|不反弹|长治久清|长制久清|入侵不明显|逐年增加|逐年下降)", _Q, Kind.LEVEL),
    StateRule("well_kept", r"得到(?:有效|全面|基本)(?:管控|遏制|保障|控制|改善|解决|防控|治理)|有效遏制$", _Q, Kind.LEVEL),
    StateRule("class_reached", r"(?:全部|全面|稳定)(?:达到|达|保持)(?:或(?:好|优)于)?.{0,12}(?:类|标准|水平)|稳定在.{0,3}类以上", _Q, Kind.LEVEL),
    StateRule("wholly_done", r"(?:全面|基本|全部|初步|如期)(?:完成|建成|建立|构建|实现|形成|实行|禁止|启动|具备|实施|纳入|进入|摸排|排查|退出|关闭|关停|整改|探索出|摸清|取消)"),
    StateRule("wholly_after", r"(?:全部|基本|全面|按期|如期)(?:完成|整改到位|达标|建成|消除|实行|安装|拆除|联网|到位|脱贫|构建)|整改到位"),
    StateRule("done", r"(?:^|[\u4e00-\u9fff\d)”,])完成(?!率|情况|度|较|以?后|的|时)[^的]{0,3}.{3,}"),
    StateRule("done_by", r"于?20\d\d年(?:底|末|\d{1,2}月底?)前完成$"),
    StateRule("realised", r"(?:^|[\u4e00-\u9fff\d)])实现(?!途径|路径|方式|形式|从|生态|了|资源|减|可持续|高质量|经济|社会).{2,40}(?:硬化|自动监测|分流|达标排放|脱钩|达峰|采补平衡|清零|闭环|联网|共享|见园|归零|稳定达标|贯通|管控|平衡)"),
    StateRule("draws_up", rf"(?:编制|制定|出台|印发|修订|发布|建立|形成|公布|确定|编制完成|制订|筹建|定)(?!健全|完善|机制).{{0,44}}?{_PAPER}", weak=True),
    StateRule("resolves", r"20\d\d年(?:底|末)?前?,?(?:全面|基本)?解决.{4,}问题$", weak=True),
    StateRule("delineates", r"(?:划定|划分).{3,}(?:区|区域|范围|单元|线)", weak=True),
    StateRule("builds", r"^(?:\d+年)?(?:建设|建成|实施).{4,30}(?:厂|站|平台|扩建工程|中心|超低排放改造)$", weak=True),
    StateRule("named_a_model", r"(?:打造成|创建成|建成|纳入|创成).{2,20}(?:样板|试点城市|示范区|示范市|示范县|美丽河湖|美丽海湾)", weak=True),
    StateRule("trend", r"(?:率|比重|比例|强度|浓度|面积|系数)(?:稳步|持续|明显|显著|不断|大幅|进一步)(?:提高|提升|下降|降低|减少|改善|增强|增加)$", weak=True),
)
# fmt: on
"""Read in this order over each piece; the first that fits speaks."""

_EXHORTS = re.compile(
    r"^(?:推进|推动|加快|加强|深入|鼓励|支持|探索|积极|有序|大力|引导|完善|健全|持续|强化|严格|按照|研究|开展|巩固|依法|协调|配合|落实|坚持|根据|通过|以|围绕|统筹)"
)
_STILL = re.compile(r"基本|全面|完成|全部")
_NOT_A_TASK = re.compile(
    r"攻坚战$|保卫战|未完成|任务未|为.*目标$|奠定|意识|积极性|责任制|发现|严厉|打击|追究|本(?:行动)?(?:方案|计划|规划|要点)|如下|的通知|精神$|未依法|行动$|党|重大情况|任务落实|总要求|格局"
)
_GENERAL = re.compile(
    r"组织(?:实施|领导)|保障措施|责任落实|考核|宣传|队伍建设|总体要求|指导思想|基本原则|工作原则"
)
_SHORTEST_PART = 6
_STATES = frozenset(
    {"class_reached", "basically_removed", "well_kept", "all_covered", "kept_away", "wholly_after"}
)
_GOES_ON = re.compile(r"的|、|并|和|及|且|或|为|以|了")
_LIST_END = re.compile(
    r"(?:完成|达到|控制在|确保|满足|落实|稳步|持续|基本|得到|保持|实现|力争|全面|长[治制]久清|负增长|不减少).*$"
)


class StateReader:
    """Reads the tasks and handed-down targets of one text."""

    def __init__(self, text: str, catalogue: Catalogue, namer: Namer, own: Place, timing: Timing) -> None:
        self._text = text
        self._catalogue = catalogue
        self._namer = namer
        self._own = own
        self._timing = timing

    def read(self, clause: Clause, sentence: Sentence, taken: list[tuple[int, int]]) -> Iterator[Found]:
        """The targets of one sentence that no number decides; ``taken`` are the stretches of numeric ones."""
        general = any(_GENERAL.search(t) for t in clause.chain) and not clause.goals
        for piece in sentence.pieces:
            words = self._text[piece.start : piece.end]
            if len(words) < 4 or _NOT_A_TASK.search(words) or len(words) > 160:
                continue
            for part in self._parts(piece, taken):
                free = self._text[part.start : part.end]
                match, rule = self._rule(free)
                if match is None or rule is None:
                    continue
                bound = self._timing.bound(clause, sentence, part, part.start + match.end() - 1)
                if general and "deadline_plan_end" in bound.flags:
                    continue
                yield from self._found(clause, sentence, part, free, match, rule, bound)

    def _parts(self, piece: Piece, taken: list[tuple[int, int]]) -> Iterator[Piece]:
        """The free stretches of a piece, cut once more where a lost comma glued two states together."""
        for part in self._free(piece, taken):
            at = part.start
            while (end := self._state_end(at, part.end)) is not None:
                yield Piece(at, end)
                at = end
            yield Piece(at, part.end)

    def _state_end(self, start: int, stop: int) -> int | None:
        """Where a state ends after which another begins without a comma, if one does."""
        words = self._text[start:stop]
        ends = sorted(m.end() for r in RULES if r.name in _STATES and (m := re.search(r.pattern, words)))
        for end in ends:
            rest = words[end:]
            more, follower = self._rule(rest)
            if (
                len(rest) >= _SHORTEST_PART
                and not _GOES_ON.match(rest)
                and more
                and follower
                and not follower.weak
            ):
                return start + end
        return None

    @staticmethod
    def _free(piece: Piece, taken: list[tuple[int, int]]) -> list[Piece]:
        """What numeric targets leave of a piece; of one that lost its commas, the stretches beside them."""
        found, at = [], piece.start
        for start, end in sorted((a, b) for a, b in taken if a < piece.end and piece.start < b):
            if start - at >= _SHORTEST_PART:
                found.append(Piece(at, start))
            at = max(at, end)
        if at == piece.start or piece.end - at >= _SHORTEST_PART:
            found.append(Piece(at, piece.end))
        return found

    @staticmethod
    def _rule(words: str) -> tuple[re.Match[str] | None, StateRule | None]:
        exhorts = bool(_EXHORTS.match(words))
        for rule in RULES:
            match = re.search(rule.pattern, words)
            if match is None:
                continue
            if rule.weak and re.search(r"并$|^(?:加快|抓紧|科学|组织)$", words[: match.start()]):
                return match, rule
            if exhorts and (rule.weak or not _STILL.search(match[0])) and rule.measure is _Q:
                continue
            return match, rule
        return None, None

    def _found(
        self,
        clause: Clause,
        sentence: Sentence,
        piece: Piece,
        words: str,
        match: re.Match[str],
        rule: StateRule,
        bound: Bound,
    ) -> Iterator[Found]:
        text = self._text
        start = piece.start
        for dated in dates(text, piece.start, piece.end):
            if dated.role == "deadline" and re.fullmatch(
                r"(?:到|至|其中|力争到)*", text[piece.start : dated.start]
            ):
                start = dated.end
        place, taken = split_place(text[start : piece.end], self._catalogue, self._own, guess=False)
        phrase = text[start + taken : piece.end]
        quoted = start
        for dated in reversed(dates(text, sentence.start, start)):
            if dated.role == "deadline" and text[dated.end : start] in ("", ","):
                quoted = widen(text, dated, sentence.start)
                break
        subject = _LIST_END.sub("", phrase) or phrase
        parts = (
            items(subject, each=False)
            if rule.measure is Measure.DELEGATED or rule.name == "kept_away"
            else [subject]
        )
        flags = (*(("weak_task",) if rule.weak else ()), *place.flags, *bound.flags)
        if not bound.flags or "deadline_plan_end" not in bound.flags:
            pass
        elif rule.measure is Measure.QUALITATIVE:
            flags = (*flags, "no_finishing_date")
        for part in parts:
            named = self._namer.name(part if len(parts) > 1 else subject, None, numeric=False, loose=True)
            if named.known is None and rule.measure is Measure.QUALITATIVE:
                named = self._namer.name(phrase, None, numeric=False, loose=True)
            change = rules.CHANGE_PHRASE.search(part) and rule.measure is Measure.DELEGATED
            yield Found(
                quoted,
                piece.end,
                clause,
                named,
                place,
                bound,
                rule.measure,
                Kind.CHANGE if change else rule.kind,
                stretch=bool(rules.STRETCH.search(words[: match.end()])),
                change="relative" if change else None,
                flags=(*flags, *named.flags, *(("list_split",) if len(parts) > 1 else ())),
                rules=(f"state:{rule.name}", bound.rule),
            )
