"""The decision ledger: a dozen recommendations of the last year, eight of them held against what was measured."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketbook.demo.year import days
from marketbook.demo.year.story import Cell, Generator, start
from marketbook.office.params import ActivityEntry, DecisionEntry

LEVEL_BP = 8_000
WIDTH = 1.2816
"""How many standard deviations an interval of 80 % reaches to each side."""

YUAN = 100
LEDGER: tuple[tuple[int, str, str, str, int, int, int, float | None], ...] = (
    (330, "把小红书预算提高一成", "specialist", "sales.revenue", 180_000, 60_000, 40_000, 0.3),
    (300, "百度搜索下调两成，看自然流量", "specialist2", "sales.revenue", 50_000, 35_000, 0, -0.8),
    (275, "会员日固定在每月八日", "service", "sales.revenue", 120_000, 50_000, 15_000, 1.1),
    (245, "首页改版全量上线", "manager", "sales.revenue", 90_000, 45_000, 12_000, -0.2),
    (215, "朋友圈广告改投新客包", "specialist3", "media.conversions", 900, 350, 8_000, 1.7),
    (190, "达人合作改为按效果付费", "specialist3", "media.conversions", 650, 240, 3_000, 0.9),
    (160, "抖音素材每周更换", "specialist", "media.conversions", 800, 300, 4_000, -0.5),
    (140, "淘宝直通车削减长尾词", "specialist2", "sales.revenue", 60_000, 25_000, 0, -2.0),
    (110, "川渝校园季改为线上", "sales", "sales.revenue", 70_000, 40_000, 20_000, None),
    (60, "双周推送改为按人群推送", "service", "media.conversions", 500, 200, 2_000, None),
    (35, "冬季新品发布会追加直播", "specialist", "sales.revenue", 150_000, 70_000, 48_000, None),
    (3, "B站预算转投小红书", "specialist", "sales.revenue", 80_000, 35_000, 26_000, None),
)
"""Days ago, what, who, metric, effect and its standard deviation (yuan or number), cost in yuan, and how many standard
deviations the measured effect lay beside it; the latter stands where it was reviewed. Six of the eight lie inside."""

DECLINED = "川渝校园季改为线上"
OPEN = "B站预算转投小红书"
STARTED = "冬季新品发布会追加直播"
REASON = "线下体验是这一季的重点，线上另行立项。"
LESSONS = ("效果与预期相近，继续执行。", "效果在区间之内，下季度再看一次。", "与预期相差较大，原因是同期有平台大促。")


@dataclass(frozen=True)
class Decision:
    """A recommendation: what is entered, by whom, when it is decided and reviewed, and the effect that was measured."""

    entry: DecisionEntry
    who: str
    at: datetime
    decided: datetime | None
    reviewed: datetime | None
    measured: float | None
    reason: str
    lesson: str


def draw(rng: Generator, *, today: date) -> list[Decision]:
    """Draw the ledger: what is decided now counts backwards from today."""
    return [_one(rng, row, today) for row in LEDGER]


def transfer(original: dict[Cell, int], *, year: int) -> tuple[int, Cell, Cell]:
    """Return the transfer that one of them starts: how much, from where, to where."""
    giver, taker = ("promotion", "双11", f"{year}-11"), ("promotion", "会员日", f"{year}-12")
    return original[giver] // 50, giver, taker


def _one(rng: Generator, row: tuple[int, str, str, str, int, int, int, float | None], today: date) -> Decision:
    ago, title, who, metric, effect, deviation, cost, z = row
    unit = YUAN if metric == "sales.revenue" else 1
    begun = start(rng, days.before(today - timedelta(days=ago), 1))
    decided = None if title == OPEN else days.moment(days.working(begun.date(), 3), int(rng.integers(0, 400)))
    reviewed = None if z is None else days.moment(days.working(begun.date(), 45), int(rng.integers(0, 400)))
    reach = WIDTH * deviation * unit
    entry = DecisionEntry(
        title=title, recommendation=f"建议：{title}。", metric=metric, predicted=float(effect * unit),
        low=round(effect * unit - reach), high=round(effect * unit + reach), level_bp=LEVEL_BP, cost=cost * YUAN,
        review_on=days.working(begun.date(), 44) if z is not None else begun.date() + timedelta(days=90),
        activity=_activity(begun.date()) if title == STARTED else None,
    )  # fmt: skip
    measured = None if z is None else float(round((effect + z * deviation) * unit))
    lesson = LESSONS[2] if z is not None and abs(z) > WIDTH else LESSONS[int(rng.integers(0, 2))]
    return Decision(entry, who, begun, decided, reviewed, measured, REASON if title == DECLINED else "", lesson)


def _activity(begun: date) -> ActivityEntry:
    due = begun + timedelta(days=50)
    return ActivityEntry(
        kind="event", title="新品发布会直播", starts_on=begun + timedelta(days=10), due_on=due, qty_planned=2,
        qty_unit="场", quality_standard="在线人数不低于上次发布会",
    )  # fmt: skip
