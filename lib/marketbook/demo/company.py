"""The invented company 青禾优品: its calendar, country, goods and media. Constants only; English words beside Chinese.

Populations and the shares of city tiers are rounded from the census of 2020 and the usual list of tiers.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NAME = "青禾优品"
NAME_ENGLISH = "Qinghe Select"
FIRST_MONDAY = date(2023, 1, 2)
WEEKS = 156
DAYS = 7 * WEEKS
TRANSACTIONS = 500_000
CUSTOMERS = 60_000

TIERS = {"一线": "Tier 1", "新一线": "New tier 1", "二线": "Tier 2", "三线及以下": "Tier 3 and below"}
GENDERS = {"女": "Women", "男": "Men", "未知": "Unknown"}
AGE_BANDS = ("18-24", "25-34", "35-44", "45-54", "55+", "未知")


@dataclass(frozen=True)
class Province:
    """A province: people in ten thousands, and the percent of them in each of the four city tiers."""

    name: str
    english: str
    people: int
    tiers: tuple[int, int, int, int]


PROVINCES = (
    Province("北京", "Beijing", 2189, (100, 0, 0, 0)),
    Province("天津", "Tianjin", 1387, (0, 100, 0, 0)),
    Province("河北", "Hebei", 7461, (0, 0, 15, 85)),
    Province("山西", "Shanxi", 3492, (0, 0, 15, 85)),
    Province("内蒙古", "Inner Mongolia", 2405, (0, 0, 14, 86)),
    Province("辽宁", "Liaoning", 4259, (0, 0, 39, 61)),
    Province("吉林", "Jilin", 2407, (0, 0, 38, 62)),
    Province("黑龙江", "Heilongjiang", 3185, (0, 0, 31, 69)),
    Province("上海", "Shanghai", 2487, (100, 0, 0, 0)),
    Province("江苏", "Jiangsu", 8475, (0, 35, 35, 30)),
    Province("浙江", "Zhejiang", 6457, (0, 33, 42, 25)),
    Province("安徽", "Anhui", 6103, (0, 15, 0, 85)),
    Province("福建", "Fujian", 4154, (0, 0, 52, 48)),
    Province("江西", "Jiangxi", 4519, (0, 0, 14, 86)),
    Province("山东", "Shandong", 10153, (0, 19, 25, 56)),
    Province("河南", "Henan", 9937, (0, 13, 0, 87)),
    Province("湖北", "Hubei", 5775, (0, 21, 0, 79)),
    Province("湖南", "Hunan", 6644, (0, 15, 0, 85)),
    Province("广东", "Guangdong", 12601, (29, 16, 12, 43)),
    Province("广西", "Guangxi", 5013, (0, 0, 17, 83)),
    Province("海南", "Hainan", 1008, (0, 0, 29, 71)),
    Province("重庆", "Chongqing", 3205, (0, 70, 0, 30)),
    Province("四川", "Sichuan", 8367, (0, 25, 0, 75)),
    Province("贵州", "Guizhou", 3856, (0, 0, 16, 84)),
    Province("云南", "Yunnan", 4721, (0, 0, 18, 82)),
    Province("西藏", "Xizang", 365, (0, 0, 0, 100)),
    Province("陕西", "Shaanxi", 3953, (0, 33, 0, 67)),
    Province("甘肃", "Gansu", 2502, (0, 0, 17, 83)),
    Province("青海", "Qinghai", 592, (0, 0, 0, 100)),
    Province("宁夏", "Ningxia", 720, (0, 0, 0, 100)),
    Province("新疆", "Xinjiang", 2585, (0, 0, 16, 84)),
)
PROVINCE_NAMES = tuple(p.name for p in PROVINCES)
TIER_APPETITE = (22, 17, 13, 7)
"""How readily people in each tier of cities buy."""


@dataclass(frozen=True)
class Category:
    """A category of goods: the middle price of one piece in yuan, and its share of order lines in percent."""

    name: str
    english: str
    price: int
    share: int


CATEGORIES = (
    Category("家居", "Home", 219, 20),
    Category("厨房", "Kitchen", 239, 17),
    Category("个护", "Personal care", 119, 18),
    Category("食品", "Food", 79, 19),
    Category("母婴", "Mother and baby", 189, 11),
    Category("宠物", "Pets", 129, 8),
    Category("小家电", "Small appliances", 429, 7),
)

SALES_CHANNELS = {
    "自营App": "Own app",
    "微信小程序": "WeChat mini program",
    "天猫旗舰店": "Tmall flagship store",
    "京东旗舰店": "JD flagship store",
    "抖音小店": "Douyin shop",
}
SALES_CHANNEL_SHARES = (31, 19, 27, 12, 11)


@dataclass(frozen=True)
class Medium:
    """A media channel and its true response.

    Attributes:
        name: As in `media_weeks`.
        english: Its English name.
        spend: Mean weekly spend of the first year in yuan, at size 1.
        carry: Share of the effect carried to the next week (geometric adstock, weights sum to 1 over 8 weeks).
        bend: Saturation: revenue is ceiling * (1 - e^-z) / (1 + e^-z) with z = bend * adstocked spend / `spend`.
        ceiling: Weekly revenue in yuan that no spend exceeds, at size 1.
        on, off: Weeks of a flight and of the pause after it; no pause: nearly always on.
        sale: Spend in the weeks of the great sales, as a multiple.
        cost_per_thousand: Yuan for 1,000 impressions.
        click_rate: Clicks for 10,000 impressions.
        account: The advertising account; empty where no platform reports by the day.
    """

    name: str
    english: str
    spend: int
    carry: float
    bend: float
    ceiling: int
    on: int
    off: int
    sale: float
    cost_per_thousand: int
    click_rate: int
    account: str


MEDIA = (
    Medium("抖音", "Douyin", 48_000, 0.45, 1.2, 188_000, 1, 0, 1.7, 32, 145, "青禾优品-巨量引擎"),
    Medium("小红书", "Xiaohongshu", 24_000, 0.55, 1.0, 135_000, 7, 1, 1.4, 45, 210, "青禾优品-聚光"),
    Medium("微信朋友圈", "WeChat Moments", 22_000, 0.35, 1.5, 55_000, 5, 2, 1.5, 38, 95, "青禾优品-腾讯广告"),
    Medium("百度搜索", "Baidu search", 18_000, 0.15, 1.8, 48_000, 1, 0, 1.2, 95, 380, "青禾优品-百度营销"),
    Medium("淘宝直通车", "Taobao keyword ads", 32_000, 0.10, 2.4, 58_000, 1, 0, 1.9, 52, 420, "青禾优品-阿里妈妈"),
    Medium("B站", "Bilibili", 14_000, 0.60, 0.9, 60_000, 5, 4, 1.2, 28, 80, "青禾优品-B站花火"),
    Medium("达人种草", "Influencers", 16_000, 0.65, 1.1, 74_000, 6, 3, 1.5, 40, 160, ""),
    Medium("户外广告", "Outdoor", 12_000, 0.70, 1.3, 19_000, 6, 6, 1.0, 12, 0, ""),
)
MEDIA_NAMES = tuple(m.name for m in MEDIA)
MEDIA_GROWTH = (1.0, 1.06, 1.15)
ADSTOCK_WEEKS = 8

SOURCES = {
    **{m.name: m.english for m in MEDIA},
    "自然流量": "Organic traffic",
    "老客推荐": "Referred by a customer",
    "平台推荐": "Recommended by the marketplace",
}


@dataclass(frozen=True)
class Holiday:
    """A holiday or sale: what it adds to weekly revenue in yuan at size 1, and the Mondays of its weeks."""

    name: str
    english: str
    effect: int
    mondays: tuple[date, ...]


HOLIDAYS = (
    Holiday("年货节", "New Year shopping festival", 170_000, (date(2023, 1, 9), date(2024, 1, 22), date(2025, 1, 13))),
    Holiday("春节", "Spring Festival", -300_000, (date(2023, 1, 23), date(2024, 2, 12), date(2025, 1, 27))),
    Holiday("三八节", "Women's Day sale", 110_000, (date(2023, 3, 6), date(2024, 3, 4), date(2025, 3, 3))),
    Holiday(
        "618大促",
        "618 sale",
        520_000,
        (
            date(2023, 6, 5),
            date(2023, 6, 12),
            date(2024, 6, 10),
            date(2024, 6, 17),
            date(2025, 6, 9),
            date(2025, 6, 16),
        ),
    ),
    Holiday("国庆节", "National Day", -70_000, (date(2023, 10, 2), date(2024, 9, 30), date(2025, 9, 29))),
    Holiday(
        "双11",
        "Double 11",
        780_000,
        (
            date(2023, 10, 30),
            date(2023, 11, 6),
            date(2024, 11, 4),
            date(2024, 11, 11),
            date(2025, 11, 3),
            date(2025, 11, 10),
        ),
    ),
    Holiday("双12", "Double 12", 150_000, (date(2023, 12, 11), date(2024, 12, 9), date(2025, 12, 8))),
)
GREAT_SALES = ("618大促", "双11")


def week_of(day: date) -> int:
    """Return the number of a day's week, 0 for the first."""
    return (day - FIRST_MONDAY).days // 7


def mondays() -> npt.NDArray[np.datetime64]:
    """Return the Monday of every week."""
    return np.datetime64(FIRST_MONDAY, "D") + 7 * np.arange(WEEKS)


def holiday_of_week() -> list[str | None]:
    """Return each week's holiday or sale, None where there is none."""
    names: list[str | None] = [None] * WEEKS
    for holiday in HOLIDAYS:
        for monday in holiday.mondays:
            names[week_of(monday)] = holiday.name
    return names


def weeks_of(*names: str) -> IntArray:
    """Return 1 for every week of the named holidays or sales, else 0."""
    return np.array([name in names for name in holiday_of_week()], dtype=np.int64)
