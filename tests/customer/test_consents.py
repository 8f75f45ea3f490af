"""Consents on both engines: given, withdrawn, never assumed, and asked for at the moment of use."""

from datetime import timedelta

import pytest
from tests.customer.shop import Shop, entered, merged, said, shop, trace, undone

from marketbook.customer import consents
from marketbook.customer.card import PURPOSES
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import format_date
from marketbook.kit.records import roles

__all__ = ["shop"]

TODAY = roles.today()


def use(shop: Shop, number: int, purpose: str = "care") -> None:
    with shop.store.writing() as session:
        consents.check(session, number, purpose)


def test_silence_is_no(shop: Shop) -> None:
    made = entered(shop, "王芳")
    for purpose in PURPOSES:
        with pytest.raises(RecordError, match="王芳 never allowed “"):
            use(shop, made, purpose)


def test_a_consent_is_for_its_purpose_alone(shop: Shop) -> None:
    made = entered(shop)
    said(shop, made, given=True, purpose="promotion")
    use(shop, made, "promotion")
    with pytest.raises(RecordError, match="never allowed “Greetings and care”"):
        use(shop, made, "care")


def test_a_consent_that_was_withdrawn_cannot_be_used(shop: Shop) -> None:
    made = entered(shop)
    said(shop, made, given=True, said_on=TODAY - timedelta(30))
    use(shop, made)
    said(shop, made, given=False)
    before = trace(shop.store)
    with pytest.raises(RecordError, match=f"withdrew “Greetings and care” on {format_date(TODAY)}"):
        use(shop, made)
    assert trace(shop.store) == before
    said(shop, made, given=True)
    use(shop, made)


def test_a_paper_that_comes_late_does_not_undo_a_withdrawal(shop: Shop) -> None:
    made = entered(shop)
    said(shop, made, given=False, said_on=TODAY - timedelta(1))
    said(shop, made, given=True, said_on=TODAY - timedelta(10))
    with shop.store.reading() as session:
        assert not consents.allowed(session, made, "care")
        assert consents.standing(session, made)["care"].said_on == TODAY - timedelta(1)


def test_what_a_merged_card_withdrew_is_withdrawn_until_the_merge_is_undone(shop: Shop) -> None:
    kept, other = entered(shop, "甲"), entered(shop, "乙")
    said(shop, kept, given=True, said_on=TODAY - timedelta(5))
    said(shop, other, given=False, said_on=TODAY - timedelta(1))
    merged(shop, kept, other)
    for number in (kept, other):
        with pytest.raises(RecordError, match="withdrew"):
            use(shop, number)
    undone(shop, other)
    use(shop, kept)


@pytest.mark.parametrize(
    ("more", "error", "match"),
    [
        ({"purpose": "sale"}, RecordError, "purpose: 'sale' is not known; allowed are care, promotion"),
        ({"method": "guessed"}, RecordError, "method: 'guessed' is not known; allowed are form, phone"),
        ({"said_on": TODAY + timedelta(1)}, RecordError, "cannot have said so after today"),
        ({"by": "specialist"}, AccessError, "changed by sales"),
        ({"by": "finance"}, AccessError, "changed by sales"),
    ],
)
def test_a_wrong_consent_is_refused_and_leaves_no_trace(
    shop: Shop, more: dict[str, object], error: type[Exception], match: str
) -> None:
    made = entered(shop)
    before = trace(shop.store)
    with pytest.raises(error, match=match):
        said(shop, made, given=True, **more)  # type: ignore[arg-type]
    assert trace(shop.store) == before
