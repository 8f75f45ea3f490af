"""Ready sources, each with a fixture made as its platform exports it; and a company's own."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.kit.facts.given import bring, counts, moment, stored, text_file, workbook

from marketbook.budget.data import AD_DAYS
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Source, find_source, save_source, source_names
from marketbook.segmentation.data import CUSTOMERS, TRANSACTIONS

BAIDU = """数据生成时间：2025-01-09 10:00
数据生成条件：
1. 时间范围：20250105
2. 时间单位：分日
3. 推广设备：全部
4. 投放网络：全部

日期,账户,推广计划,推广单元,展现,点击,消费,点击率,平均点击价格,网页转化,商桥转化
2025-01-05,青禾优品,品牌词,核心词,12345,67,"1,234.56",0.54%,18.43,8,1
合计,,,,12345,67,"1,234.56",0.54%,18.43,8,1
"""
ALIMAMA = """日期,场景ID,场景名字,计划ID,计划名字,主体ID,主体名称,展现量,点击量,花费,点击率,总成交金额,总成交笔数
2025-01-05,371,关键词推广,66,新年,88,面霜,12345,67,1234.56,0.54%,9999,8
"""
TENCENT = """日期\t广告名称\t曝光次数\t点击次数\t花费\t目标转化量
2025-01-05\t新年\t"12,345"\t67\t"¥1,234.56"\t8
总计\t-\t"12,345"\t67\t"¥1,234.56"\t8
"""


def oceanengine(folder: Path) -> Path:
    head = [
        "时间-天",
        "项目ID",
        "项目名称",
        "单元名称",
        "消耗",
        "展示数",
        "平均千次展现费用(元)",
        "点击数",
        "点击率%",
        "转化数",
    ]
    row = [moment("2025-01-05"), 7411, "新年", "短视频一", 1234.56, 12345, 100.0, 67, 0.54, 8]
    return workbook(folder, [head, row, ["总计", "-", "-", "-", 1234.56, 12345, 100.0, 67, 0.54, 8]])


def xiaohongshu(folder: Path) -> Path:
    head = ["时间", "计划名称", "单元名称", "消费", "展现量", "点击量", "点击率", "平均点击成本", "私信进线数"]
    return workbook(
        folder, [head, ["2025-01-05", "新年", "笔记一", "1,234.56", "12,345", "67", "0.54%", "18.43", "37"]]
    )


EXPORTS: list[tuple[str, Callable[[Path], Path], str, str, int]] = [
    ("oceanengine", oceanengine, "巨量引擎", "短视频一", 8),
    ("tencent_ads", lambda f: text_file(f, TENCENT, encoding="utf-16"), "腾讯广告", "", 8),
    ("baidu_marketing", lambda f: text_file(f, BAIDU, encoding="gb18030"), "百度营销", "核心词", 8),
    ("alimama", lambda f: text_file(f, ALIMAMA, encoding="gb18030"), "阿里妈妈", "面霜", 8),
    ("xiaohongshu", xiaohongshu, "小红书", "笔记一", 0),
]


@pytest.mark.parametrize(("name", "make", "platform", "unit", "conversions"), EXPORTS, ids=[e[0] for e in EXPORTS])
def test_a_platforms_export_lands(
    tmp_path: Path, name: str, make: Callable[[Path], Path], platform: str, unit: str, conversions: int
) -> None:
    assert counts(bring(tmp_path, make(tmp_path), AD_DAYS, source=name)) == (1, 0, 0, 0)
    row = stored(tmp_path, AD_DAYS)[0]
    assert (row["day"], row["platform"], row["unit"]) == (date(2025, 1, 5), platform, unit)
    assert (row["spend_minor"], row["impressions"], row["clicks"]) == (123456, 12345, 67)
    assert row["conversions"] == conversions


@pytest.mark.parametrize("name", ["alimama", "baidu_marketing", "oceanengine", "tencent_ads", "xiaohongshu"])
def test_a_ready_source_says_where_its_columns_are_documented(name: str) -> None:
    source = find_source(name, AD_DAYS)
    assert "Documented:" in source.documentation
    assert "Our reading:" in source.documentation


def test_rows_of_totals_are_left_out_but_not_a_campaign_called_like_one(tmp_path: Path) -> None:
    content = "推广计划,日期,展现,点击,消费\n总计划,2025-01-05,1,1,1\n总计：1条,,1,1,1\n合计,,1,1,1\n"
    report = bring(tmp_path, text_file(tmp_path, content), AD_DAYS, source="baidu_marketing")
    assert (report.added, report.skipped) == (1, 2)
    assert "2 rows of totals were left out." in report.text


def test_rejects_of_a_source_are_imported_by_the_same_source(tmp_path: Path) -> None:
    bad = text_file(tmp_path, BAIDU.replace("12345,67", "many,67"), encoding="gb18030")
    rejects = bring(tmp_path, bad, AD_DAYS, source="baidu_marketing").rejects_file
    assert rejects is not None
    rejects.write_bytes(rejects.read_bytes().replace(b"many", b"12345"))
    assert counts(bring(tmp_path, rejects, AD_DAYS, source="baidu_marketing")) == (1, 0, 0, 0)


def test_a_shops_orders_land(tmp_path: Path) -> None:
    content = (
        "子订单编号,主订单编号,买家会员名,标题,价格,购买数量,订单状态,买家实际支付金额,订单创建时间,订单付款时间\n"
        '"=""2025010512345678901""",1,买家甲,面霜,128,1,交易成功,118.80,2025-01-05 13:00:00,2025-01-05 13:05:00\n'
        '"=""2025010512345678902""",2,买家乙,面霜,128,1,交易关闭,0.00,2025-01-05 13:00:00,\n'
    )
    report = bring(tmp_path, text_file(tmp_path, content, encoding="gb18030"), TRANSACTIONS, source="taobao_orders")
    assert counts(report) == (1, 0, 0, 1)
    row = stored(tmp_path, TRANSACTIONS)[0]
    assert (row["transaction_id"], row["amount_minor"]) == ("2025010512345678901", 11880)
    assert (row["ordered_at"], row["category"]) == (moment("2025-01-05 13:05"), "未分类")


