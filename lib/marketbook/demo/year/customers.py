"""The customers whom sales and service keep cards of: how they are reached, what they allow, what they bought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from marketbook.customer import cards, consents, duplicate_list
from marketbook.customer.entries import CustomerEntry
from marketbook.demo.year import days
from marketbook.demo.year.play import Event, Stage
from marketbook.kit.facts import Facts
from marketbook.kit.records import external
from marketbook.kit.store import acting

NAMES = (
    "王芳", "李建国", "张晓梅", "刘洋", "陈思远", "杨帆", "赵雨晴", "黄志强", "周敏", "吴俊杰", "徐静", "孙浩然",
    "上海云桥贸易有限公司", "杭州青禾文化有限公司", "曾嘉怡", "单文博", "解语花", "欧阳明", "林子轩", "郭梓涵",
    "何佳宁",
    "罗天佑", "郑可欣", "梁晨曦", "谢雨桐", "宋一诺", "唐志远", "韩雪", "冯嘉豪", "邓丽华", "曹俊峰", "彭小燕",
    "萧文静",
    "田野", "董建华", "袁梦", "潘晓东", "蒋欣怡", "蔡明哲", "余乐", "杜若", "叶知秋", "程浩", "苏婉", "魏东", "吕布衣",
    "丁香", "任重", "沈默", "姚远", "王芳", "何佳宁", "南京梧桐家居有限公司", "成都锦里食品有限公司",
)  # fmt: skip
"""Who; two of them seem to be there twice."""

NEEDS = (
    "春节礼盒，要求定制祝福卡",
    "",
    "敏感肌护肤，偏好小规格试用装",
    "企业团购，需开具专票",
    "",
    "母婴用品，按月补货",
)
PREFERENCES = ("工作日上午联系", "", "只用微信联系", "晚上八点以后联系", "")


@dataclass(frozen=True)
class Person:
    """A customer of the company.

    Attributes:
        entry: What is entered.
        known_as: The number in the shop's data.
        value: Fen bought there in the year.
    """

    entry: CustomerEntry
    known_as: str
    value: int


def draw(facts: Facts, *, year: int) -> list[Person]:
    """Return the customers, each with what one of the shop's customers bought in the year.

    Args:
        facts: The company's data.
        year: The year.
    """
    lines = facts.read("transactions")
    bought = lines[lines["ordered_at"].dt.year == year].groupby("customer_id")["amount_minor"].sum()
    ranked = bought.sort_values(ascending=False, kind="stable")
    step = max(len(ranked) // (len(NAMES) * 2), 1)
    return [
        Person(
            _entry(place, name),
            str(ranked.index[place * step % len(ranked)]),
            int(ranked.iloc[place * step % len(ranked)]),
        )
        for place, name in enumerate(NAMES)
    ]


def events(stage: Stage, people: Sequence[Person], *, opens: date, year: int) -> Iterator[Event]:
    """Return what happens: their cards, what they say, who is looked at, and what they bought at the year's end."""
    yield days.moment(opens, 30), lambda: _entered(stage, people)
    yield days.moment(date(year, 3, 5), 100), lambda: _said(stage, 4, given=False)
    yield days.moment(date(year, 9, 10), 60), lambda: _looked(stage)
    yield days.moment(date(year, 12, 31), 200), lambda: _valued(stage, people, date(year, 12, 31))


def _entry(place: int, name: str) -> CustomerEntry:
    company, twice = "公司" in name, NAMES.index(name) != place
    number = f"021-6888{place:04}" if company else f"1990000{NAMES.index(name):03}{1 if twice else 0}"
    first = {"kind": "phone" if company else "mobile", "value": number}
    more = [{"kind": "wechat", "value": f"wx_shop_{place:03}"}] if place % 3 == 0 and not company else []
    return CustomerEntry.model_validate({
        "name": name, "company": company, "contacts": [first, *more],
        "birthday": "" if company or place % 4 == 3 else f"{place % 12 + 1:02}-{place % 28 + 1:02}",
        "needs": NEEDS[place % len(NEEDS)], "preferences": PREFERENCES[place % len(PREFERENCES)],
    })  # fmt: skip


def _entered(stage: Stage, people: Sequence[Person]) -> None:
    for place, one in enumerate(people):
        actor = stage.parties["sales" if place % 2 == 0 else "service"]
        made = cards.enter(stage.session, one.entry, actor=actor)
        stage.parties.setdefault(one.entry.name, made.id)
        stage.customers.append(made.id)
        if NAMES.index(one.entry.name) == place:
            external.link(stage.session, system="shop", id=one.known_as, party_id=made.id)
    _said(stage, 2, given=True)


def _said(stage: Stage, every: int, *, given: bool) -> None:
    """Every so many of them say so to customer service."""
    for place, number in enumerate(stage.customers[::every]):
        purpose = ("care", "promotion", "personal")[place % 3]
        customer = cards.named(stage.session, number)
        consents.record(
            stage.session, customer, purpose=purpose, given=given, method="phone", actor=stage.parties["service"]
        )  # fmt: skip


def _looked(stage: Stage) -> None:
    for number in stage.customers[::3]:
        customer = cards.named(stage.session, number)
        cards.mark_checked(stage.session, customer, actor=stage.parties["service"], version=customer.version)


def _valued(stage: Stage, people: Sequence[Person], on: date) -> None:
    bought = {
        number: one.value for place, (number, one) in enumerate(zip(stage.customers, people, strict=True))
        if NAMES.index(one.entry.name) == place
    }  # fmt: skip
    with acting(stage.session, stage.parties["manager"]):
        cards.set_values(stage.session, bought, on=on)
    duplicate_list.refresh(stage.session)
