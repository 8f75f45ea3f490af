"""What customers complained of: in a year that is over, in months in which parcels came late, and now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from marketbook.customer.complaint import rules, ticker
from marketbook.customer.complaint import service as complaints
from marketbook.customer.complaint.params import ClosingEntry, ComplaintEntry, ResolutionEntry
from marketbook.customer.complaint.tables import SEVERE, Complaint
from marketbook.demo.year import customers, days
from marketbook.demo.year.play import Event, Stage, step
from marketbook.demo.year.story import Generator
from marketbook.kit.records.calendar import is_workday
from marketbook.office import activity
from marketbook.office.activity import Activity
from marketbook.office.params import ActivityEntry, ResultEntry

CUSTOMERS = customers.NAMES[:14]
"""Who complains."""

KINDS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "收到的商品外箱压坏，里面的杯子碎了一只",
        "delivery.damaged",
        "logistics",
        "normal",
        "已补寄新品并致歉，运费由我司承担",
    ),
    (
        "下单后五天还没有发货，客服说法前后不一",
        "delivery.late",
        "logistics",
        "normal",
        "已催促仓库当日发出，并补偿优惠券",
    ),
    ("退款申请两周仍未到账，影响使用", "price.refund", "finance", "high", "财务已核实并当日退款到原账户"),
    (
        "直播间说的赠品没有收到，页面也查不到活动规则",
        "price.promotion",
        "marketing",
        "low",
        "已补寄赠品，活动页补充规则说明",
    ),
    ("颜色与详情页图片差别很大", "product.unlike", "product", "normal", "客户同意换货，详情页图片已更换"),
    ("在线客服等了四十分钟没有人回复", "service.slow", "service", "low", "已回访致歉，并说明高峰时段排队原因"),
    ("充电底座使用时发烫，担心安全", "product.defect", "product", "critical", "已召回该件并送检，先行更换同款新品"),
)
"""What is complained of: its words, its cause, whose it is, how bad it is, and how it was solved."""

BROKEN = (4, 6)
"""From which month to which parcels broke."""

RECENT = 24
"""How many weeks back the complaints of these months begin."""

LATE = range(12, 19)
"""How many weeks ago parcels came late, until the warehouse got another plan."""

RELAPSE = 5
"""How many weeks ago one came late after all."""

PUT_OFF, OWED = 2, 9
"""About which kind nothing was done for months, though it was promised; and how many weeks ago one came."""

ACTIONS = {
    "delivery.damaged": "更换加厚内衬并抽检出库包装",
    "delivery.late": "仓库改为每日两次集中出库，超时自动预警",
    "price.refund": "退款申请每日对账",
    "price.promotion": "直播脚本与活动规则页同步审核",
    "product.unlike": "详情页图片按实物重拍",
    "service.slow": "高峰时段增排两名客服",
    "product.defect": "底座温控批次复检",
}
"""What is done about a cause."""

UNLIKE = "product.unlike"
PASSED_ON = "详情页图片与实物颜色不符，请产品与设计核对并更换"
"""What the product department is told of."""

LOOKS = (9, 105, 240, 410, 530)
"""At which minutes after nine o'clock it is looked for warnings, while something is open."""

NOW: tuple[tuple[int, int, int, str], ...] = (
    (1, 310, 6, "in_progress"), (0, -200, 2, "open"), (0, -160, 0, "open"), (1, 60, 4, "waiting_customer"),
    (2, 90, 1, "resolved"), (3, 30, 5, "in_progress"),
)  # fmt: skip
"""Working days ago, minutes after nine o'clock, of which kind, and how far it has come."""


@dataclass(frozen=True)
class Case:
    """A complaint that is played.

    Attributes:
        at: When it came.
        customer, kind: Whose, and of which of `KINDS`.
        source: How it came.
        minutes: How long until it is taken, answered, solved and closed, each after the one before.
        status: How far it comes.
        asked: The customer is asked something on the way.
        acted: When what is done about it is over; none while it is not.
        again: It is opened again after it was closed.
    """

    at: datetime
    customer: str
    kind: int
    source: str
    minutes: tuple[int, int, int, int]
    status: str = "closed"
    asked: bool = False
    acted: datetime | None = None
    again: bool = False


