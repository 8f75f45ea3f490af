"""Customers with follow-ups and greetings on somebody's list, and what is done with them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tests.customer.shop import Shop

from marketbook.customer.card import Customer
from marketbook.customer.care import follow_ups, greetings
from marketbook.customer.care.tables import CareOccasion, ContactClock, ContactReveal
from marketbook.kit.records import Party, person, roles
from marketbook.kit.store import audit
from marketbook.office.activity import Activity

SHANGHAI = ZoneInfo("Asia/Shanghai")


def agent(shop: Shop, name: str) -> str:
    """Hire somebody of sales, whose list is empty."""
    with shop.store.writing() as session:
        made = person.add(session, kind="employee", name=name, manager_id=shop.people["manager"])
        roles.grant(session, party_id=made.id, role="sales", valid_from=roles.today() - timedelta(400))
    shop.people[name] = made.id
    return name


def morning(day: date) -> datetime:
    """A moment of a day at nine in the morning."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def graded(shop: Shop, number: int, grade: str, *, met_on: date | None = None) -> None:
    """Put a customer into a class, as the segmentation does."""
    with shop.store.writing(actor="system:test") as session:
        customer = session.get_one(Customer, number)
        customer.grade, customer.version, customer.changed = grade, customer.version + 1, "grade"
        customer.met_on = met_on or customer.met_on


def put(shop: Shop, day: date) -> int:
    """Do what a day's duty does with follow-ups."""
    with shop.store.writing() as session:
        return follow_ups.refresh(session, day)


def greeted(shop: Shop, day: date) -> int:
    """Do what a day's duty does with greetings."""
    with shop.store.writing() as session:
        return greetings.refresh(session, day)


def clock(shop: Shop, number: int) -> ContactClock:
    with shop.store.reading() as session:
        return session.get_one(ContactClock, number)


def listed(shop: Shop, number: int) -> Activity | None:
    """The follow-up of a customer that is on a list."""
    with shop.store.reading() as session:
        found = session.get_one(ContactClock, number).activity_id
        return None if found is None else session.get_one(Activity, found)


def occasions(shop: Shop, number: int) -> list[CareOccasion]:
    with shop.store.reading() as session:
        query = select(CareOccasion).where(CareOccasion.customer_id == number).order_by(CareOccasion.id)
        return list(session.scalars(query))


def activity(shop: Shop, number: int) -> Activity:
    with shop.store.reading() as session:
        return session.get_one(Activity, number)


def done(shop: Shop, one: Activity, *, by: str = "sales", version: int = 0, **about: object) -> None:
    with shop.store.writing() as session:
        found = session.get_one(Activity, one.id)
        given = {"result": "已电话沟通，月底补货", "version": version or found.version, **about}
        follow_ups.finish(session, found, actor=shop.people[by], **given)  # type: ignore[arg-type]


def sent(shop: Shop, number: int, *, by: str = "sales", version: int = 0, result: str = "已发微信") -> str:
    with shop.store.writing() as session:
        one = session.get_one(Activity, number)
        return greetings.send(session, one, result=result, actor=shop.people[by], version=version or one.version)


def shown(shop: Shop, number: int, *, by: str = "sales") -> tuple[list[tuple[str, str]], str]:
    with shop.store.writing() as session:
        one = session.get_one(Activity, number)
        return greetings.reveal(session, one, actor=shop.people[by], version=one.version)


def reveals(session: Session, customer: int) -> list[int]:
    return list(session.scalars(select(ContactReveal.party_id).where(ContactReveal.customer_id == customer)))


def trace(shop: Shop) -> tuple[object, ...]:
    """What tells whether something was written."""
    with shop.store.reading() as session:
        tables = (Party, Activity, ContactClock, CareOccasion, ContactReveal)
        return audit.head(session), *(session.scalar(select(func.count()).select_from(one)) for one in tables)


def days(count: int) -> timedelta:
    return timedelta(days=count)
