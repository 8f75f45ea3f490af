"""The campaigns of 2025 as planned, and their true effects. Constants only."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from marketbook.demo.company import WEEKS, IntArray, week_of


@dataclass(frozen=True)
class Plan:
    """A campaign as planned, and its true effect.

    Attributes:
        code, name, english: What it is called.
        kind: How it is measured.
        channel: Media or sales channel.
        start: A Monday.
        weeks: How long it ran.
        cost: Yuan at size 1.
        lift: Orders more of the treated, per mille.
        regions: Where it ran; everywhere when empty.
        treatment, treatment_english: The treatment's name in an A/B test.
        users: Users in the test at size 1.
        lost: Per mille of the treatment's idle users whom the logging lost.
    """

    code: str
    name: str
    english: str
    kind: Literal["ab_test", "geo", "national"]
    channel: str
    start: date
    weeks: int
    cost: int
    lift: int
    regions: tuple[str, ...] = ()
    treatment: str = ""
    treatment_english: str = ""
    users: int = 0
    lost: int = 0

    @property
    def span(self) -> range:
        """The weeks in which it ran."""
        return range(week_of(self.start), week_of(self.start) + self.weeks)


PLANS = (
    Plan(
        "C2501",
        "满减券弹窗测试",
        "Coupon pop-up test",
        "ab_test",
        "自营App",
        date(2025, 3, 10),
        4,
        60_000,
        260,
        (),
        "满减券",
        "Coupon",
        16_000,
    ),
    Plan(
        "C2502",
        "江浙地铁广告",
        "Metro ads in Jiangsu and Zhejiang",
        "geo",
        "户外广告",
        date(2025, 4, 21),
        6,
        90_000,
        150,
        ("江苏", "浙江"),
    ),
    Plan(
        "C2503",
        "首页改版测试",
        "Home page redesign test",
        "ab_test",
        "自营App",
        date(2025, 7, 7),
        4,
        35_000,
        0,
        (),
        "新版首页",
        "New home page",
        15_000,
    ),
    Plan(
        "C2504",
        "个性化推荐测试",
        "Recommendation test",
        "ab_test",
        "自营App",
        date(2025, 8, 4),
        4,
        40_000,
        40,
        (),
        "个性化推荐",
        "Recommendations",
        13_000,
        120,
    ),
    Plan(
        "C2505",
        "川渝鄂校园季",
        "Campus season in Sichuan, Chongqing and Hubei",
        "geo",
        "B站",
        date(2025, 9, 1),
        4,
        75_000,
        120,
        ("四川", "重庆", "湖北"),
    ),
    Plan("C2506", "双11预热", "Double 11 warm-up", "national", "抖音", date(2025, 10, 13), 3, 180_000, 60),
)
GEO_CAMPAIGNS = tuple(p for p in PLANS if p.kind == "geo")
TESTS = tuple(p for p in PLANS if p.kind == "ab_test")


def week_boost(regions: tuple[str, ...]) -> IntArray:
    """Return by how many per mille each week's orders from a group of provinces are raised."""
    boost = np.zeros(WEEKS, dtype=np.int64)
    for plan in PLANS:
        if plan.kind == "national" or (plan.kind == "geo" and plan.regions == regions):
            boost[plan.span] += plan.lift
    return boost
