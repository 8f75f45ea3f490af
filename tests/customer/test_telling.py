"""One page that tells a customer's whole story by time, with numbers for whom they are, and masks for the others."""

import pytest
from sqlalchemy.orm import Session
from tests.customer.shop import Shop, changed, entered, entry, merged, mobile, said, shop

from marketbook.customer import access, cards, face, lists, telling
from marketbook.customer.card import Customer
from marketbook.customer.complaint import service as complaints
from marketbook.customer.complaint.params import ComplaintEntry
from marketbook.kit.records import roles
from marketbook.office import activity
from marketbook.office.params import ActivityEntry

__all__ = ["shop"]


def told(shop: Shop, number: int, by: str = "sales") -> list[tuple[str, str, str]]:
    with shop.store.reading() as session:
        return [(one.who, one.what, one.text) for one in telling.of(session, number, reader=shop.people[by])]


def visited(session: Session, shop: Shop, number: int) -> None:
    asked = ActivityEntry(title="回访新品", kind="visit", due_on=roles.today())
    made = activity.enter(session, asked, actor=shop.people["sales"])
    activity.invite(session, made, party_id=number, role="customer", actor=shop.people["sales"])


def complained(session: Session, shop: Shop, number: int) -> None:
    given = ComplaintEntry(party_id=number, content="收到的杯子有裂纹，要求换货")
    complaints.enter(session, given, actor=shop.people["service"])


def test_everything_that_happened_is_told_the_newest_first(shop: Shop) -> None:
    first, second = mobile(), mobile()
    made = entered(shop, "王芳", first)
    changed(shop, made, entry("王芳", second, needs="礼盒"))
    said(shop, made, given=True)
    with shop.store.writing() as session:
        cards.mark_checked(session, session.get_one(Customer, made), actor=shop.people["manager"], version=2)
        visited(session, shop, made)
        complained(session, shop, made)
    whole = told(shop, made)
    assert [what for _who, what, _text in (whole[0], whole[-1])] == ["complaint", "entered"]
    assert sorted(what for _who, what, _text in whole[1:-1]) == [
        "Visit", "changed", "checked", "consent given", "contact added", "contact added", "contact removed",
    ]  # fmt: skip
    assert {who for who, what, _text in whole if what in ("checked", "complaint")} == {"manager", "service"}
    assert "needs" in next(text for _who, what, text in whole if what == "changed")


def test_a_specialist_reads_the_story_with_masks(shop: Shop) -> None:
    number = mobile()
    made = entered(shop, "王芳", number)
    shown = f"{number[:3]} {number[3:7]} {number[7:]}"
    assert any(shown in text for _who, _what, text in told(shop, made))
    masked = " ".join(text for _who, _what, text in told(shop, made, by="specialist"))
    assert shown not in masked
    assert f"{number[:3]}****{number[-4:]}" in masked


@pytest.mark.parametrize("name", ["sales", "service", "manager", "specialist", "finance", "director", "admin"])
def test_who_reads_numbers_is_a_rule_in_one_place(shop: Shop, name: str) -> None:
    number = mobile()
    made = entered(shop, "王芳", number)
    with shop.store.reading() as session:
        card = face.of(session, session.get_one(Customer, made), reader=shop.people[name])
        may = access.may_read_contacts(session, party_id=shop.people[name])
    cell = card.tables[0].rows[0][1]
    assert may == (name in access.CONTACT_READERS)
    assert (cell.replace(" ", "") == number) == may


def test_a_card_says_what_is_missing_and_of_whom_it_is(shop: Shop) -> None:
    made, other = (
        entered(shop, "王芳", mobile(), needs="礼盒", birthday="03-05"),
        entered(shop, "王方", preferences="晚上"),
    )
    said(shop, other, given=True, purpose="survey")
    merged(shop, made, other)
    with shop.store.reading() as session:
        card, gone = (face.of(session, session.get_one(Customer, one), reader=made) for one in (made, other))
        rows = lists.everybody().some(session, [made])
    assert rows[made]["complete_share"] == 1
    facts = dict(card.facts)
    assert (facts["Owner"], facts["Complete"], facts["Birthday"]) == ("sales", "100%", "03-05")
    assert [row[:2] for row in card.tables[1].rows] == [("Surveys and return visits", "allowed")]
    assert gone.warnings[0] == f"This card is merged into 王芳 ({made})."
