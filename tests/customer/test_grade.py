"""Classes by what was bought in twelve months."""

import random

import pytest

from marketbook.customer.grade import graded


def test_the_few_who_bring_most_are_class_a() -> None:
    assert graded({1: 800, 2: 150, 3: 50, 4: 0}) == {1: "A", 2: "B", 3: "C", 4: "C"}


def test_who_crosses_the_line_is_still_above_it() -> None:
    assert graded({1: 790, 2: 160, 3: 50}) == {1: "A", 2: "A", 3: "C"}


def test_who_bought_the_same_is_in_the_same_class() -> None:
    assert set(graded(dict.fromkeys(range(10), 100)).values()) == {"A"}
    assert graded({1: 700, 2: 100, 3: 100, 4: 100}) == {1: "A", 2: "A", 3: "A", 4: "A"}
    assert graded({1: 800, 2: 100, 3: 100}) == {1: "A", 2: "B", 3: "B"}


@pytest.mark.parametrize("values", [{}, {1: 0}, {1: -500, 2: 0}])
def test_who_bought_nothing_is_class_c(values: dict[int, int]) -> None:
    assert graded(values) == dict.fromkeys(values, "C")


def test_what_was_sent_back_takes_nothing_from_the_others() -> None:
    assert graded({1: 800, 2: 150, 3: 50, 4: -10_000}) == {1: "A", 2: "B", 3: "C", 4: "C"}


def test_no_rounding_moves_anybody_at_the_line() -> None:
    total = 10_000 * 10**12
    assert graded({1: 8 * total // 10, 2: total // 10, 3: total // 10})[2] == "B"
    assert graded({1: 8 * total // 10 - 1, 2: total // 10 + 1, 3: total // 10})[2] == "A"


def test_classes_follow_value_and_shares_are_kept() -> None:
    chance = random.Random(8)
    values = {number: int(chance.paretovariate(1.16) * 10_000) for number in range(5_000)}
    found, total = graded(values), sum(values.values())
    least = {letter: min(values[one] for one in values if found[one] == letter) for letter in "AB"}
    assert least["A"] > max(values[one] for one in values if found[one] == "B")
    assert least["B"] > max(values[one] for one in values if found[one] == "C")
    share = sum(values[one] for one in values if found[one] == "A") / total
    assert 0.8 <= share < 0.8 + max(values.values()) / total
