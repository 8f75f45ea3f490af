"""The year's budget: what each item gets in each month, and the transfers that were needed all the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from marketbook.demo.company import MEDIA
from marketbook.demo.year import days
from marketbook.demo.year.story import Cell, Claim, Generator, Move, route, start

THOUSAND = 100_000
"""A thousand yuan in fen."""

UNPLANNED: Cell = ("channel", "直播基地共建", "2025-08")
"""What the plan did not have."""

WITHIN = (
    ("advertising", "抖音", "2025-05", "2025-09", "新品上市，提前投放"),
    ("advertising", "微信朋友圈", "2025-03", "2025-07", "三八节加投"),
    ("advertising", "淘宝直通车", "2025-06", "2025-09", "618大促加投"),
    ("advertising", "百度搜索", "2025-07", "2025-10", "暑期搜索量上升"),
    ("advertising", "小红书", "2025-11", "2025-12", "双11种草加投"),
    ("promotion", "会员日", "2025-06", "2025-05", "会员日与大促合并"),
    ("staff", "设计外包", "2025-10", "2025-12", "大促设计工时集中"),
)
"""Category, item, the month that was short, the month that gave, and why; managers decide these alone."""


@dataclass(frozen=True)
class Budget:
    """What the plan gives to each cell in fen, and the transfers."""

    original: Mapping[Cell, int]
    moves: tuple[Move, ...]


def draw(rng: Generator, claims: Iterable[Claim], *, year: int, size: float) -> Budget:
    """Draw a budget in which the claims have room once the transfers are made.

    Args:
        rng: The chapter's generator.
        claims: Of the year; what takes the place of a request's reservation does not count beside it.
        year: Of the plan.
        size: The company's.
    """
    needed = _needed(rng, claims, year, size)
    moves = tuple(_moves(rng, needed))
    original = dict(needed)
    for move in moves:
        if move.turns[-1].to == "approved":
            _before(original, move)
    original.pop(UNPLANNED, None)
    return Budget(dict(sorted(original.items())), moves)


def _needed(rng: Generator, claims: Iterable[Claim], year: int, size: float) -> dict[Cell, int]:
    asked: dict[Cell, int] = {}
    for claim in claims:
        for part in () if claim.request else claim.parts:
            asked[part.cell] = asked.get(part.cell, 0) + part.amount
    for medium in MEDIA:
        for month in range(1, 13):
            asked.setdefault(("advertising", medium.name, f"{year}-{month:02d}"), round(8_000 * size) * 100)
    return {cell: _rounded(amount * int(rng.integers(1_000, 1_120)) // 1_000) for cell, amount in asked.items()}


def _before(original: dict[Cell, int], move: Move) -> None:
    """Take a transfer back: what it brings was not planned where it went, but where it came from."""
    if move.taker is not None:
        original[move.taker] = original.get(move.taker, 0) - move.amount
    if move.giver is not None:
        original[move.giver] = original.get(move.giver, 0) + move.amount


def _moves(rng: Generator, needed: Mapping[Cell, int]) -> Iterator[Move]:
    for category, item, short, gives, why in WITHIN:
        taker, giver = (category, item, short), (category, item, gives)
        if taker in needed and giver in needed:
            owner = "manager2" if item in ("微信朋友圈", "B站") else "specialist"
            yield _move(rng, f"{item}{short[5:]}月追加", why, needed[taker] // 25, giver, taker, owner=owner)
    influencers, outdoor = ("advertising", "达人种草", "2025-11"), ("advertising", "户外广告", "2025-10")
    if influencers in needed:
        amount = needed[influencers] // 10
        yield _move(
            rng, "户外预算转投达人", "户外档期取消，转投达人", amount, outdoor, influencers, owner="specialist3"
        )
        yield _move(
            rng, "达人预算转投户外", "想增加地铁灯箱", amount, influencers, outdoor, owner="sales",
            steps=("submitted", "rejected"), reasons=("达人效果更好，不调。",),
        )  # fmt: skip
    yield _move(rng, "双11促销追加预算", "备货增加，追加赠品", 20 * THOUSAND, None, ("promotion", "双11", "2025-11"))
    bilibili = ("advertising", "B站", "2025-12")
    yield _move(rng, "B站年末结余收回", "年末不再投放", needed[bilibili] // 10, bilibili, None, owner="specialist3")
    yield _move(
        rng, "新增直播基地共建", "平台邀请共建，年初没有计划", 30 * THOUSAND,
        ("channel", "秋季展会", "2025-09"), UNPLANNED,
        steps=("submitted", "draft", "submitted", "approved"), reasons=("请说明与展会的关系。",),
    )  # fmt: skip


def _move(
    rng: Generator, title: str, purpose: str, amount: int, giver: Cell | None, taker: Cell | None, *,
    owner: str = "specialist", steps: tuple[str, ...] = ("submitted", "approved"), reasons: tuple[str, ...] = (),
) -> Move:  # fmt: skip
    month = (taker or giver or UNPLANNED)[2]
    begun = start(rng, days.before(date.fromisoformat(f"{month}-01"), 9))
    return Move(title, purpose, owner, begun, amount, giver, taker, route(rng, begun, steps, reasons))


def _rounded(amount: int) -> int:
    return -(-amount // THOUSAND) * THOUSAND
