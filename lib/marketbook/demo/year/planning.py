"""The year's plan with its components: what they want to reach, and how."""

from collections.abc import Mapping

from marketbook.office.params import ActivityEntry, MeasurementEntry
from marketbook.plan.params import ObjectiveEntry, PlanEntry

THEMES = {2025: "品质生活，触手可及"}
THEME = "稳中求进，深耕会员"
CAMPAIGN = "618大促"
BROADCAST = "大促直播专场"

COMPONENTS: tuple[tuple[str, str, str, str, str, str, int], ...] = (
    (
        "brand_promotion",
        "品牌推广计划",
        "manager",
        "让更多人知道并记住我们",
        "提示后知名度达到目标",
        "brand.awareness",
        1_040,
    ),
    (
        "product_promotion",
        "产品推广计划",
        "manager",
        "新品上市即被看见",
        "广告点击率达到目标",
        "media.click_rate",
        1_020,
    ),
    ("sales_promotion", "促销计划", "manager2", "会员日与大促两条线", "促销带来的订单达到目标", "sales.orders", 990),
    (
        "channel_expansion",
        "渠道拓展计划",
        "manager2",
        "华东先行，带动全国",
        "广告转化数达到目标",
        "media.conversions",
        1_050,
    ),
    ("research", "市场调研计划", "manager", "用数据支持每一个判断", "品牌追踪每季度一期", "brand.awareness", 1_040),
)
"""Kind, title, owner, theme, objective, metric and target of each component: per mille of what the data say came."""


def title(year: int) -> str:
    """Return the title of a year's plan."""
    return f"{year}年度营销计划"


def part(year: int, kind: str) -> str:
    """Return the title of a component of a year's plan."""
    return next(f"{year}年{name}" for of_kind, name, *_rest in COMPONENTS if of_kind == kind)


def of_year(year: int, *, values: Mapping[str, float], report: int) -> PlanEntry:
    """Return a year's marketing plan, which stands on an accepted report."""
    wanted = (
        ("营业收入稳步增长", "sales.revenue", 1_030),
        ("订单数稳步增长", "sales.orders", 985),
        ("控制媒体费用率", "media.cost_share", 970),
    )
    objectives = [
        ObjectiveEntry(text=text, metric=code, target=_rounded(values[code] * per_mille / 1_000))
        for text, code, per_mille in wanted
    ]
    return PlanEntry(
        kind="marketing",
        title=title(year),
        fiscal_year=year,
        theme=THEMES.get(year, THEME),
        objectives=objectives,
        strategy="以会员复购为基础，以内容种草带来新客，大促集中投放；费用随效果按季度调整。",
        feasibility="团队与供应商齐备，预算按上年实际与研究结论编制，主要风险是平台规则变化。",
        basis=[report],
    )


def component(
    year: int, row: tuple[str, str, str, str, str, str, int], *, values: Mapping[str, float], parent: int
) -> PlanEntry:
    """Return a component of a year's plan."""
    kind, name, _owner, theme, objective, metric, per_mille = row
    target = _rounded(values[metric] * per_mille / 1_000)
    scope = ["market_size", "market_trend", "competitors", "customer_needs", "consumer_behaviour"]
    return PlanEntry.model_validate({
        "kind": kind, "title": f"{year}年{name}", "fiscal_year": year, "theme": theme, "parent_id": parent,
        "objectives": [{"text": objective, "metric": metric, "target": target}],
        "strategy": f"{theme}；按月安排，按季度检查。", "scope": scope if kind == "research" else [],
    })  # fmt: skip


def campaign(year: int, *, target: float, parent: int) -> PlanEntry:
    """Return the campaign that is closed with a review."""
    return PlanEntry.model_validate({
        "kind": "campaign", "title": CAMPAIGN, "fiscal_year": year, "theme": "好物半年一次", "parent_id": parent,
        "starts_on": f"{year}-05-26", "ends_on": f"{year}-06-20", "strategy": "预热、爆发、返场三段，会员先享。",
        "objectives": [
            {"text": "大促当月营业收入达到目标", "metric": "sales.revenue", "target": target, "period": f"{year}-06"}
        ],
    })  # fmt: skip


def broadcast(year: int, campaign_id: int) -> ActivityEntry:
    """Return what is done in the campaign."""
    return ActivityEntry.model_validate({
        "kind": "event", "title": BROADCAST, "plan_id": campaign_id, "starts_on": f"{year}-06-01",
        "due_on": f"{year}-06-18", "qty_planned": 6, "qty_unit": "场", "quality_standard": "场均观看不低于两万",
    })  # fmt: skip


def reached(year: int, values: Mapping[str, float], subject: int) -> list[MeasurementEntry]:
    """Return what a year's plan reached, as figures of the plan."""
    return [
        MeasurementEntry(metric=code, basis="actual", period=str(year), value=value, subject_id=subject)
        for code, value in values.items()
    ]


def _rounded(value: float) -> float:
    return round(value, 4) if value < 1 else float(round(value))
