"""What is sent to the database itself is refused there, on both engines, and leaves no trace."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.customer.shop import Shop, entered, merged, mobile, said, shop, trace

from marketbook.customer import card_guards
from marketbook.kit.store import SETUP, triggers

__all__ = ["shop"]

POINT = (
    "INSERT INTO contact_point (customer_id, kind, value, shared, added_by_id, added_at) "
    "VALUES ({other}, 'mobile', '{value}', {shared}, {sales}, '2026-01-01 00:00:00')"
)
CONSENT = (
    "INSERT INTO consent (customer_id, purpose, given, method, said_on, recorded_by_id, recorded_at) "
    "VALUES ({customer}, 'care', (1 = 1), 'phone', '2026-01-01', {by}, '2026-01-01 00:00:00')"
)
MERGE = (
    "INSERT INTO customer_merge (kept_id, merged_id, reason, former, taken, merged_by_id, merged_at) "
    "VALUES ({kept}, {merged}, 'x', '{{{{}}}}', '{{{{}}}}', {{sales}}, '2026-01-01 00:00:00')"
)
RAW = {
    "a number of another's": (POINT.replace("{shared}", "(1 = 0)"), "another customer's|UNIQUE|unique"),
    "a number of another's as shared": (POINT.replace("{shared}", "(1 = 1)"), "marked as shared at both"),
    "a number turned to another": (
        "UPDATE contact_point SET value = '+8613000000000' WHERE customer_id = {n}", "never change",
    ),
    "a number given to another": (
        "UPDATE contact_point SET customer_id = {other} WHERE customer_id = {n}", "never change",
    ),
    "a number deleted": ("DELETE FROM contact_point WHERE customer_id = {n}", "never deleted"),
    "a removed number put back": (
        "UPDATE contact_point SET removed_at = NULL, removed_by_id = NULL WHERE removed_at IS NOT NULL", "stays so",
    ),
    "a number of a kind that is none": (
        POINT.replace("{shared}", "(1 = 0)").replace("'mobile'", "'fax'").replace("{value}", "1"), "kind",
    ),
    "a number for a merged card": (
        POINT.replace("{shared}", "(1 = 0)").replace("{other}", "{gone}").replace("{value}", "+8613000000001"),
        "merged into another",
    ),
    "a consent altered": ("UPDATE consent SET given = (1 = 1) WHERE customer_id = {n}", "never changed"),
    "a consent deleted": ("DELETE FROM consent WHERE customer_id = {n}", "never deleted"),
    "a consent signed for another": (CONSENT.format(customer="{n}", by="{manager}"), "only who acts can record it"),
    "a consent of a merged card": (CONSENT.format(customer="{gone}", by="{sales}"), "merged into another"),
    "a consent for no purpose": (CONSENT.format(customer="{n}", by="{sales}").replace("'care'", "'sale'"), "purpose"),
    "a card merged twice": (MERGE.format(kept="{n}", merged="{gone}"), "merged already"),
    "a card merged into a merged one": (MERGE.format(kept="{gone}", merged="{n}"), "merged already"),
    "a card merged into itself": (MERGE.format(kept="{n}", merged="{n}"), "two"),
    "a merge deleted": ("DELETE FROM customer_merge", "never deleted"),
    "a merge rewritten": ("UPDATE customer_merge SET former = '{{}}'", "never change"),
    "a customer put into another": (
        "UPDATE party SET merged_into_id = {other}, status = 'merged' WHERE id = {n}", "only a merge",
    ),
    "a customer taken out of another": (
        "UPDATE party SET merged_into_id = NULL, status = 'active' WHERE id = {gone}", "only a merge",
    ),
    "a customer put elsewhere": ("UPDATE party SET merged_into_id = {other} WHERE id = {gone}", "only a merge"),
    "a card deleted": ("DELETE FROM customer WHERE id = {n}", "never deleted"),
    "an uncounted change": ("UPDATE customer SET grade = 'A' WHERE id = {n}", "each change counts one"),
    "a card of another's entry": (
        "UPDATE customer SET entered_by_id = {manager}, version = version + 1", "never change",
    ),
    "a class that is none": ("UPDATE customer SET grade = 'D', version = version + 1 WHERE id = {n}", "grade"),
    "a card of an employee": (
        (
            "INSERT INTO customer SELECT {manager}, company, owner_id, needs, preferences, reading, value_minor, "
            "valued_on, grade, met_on, changed, version, entered_by_id, entered_at, lunar_birthday FROM customer "
            "WHERE id = {n}"
        ),
        "its party is no customer",
    ),
    "a card replaced": ("INSERT INTO customer SELECT * FROM customer WHERE id = {n}", "never replaced"),
    "a customer deleted": ("DELETE FROM party WHERE id = {n}", "never deleted"),
}  # fmt: skip


@pytest.fixture(scope="module")
def placed(shop: Shop) -> dict[str, object]:
    """A customer with a number and a consent, another one, and one who is merged."""
    number = mobile()
    made, other, gone = entered(shop, "王芳", number), entered(shop, "李强"), entered(shop, "王方", mobile())
    said(shop, made, given=False)
    merged(shop, made, gone)
    with shop.store.writing(actor=shop.people["sales"]) as session:
        removed = "UPDATE contact_point SET removed_at = '2026-01-01 00:00:00', removed_by_id = :by"
        session.execute(text(f"{removed} WHERE customer_id = :id"), {"by": shop.people["sales"], "id": gone})
    return {"n": made, "other": other, "gone": gone, "value": f"+86{number}", **shop.people}


@pytest.mark.parametrize("name", RAW)
def test_the_database_itself_refuses_a_wrong_statement(shop: Shop, placed: dict[str, object], name: str) -> None:
    statement, match = RAW[name]
    before = trace(shop.store)
    with pytest.raises(DBAPIError, match=match), shop.store.writing(actor=shop.people["sales"]) as session:
        session.execute(text(statement.format(**placed)))
    assert trace(shop.store) == before


def test_replacing_passes_no_guard_on_sqlite(shop: Shop, placed: dict[str, object]) -> None:
    if shop.store.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite replaces")
    for table in ("customer", "contact_point", "consent", "customer_merge"):
        with pytest.raises(DBAPIError, match=r"never replaced|merged|only who acts"), shop.store.writing() as session:
            session.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))
    assert placed


def test_the_triggers_are_those_that_are_listed(shop: Shop) -> None:
    with shop.store.writing(actor=SETUP) as session:
        listed = {one.name for one in card_guards.of_cards(session.connection())}
        assert listed <= triggers.installed(session.connection())
