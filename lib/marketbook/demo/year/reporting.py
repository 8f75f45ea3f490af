"""Reports in four parts: on which the plans stand, what was seen on the way, and the reviews at the end."""

from dataclasses import dataclass
from datetime import date, datetime

from marketbook.demo.year import days
from marketbook.demo.year.story import Generator, Turn, route, start
from marketbook.office.params import ReportEntry

ACCEPTED = ("submitted", "accepted")
RETURNED = ("submitted", "returned", "submitted", "accepted")


@dataclass(frozen=True)
class Report:
    """A report: what is entered, about which plan, by whom, when, and the steps that are taken with it."""

    entry: ReportEntry
    plan: str
    owner: str
    at: datetime
    turns: tuple[Turn, ...]


def basis(year: int) -> str:
    """Return the title of the report on which a year's plan stands."""
    return f"{year - 1}年市场研究报告"


def research(rng: Generator, *, year: int) -> Report:
    """Return the report on which a year's plan stands."""
    return _report(
        rng, basis(year), "research", f"{year - 1}", "", "specialist", date(year - 1, 11, 3),
        (
            f"汇总{year - 1}年行业资料、品牌追踪调研与经销商访谈，供{year}年度计划使用。",
            "生活用品线上增速放缓，内容渠道带来的新客占比继续上升；价格敏感人群集中在三线及以下城市。",
            "增长来自会员复购与内容种草，单纯加大投放的边际效果在下降。",
            "把新增预算投向小红书与达人种草，会员日固定化，渠道拓展以华东为先。",
        ),
    )  # fmt: skip


def of_year(rng: Generator, *, year: int) -> list[Report]:
    """Return what was reported during a year and after it."""
    return [
        _report(
            rng, f"{year}年上半年品牌健康度", "brand_health", f"{year}-Q2", f"{year}年品牌推广计划", "specialist",
            date(year, 7, 8),
            (
                "依据第一、二期品牌追踪调研，比较知名度、净推荐值与形象。",
                "知名度小幅上升，区间有重叠；净推荐值稳定；「质量可靠」仍是最主要的印象。",
                "种草内容带来认知，但购买意向没有同步变化。",
                "下半年内容增加使用场景与价格信息，第三期调研加问购买障碍。",
            ),
        ),
        _report(
            rng, f"{year}年618大促复盘", "campaign_review", f"{year}-06", "618大促", "specialist2", date(year, 7, 2),
            (
                "回顾大促的目标、投入与结果，费用按已付款口径。",
                "销售额达成目标，印刷品费用高于计划；淘宝直通车在大促周边际回报最低。",
                "促销力度足够，投放在最后三天过于集中。",
                "双11把投放前移一周，印刷品统一采购。",
            ),
            steps=RETURNED, reasons=("请补充各渠道的费用明细。",),
        ),
        _report(
            rng, f"{year}年度营销计划总结", "plan_review", f"{year}", f"{year}年度营销计划", "manager",
            date(year + 1, 1, 12),
            (
                f"对照{year}年度计划的目标、预算与活动逐项总结。",
                "营业收入接近目标，媒体费用率受双11影响；四项组合计划中渠道拓展进度落后。",
                "内容与会员两条线有效，经销商拜访的人力不足。",
                "下一年渠道拓展增加一名专员，预算按季度滚动调整。",
            ),
        ),
    ]  # fmt: skip


def going_on(rng: Generator, *, year: int, today: date) -> Report:
    """Return the report that waits to be accepted."""
    begun = days.before(today, 2)
    return _report(
        rng, f"{begun.month}月市场简报", "market_note", days.month_of(begun), f"{year}年度营销计划", "specialist2",
        begun,
        (
            "汇总本月竞品价格、平台活动与客户反馈。",
            "两家竞品下调了厨房类价格，平台大促规则提前公布。",
            "短期内不必跟进降价，需要提前锁定资源位。",
            "本周内与平台确认资源位，下月加做一次价格敏感度测试。",
        ),
        steps=("submitted",),
    )  # fmt: skip


def _report(
    rng: Generator, title: str, kind: str, period: str, plan: str, owner: str, day: date,
    parts: tuple[str, str, str, str], *, steps: tuple[str, ...] = ACCEPTED, reasons: tuple[str, ...] = (),
) -> Report:  # fmt: skip
    begun = start(rng, days.working(day))
    names = ("overview", "findings", "conclusions", "recommendations")
    entry = ReportEntry.model_validate(
        {"kind": kind, "title": title, "period": period, **dict(zip(names, parts, strict=True))}
    )
    return Report(entry, plan, owner, begun, route(rng, begun, steps, reasons))
