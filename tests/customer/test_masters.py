"""Other systems on both engines: who is known by what, and fields that are changed where their master is."""

from datetime import timedelta

import pytest
from tests.customer.shop import Shop, changed, entered, entry, facts, mobile, shop, trace
from tests.customer.test_cards import decided

from marketbook.customer import cards, face, masters
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.store import at, now

__all__ = ["shop"]


def linked(shop: Shop, number: int, known_as: str, by: str = "sales") -> None:
    with shop.store.writing() as session:
        customer = cards.named(session, number)
        masters.link(session, customer, system="CRM", known_as=known_as, actor=shop.people[by])


def test_a_number_of_another_system_is_on_the_card_and_one_customer_s_alone(shop: Shop) -> None:
    made, other = entered(shop), entered(shop)
    linked(shop, made, "K-1")
    with shop.store.reading() as session:
        assert ("Known elsewhere as", "crm K-1") in face.of(session, cards.named(session, made), reader=1).facts
    before = trace(shop.store)
    with pytest.raises(RecordError, match="crm K-1 is 王芳 already"):
        linked(shop, other, "K-1")
    with pytest.raises(AccessError, match="entered and changed by sales"):
        linked(shop, other, "K-2", by="finance")
    assert trace(shop.store) == before


def test_what_a_crm_is_the_master_of_is_changed_there(shop: Shop) -> None:
    number = mobile()
    made, own = entered(shop, "王芳", number), entered(shop, "王芳")
    linked(shop, made, "K-3")
    decided(shop, masters.MASTERS.name, ["crm.name", "crm.contacts"])
    with at(now() + timedelta(days=1)):
        before = trace(shop.store)
        for given in (entry("王方", number), entry("王芳", mobile())):
            with pytest.raises(RecordError, match="comes from crm, where this customer is K-3; please change it there"):
                changed(shop, made, given)
        assert trace(shop.store) == before
        changed(shop, made, entry("王芳", number, needs="礼盒"))
        changed(shop, own, entry("王方"))
    with shop.store.reading() as session:
        assert (facts(session, made)["needs"], facts(session, own)["name"]) == ("礼盒", "王方")
