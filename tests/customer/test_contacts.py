"""Contact points in one form each, masked, read and looked for."""

import pytest

from marketbook.customer import contacts
from marketbook.customer.contacts import looked_for, masked, normalised, shown
from marketbook.kit.errors import RecordError

MOBILES = {
    "13800138000": "+8613800138000",
    "138 0013 8000": "+8613800138000",
    "138-0013-8000": "+8613800138000",
    "１３８００１３８０００": "+8613800138000",
    "+86 138 0013 8000": "+8613800138000",
    "008613800138000": "+8613800138000",
    "8613800138000": "+8613800138000",
    "（+86）13800138000": "+8613800138000",
    "\u202a13800138000\u202c": "+8613800138000",
    "19912345678": "+8619912345678",
    "17012345678": "+8617012345678",
    "+852 9123 4567": "+85291234567",
    "(+852) 6123-4567": "+85261234567",
    "00852 9123 4567": "+85291234567",
    "+853 6612 3456": "+85366123456",
    "+886 912 345 678": "+886912345678",
    "+886 0912 345 678": "+886912345678",
    "+1 650 253 0000": "+16502530000",
    "+44 7911 123456": "+447911123456",
}


@pytest.mark.parametrize("typed", MOBILES)
def test_a_mobile_is_one_number_however_it_is_typed(typed: str) -> None:
    assert normalised("mobile", typed) == MOBILES[typed]
    assert normalised("mobile", MOBILES[typed]) == MOBILES[typed]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("phone", "010-6278 1234", "+861062781234"),
        ("phone", "(021) 6888 0000", "+862168880000"),
        ("phone", "400 820 8820", "+864008208820"),
        ("phone", "+852 2123 4567", "+85221234567"),
        ("phone", "13800138000", "+8613800138000"),
        ("email", " Li.Na@Example.COM ", "li.na@example.com"),
        ("email", "ｌｉｎａ＠example.com", "lina@example.com"),
        ("email", "li+shop@sub.example.co.uk", "li+shop@sub.example.co.uk"),
        ("email", "wang@例子.中国", "wang@xn--fsqu00a.xn--fiqs8s"),
        ("wechat", "LiNa_2026", "lina_2026"),
        ("wechat", "wxid_a1b2c3d4e5f6g7", "wxid_a1b2c3d4e5f6g7"),
    ],
)
def test_other_contact_points_have_one_form_each(kind: str, typed: str, kept: str) -> None:
    assert normalised(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "match"),
    [
        ("mobile", "1380013800", "is no telephone number"),
        ("mobile", "138001380001", "is no telephone number"),
        ("mobile", "12345678901", "is no telephone number"),
        ("mobile", "91234567", "is no telephone number; begin with the country's code"),
        ("mobile", "010-62781234", "is no mobile number; enter it as a telephone"),
        ("mobile", "138OO138OOO", "is no telephone number"),
        ("mobile", "13800138000 ext 5", "is no telephone number"),
        ("mobile", "13800138000/13900139000", "is no telephone number"),
        ("mobile", "", "is no telephone number"),
        ("email", "lina", "is no e-mail address"),
        ("email", "lina@example", "is no e-mail address"),
        ("email", "li..na@example.com", "is no e-mail address"),
        ("email", ".lina@example.com", "is no e-mail address"),
        ("email", "li na@example.com", "is no e-mail address"),
        ("email", "a@b@example.com", "is no e-mail address"),
        ("email", "lina@-example.com", "is no e-mail address"),
        ("email", "lina@127.0.0.1", "is no e-mail address"),
        ("email", f"{'a' * 65}@example.com", "is no e-mail address"),
        ("email", "@example.org", "is no e-mail address"),
        ("wechat", "1abcdef", "is no WeChat id"),
        ("wechat", "abcde", "is no WeChat id"),
        ("wechat", "a" * 21, "is no WeChat id"),
        ("wechat", "李娜微信号码", "is no WeChat id"),
        ("fax", "123", "kind: 'fax' is not known; allowed are mobile, phone, email, wechat"),
    ],
)
def test_what_is_none_is_refused_and_not_told_whole(kind: str, typed: str, match: str) -> None:
    with pytest.raises(RecordError, match=match) as refused:
        normalised(kind, typed)
    assert len(typed) <= 3 or typed not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "value", "mask"),
    [
        ("mobile", "+8613800138000", "138****8000"),
        ("mobile", "+85291234567", "+852 91****67"),
        ("phone", "+861062781234", "10****34"),
        ("email", "lina@example.com", "l***@example.com"),
        ("wechat", "lina_2026", "l***6"),
    ],
)
def test_a_mask_is_too_little_to_reach_anybody_by(kind: str, value: str, mask: str) -> None:
    assert masked(kind, value) == mask


def test_what_is_shown_is_kept_as_the_same_again() -> None:
    for value in set(MOBILES.values()):
        assert normalised("mobile", shown("mobile", value)) == value
    assert shown("email", "lina@example.com") == "lina@example.com"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("13800138000", ["+8613800138000"]),
        ("138 0013 8000", ["+8613800138000"]),
        ("9123 4567", ["+85291234567"]),
        ("0912 345 678", ["+886912345678"]),
        ("LiNa@example.com", ["lina@example.com"]),
        ("lina_2026", ["lina_2026"]),
        ("8000", []),
        ("王芳", []),
        ("a@b", []),
        ("", []),
    ],
)
def test_a_search_looks_for_what_may_be_meant(typed: str, found: list[str]) -> None:
    assert looked_for(typed) == found


def test_every_kind_has_a_name() -> None:
    assert set(contacts.NUMBERS) < set(contacts.KINDS)
