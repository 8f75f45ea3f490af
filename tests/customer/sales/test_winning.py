"""Who has bought is an active customer, on the card that was kept; nothing else of the card changes."""

from dataclasses import replace
from datetime import timedelta

from tests.customer.sales.counter import customer
from tests.office.selling import Shop, brought, lose, win

from marketbook.customer import cards, merging
from marketbook.kit.records import Party, person, roles


def status(shop: Shop, number: int) -> str:
    with shop.store.reading() as session:
        return session.get_one(Party, number).status


def test_a_sale_that_is_won_makes_the_prospect_an_active_customer(counter: Shop) -> None:
    own = replace(counter, customer=customer(counter, "苏州拾光酒店"))
    brought(own, "proposal")
    assert status(own, own.customer) == "prospect"
    brought(own, "won")
    assert status(own, own.customer) == "active"
    with own.store.reading() as session:
        card = cards.named(session, own.customer)
        assert (card.version, card.changed) == (2, "status")


def test_a_second_order_changes_no_card(counter: Shop) -> None:
    own = replace(counter, customer=customer(counter, "厦门屿间民宿"))
    brought(own, "won")
    brought(own, "won")
    with own.store.reading() as session:
        assert cards.named(session, own.customer).version == 2


def test_what_is_lost_leaves_a_prospect(counter: Shop) -> None:
    own = replace(counter, customer=customer(counter, "长沙湘遇餐饮"))
    lose(own, brought(own, "qualified"))
    assert status(own, own.customer) == "prospect"


def test_it_is_the_kept_card_that_becomes_active(counter: Shop) -> None:
    own = replace(counter, customer=customer(counter, "青岛汇泉会展"))
    kept, number = customer(counter, "青岛汇泉会展公司"), brought(own, "proposal")
    with own.store.writing() as session:
        two = cards.named(session, kept), cards.named(session, own.customer)
        versions = tuple(one.version for one in two)
        merging.merge(session, *two, reason="同一家", actor=own.people["lin"], versions=versions)
    win(own, number)
    assert (status(own, kept), status(own, own.customer)) == ("active", "merged")


def test_whoever_has_no_card_is_made_active_too(counter: Shop) -> None:
    with counter.store.writing() as session:
        number = person.add(session, kind="customer", name="无卡客户").id
    brought(replace(counter, customer=number), "won")
    assert status(counter, number) == "active"


def test_who_has_ordered_stays_active_when_values_are_written_and_is_dormant_a_year_later(counter: Shop) -> None:
    own = replace(counter, customer=customer(counter, "昆明云岭旅游"))
    brought(own, "won")
    for days, wanted in ((1, "active"), (400, "dormant")):
        with own.store.writing(actor="system:test") as session:
            cards.set_values(session, {}, on=roles.today() + timedelta(days))
        assert status(own, own.customer) == wanted
