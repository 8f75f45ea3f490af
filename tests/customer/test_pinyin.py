"""How names are typed: whole pinyin and initials, surnames as surnames, every reading of a character."""

import pytest

from marketbook.customer.pinyin import MOST, reading, typed


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("王芳", "wangfang", "wf"),
        ("曾国藩", "zengguofan", "zgf"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("仇英", "qiuying", "qy"),
        ("查良镛", "zhaliangyong", "zly"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("欧阳修", "ouyangxiu", "oyx"),
        ("吕布", "lvbu", "lb"),
        ("朴树", "piaoshu", "ps"),
        ("陳奕迅", "chenyixun", "cyx"),
        ("王 芳", "wangfang", "wf"),
        ("重庆火锅", "chongqinghuoguo", "cqhg"),
        ("Zoë Müller", "zoemuller", "zm"),
        ("A股观察", "aguguancha", "aggc"),
    ],
)
def test_the_likeliest_reading_comes_first(name: str, full: str, initials: str) -> None:
    found = reading(name)
    assert (found.full[0], found.initials[0]) == (full, initials)


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("曾国藩", "cengguofan"),
        ("单雄信", "danxiongxin"),
        ("乐乐", "yuele"),
        ("张重", "zhangchong"),
        ("朱朝阳", "zhuchaoyang"),
    ],
)
def test_other_readings_of_a_character_are_kept_too(name: str, also: str) -> None:
    assert also in reading(name).full


def test_readings_are_few_however_many_a_name_could_have() -> None:
    found = reading("重庆和平乐都行长会员单位")
    assert len(found.full) <= MOST
    assert len(set(found.text.split())) == len(found.text.split())


@pytest.mark.parametrize(
    ("text", "found"),
    [("Wang Fang", "wangfang"), ("lǚ bù", "lvbu"), ("LÜBU", "lvbu"), ("ＷＦ", "wf"), ("Müller", "muller"), ("  ", "")],
)
def test_what_is_typed_into_a_search_is_written_as_readings_are(text: str, found: str) -> None:
    assert typed(text) == found


def test_signs_have_no_reading() -> None:
    assert reading("🎉").full == ("",)
    assert reading("").full == ("",)
