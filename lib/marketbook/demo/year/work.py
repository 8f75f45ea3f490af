"""What is to be done in the year and how it went: activities of each component plan, one of which runs late."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketbook.demo.year import days
from marketbook.demo.year.story import Generator
from marketbook.office.params import ActivityEntry, ResultEntry

LATE = "channel_expansion"
"""The component that is late."""

MONTHLY: tuple[tuple[str, str, str, str, int, str, str], ...] = (
    ("brand_promotion", "content", "小红书种草笔记", "specialist", 8, "篇", "平均互动率不低于百分之三"),
    ("product_promotion", "advertising", "新品信息流投放", "specialist2", 4, "组", "点击率不低于行业均值"),
    ("sales_promotion", "event", "会员日活动", "service", 1, "场", "客诉不超过三起"),
    ("channel_expansion", "visit", "经销商拜访", "specialist3", 6, "家", "每家都有拜访纪要"),
    ("research", "research", "竞品价格监测", "specialist2", 4, "期", "覆盖全部主要竞品"),
)
"""Component, kind, title, owner, quantity, unit and quality standard of what is done every month."""

MEETINGS = (
    ("product_promotion", "review_meeting", "营销周会", "manager", 1, "次", "会后一天内发出纪要"),
    ("brand_promotion", "review_meeting", "季度经营分析会", "director", 1, "次", "结论落实到人"),
)
"""What the manager and the director hold themselves in the year that is under way."""

OUTCOMES = ("按计划完成，资料已归档。", "完成，效果好于预期。", "完成，数量略有不足，已说明原因。")
CANCELLED = "档期与大促冲突，改由会员日承接。"
BLOCKED = "等待经销商确认门店名单。"


@dataclass(frozen=True)
class Task:
    """An activity: its component plan's kind, what is entered, its owner, and how it went.

    Attributes:
        result: What came of it, on the day it was done.
        ends: `done`, `cancelled`, `blocked`, `in_progress` or `planned`.
        begun, ended: When it was begun, and when it came to its end.
        reason: Why it was cancelled or is blocked.
    """

    component: str
    entry: ActivityEntry
    owner: str
    ends: str
    begun: datetime
    ended: datetime
    result: ResultEntry | None = None
    reason: str = ""


def draw(rng: Generator, *, year: int) -> list[Task]:
    """Draw a year's activities: one of each component in each month."""
    return [_of_month(rng, row, year, month) for row in MONTHLY for month in range(1, 13)]


def going_on(rng: Generator, *, year: int, today: date) -> list[Task]:
    """Draw the activities of the plan that is in force: some done, some under way, one of them late, some to come."""
    made = []
    for number, row in enumerate((*MONTHLY, *MEETINGS)):
        for turn, weeks in enumerate((-4, -1, 1, 4), start=1):
            due = _within(today + timedelta(weeks=weeks, days=number - 2), year)
            made.append(_now(rng, row, due, today, f"第{turn}期"))
    return made


def _of_month(rng: Generator, row: tuple[str, str, str, str, int, str, str], year: int, month: int) -> Task:
    component, _kind, _title, owner, quantity, _unit, _standard = row
    first = date(year, month, 1)
    due = days.working(first, int(rng.integers(12, 18)))
    begins = days.working(first, int(rng.integers(1, 5)))
    behind = int(rng.integers(3, 25)) if component == LATE else int(rng.integers(-4, 2))
    done = days.working(due, behind) if behind > 0 else days.before(due, -behind)
    made = _task(rng, row, f"{month}月", begins, due)
    if (component, month) in ((LATE, 11), (LATE, 12)):
        ends = "blocked" if month == 11 else "in_progress"
        return Task(component, made, owner, ends, _at(rng, begins), _at(rng, due), reason=BLOCKED)
    if (component, month) == ("sales_promotion", 2):
        return Task(component, made, owner, "cancelled", _at(rng, begins), _at(rng, due), reason=CANCELLED)
    return Task(component, made, owner, "done", _at(rng, begins), _at(rng, done), _result(rng, quantity))


def _now(rng: Generator, row: tuple[str, str, str, str, int, str, str], due: date, today: date, turn: str) -> Task:
    component, _kind, _title, owner, quantity, _unit, _standard = row
    begins = max(due - timedelta(days=12), date(due.year, 1, 1))
    made = _task(rng, row, turn, begins, due)
    if due < today and not (component == LATE and due > today - timedelta(weeks=3)):
        done = min(due, today - timedelta(days=2))
        return Task(component, made, owner, "done", _at(rng, begins), _at(rng, done), _result(rng, quantity))
    ends = "in_progress" if begins < today else "planned"
    return Task(component, made, owner, ends, _at(rng, begins), _at(rng, begins))


def _task(
    rng: Generator, row: tuple[str, str, str, str, int, str, str], when: str, begins: date, due: date
) -> ActivityEntry:
    _component, kind, title, _owner, quantity, unit, standard = row
    more = 0 if quantity == 1 else int(rng.integers(0, 3))
    return ActivityEntry.model_validate({
        "kind": kind, "title": f"{title}（{when}）", "starts_on": begins, "due_on": due, "qty_planned": quantity + more,
        "qty_unit": unit, "quality_standard": standard,
    })  # fmt: skip


def _result(rng: Generator, quantity: int) -> ResultEntry:
    done, quality = quantity + int(rng.integers(-1, 3)), int(rng.integers(3, 6))
    return ResultEntry(qty_done=max(1, done), quality=quality, outcome=OUTCOMES[int(rng.integers(0, len(OUTCOMES)))])


def _at(rng: Generator, day: date) -> datetime:
    return days.moment(day, int(rng.integers(0, 450)))


def _within(day: date, year: int) -> date:
    return min(max(day, date(year, 1, 8)), date(year, 12, 30))