def draw(rng: Generator, *, year: int, today: date) -> list[Case]:
    """Draw the complaints of a year, two a month and more while parcels broke, of the last months, and of now."""
    found = [_past(rng, year, month, kind) for month in range(1, 13) for kind in _kinds(rng, month)]
    recent = [_recent(rng, today, weeks, kind) for weeks in range(RECENT, 0, -1) for kind in _of_week(rng, weeks)]
    return [*found, *recent, *(_now(rng, today, *one) for one in NOW)]


def events(stage: Stage, cases: Sequence[Case]) -> Iterator[Event]:
    """Return what happens with each complaint of a customer whose card is there, and when warnings are looked for."""
    for place, case in enumerate(cases):
        yield from _played(stage, f"complaint {place}", case)
    for moment in sorted({moment for case in cases if case.status == "closed" for moment in _looks(case)}):
        yield moment, lambda: _look(stage)


def _kinds(rng: Generator, month: int) -> list[int]:
    broken = [0, 0, 0] if BROKEN[0] <= month <= BROKEN[1] else []
    return [*broken, *(int(rng.integers(1, len(KINDS))) for _each in range(2))]


def _of_week(rng: Generator, weeks: int) -> list[int]:
    late = [1, 1] if weeks in LATE else [1] if weeks == RELAPSE else []
    owed = [PUT_OFF] if weeks == OWED else []
    return [*late, *owed, *((0, *range(2, len(KINDS)))[int(rng.integers(0, len(KINDS) - 1))] for _each in range(2))]


def _past(rng: Generator, year: int, month: int, kind: int) -> Case:
    day = days.working(date(year, month, int(rng.integers(1, 24))))
    at = days.moment(day, int(rng.integers(0, 170)))
    return _case(rng, at, kind, _minutes(rng, kind), "closed", asked=rng.integers(0, 4) == 0)


