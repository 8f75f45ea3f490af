"""What may become orders: a year of opportunities up to now, with chances that are known, and those of this week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketbook.customer import cards
from marketbook.customer.entries import CustomerEntry
from marketbook.demo.year import customers, days
from marketbook.demo.year.play import Event, Stage, step
from marketbook.demo.year.story import Generator
from marketbook.kit.records import roles
from marketbook.office import opportunity
from marketbook.office.opportunity import Opportunity
from marketbook.office.opportunity_params import DoneEntry, LostEntry, OpportunityEntry, StepEntry, WonEntry

COUNT = 44
"""How many there were in the year up to now."""

CHANCES = {"qualified": 0.7, "proposal": 0.75, "won": 0.5}
"""How often one that has come to the stage before goes on to the next, sooner or later."""

WAITS = {"qualified": (3, 12), "proposal": (5, 18), "won": (6, 30)}
"""After how many working days it does, or is given up; from and below."""

LATE = 0.2
"""How often a first contact is late, and an order is looked after by nobody."""

PRODUCTS = (
    ("企业定制礼盒", 4_800_000), ("员工福利年框", 9_600_000), ("渠道进货（首批）", 2_400_000),
    ("联名款团购", 3_200_000), ("会员日专供", 1_500_000),
)  # fmt: skip
"""What is sold, and for about how many fen."""

BUYERS = (*customers.NAMES[12:14], *customers.NAMES[22:44], *customers.NAMES[-2:])
"""Who has a card already."""

NEWCOMERS = (
    "宁波海纳工艺品有限公司", "苏州拾光酒店管理有限公司", "厦门屿间民宿有限公司", "无锡知行教育科技有限公司",
    "长沙湘遇餐饮有限公司", "青岛汇泉会展有限公司",
    "佛山汇泰包装有限公司", "昆明云岭旅游有限公司",
)  # fmt: skip
"""Prospects of the last weeks."""

SOURCES = ("visit", "referral", "event", "website", "inbound", "repeat")
REASONS = (
    ("price", "比竞品高一成，对方控制预算"), ("competitor", "选择了原有供应商"), ("no_answer", "三次联系未回复"),
    ("postponed", "项目推迟到明年"), ("product", "希望更小规格，暂无合适产品"),
)  # fmt: skip
TALKS = ("已电话沟通，了解需求和数量", "上门拜访，演示样品", "确认预算和决策人", "讲解方案，客户内部讨论")
"""What came of the steps."""

NOW = ((0, 0, "prospect"), (1, 1, "prospect"), (4, 2, "prospect"), (6, 3, "qualified"), (9, 4, "qualified"),
       (15, 5, "proposal"), (14, 6, "won"), (34, 7, "won"))  # fmt: skip
"""Working days ago, which newcomer, and how far it has come."""


@dataclass(frozen=True)
class Sale:
    """A sale that is played.

    Attributes:
        customer: Whose.
        owner: Who sells, by login name.
        on: When it was entered.
        product: Of `PRODUCTS`.
        share: Of the product's usual amount.
        turns: On which day it comes to which stage, the last one being where it stands.
        contacted: After how many working days the customer was contacted first; none where nobody has.
        source, reason: Where it comes from, and of `REASONS` why it is lost.
        followed: The order is looked after.
        waits: In how many days from today the next step is due, of one that is open.
    """

    customer: str
    owner: str
    on: date
    product: int
    share: float
    turns: tuple[tuple[date, str], ...]
    contacted: int | None
    source: str
    reason: int
    followed: bool
    waits: int

    @property
    def amount(self) -> int:
        """The estimate, in fen, to the hundred yuan."""
        return round(PRODUCTS[self.product][1] * self.share / 10_000) * 10_000


def draw(rng: Generator, *, today: date) -> list[Sale]:
    """Draw the sales of the year up to now, evenly spread, and those of the newcomers."""
    spread = (today - timedelta(days=360 - 350 * place // COUNT) for place in range(COUNT))
    past = [_drawn(rng, days.working(day), place, today) for place, day in enumerate(spread)]
    return [*past, *(_now(rng, today, *one) for one in NOW)]


def events(stage: Stage, sales: Sequence[Sale], *, today: date) -> Iterator[Event]:
    """Return what happens with each sale."""
    for place, sale in enumerate(sales):
        yield from _played(stage, f"sale {place}", sale, place, today)


def _drawn(rng: Generator, on: date, place: int, today: date) -> Sale:
    turns, day = [], on
    for stage, chance in CHANCES.items():
        day = days.working(day, after=int(rng.integers(*WAITS[stage])))
        goes_on = rng.random() < chance
        turns.append((day, stage if goes_on else "lost"))
        if not goes_on:
            break
    late = rng.random() < LATE
    return Sale(
        customer=BUYERS[place % len(BUYERS)], owner="manager" if place % 7 == 3 else "sales", on=on,
        product=int(rng.integers(0, len(PRODUCTS))), share=float(rng.uniform(0.5, 1.8)),
        turns=tuple(turn for turn in turns if turn[0] < today), contacted=int(rng.integers(3, 6)) if late else 1,
        source=SOURCES[int(rng.integers(0, len(SOURCES)))], reason=int(rng.integers(0, len(REASONS))),
        followed=rng.random() >= LATE, waits=int(rng.integers(-4, 12)),
    )  # fmt: skip


def _now(rng: Generator, today: date, ago: int, who: int, status: str) -> Sale:
    on = days.before(today, ago) if ago else today
    ways = (*CHANCES,)[: ("prospect", *CHANCES).index(status)]
    turns = tuple((days.working(on, after=2 + 3 * place), stage) for place, stage in enumerate(ways))
    contacted = 1 if status != "prospect" or ago == 1 else None
    product, share = int(rng.integers(0, len(PRODUCTS))), float(rng.uniform(0.8, 2.5))
    source = SOURCES[who % len(SOURCES)]
    return Sale(NEWCOMERS[who], "sales", on, product, share, turns, contacted, source, 0, followed=False, waits=who - 1)


def _played(stage: Stage, name: str, sale: Sale, place: int, today: date) -> Iterator[Event]:
    yield days.moment(sale.on, 20 + place), lambda: _enter(stage, name, sale)
    if sale.contacted is not None and (day := days.working(sale.on, after=sale.contacted)) < today:
        yield days.moment(day, 90 + place), lambda: _talk(stage, name, sale, 0, days.working(day, after=2))
    for number, (day, to) in enumerate(sale.turns, start=1):
        following = sale.turns[number][0] if number < len(sale.turns) else today + timedelta(days=sale.waits)
        yield days.moment(day, 120 + place), lambda a=(number, to, following): _turn(stage, name, sale, *a)  # type: ignore[misc]
    if sale.turns and sale.turns[-1][1] == "won" and sale.followed:
        day = days.working(sale.turns[-1][0], after=4)
        if day < today:
            yield days.moment(day, 200 + place), lambda: _follow(stage, name)


def _enter(stage: Stage, name: str, sale: Sale) -> None:
    owner = stage.parties[sale.owner]
    if sale.customer not in stage.parties:
        made = cards.enter(stage.session, CustomerEntry(name=sale.customer, company=True), actor=owner)
        stage.parties[sale.customer] = made.id
    entry = OpportunityEntry.model_validate({
        "party_id": stage.parties[sale.customer], "product": PRODUCTS[sale.product][0], "source": sale.source,
        "amount_minor": sale.amount, "expected_on": days.working(sale.on + timedelta(days=45)),
        "next_step": _step("电话了解需求", days.working(sale.on, after=2)),
    })  # fmt: skip
    stage.records[name] = opportunity.enter(stage.session, entry, actor=owner)


def _turn(stage: Stage, name: str, sale: Sale, number: int, to: str, following: date) -> None:
    one, owner = _one(stage, name), stage.parties[sale.owner]
    if to == "lost":
        reason, text = REASONS[sale.reason]
        lost = LostEntry.model_validate({"reason": reason, "text": text})
        opportunity.lose(stage.session, one, lost, actor=owner, version=one.version)
    elif to == "won":
        asked = {"order_no": f"SO{sale.on:%y%m%d}{one.id}", "order_minor": sale.amount * 96 // 100}
        entry = WonEntry.model_validate(asked)
        opportunity.win(stage.session, one, entry, actor=owner, version=one.version)
    else:
        _talk(stage, name, sale, number, following)
        step(stage, one, to, owner)


def _talk(stage: Stage, name: str, sale: Sale, number: int, following: date) -> None:
    """Note what came of the step that is due, and what is next."""
    one = _one(stage, name)
    if one.status not in opportunity.OPEN:
        return
    due = opportunity.steps(stage.session, one)[0]
    wanted = ("上门演示样品", "提交方案和报价", "跟进客户决定", "确认合同条款")[number % 4]
    coming = max(following, due.due_on, roles.today())
    entry = DoneEntry(outcome=TALKS[number % 4], next_step=StepEntry.model_validate(_step(wanted, coming)))
    actor = stage.parties[sale.owner]
    opportunity.finish_step(stage.session, one, due, entry, actor=actor, version=due.version)


def _follow(stage: Stage, name: str) -> None:
    """Look after an order: the step that was still to be done is that."""
    one = _one(stage, name)
    for due in opportunity.steps(stage.session, one)[:1]:
        done = DoneEntry(outcome="已确认到货，客户满意")
        opportunity.finish_step(stage.session, one, due, done, actor=due.owner_id, version=due.version)


def _step(title: str, on: date) -> dict[str, object]:
    return {"title": title, "due_on": on, "kind": "visit" if "上门" in title else "call"}


def _one(stage: Stage, name: str) -> Opportunity:
    found = stage.records[name]
    assert isinstance(found, Opportunity)
    return found
