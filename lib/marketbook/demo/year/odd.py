"""What does not go smoothly: claims sent back, rejected, withdrawn or talked about, and those that an auditor finds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from marketbook.demo.people import COLLEAGUES, MORE
from marketbook.demo.year.budget import UNPLANNED
from marketbook.demo.year.others import payment
from marketbook.demo.year.story import APPROVED, PAID, Claim, Generator, Said, route

DUPLICATE = ("印刷品采购（一）", "印刷品采购（二）")
SPLIT = ("导购培训物料（上）", "导购培训物料（下）")
WEEKEND = "周末快闪活动搭建"
"""The titles of the claims in which something is wrong; what is overdue is `media.OVERDUE`."""

SENT_BACK_PER_MILLE = 180
TALKED_ABOUT_PER_MILLE = 160
RETURNED = (
    "发票抬头有误，请重开后再交。",
    "事由写得太简，请补充用途和参加人。",
    "缺少投放截图，请补充附件。",
    "金额与合同不一致，请核对。",
)
REJECTED = (
    ("礼品采购", "promotion", "会员日", 4, "specialist", 680_000, "本季度礼品已统一采购，不再单独安排。"),
    ("短视频代拍", "staff", "设计外包", 5, "specialist2", 920_000, "与在执行的外包内容重复。"),
    ("高铁商务座", "other", "差旅", 8, "sales", 186_000, "超出差旅标准，且没有事前说明。"),
    ("门店灯箱更换", "channel", "经销商支持", 9, "specialist3", 760_000, "应由经销商承担。"),
)
WITHDRAWN = (
    ("会员日直播间布置", "promotion", "会员日", 7, "service", 430_000),
    ("设计外包加急", "staff", "设计外包", 11, "specialist2", 390_000),
)
NAMES = {one.signs_in_as: one.name for one in (*COLLEAGUES, *MORE)}
SUPERIOR = {one.signs_in_as: one.superior or "executive" for one in (*COLLEAGUES, *MORE)}


def claims(rng: Generator, *, year: int) -> list[Claim]:
    """Return claims that stay unpaid, and those that were paid and should not have been."""
    return [*_planted(rng, year), *_stopped(rng, year), _unplanned(rng)]


def told(rng: Generator, claims: list[Claim]) -> list[Claim]:
    """Have some claims sent back once, one of them for its invoice, and some talked about."""
    made, reissued = [], False
    for claim in claims:
        mine = claim
        if _may_be_sent_back(claim) and rng.integers(0, 1_000) < SENT_BACK_PER_MILLE:
            reason = RETURNED[int(rng.integers(0, len(RETURNED)))]
            mine = _sent_back(rng, claim, reason)
            if reason is RETURNED[0] and claim.kind == "vendor_payment" and not reissued:
                mine, reissued = replace(mine, reissued=True), True
        made.append(_talked_about(rng, mine) if rng.integers(0, 1_000) < TALKED_ABOUT_PER_MILLE else mine)
    return made


def _may_be_sent_back(claim: Claim) -> bool:
    planted = (*DUPLICATE, *SPLIT, WEEKEND)
    paid = bool(claim.turns) and claim.turns[-1].to == "paid"
    return paid and not claim.request and claim.due is None and claim.title not in planted


def _sent_back(rng: Generator, claim: Claim, reason: str) -> Claim:
    first = ("submitted",) if rng.integers(0, 2) else APPROVED
    return replace(claim, turns=route(rng, claim.at, (*first, "draft", "corrected", *PAID), (reason,)))


def _talked_about(rng: Generator, claim: Claim) -> Claim:
    asked = claim.turns[0].at + timedelta(minutes=int(rng.integers(1, 7)))
    decider = SUPERIOR[claim.owner]
    said = [Said(claim.owner, f"@{NAMES[decider]} 请尽快看一下，供应商在等确认。", asked)]
    if len(claim.turns) > 1:
        answered = claim.turns[1].at + timedelta(minutes=int(rng.integers(1, 7)))
        said.append(Said(decider, f"@{NAMES[claim.owner]} 已看过，后续请附上执行照片。", answered))
    return replace(claim, said=tuple(said))


def _planted(rng: Generator, year: int) -> Iterator[Claim]:
    for title, day in zip(DUPLICATE, (date(year, 6, 4), date(year, 6, 18)), strict=True):
        yield payment(
            rng, day, title, ("promotion", "618大促", f"{year}-06"), 864_250, purpose="大促门店印刷品采购，随货验收。",
            owner="specialist", vendor="印象物料",
        )  # fmt: skip
    for title, day, amount in zip(SPLIT, (date(year, 10, 21), date(year, 10, 23)), (291_700, 268_400), strict=True):
        yield payment(
            rng, day, title, ("channel", "经销商支持", f"{year}-10"), amount, purpose="导购培训所用的手册与样品。",
            owner="sales", vendor="印象物料",
        )  # fmt: skip
    yield payment(
        rng, date(year, 9, 13), WEEKEND, ("promotion", "会员日", f"{year}-09"), 2_000_000,
        purpose="周末商场快闪活动的搭建费用。", owner="specialist", vendor="会展通",
    )  # fmt: skip


def _stopped(rng: Generator, year: int) -> Iterator[Claim]:
    for title, category, item, month, owner, amount, reason in REJECTED:
        first = ("submitted",) if amount < 700_000 else APPROVED
        cell, kind = (category, item, f"{year}-{month:02d}"), "reimbursement" if item == "差旅" else "vendor_payment"
        yield payment(
            rng, date(year, month, 17), title, cell, amount, purpose=f"{title}的费用，供应商报价附后。", owner=owner,
            vendor="印象物料", kind=kind, steps=(*first, "rejected"), reasons=(reason,),
        )  # fmt: skip
    for title, category, item, month, owner, amount in WITHDRAWN:
        yield payment(
            rng, date(year, month, 18), title, (category, item, f"{year}-{month:02d}"), amount,
            purpose=f"{title}的费用，后来不再需要。", owner=owner, vendor="印象物料", steps=("submitted", "withdrawn"),
        )  # fmt: skip


def _unplanned(rng: Generator) -> Claim:
    day = date.fromisoformat(f"{UNPLANNED[2]}-20")
    return payment(
        rng, day, "直播基地共建首年费用", UNPLANNED, 2_860_000, purpose="与平台共建直播基地的首年费用。",
        owner="specialist", vendor="星选达人机构",
    )  # fmt: skip