def _recent(rng: Generator, today: date, weeks: int, kind: int) -> Case:
    monday = today - timedelta(days=today.weekday() + 7 * weeks)
    day = days.working(monday + timedelta(days=int(rng.integers(0, 3))))
    at = days.moment(day, int(rng.integers(0, 170)))
    case = _case(rng, at, kind, _minutes(rng, kind), "closed", asked=rng.integers(0, 4) == 0)
    over = monday if kind != 1 else today - timedelta(days=today.weekday() + 7 * (LATE.start - 1))
    acted = days.moment(days.working(over + timedelta(days=14 if kind != 1 else 0)), 300)
    again = kind == 0 and weeks % 3 == 0
    done = acted.date() < today and not (kind == PUT_OFF and weeks < RECENT // 2)
    return replace(case, acted=acted if done else None, again=again)


def _minutes(rng: Generator, kind: int) -> tuple[int, int, int, int]:
    """Return how long until it is taken, answered, solved and closed."""
    answer = int(rng.integers(5, 60 if KINDS[kind][3] in SEVERE else 150))
    return int(rng.integers(4, 20)), answer, int(rng.integers(60, 1_900)), 1_440


def _now(rng: Generator, today: date, ago: int, minute: int, kind: int, status: str) -> Case:
    day = days.before(today, ago) if ago else today
    return _case(rng, days.moment(day, minute), kind, (8, 25, 90, 60), status, asked=status == "waiting_customer")


def _case(
    rng: Generator, at: datetime, kind: int, minutes: tuple[int, int, int, int], status: str, *, asked: bool
) -> Case:
    customer = CUSTOMERS[int(rng.integers(0, len(CUSTOMERS)))]
    source = ("phone", "phone", "message", "platform", "social")[int(rng.integers(0, 5))]
    return Case(at, customer, kind, source, minutes, status, asked)


def _looks(case: Case) -> Iterator[datetime]:
    """Return when it is looked for warnings while a complaint is worked on."""
    solved = case.at + timedelta(minutes=sum(case.minutes[:3]))
    for n in range((solved.date() - case.at.date()).days + 1):
        day = case.at.date() + timedelta(days=n)
        if is_workday(day):
            yield from (days.moment(day, minute) for minute in LOOKS)


def _played(stage: Stage, name: str, case: Case) -> Iterator[Event]:
    taken, answered, solved, closed = (case.at + timedelta(minutes=sum(case.minutes[: n + 1])) for n in range(4))
    yield case.at, lambda: _enter(stage, name, case)
    if case.status == "open":
        return
    yield taken, lambda: _take(stage, name)
    yield answered, lambda: _answer(stage, name, asked=case.asked)
    if case.asked and case.status == "closed":
        yield answered + timedelta(minutes=40), lambda: _take(stage, name)
    if case.status in ("resolved", "closed"):
        yield max(solved, answered + timedelta(minutes=41)), lambda: _solve(stage, name, case)
    if case.status == "closed":
        yield closed + timedelta(minutes=41), lambda: _close(stage, name)
        if case.again:
            yield from _again(stage, name, case, closed + timedelta(minutes=41))
        if case.acted is not None:
            yield max(case.acted, closed + timedelta(days=2)), lambda: _acted(stage, name)


def _again(stage: Stage, name: str, case: Case, closed: datetime) -> Iterator[Event]:
    yield closed + timedelta(minutes=1_300), lambda: _reopen(stage, name)
    yield closed + timedelta(minutes=1_500), lambda: _solve(stage, name, case)
    yield closed + timedelta(minutes=2_700), lambda: _close(stage, name)


def _enter(stage: Stage, name: str, case: Case) -> None:
    content, _cause, department, severity, _solution = KINDS[case.kind]
    entry = ComplaintEntry.model_validate(
        {
            "party_id": stage.parties[case.customer], "content": content, "source": case.source,
            "severity": severity, "department": department,
        }
    )  # fmt: skip
    stage.records[name] = complaints.enter(stage.session, entry, actor=stage.parties["service"])


def _take(stage: Stage, name: str) -> None:
    one = _one(stage, name)
    complaints.take(stage.session, one, actor=stage.parties["service"], version=one.version)


def _answer(stage: Stage, name: str, *, asked: bool) -> None:
    one, actor = _one(stage, name), stage.parties["service"]
    if asked:
        complaints.wait(stage.session, one, "请提供订单号和照片", actor=actor, version=one.version)
    else:
        complaints.respond(stage.session, one, "已致电客户致歉并说明处理办法", actor=actor, version=one.version)


def _solve(stage: Stage, name: str, case: Case) -> None:
    one, kind = _one(stage, name), KINDS[case.kind]
    entry = ResolutionEntry.model_validate({"resolution": kind[4], "cause": kind[1]})
    complaints.resolve(stage.session, one, entry, actor=stage.parties["service"], version=one.version)


def _close(stage: Stage, name: str) -> None:
    """Close it, with a corrective action first where one is asked for."""
    one, actor = _one(stage, name), stage.parties["service"]
    if one.cause is not None and rules.needs_action(stage.session, one, one.cause):
        _act(stage, name, "corrective_action", ACTIONS[one.cause])
    elif one.cause == UNLIKE and one.id % 2:
        _act(stage, name, "product_change", PASSED_ON)
    said = ClosingEntry(satisfaction=3 + one.id % 3)
    complaints.close(stage.session, one, said, actor=actor, version=one.version)


def _act(stage: Stage, name: str, kind: str, title: str) -> None:
    one = _one(stage, name)
    due = days.working(one.received_at.date() + timedelta(days=20))
    entry = ActivityEntry.model_validate({"kind": kind, "title": title, "due_on": due})
    made = complaints.follow_up(stage.session, one, entry, actor=stage.parties["service"])
    stage.records[f"{name} action"] = made


def _acted(stage: Stage, name: str) -> None:
    """Finish what was to be done about a complaint, if anything was."""
    made = stage.records.get(f"{name} action")
    if made is None:
        return
    assert isinstance(made, Activity)
    step(stage, made, "in_progress", made.owner_id)
    result = ResultEntry(outcome="已落实并抽查，连续两周未见同类问题。")
    activity.finish(stage.session, made, result, actor=made.owner_id, version=made.version)


def _reopen(stage: Stage, name: str) -> None:
    one = _one(stage, name)
    said = "客户来电：补寄的商品仍有问题"
    complaints.reopen(stage.session, one, said, actor=stage.parties["service"], version=one.version)


def _look(stage: Stage) -> None:
    ticker.give(stage.session)


def _one(stage: Stage, name: str) -> Complaint:
    found = stage.records[name]
    assert isinstance(found, Complaint)
    return found
