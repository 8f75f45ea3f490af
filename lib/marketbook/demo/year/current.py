"""What is going on now: this year's plan is in force, and in every inbox something waits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from marketbook.demo.year import days
from marketbook.demo.year.budget import THOUSAND
from marketbook.demo.year.others import payment
from marketbook.demo.year.story import (
    APPROVED,
    OPEN,
    PAID,
    REVIEWED,
    Cell,
    Claim,
    Generator,
    Move,
    route,
    start,
)

BACK = 21
"""The year in which the last three weeks began is the one that is planned."""

ENTERED = ("submitted",)
BY_MANAGER = ("submitted", "manager_approved")
RETURNED = ("submitted", "draft")
RETURNED_BY_FINANCE = (*APPROVED, "draft")
REJECTED = ("submitted", "rejected")
GOING_ON: tuple[tuple[int, str, str, str, str, int, str, tuple[str, ...]], ...] = (
    (1, "短视频投放补充", "advertising", "抖音", "specialist", 3_865_000, "巨量引擎", ENTERED),
    (2, "设计外包加班工时", "staff", "设计外包", "specialist2", 618_300, "青创设计", ENTERED),
    (1, "经销商门头更新", "channel", "经销商支持", "specialist3", 546_200, "华东经销联盟", ENTERED),
    (2, "拜访华东客户差旅", "other", "差旅", "sales", 128_650, "启程商旅", ENTERED),
    (3, "客户答谢会差旅", "other", "差旅", "director", 216_400, "启程商旅", ENTERED),
    (2, "数据分析培训", "staff", "培训", "manager", 880_000, "知行调研", ENTERED),
    (4, "会员日礼品制作", "promotion", "会员日", "service", 1_126_400, "青创设计", BY_MANAGER),
    (4, "社群运营物料", "promotion", "会员日", "specialist", 734_900, "印象物料", BY_MANAGER),
    (4, "协作软件续费", "other", "软件订阅", "specialist3", 438_000, "云栈软件", BY_MANAGER),
    (6, "搜索投放月结", "advertising", "百度搜索", "specialist2", 2_248_700, "百度营销", APPROVED),
    (6, "行业数据订购", "research", "行业报告", "specialist", 1_645_000, "知行调研", APPROVED),
    (9, "门店陈列更新", "channel", "门店陈列", "sales", 187_300, "印象物料", REVIEWED),
    (9, "信息流投放月结", "advertising", "微信朋友圈", "specialist3", 3_126_400, "腾讯广告", REVIEWED),
    (5, "品牌片拍摄", "staff", "设计外包", "specialist", 964_500, "青创设计", RETURNED),
    (8, "会员日直播", "promotion", "会员日", "service", 826_100, "星选达人机构", RETURNED_BY_FINANCE),
    (5, "办公家具", "other", "会务", "sales", 356_000, "会展通", REJECTED),
    (13, "内容投放月结", "advertising", "小红书", "specialist", 2_816_300, "小红书聚光", PAID),
    (13, "搜索广告月结", "advertising", "淘宝直通车", "specialist2", 3_348_800, "阿里妈妈", PAID),
    (14, "用户座谈会", "research", "用户访谈", "specialist2", 118_600, "启程商旅", PAID),
    (1, "达人寄样费用", "advertising", "达人种草", "specialist3", 645_200, "星选达人机构", ()),
    (2, "区域走访差旅", "other", "差旅", "manager", 96_800, "启程商旅", ()),
)  # fmt: skip
"""Working days ago, title, category, item, owner, fen, vendor, and the steps taken so far."""

REASONS = {
    RETURNED: ("请补充拍摄方案与报价明细。",),
    RETURNED_BY_FINANCE: ("发票税率有误，请供应商重开。",),
    REJECTED: ("办公家具由行政统一采购。",),
}


def year_of(today: date) -> int:
    """Return the year whose budget is spent now; its invoices may still come in the first weeks of the next one."""
    return (today - timedelta(days=BACK)).year


def claims(rng: Generator, *, today: date) -> list[Claim]:
    """Return what has been going on for three weeks, and how far it has come."""
    month = days.month_of(min(today, date(year_of(today), 12, 31)))
    return [*_entered(rng, today, month), _prepaid(rng, today, month), _request(rng, today, month)]


def moves(rng: Generator, original: Mapping[Cell, int], *, today: date) -> Iterator[Move]:
    """Return two transfers that are not decided: one for the manager, one for the director."""
    ahead = f"{year_of(today)}-12"
    for days_ago, title, item, why in (
        (1, "抖音旺季追加", "抖音", "旺季提前，从上半年结余调入"),
        (2, "B站转投小红书", "小红书", "种草效果更好"),
    ):
        giver = ("advertising", "B站" if item == "小红书" else item, f"{year_of(today)}-02")
        begun = start(rng, days.before(today, days_ago))
        amount = original[giver] // 20
        turns = route(rng, begun, ENTERED)
        yield Move(title, why, "specialist", begun, amount, giver, ("advertising", item, ahead), turns)


def original(past: Mapping[Cell, int], *, more: Iterable[Claim], year: int) -> dict[Cell, int]:
    """Return a plan that gives each cell a tenth more than the one before, and what is spent now besides.

    Args:
        past: What the plan of the demo's year gives, in fen.
        more: The claims that are going on.
        year: Of the plan.
    """
    made = {
        (category, item, f"{year}{month[4:]}"): _thousands(amount * 11 // 10)
        for (category, item, month), amount in past.items()
    }
    for part in (part for claim in more for part in claim.parts):
        made[part.cell] = made.get(part.cell, 0) + _thousands(part.amount)
    return made


def _thousands(amount: int) -> int:
    return -(-amount // THOUSAND) * THOUSAND


def _entered(rng: Generator, today: date, month: str) -> Iterator[Claim]:
    for ago, title, category, item, owner, amount, vendor, steps in GOING_ON:
        kind = "reimbursement" if item in ("差旅", "门店陈列", "用户访谈") else "vendor_payment"
        yield payment(
            rng, days.before(today, ago), title, (category, item, month), amount, purpose=f"{title}，明细见附件发票。",
            owner=owner, vendor=vendor, kind=kind, steps=steps, reasons=REASONS.get(steps, ()),
        )  # fmt: skip


def _prepaid(rng: Generator, today: date, month: str) -> Claim:
    paid = payment(
        rng, days.before(today, 12), "B站花火预充值", ("advertising", "B站", month), 1_860_000,
        purpose="B站花火账户充值，发票随后开具。", owner="specialist3", vendor="B站花火",
    )  # fmt: skip
    return replace(paid, due=today + timedelta(days=20))


def _request(rng: Generator, today: date, month: str) -> Claim:
    return payment(
        rng, days.before(today, 10), "冬季新品发布会立项申请", ("promotion", "会员日", month), 6_400_000,
        purpose="冬季新品发布会的场地、搭建与直播。", owner="specialist", vendor="会展通", kind="request", steps=OPEN,
    )  # fmt: skip
