"""Who may be the same customer, and why; what every comparison would find, without every comparison."""

import random
from itertools import combinations

import pytest

from marketbook.customer.duplicates import MOST, Known, Pair, differs_in_one, pairs, plain

MOBILE = "+8613800138000"


def known(number: int, name: str, *mobiles: str, birthday: str = "") -> Known:
    return Known(number, name, [("mobile", one) for one in mobiles], birthday)


def test_a_shared_number_is_a_reason() -> None:
    assert pairs([known(1, "王芳", MOBILE), known(2, "李强", MOBILE)]) == [Pair(1, 2, ["contact"])]


def test_the_same_text_of_another_kind_is_none() -> None:
    assert pairs([known(1, "王芳", MOBILE), Known(2, "李强", [("wechat", MOBILE)])]) == []


def test_a_name_alone_is_no_reason() -> None:
    assert pairs([known(1, "王芳", MOBILE), known(2, "王芳", "+8613911112222"), known(3, "王芳")]) == []


def test_a_name_with_a_birthday_is_one() -> None:
    found = pairs(
        [known(1, "王芳", birthday="03-05"), known(2, " 王　芳", birthday="03-05"), known(3, "王芳", birthday="04-05")]
    )
    assert found == [Pair(1, 2, ["birthday"])]


@pytest.mark.parametrize("other", ["+8613800138001", "+8613800130800", "+861380013800", "+86138001380000"])
def test_a_name_with_a_number_that_differs_in_one_place_is_one(other: str) -> None:
    assert pairs([known(1, "王芳", MOBILE), known(2, "王芳", other)]) == [Pair(1, 2, ["near"])]
    assert pairs([known(1, "王芳", MOBILE), known(2, "李强", other)]) == []


def test_two_places_are_too_many() -> None:
    assert pairs([known(1, "王芳", MOBILE), known(2, "王芳", "+8613800138011")]) == []


def test_the_strongest_reason_comes_first_and_a_pair_once() -> None:
    found = pairs([known(7, "王芳", MOBILE, "+8613911112222", birthday="03-05"),
                   known(3, "王芳", MOBILE, "+8613911112223", birthday="03-05")])  # fmt: skip
    assert found == [Pair(3, 7, ["contact", "birthday", "near"])]


def test_a_switchboard_is_not_everybody_with_everybody() -> None:
    found = pairs([known(number, f"客户{number}", MOBILE) for number in range(1, 1_001)])
    assert len(found) == 999
    assert {pair.first for pair in found} == {1}
    assert len(pairs([known(number, f"客户{number}", MOBILE) for number in range(MOST)])) == MOST * (MOST - 1) // 2


def test_it_finds_what_comparing_everybody_with_everybody_finds() -> None:
    chance = random.Random(3)
    people = [
        known(number, chance.choice(["王芳", "李强", "张伟"]), f"+8613800{chance.randrange(2_000):06}",
              birthday=chance.choice(["", "01-01", "02-02", *(f"03-{day:02}" for day in range(1, 29))]))
        for number in range(300)
    ]  # fmt: skip
    wanted = set()
    for one, other in combinations(people, 2):
        same = plain(one.name) == plain(other.name)
        mine, theirs = one.contacts[0], other.contacts[0]
        born = one.birthday and one.birthday == other.birthday
        if mine == theirs or (same and (born or differs_in_one(mine[1], theirs[1]))):
            wanted.add((one.id, other.id))
    assert wanted
    assert {(pair.first, pair.second) for pair in pairs(people)} == wanted


NEAR = [("a", ""), ("ab", "ba"), ("abc", "acb"), ("abcd", "bacd"), ("abc", "abcd"), ("abc", "xabc"), ("abc", "axbc")]
FAR = [("a", "a"), ("", ""), ("abc", "cba"), ("abc", "abxx"), ("abcdef", "abcfed"), ("kitten", "sitting")]


@pytest.mark.parametrize(("one", "other"), [*NEAR, *FAR])
def test_one_place_is_one_place(one: str, other: str) -> None:
    assert differs_in_one(one, other) is ((one, other) in NEAR)
    assert differs_in_one(other, one) is ((one, other) in NEAR)
