"""The claims beside the media: campaigns, promotions, research, channels, outside help, travel and subscriptions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from marketbook.demo.plans import PLANS
from marketbook.demo.survey import STARTS
from marketbook.demo.year import days
from marketbook.demo.year.story import OPEN, PAID, Claim, Generator, Part, Turn, route, start
from marketbook.expense.params import Abroad
from marketbook.expense.service import converted

MONTHS = tuple(range(1, 13))
EVEN = MONTHS[1::2]
REGULAR: tuple[tuple[str, str, str, str, str, tuple[int, ...], tuple[int, int], str], ...] = (
    ("promotion", "会员日", "vendor_payment", "service", "青创设计", MONTHS, (12_000, 18_000), "会员日权益与物料制作"),
    ("promotion", "年货节", "vendor_payment", "specialist", "印象物料", (1,), (30_000, 45_000), "年货节礼盒与赠品"),
    ("promotion", "618大促", "vendor_payment", "specialist", "印象物料", (5, 6), (40_000, 70_000), "大促物料与赠品"),
    ("promotion", "双11", "vendor_payment", "specialist2", "印象物料", (10, 11), (50_000, 90_000), "大促物料与赠品"),
    ("research", "用户访谈", "reimbursement", "specialist2", "启程商旅", (2, 4, 5, 7, 8, 10, 12), (700, 1_500),
     "受访用户礼品与场地"),
    ("research", "行业报告", "vendor_payment", "specialist", "知行调研", (9,), (16_000, 19_000), "行业年度报告订购"),
    ("channel", "经销商支持", "vendor_payment", "specialist3", "华东经销联盟", MONTHS, (5_200, 9_000),
     "经销商门头与培训支持"),
    ("channel", "门店陈列", "reimbursement", "sales", "印象物料", (3, 6, 9, 12), (1_200, 2_500), "门店陈列道具采购"),
    ("staff", "设计外包", "vendor_payment", "specialist2", "青创设计", MONTHS, (8_000, 15_000), "外包设计师当月工时"),
    ("staff", "培训", "vendor_payment", "manager", "知行调研", (3, 7, 11), (8_000, 12_000), "营销团队专题培训"),
    ("other", "差旅", "reimbursement", "sales", "启程商旅", MONTHS, (600, 1_900), "拜访客户的交通与住宿"),
    ("other", "差旅", "reimbursement", "specialist", "启程商旅", MONTHS, (300, 1_400), "活动现场的交通与住宿"),
    ("other", "差旅", "reimbursement", "manager", "启程商旅", EVEN, (700, 2_100), "区域走访的交通与住宿"),
    ("other", "差旅", "reimbursement", "director", "启程商旅", (3, 6, 9, 12), (1_500, 3_600), "行业会议的交通与住宿"),
    ("other", "软件订阅", "vendor_payment", "specialist3", "云栈软件", (4, 7, 10), (3_600, 4_700), "协作软件订阅"),
    ("other", "会务", "vendor_payment", "manager2", "会展通", (2, 5, 8, 11), (6_000, 12_000), "季度营销会议场地"),
)  # fmt: skip
"""Category, item, kind, owner, vendor, months, yuan from and to, and what for."""

NAMES = {"sales": "（销售）", "specialist": "（市场）", "manager": "（经理）", "director": "（总监）"}
"""Tell those who travel apart."""


def claims(rng: Generator, *, size: float, year: int) -> list[Claim]:
    """Return the claims of the year's other work; campaigns cost what the campaigns' data say."""
    made = [_regular(rng, row, month, year) for row in REGULAR for month in row[5]]
    return [*made, *_campaigns(rng, size), *_waves(rng), *_fairs(rng, year), *_abroad(rng, year)]


def _regular(
    rng: Generator, row: tuple[str, str, str, str, str, tuple[int, ...], tuple[int, int], str], month: int, year: int
) -> Claim:
    category, item, kind, owner, vendor, _months, (least, most), what = row
    who = NAMES.get(owner, "") if item == "差旅" else ""
    first = date(year, month, 1)
    day = days.working(first, int(rng.integers(4, 14)))
    amount = int(rng.integers(least * 100, most * 100))
    purpose = f"{month}月{what}，明细见附件发票。"
    paper = "paper" if item in ("门店陈列", "用户访谈") else "digital"
    return payment(
        rng, day, f"{item}{who}{month}月", (category, item, days.month_of(first)), amount,
        purpose=purpose, kind=kind, owner=owner, vendor=vendor, paper=paper,
    )  # fmt: skip


def payment(
    rng: Generator, day: date, title: str, cell: tuple[str, str, str], amount: int, *, purpose: str, owner: str,
    vendor: str, kind: str = "vendor_payment", steps: Iterable[str] = PAID, reasons: Iterable[str] = (),
    request: str = "", paper: str = "digital", abroad: Abroad | None = None, reissued: bool = False,
) -> Claim:  # fmt: skip
    """Return a claim of one line that is entered on a day."""
    begun = start(rng, day)
    return Claim(
        kind=kind, title=title, purpose=purpose, owner=owner, at=begun, parts=(Part(cell, amount, title, abroad),),
        turns=route(rng, begun, tuple(steps), tuple(reasons)), vendor=vendor, request=request, paper=paper,
        reissued=reissued,
    )  # fmt: skip


def _campaigns(rng: Generator, size: float) -> Iterator[Claim]:
    for number, plan in enumerate(PLANS):
        owner = ("specialist", "specialist2")[number % 2]
        cell, cost = ("promotion", plan.name, days.month_of(plan.start)), round(plan.cost * size) * 100
        end = plan.start + timedelta(weeks=plan.weeks)
        yield from _asked_and_paid(
            rng, cell, cost, cost, owner, "印象物料", (days.before(plan.start, 15), plan.start, end)
        )


def _waves(rng: Generator) -> Iterator[Claim]:
    for number, begins in enumerate(STARTS, start=1):
        cell, asked = ("research", f"品牌追踪第{number}期", days.month_of(begins)), 6_000_000
        cost = asked - int(rng.integers(10_000, 200_000))
        stops = (days.before(begins, 14), begins, begins + timedelta(weeks=3))
        yield from _asked_and_paid(rng, cell, asked, cost, "specialist", "知行调研", stops)


def _fairs(rng: Generator, year: int) -> Iterator[Claim]:
    for name, begins in (("春季展会", date(year, 4, 15)), ("秋季展会", date(year, 9, 16))):
        cell, asked = ("channel", name, days.month_of(begins)), 8_000_000
        cost = asked - int(rng.integers(10_000, 400_000))
        stops = (days.before(begins, 16), days.before(begins, 3), begins + timedelta(weeks=2))
        yield from _asked_and_paid(rng, cell, asked, cost, "sales", "会展通", stops)


def _asked_and_paid(
    rng: Generator, cell: tuple[str, str, str], asked: int, cost: int, owner: str, vendor: str,
    stops: tuple[date, date, date],
) -> Iterator[Claim]:  # fmt: skip
    """A request, two payments that name it, and its closing."""
    item, (asks, begins, ends) = cell[1], stops
    purpose = f"{item}的执行费用，含制作、场地与人员。"
    about: dict[str, Any] = {"purpose": purpose, "owner": owner, "vendor": vendor}
    request = payment(rng, asks, f"{item}立项申请", cell, asked, kind="request", steps=OPEN, **about)
    closing = Turn("closed", days.moment(days.working(ends, 14), 90))
    yield replace(request, turns=(*request.turns, closing))
    early = cost * 6 // 10
    yield payment(rng, days.working(begins), f"{item}首款", cell, early, request=request.title, **about)
    yield payment(rng, days.working(ends), f"{item}尾款", cell, cost - early, request=request.title, **about)


def _abroad(rng: Generator, year: int) -> Iterator[Claim]:
    """Two bills in dollars, converted once when they are entered."""
    bills = (
        (date(year, 1, 15), "other", "软件订阅", "海外数据工具年费", 119_000, "7.1650"),
        (date(year, 3, 12), "research", "海外市场报告", "海外市场报告", 148_500, "7.1725"),
    )
    for day, category, item, title, cents, rate in bills:
        paid = Abroad(currency="USD", amount=cents, rate=Decimal(rate))
        yield payment(
            rng, day, title, (category, item, days.month_of(day)), converted(paid), abroad=paid, paper="foreign",
            purpose=f"{title}，按付款日汇率折算。", owner="specialist", vendor="Northwind Insights Ltd",
        )  # fmt: skip
