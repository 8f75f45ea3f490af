"""The checker itself: it must find what it is there to find."""

from tests.kit.report.reading import html_texts, stray_english, tofu


def test_it_finds_english_on_a_chinese_page() -> None:
    assert stray_english(["营收 Revenue 增长", "NPS为35", "2025Q1", "CSV"]) == ["Revenue"]


def test_it_leaves_identifiers_citations_and_allowed_names_alone() -> None:
    texts = ["survey_answers 5534f4d1", "survey/analyse-survey", "Kish (1965). Survey Sampling.", "品牌Qinghe"]
    assert stray_english(texts, allowed=["Qinghe"]) == []


def test_it_finds_what_no_font_can_draw() -> None:
    assert tofu(["营收\ufffd", "\ue000", "□", "增長¥–—"]) == ["□", "\ue000", "\ufffd"]


def test_it_reads_what_is_seen_and_said() -> None:
    page = (
        "<html><head><title>标题</title><style>p{}</style></head><body><p>一<b>二</b></p><img alt='图'>"
        "<svg aria-label='画'><text>三</text></svg><code>x = 1</code><p translate='no'>id</p><p>四</p></body></html>"
    )
    assert html_texts(page) == ["标题", "一二", "图", "画", "三", "四"]
