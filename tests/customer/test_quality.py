"""Completeness, validity and staleness of a card."""

from datetime import date, timedelta

import pytest

from marketbook.customer.quality import GROUPS, STALE_DAYS, Card, looked_at, usable

DAY = date(2026, 6, 30)
NUMBER = ("mobile", "+8613800138000")


def card(
    *filled: str, company: bool = False, contacts: tuple[tuple[str, str], ...] = (), looked_on: date = DAY
) -> Card:
    return Card(company, contacts, filled, looked_on)


def test_a_card_with_everything_is_complete() -> None:
    found = looked_at(card("needs", "preferences", "birthday", "consent", contacts=(NUMBER,)), on=DAY)
    assert (found.complete_bp, found.missing, found.wrong, found.stale) == (10_000, [], 0, False)


def test_an_empty_card_lacks_everything() -> None:
    found = looked_at(card(), on=DAY)
    assert (found.complete_bp, found.missing) == (0, list(GROUPS))


def test_a_company_has_no_birthday() -> None:
    found = looked_at(card("needs", company=True), on=DAY)
    assert (found.complete_bp, found.missing) == (2_500, ["contact", "preferences", "consent"])
    assert looked_at(card("needs", "birthday"), on=DAY).complete_bp == 4_000


def test_a_number_that_nobody_can_be_reached_by_is_counted() -> None:
    found = looked_at(card(contacts=(NUMBER, ("mobile", "+8610000000000"), ("email", "a@b"))), on=DAY)
    assert (found.contacts, found.wrong) == (3, 2)


@pytest.mark.parametrize(("days", "stale"), [(0, False), (STALE_DAYS, False), (STALE_DAYS + 1, True)])
def test_a_card_is_stale_after_half_a_year(days: int, stale: bool) -> None:
    assert looked_at(card(looked_on=DAY - timedelta(days=days)), on=DAY).stale is stale


def test_a_mobile_that_was_kept_as_a_landline_is_not_usable_as_one() -> None:
    assert usable("phone", "+861062781234")
    assert not usable("mobile", "+861062781234")
    assert not usable("email", "Li@Example.com")
