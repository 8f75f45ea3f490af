"""What was seen of the company's competitors: their prices month by month, and some things that they did.

In September the biggest one lowers a price by a sixth, for which a look is taken at once; in June another one opens a
shop on Douyin. In the last days a price falls and a new product comes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from marketbook.competitor import service
from marketbook.competitor.params import OWN_PRICES, LogEntry
from marketbook.demo.company import CATEGORIES
from marketbook.demo.year import days, papers
from marketbook.demo.year.play import Event, Stage, step
from marketbook.demo.year.story import Generator
from marketbook.kit.forms import attachments
from marketbook.kit.records import rules

WATCHED: tuple[tuple[str, str, str, str, int], ...] = (
    ("云栖生活", "云朵记忆枕", "家居", "tmall", 22_900),
    ("云栖生活", "云朵记忆枕", "家居", "jd", 22_900),
    ("云栖生活", "轻语破壁机", "小家电", "tmall", 44_900),
    ("木与棉", "竹纤维砧板套装", "厨房", "tmall", 25_900),
    ("木与棉", "有机棉抱被", "母婴", "website", 19_900),
    ("一品优选", "坚果礼盒", "食品", "pinduoduo", 6_900),
    ("一品优选", "氨基酸洗护套装", "个护", "douyin", 12_500),
    ("萌宠星球", "全价冻干猫粮", "宠物", "tmall", 13_900),
)
"""Competitor, product, which of ours it competes with, channel, and what it costs at first."""

FALL = (0, 9, 11, 19_000)
"""Of which watched price, in which month, from which day on, and to how much."""

OPENED = (4, 6, "douyin")
"""Which product, from which month on, in which new channel."""

PROMOTIONS = (6, 11)
"""In these months the great sales lower what is asked on Tmall, JD and Pinduoduo a little."""

DEEDS: tuple[tuple[int, int, str, str, str, str], ...] = (
    (2, 17, "一品优选", "advertising", "other", "春节档投放央视网前贴片广告，主推坚果礼盒"),
    (4, 9, "云栖生活", "new_product", "tmall", "上市“云朵”系列护颈枕，首发价 199 元"),
    (6, 12, "木与棉", "new_channel", "douyin", "开设抖音小店，首周直播三场"),
    (8, 20, "萌宠星球", "personnel", "other", "新任市场总监到岗，此前在乳业集团负责数字营销"),
    (10, 22, "云栖生活", "pr", "other", "发布年度可持续包装白皮书，三家媒体报道"),
)
"""Month, day, competitor, what it was, channel, and what was seen."""

PICTURED = 5
"""Each so many-th look has a screenshot, and so have the falls."""


@dataclass(frozen=True)
class Look:
    """What somebody notes.

    Attributes:
        on: The day.
        competitor: Its name.
        who: The login name of who notes it.
        entry: What of the entry differs from an empty one.
        pictured: Whether it has a screenshot.
    """

    on: date
    competitor: str
    who: str
    entry: dict[str, Any] = field(repr=False)
    pictured: bool = False


def draw(rng: Generator, *, year: int, today: date) -> list[Look]:
    """Draw the looks of a year, one in each quarter since, and what was seen in these days."""
    months = [date(one, month, 1) for one in range(year, today.year + 1) for month in range(1, 13)]
    seen = [one for one in months if one.year == year or one.month % 3 == 1]
    past = [month for month in seen if month + timedelta(days=34) < today]
    regular = [look for month in past for look in _month(rng, month, year)]
    pictured = [replace(look, pictured=place % PICTURED == 0) for place, look in enumerate(regular)]
    deeds = [_deed(date(year, month, day), *deed) for month, day, *deed in DEEDS]
    return [*pictured, _fall(year), *deeds, *_now(year, today)]


def events(stage: Stage, looks: Sequence[Look], *, year: int) -> Iterator[Event]:
    """Return when each look is noted, and when the company says what it asks itself."""
    source = "对标竞品的品类标价，自年初起"
    prices = {one.name: 100 * one.price for one in CATEGORIES}
    opens = days.before(date(year, 1, 10), 8)
    yield days.moment(opens, 60), lambda: _propose(stage, prices, date(year, 1, 1), source)
    yield days.moment(opens, 190), lambda: step(stage, stage.records[source], "approved", stage.parties["director"])
    for place, look in enumerate(looks):
        minute = 95 + place % 200
        yield days.moment(look.on, minute), lambda look=look, place=place: _note(stage, look, place)  # type: ignore[misc]


def _month(rng: Generator, month: date, year: int) -> Iterator[Look]:
    """Look at every price once."""
    for place in range(len(WATCHED)):
        day = days.working(month + timedelta(days=int(rng.integers(0, 9))))
        look = _look(place, day, year, more=100 * int(rng.integers(0, 2)) * (place % 2))
        yield look
        if place == OPENED[0] and month >= date(year, OPENED[1], 1):
            yield replace(look, who="sales", entry={**look.entry, "channel": OPENED[2], "price_kind": "list"})


def _look(place: int, day: date, year: int, *, more: int = 0) -> Look:
    """Return a look at a price: a little more each half year, less after the fall and in the great sales."""
    competitor, product, ours, channel, price = WATCHED[place]
    asked = price + 150 * ((day.year - year) * 2 + day.month // 7) * (place % 3) + more
    if place == FALL[0] and day >= date(year, FALL[1], FALL[2]):
        asked = FALL[3]
    promoted = day.month in PROMOTIONS and channel in ("tmall", "jd", "pinduoduo")
    entry = {
        "product": product, "own_product": ours, "channel": channel, "source": "shop",
        "price_minor": asked * 92 // 100 if promoted else asked, "price_kind": "promotion" if promoted else "list",
    }  # fmt: skip
    return Look(day, competitor, ("specialist", "specialist2")[place % 2], entry)


def _fall(year: int) -> Look:
    competitor, product, ours, channel, _price = WATCHED[FALL[0]]
    entry = {
        "product": product, "own_product": ours, "channel": channel, "price_minor": FALL[3],
        "seen": "详情页标价直降，页面注明“长期有效”", "link": "https://example.com/item/1024",
    }  # fmt: skip
    return Look(days.working(date(year, FALL[1], FALL[2])), competitor, "specialist", entry, pictured=True)


def _deed(on: date, competitor: str, action: str, channel: str, seen: str) -> Look:
    source = {"new_product": "shop", "new_channel": "social", "advertising": "advertisement"}.get(action, "press")
    product = "云朵护颈枕" if action == "new_product" else ""
    entry = {"action": action, "channel": channel, "seen": seen, "source": source, "product": product}
    return Look(days.working(on), competitor, "specialist", entry)


def _now(year: int, today: date) -> Iterator[Look]:
    """What was seen in the last days and today; one competitor was not looked at, so that its prices are old."""
    for place in range(len(WATCHED) - 1):
        yield _look(place, days.before(today, 4 + place % 2), year)
    competitor, product, ours, channel, price = WATCHED[5]
    entry = {
        "product": product, "own_product": ours, "channel": channel, "price_minor": price * 7 // 10,
        "price_kind": "promotion", "seen": "百亿补贴入口，限时七折",
    }  # fmt: skip
    yield Look(today, competitor, "specialist", entry, pictured=True)
    new = "上架桌面净饮机，预售价 599 元，定金立减"
    entry = {"action": "new_product", "channel": "jd", "product": "桌面净饮机", "seen": new, "price_minor": 59_900}
    yield Look(today, "云栖生活", "specialist2", {**entry, "own_product": "小家电"})


def _note(stage: Stage, look: Look, place: int) -> None:
    actor = stage.parties[look.who]
    about = service.competitor(stage.session, look.competitor, actor=actor)
    picture = attachments.keep("截图.png", papers.png(place)) if look.pictured else None
    entry = LogEntry(competitor_id=about.id, seen_on=look.on, screenshot=picture, **look.entry)
    stage.kept.extend((about, service.enter(stage.session, entry, actor=actor)))


def _propose(stage: Stage, prices: dict[str, int], valid_from: date, source: str) -> None:
    stage.records[source] = rules.propose_parameter(
        stage.session, name=OWN_PRICES.name, value=prices, valid_from=valid_from, source=source,
        actor=stage.parties["admin"],
    )  # fmt: skip
