"""The claims that pay the media: to the fen what the platforms report, a month at a time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from marketbook.demo.year import days
from marketbook.demo.year.spend import Monthly
from marketbook.demo.year.story import OPEN, PAID, Claim, Generator, Part, Turn, route, start

REQUESTED = ("抖音",)
"""Asked for at the beginning of each month, and paid in two parts."""

PREPAID = ("小红书", "淘宝直通车")
"""Charged in advance; the invoice comes later."""

OWNERS = {
    "抖音": "specialist",
    "小红书": "specialist",
    "微信朋友圈": "specialist3",
    "百度搜索": "specialist2",
    "淘宝直通车": "specialist2",
    "B站": "specialist3",
    "达人种草": "specialist3",
    "户外广告": "sales",
}
VENDORS = {
    "抖音": "巨量引擎",
    "小红书": "小红书聚光",
    "微信朋友圈": "腾讯广告",
    "百度搜索": "百度营销",
    "淘宝直通车": "阿里妈妈",
    "B站": "B站花火",
    "达人种草": "星选达人机构",
    "户外广告": "城迹户外传媒",
}
OVERDUE = ("小红书", "2025-10")
"""Whose invoice has never come."""

YUAN = 100


def claims(rng: Generator, spend: Monthly) -> list[Claim]:
    """Return the claims of every channel and month in which something was spent."""
    return [one for (channel, month), total in spend.items() for one in _of_month(rng, channel, month, total)]


def _of_month(rng: Generator, channel: str, month: str, total: int) -> Iterator[Claim]:
    first = date.fromisoformat(f"{month}-01")
    if channel in REQUESTED:
        yield from _requested(rng, channel, first, total)
    elif channel in PREPAID:
        yield from _prepaid(rng, channel, first, total)
    else:
        yield _payment(rng, channel, first, total, _settled(first), "月结款")


def _requested(rng: Generator, channel: str, first: date, total: int) -> Iterator[Claim]:
    """A request for the month, two payments that name it, and its closing, which releases the rest."""
    asked = -(-total // (1_000 * YUAN)) * 1_000 * YUAN
    request = _payment(rng, channel, first, asked, days.working(first), "投放申请", kind="request", steps=OPEN)
    closing = Turn("closed", days.moment(days.working(_after(first), 15), 60))
    yield replace(request, turns=(*request.turns, closing))
    early = total * 55 // 100 // YUAN * YUAN
    when = days.working(first, 9)
    yield _payment(rng, channel, first, early, when, "首笔款", request=request.title)
    yield _payment(rng, channel, first, total - early, _settled(first), "尾款", request=request.title)


def _prepaid(rng: Generator, channel: str, first: date, total: int) -> Iterator[Claim]:
    """Half of it in advance, its invoice some weeks later, and the rest when the month is over."""
    early = total // 2 // YUAN * YUAN
    if early:
        paid = _payment(rng, channel, first, early, days.working(first, 1), "预充值")
        comes = days.moment(days.working(_after(first), 2), int(rng.integers(0, 400)))
        overdue = (channel, days.month_of(first)) == OVERDUE
        yield replace(paid, due=_after(first) + timedelta(days=14), invoiced=None if overdue else comes)
    yield _payment(rng, channel, first, total - early, _settled(first), "结算款")


def _payment(
    rng: Generator, channel: str, first: date, amount: int, day: date, what: str, *,
    kind: str = "vendor_payment", steps: tuple[str, ...] = PAID, request: str = "",
) -> Claim:  # fmt: skip
    begun, called = start(rng, day), f"{channel}{first.month}月{what}"
    return Claim(
        kind=kind,
        title=called,
        purpose=f"{first.year}年{first.month}月{channel}投放，按平台账单结算。",
        owner=OWNERS[channel],
        at=begun,
        parts=(Part(("advertising", channel, days.month_of(first)), amount, called),),
        turns=route(rng, begun, steps),
        vendor=VENDORS[channel],
        request=request,
    )


def _settled(first: date) -> date:
    """Return the day on which a month's bill is paid: the second working day of the next one."""
    return days.working(_after(first), 1)


def _after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