CRM = {
    "dataset": "customers",
    "columns": {
        "customer_id": "会员编号",
        "joined_on": {"heading": "入会时间", "unit": "day"},
        "province": ["省份", "地区"],
        "city_tier": {"value": "二线"},
        "gender": "性别",
        "age_band": {"heading": "年龄段", "value": "未知"},
        "source": "来源",
    },
}


@pytest.mark.usefixtures("workspace")
def test_a_companys_own_source_is_saved_and_used(tmp_path: Path) -> None:
    save_source("our-crm", Source.model_validate(CRM))
    assert "our-crm" in source_names("customers")
    file = text_file(tmp_path, "会员编号,姓名,入会时间,地区,性别,来源\nM1,甲,2025/1/5 9:30,广东,女,抖音\n")
    assert bring(tmp_path, file, CUSTOMERS, source="our-crm").added == 1
    assert stored(tmp_path, CUSTOMERS)[0]["joined_on"] == date(2025, 1, 5)


@pytest.mark.usefixtures("workspace")
def test_pairs_from_the_command_line_are_a_source_that_can_be_saved(tmp_path: Path) -> None:
    source = Source.from_pairs(AD_DAYS, ["spend_minor=花了:yuan", "campaign = 活动"])
    save_source("ours", source)
    assert find_source("ours", AD_DAYS) == source
    content = "day,platform,活动,花了,impressions,clicks,备注\n2025-01-05,官网,新年,1.5,1,1,x\n"
    assert bring(tmp_path, text_file(tmp_path, content), AD_DAYS, source=source).added == 1
    assert stored(tmp_path, AD_DAYS)[0]["spend_minor"] == 150


REFUSED: list[tuple[str, Callable[[], Any], str]] = [
    ("an unknown name", lambda: find_source("google", AD_DAYS), "there is none; those for ad_days are: alimama, baidu"),
    ("another dataset", lambda: find_source("alimama", CUSTOMERS), "is for dataset ad_days, not customers"),
    ("a pair without a sign", lambda: Source.from_pairs(AD_DAYS, ["day"]), "'day': must be 'column=heading'"),
    ("a pair of no column", lambda: Source.from_pairs(AD_DAYS, ["dya=日期"]), "with one of the columns day, platform"),
    ("a name that is no name", lambda: save_source("../x", Source.model_validate(CRM)), "use lower-case letters"),
]


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(("act", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_it_refuses(act: Callable[[], Any], reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        act()


SPOILED = [
    ("columns: [", "not YAML"),
    ("dataset: ad_days\ncolumns: {}\n", "columns: must hold at least 1"),
    ("dataset: ad_days\ncolumns: {day: {heading: 日期, unit: euro}}\n", "columns.day.unit: must be one of '', 'yuan'"),
    ("dataset: ad_days\ncolumns: {dya: 日期}\n", "unknown columns dya; ad_days has day"),
]


@pytest.mark.parametrize(("content", "reason"), SPOILED)
def test_it_refuses_a_spoiled_file(workspace: Path, content: str, reason: str) -> None:
    folder = workspace / ".marketbook" / "sources"
    folder.mkdir(parents=True)
    (folder / "ours.yml").write_text(content, "utf-8")
    with pytest.raises(DataError, match=reason):
        find_source("ours", AD_DAYS)


def test_a_source_names_the_headings_it_misses(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"missing headings: spend_minor \(花费 / 花费\(元\)\).* Found: 日期, 计划名字"):
        bring(tmp_path, text_file(tmp_path, "日期,计划名字,展现量,点击量\n"), AD_DAYS, source="alimama")


def test_a_heading_named_on_the_command_line_must_be_there(tmp_path: Path) -> None:
    source = Source.from_pairs(AD_DAYS, ["account=帐户名"])
    content = "day,platform,campaign,spend_minor,impressions,clicks,账户名\n"
    with pytest.raises(DataError, match=r"missing headings: account \(帐户名\)"):
        bring(tmp_path, text_file(tmp_path, content), AD_DAYS, source=source)
