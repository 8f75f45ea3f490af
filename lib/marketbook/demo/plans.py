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
        lost: Per mille of the treatment's occasional buyers whom the log lost.
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
        code="C2501",
        name="满减券弹窗测试",
        english="Coupon pop-up test",
        kind="ab_test",
        channel="自营App",
        start=date(2025, 3, 10),
        weeks=6,
        cost=150_000,
        lift=240,
        treatment="满减券",
        treatment_english="Coupon",
        users=15_000,
    ),
    Plan(
        code="C2502",
        name="江浙地铁广告",
        english="Metro ads in Jiangsu and Zhejiang",
        kind="geo",
        channel="户外广告",
        start=date(2025, 4, 21),
        weeks=6,
        cost=90_000,
        lift=150,
        regions=("江苏", "浙江"),
    ),
    Plan(
        code="C2503",
        name="首页改版测试",
        english="Home page redesign test",
        kind="ab_test",
        channel="自营App",
        start=date(2025, 7, 7),
        weeks=6,
        cost=35_000,
        lift=0,
        treatment="新版首页",
        treatment_english="New home page",
        users=15_000,
    ),
    Plan(
        code="C2504",
        name="个性化推荐测试",
        english="Recommendation test",
        kind="ab_test",
        channel="自营App",
        start=date(2025, 8, 18),
        weeks=6,
        cost=40_000,
        lift=40,
        treatment="个性化推荐",
        treatment_english="Recommendations",
        users=14_000,
        lost=400,
    ),
    Plan(
        code="C2505",
        name="川渝鄂校园季",
        english="Campus season in Sichuan, Chongqing and Hubei",
        kind="geo",
        channel="B站",
        start=date(2025, 9, 1),
        weeks=4,
        cost=75_000,
        lift=120,
        regions=("四川", "重庆", "湖北"),
    ),
    Plan(
        code="C2506",
        name="双11预热",
        english="Double 11 warm-up",
        kind="national",
        channel="抖音",
        start=date(2025, 10, 13),
        weeks=3,
        cost=180_000,
        lift=60,
    ),
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
