from datetime import datetime

import pytest

from marketbook.kit import language
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import speaking


def test_it_refuses_a_language_it_does_not_speak() -> None:
    with pytest.raises(ParamsError, match="'de' is not known; allowed are zh_Hans, en, zh_Hant"):
        language.use("de")


def test_chinese_is_the_default(workspace: object) -> None:  # noqa: ARG001  # it clears what the machine has set
    import contextvars

    assert contextvars.Context().run(language.current) == "zh_Hans"


@pytest.mark.parametrize(
    ("spoken", "wanted"), [("en", "must be text"), ("zh_Hans", "须为文本"), ("zh_Hant", "須為文本")]
)
def test_it_translates(spoken: str, wanted: str) -> None:
    with speaking(spoken):
        assert language.gettext("must be text") == wanted


def test_a_message_without_translation_stays_as_it_is() -> None:
    with speaking("zh_Hans"):
        assert language.gettext("no such message") == "no such message"


def test_markdown_is_translated_by_paragraph_and_keeps_what_it_does_not_know() -> None:
    with speaking("zh_Hans"):
        assert language.translate_markdown("must be text\n\n$x^2$") == "须为文本\n\n$x^2$"


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("互联网营销数据", "互聯網營銷數據"),
        ("了解占比", "了解占比"),
        ("线性回归", "線性回歸"),
        ("表格里的头发", "表格裡的頭髮"),
        ("后台发现", "後臺發現"),
        ("每周52周内", "每周52周內"),
    ],
)
def test_traditional_keeps_the_companys_own_words(simplified: str, traditional: str) -> None:
    with speaking("zh_Hant"):
        assert language.label(simplified) == traditional


CHINESE_DATES = ["2026年11月23日", "2026年11月", "2026年11月23日 09:05"]


@pytest.mark.parametrize(
    ("spoken", "money", "dates"),
    [
        ("en", ["CN¥1,234,568", "CN¥1.23M"], ["23 Nov 2026", "Nov 2026", "23 Nov 2026 09:05"]),
        ("zh_Hans", ["¥1,234,568", "¥123.46万"], CHINESE_DATES),
        ("zh_Hant", ["¥1,234,568", "¥123.46萬"], CHINESE_DATES),
    ],
)
def test_money_and_dates_follow_the_language(spoken: str, money: list[str], dates: list[str]) -> None:
    moment = datetime(2026, 11, 23, 9, 5)  # noqa: DTZ001  # local by convention
    with speaking(spoken):
        assert [language.format_money(1_234_567.8, "CNY", short=short) for short in (False, True)] == money
        assert [
            language.format_date(moment),
            language.format_month(moment),
            language.format_datetime(moment),
        ] == dates


def test_numbers_are_grouped_and_rounded_half_to_even() -> None:
    assert [language.format_percent(0.1234), language.format_number(-1234.5), language.format_integer(2.5)] == [
        "12.3%",
        "-1,234.50",
        "2",
    ]


def test_data_values_have_english_words_only_in_english() -> None:
    language.use_labels({"抖音": "Douyin"})
    try:
        with speaking("en"):
            assert language.label("抖音") == "Douyin"
        with speaking("zh_Hans"):
            assert language.label("抖音") == "抖音"
    finally:
        language.use_labels({})
